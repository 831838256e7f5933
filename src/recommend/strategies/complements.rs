//! What goes with something and is of another category: a lamp's shade, the socks to the shoes.

use std::cmp::Reverse;

use super::page::MAX_ANCHORS;
use super::picks::Picks;
use super::{add, by_item, items, strongest_first};
use crate::recommend::Context;
use crate::snapshot::{Kind, MAX_CATEGORY_TOPS, Snapshot};

/// So many categories that go with something are asked for items.
pub const MAX_COMPLEMENTARY: usize = 8;

/// What two items being bought together says, in what being looked at together says.
const BOUGHT: u64 = 4;

/// How well an item fits into a set, in points: known to go with it, the same colour, brand, price band.
const GOES_WITH: u32 = 4;
const SAME_COLOR: u32 = 2;
const SAME_BRAND: u32 = 2;
const SAME_PRICE_BAND: u32 = 1;

impl Context<'_> {
    pub(super) fn offer_complements(&self, picks: &mut Picks<'_, '_>) {
        let wanted = self.complementary(self.anchors());
        self.offer_of(&wanted, self.anchors(), picks, |_| true);
    }

    /// Items of some categories for which `fits` holds: those known to go with the anchors, then each
    /// category's best sellers in turn.
    pub(super) fn offer_of(
        &self,
        categories: &[u32],
        anchors: &[u32],
        picks: &mut Picks<'_, '_>,
        fits: impl Fn(u32) -> bool,
    ) {
        let is_wanted = |item| categories.iter().any(|&of| self.is_within(item, of));
        let mut found = pairs(self.snapshot, anchors);
        found.retain(|&(item, _)| fits(item) && is_wanted(item));
        strongest_first(&mut found);
        picks.offer_all(items(&found));
        for place in 0..MAX_CATEGORY_TOPS {
            let tops = |&of: &u32| self.snapshot.category_tops(of).nth(place);
            picks.offer_all(
                categories
                    .iter()
                    .filter_map(tops)
                    .filter(|&item| fits(item)),
            );
            if picks.is_full() {
                break;
            }
        }
    }

    pub(super) fn offer_set(&self, picks: &mut Picks<'_, '_>) {
        self.offer_set_of(self.anchors(), picks);
    }

    /// The set around what was bought last: all that was bought on the same day.
    pub(super) fn offer_last_bought_set(&self, picks: &mut Picks<'_, '_>) {
        let purchases = self.known.state.map_or(&[][..], |state| &state.purchases);
        let Some(newest) = purchases.iter().map(|bought| bought.day).max() else {
            return;
        };
        let last = purchases.iter().filter(|bought| bought.day == newest);
        let last = last.filter_map(|bought| self.snapshot.item_by_key(bought.item));
        let last: Vec<u32> = last.take(MAX_ANCHORS).collect();
        self.offer_set_of(&last, picks);
    }

    /// Of each category that goes with the anchors the item that fits them best.
    fn offer_set_of(&self, anchors: &[u32], picks: &mut Picks<'_, '_>) {
        let mut found = pairs(self.snapshot, anchors);
        by_item(&mut found);
        for category in self.complementary(anchors) {
            let goes_with = items(&found).filter(|&item| self.is_within(item, category));
            let candidates = goes_with.chain(self.snapshot.category_tops(category));
            let best = candidates
                .filter(|&item| picks.may_show(item))
                .max_by_key(|&item| {
                    let at = found.binary_search_by_key(&item, |(item, _)| *item);
                    let pair = at
                        .ok()
                        .and_then(|at| found.get(at))
                        .map_or(0, |pair| pair.1);
                    let fit = self.fit(item, anchors) + if pair > 0 { GOES_WITH } else { 0 };
                    (!picks.is_ignored(item), fit, pair, Reverse(item))
                });
            picks.offer_all(best);
        }
    }

    /// What an item has in common with the anchor that it has most in common with.
    fn fit(&self, item: u32, anchors: &[u32]) -> u32 {
        let snapshot = self.snapshot;
        let same = |kind, anchor| {
            let code = snapshot.code(kind, item);
            code.is_some() && code == snapshot.code(kind, anchor)
        };
        let points = |&anchor: &u32| {
            let band = snapshot.price_band(item);
            let is_band = band.is_some() && band == snapshot.price_band(anchor);
            u32::from(same(Kind::Color, anchor)) * SAME_COLOR
                + u32::from(same(Kind::Brand, anchor)) * SAME_BRAND
                + u32::from(is_band) * SAME_PRICE_BAND
        };
        anchors.iter().map(points).max().unwrap_or(0)
    }

    /// The categories that go with the anchors, strongest first, without those of the anchors themselves.
    pub(super) fn complementary(&self, anchors: &[u32]) -> Vec<u32> {
        let mut found: Vec<(u32, u64)> = Vec::new();
        for &anchor in anchors {
            if let Some(category) = self.with_complements(anchor) {
                let list = self
                    .snapshot
                    .complements_of(category)
                    .take(MAX_COMPLEMENTARY);
                found.extend(list.map(|(other, weight)| (other, u64::from(weight))));
            }
        }
        found.retain(|&(other, _)| !anchors.iter().any(|&of| self.is_within(of, other)));
        strongest_first(&mut found);
        items(&found).take(MAX_COMPLEMENTARY).collect()
    }

    /// An item's category, or the lowest one above it of which it is known what goes with it.
    fn with_complements(&self, item: u32) -> Option<u32> {
        let snapshot = self.snapshot;
        let mut category = snapshot.code(Kind::Category, item)?;
        while snapshot.complements_of(category).next().is_none() {
            let (above, _) = snapshot
                .code_text(Kind::Category, category)?
                .rsplit_once(" > ")?;
            category = snapshot.code_of(Kind::Category, above)?;
        }
        Some(category)
    }
}

/// What is bought or looked at together with the anchors, each with its weight.
pub(super) fn pairs(snapshot: &Snapshot, anchors: &[u32]) -> Vec<(u32, u64)> {
    let mut found = Vec::new();
    for &anchor in anchors {
        add(snapshot.bought_together(anchor), BOUGHT, &mut found);
        add(snapshot.viewed_together(anchor), 1, &mut found);
    }
    found
}
