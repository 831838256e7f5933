//! Theme worlds: a mood or an occasion, with products of several categories.

use super::{ITEMS, in_turns};
use crate::Shop;
use crate::catalogue::Product;
use crate::lang::{Lang, Text, text};

/// A theme world.
#[derive(Debug)]
pub(crate) struct Theme {
    /// The same in every language: `T-01`.
    pub(crate) id: &'static str,
    pub(crate) slug: Text,
    pub(crate) title: Text,
    pub(crate) lead: Text,
    /// English slugs of its categories.
    pub(crate) about: &'static [&'static str],
    /// The dearest thing in it, in cents.
    most: u32,
}

impl Theme {
    /// Path of its page.
    pub(crate) fn path(&self, lang: Lang) -> String {
        format!("/{}/themes/{}", lang.code(), self.slug.to(lang))
    }

    /// The category that it is about before all others, as the English feed calls it.
    pub(crate) fn category(&self) -> String {
        let first = super::named(self.about).next();
        first.map_or_else(String::new, |category| category.product_type(Lang::En))
    }

    /// Its products.
    pub(crate) fn items<'a>(&self, shop: &'a Shop) -> Vec<&'a Product> {
        let affordable = |product: &Product| product.price_now() <= self.most;
        in_turns(shop, self.about, affordable, ITEMS)
    }
}

/// All theme worlds, in the order of the home page.
pub(crate) static THEMES: &[Theme] = &[
    Theme {
        id: "T-01",
        slug: text("autumn-kitchen", "herbstkueche"),
        title: text("The autumn kitchen", "Die Herbstküche"),
        lead: text(
            "Soup on the stove, tea in the pot and a candle at five o'clock.",
            "Suppe auf dem Herd, Tee in der Kanne und um fünf eine Kerze.",
        ),
        about: &["pots-pans", "mugs", "plates", "carafes", "candles"],
        most: u32::MAX,
    },
    Theme {
        id: "T-02",
        slug: text("small-flats", "kleine-wohnungen"),
        title: text("Small flats", "Kleine Wohnungen"),
        lead: text(
            "Pieces that do two jobs and move out of the way.",
            "Stücke, die zwei Aufgaben haben und aus dem Weg gehen.",
        ),
        about: &["chairs", "side-tables", "table-lamps", "cushions"],
        most: u32::MAX,
    },
    Theme {
        id: "T-03",
        slug: text("gifts", "geschenke"),
        title: text("Gifts under €40", "Geschenke unter 40 €"),
        lead: text(
            "Small things for people who have everything but this.",
            "Kleine Dinge für alle, die schon alles haben. Außer dem hier.",
        ),
        about: &["candles", "mugs", "beanies", "vases"],
        most: 3999,
    },
    Theme {
        id: "T-04",
        slug: text("outdoor", "draussen"),
        title: text("Out and about", "Draußen unterwegs"),
        lead: text(
            "For wind, for the ferry and for the last bus home.",
            "Für den Wind, für die Fähre und für den letzten Bus.",
        ),
        about: &["backpacks", "jumpers", "beanies", "trainers", "scarves"],
        most: u32::MAX,
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DEFAULT_SEED;

    #[test]
    fn every_theme_is_full_for_every_seed() {
        for seed in [DEFAULT_SEED, 2, 3] {
            let shop = Shop::generate(seed);
            for theme in THEMES {
                let items = theme.items(&shop);
                assert_eq!(items.len(), ITEMS, "{}", theme.slug.en);
                assert!(items.iter().all(|item| item.price_now() <= theme.most));
            }
        }
    }
}
