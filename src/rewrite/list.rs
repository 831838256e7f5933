//! A list that is held back until its order is known.
//!
//! Held are the bytes from the first tile to the end of the list. Each tile is a byte range of them;
//! what leaves is the same ranges, permuted, with what stood between them where it was.

use std::cmp::Ordering;
use std::ops::Range;
use std::sync::Arc;

use encoding_rs::Encoding;

use super::ListExposure;
use crate::page::implied::{Implied, Open, Seen, ends_others};
use crate::plan::ListRanker;
use crate::site::ListOrder;

/// The most bytes of a list that are held back. A longer list goes through unchanged.
pub const MAX_HELD_BYTES: usize = 1 << 20;

/// Room for the first bytes of a list.
const FIRST_HELD_BYTES: usize = 16 << 10;

/// The most tiles of a list that is put in order. A longer list goes through unchanged. Real pages have
/// up to 64, and with more than a KiB each as many as this are over [`MAX_HELD_BYTES`], too.
pub const MAX_TILES: usize = 1024;

/// The most lists and tables that are open at once in a tile. A list with more goes through unchanged.
pub const MAX_NESTED_LISTS: usize = 64;

/// A list whose start tag has been seen.
#[derive(Debug)]
pub(super) struct HeldList {
    /// Tells this list from all others of the page.
    pub(super) id: usize,
    /// Index of the list in the plan.
    pub(super) plan: usize,
    name: String,
    order: ListOrder,
    /// Nothing else of its plan follows on the page.
    pub(super) is_last: bool,
    bytes: Vec<u8>,
    tiles: Vec<Tile>,
    state: State,
    open: Option<OpenTile>,
    next_tile: usize,
    /// Something showed that the tiles' ranges cannot be trusted.
    unsound: bool,
    /// Ranks tiles by their text, which is read from what is held; with the page's charset.
    by_text: Option<(Arc<ListRanker>, Option<&'static Encoding>)>,
    /// More than [`MAX_HELD_BYTES`], [`MAX_TILES`] or [`MAX_NESTED_LISTS`].
    is_over_limit: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// No tile has been seen: nothing has to be held.
    Waiting,
    Holding,
    /// Over a limit: the list goes through as it came. It is kept until its end, so that no list in it
    /// is taken for one of its own.
    Passed,
}

#[derive(Debug)]
struct Tile {
    range: Range<usize>,
    rank: Option<i64>,
}

#[derive(Debug)]
struct OpenTile {
    id: usize,
    end: Open,
    /// `None` until the start tag is written, and for good when it never is.
    start: Option<usize>,
    rank: Option<i64>,
    /// Whether the rank is that of the item which the tile names, and so no link's.
    is_named: bool,
}

impl HeldList {
    pub(super) fn new(
        id: usize,
        plan: usize,
        name: &str,
        order: &ListOrder,
        is_last: bool,
    ) -> Self {
        Self {
            id,
            plan,
            name: name.to_owned(),
            order: order.clone(),
            is_last,
            bytes: Vec::new(),
            tiles: Vec::new(),
            state: State::Waiting,
            open: None,
            next_tile: 0,
            unsound: false,
            by_text: None,
            is_over_limit: false,
        }
    }

    /// Has tiles ranked by their text.
    pub(super) fn rank_by_text(
        &mut self,
        ranker: &Arc<ListRanker>,
        charset: Option<&'static Encoding>,
    ) {
        self.by_text = Some((Arc::clone(ranker), charset));
    }

    /// From the first tile on, output belongs to the list.
    pub(super) fn is_holding(&self) -> bool {
        self.state == State::Holding
    }

    pub(super) fn is_passed(&self) -> bool {
        self.state == State::Passed
    }

    /// How many bytes are held.
    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Takes output in; `false` when that would be more than [`MAX_HELD_BYTES`], or when there is
    /// nothing to hold it for.
    pub(super) fn write(&mut self, chunk: &[u8]) -> bool {
        if self.unsound {
            return false;
        }
        self.is_over_limit = !hold(&mut self.bytes, chunk);
        !self.is_over_limit
    }

    /// Whether it is let through because of a limit.
    pub(super) fn is_over_limit(&self) -> bool {
        self.is_over_limit
    }

    /// Gives up on this list: gives what is held, as it came.
    pub(super) fn pass(&mut self) -> Vec<u8> {
        self.state = State::Passed;
        self.open = None;
        self.tiles = Vec::new();
        std::mem::take(&mut self.bytes)
    }

    /// A tile's start tag. Gives the tile's id, by which the calls that follow name it; `None` for a
    /// tile within a tile, which is part of it, and for one too many.
    pub(super) fn start_tile(&mut self, tag: &str) -> Option<usize> {
        self.start_tag(tag);
        if self.open.is_some() {
            return None;
        }
        if self.tiles.len() == MAX_TILES {
            self.give_up();
            return None;
        }
        self.state = State::Holding;
        let id = self.next_tile;
        self.next_tile += 1;
        self.open = Some(OpenTile {
            id,
            end: Open::new(Implied::of(tag)),
            start: None,
            rank: None,
            is_named: false,
        });
        Some(id)
    }

