//! Which items, in which order: strategies, scores, filters.

mod affinity;
mod items;
mod known;
mod query;
mod rank;
mod rules;
mod situation;
mod strategies;
mod taste;
mod touched;
mod values;

pub use affinity::Affinity;
pub use items::{Item, ItemCondition};
pub use known::{Known, KnownItems, MAX_IGNORED};
pub use query::{MAX_BESIDE, MAX_SEEDS, Query};
pub use rank::Ranker;
pub(crate) use rules::ReadyRules;
pub use rules::{ActiveRules, MAX_PIN_SCAN, PlaceRules, RULE_DEPTH};
pub use situation::{Situation, Surroundings};
pub use strategies::{
    BOUGHT_LATELY_DAYS, FAVOURITE_DECAY, MAX_ANCHORS, MAX_ARTICLE_SEEDS, MAX_ARTICLES_EACH,
    MAX_BEST_SELLERS, MAX_COMPLEMENTARY, MAX_FAVOURITE_SEEDS, MAX_LOOKED_AT, MAX_OFFERS,
    MAX_PREFERENCE_SCAN, MAX_SEARCH_SCAN, MAX_SEARCH_WORDS, UPSELL_FROM, UPSELL_TO,
};
pub use taste::MAX_TASTE;
pub(crate) use touched::Touched;
pub use values::{KnownValues, MAX_LEVELS, MAX_VALUE_BYTES, MAX_VALUES, NEWEST_VIEW, ValueRanker};

use crate::page::Facts;
use crate::site::Site;
use crate::snapshot::Snapshot;

/// All that a strategy may look at.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The model.
    pub snapshot: &'a Snapshot,
    /// The shop's rules, for what its locales say.
    pub site: &'a Site,
    /// The page's locale: only items that its feed has are shown.
    pub locale: usize,
    /// Seconds since 1970.
    pub now: i64,
    /// The product that the page is about.
    pub product: Option<u32>,
    /// What else the page tells.
    pub facts: &'a Facts,
    /// What is known of this visitor. Empty without consent.
    pub known: Known<'a>,
    /// What goes with what was looked at.
    pub affinity: &'a Affinity,
    /// What merchandisers want in the place that is filled.
    pub rules: Option<PlaceRules<'a>>,
}

impl Context<'_> {
    /// Whether the place that is filled may show an item on this page.
    pub fn may_show(&self, item: u32, taken: &[u32]) -> bool {
        self.product != Some(item)
            && !taken.contains(&item)
            && !self.known.hides(item)
            && !self.facts.cart.contains(&item)
            && self.is_showable(item)
    }

    /// Whether a slot may show an item at all.
    pub fn is_showable(&self, item: u32) -> bool {
        let snapshot = self.snapshot;
        // Rules look at the most, so they are asked last.
        snapshot.availability(item).is_orderable()
            && snapshot.is_complete(item, self.locale)
            && self.rules.is_none_or(|rules| rules.allow(item))
    }
}
