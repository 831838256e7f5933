//! Packing neighbour lists. The bytes are drawn in [`packed`](super::packed).

use super::bits::{BitWriter, width_below};
use super::neighbours::Precision;
use super::packed::{BLOCK_LISTS, COUNT_BITS, LOWEST_BITS, PRECISION_SHIFT, RICE_BITS};
use super::{MAX_NEIGHBOURS, Neighbour, QueryWeights};

/// The longest list in bytes: its length is a u8.
const MAX_LIST_BYTES: usize = u8::MAX as usize;

/// The bytes of section 31: packed neighbour lists with the positions that they stand on.
///
/// `order[p]` is the item at position `p`, a permutation of the items; empty for their own order.
/// Each list is cut to its [`MAX_NEIGHBOURS`] strongest neighbours, and should these not fit into 255
/// bytes, to as many as do.
///
/// # Panics
///
/// When a number in `lists` or `order` is no item's; [`write`](super::write()) checks that before.
pub fn pack<L: AsRef<[Neighbour]>>(
    lists: &[L],
    order: &[u32],
    query: &QueryWeights,
    precision: Precision,
) -> Vec<u8> {
    let query = query.limited();
    let head = [
        query.decay | (precision as u32) << PRECISION_SHIFT,
        query.newest_again,
        query.again,
        query.again_decay,
    ];
    let mut out: Vec<u8> = head.iter().flat_map(|field| field.to_le_bytes()).collect();
    let width = width_below(lists.len());
    let mut positions = BitWriter::default();
    in_order(order, lists.len()).for_each(|item| positions.put(item, width));
    out.extend(positions.finish());
    out.extend(pack_lists(lists, order, precision));
    out
}

/// The bytes of a section whose lists stand on the positions of section 31, made with the same
/// `order`.
///
/// # Panics
///
/// As [`pack`].
pub fn pack_beside<L: AsRef<[Neighbour]>>(lists: &[L], order: &[u32]) -> Vec<u8> {
    pack_lists(lists, order, Precision::default())
}

fn pack_lists<L: AsRef<[Neighbour]>>(lists: &[L], order: &[u32], precision: Precision) -> Vec<u8> {
    let width = width_below(lists.len());
    let mut position_of = vec![0; lists.len()];
    for (position, item) in (0..).zip(in_order(order, lists.len())) {
        position_of[item as usize] = position;
    }
    let strongest = lists
        .iter()
        .flat_map(AsRef::as_ref)
        .map(|n| n.weight)
        .fold(f32::MIN_POSITIVE, f32::max);
    let mut out = Vec::new();
    let mut lengths = Vec::with_capacity(lists.len());
    let mut packed = Vec::new();
    for (item, list) in lists.iter().enumerate() {
        if item.is_multiple_of(BLOCK_LISTS) {
            out.extend((packed.len() as u32).to_le_bytes());
        }
        let bytes = pack_list(list.as_ref(), strongest, precision, &position_of, width);
        lengths.push(bytes.len() as u8);
        packed.extend(bytes);
    }
    out.extend((packed.len() as u32).to_le_bytes());
    out.extend(lengths);
    out.extend(packed);
    out
}

/// The items by position.
fn in_order(order: &[u32], items: usize) -> impl Iterator<Item = u32> + '_ {
    let own = if order.is_empty() { items as u32 } else { 0 };
    order.iter().copied().chain(0..own)
}

fn pack_list(
    list: &[Neighbour],
    strongest: f32,
    precision: Precision,
    position_of: &[u32],
    width: u32,
) -> Vec<u8> {
    let mut kept: Vec<Neighbour> = list.iter().copied().filter(|n| n.weight > 0.0).collect();
    kept.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.item.cmp(&b.item)));
    let mut seen = std::collections::BTreeSet::new();
    kept.retain(|n| seen.insert(n.item));
    kept.truncate(MAX_NEIGHBOURS);
    while !kept.is_empty() {
        let mut edges: Vec<(u32, u32)> = kept
            .iter()
            .map(|n| {
                let level = precision.level(n.weight / strongest);
                (position_of[n.item as usize], level)
            })
            .collect();
        edges.sort_unstable();
        let bytes = pack_edges(&edges, width);
        if bytes.len() <= MAX_LIST_BYTES {
            return bytes;
        }
        kept.pop();
    }
    Vec::new()
}

/// A list of at least one (position, level), ascending.
fn pack_edges(edges: &[(u32, u32)], width: u32) -> Vec<u8> {
    let lowest = edges.iter().map(|edge| edge.1).min().unwrap_or(0);
    let cost = |rice: u32| -> u32 {
        let weights = edges.iter().map(|(_, level)| (level - lowest) >> rice);
        weights.map(|upper| upper + 1 + rice).sum()
    };
    let rice = (0..1 << RICE_BITS)
        .min_by_key(|&rice| cost(rice))
        .unwrap_or(0);
    let mut bits = BitWriter::default();
    bits.put(edges.len() as u32 - 1, COUNT_BITS);
    bits.put(lowest, LOWEST_BITS);
    bits.put(rice, RICE_BITS);
    let mut last = None;
    for &(position, level) in edges {
        match last.replace(position) {
            None => bits.put(position, width),
            Some(last) => put_zeta(&mut bits, position - last),
        }
        let above = level - lowest;
        bits.put_unary(above >> rice);
        bits.put(above, rice);
    }
    bits.finish()
}

