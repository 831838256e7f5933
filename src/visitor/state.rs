//! What is known of a visitor, and how it changes.

use super::facts::{Impression, PlaceKey, Preference, Purchase, ValueKey, View, day_of, minute_of};
use crate::snapshot::ItemKey;

/// The most views that are kept.
pub const MAX_VIEWS: usize = 40;
/// The most items of a cart that are kept.
pub const MAX_CART: usize = 16;
/// The most purchases that are kept.
pub const MAX_PURCHASES: usize = 24;
/// The most likes that are kept, and the most dislikes.
pub const MAX_OPINIONS: usize = 16;
/// The most categories of searches that are kept.
pub const MAX_SEARCHES: usize = 8;
/// The most impressions that are kept.
pub const MAX_IMPRESSIONS: usize = 24;
/// The most preferences that are kept.
pub const MAX_PREFERENCES: usize = 16;

/// After so many minutes without a page a new visit begins: what web analytics agree on.
pub const VISIT_ENDS_AFTER: u32 = 30;

const MINUTES_A_DAY: u32 = 24 * 60;

/// What the cookie says. Every list has its newest entry first and each item once, and is bounded by the
/// constant of its name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VisitorState {
    /// A random number that tells this visitor from others in experiments; 0 before the first write.
    pub id: u64,
    /// When and how often the visitor came.
    pub visits: Visits,
    /// What was looked at.
    pub views: Vec<View>,
    /// What is in the cart, and since when.
    pub cart: Vec<View>,
    /// What was bought.
    pub purchases: Vec<Purchase>,
    /// What the visitor liked. No item is liked and disliked.
    pub likes: Vec<ItemKey>,
    /// What the visitor does not want to see.
    pub dislikes: Vec<ItemKey>,
    /// Categories of what was searched for.
    pub searches: Vec<ValueKey>,
    /// What was shown and not looked at.
    pub impressions: Vec<Impression>,
    /// What the visitor said to prefer.
    pub preferences: Vec<Preference>,
    /// Sections of a newer worker's cookie, to be handed back: tag and content.
    pub(super) foreign: Vec<(u8, Vec<u8>)>,
}

/// When and how often a visitor came. Times are minutes since 1970.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Visits {
    /// How many visits, this one included; 0 when nothing is known.
    pub count: u32,
    /// The first page of the first visit.
    pub first: u32,
    /// The last page of the visit before this one; 0 when there is none.
    pub previous: u32,
    /// The last page.
    pub last: u32,
}

impl VisitorState {
    /// Notes that a page was asked for at `now` (seconds since 1970): a new visit after
    /// [`VISIT_ENDS_AFTER`]. `random` becomes the id of a visitor who has none.
    pub fn touch(&mut self, now: i64, random: u64) {
        if self.id == 0 {
            self.id = random.max(1);
        }
        let minute = minute_of(now);
        let visits = &mut self.visits;
        if visits.count == 0 {
            // A cookie of version 1 tells no visits, but its oldest view was in one.
            let oldest = self.views.last().map_or(minute, |view| view.minute);
            let newest = self.views.first().map_or(minute, |view| view.minute);
            *visits = Visits {
                count: 1,
                first: oldest.min(minute),
                previous: 0,
                last: newest.min(minute),
            };
        }
        if minute.saturating_sub(visits.last) >= VISIT_ENDS_AFTER {
            visits.count = visits.count.saturating_add(1);
            visits.previous = visits.last;
        }
        visits.last = visits.last.max(minute);
    }

    /// Records a view of `item` at `now` (seconds since 1970).
    pub fn record_view(&mut self, item: ItemKey, now: i64) {
        let minute = minute_of(now);
        self.views.retain(|view| view.item != item);
        self.views.insert(0, View { item, minute });
        self.views.truncate(MAX_VIEWS);
        self.clicked(item);
    }

    /// Records what is in the cart at `now`, all of it: what is not among `items` is no longer there. An
    /// item that was there keeps its time.
    pub fn record_cart(&mut self, items: impl IntoIterator<Item = ItemKey>, now: i64) {
        let before = std::mem::take(&mut self.cart);
        for item in items {
            if self.cart.iter().any(|line| line.item == item) {
                continue;
            }
            if self.cart.len() == MAX_CART {
                break;
            }
            let known = before.iter().find(|line| line.item == item);
            let minute = known.map_or(minute_of(now), |line| line.minute);
            self.cart.push(View { item, minute });
            self.clicked(item);
        }
        // Stable: what came at one time stays in the cart's order.
        crate::sort::by_key(&mut self.cart, |line| std::cmp::Reverse(line.minute));
    }

