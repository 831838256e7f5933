//! Which items, in which order: strategies, scores, filters.

mod affinity;
mod items;
mod query;
mod rank;
mod rules;
mod taste;
mod values;

pub use affinity::Affinity;
pub use items::{Item, ItemCondition};
pub use query::{MAX_BESIDE, MAX_SEEDS, Query};
pub use rank::Ranker;
pub(crate) use rules::ReadyRules;
pub use rules::{ActiveRules, MAX_PIN_SCAN, RULE_DEPTH};
pub use taste::MAX_TASTE;
pub use values::{KnownValues, MAX_LEVELS, MAX_VALUE_BYTES, MAX_VALUES, ValueRanker};

use std::collections::BTreeSet;

use crate::site::Strategy;
use crate::snapshot::{Kind, Neighbours, Snapshot};

/// All that a strategy may look at.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The model.
    pub snapshot: &'a Snapshot,
    /// The page's locale: only items that its feed has are shown.
    pub locale: usize,
    /// The product that the page is about.
    pub product: Option<u32>,
    /// What this visitor looked at, newest first. Empty without consent.
    pub seen: &'a [u32],
    /// What goes with it.
    pub affinity: &'a Affinity,
}

impl Context<'_> {
    /// Up to `max` items by `strategy`, best first, of those that may be shown: orderable, complete
    /// in this locale, not the page's own product, not in `taken`.
    pub fn choose(&self, strategy: Strategy, max: usize, taken: &BTreeSet<u32>) -> Vec<u32> {
        let shown = |item: &u32| {
            self.product != Some(*item) && !taken.contains(item) && self.is_showable(*item)
        };
        match strategy {
            Strategy::RecentlyViewed => self.seen.iter().copied().filter(shown).take(max).collect(),
            Strategy::RecommendedForYou => {
                let unseen = |item: &u32| !self.seen.contains(item);
                self.affinity
                    .ranked()
                    .filter(unseen)
                    .filter(shown)
                    .take(max)
                    .collect()
            }
            Strategy::SimilarItems => self.similar().into_iter().filter(shown).take(max).collect(),
            Strategy::TopSellers => self.top_sellers().filter(shown).take(max).collect(),
        }
    }

    /// Whether a slot may show an item at all.
    pub fn is_showable(&self, item: u32) -> bool {
        let snapshot = self.snapshot;
        snapshot.availability(item).is_orderable()
            && snapshot.title(item, self.locale).is_some()
            && snapshot.link(item, self.locale).is_some()
            && snapshot.price(item, self.locale).is_some()
    }

    /// What is looked at together with the product, and behind it what the feed describes alike: a new
    /// product, or a new shop, has no more than that.
    fn similar(&self) -> Vec<u32> {
        let Some(product) = self.product else {
            return Vec::new();
        };
        let mut found = strongest_first(self.snapshot.viewed_together(product));
        let known: BTreeSet<u32> = found.iter().copied().collect();
        let alike = strongest_first(self.snapshot.similar_by_content(product));
        found.extend(alike.into_iter().filter(|item| !known.contains(item)));
        found
    }

    /// The product's category first, then the whole shop.
    fn top_sellers(&self) -> impl Iterator<Item = u32> {
        let category = self
            .product
            .and_then(|product| self.snapshot.code(Kind::Category, product));
        let near: Vec<u32> = category
            .map(|category| self.snapshot.category_tops(category).collect())
            .unwrap_or_default();
        let everywhere = 0..u32::try_from(self.snapshot.len()).unwrap_or(u32::MAX);
        let known: BTreeSet<u32> = near.iter().copied().collect();
        near.into_iter()
            .chain(everywhere.filter(move |item| !known.contains(item)))
    }
}

/// A list's items, ties by popularity.
fn strongest_first(list: Neighbours<'_>) -> Vec<u32> {
    let mut found: Vec<(u32, u32)> = list.collect();
    found.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    found.into_iter().map(|(item, _)| item).collect()
}
