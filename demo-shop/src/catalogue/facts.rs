//! What the feed says of stock, delivery and age: drawn apart from the products, so that these are the same with and
//! without it.

use super::Product;
use crate::rng::Rng;
use crate::shoppers::EVENTS_NOW;

/// Products out of a hundred of which few are left.
const SCARCE_PERCENT: usize = 6;
/// Products out of a hundred that came lately.
const NEW_PERCENT: usize = 5;
/// Reduced products out of a hundred whose sale has an end.
const DATED_SALE_PERCENT: usize = 30;

const SECONDS_A_DAY: i64 = 86_400;

/// What few feeds say of a product.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// How many are in stock.
    pub quantity: u32,
    /// Days until it is handed to the carrier.
    pub handling_days: usize,
    /// What it earns: `margin-high`, `margin-mid`, `margin-low`.
    pub margin: &'static str,
    /// Since when the shop has it, in days since 1970.
    pub added_day: i64,
    /// When its sale begins, in days since 1970; its end is so far off that pages and feed agree.
    pub sale_from_day: Option<i64>,
}

pub(super) fn draw(seed: u64, products: &mut [Product]) {
    let mut rng = Rng::new(seed, 3);
    let today = EVENTS_NOW / SECONDS_A_DAY;
    for product in products {
        let quantity = match rng.percent(SCARCE_PERCENT) {
            true => rng.between(1, 5),
            false => rng.between(6, 120),
        };
        let age = match rng.percent(NEW_PERCENT) {
            true => rng.between(1, 40),
            false => rng.between(100, 1200),
        };
        let is_dated = rng.percent(DATED_SALE_PERCENT);
        product.facts = Facts {
            quantity: if product.in_stock { quantity as u32 } else { 0 },
            handling_days: rng.between(1, 4),
            margin: rng.pick(&["margin-high", "margin-mid", "margin-mid", "margin-low"]),
            added_day: today - age as i64,
            sale_from_day: product.sale_price.filter(|_| is_dated).map(|_| today - 20),
        };
    }
}

/// A day since 1970 as feeds write it. Hinnant, "chrono-compatible low-level date algorithms", `civil_from_days`.
pub(crate) fn date(day: i64) -> String {
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_dates() {
        for (day, text) in [
            (0, "1970-01-01"),
            (19_782, "2024-02-29"),
            (20_717, "2026-09-21"),
        ] {
            assert_eq!(date(day), text);
        }
    }

    #[test]
    fn there_is_enough_of_everything() {
        let products = crate::catalogue::generate(1);
        let count = |wanted: fn(&Product) -> bool| products.iter().filter(|p| wanted(p)).count();
        assert!(count(|p| (1..=5).contains(&p.facts.quantity)) > 20);
        assert!(count(|p| p.facts.added_day > EVENTS_NOW / SECONDS_A_DAY - 60) > 20);
        assert!(count(|p| p.facts.sale_from_day.is_some()) > 10);
        assert!(
            products
                .iter()
                .all(|p| p.in_stock == (p.facts.quantity > 0))
        );
    }
}
