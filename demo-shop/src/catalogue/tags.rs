//! Tags: what products of several categories have in common. Materials, and styles made of colours that go together.

use super::Product;
use super::words::*;
use crate::lang::{Lang, Text, text};

/// What a tag's products share.
#[derive(Debug)]
enum Shared {
    Material(&'static [Text]),
    Style(Palette),
}

/// A tag, with a listing of its own.
#[derive(Debug)]
pub(crate) struct Tag {
    pub(crate) slug: Text,
    pub(crate) name: Text,
    /// One sentence under the heading of its page.
    pub(crate) lead: Text,
    shared: Shared,
}

impl Tag {
    /// Path of its page.
    pub(crate) fn path(&self, lang: Lang) -> String {
        format!("/{}/t/{}", lang.code(), self.slug.to(lang))
    }

    /// Whether it is about colours, not about what things are made of.
    pub(crate) fn is_style(&self) -> bool {
        matches!(self.shared, Shared::Style(_))
    }

    pub(crate) fn holds(&self, product: &Product) -> bool {
        match self.shared {
            Shared::Material(materials) => materials.contains(&product.material),
            Shared::Style(colours) => colours
                .iter()
                .any(|colour| std::ptr::eq(*colour, product.colour)),
        }
    }
}

/// All tags, in the order in which chips show them.
pub(crate) static TAGS: &[Tag] = &[
    Tag {
        slug: text("stoneware", "steinzeug"),
        name: text("Stoneware", "Steinzeug"),
        lead: text(
            "Fired hot, heavy in the hand, at home in the dishwasher.",
            "Heiß gebrannt, schwer in der Hand, in der Spülmaschine zu Hause.",
        ),
        shared: Shared::Material(&[STONEWARE]),
    },
    Tag {
        slug: text("porcelain", "porzellan"),
        name: text("Porcelain", "Porzellan"),
        lead: text(
            "Thin, white at heart and harder than it looks.",
            "Dünn, im Kern weiß und härter, als es aussieht.",
        ),
        shared: Shared::Material(&[PORCELAIN]),
    },
    Tag {
        slug: text("glass", "glas"),
        name: text("Glass", "Glas"),
        lead: text(
            "New glass and glass that was something else before.",
            "Neues Glas und solches, das schon einmal etwas anderes war.",
        ),
        shared: Shared::Material(&[GLASSWARE, RECYCLED_GLASS]),
    },
    Tag {
        slug: text("linen", "leinen"),
        name: text("Linen", "Leinen"),
        lead: text(
            "Gets softer every year. Creases are part of it.",
            "Wird mit jedem Jahr weicher. Falten gehören dazu.",
        ),
        shared: Shared::Material(&[LINEN]),
    },
    Tag {
        slug: text("wool", "wolle"),
        name: text("Wool", "Wolle"),
        lead: text(
            "Lambswool, merino and alpaca, for sofas and for shoulders.",
            "Lammwolle, Merino und Alpaka, für Sofas und für Schultern.",
        ),
        shared: Shared::Material(&[WOOL, MERINO, ALPACA]),
    },
    Tag {
        slug: text("organic-cotton", "bio-baumwolle"),
        name: text("Organic cotton", "Bio-Baumwolle"),
        lead: text(
            "Grown without poison, woven without hurry.",
            "Ohne Gift gewachsen, ohne Eile gewebt.",
        ),
        shared: Shared::Material(&[COTTON]),
    },
    Tag {
        slug: text("oak", "eiche"),
        name: text("Oak", "Eiche"),
        lead: text(
            "Oiled, not varnished, so that it can be mended.",
            "Geölt, nicht lackiert, damit man es ausbessern kann.",
        ),
        shared: Shared::Material(&[OAK]),
    },
    Tag {
        slug: text("leather", "leder"),
        name: text("Leather", "Leder"),
        lead: text(
            "Tanned with bark; every scratch tells something.",
            "Mit Rinde gegerbt; jeder Kratzer erzählt etwas.",
        ),
        shared: Shared::Material(&[LEATHER_HIDE, SUEDE]),
    },
    Tag {
        slug: text("earthy", "erdig"),
        name: text("Earthy", "Erdig"),
        lead: text(
            "Clay, rust and sand: colours from under your feet.",
            "Ton, Rost und Sand: Farben, auf denen man steht.",
        ),
        shared: Shared::Style(&[
            &SAND,
            &OCHRE,
            &TERRACOTTA,
            &RUST,
            &COGNAC,
            &AMBER,
            &OLIVE,
            &WALNUT,
        ]),
    },
    Tag {
        slug: text("nordic", "nordisch"),
        name: text("Nordic", "Nordisch"),
        lead: text(
            "Light wood, white walls and a grey sky.",
            "Helles Holz, weiße Wände und ein grauer Himmel.",
        ),
        shared: Shared::Style(&[&WHITE, &CREAM, &GREY, &NATURAL, &SMOKE]),
    },
    Tag {
        slug: text("fresh", "frisch"),
        name: text("Fresh", "Frisch"),
        lead: text(
            "Sage, rose and sky for rooms that look east.",
            "Salbei, Rosé und Himmelblau für Räume nach Osten.",
        ),
        shared: Shared::Style(&[&SAGE, &ROSE, &SKY]),
    },
    Tag {
        slug: text("after-dark", "nach-einbruch-der-nacht"),
        name: text("After dark", "Nach Einbruch der Nacht"),
        lead: text(
            "Petrol, berry and charcoal: deep colours for late hours.",
            "Petrol, Beere und Anthrazit: tiefe Farben für späte Stunden.",
        ),
        shared: Shared::Style(&[&PETROL, &BERRY, &FOREST, &NAVY, &CHARCOAL, &BLACK]),
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_product_has_one_style_and_every_tag_has_products() {
        let products = super::super::generate(1);
        for product in &products {
            let styles = TAGS
                .iter()
                .filter(|tag| tag.is_style() && tag.holds(product));
            assert_eq!(styles.count(), 1, "{}", product.colour.name.en);
        }
        for tag in TAGS {
            let held = products.iter().filter(|product| tag.holds(product)).count();
            assert!(held >= 12, "{} holds {held}", tag.slug.en);
        }
    }
}
