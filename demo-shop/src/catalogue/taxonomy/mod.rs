//! Departments and categories: the fixed skeleton of the shop. The seed fills it with products but never changes it, so
//! that rules written against a category's address hold for every seed.

mod home;
mod wear;

use super::words::Palette;
use crate::lang::{Lang, Text, text};
use crate::pictures::Shape;

/// The upper level, as in `Kitchen > Mugs`.
#[derive(Debug)]
pub struct Department {
    /// Its part of the address in each language.
    pub slug: Text,
    /// Its name.
    pub name: Text,
    /// One sentence under the heading of its page.
    pub lead: Text,
}

/// The lower level; every product is in exactly one.
#[derive(Debug)]
pub struct Category {
    /// English slug of its department.
    pub(crate) department: &'static str,
    /// Its part of the address in each language.
    pub slug: Text,
    /// Its name, in the plural.
    pub name: Text,
    /// How many products it holds.
    pub(crate) size: usize,
    /// What a product of it is called, with the drawing that shows it.
    pub(crate) nouns: &'static [(Text, Shape)],
    pub(crate) materials: &'static [Text],
    pub(crate) colours: Palette,
    /// Cheapest and dearest, in cents.
    pub(crate) prices: (u32, u32),
    /// Sentences for descriptions.
    pub(crate) lines: &'static [Text],
    /// English slugs of categories that people buy together with it.
    pub(crate) goes_with: &'static [&'static str],
}

/// All departments, in the order of the navigation.
pub(crate) static DEPARTMENTS: &[Department] = &[
    Department {
        slug: text("kitchen", "kueche"),
        name: text("Kitchen", "Küche"),
        lead: text(
            "Things for the table and the stove that get better with every meal.",
            "Für Tisch und Herd: Dinge, die mit jedem Essen schöner werden.",
        ),
    },
    Department {
        slug: text("living", "wohnen"),
        name: text("Living", "Wohnen"),
        lead: text(
            "Soft, warm and calm: what makes a room yours.",
            "Weich, warm und ruhig: was einen Raum zu deinem macht.",
        ),
    },
    Department {
        slug: text("lighting", "leuchten"),
        name: text("Lighting", "Leuchten"),
        lead: text(
            "Good light for long evenings.",
            "Gutes Licht für lange Abende.",
        ),
    },
    Department {
        slug: text("furniture", "moebel"),
        name: text("Furniture", "Möbel"),
        lead: text(
            "Small furniture, made to be repaired and handed on.",
            "Kleine Möbel zum Reparieren und Weitergeben.",
        ),
    },
    Department {
        slug: text("bed-bath", "bett-bad"),
        name: text("Bed & Bath", "Bett & Bad"),
        lead: text(
            "For the first and the last minute of the day.",
            "Für die erste und die letzte Minute des Tages.",
        ),
    },
    Department {
        slug: text("clothing", "kleidung"),
        name: text("Clothing", "Kleidung"),
        lead: text(
            "Knitted, woven and sewn for wind and for weekends.",
            "Gestrickt, gewebt und genäht für Wind und Wochenende.",
        ),
    },
    Department {
        slug: text("bags-shoes", "taschen-schuhe"),
        name: text("Bags & Shoes", "Taschen & Schuhe"),
        lead: text("Ready when you are.", "Bereit, wenn du es bist."),
    },
];

/// All categories, those of one department side by side.
pub(crate) static CATEGORIES: &[&[Category]] = &[home::CATEGORIES, wear::CATEGORIES];

/// All categories in one row: a product's category is an index into it.
pub(crate) fn categories() -> impl Iterator<Item = &'static Category> {
    CATEGORIES.iter().copied().flatten()
}

impl Department {
    /// Its page.
    pub fn path(&self, lang: Lang) -> String {
        format!("/{}/c/{}", lang.code(), self.slug.to(lang))
    }

    /// Its categories.
    pub fn categories(&self) -> impl Iterator<Item = &'static Category> {
        categories().filter(|category| category.department == self.slug.en)
    }
}

impl Category {
    /// The department that it belongs to.
    pub fn department(&self) -> &'static Department {
        DEPARTMENTS
            .iter()
            .find(|department| department.slug.en == self.department)
            .unwrap_or(&DEPARTMENTS[0])
    }

    /// Its page.
    pub fn path(&self, lang: Lang) -> String {
        format!("{}/{}", self.department().path(lang), self.slug.to(lang))
    }

    /// Both levels, as the feed's `product_type` has them.
    pub fn product_type(&self, lang: Lang) -> String {
        format!(
            "{} > {}",
            self.department().name.to(lang),
            self.name.to(lang)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_fit_together() {
        let slugs: Vec<_> = categories().map(|category| category.slug.en).collect();
        assert!(slugs.len() >= 12);
        for category in categories() {
            assert_eq!(
                category.department().slug.en,
                category.department,
                "{}",
                category.slug.en
            );
            assert!(
                category.goes_with.iter().all(|other| slugs.contains(other)),
                "{}",
                category.slug.en
            );
            let same = slugs
                .iter()
                .filter(|slug| **slug == category.slug.en)
                .count();
            assert_eq!(same, 1, "{} is there twice", category.slug.en);
        }
    }
}
