//! What each strategy is called, and why its items are there, in the words of shoppers.
//!
//! A slot's `title`, `titles` and `reasons` win over these. German comes without an address, so that it
//! fits shops that say "du" and shops that say "Sie".

use super::Strategy;
#[cfg(feature = "authoring")]
use super::words::built_in;
#[cfg(feature = "authoring")]
use super::{LocalText, Locale};

/// What is said of a strategy: in English, in German.
struct Said {
    strategy: Strategy,
    #[cfg_attr(
        not(feature = "authoring"),
        expect(dead_code, reason = "titles are compiled into a snapshot")
    )]
    title: (&'static str, &'static str),
    reason: (&'static str, &'static str),
}

/// One entry for each strategy.
const SAID: &[Said] = &[
    Said {
        strategy: Strategy::RecentlyViewed,
        title: ("Recently viewed", "Zuletzt angesehen"),
        reason: (
            "You looked at these lately. Only a cookie in this browser remembers it.",
            "Das wurde in diesem Browser zuletzt angesehen. Nur ein Cookie in diesem Browser merkt es sich.",
        ),
    },
    Said {
        strategy: Strategy::RecommendedForYou,
        title: ("Picked for you", "Das könnte gefallen"),
        reason: (
            "These go with what you looked at lately. Only a cookie in this browser remembers it.",
            "Das passt zu dem, was in diesem Browser zuletzt angesehen wurde. Nur ein Cookie in diesem Browser merkt es sich.",
        ),
    },
    Said {
        strategy: Strategy::SimilarItems,
        title: ("More like this", "Ähnliche Artikel"),
        reason: (
            "Others look at these together with this product, or they are like it.",
            "Andere sehen sich das zusammen mit diesem Artikel an, oder es ähnelt ihm.",
        ),
    },
    Said {
        strategy: Strategy::TopSellers,
        title: ("Top sellers", "Beliebte Artikel"),
        reason: (
            "These sell best in this shop at the moment.",
            "Das wird in diesem Shop zurzeit am meisten gekauft.",
        ),
    },
    Said {
        strategy: Strategy::BoughtTogether,
        title: ("Often bought together", "Oft zusammen gekauft"),
        reason: (
            "Others bought these together with it.",
            "Das wurde von anderen zusammen damit gekauft.",
        ),
    },
    Said {
        strategy: Strategy::Complements,
        title: ("Goes with it", "Passt dazu"),
        reason: (
            "These go with it, by what others buy and look at together.",
            "Das passt dazu: Andere kaufen es zusammen oder sehen es sich zusammen an.",
        ),
    },
    Said {
        strategy: Strategy::CompleteTheSet,
        title: ("Complete the set", "Alles, was dazugehört"),
        reason: (
            "One of each that goes with it, matched by colour, brand and price.",
            "Von allem, was dazugehört, ein Stück: passend in Farbe, Marke und Preis.",
        ),
    },
    Said {
        strategy: Strategy::Upsell,
        title: ("A little more", "Etwas mehr gönnen"),
        reason: (
            "These are like it and cost a little more.",
            "Das ist ähnlich und kostet etwas mehr.",
        ),
    },
    Said {
        strategy: Strategy::TopSellersInCategory,
        title: (
            "Top sellers in this category",
            "Beliebt in dieser Kategorie",
        ),
        reason: (
            "These sell best in this category at the moment.",
            "Das wird in dieser Kategorie zurzeit am meisten gekauft.",
        ),
    },
    Said {
        strategy: Strategy::TopSellersOfBrand,
        title: ("Top sellers of this brand", "Beliebt von dieser Marke"),
        reason: (
            "These sell best of this brand at the moment.",
            "Das wird von dieser Marke zurzeit am meisten gekauft.",
        ),
    },
    Said {
        strategy: Strategy::Trending,
        title: ("Trending now", "Gerade gefragt"),
        reason: (
            "More people than usual want these at the moment.",
            "Das ist zurzeit gefragter als sonst.",
        ),
    },
    Said {
        strategy: Strategy::TrendingInCategory,
        title: (
            "Trending in this category",
            "Gerade gefragt in dieser Kategorie",
        ),
        reason: (
            "In this category, more people than usual want these.",
            "Das ist in dieser Kategorie zurzeit gefragter als sonst.",
        ),
    },
    Said {
        strategy: Strategy::TrendingOfBrand,
        title: ("Trending of this brand", "Gerade gefragt von dieser Marke"),
        reason: (
            "Of this brand, more people than usual want these.",
            "Das ist von dieser Marke zurzeit gefragter als sonst.",
        ),
    },
    Said {
        strategy: Strategy::NewArrivals,
        title: ("New in", "Neu im Shop"),
        reason: ("These are new in this shop.", "Das ist neu in diesem Shop."),
    },
    Said {
        strategy: Strategy::OnSale,
        title: ("On sale", "Reduziert"),
        reason: (
            "These are reduced at the moment.",
            "Das ist zurzeit reduziert.",
        ),
    },
    Said {
        strategy: Strategy::PriceDrops,
        title: ("Price drops", "Jetzt günstiger"),
        reason: (
            "These were liked or looked at and cost less by now. Only a cookie in this browser remembers it.",
            "Das wurde gemerkt oder angesehen und kostet jetzt weniger. Nur ein Cookie in diesem Browser merkt es sich.",
        ),
    },
    Said {
        strategy: Strategy::BackInStock,
        title: ("Back in stock", "Wieder da"),
        reason: (
            "These were sold out and can be ordered again.",
            "Das war ausverkauft und ist wieder zu haben.",
        ),
    },
    Said {
        strategy: Strategy::LowStock,
        title: ("Only a few left", "Nur noch wenige da"),
        reason: (
            "These sell well, and only a few are left.",
            "Das ist beliebt, und es sind nur noch wenige da.",
        ),
    },
    Said {
        strategy: Strategy::FavouriteCategory,
        title: ("From a favourite category", "Aus der Lieblingskategorie"),
        reason: (
            "Best of the category that was looked at most. Only a cookie in this browser remembers it.",
            "Beliebt in der Kategorie, die am meisten angesehen wurde. Nur ein Cookie in diesem Browser merkt es sich.",
        ),
    },
    Said {
        strategy: Strategy::FavouriteBrand,
        title: ("From a favourite brand", "Von der Lieblingsmarke"),
        reason: (
            "Best of the brand that was looked at most. Only a cookie in this browser remembers it.",
            "Beliebt von der Marke, die am meisten angesehen wurde. Nur ein Cookie in diesem Browser merkt es sich.",
        ),
    },
    Said {
        strategy: Strategy::FavouriteColor,
        title: ("In a favourite colour", "In der Lieblingsfarbe"),
        reason: (
            "Best in the colour that was looked at most. Only a cookie in this browser remembers it.",
            "Beliebt in der Farbe, die am meisten angesehen wurde. Nur ein Cookie in diesem Browser merkt es sich.",
        ),
    },
    Said {
        strategy: Strategy::FavouriteMaterial,
        title: ("Of a favourite material", "Aus dem Lieblingsmaterial"),
        reason: (
            "Best of the material that was looked at most. Only a cookie in this browser remembers it.",
            "Beliebt aus dem Material, das am meisten angesehen wurde. Nur ein Cookie in diesem Browser merkt es sich.",
        ),
    },
    Said {
        strategy: Strategy::FavouriteSize,
        title: ("In the usual size", "In der üblichen Größe"),
        reason: (
            "Best in the size that was looked at most. Only a cookie in this browser remembers it.",
            "Beliebt in der Größe, die am meisten angesehen wurde. Nur ein Cookie in diesem Browser merkt es sich.",
        ),
    },
    Said {
        strategy: Strategy::TopOfMyWorld,
        title: ("More of what fits", "Mehr, was passt"),
        reason: (
            "Best of the brand and category that were looked at most. Only a cookie in this browser knows.",
            "Beliebt von Marke und Kategorie, die am meisten angesehen wurden. Nur ein Cookie in diesem Browser merkt es sich.",
        ),
    },
    Said {
        strategy: Strategy::FreeShippingGap,
        title: ("With this, delivery is free", "Damit ist der Versand frei"),
        reason: (
            "With one of these, the cart reaches the sum from which on delivery is free.",
            "Damit kommt der Warenkorb auf den Betrag, ab dem der Versand frei ist.",
        ),
    },
    Said {
        strategy: Strategy::LastBoughtSet,
        title: ("Goes with the last order", "Passt zum letzten Einkauf"),
        reason: (
            "These go with what was bought last. Only a cookie in this browser remembers it.",
            "Das passt zu dem, was zuletzt gekauft wurde. Nur ein Cookie in diesem Browser merkt es sich.",
        ),
    },
    Said {
        strategy: Strategy::Content,
        title: ("Worth reading", "Lesenswert"),
        reason: (
            "These stories fit this page, or what was looked at lately.",
            "Diese Beiträge passen zu dieser Seite oder zu dem, was zuletzt angesehen wurde.",
        ),
    },
    Said {
        strategy: Strategy::ZeroResults,
        title: ("Perhaps this", "Vielleicht das"),
        reason: (
            "These come close to the search, go with what was looked at, or sell best.",
            "Das kommt der Suche nahe, passt zu Angesehenem oder ist beliebt.",
        ),
    },
    Said {
        strategy: Strategy::Articles,
        title: ("Worth reading", "Lesenswert"),
        reason: (
            "These stories fit this page, or what was looked at lately.",
            "Diese Beiträge passen zu dieser Seite oder zu dem, was zuletzt angesehen wurde.",
        ),
    },
    Said {
        strategy: Strategy::Themes,
        title: ("Theme worlds", "Themenwelten"),
        reason: (
            "These theme worlds fit this page, or what was looked at lately.",
            "Diese Themenwelten passen zu dieser Seite oder zu dem, was zuletzt angesehen wurde.",
        ),
    },
];

