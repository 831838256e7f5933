//! What all shoppers see alike: the products by category, and how popular each is.

use crate::catalogue::Product;
use crate::catalogue::taxonomy::{Category, categories};
use crate::rng::Rng;

/// The products as places to go to.
pub(super) struct Market<'a> {
    pub(super) products: &'a [Product],
    pub(super) shelves: Vec<Shelf>,
    /// Which shelf a product stands on.
    shelf_of: Vec<usize>,
    /// Popularity of every product, in 0..=1/3.
    popularity: Vec<f64>,
}

/// One category.
pub(super) struct Shelf {
    pub(super) category: &'static Category,
    /// Places of its products, by id.
    pub(super) items: Vec<u32>,
    /// Shelves whose things go with these.
    pub(super) goes_with: Vec<usize>,
}

impl<'a> Market<'a> {
    pub(super) fn new(products: &'a [Product], rng: &mut Rng) -> Self {
        let mut shelves: Vec<Shelf> = categories()
            .map(|category| Shelf {
                category,
                items: Vec::new(),
                goes_with: Vec::new(),
            })
            .collect();
        let mut shelf_of = Vec::with_capacity(products.len());
        for (item, product) in (0_u32..).zip(products) {
            let shelf = shelves
                .iter()
                .position(|shelf| std::ptr::eq(shelf.category, product.category))
                .unwrap_or(0);
            shelves[shelf].items.push(item);
            shelf_of.push(shelf);
        }
        let slugs: Vec<_> = shelves.iter().map(|shelf| shelf.category.slug.en).collect();
        let mut popularity = vec![0.0; products.len()];
        for shelf in &mut shelves {
            let partners = shelf.category.goes_with.iter();
            shelf.goes_with = partners
                .filter_map(|slug| slugs.iter().position(|known| known == slug))
                .collect();
            let mut ranking = shelf.items.clone();
            rng.shuffle(&mut ranking);
            for (rank, item) in ranking.into_iter().enumerate() {
                popularity[item as usize] = 1.0 / (rank as f64 + 3.0);
            }
        }
        Self {
            products,
            shelves,
            shelf_of,
            popularity,
        }
    }

    pub(super) fn product(&self, item: u32) -> &'a Product {
        &self.products[item as usize]
    }

    pub(super) fn shelf_of(&self, item: u32) -> usize {
        self.shelf_of[item as usize]
    }

    pub(super) fn popularity(&self, item: u32) -> f64 {
        self.popularity[item as usize]
    }

    /// How much two products have in common, as a factor from 1.
    pub(super) fn likeness(&self, one: u32, other: u32) -> f64 {
        let (one, other) = (self.product(one), self.product(other));
        let mut factor = 1.0;
        if one.group == other.group {
            factor *= 2.0;
        }
        if one.brand == other.brand {
            factor *= 2.2;
        }
        if std::ptr::eq(one.colour, other.colour) {
            factor *= 2.6;
        }
        if one.material == other.material {
            factor *= 1.5;
        }
        if one.shape == other.shape {
            factor *= 1.4;
        }
        factor
    }
}