    /// Any watched start tag: it may end the open tile. Gives the tile's id when it opens a scope
    /// in it, whose end [`HeldList::end_scope`] has to be told.
    pub(super) fn start_tag(&mut self, tag: &str) -> Option<usize> {
        let open = self.open.as_mut()?;
        match open.end.start_tag(tag) {
            Seen::Inside => {}
            Seen::Scope if open.end.scopes() > MAX_NESTED_LISTS => self.give_up(),
            Seen::Scope => return Some(open.id),
            Seen::Closer => self.end_open_tile(),
        }
        None
    }

    /// Over a limit.
    fn give_up(&mut self) {
        self.unsound = true;
        self.is_over_limit = true;
    }

    /// The end of an element that opened a scope in tile `id`.
    pub(super) fn end_scope(&mut self, id: usize) {
        if let Some(open) = self.open.as_mut().filter(|open| open.id == id) {
            open.end.end_scope();
        }
    }

    /// Tile `id` begins with the byte that is written next.
    pub(super) fn mark_start(&mut self, id: usize) {
        let at = self.bytes.len();
        if let Some(open) = self.open.as_mut().filter(|open| open.id == id) {
            open.start = Some(at);
        }
    }

    /// The end tag that ends the element of tile `id`: its own, or that of an element around it. Gives
    /// whether [`HeldList::mark_end`] will follow, behind it.
    pub(super) fn end_tile(&mut self, id: usize, tag: &str, is_own: bool) -> bool {
        match self.open.as_ref().filter(|open| open.id == id) {
            Some(_) if is_own => return true,
            Some(open) => {
                self.unsound |= !open.end.may_be_unclosed() || !ends_others(tag);
                self.end_open_tile();
            }
            // It was ended by a start tag, yet has an end tag of its own: so that one was inside it.
            None => self.unsound |= is_own,
        }
        false
    }

    /// Tile `id` ended with the byte that was written last.
    pub(super) fn mark_end(&mut self, id: usize) {
        if self.open.as_ref().is_some_and(|open| open.id == id) {
            self.end_open_tile();
        }
    }

    fn end_open_tile(&mut self) {
        if let Some(open) = self.open.take()
            && let Some(start) = open.start
        {
            self.tiles.push(Tile {
                range: start..self.bytes.len(),
                rank: open.rank,
            });
        }
    }

    /// The tiles' ranges cannot be trusted: the list leaves as it came.
    pub(super) fn distrust(&mut self) {
        self.unsound = true;
    }

    /// Whether the open tile still waits for a link that leads to a product.
    pub(super) fn wants_link(&self) -> bool {
        self.open.as_ref().is_some_and(|open| open.rank.is_none())
    }

    /// Whether the open tile has not named its item yet.
    pub(super) fn wants_name(&self) -> bool {
        self.open.as_ref().is_some_and(|open| !open.is_named)
    }

    /// The rank of the item that the open tile names, whatever its links say.
    pub(super) fn name_item(&mut self, rank: i64) {
        if let Some(open) = &mut self.open {
            open.rank = Some(rank);
            open.is_named = true;
        }
    }

    /// The open tile's rank.
    pub(super) fn set_rank(&mut self, rank: i64) {
        if let Some(open) = &mut self.open {
            open.rank = Some(rank);
        }
    }

