//! Neighbour lists: packed by the builder, decoded list by list without allocating.

use super::{MAX_NEIGHBOURS, Neighbour};

/// What the 16 weights stand for, in 1/65536 of the strongest one: 2^((w-15)/2), rounded.
pub const WEIGHT_STEPS: [u32; 16] = [
    362, 512, 724, 1024, 1448, 2048, 2896, 4096, 5793, 8192, 11585, 16384, 23170, 32768, 46341,
    65536,
];

/// The neighbours of one item in ascending order of items; each with its weight in 1/65536.
#[derive(Debug, Clone, Default)]
pub struct Neighbours<'a> {
    ids: &'a [u8],
    weights: &'a [u8],
    index: usize,
    count: usize,
    next_min: u32,
}

impl<'a> Neighbours<'a> {
    /// Reads a list's frame; `None` when it is cut off or longer than any builder writes.
    pub(super) fn new(list: &'a [u8]) -> Option<Self> {
        let (&count, rest) = list.split_first()?;
        let count = usize::from(count);
        if count > MAX_NEIGHBOURS {
            return None;
        }
        let (ids, weights) = rest.split_at_checked(rest.len().checked_sub(count.div_ceil(2))?)?;
        Some(Self {
            ids,
            weights,
            index: 0,
            count,
            next_min: 0,
        })
    }

    /// How many neighbours the list's first byte promises.
    pub(super) fn promised(&self) -> usize {
        self.count
    }

    fn read_gap(&mut self) -> Option<u32> {
        let mut value = 0u32;
        for shift in [0, 7, 14, 21, 28] {
            let (&byte, rest) = self.ids.split_first()?;
            self.ids = rest;
            value |= u32::from(byte & 0x7f).checked_shl(shift)?;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }
}

impl Iterator for Neighbours<'_> {
    type Item = (u32, u32);

    fn next(&mut self) -> Option<(u32, u32)> {
        if self.index == self.count {
            return None;
        }
        let item = self.next_min.checked_add(self.read_gap()?)?;
        let pair = self.weights.get(self.index / 2)?;
        let nibble = if self.index.is_multiple_of(2) {
            pair & 0x0f
        } else {
            pair >> 4
        };
        self.index += 1;
        self.next_min = item.checked_add(1)?;
        Some((item, *WEIGHT_STEPS.get(usize::from(nibble))?))
    }
}

/// The section of all lists. Each list is cut to its [`MAX_NEIGHBOURS`] strongest neighbours.
pub(super) fn write_lists(lists: &[Vec<Neighbour>]) -> Vec<u8> {
    let strongest = lists
        .iter()
        .flatten()
        .map(|n| n.weight)
        .fold(f32::MIN_POSITIVE, f32::max);
    let mut offsets = vec![0u32];
    let mut bytes = Vec::new();
    for list in lists {
        write_list(list, strongest, &mut bytes);
        offsets.push(bytes.len() as u32);
    }
    let mut out: Vec<u8> = offsets.iter().flat_map(|o| o.to_le_bytes()).collect();
    out.append(&mut bytes);
    out
}

fn write_list(list: &[Neighbour], strongest: f32, out: &mut Vec<u8>) {
    let mut kept: Vec<Neighbour> = list.iter().copied().filter(|n| n.weight > 0.0).collect();
    kept.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.item.cmp(&b.item)));
    kept.truncate(MAX_NEIGHBOURS);
    kept.sort_by_key(|n| n.item);
    kept.dedup_by_key(|n| n.item);
    out.push(kept.len() as u8);
    let mut next_min = 0;
    for neighbour in &kept {
        let mut gap = neighbour.item - next_min;
        next_min = neighbour.item + 1;
        while gap >= 0x80 {
            out.push((gap & 0x7f) as u8 | 0x80);
            gap >>= 7;
        }
        out.push(gap as u8);
    }
    for pair in kept.chunks(2) {
        let nibble = |n: &Neighbour| quantise(n.weight / strongest);
        out.push(nibble(&pair[0]) | pair.get(1).map_or(0, nibble) << 4);
    }
}

/// The step of [`WEIGHT_STEPS`] nearest to a share of the strongest weight, on the log scale.
fn quantise(share: f32) -> u8 {
    (15.0 + 2.0 * share.log2()).round().clamp(0.0, 15.0) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decode(list: &[Neighbour]) -> Vec<(u32, u32)> {
        let mut bytes = Vec::new();
        write_list(list, 1.0, &mut bytes);
        Neighbours::new(&bytes)
            .expect("a list that was just written")
            .collect()
    }

    #[test]
    fn weights_keep_their_octave() {
        let list = [(7, 1.0), (3, 0.25), (900_000, 0.000_001)]
            .map(|(item, weight)| Neighbour { item, weight });
        assert_eq!(decode(&list), [(3, 16384), (7, 65536), (900_000, 362)]);
    }

    proptest! {
        #[test]
        fn the_strongest_come_back_in_order(items in prop::collection::btree_set(0u32..5_000_000, 0..60)) {
            let list: Vec<_> = items.iter().enumerate()
                .map(|(rank, &item)| Neighbour { item, weight: 1.0 / (1.0 + rank as f32) })
                .collect();
            let expected: Vec<u32> = items.iter().copied().take(MAX_NEIGHBOURS).collect();
            let found: Vec<u32> = decode(&list).into_iter().map(|(item, _)| item).collect();
            prop_assert_eq!(found, expected);
        }

        #[test]
        fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            if let Some(list) = Neighbours::new(&bytes) {
                prop_assert!(list.count() <= MAX_NEIGHBOURS);
            }
        }
    }
}