fn put_zeta(bits: &mut BitWriter, gap: u32) {
    let zeta = gap.ilog2() / 2;
    let (least, short) = (1 << (2 * zeta), 2 * zeta + 1);
    bits.put_unary(zeta);
    let value = gap - least;
    if value < least {
        bits.put(value, short);
    } else {
        bits.put((value + least) >> 1, short);
        bits.put(value + least, 1);
    }
}

#[cfg(test)]
mod tests {
    use super::super::neighbours::WEIGHT_STEPS;
    use super::super::packed::{PackedLists, PackedViews};
    use super::*;
    use proptest::prelude::*;

    fn neighbour(item: u32, weight: f32) -> Neighbour {
        Neighbour { item, weight }
    }

    fn views(bytes: &[u8], items: usize) -> PackedViews<'_> {
        PackedViews::new(bytes, items).expect("what was just packed")
    }

    #[test]
    fn weights_keep_their_half_octave_and_items_come_by_position() {
        let mut lists = vec![Vec::new(); 5];
        lists[3] = vec![neighbour(4, 1.0), neighbour(0, 0.25), neighbour(2, 1e-9)];
        let bytes = pack(
            &lists,
            &[2, 4, 0, 1, 3],
            &QueryWeights::default(),
            Precision::HalfOctave,
        );
        let views = views(&bytes, 5);
        let packed = views.lists;
        let found: Vec<_> = packed.get(3).expect("a list").collect();
        assert_eq!(found, [(2, WEIGHT_STEPS[0]), (4, 65_536), (0, 16_384)]);
        assert!(packed.get(0).is_none() && packed.get(5).is_none());
        assert_eq!(views.query, QueryWeights::default());
    }

    #[test]
    fn the_longest_list_fits() {
        // Gaps of 2^16 take 26 bits each, and weights of all steps 5.
        let items = 1 << 22;
        let mut lists = vec![Vec::new(); items];
        lists[0] = (1..=MAX_NEIGHBOURS as u32)
            .map(|n| neighbour((n - 1) << 16 | n, 0.5f32.powi(n as i32 % 8)))
            .collect();
        let bytes = pack(&lists, &[], &QueryWeights::default(), Precision::HalfOctave);
        let packed = views(&bytes, items).lists;
        assert_eq!(packed.get(0).expect("a list").count(), MAX_NEIGHBOURS);
        assert!(packed.is_list_right(0) && packed.are_offsets_right());
    }

    fn any_lists() -> impl Strategy<Value = (Vec<Vec<Neighbour>>, Vec<u32>)> {
        (1usize..120).prop_flat_map(|items| {
            let edge = (0..items as u32, 0.0f32..1.0).prop_map(|(i, w)| neighbour(i, w));
            let lists = prop::collection::vec(prop::collection::vec(edge, 0..80), items);
            let order = Just((0..items as u32).collect::<Vec<_>>()).prop_shuffle();
            (lists, order)
        })
    }

    fn strongest(list: &[Neighbour]) -> Vec<u32> {
        let mut strongest = list.to_vec();
        strongest.retain(|n| n.weight > 0.0);
        strongest.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.item.cmp(&b.item)));
        let mut expected: Vec<u32> = Vec::new();
        for n in &strongest {
            if !expected.contains(&n.item) && expected.len() < MAX_NEIGHBOURS {
                expected.push(n.item);
            }
        }
        expected.sort_unstable();
        expected
    }

    fn any_precision() -> impl Strategy<Value = Precision> {
        prop::sample::select(Precision::ALL.to_vec())
    }

    proptest! {
        #[test]
        fn the_strongest_come_back((lists, order) in any_lists(), precision in any_precision()) {
            let bytes = pack(&lists, &order, &QueryWeights::default(), precision);
            let views = views(&bytes, lists.len());
            let packed = views.lists;
            prop_assert_eq!((packed.precision, views.query), (precision, QueryWeights::default()));
            prop_assert!(packed.positions.are_right());
            // Lists beside them, of other items, on the same positions.
            let others: Vec<_> = lists.iter().rev().cloned().collect();
            let beside = pack_beside(&others, &order);
            let beside = PackedLists::new(&beside, packed.positions).expect("what was just packed");
            let highest = lists.iter().flatten().map(|n| n.weight).fold(0.0, f32::max);
            for (packed, lists) in [(packed, &lists), (beside, &others)] {
                prop_assert!(packed.are_offsets_right());
                for (item, list) in (0..).zip(lists) {
                    prop_assert!(packed.is_list_right(item));
                    let found: Vec<(u32, u32)> = packed.get(item).into_iter().flatten().collect();
                    for &(item, weight) in &found {
                        let mut same = list.iter().filter(|n| n.item == item);
                        let stored = |n: &Neighbour| packed.precision.stored(n.weight / highest);
                        prop_assert!(same.any(|n| stored(n) == weight));
                    }
                    let mut found: Vec<u32> = found.into_iter().map(|e| e.0).collect();
                    found.sort_unstable();
                    prop_assert_eq!(found, strongest(list));
                }
            }
        }

        #[test]
        fn any_bytes_are_read_without_panic(
            bytes in prop::collection::vec(any::<u8>(), 0..600),
            items in 0usize..100,
        ) {
            if let Some(PackedViews { lists: packed, .. }) = PackedViews::new(&bytes, items) {
                let _ = (packed.are_offsets_right(), packed.positions.are_right());
                for item in [0, 1, 50, 99, u32::MAX] {
                    let list = packed.get(item).into_iter().flatten();
                    prop_assert!(list.count() <= MAX_NEIGHBOURS);
                    let _ = packed.is_list_right(item);
                }
            }
        }
    }
}
