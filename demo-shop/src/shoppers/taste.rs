//! Who a shopper is, and what a product is worth to them.

use super::market::Market;
use crate::catalogue::words::{BRANDS, Colour, TEXTILE};
use crate::lang::Lang;
use crate::rng::Rng;

/// One person with one browser.
pub(super) struct Shopper {
    pub(super) id: u64,
    pub(super) lang: Lang,
    /// How much each shelf attracts.
    pub(super) shelves: Vec<f64>,
    brands: Vec<&'static str>,
    colours: Vec<&'static Colour>,
    /// Where in a category's range of prices they buy, from 0 to 1.
    purse: f64,
    /// Out of a hundred good finds, how many go into the cart.
    pub(super) eagerness: usize,
    /// What was looked at, oldest first.
    pub(super) seen: Vec<u32>,
    /// What was bought.
    pub(super) bought: Vec<u32>,
}

impl Shopper {
    pub(super) fn new(number: u64, market: &Market<'_>, rng: &mut Rng) -> Self {
        let mut shelves: Vec<f64> = market.shelves.iter().map(|_| 0.03).collect();
        let favourite = rng.below(shelves.len());
        let department = market.shelves[favourite].category.department;
        for (weight, shelf) in shelves.iter_mut().zip(&market.shelves) {
            if shelf.category.department == department {
                *weight += 0.5;
            }
        }
        shelves[favourite] += 1.5;
        for partner in &market.shelves[favourite].goes_with {
            shelves[*partner] += 0.4;
        }
        shelves[rng.below(market.shelves.len())] += 0.8;

        let near: Vec<_> = BRANDS
            .iter()
            .filter(|brand| brand.departments.contains(&department))
            .collect();
        let brands = vec![
            rng.pick(&near).name,
            rng.pick(&near).name,
            BRANDS[rng.below(BRANDS.len())].name,
        ];
        let colours = (0..3).map(|_| rng.pick(TEXTILE)).collect();
        Self {
            // Scattered, so that an order by shopper is not the order of their first visit.
            id: number.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ rng.bits() >> 40,
            lang: if rng.percent(55) { Lang::De } else { Lang::En },
            shelves,
            brands,
            colours,
            purse: rng.fraction(),
            eagerness: rng.between(8, 30),
            seen: Vec::new(),
            bought: Vec::new(),
        }
    }

    /// How much a product appeals, as a factor around 1.
    pub(super) fn liking(&self, market: &Market<'_>, item: u32) -> f64 {
        let product = market.product(item);
        let mut factor = 1.0;
        if self.brands.contains(&product.brand) {
            factor *= 2.4;
        }
        if self
            .colours
            .iter()
            .any(|colour| std::ptr::eq(*colour, product.colour))
        {
            factor *= 2.4;
        }
        if product.sale_price.is_some() {
            factor *= 1.25;
        }
        let (low, high) = product.category.prices;
        let place = f64::from(product.price_now().saturating_sub(low)) / f64::from(high - low);
        // Prices are skewed towards the cheap end, as the product of two fractions is; so is the purse.
        let distance = (place - self.purse * self.purse).abs();
        factor
            * if distance < 0.15 {
                1.8
            } else if distance < 0.4 {
                1.0
            } else {
                0.5
            }
    }
}
