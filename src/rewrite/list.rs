//! A list that is held back until its order is known.
//!
//! Held are the bytes from the first tile to the end of the list. Each tile is a byte range of them;
//! what leaves is the same ranges, permuted, with what stood between them where it was.

use std::cmp::Reverse;
use std::ops::Range;

use super::ListExposure;
use crate::site::ListOrder;

/// The most bytes of a list that are held back. A longer list goes through unchanged.
pub const MAX_HELD_BYTES: usize = 1 << 20;

/// Elements whose end tag may be left out (HTML, 13.1.2.4): the next one of its kind ends it.
const OPTIONAL_END: &[&str] = &["dd", "dt", "li", "option", "p", "td", "th", "tr"];

/// A list whose start tag has been seen.
#[derive(Debug)]
pub(super) struct HeldList {
    /// Index of the list in the plan.
    pub(super) plan: usize,
    name: String,
    order: ListOrder,
    bytes: Vec<u8>,
    tiles: Vec<Tile>,
    holding: bool,
    open: Option<OpenTile>,
    /// Something showed that the tiles' ranges cannot be trusted.
    unsound: bool,
}

#[derive(Debug)]
struct Tile {
    range: Range<usize>,
    rank: Option<i64>,
}

#[derive(Debug)]
struct OpenTile {
    id: usize,
    tag: String,
    start: usize,
    rank: Option<i64>,
}

impl HeldList {
    pub(super) fn new(plan: usize, name: &str, order: &ListOrder) -> Self {
        Self {
            plan,
            name: name.to_owned(),
            order: order.clone(),
            bytes: Vec::new(),
            tiles: Vec::new(),
            holding: false,
            open: None,
            unsound: false,
        }
    }

    /// From the first tile on, output belongs to the list.
    pub(super) fn is_holding(&self) -> bool {
        self.holding
    }

    /// Takes output in; `false` when that would be more than [`MAX_HELD_BYTES`].
    pub(super) fn write(&mut self, chunk: &[u8]) -> bool {
        let fits = self.bytes.len() + chunk.len() <= MAX_HELD_BYTES;
        if fits {
            self.bytes.extend_from_slice(chunk);
        }
        fits
    }

    /// A tile's start tag. Gives the tile's id, by which its end tag will name it; `None` for a tile
    /// within a tile, which is part of it.
    pub(super) fn start_tile(&mut self, tag: &str) -> Option<usize> {
        if let Some(open) = &self.open {
            if open.tag != tag || !OPTIONAL_END.contains(&tag) {
                return None;
            }
            self.end_open_tile(self.bytes.len());
        }
        self.holding = true;
        let id = self.tiles.len();
        self.open = Some(OpenTile {
            id,
            tag: tag.to_owned(),
            start: self.bytes.len(),
            rank: None,
        });
        Some(id)
    }

    /// The end tag that ends the element of tile `id`; `length` is its own length in bytes. For an
    /// element without an end tag, the end tag is that of an element around it.
    pub(super) fn end_tile(&mut self, id: usize, tag: &str, length: usize) {
        match &self.open {
            Some(open) if open.id == id => {
                let own = if open.tag == tag { length } else { 0 };
                self.end_open_tile(self.bytes.len() + own);
            }
            // It was ended by a tile that looked like the next one, yet has an end tag of its own: so
            // that one was inside it.
            _ if self.tiles.get(id).is_some() && self.tag_of_optional(tag) => self.unsound = true,
            _ => {}
        }
    }

    fn tag_of_optional(&self, tag: &str) -> bool {
        OPTIONAL_END.contains(&tag)
    }

    fn end_open_tile(&mut self, end: usize) {
        if let Some(open) = self.open.take() {
            self.tiles.push(Tile {
                range: open.start..end,
                rank: open.rank,
            });
        }
    }

    /// Whether the open tile still waits for a link that leads to a product.
    pub(super) fn wants_link(&self) -> bool {
        self.open.as_ref().is_some_and(|open| open.rank.is_none())
    }

    /// The open tile's rank.
    pub(super) fn set_rank(&mut self, rank: i64) {
        if let Some(open) = &mut self.open {
            open.rank = Some(rank);
        }
    }

    /// The bytes as they came.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// The list's end tag: writes the tiles in their new order.
    pub(super) fn into_ordered(mut self, out: &mut Vec<u8>) -> Option<ListExposure> {
        self.end_open_tile(self.bytes.len());
        let ranks: Vec<_> = self.tiles.iter().map(|tile| tile.rank).collect();
        let order = order(&ranks, &self.order);
        let in_place = |(position, from): (usize, &usize)| position == *from;
        if self.unsound || order.iter().enumerate().all(in_place) {
            out.append(&mut self.bytes);
            let tiles = self.tiles.len();
            return (!self.unsound && tiles > 0).then_some(ListExposure {
                place: self.name,
                tiles,
                moved: 0,
            });
        }
        let part = |range: Range<usize>| self.bytes.get(range).unwrap_or_default();
        let mut at = 0;
        for (place, from) in self.tiles.iter().zip(&order) {
            out.extend_from_slice(part(at..place.range.start));
            if let Some(tile) = self.tiles.get(*from) {
                out.extend_from_slice(part(tile.range.clone()));
            }
            at = place.range.end;
        }
        out.extend_from_slice(part(at..self.bytes.len()));
        let moved = order
            .iter()
            .enumerate()
            .filter(|(position, from)| position != *from)
            .count();
        Some(ListExposure {
            place: self.name,
            tiles: self.tiles.len(),
            moved,
        })
    }
}

/// Which tile stands at each place. Higher ranks first, the origin's order among equals; a tile
/// without a rank keeps its place, and so does a pinned one. Behind the first [`ListOrder::first`]
/// places what is left follows in the origin's order.
fn order(ranks: &[Option<i64>], rule: &ListOrder) -> Vec<usize> {
    let is_pinned = |place: usize| rule.pinned.iter().any(|&p| usize::from(p) == place + 1);
    let is_free = |&place: &usize| ranks[place].is_some() && !is_pinned(place);
    let free: Vec<usize> = (0..ranks.len()).filter(is_free).collect();
    let first = match rule.first {
        0 => free.len(),
        first => free.partition_point(|&place| place < usize::from(first)),
    };
    let mut tiles = free.clone();
    tiles.sort_by_key(|&tile| Reverse(ranks[tile]));
    tiles[first..].sort_unstable();
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
        let mut list = HeldList::new(0, "list", &ListOrder::default());
        assert!(list.write(&vec![b'x'; MAX_HELD_BYTES]));
        assert!(!list.write(b"y"));
        assert_eq!(list.into_bytes().len(), MAX_HELD_BYTES);
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
