//! Packed neighbour lists, read in place.
//!
//! # Bytes
//!
//! For n items. What goes together stands side by side in an order of its own, the *positions*: the
//! numbers of a list then lie close together and their gaps take few bits. That order is the trainer's
//! choice; here it is data. Section 31 has it and what weighs views; the lists of sections 32 and 33
//! stand on the same positions, and these sections begin with *blocks*. Beside a section 30, which has
//! no positions, they cannot be.
//!
//! ```text
//! offset  bytes         what
//! 0       4             u32 what each step back leaves of a view's weight       ┐
//!                       (bits 0 to 29), and the lists' precision (30 and 31)    │
//! 4       4             u32 what the newest view gets for being viewed          │ in 1/65536, see
//! 8       4             u32 what the view before it gets for being viewed       │ `QueryWeights`
//! 12      4             u32 what each further step back leaves of that          ┘
//! 16      ⌈n·b/8⌉       positions: n numbers of b bits, the item at each position;
//!                       b = number of bits of n - 1
//! …       4·(⌈n/32⌉+1)  blocks: u32 where the lists of items 0, 32, 64 … start; at last where all end
//! …       n             u8 how many bytes each item's list has; 0 = no neighbours
//! …       …             the lists
//!
//! A list, in bits, the lowest of each byte first:
//!
//!   6        4         2     b                         ┌──── for each further neighbour ────┐
//! ┌────────┬─────────┬─────┬────────────────┬────────┬──────────────┬────────┬─── … ┬───────┐
//! │ count-1│ lowest  │  r  │ first position │ weight │ gap          │ weight │      │ zeroes│
//! └────────┴─────────┴─────┴────────────────┴────────┴──────────────┴────────┴─── … ┴───────┘
//! ```
//!
//! *Gap*: this position minus the one before it, at least 1, as ζ₂ (Boldi and Vigna, "Codes for the
//! World Wide Web", 2005), made for gaps that are mostly tiny and seldom huge: h zeroes and a one,
//! where 4^h <= gap < 4^(h+1); then v = gap - 4^h in 2h+1 bits when v < 4^h, or else the upper 2h+1
//! bits of v + 4^h and after them its lowest bit.
//!
//! *Weight*: its level minus *lowest* as a Rice code: the upper bits in unary (zeroes, then a one),
//! then the lower r bits. With precision p, level l is step l·2^p + 2^p - 1 of [`WEIGHT_STEPS`]. The
//! lists of sections 32 and 33 have precision 0.

use super::bits::{BitReader, WINDOW_BITS, packed_at, width_below};
use super::layout::u32_at;
use super::neighbours::{Precision, WEIGHT_STEPS};
use super::{MAX_ITEMS, QueryWeights};

/// Bytes before the positions.
pub(super) const HEAD_BYTES: usize = 16;
/// So many lists share one offset; the lengths of those before it lead to a list.
pub(super) const BLOCK_LISTS: usize = 32;
pub(super) const COUNT_BITS: u32 = 6;
pub(super) const LOWEST_BITS: u32 = 4;
pub(super) const RICE_BITS: u32 = 2;
/// Where the first field's decay ends and the precision begins.
pub(super) const PRECISION_SHIFT: u32 = 30;
/// Where ζ₂ stops: 4^11 is beyond [`MAX_ITEMS`].
const MAX_ZETA: u32 = 11;

const _: () = assert!(MAX_ITEMS < 1 << (2 * MAX_ZETA));
// One window holds a gap (12 + 24 bits) and a weight (16 + 3 bits).
const _: () = assert!(MAX_ZETA + 1 + 2 * MAX_ZETA + 2 + 16 + 3 <= WINDOW_BITS);

/// Section 31.
#[derive(Debug, Clone, Copy)]
pub(super) struct PackedViews<'a> {
    pub(super) query: QueryWeights,
    pub(super) lists: PackedLists<'a>,
}

impl<'a> PackedViews<'a> {
    /// Splits a section; `None` when the parts do not fit into it.
    pub(super) fn new(section: &'a [u8], items: usize) -> Option<Self> {
        let (head, rest) = section.split_at_checked(HEAD_BYTES)?;
        let field = |index| u32_at(head, index);
        let query = QueryWeights {
            decay: field(0)? & ((1 << PRECISION_SHIFT) - 1),
            newest_again: field(1)?,
            again: field(2)?,
            again_decay: field(3)?,
        };
        let width = width_below(items);
        let bytes = items.checked_mul(width as usize)?.div_ceil(8);
        let (bytes, rest) = rest.split_at_checked(bytes)?;
        let positions = Positions {
            items,
            width,
            bytes,
        };
        Some(Self {
            query: query.limited(),
            lists: PackedLists {
                precision: Precision::from_bits(field(0)? >> PRECISION_SHIFT),
                ..PackedLists::new(rest, positions)?
            },
        })
    }
}

/// The item at each position.
#[derive(Debug, Clone, Copy)]
pub(super) struct Positions<'a> {
    items: usize,
    width: u32,
    bytes: &'a [u8],
}

impl Positions<'_> {
    #[inline]
    fn item(&self, position: u32) -> Option<u32> {
        packed_at(self.bytes, self.width, position)
    }

    /// Whether each item has one position. Takes a byte for each item.
    pub(super) fn are_right(&self) -> bool {
        let mut seen = vec![false; self.items];
        (0..self.items as u32).all(|position| {
            self.item(position)
                .and_then(|item| seen.get_mut(item as usize))
                .is_some_and(|seen| !std::mem::replace(seen, true))
        })
    }
}

