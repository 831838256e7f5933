//! What a chain of snapshots knows and no single feed: what was dearer, what was sold out, since when the
//! shop has an item. Each snapshot carries on what the one before it knew, with its day.

use tailorbird::site::Locale;
use tailorbird::snapshot::{
    ItemKey, ItemRecord, ItemText, Kind, MAX_PRICES_BEFORE, PriceBefore, Snapshot, day_of,
};

/// For so many days a higher price is remembered.
pub const PRICE_BEFORE_DAYS: u32 = 30;

/// For so many days after it could be ordered again an item is back in stock.
pub const BACK_IN_STOCK_DAYS: u32 = 14;

/// An item is new by its first event only where the log begins at least so many days before it: what an
/// older item's first event in a log says is when the log begins.
pub const LOG_BEFORE_DAYS: u32 = 14;

/// Carries on what `previous` knows, for a snapshot that is made at `created`, in seconds since 1970, and
/// says how many of the items it has.
pub(super) fn carry_on(
    items: &mut [ItemRecord],
    locales: &[Locale],
    previous: &Snapshot,
    created: i64,
) -> u64 {
    let today = day_of(created);
    let before = Before::new(previous, locales);
    let mut known = 0;
    for item in items {
        let Some(old) = before.find(&item.id) else {
            item.added_day = item.added_day.or(Some(today));
            continue;
        };
        known += 1;
        item.added_day = item.added_day.or_else(|| previous.added_day(old));
        item.back_in_stock_day = before.back_in_stock_day(old, item, today);
        for (text, locale) in item.texts.iter_mut().zip(&before.locales) {
            if let Some(locale) = *locale {
                text.prices_before = before.prices(old, locale, text, today);
            }
        }
    }
    known
}

/// Whether first events may say what is new: where a snapshot before this one says nothing of that.
pub(super) fn knows_age(previous: Option<&Snapshot>) -> bool {
    let ages = |previous: &Snapshot| previous.sections().iter().any(|s| s.kind == Kind::Added);
    previous.is_some_and(ages)
}

struct Before<'a> {
    snapshot: &'a Snapshot,
    day: u32,
    /// By this snapshot's locales, where the previous one has the same language and currency.
    locales: Vec<Option<usize>>,
}

impl<'a> Before<'a> {
    fn new(snapshot: &'a Snapshot, locales: &[Locale]) -> Self {
        let old = snapshot.site().map_or_else(|_| Vec::new(), |s| s.locales);
        let same = |locale: &Locale| {
            old.iter()
                .position(|old| old.lang == locale.lang && old.currency == locale.currency)
        };
        Self {
            snapshot,
            day: day_of(snapshot.meta().created),
            locales: locales.iter().map(same).collect(),
        }
    }

    fn find(&self, id: &str) -> Option<u32> {
        let item = self.snapshot.item_by_key(ItemKey::of(id))?;
        (self.snapshot.id(item) == Some(id)).then_some(item)
    }

    /// Today for what was sold out; a day of the last [`BACK_IN_STOCK_DAYS`] for what came back then.
    fn back_in_stock_day(&self, old: u32, item: &ItemRecord, today: u32) -> Option<u32> {
        if !item.availability.is_orderable() {
            return None;
        }
        if !self.snapshot.availability(old).is_orderable() {
            return Some(today);
        }
        let day = self.snapshot.back_in_stock_day(old)?;
        (today.saturating_sub(day) <= BACK_IN_STOCK_DAYS).then_some(day)
    }

    /// The prices above today's that may be the highest of some days to come: of two the earlier one
    /// only where it is the higher one.
    fn prices(&self, old: u32, locale: usize, text: &ItemText, today: u32) -> Vec<PriceBefore> {
        let Some(now) = text.paid() else {
            return Vec::new();
        };
        let (price, sale) = (
            self.snapshot.price(old, locale),
            self.snapshot.sale_price(old, locale),
        );
        let paid = price.map(|price| sale.map_or(price, |sale| sale.min(price)));
        let last = paid.map(|price| PriceBefore {
            price,
            day: self.day,
        });
        let all = self.snapshot.prices_before(old, locale).chain(last);
        let counts = |before: &PriceBefore| {
            before.price > now && today.saturating_sub(before.day) <= PRICE_BEFORE_DAYS
        };
        let mut all: Vec<PriceBefore> = all.filter(counts).collect();
        all.sort_unstable_by(|a, b| b.cmp(a));
        let mut latest = None;
        all.retain(|before| {
            let is_later = latest.is_none_or(|latest| before.day > latest);
            latest = latest.max(Some(before.day));
            is_later
        });
        all.truncate(MAX_PRICES_BEFORE);
        all
    }
}

/// When the catalogue's items are first met in a log. Times in microseconds since 1970.
#[derive(Debug, Default)]
pub(super) struct FirstSeen {
    begin: Option<i64>,
    /// By position.
    items: Vec<Option<i64>>,
}

impl FirstSeen {
    /// Any event of the log.
    pub(super) fn event(&mut self, time: i64) {
        self.begin = Some(self.begin.map_or(time, |begin| begin.min(time)));
    }

    /// An event with a known item.
    pub(super) fn item(&mut self, position: u32, time: i64) {
        let position = position as usize;
        if self.items.len() <= position {
            self.items.resize(position + 1, None);
        }
        if let Some(first) = self.items.get_mut(position) {
            *first = Some(first.map_or(time, |first| first.min(time)));
        }
    }

    /// Says since when the shop has what no feed says it of, where the log tells.
    pub(super) fn tell(&self, items: &mut [ItemRecord]) {
        let day = |time: i64| day_of(time.div_euclid(1_000_000));
        let Some(begin) = self.begin.map(day) else {
            return;
        };
        for (item, first) in items.iter_mut().zip(&self.items) {
            let first = first.map(day);
            let is_late = |&day: &u32| day >= begin + LOG_BEFORE_DAYS;
            item.added_day = item.added_day.or(first.filter(is_late));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_event_tells_only_behind_enough_of_the_log() {
        let day = 86_400_000_000;
        let mut items = vec![ItemRecord::default(); 5];
        items[2].added_day = Some(3);
        let mut seen = FirstSeen::default();
        for (item, at) in [(0, 113), (1, 114), (1, 130), (2, 120), (3, 500)] {
            seen.item(item, at * day + 5);
            seen.event(at * day + 5);
        }
        seen.event(100 * day);
        seen.tell(&mut items);
        let days: Vec<_> = items.iter().map(|item| item.added_day).collect();
        assert_eq!(days, [None, Some(114), Some(3), Some(500), None]);
        FirstSeen::default().tell(&mut items);
    }
}