    /// Records that `items` were bought at `now`; the cart is empty then.
    pub fn record_purchase(&mut self, items: impl IntoIterator<Item = ItemKey>, now: i64) {
        let day = day_of(now);
        self.cart.clear();
        for item in items.into_iter().take(MAX_PURCHASES) {
            self.purchases.retain(|purchase| purchase.item != item);
            self.purchases.insert(0, Purchase { item, day });
            self.clicked(item);
        }
        self.purchases.truncate(MAX_PURCHASES);
    }

    /// Records that the visitor likes an item.
    pub fn like(&mut self, item: ItemKey) {
        self.clear_opinion(item);
        self.likes.insert(0, item);
        self.likes.truncate(MAX_OPINIONS);
    }

    /// Records that the visitor does not want to see an item.
    pub fn dislike(&mut self, item: ItemKey) {
        self.clear_opinion(item);
        self.dislikes.insert(0, item);
        self.dislikes.truncate(MAX_OPINIONS);
    }

    /// Takes a like or dislike back.
    pub fn clear_opinion(&mut self, item: ItemKey) {
        self.likes.retain(|liked| *liked != item);
        self.dislikes.retain(|disliked| *disliked != item);
    }

    /// Records the category of something that was searched for.
    pub fn record_search(&mut self, category: ValueKey) {
        self.searches.retain(|known| *known != category);
        self.searches.insert(0, category);
        self.searches.truncate(MAX_SEARCHES);
    }

    /// Records that a place showed `items`.
    pub fn record_impressions(
        &mut self,
        place: PlaceKey,
        items: impl IntoIterator<Item = ItemKey>,
    ) {
        for item in items.into_iter().take(MAX_IMPRESSIONS) {
            let at = self
                .impressions
                .iter()
                .position(|i| i.place == place && i.item == item);
            let before = at.map_or(0, |at| self.impressions.remove(at).count);
            let count = before.saturating_add(1);
            self.impressions
                .insert(0, Impression { place, item, count });
        }
        self.impressions.truncate(MAX_IMPRESSIONS);
    }

    /// Records what the visitor said to prefer.
    pub fn prefer(&mut self, preference: Preference) {
        self.unprefer(preference);
        self.preferences.insert(0, preference);
        self.preferences.truncate(MAX_PREFERENCES);
    }

    /// Takes a preference back.
    pub fn unprefer(&mut self, preference: Preference) {
        self.preferences.retain(|known| *known != preference);
    }

    /// A number that tells this visitor from others, for places that only a share of visitors get; `None`
    /// before the first write.
    pub fn lot(&self) -> Option<u64> {
        (self.id != 0).then_some(self.id)
    }

    /// Whether anything is known.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether this is the first visit. To be asked after [`touch`](Self::touch), as all that follow.
    pub fn is_new(&self) -> bool {
        self.visits.count <= 1
    }

    /// Whether there was a visit before this one.
    pub fn is_returning(&self) -> bool {
        !self.is_new()
    }

    /// Whole days between the visit before this one and `now` (seconds since 1970); `None` without one.
    pub fn lapsed_days(&self, now: i64) -> Option<u32> {
        let gap = minute_of(now).saturating_sub(self.visits.previous);
        self.is_returning().then_some(gap / MINUTES_A_DAY)
    }

    /// For how many whole hours nothing has been put into a cart that is not empty.
    pub fn abandoned_cart_hours(&self, now: i64) -> Option<u32> {
        let newest = self.cart.iter().map(|line| line.minute).max()?;
        Some(minute_of(now).saturating_sub(newest) / 60)
    }

    /// What is looked at, bought or put into the cart was not ignored.
    fn clicked(&mut self, item: ItemKey) {
        self.impressions
            .retain(|impression| impression.item != item);
    }
}

#[cfg(test)]
#[path = "state_tests.rs"]
mod tests;