/// One list for each item.
#[derive(Debug, Clone, Copy)]
pub(super) struct PackedLists<'a> {
    pub(super) positions: Positions<'a>,
    pub(super) precision: Precision,
    blocks: &'a [u8],
    lengths: &'a [u8],
    lists: &'a [u8],
}

impl<'a> PackedLists<'a> {
    /// Splits what begins with *blocks*; `None` when the parts do not fit into it.
    pub(super) fn new(bytes: &'a [u8], positions: Positions<'a>) -> Option<Self> {
        let items = positions.items;
        let blocks = items.div_ceil(BLOCK_LISTS).checked_add(1)?.checked_mul(4)?;
        let (blocks, rest) = bytes.split_at_checked(blocks)?;
        let (lengths, lists) = rest.split_at_checked(items)?;
        Some(Self {
            positions,
            precision: Precision::default(),
            blocks,
            lengths,
            lists,
        })
    }

    /// The neighbours of an item; `None` when it has none or when they cannot be read.
    pub(super) fn get(&self, item: u32) -> Option<PackedList<'a>> {
        let item = item as usize;
        let length = usize::from(*self.lengths.get(item)?);
        if length == 0 {
            return None;
        }
        let block = item / BLOCK_LISTS;
        let before = self.lengths.get(block * BLOCK_LISTS..item)?;
        let start = before.iter().map(|&length| usize::from(length)).sum();
        let start = (u32_at(self.blocks, block)? as usize).checked_add(start)?;
        let rest = self.lists.get(start..)?;
        let bits = (length <= rest.len()).then(|| BitReader::new(rest, length))?;
        Some(PackedList::new(self, bits))
    }

    /// Whether every offset is where the lengths lead to, and the last one the end.
    pub(super) fn are_offsets_right(&self) -> bool {
        let mut start = 0usize;
        for (block, lengths) in (0..).zip(self.lengths.chunks(BLOCK_LISTS)) {
            if u32_at(self.blocks, block).map(|at| at as usize) != Some(start) {
                return false;
            }
            start += lengths.iter().map(|&l| usize::from(l)).sum::<usize>();
        }
        let end = u32_at(self.blocks, self.positions.items.div_ceil(BLOCK_LISTS));
        end.map(|end| end as usize) == Some(start) && start == self.lists.len()
    }

    /// Whether an item's list is read to its last bit and no further.
    pub(super) fn is_list_right(&self, item: u32) -> bool {
        if self.lengths.get(item as usize) == Some(&0) {
            return true;
        }
        self.get(item).is_some_and(|mut list| {
            while list.left > 0 && list.step().is_some() {}
            list.left == 0 && list.bits.is_at_end()
        })
    }
}

/// One item's neighbours in the order of positions, each with its weight in 1/65536.
#[derive(Debug, Clone)]
pub(super) struct PackedList<'a> {
    bits: BitReader<'a>,
    positions: Positions<'a>,
    precision: Precision,
    position: u32,
    lowest: u32,
    rice: u32,
    left: u8,
    is_first: bool,
}

impl<'a> PackedList<'a> {
    fn new(lists: &PackedLists<'a>, mut bits: BitReader<'a>) -> Self {
        let left = bits.take(COUNT_BITS) as u8 + 1;
        let lowest = bits.take(LOWEST_BITS);
        let rice = bits.take(RICE_BITS);
        let position = bits.take(lists.positions.width);
        Self {
            bits,
            positions: lists.positions,
            precision: lists.precision,
            position,
            lowest,
            rice,
            left,
            is_first: true,
        }
    }

    /// The next neighbour's position and weight. What cannot be read leaves `left` above 0.
    #[inline]
    fn step(&mut self) -> Option<(u32, u32)> {
        let left = self.left.checked_sub(1)?;
        let mut window = self.bits.peek();
        let mut used = 0;
        if !std::mem::take(&mut self.is_first) {
            let zeta = window.trailing_zeros();
            if zeta > MAX_ZETA {
                return None;
            }
            window >>= zeta + 1;
            let (least, short) = (1u64 << (2 * zeta), 2 * zeta + 1);
            let mut value = window & ((1 << short) - 1);
            window >>= short;
            used = zeta + 1 + short;
            if value >= least {
                value = (value << 1 | window & 1) - least;
                window >>= 1;
                used += 1;
            }
            self.position = self.position.checked_add((least + value) as u32)?;
        }
        let upper = window.trailing_zeros();
        if upper >= WEIGHT_STEPS.len() as u32 || self.position as usize >= self.positions.items {
            return None;
        }
        let lower = (window >> (upper + 1)) as u32 & ((1 << self.rice) - 1);
        self.bits.skip(used + upper + 1 + self.rice);
        let level = self.lowest + (upper << self.rice | lower);
        let weight = self.precision.weight(level)?;
        if !self.bits.is_within() {
            return None;
        }
        self.left = left;
        Some((self.position, weight))
    }
}

impl Iterator for PackedList<'_> {
    type Item = (u32, u32);

    #[inline]
    fn next(&mut self) -> Option<(u32, u32)> {
        let (position, weight) = self.step()?;
        Some((self.positions.item(position)?, weight))
    }
}
