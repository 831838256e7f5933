//! Which items, in which order: strategies, scores, filters.

mod affinity;
mod items;
mod known;
mod query;
mod rank;
mod rules;
mod situation;
mod taste;
mod values;

pub use affinity::Affinity;
pub use items::{Item, ItemCondition};
pub use known::{Known, KnownItems, MAX_IGNORED};
pub use query::{MAX_BESIDE, MAX_SEEDS, Query};
pub use rank::Ranker;
pub(crate) use rules::ReadyRules;
pub use rules::{ActiveRules, MAX_PIN_SCAN, PlaceRules, RULE_DEPTH};
pub use situation::{Situation, Surroundings};
pub use taste::MAX_TASTE;
pub use values::{KnownValues, MAX_LEVELS, MAX_VALUE_BYTES, MAX_VALUES, ValueRanker};

use std::collections::BTreeSet;

use crate::site::Strategy;
use crate::snapshot::{Kind, Neighbours, Snapshot};
use crate::visitor::PlaceKey;

/// All that a strategy may look at.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The model.
    pub snapshot: &'a Snapshot,
    /// The page's locale: only items that its feed has are shown.
    pub locale: usize,
    /// The product that the page is about.
    pub product: Option<u32>,
    /// What is known of this visitor. Empty without consent.
    pub known: Known<'a>,
    /// What goes with what was looked at.
    pub affinity: &'a Affinity,
    /// What merchandisers want in the place that is filled.
    pub rules: Option<PlaceRules<'a>>,
}

impl Context<'_> {
    /// Up to `max` items by `strategy` for a place, best first, of those that may be shown: orderable,
    /// complete in this locale, not the page's own product, not in the cart or disliked, not in `taken`.
    /// What the visitor ignored there stands behind the others.
    pub fn choose(
        &self,
        strategy: Strategy,
        place: PlaceKey,
        max: usize,
        taken: &BTreeSet<u32>,
    ) -> Vec<u32> {
        let shown = |item: &u32| self.may_show(*item, taken);
        let seen = self.known.seen;
        let sunk = |items: &mut dyn Iterator<Item = u32>| self.ignored_last(place, max, items);
        match strategy {
            // No recommendation: who comes back to it finds it where it was.
            Strategy::RecentlyViewed => seen.iter().copied().filter(shown).take(max).collect(),
            Strategy::RecommendedForYou => {
                let unseen = |item: &u32| !seen.contains(item);
                sunk(&mut self.affinity.ranked().filter(unseen).filter(shown))
            }
            Strategy::SimilarItems => sunk(&mut self.similar().into_iter().filter(shown)),
            Strategy::TopSellers => sunk(&mut self.top_sellers().filter(shown)),
        }
    }

    /// The first `max` of some items when those that were ignored in this place stand last.
    fn ignored_last(
        &self,
        place: PlaceKey,
        max: usize,
        items: &mut dyn Iterator<Item = u32>,
    ) -> Vec<u32> {
        let (mut fresh, mut ignored) = (Vec::with_capacity(max), Vec::new());
        // Of so many, at least `max` were not ignored.
        for item in items.take(max + self.known.ignored.len()) {
            match self.known.ignores(place, item) {
                true => ignored.push(item),
                false => fresh.push(item),
            }
        }
        fresh.extend(ignored);
        fresh.truncate(max);
        fresh
    }

    /// Whether the place that is filled may show an item on this page.
    pub fn may_show(&self, item: u32, taken: &BTreeSet<u32>) -> bool {
        self.product != Some(item)
            && !taken.contains(&item)
            && !self.known.hides(item)
            && self.is_showable(item)
    }

    /// Up to `max` articles and theme worlds for this page and visitor, by their numbers.
    pub fn articles(&self, _max: usize) -> Vec<u32> {
        Vec::new()
    }

    /// Whether a slot may show an item at all.
    pub fn is_showable(&self, item: u32) -> bool {
        let snapshot = self.snapshot;
        if !self.rules.is_none_or(|rules| rules.allow(item)) {
            return false;
        }
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
