//! Neighbour lists, decoded list by list without allocating: those of section 31, and those of
//! section 30, which older builders wrote.

use super::QueryWeights;
use super::packed::PackedList;

/// The longest list of section 30.
const MAX_PLAIN_NEIGHBOURS: usize = 32;

/// What the 16 weights stand for, in 1/65536 of the strongest one: 2^((w-15)/2), rounded.
pub const WEIGHT_STEPS: [u32; 16] = [
    362, 512, 724, 1024, 1448, 2048, 2896, 4096, 5793, 8192, 11585, 16384, 23170, 32768, 46341,
    65536,
];

/// The neighbours of one item, each once, in no particular order; each with its weight in 1/65536.
#[derive(Debug, Clone, Default)]
pub struct Neighbours<'a>(Lists<'a>);

#[derive(Debug, Clone, Default)]
enum Lists<'a> {
    #[default]
    None,
    Plain(PlainList<'a>),
    Packed(PackedList<'a>),
}

impl<'a> From<PlainList<'a>> for Neighbours<'a> {
    fn from(list: PlainList<'a>) -> Self {
        Self(Lists::Plain(list))
    }
}

impl<'a> From<PackedList<'a>> for Neighbours<'a> {
    fn from(list: PackedList<'a>) -> Self {
        Self(Lists::Packed(list))
    }
}

impl Iterator for Neighbours<'_> {
    type Item = (u32, u32);

    #[inline]
    fn next(&mut self) -> Option<(u32, u32)> {
        match &mut self.0 {
            Lists::None => None,
            Lists::Plain(list) => list.next(),
            Lists::Packed(list) => list.next(),
        }
    }
}

/// A list of section 30, in ascending order of items.
#[derive(Debug, Clone)]
pub(super) struct PlainList<'a> {
    ids: &'a [u8],
    weights: &'a [u8],
    index: usize,
    count: usize,
    next_min: u32,
}

impl<'a> PlainList<'a> {
    /// Reads a list's frame; `None` when it is cut off or longer than any builder writes.
    pub(super) fn new(list: &'a [u8]) -> Option<Self> {
        let (&count, rest) = list.split_first()?;
        let count = usize::from(count);
        if count > MAX_PLAIN_NEIGHBOURS {
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

impl Iterator for PlainList<'_> {
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

/// How finely the weights of packed lists are told apart: by every step of [`WEIGHT_STEPS`], every
/// second, fourth or eighth one, the strongest always among them. Coarser weights take fewer bits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Precision {
    /// 16 weights.
    #[default]
    HalfOctave = 0,
    /// 8 weights.
    Octave = 1,
    /// 4 weights.
    TwoOctaves = 2,
    /// 2 weights.
    FourOctaves = 3,
}

impl Precision {
    /// Finest first.
    pub const ALL: [Self; 4] = [
        Self::HalfOctave,
        Self::Octave,
        Self::TwoOctaves,
        Self::FourOctaves,
    ];

    /// How many different weights there are.
    pub fn weights(self) -> u32 {
        WEIGHT_STEPS.len() as u32 >> self as u32
    }

    /// What is left of a share of the strongest weight when it is stored, in 1/65536.
    pub fn stored(self, share: f32) -> u32 {
        let weight = self.weight(self.level(share));
        weight.unwrap_or(QueryWeights::ONE)
    }

    /// The level nearest to a share of the strongest weight, on the log scale.
    pub(super) fn level(self, share: f32) -> u32 {
        let highest = self.weights() - 1;
        let below = -2.0 * share.log2() / (1 << self as u32) as f32;
        (highest as f32 - below).round().clamp(0.0, highest as f32) as u32
    }

    /// What a level stands for; `None` beyond the highest.
    #[inline]
    pub(super) fn weight(self, level: u32) -> Option<u32> {
        let shift = self as u32;
        let step = level.checked_shl(shift)? | ((1 << shift) - 1);
        WEIGHT_STEPS.get(step as usize).copied()
    }

    /// From two bits.
    pub(super) fn from_bits(bits: u32) -> Self {
        match bits {
            0 => Self::HalfOctave,
            1 => Self::Octave,
            2 => Self::TwoOctaves,
            _ => Self::FourOctaves,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn weights_keep_their_half_octave() {
        for (share, step) in [(1.0, 15), (0.25, 11), (0.7, 14), (1e-9, 0), (0.0, 0)] {
            assert_eq!(Precision::HalfOctave.level(share), step, "{share}");
            assert_eq!(
                Precision::default().stored(share),
                WEIGHT_STEPS[step as usize]
            );
        }
    }

    #[test]
    fn coarser_weights_are_some_of_the_finer_ones() {
        let octaves = [1.0, 0.7, 0.5, 0.26, 0.0].map(|share| Precision::Octave.stored(share));
        assert_eq!(octaves, [65_536, 32_768, 32_768, 16_384, 512]);
        for (precision, bits) in Precision::ALL.into_iter().zip(0..) {
            assert_eq!(Precision::from_bits(bits), precision);
            let highest = precision.weights() - 1;
            assert_eq!((precision.level(1.0), precision.level(1e-9)), (highest, 0));
            assert_eq!(precision.weight(highest), Some(65_536));
            assert_eq!(precision.weight(highest + 1), None);
        }
    }

    #[test]
    fn a_plain_list_is_read() {
        // Items 3, 7 and 900,000 with the steps 11, 15 and 0.
        let gap: u32 = 900_000 - 8;
        let long = [gap as u8 | 0x80, (gap >> 7) as u8 | 0x80, (gap >> 14) as u8];
        let list = [&[3, 3, 3][..], &long, &[0xfb, 0x00]].concat();
        let found: Vec<_> = PlainList::new(&list).expect("a list").collect();
        assert_eq!(found, [(3, 16384), (7, 65536), (900_000, 362)]);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            if let Some(list) = PlainList::new(&bytes) {
                prop_assert!(list.count() <= MAX_PLAIN_NEIGHBOURS);
            }
        }
    }
}
