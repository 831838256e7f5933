//! Lists for the whole shop, and where that is cheap for each category: what is new, reduced, cheaper
//! than before, back in stock, nearly sold out. They are made when a snapshot is written, since an edge
//! has no time to sort a shop.

use std::collections::{BTreeMap, BTreeSet};

use super::layout::u32_at;
use super::write::{Sections, quantise};
use super::{
    ItemRecord, Kind, MAX_GROUP_SHELF, MAX_SHELF, MAX_VARIANTS_ON_SHELF, Snapshot, SnapshotSource,
    facts::day_of, tops,
};

/// For so many days after it was added an item is new.
pub const NEW_DAYS: u32 = 60;

/// The least share that a price must have fallen by to be worth telling.
pub const LEAST_DROP: f64 = 0.03;

/// A reduction beyond this share counts no more than this: the largest ones are leftovers and mistakes.
pub const MOST_DISCOUNT: f64 = 0.7;

/// From so many in stock on, an item is not nearly sold out any more.
pub const LOW_STOCK_BELOW: u32 = 6;

/// What twice as much wanting is on the scale of section 40; also what is added for being in the shop.
const POPULARITY_OCTAVE: f64 = 4096.0;

/// Adds the lists that have anything in them. `categories` is the dictionary.
pub(super) fn add(source: &SnapshotSource, categories: &BTreeSet<&str>, sections: &mut Sections) {
    let today = day_of(source.meta.created);
    let items = &source.items;
    // On the log scale of section 40.
    let wanted = |index: u32| {
        let popularity = source.popularity.get(index as usize);
        quantise(popularity.copied().unwrap_or(0.0))
    };
    // How much is saved, times how much it is wanted on that scale: half off what nobody
    // wants stands behind a tenth off a best seller, and best sellers are told apart by what is saved.
    let saving = |share: f64, index| {
        share.min(MOST_DISCOUNT) * (POPULARITY_OCTAVE + f64::from(wanted(index)))
    };
    let new = ranked(items, |_, item| {
        let day = item.added_day.filter(|&day| day <= today)?;
        (today - day < NEW_DAYS).then_some(f64::from(day))
    });
    let on_sale = ranked(items, |index, item| {
        Some(saving(item.texts.first()?.discount()?, index))
    });
    let drops = ranked(items, |index, item| {
        let text = item.texts.first()?;
        let before = text.prices_before.iter().map(|before| before.price).max()?;
        let fallen = 1.0 - f64::from(text.paid()?) / f64::from(before.max(1));
        (fallen >= LEAST_DROP).then(|| saving(fallen, index))
    });
    let back = ranked(items, |_, item| item.back_in_stock_day.map(f64::from));
    let low = ranked(items, |index, item| {
        let is_low = |quantity| (1..LOW_STOCK_BELOW).contains(&quantity);
        let sells = item.quantity.is_some_and(is_low) && wanted(index) > 0;
        sells.then_some(0.0)
    });
    for (kind, list) in [
        (Kind::NewArrivals, &new),
        (Kind::OnSale, &on_sale),
        (Kind::PriceDrops, &drops),
        (Kind::BackInStock, &back),
        (Kind::LowStock, &low),
    ] {
        if !list.is_empty() {
            let list = list.iter().take(MAX_SHELF);
            let bytes = list.flat_map(|item| item.to_le_bytes()).collect();
            sections.insert((kind, 0), bytes);
        }
    }
    for (kind, list) in [
        (Kind::NewArrivalsByCategory, &new),
        (Kind::OnSaleByCategory, &on_sale),
    ] {
        if !list.is_empty() {
            let lists = tops::by_category(items, list, categories, MAX_GROUP_SHELF);
            sections.insert((kind, 0), lists);
        }
    }
}

/// The orderable items that have a score, best first, of equals the more popular one; of a product's
/// variants the first [`MAX_VARIANTS_ON_SHELF`].
fn ranked(items: &[ItemRecord], score: impl Fn(u32, &ItemRecord) -> Option<f64>) -> Vec<u32> {
    let orderable = (0u32..)
        .zip(items)
        .filter(|(_, item)| item.availability.is_orderable());
    let mut scored: Vec<(u32, f64)> = orderable
        .filter_map(|(index, item)| Some((index, score(index, item)?)))
        .collect();
    scored.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let mut variants: BTreeMap<&str, usize> = BTreeMap::new();
    let mut list: Vec<u32> = scored.into_iter().map(|(index, _)| index).collect();
    list.retain(|&index| {
        let group = items.get(index as usize).map_or("", |item| &item.group);
        let count = variants.entry(group).or_default();
        *count += 1;
        group.is_empty() || *count <= MAX_VARIANTS_ON_SHELF
    });
    list
}

impl Snapshot {
    /// What the shop added in the [`NEW_DAYS`] before the snapshot was built, the newest first.
    pub fn new_arrivals(&self) -> impl Iterator<Item = u32> + '_ {
        self.shelf(Kind::NewArrivals)
    }

    /// What is reduced: by how much, and how much it is wanted. Prices are the first locale's.
    pub fn on_sale(&self) -> impl Iterator<Item = u32> + '_ {
        self.shelf(Kind::OnSale)
    }

    /// What costs less than before, likewise; see [`Snapshot::price_before`].
    pub fn price_drops(&self) -> impl Iterator<Item = u32> + '_ {
        self.shelf(Kind::PriceDrops)
    }

    /// What can be ordered again, the latest first; see [`Snapshot::back_in_stock_day`].
    pub fn back_in_stock(&self) -> impl Iterator<Item = u32> + '_ {
        self.shelf(Kind::BackInStock)
    }

    /// What sells and of which there are 1 to 5 left, best sellers first.
    pub fn low_stock(&self) -> impl Iterator<Item = u32> + '_ {
        self.shelf(Kind::LowStock)
    }

    /// What is new in a category and in those below it, the newest first.
    pub fn new_arrivals_in(&self, category: u32) -> impl Iterator<Item = u32> + '_ {
        self.tops(Kind::NewArrivalsByCategory, category)
    }

    /// What is reduced in a category and in those below it, in the order of [`Snapshot::on_sale`].
    pub fn on_sale_in(&self, category: u32) -> impl Iterator<Item = u32> + '_ {
        self.tops(Kind::OnSaleByCategory, category)
    }

    /// A list for the whole shop.
    pub(super) fn shelf(&self, kind: Kind) -> impl Iterator<Item = u32> + '_ {
        let section = self.section(kind, 0).unwrap_or_default();
        (0..section.len() / 4).map_while(|index| u32_at(section, index))
    }
}