    /// The list's end tag: writes the tiles in their new order.
    pub(super) fn into_ordered(mut self, out: &mut Vec<u8>) -> Option<ListExposure> {
        self.end_open_tile();
        let tiles = self.tiles.len();
        if self.unsound || tiles == 0 {
            out.append(&mut self.bytes);
            return None;
        }
        let by_text = |tile: &Tile| {
            let (ranker, charset) = self.by_text.as_ref()?;
            ranker.rank_text(self.bytes.get(tile.range.clone())?, *charset)
        };
        let ranks = self
            .tiles
            .iter()
            .map(|tile| tile.rank.or_else(|| by_text(tile)));
        let order = order(&ranks.collect::<Vec<_>>(), &self.order);
        let moved = moved(&order);
        if moved == 0 {
            out.append(&mut self.bytes);
        } else {
            let places: Vec<_> = self.tiles.into_iter().map(|tile| tile.range).collect();
            write_ordered(&self.bytes, &places, &order, out);
        }
        Some(ListExposure {
            place: self.name,
            tiles,
            moved,
        })
    }
}

/// How many tiles stand elsewhere than the origin put them.
pub(super) fn moved(order: &[usize]) -> usize {
    let elsewhere = |(place, from): &(usize, &usize)| place != *from;
    order.iter().enumerate().filter(elsewhere).count()
}

/// Writes `bytes` with the ranges at `places`, which ascend, in the order of `order`; what stands between them
/// stays where it was.
pub(super) fn write_ordered(
    bytes: &[u8],
    places: &[Range<usize>],
    order: &[usize],
    out: &mut Vec<u8>,
) {
    out.reserve_exact(bytes.len());
    let part = |range: Range<usize>| bytes.get(range).unwrap_or_default();
    let mut at = 0;
    for (place, from) in places.iter().zip(order) {
        out.extend_from_slice(part(at..place.start));
        if let Some(tile) = places.get(*from) {
            out.extend_from_slice(part(tile.clone()));
        }
        at = place.end;
    }
    out.extend_from_slice(part(at..bytes.len()));
}

/// Takes `chunk` in; `false` when that would be more than [`MAX_HELD_BYTES`]. Never reserves more.
pub(super) fn hold(bytes: &mut Vec<u8>, chunk: &[u8]) -> bool {
    let needed = bytes.len() + chunk.len();
    if needed > MAX_HELD_BYTES {
        return false;
    }
    if needed > bytes.capacity() {
        let doubled = (2 * bytes.capacity()).max(FIRST_HELD_BYTES);
        let capacity = doubled.clamp(needed, MAX_HELD_BYTES);
        bytes.reserve_exact(capacity - bytes.len());
    }
    bytes.extend_from_slice(chunk);
    true
}

/// Which tile stands at each place. Higher ranks first, the origin's order among equals; a tile
/// without a rank keeps its place, and so does a pinned one. Behind the first [`ListOrder::first`]
/// places what is left follows in the origin's order.
pub(super) fn order(ranks: &[Option<i64>], rule: &ListOrder) -> Vec<usize> {
    let is_pinned = |place: usize| rule.pinned.iter().any(|&p| usize::from(p) == place + 1);
    let is_free = |&place: &usize| ranks[place].is_some() && !is_pinned(place);
    let free: Vec<usize> = (0..ranks.len()).filter(is_free).collect();
    let first = match rule.first {
        0 => free.len(),
        first => free.partition_point(|&place| place < usize::from(first)),
    };
    let mut tiles = free.clone();
    let by_rank = |a: &usize, b: &usize| ranks[*b].cmp(&ranks[*a]);
    // One sort for both orders: each is some KiB of a worker.
    let sort =
        |tiles: &mut [usize], order: &dyn Fn(&usize, &usize) -> Ordering| tiles.sort_by(order);
    sort(&mut tiles, &by_rank);
    sort(&mut tiles[first..], &usize::cmp);
    let mut order: Vec<usize> = (0..ranks.len()).collect();
    for (place, tile) in free.into_iter().zip(tiles) {
        order[place] = tile;
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn tiles_without_a_product_keep_their_place() {
        assert_eq!(
            order(
                &[Some(1), None, Some(3), Some(3), Some(2)],
                &ListOrder::default()
            ),
            [2, 1, 3, 4, 0]
        );
        assert_eq!(order(&[None, None], &ListOrder::default()), [0, 1]);
    }

    #[test]
    fn pinned_places_and_those_behind_the_first() {
        let ranks = [Some(1), Some(2), None, Some(3), Some(4), Some(5)];
        for (first, pinned, expected) in [
            (0, &[][..], [5, 4, 2, 3, 1, 0]),
            (0, &[1, 4], [0, 5, 2, 3, 4, 1]),
            (2, &[], [5, 4, 2, 0, 1, 3]),
            (3, &[], [5, 4, 2, 0, 1, 3]),
            (2, &[2], [5, 1, 2, 0, 3, 4]),
            (9, &[7], [5, 4, 2, 3, 1, 0]),
        ] {
            let rule = ListOrder {
                first,
                pinned: pinned.to_vec(),
            };
            assert_eq!(order(&ranks, &rule), expected, "{rule:?}");
        }
    }

    #[test]
    fn the_limit_is_a_limit() {
        let mut list = HeldList::new(0, 0, "list", &ListOrder::default(), false);
        for part in [MAX_HELD_BYTES / 2, 1, MAX_HELD_BYTES / 2 - 1] {
            assert!(list.write(&vec![b'x'; part]));
        }
        assert!(!list.write(b"y"));
        let bytes = list.pass();
        assert_eq!(bytes.len(), MAX_HELD_BYTES);
        assert_eq!(bytes.capacity(), MAX_HELD_BYTES);
    }

    proptest! {
        #[test]
        fn every_order_is_a_permutation(
            ranks in prop::collection::vec(prop::option::of(-9i64..9), 0..80),
            first in 0u16..90,
            pinned in prop::collection::vec(0u16..90, 0..5),
        ) {
            let rule = ListOrder { first, pinned };
            let mut found = order(&ranks, &rule);
            for (place, from) in found.iter().enumerate() {
                prop_assert_eq!(ranks[place].is_none(), ranks[*from].is_none());
                prop_assert!(ranks[place].is_some() || place == *from);
                let is_pinned = rule.pinned.iter().any(|&pin| usize::from(pin) == place + 1);
                prop_assert!(!is_pinned || place == *from);
            }
            if first > 0 {
                let is_free = |from: &&usize| ranks[**from].is_some() && !rule.pinned.contains(&(**from as u16 + 1));
                let rest = found.iter().skip(usize::from(first)).filter(is_free);
                prop_assert!(rest.is_sorted(), "the rest keeps its order");
            }
            found.sort();
            prop_assert_eq!(found, (0..ranks.len()).collect::<Vec<_>>());
        }
    }
}
