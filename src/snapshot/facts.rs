//! What the feed says of an item beyond what every feed has: stock, delivery, age, labels, a sale's end.
//!
//! Each column is missing when no item has any. Numbers take no more bytes than whoever asks can use:
//! nobody tells 70,000 in stock from 65,534.

use super::layout::{u16_at, u32_at};
use super::write::Sections;
use super::{ItemRecord, ItemText, Kind, SECONDS_A_DAY, Snapshot, SnapshotSource};

/// Stands for "not known" in sections 24 and 25.
const NO_QUANTITY: u16 = u16::MAX;
const NO_DAYS: u8 = u8::MAX;

/// The largest quantity that is stored; more is this many.
pub const MAX_QUANTITY: u32 = NO_QUANTITY as u32 - 1;

/// The most days of delivery that are stored; more is this many.
pub const MAX_DELIVERY_DAYS: u16 = NO_DAYS as u16 - 1;

/// The day of a time, in days since 1970; 0 for any time before.
pub fn day_of(seconds: i64) -> u32 {
    u32::try_from(seconds.div_euclid(SECONDS_A_DAY)).unwrap_or(0)
}

/// Adds the columns that say anything.
pub(super) fn add(source: &SnapshotSource, sections: &mut Sections) {
    let items = &source.items;
    let quantity = |item: &ItemRecord| {
        let quantity = item.quantity.map(|count| count.min(MAX_QUANTITY) as u16);
        quantity.unwrap_or(NO_QUANTITY).to_le_bytes()
    };
    let delivery = |item: &ItemRecord| {
        let days = item.delivery_days.map(|days| days.min(MAX_DELIVERY_DAYS));
        [days.map_or(NO_DAYS, |days| days as u8)]
    };
    let added = |item: &ItemRecord| short_day(item.added_day).to_le_bytes();
    if items.iter().any(|item| item.quantity.is_some()) {
        let column = items.iter().flat_map(quantity).collect();
        sections.insert((Kind::Quantity, 0), column);
    }
    if items.iter().any(|item| item.delivery_days.is_some()) {
        let column = items.iter().flat_map(delivery).collect();
        sections.insert((Kind::DeliveryDays, 0), column);
    }
    if items.iter().any(|item| item.added_day.is_some()) {
        let column = items.iter().flat_map(added).collect();
        sections.insert((Kind::Added, 0), column);
    }
    for (locale, number) in (0..source.site.locales.len()).zip(0u16..) {
        let end = |item: &ItemRecord| item.texts.get(locale).map_or(0, sale_end);
        if items.iter().any(|item| end(item) > 0) {
            let column = items.iter().flat_map(|item| end(item).to_le_bytes());
            sections.insert((Kind::SaleEnds, number), column.collect());
        }
    }
}

/// A day in two bytes, which last until 2149; 0 for none.
pub(super) fn short_day(day: Option<u32>) -> u16 {
    day.map_or(0, |day| u16::try_from(day).unwrap_or(u16::MAX))
}

/// In seconds since 1970, in 32 bits without a sign: until 2106. 0 for none.
fn sale_end(text: &ItemText) -> u32 {
    let end = text.sale_price.and(text.sale_ends);
    end.map_or(0, |end| u32::try_from(end.max(1)).unwrap_or(u32::MAX))
}

impl Snapshot {
    /// How many are in stock, at most [`MAX_QUANTITY`]; `None` when the feed does not say.
    pub fn quantity(&self, item: u32) -> Option<u32> {
        let quantity = u16_at(self.section(Kind::Quantity, 0)?, item as usize)?;
        (quantity != NO_QUANTITY).then_some(u32::from(quantity))
    }

    /// Days from an order to its delivery, at most: what the shop takes and what the carrier takes, as
    /// far as the feed says. Up to [`MAX_DELIVERY_DAYS`].
    pub fn delivery_days(&self, item: u32) -> Option<u16> {
        let days = *self.section(Kind::DeliveryDays, 0)?.get(item as usize)?;
        (days != NO_DAYS).then_some(u16::from(days))
    }

    /// Since when the shop has it, in days since 1970.
    pub fn added_day(&self, item: u32) -> Option<u32> {
        let day = u16_at(self.section(Kind::Added, 0)?, item as usize)?;
        (day > 0).then_some(u32::from(day))
    }

    /// The feed's `custom_label_n`, n from 0 to 4.
    pub fn label(&self, item: u32, n: usize) -> Option<&str> {
        let column = *Kind::LABELS.get(n)?;
        self.code_text(column, self.code(column, item)?)
    }

    /// The first second, since 1970, in which the sale price does not hold any more; `None` when it has
    /// no end.
    pub fn sale_ends(&self, item: u32, locale: usize) -> Option<i64> {
        let end = u32_at(self.section(Kind::SaleEnds, locale)?, item as usize)?;
        (end > 0).then_some(i64::from(end))
    }

    /// The sale price at a time, in seconds since 1970: none once the sale has ended.
    pub fn sale_price_at(&self, item: u32, locale: usize, now: i64) -> Option<u32> {
        let has_ended = || self.sale_ends(item, locale).is_some_and(|end| now >= end);
        self.sale_price(item, locale).filter(|_| !has_ended())
    }
}
