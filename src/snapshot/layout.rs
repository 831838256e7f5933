//! The few shapes that sections are made of, read in place. No accessor indexes or panics: what does
//! not fit is absent.

use std::cmp::Ordering;
use std::ops::Range;

/// A u16 at `index` of an array.
pub(super) fn u16_at(bytes: &[u8], index: usize) -> Option<u16> {
    let start = index.checked_mul(2)?;
    let array = bytes.get(start..)?.first_chunk::<2>()?;
    Some(u16::from_le_bytes(*array))
}

/// A u32 at `index` of an array.
pub(super) fn u32_at(bytes: &[u8], index: usize) -> Option<u32> {
    let start = index.checked_mul(4)?;
    let array = bytes.get(start..)?.first_chunk::<4>()?;
    Some(u32::from_le_bytes(*array))
}

/// A u64 at `index` of an array.
pub(super) fn u64_at(bytes: &[u8], index: usize) -> Option<u64> {
    let start = index.checked_mul(8)?;
    let array = bytes.get(start..)?.first_chunk::<8>()?;
    Some(u64::from_le_bytes(*array))
}

/// The first index in `0..len` for which `is_at_least` holds, of a sorted array.
pub(super) fn partition_point(len: usize, mut is_less: impl FnMut(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, len);
    while low < high {
        let middle = low + (high - low) / 2;
        if is_less(middle) {
            low = middle + 1
        } else {
            high = middle
        }
    }
    low
}

/// How often [`SortedMap::get`] guesses at most: keys that are no hashes are found by halving.
const MOST_GUESSES: usize = 12;
/// So few keys are halved.
const FEW: usize = 8;

/// A sorted u64 array followed by a u32 array of the same length: a map read in place.
#[derive(Debug, Clone, Copy)]
pub(super) struct SortedMap<'a> {
    keys: &'a [u8],
    values: &'a [u8],
}

impl<'a> SortedMap<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Option<Self> {
        if !bytes.len().is_multiple_of(12) {
            return None;
        }
        let (keys, values) = bytes.split_at_checked(bytes.len() / 12 * 8)?;
        Some(Self { keys, values })
    }

    pub(super) fn len(self) -> usize {
        self.values.len() / 4
    }

    pub(super) fn entry(self, index: usize) -> Option<(u64, u32)> {
        Some((u64_at(self.keys, index)?, u32_at(self.values, index)?))
    }

    /// The value of a key, found by interpolation: keys are hashes, so where one stands is told by how large it is. It takes a number of
    /// looks that grows with the logarithm of the logarithm of the length (Perl, Itai and Avni, "Interpolation search: a log log N search", 1978).
    pub(super) fn get(self, key: u64) -> Option<u32> {
        let key_at = |index| u64_at(self.keys, index);
        let (mut low, mut high) = (0, self.len());
        let (mut least, mut most) = (key_at(0)?, key_at(high.checked_sub(1)?)?);
        if !(least..=most).contains(&key) {
            return None;
        }
        for _ in 0..MOST_GUESSES {
            if high - low <= FEW {
                break;
            }
            let share = (key - least) as f64 / (most - least) as f64;
            let guess = low + (share * (high - low) as f64) as usize;
            let guess = guess.min(high - 1);
            let found = key_at(guess)?;
            match found.cmp(&key) {
                Ordering::Less => (low, least) = (guess + 1, found),
                Ordering::Equal => return u32_at(self.values, guess),
                Ordering::Greater => (high, most) = (guess, found),
            }
        }
        let is_less = |index| key_at(low + index).is_some_and(|found| found < key);
        let (found, value) = self.entry(low + partition_point(high - low, is_less))?;
        (found == key).then_some(value)
    }
}

/// The (k+1) × u32 offsets of k lists, and what they point into.
pub(super) fn split_offsets(section: &[u8], lists: usize) -> Option<(&[u8], &[u8])> {
    section.split_at_checked(lists.checked_add(1)?.checked_mul(4)?)
}

/// Strings: count, offsets, text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Strings<'a> {
    offsets: &'a [u8],
    text: &'a [u8],
    count: usize,
}

