//! The cookie's bytes.
//!
//! ```text
//! base64url without padding of:
//!
//! offset  bytes  what
//! 0       1      version, 1
//! 1       1      number of views n, at most MAX_VIEWS
//! 2       4      minute of the newest view (u32, little-endian), 0 when n = 0
//! 6       ...    n views, newest first:
//!                  6 bytes  item key (48 bits, little-endian)
//!                  1-5      LEB128: minutes between the view before it in this list and this one
//! last 4  4      low half of xxh3-64 over all bytes before it
//! ```
//!
//! Anything else (another version, a wrong checksum, bytes left over) is an empty history: a foreign
//! or damaged cookie never fails a page.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use xxhash_rust::xxh3::xxh3_64;

use super::{View, VisitorState};
use crate::snapshot::ItemKey;

/// The most views that are kept.
pub const MAX_VIEWS: usize = 40;

/// The longest cookie value that is read or written.
pub const MAX_COOKIE_BYTES: usize = 1024;

const VERSION: u8 = 1;
const KEY_BYTES: usize = (ItemKey::BITS / 8) as usize;
const CHECKSUM_BYTES: usize = 4;

/// The cookie value of a state.
pub fn encode(state: &VisitorState) -> String {
    let views = state.views.get(..MAX_VIEWS).unwrap_or(&state.views);
    let newest = views.first().map_or(0, |view| view.minute);
    let mut bytes = Vec::with_capacity(8 + views.len() * 9);
    // `views` was cut to MAX_VIEWS above, which fits a byte.
    bytes.extend([VERSION, views.len() as u8]);
    bytes.extend(newest.to_le_bytes());
    let mut previous = newest;
    for view in views {
        let key = view.item.as_u64().to_le_bytes();
        bytes.extend(&key[..KEY_BYTES]);
        write_leb128(&mut bytes, previous.saturating_sub(view.minute));
        previous = previous.min(view.minute);
    }
    let checksum = checksum(&bytes);
    bytes.extend(checksum);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The state that a cookie value holds; empty when there is anything wrong with it.
pub fn decode(value: &str) -> VisitorState {
    try_decode(value).unwrap_or_default()
}

fn try_decode(value: &str) -> Option<VisitorState> {
    if value.len() > MAX_COOKIE_BYTES {
        return None;
    }
    let bytes = URL_SAFE_NO_PAD.decode(value).ok()?;
    let (body, found) = bytes.split_last_chunk::<CHECKSUM_BYTES>()?;
    if *found != checksum(body) {
        return None;
    }
    let (&[version, count], rest) = body.split_first_chunk::<2>()?;
    let count = usize::from(count);
    if version != VERSION || count > MAX_VIEWS {
        return None;
    }
    let (newest, mut rest) = rest.split_first_chunk::<4>()?;
    let mut minute = u32::from_le_bytes(*newest);
    let mut views: Vec<View> = Vec::with_capacity(count);
    for _ in 0..count {
        let (key, after_key) = rest.split_first_chunk::<KEY_BYTES>()?;
        let mut number = [0; 8];
        number
            .iter_mut()
            .zip(key)
            .for_each(|(to, from)| *to = *from);
        let item = ItemKey::from_u64(u64::from_le_bytes(number));
        let (age, after_age) = read_leb128(after_key)?;
        minute = minute.checked_sub(age)?;
        if views.iter().any(|view| view.item == item) {
            return None;
        }
        views.push(View { item, minute });
        rest = after_age;
    }
    rest.is_empty().then_some(VisitorState { views })
}

fn checksum(bytes: &[u8]) -> [u8; CHECKSUM_BYTES] {
    // The low half is enough to tell damage; it is no protection against forgery, and needs none:
    // a visitor may tell us anything about himself.
    (xxh3_64(bytes) as u32).to_le_bytes()
}

fn write_leb128(out: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn read_leb128(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let mut value = 0u32;
    for (index, &byte) in bytes.iter().enumerate().take(5) {
        let part = u32::from(byte & 0x7f);
        let shift = 7 * index as u32;
        if shift == 28 && part > 0x0f {
            return None;
        }
        value |= part << shift;
        if byte & 0x80 == 0 {
            return Some((value, bytes.get(index + 1..)?));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn state(views: &[(u64, u32)]) -> VisitorState {
        VisitorState {
            views: views
                .iter()
                .map(|&(key, minute)| View {
                    item: ItemKey::from_u64(key),
                    minute,
                })
                .collect(),
        }
    }

    #[test]
    fn golden_vectors_of_version_1() {
        assert_eq!(encode(&state(&[])), "AQAAAAAA90Jz_w");
        let two = state(&[(0x0000_1234_5678_9abc, 29_000_000), (7, 28_999_000)]);
        assert_eq!(encode(&two), "AQJAgboBvJp4VjQSAAcAAAAAAOgHuliPJg");
        assert_eq!(decode("AQJAgboBvJp4VjQSAAcAAAAAAOgHuliPJg"), two);
    }

    #[test]
    fn a_full_cookie_fits() {
        let views: Vec<_> = (0..MAX_VIEWS as u64)
            .map(|n| (ItemKey::MASK - n, u32::MAX - (n as u32) * 100_000_000))
            .collect();
        let value = encode(&state(&views));
        assert!(value.len() <= MAX_COOKIE_BYTES, "{}", value.len());
        assert_eq!(decode(&value), state(&views));
    }

    #[test]
    fn foreign_values_are_an_empty_history() {
        for value in ["", "x", "GA1.2.3", "AQAAAAAA", "%00", "AgAAAAAA90Jz_w"] {
            assert!(decode(value).is_empty(), "{value}");
        }
    }

    proptest! {
        #[test]
        fn round_trip(mut ages in prop::collection::vec((0u64..1 << 48, 0u32..100_000), 0..=MAX_VIEWS)) {
            ages.sort();
            ages.dedup_by_key(|(key, _)| *key);
            let mut minute = u32::MAX;
            let views: Vec<_> = ages.iter().map(|&(key, age)| { minute -= age; (key, minute) }).collect();
            let before = state(&views);
            prop_assert_eq!(decode(&encode(&before)), before);
        }

        #[test]
        fn a_flipped_bit_is_noticed(bit in 0usize..40 * 8) {
            let value = encode(&state(&[(1, 500), (2, 400), (3, 300)]));
            let mut bytes = URL_SAFE_NO_PAD.decode(&value).unwrap();
            let bit = bit % (bytes.len() * 8);
            bytes[bit / 8] ^= 1 << (bit % 8);
            prop_assert!(decode(&URL_SAFE_NO_PAD.encode(bytes)).is_empty());
        }

        #[test]
        fn any_text_is_read_without_panic(value in ".{0,2000}") {
            decode(&value);
        }
    }
}
