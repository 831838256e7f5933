//! Price bands: cheap or dear among its like.

use std::collections::BTreeMap;

use super::ItemRecord;
use super::write::CATEGORY_SEPARATOR;

/// How many bands a top-level category's prices are divided into.
pub const PRICE_BANDS: u8 = 5;

/// For each item the fifth of its top-level category's prices that its own price is in: 1 for the
/// cheapest to [`PRICE_BANDS`] for the dearest; 0 without a price. Items of the same price are in the
/// same band, so bands of few different prices are not of the same size.
///
/// Prices are those that are paid, sale prices included, of the first locale.
pub fn price_bands(items: &[&ItemRecord]) -> Vec<u8> {
    let mut by_category: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for item in items {
        if let Some(price) = paid(item) {
            by_category.entry(top_level(item)).or_default().push(price);
        }
    }
    by_category
        .values_mut()
        .for_each(|prices| prices.sort_unstable());
    let band = |item: &&ItemRecord| -> Option<u8> {
        let price = paid(item)?;
        let prices = by_category.get(top_level(item))?;
        let cheaper = prices.partition_point(|&other| other < price);
        u8::try_from(1 + cheaper * usize::from(PRICE_BANDS) / prices.len()).ok()
    };
    items.iter().map(|item| band(item).unwrap_or(0)).collect()
}

fn top_level(item: &ItemRecord) -> &str {
    let levels = item.category.split_once(CATEGORY_SEPARATOR);
    levels.map_or(item.category.as_str(), |(top, _)| top)
}

/// What an item costs in the first locale.
fn paid(item: &ItemRecord) -> Option<u32> {
    item.texts.first()?.paid()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::ItemText;

    #[test]
    fn a_band_is_a_fifth_of_the_category() {
        let item = |category: &str, price, sale_price| ItemRecord {
            category: category.into(),
            texts: vec![ItemText {
                price,
                sale_price,
                ..ItemText::default()
            }],
            ..ItemRecord::default()
        };
        let items = [
            item("A > B", Some(10), None),
            item("A > C", Some(20), None),
            item("A", Some(90), Some(30)),
            item("A > B", Some(40), None),
            item("A > B", Some(50), None),
            item("A > B", None, None),
            item("D", Some(7), None),
            item("D", Some(7), None),
        ];
        let items: Vec<&ItemRecord> = items.iter().collect();
        assert_eq!(price_bands(&items), [1, 2, 3, 4, 5, 0, 1, 1]);
        assert!(price_bands(&[]).is_empty());
    }
}
