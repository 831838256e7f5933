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
