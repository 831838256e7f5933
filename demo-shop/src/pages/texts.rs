//! What the pages say.

use crate::lang::{Text, text};

pub(super) const CLAIM: Text = text(
    "Good things for home and for the way there",
    "Gute Dinge für zu Hause und den Weg dorthin",
);
pub(super) const SKIP: Text = text("Skip to content", "Zum Inhalt springen");
pub(super) const MENU: Text = text("Departments", "Abteilungen");
pub(super) const HERE: Text = text("You are here", "Du bist hier");
pub(super) const SEARCH: Text = text("Search", "Suchen");
pub(super) const SEARCH_HINT: Text =
    text("Mugs, lambswool, petrol …", "Becher, Lammwolle, petrol …");
pub(super) const CART: Text = text("Cart", "Warenkorb");
pub(super) const HOME: Text = text("Home", "Start");
pub(super) const NOTICE: Text = text(
    "Free delivery from €49 · 30 days to return",
    "Versand frei ab 49 € · 30 Tage Rückgabe",
);

pub(super) const HERO_OVER: Text = text("The autumn edit", "Neu im Herbst");
pub(super) const HERO_TITLE: Text =
    text("Come in and stay a while", "Komm rein und bleib ein wenig");
pub(super) const HERO_TEXT: Text = text(
    "Wool, oak, stoneware and warm light: pieces by small makers, chosen to be used every day and kept for years.",
    "Wolle, Eiche, Steinzeug und warmes Licht: Stücke aus kleinen Werkstätten, für jeden Tag und viele Jahre.",
);
pub(super) const HERO_LINK: Text = text("Discover Living", "Wohnen entdecken");
pub(super) const HERO_SECOND: Text = text("To the table", "An den Tisch");
pub(super) const DEPARTMENTS_TITLE: Text = text("Shop by room", "Nach Räumen stöbern");
pub(super) const NEW_TITLE: Text = text("New in", "Neu eingetroffen");

pub(super) const PRODUCTS: Text = text("products", "Artikel");
pub(super) const PRODUCT_ONE: Text = text("product", "Artikel");
pub(super) const PAGES: Text = text("Pages", "Seiten");
pub(super) const PREVIOUS: Text = text("Previous", "Zurück");
pub(super) const NEXT: Text = text("Next", "Weiter");
pub(super) const BRANDS: Text = text("Brands", "Marken");
pub(super) const ALL: Text = text("All", "Alle");
pub(super) const SOLD_OUT: Text = text("Sold out", "Ausverkauft");
pub(super) const BEFORE: Text = text("before", "vorher");
pub(super) const RESULTS: Text = text("Results for", "Ergebnisse für");
pub(super) const NO_QUERY: Text = text("What are you looking for?", "Was suchst du?");
pub(super) const NO_RESULT: Text = text(
    "Nothing found. A shorter word or the name of a category often helps.",
    "Nichts gefunden. Oft hilft ein kürzeres Wort oder der Name einer Kategorie.",
);

pub(super) const IN_STOCK: Text = text(
    "In stock · with you in 2–4 days",
    "Auf Lager · in 2–4 Tagen bei dir",
);
pub(super) const TAX: Text = text("including VAT, plus delivery", "inkl. MwSt., zzgl. Versand");
pub(super) const QUANTITY: Text = text("Quantity", "Menge");
pub(super) const ADD: Text = text("Add to cart", "In den Warenkorb");
pub(super) const COLOUR: Text = text("Colour", "Farbe");
pub(super) const MATERIAL: Text = text("Material", "Material");
pub(super) const ITEM_NUMBER: Text = text("Item", "Artikelnummer");
pub(super) const MORE_COLOURS: Text = text(
    "This model in other colours",
    "Dieses Modell in anderen Farben",
);
pub(super) const DESCRIPTION: Text = text("About it", "Beschreibung");

pub(super) const CART_EMPTY: Text = text("Your cart is empty.", "Dein Warenkorb ist leer.");
pub(super) const CART_BROWSE: Text = text("See what is new", "Neuheiten ansehen");
pub(super) const REMOVE: Text = text("Remove", "Entfernen");
pub(super) const TOTAL: Text = text("Total", "Summe");
pub(super) const CART_NOTE: Text = text(
    "This is a shop for demonstrations: nothing in it is sold.",
    "Dieser Laden dient der Vorführung: Verkauft wird hier nichts.",
);

pub(super) const CONSENT_TITLE: Text =
    text("A shop that remembers?", "Ein Laden, der sich erinnert?");
pub(super) const CONSENT_TEXT: Text = text(
    "With your consent we remember, in this browser only, what you looked at, and show you more that fits. \
     Without it the shop works just the same.",
    "Wenn du zustimmst, merken wir uns nur in diesem Browser, was du angesehen hast, und zeigen dir mehr Passendes. \
     Ohne Zustimmung funktioniert der Laden genauso.",
);
pub(super) const CONSENT_ALL: Text = text("Yes, personalise", "Ja, gern persönlich");
pub(super) const CONSENT_ESSENTIAL: Text = text("Only what is needed", "Nur das Nötige");
pub(super) const CONSENT_RESET: Text = text("Change cookie choice", "Cookie-Auswahl ändern");

pub(super) const MISSING_TITLE: Text = text("There is nothing here", "Hier ist nichts");
pub(super) const MISSING_TEXT: Text = text(
    "The page has moved or never was. The search or a department leads on.",
    "Die Seite ist umgezogen oder war nie da. Die Suche oder eine Abteilung hilft weiter.",
);

pub(super) const ABOUT: Text = text(
    "We look for makers who know their material, and for things that can be repaired. From the bank of the river, under \
     the elm.",
    "Wir suchen Werkstätten, die ihr Material kennen, und Dinge, die sich reparieren lassen. Vom Ufer, unter der Ulme.",
);
pub(super) const ABOUT_TITLE: Text = text("About us", "Über uns");
pub(super) const SERVICE_TITLE: Text = text("Good to know", "Gut zu wissen");
pub(super) const SERVICE: [Text; 3] = [
    text("Free delivery from €49", "Versand frei ab 49 €"),
    text(
        "30 days to send things back",
        "30 Tage Zeit zum Zurücksenden",
    ),
    text(
        "Repairs for as long as parts exist",
        "Reparatur, solange es Teile gibt",
    ),
];