fn said(strategy: Strategy) -> Option<&'static Said> {
    SAID.iter().find(|said| said.strategy == strategy)
}

/// Why a strategy's items are there: in German, or in English.
pub(crate) fn reason_in(strategy: Strategy, is_german: bool) -> &'static str {
    let (english, german) = said(strategy).map_or(("", ""), |said| said.reason);
    if is_german { german } else { english }
}

/// What a slot is called when a strategy fills it and site.toml gives no title.
#[cfg(feature = "authoring")]
pub(super) fn title(strategy: Strategy, locales: &[Locale]) -> LocalText {
    let (english, german) = said(strategy).map_or(("", ""), |said| said.title);
    built_in(locales, english, german)
}

/// Why a strategy's items are there.
#[cfg(feature = "authoring")]
pub(super) fn reason(strategy: Strategy, locales: &[Locale]) -> LocalText {
    let (english, german) = said(strategy).map_or(("", ""), |said| said.reason);
    built_in(locales, english, german)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_strategy_has_its_texts_in_both_languages() {
        let locales = ["en", "de-AT", "fr"].map(|lang| Locale {
            lang: lang.into(),
            ..Locale::default()
        });
        for (name, strategy) in Strategy::ALL {
            for texts in [title(strategy, &locales), reason(strategy, &locales)] {
                let [english, german, other] = &texts[..] else {
                    panic!("{texts:?}");
                };
                assert!(
                    !english.is_empty() && !german.is_empty(),
                    "{name} lacks texts"
                );
                assert_ne!(english, german, "{name}");
                assert_eq!(english, other, "{name}");
                assert!(
                    !english.contains('\n') && english.len() < 120,
                    "{name}: one line"
                );
            }
        }
        assert_eq!(SAID.len(), Strategy::ALL.len());
    }
}
