//! What was before: prices that were higher, and what was sold out. Few items have either, so these
//! sections are sparse: numbers of items in ascending order, then what belongs to them.

use super::facts::short_day;
use super::layout::{partition_point, u16_at, u32_at};
use super::write::Sections;
use super::{Kind, PriceBefore, Snapshot, SnapshotSource};

/// The most prices that are kept of an item in a locale.
pub const MAX_PRICES_BEFORE: usize = 4;

const PRICE_ROW_BYTES: usize = 10;
const DAY_ROW_BYTES: usize = 6;

/// Adds what is known of before.
pub(super) fn add(source: &SnapshotSource, sections: &mut Sections) {
    for (locale, number) in (0..source.site.locales.len()).zip(0u16..) {
        let mut rows: Vec<(u32, PriceBefore)> = Vec::new();
        for (item, index) in source.items.iter().zip(0u32..) {
            let text = item.texts.get(locale);
            let mut prices = text.map_or(Vec::new(), |text| text.prices_before.clone());
            // The highest first.
            prices.sort_unstable_by(|a, b| b.cmp(a));
            prices.truncate(MAX_PRICES_BEFORE);
            rows.extend(prices.into_iter().map(|price| (index, price)));
        }
        if !rows.is_empty() {
            let items = rows.iter().flat_map(|(item, _)| item.to_le_bytes());
            let prices = rows
                .iter()
                .flat_map(|(_, before)| before.price.to_le_bytes());
            let days = rows
                .iter()
                .flat_map(|(_, before)| short_day(Some(before.day)).to_le_bytes());
            let section = items.chain(prices).chain(days).collect();
            sections.insert((Kind::PriceBefore, number), section);
        }
    }
    let back = source.items.iter().zip(0u32..);
    let back: Vec<(u32, u16)> = back
        .filter(|(item, _)| item.back_in_stock_day.is_some())
        .map(|(item, index)| (index, short_day(item.back_in_stock_day)))
        .collect();
    if !back.is_empty() {
        let items = back.iter().flat_map(|(item, _)| item.to_le_bytes());
        let days = back.iter().flat_map(|(_, day)| day.to_le_bytes());
        let section = items.chain(days).collect();
        sections.insert((Kind::BackInStockDay, 0), section);
    }
}

/// A sparse section: its items, and what follows them.
#[derive(Clone, Copy)]
struct Sparse<'a> {
    items: &'a [u8],
    rest: &'a [u8],
    rows: usize,
}

impl<'a> Sparse<'a> {
    fn new(section: &'a [u8], row_bytes: usize) -> Option<Self> {
        let rows = section.len() / row_bytes;
        let (items, rest) = section.split_at_checked(rows * 4)?;
        section
            .len()
            .is_multiple_of(row_bytes)
            .then_some(Self { items, rest, rows })
    }

    /// The rows of an item.
    fn rows_of(self, item: u32) -> impl Iterator<Item = usize> {
        let first = partition_point(self.rows, |row| {
            u32_at(self.items, row).is_some_and(|found| found < item)
        });
        (first..self.rows).take_while(move |&row| u32_at(self.items, row) == Some(item))
    }

    /// Whether items ascend and lie below `items`; each once where `is_once`.
    fn is_right(self, items: usize, is_once: bool) -> bool {
        let item = |row| u32_at(self.items, row);
        let ascends = |row: usize| match (item(row), item(row + 1)) {
            (Some(a), Some(b)) => a < b || a == b && !is_once,
            _ => false,
        };
        (0..self.rows.saturating_sub(1)).all(ascends)
            && (0..self.rows).all(|row| item(row).is_some_and(|item| (item as usize) < items))
    }
}

impl Snapshot {
    /// The highest price that was paid in the 30 days before the snapshot was built, in minor units,
    /// where it was higher than now. This is not the lowest price of 30 days that EU law (98/6/EC,
    /// article 6a) wants beside a reduction.
    pub fn price_before(&self, item: u32, locale: usize) -> Option<u32> {
        self.prices_before(item, locale).next().map(|b| b.price)
    }

    /// All higher prices that are kept, the highest first.
    pub fn prices_before(&self, item: u32, locale: usize) -> impl Iterator<Item = PriceBefore> {
        let section = self
            .section(Kind::PriceBefore, locale)
            .and_then(|section| Sparse::new(section, PRICE_ROW_BYTES));
        section.into_iter().flat_map(move |sparse| {
            let days = sparse.rest.get(sparse.rows * 4..).unwrap_or_default();
            sparse.rows_of(item).filter_map(move |row| {
                let price = u32_at(sparse.rest, row)?;
                let day = u32::from(u16_at(days, row)?);
                Some(PriceBefore { price, day })
            })
        })
    }

    /// On which day an item could be ordered again after it was sold out, in days since 1970.
    pub fn back_in_stock_day(&self, item: u32) -> Option<u32> {
        let section = self.section(Kind::BackInStockDay, 0)?;
        let sparse = Sparse::new(section, DAY_ROW_BYTES)?;
        let row = sparse.rows_of(item).next()?;
        u16_at(sparse.rest, row).map(u32::from)
    }

    /// Whether the frame of a section of this file is right.
    pub(super) fn is_before_framed(&self, kind: Kind, length: usize) -> bool {
        length.is_multiple_of(before_row_bytes(kind))
    }

    /// Whether its rows are.
    pub(super) fn is_before_right(&self, kind: Kind, locale: usize) -> bool {
        let section = self.section(kind, locale).unwrap_or_default();
        Sparse::new(section, before_row_bytes(kind))
            .is_some_and(|sparse| sparse.is_right(self.len(), kind == Kind::BackInStockDay))
    }
}

fn before_row_bytes(kind: Kind) -> usize {
    match kind {
        Kind::PriceBefore => PRICE_ROW_BYTES,
        _ => DAY_ROW_BYTES,
    }
}
