//! Best sellers of what a visitor likes most: a category, a brand, a colour …
//!
//! Each thing that was looked at, liked or bought counts for the values that it has, and less than the one
//! after it. What the visitor said to prefer weighs more than all that was ever looked at.

use super::picks::Picks;
use crate::recommend::Context;
use crate::snapshot::Kind;
use crate::visitor::{PreferenceKind, ValueKey};

/// So many views count, likewise likes and purchases.
pub const MAX_FAVOURITE_SEEDS: usize = 24;

/// What each step back in time leaves of a weight, in eighths: a taste lasts longer than what somebody is
/// looking for at the moment, for which the query's decay is measured.
pub const FAVOURITE_DECAY: u64 = 7;

/// The longest dictionary in which a preferred value is looked up; in a longer one it does not count.
pub const MAX_PREFERENCE_SCAN: usize = 1 << 14;

/// The newest view.
const VIEWED: u64 = 1 << 20;
/// A like is meant, and a purchase is paid for.
const LIKED: u64 = 3 * VIEWED;
const BOUGHT: u64 = 4 * VIEWED;
/// More than all the others can sum up to: 8 · (1 + 3 + 4) views.
const PREFERRED: u64 = 128 * VIEWED;

/// Values with their weights, in the order in which they were met.
struct Weights<V>(Vec<(V, u64)>);

impl<V: PartialEq + Copy> Weights<V> {
    fn add(&mut self, value: V, weight: u64) {
        match self.0.iter_mut().find(|(known, _)| *known == value) {
            Some((_, sum)) => *sum += weight,
            None => self.0.push((value, weight)),
        }
    }

    /// Of equals the one that was met first: that of the newest view.
    fn heaviest(&self) -> Option<V> {
        let heaviest = self.0.iter().rev().max_by_key(|(_, weight)| *weight);
        heaviest.map(|(value, _)| *value)
    }
}

impl Context<'_> {
    pub(super) fn offer_favourites(&self, column: Kind, picks: &mut Picks<'_, '_>) {
        let mut weights = self.weigh(|item| self.snapshot.code(column, item));
        if let Some(code) = self.preferred(column) {
            weights.add(code, PREFERRED);
        }
        let Some(favourite) = weights.heaviest() else {
            return;
        };
        let unseen = |item: &u32| !self.known.seen.contains(item);
        match column {
            Kind::Category => {
                let tops = self.snapshot.category_tops(favourite);
                picks.offer_all(tops.filter(unseen));
            }
            Kind::Brand => picks.offer_all(self.snapshot.brand_tops(favourite).filter(unseen)),
            _ => {}
        }
        let Some(codes) = self.snapshot.codes(column) else {
            return;
        };
        let found = self
            .best_sellers()
            .filter(|&item| codes.get(item) == Some(favourite));
        picks.offer_all(found.filter(unseen));
    }

    /// The brand and category that weigh most together.
    pub(super) fn offer_world(&self, picks: &mut Picks<'_, '_>) {
        let snapshot = self.snapshot;
        let world = |item: u32| {
            let brand = snapshot.code(Kind::Brand, item);
            brand.zip(snapshot.code(Kind::Category, item))
        };
        let mut weights = self.weigh(world);
        let (brand, category) = (self.preferred(Kind::Brand), self.preferred(Kind::Category));
        for ((of, within), weight) in &mut weights.0 {
            *weight += u64::from(brand == Some(*of)) * PREFERRED;
            *weight += u64::from(category == Some(*within)) * PREFERRED;
        }
        // Both were said: then no view is needed.
        if let Some(both) = brand.zip(category) {
            weights.add(both, PREFERRED);
        }
        let Some((brand, category)) = weights.heaviest() else {
            return;
        };
        let is_in = |item: &u32| {
            snapshot.code(Kind::Brand, *item) == Some(brand)
                && self.is_within(*item, category)
                && !self.known.seen.contains(item)
        };
        picks.offer_all(snapshot.category_tops(category).filter(is_in));
        picks.offer_all(snapshot.brand_tops(brand).filter(is_in));
        picks.offer_all(self.best_sellers().filter(is_in));
    }

    /// How much each value of what was looked at, liked and bought weighs.
    fn weigh<V: PartialEq + Copy>(&self, value: impl Fn(u32) -> Option<V>) -> Weights<V> {
        let mut weights = Weights(Vec::with_capacity(MAX_FAVOURITE_SEEDS));
        for (items, newest) in [
            (self.known.seen, VIEWED),
            (self.known.liked, LIKED),
            (self.known.bought, BOUGHT),
        ] {
            let mut weight = newest;
            for &item in items.iter().take(MAX_FAVOURITE_SEEDS) {
                if let Some(value) = value(item) {
                    weights.add(value, weight);
                }
                weight = weight * FAVOURITE_DECAY / 8;
            }
        }
        weights
    }

    /// The value of a column that the visitor said last to prefer, of those that the snapshot has.
    fn preferred(&self, column: Kind) -> Option<u32> {
        let kind = preference_of(column)?;
        let said = &self.known.state?.preferences;
        let mut said = said.iter().filter(|said| said.kind == kind).peekable();
        said.peek()?;
        if self.snapshot.code_count(column) > MAX_PREFERENCE_SCAN {
            return None;
        }
        let code_of = |wanted: ValueKey| {
            let texts =
                (0u32..).map_while(|code| Some((code, self.snapshot.code_text(column, code)?)));
            let mut known = texts.filter(|(_, text)| !text.is_empty());
            known.find(|(_, text)| ValueKey::of(text) == wanted)
        };
        said.find_map(|said| code_of(said.value))
            .map(|(code, _)| code)
    }
}

/// What a visitor may say of a column.
pub(in crate::recommend) fn preference_of(column: Kind) -> Option<PreferenceKind> {
    match column {
        Kind::Brand => Some(PreferenceKind::Brand),
        Kind::Category => Some(PreferenceKind::Category),
        Kind::Color => Some(PreferenceKind::Color),
        Kind::Size => Some(PreferenceKind::Size),
        Kind::Material => Some(PreferenceKind::Material),
        _ => None,
    }
}