impl<'a> Strings<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Option<Self> {
        let count = usize::try_from(u32_at(bytes, 0)?).ok()?;
        let offsets_len = count.checked_add(1)?.checked_mul(4)?;
        let (offsets, text) = bytes.get(4..)?.split_at_checked(offsets_len)?;
        let end = u32_at(offsets, count)?;
        (usize::try_from(end).ok()? == text.len()).then_some(Self {
            offsets,
            text,
            count,
        })
    }

    pub(super) fn len(self) -> usize {
        self.count
    }

    fn range(self, index: usize) -> Option<Range<usize>> {
        let start = usize::try_from(u32_at(self.offsets, index)?).ok()?;
        let end = usize::try_from(u32_at(self.offsets, index.checked_add(1)?)?).ok()?;
        (index < self.count).then_some(start..end)
    }

    pub(super) fn get(self, index: usize) -> Option<&'a str> {
        std::str::from_utf8(self.bytes(index)?).ok()
    }

    /// The same as bytes: reading them as UTF-8 is half the work of those who only compare or count.
    pub(super) fn bytes(self, index: usize) -> Option<&'a [u8]> {
        self.text.get(self.range(index)?)
    }

    /// Whether there is a string that is not empty.
    pub(super) fn has(self, index: usize) -> bool {
        self.bytes(index).is_some_and(|bytes| !bytes.is_empty())
    }

    /// The index of `wanted` in ascending strings.
    pub(super) fn find(self, wanted: &str) -> Option<usize> {
        let wanted = wanted.as_bytes();
        let is_before = |i| self.bytes(i).is_some_and(|s| s < wanted);
        let at = partition_point(self.count, is_before);
        (self.bytes(at)? == wanted).then_some(at)
    }
}

/// A dictionary column: codes, then the strings they stand for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dictionary<'a> {
    pub(super) codes: &'a [u8],
    pub(super) strings: Strings<'a>,
}

impl<'a> Dictionary<'a> {
    pub(super) fn new(bytes: &'a [u8], items: usize) -> Option<Self> {
        let (codes, strings) = bytes.split_at_checked(items.checked_mul(4)?)?;
        Some(Self {
            codes,
            strings: Strings::new(strings)?,
        })
    }

    pub(super) fn code(self, item: usize) -> Option<u32> {
        u32_at(self.codes, item)
    }
}

/// The bytes of strings.
pub(super) fn write_strings<'s>(
    strings: impl ExactSizeIterator<Item = &'s str> + Clone,
) -> Vec<u8> {
    let mut out = Vec::new();
    out.extend((strings.len() as u32).to_le_bytes());
    let mut end = 0u32;
    out.extend(end.to_le_bytes());
    for string in strings.clone() {
        end += string.len() as u32;
        out.extend(end.to_le_bytes());
    }
    strings.for_each(|string| out.extend(string.as_bytes()));
    out
}

/// The bytes of a map; `entries` is sorted here.
pub(super) fn write_map(mut entries: Vec<(u64, u32)>) -> Vec<u8> {
    entries.sort_unstable();
    let keys = entries.iter().flat_map(|(key, _)| key.to_le_bytes());
    let values = entries.iter().flat_map(|(_, value)| value.to_le_bytes());
    keys.chain(values).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn finds_all(entries: &BTreeMap<u64, u32>) {
        let bytes = write_map(entries.iter().map(|(key, value)| (*key, *value)).collect());
        let map = SortedMap::new(&bytes).expect("a map");
        for key in entries.keys() {
            for near in [key.saturating_sub(1), *key, key.saturating_add(1)] {
                assert_eq!(map.get(near), entries.get(&near).copied(), "{near}");
            }
        }
        for key in [0, 1, u64::MAX - 1, u64::MAX] {
            assert_eq!(map.get(key), entries.get(&key).copied(), "{key}");
        }
    }

    proptest! {
        #[test]
        fn a_map_finds_what_is_in_it(entries in proptest::collection::btree_map(any::<u64>(), any::<u32>(), 0..400)) {
            finds_all(&entries);
        }

        #[test]
        fn a_map_of_keys_that_are_no_hashes(entries in proptest::collection::btree_map((0u32..64, 0u64..5).prop_map(|(bits, low)| (1 << bits) + low), any::<u32>(), 0..200)) {
            finds_all(&entries);
        }

        #[test]
        fn a_map_that_is_no_map_ends(bytes in proptest::collection::vec(any::<u8>(), 0..600), key in any::<u64>()) {
            if let Some(map) = SortedMap::new(&bytes) {
                let _ = map.get(key);
            }
        }
    }
}
