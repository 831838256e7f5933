//! What the pages say around the magazine, theme worlds, tags, brands and the advisor.

use crate::lang::{Text, text};

pub(super) const DISCOVER: Text = text("Discover", "Entdecken");
pub(super) const MAGAZINE: Text = text("Magazine", "Magazin");
pub(super) const MAGAZINE_LEAD: Text = text(
    "Short pieces about things and how to live with them.",
    "Kurze Texte über Dinge und das Leben mit ihnen.",
);
pub(super) const MAGAZINE_ALL: Text = text("All articles", "Alle Artikel");
pub(super) const STORY_ITEMS: Text = text("To go with it", "Passend dazu");
pub(super) const STORY_MORE: Text = text("Read on", "Weiterlesen");
pub(super) const SEE_ALL: Text = text("See all", "Alle ansehen");
pub(super) const THEMES_TITLE: Text = text("Worlds to walk into", "Welten zum Hineingehen");
pub(super) const THEMES_LEAD: Text = text(
    "Things from all departments for one mood or one occasion.",
    "Dinge aus allen Abteilungen für eine Stimmung oder einen Anlass.",
);
pub(super) const CATEGORIES_TITLE: Text = text("Straight to the shelf", "Direkt zum Regal");
pub(super) const TAGS_TITLE: Text = text("By material and style", "Nach Material und Stil");
pub(super) const BRANDS: Text = text("Brands", "Marken");
pub(super) const BRANDS_LEAD: Text = text(
    "The makers whose things stand on our shelves.",
    "Die Werkstätten, deren Dinge in unseren Regalen stehen.",
);
pub(super) const BRAND_LEAD: Text = text("Works for", "Arbeitet für");

pub(super) const ADVISOR: Text = text("Advisor", "Berater");
pub(super) const ADVISOR_TITLE: Text = text("What are you looking for?", "Was suchst du?");
pub(super) const ADVISOR_LEAD: Text = text(
    "Three questions, and we show what fits.",
    "Drei Fragen, und wir zeigen, was passt.",
);
pub(super) const ADVISOR_FOR: Text = text("What is it for?", "Wofür ist es?");
pub(super) const ADVISOR_STYLE: Text = text(
    "Which colours feel like home?",
    "Welche Farben fühlen sich nach Zuhause an?",
);
pub(super) const ADVISOR_BUDGET: Text = text("What may it cost?", "Was darf es kosten?");
pub(super) const ADVISOR_SHOW: Text = text("Show what fits", "Zeigen, was passt");
pub(super) const ADVISOR_RESULT: Text = text("This would suit you", "Das würde passen");
pub(super) const ADVISOR_NEARLY: Text = text(
    "Nothing fits all three answers. These fit what it is for and what it may cost.",
    "Zu allen drei Antworten passt nichts. Das hier passt zum Zweck und zum Preis.",
);
pub(super) const ADVISOR_NONE: Text = text(
    "Nothing fits yet. A little more budget helps.",
    "Noch passt nichts. Etwas mehr Spielraum beim Preis hilft.",
);
