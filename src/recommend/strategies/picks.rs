//! What a strategy offers, held against what may be shown.

use crate::recommend::Context;
use crate::visitor::{PlaceKey, day_of};

/// For so many days after it was bought an item is not recommended again.
pub const BOUGHT_LATELY_DAYS: u32 = 30;

/// So many items are looked at for one slot, at most: a shop whose best sellers a locale does not have, or a
/// forged snapshot, must not take longer than a page has time.
pub const MAX_OFFERS: usize = 16_384;

/// The most items that are made room for before there are any.
const MAX_RESERVED: usize = 128;

/// Takes a strategy's items in its order, each once, until there are as many as wanted.
pub(super) struct Picks<'p, 'a> {
    context: &'p Context<'a>,
    taken: &'p [u32],
    place: PlaceKey,
    max: usize,
    /// What may still be looked at.
    left: usize,
    is_reminder: bool,
    bought: Vec<u32>,
    items: Vec<u32>,
    /// What the visitor ignored in this place: behind all others.
    ignored: Vec<u32>,
}

impl<'p, 'a> Picks<'p, 'a> {
    pub(super) fn new(
        context: &'p Context<'a>,
        place: PlaceKey,
        max: usize,
        taken: &'p [u32],
    ) -> Self {
        Self {
            context,
            taken,
            place,
            max,
            left: MAX_OFFERS,
            is_reminder: false,
            bought: context.bought_lately(),
            items: Vec::with_capacity(max.min(MAX_RESERVED)),
            ignored: Vec::new(),
        }
    }

    /// They are no recommendations: who comes back to them finds them where they were, bought or ignored.
    pub(super) fn are_reminders(&mut self) {
        self.is_reminder = true;
        self.bought.clear();
    }

    /// Whether no more are wanted.
    pub(super) fn is_full(&self) -> bool {
        self.items.len() >= self.max || self.left == 0
    }

    /// Takes an item when it may be shown.
    pub(super) fn offer(&mut self, item: u32) {
        if self.is_full() {
            return;
        }
        self.left -= 1;
        if !self.may_show(item) {
            return;
        }
        match self.is_ignored(item) {
            true => self.ignored.push(item),
            false => self.items.push(item),
        }
    }

    /// Takes items until there are enough.
    pub(super) fn offer_all(&mut self, items: impl IntoIterator<Item = u32>) {
        for item in items {
            if self.is_full() {
                break;
            }
            self.offer(item);
        }
    }

    /// Whether an item may be shown and is not there yet.
    pub(super) fn may_show(&self, item: u32) -> bool {
        let context = self.context;
        context.product != Some(item)
            && !context.known.hides(item)
            && !context.facts.cart.contains(&item)
            && !self.bought.contains(&item)
            && !self.items.contains(&item)
            && !self.ignored.contains(&item)
            && !self.taken.contains(&item)
            && context.is_showable(item)
    }

    /// Whether the visitor ignored it in this place.
    pub(super) fn is_ignored(&self, item: u32) -> bool {
        !self.is_reminder && self.context.known.ignores(self.place, item)
    }

    pub(super) fn into_items(self) -> Vec<u32> {
        let mut items = self.items;
        items.extend(self.ignored);
        items.truncate(self.max);
        items
    }
}

impl Context<'_> {
    /// What was bought in the [`BOUGHT_LATELY_DAYS`] before today.
    fn bought_lately(&self) -> Vec<u32> {
        let today = day_of(self.now);
        let purchases = self.known.state.map_or(&[][..], |state| &state.purchases);
        let lately = purchases
            .iter()
            .filter(|bought| today.saturating_sub(bought.day) < BOUGHT_LATELY_DAYS);
        lately
            .filter_map(|bought| self.snapshot.item_by_key(bought.item))
            .collect()
    }
}
