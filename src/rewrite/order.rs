//! In which order a list's tiles stand.

use std::cmp::Ordering;
use std::ops::Range;

use super::ListExposure;
use super::list::Tile;
use crate::plan::ListRanker;
use crate::site::ListOrder;

/// Which tile stands at each place.
pub(super) fn order_of(tiles: &[Tile], ranker: &ListRanker, rule: &ListOrder) -> Vec<usize> {
    let ranks = tiles.iter().map(|tile| ranker.rank(tile.target?));
    order(&ranks.collect::<Vec<_>>(), rule)
}

/// What a list in this order was to the visitor; nothing without tiles.
pub(super) fn exposure(name: &str, order: &[usize]) -> Option<ListExposure> {
    (!order.is_empty()).then(|| ListExposure {
        place: name.to_owned(),
        tiles: order.len(),
        moved: moved(order),
    })
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
