//! What is known of a visitor, in one snapshot's items.

use crate::snapshot::{ItemKey, Snapshot};
use crate::visitor::{Adoptions, PlaceKey, Traits, VisitorState};

/// A recommendation that was shown so often in a place and not looked at moves behind the others there.
pub const MAX_IGNORED: u8 = 5;

/// What strategies may know of a visitor. All lists are newest first and hold each item once; without
/// consent all of it is empty.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known<'a> {
    /// What was looked at; behind what we saw, what the shop remembers.
    pub seen: &'a [u32],
    /// What is in the cart.
    pub cart: &'a [u32],
    /// What was bought.
    pub bought: &'a [u32],
    /// What the visitor liked.
    pub liked: &'a [u32],
    /// What the visitor does not want to see.
    pub disliked: &'a [u32],
    /// Items that a place showed at least [`MAX_IGNORED`] times in vain.
    pub ignored: &'a [(PlaceKey, u32)],
    /// The cookie's state, for what is no item; `None` without consent.
    pub state: Option<&'a VisitorState>,
    /// What the shop calls the visitor.
    pub traits: Option<&'a Traits>,
    /// The visitor's name, where a cookie of the shop's tells it.
    pub customer: Option<&'a str>,
}

impl Known<'_> {
    /// Whether nothing may show the item to this visitor: it is in the cart already, or disliked.
    pub fn hides(&self, item: u32) -> bool {
        self.cart.contains(&item) || self.disliked.contains(&item)
    }

    /// Whether the visitor ignored the item in this place.
    pub fn ignores(&self, place: PlaceKey, item: u32) -> bool {
        self.ignored.contains(&(place, item))
    }
}

/// What [`Known`] borrows: a visitor's items, looked up once for a page.
#[derive(Debug, Clone, Default)]
pub struct KnownItems {
    seen: Vec<u32>,
    cart: Vec<u32>,
    bought: Vec<u32>,
    liked: Vec<u32>,
    disliked: Vec<u32>,
    ignored: Vec<(PlaceKey, u32)>,
}

impl KnownItems {
    /// Looks a visitor's items up; those that the snapshot does not have are left out. What the shop
    /// remembers comes behind what we do.
    pub fn of(snapshot: &Snapshot, state: &VisitorState, adopted: &Adoptions) -> Self {
        let find = |ours: &mut dyn Iterator<Item = ItemKey>, theirs: &[ItemKey]| {
            let most = ours.size_hint().1.unwrap_or_default() + theirs.len();
            let mut found = Vec::with_capacity(most);
            let keys = ours.chain(theirs.iter().copied());
            for item in keys.filter_map(|key| snapshot.item_by_key(key)) {
                if !found.contains(&item) {
                    found.push(item);
                }
            }
            found
        };
        let ignored = state.impressions.iter();
        let ignored = ignored.filter(|impression| impression.count >= MAX_IGNORED);
        let ignored = ignored.filter_map(|i| Some((i.place, snapshot.item_by_key(i.item)?)));
        Self {
            seen: find(&mut state.views.iter().map(|v| v.item), &adopted.views),
            cart: find(&mut state.cart.iter().map(|line| line.item), &adopted.cart),
            bought: find(&mut state.purchases.iter().map(|p| p.item), &[]),
            liked: find(&mut state.likes.iter().copied(), &adopted.likes),
            disliked: find(&mut state.dislikes.iter().copied(), &[]),
            ignored: ignored.collect(),
        }
    }

    /// The items as strategies see them; what is no item is the caller's to add.
    pub fn known(&self) -> Known<'_> {
        Known {
            seen: &self.seen,
            cart: &self.cart,
            bought: &self.bought,
            liked: &self.liked,
            disliked: &self.disliked,
            ignored: &self.ignored,
            state: None,
            traits: None,
            customer: None,
        }
    }
}
