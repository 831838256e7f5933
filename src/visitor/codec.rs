//! The cookie's bytes, version 2.
//!
//! ```text
//! base64url without padding of:
//!
//! offset  bytes  what
//! 0       1      version, 2
//! 1       ...    sections in the order of their tags, none of them empty:
//!                  1 byte   tag, each at most once
//!                  1-5      LEB128: length of the content in bytes
//!                  ...      content
//! last 4  4      low half of xxh3-64 over all bytes before it
//!
//! tag  section      content; entries are newest first
//! 1    id           8 bytes, little-endian
//! 2    visits       LEB128: count; minute of the first page; minutes from there to the last page;
//!                   minutes from the first page to the last one of the visit before, plus 1, or 0
//! 3    views        LEB128: minute of the newest; then entries of
//!                     6 bytes item key (little-endian), LEB128 minutes before the entry before it
//! 4    cart         as views
//! 5    purchases    as views, with days in place of minutes
//! 6    likes        6 bytes item key each
//! 7    dislikes     6 bytes item key each
//! 8    searches     4 bytes value key each (little-endian)
//! 9    impressions  entries of 2 bytes place key (little-endian), 6 bytes item key, 1 byte count
//! 10   preferences  entries of 1 byte kind, 4 bytes value key (little-endian)
//! ```
//!
//! Minutes and days count from 1970. What a section means never changes: what is new gets a new tag. A tag
//! that is not known here is a newer worker's; its section is handed back as it came, up to
//! [`MAX_FOREIGN_BYTES`], so that taking a worker back for an hour loses nothing.
//!
//! Anything else (another version, a wrong checksum, bytes left over, a list longer than its limit) is an
//! empty state: a foreign or damaged cookie never fails a page. `codec_v1` reads what came before.
//!
//! Not all lists fit at their full length. [`GIVES_WAY`] is the order in which old facts go.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use xxhash_rust::xxh3::xxh3_64;

use super::bytes::{KEY_BYTES, Reader, write_leb128};
use super::codec_v1;
use super::sections::{TAGS, Tag, section};
use super::state::VisitorState;
use crate::keys::TAG_CHARS;

/// The longest cookie value that is read or written, with its signature.
pub const MAX_COOKIE_BYTES: usize = 1024;

/// The most bytes of sections that this worker does not know.
pub const MAX_FOREIGN_BYTES: usize = 96;

/// The most bytes before base64, so that a signature behind a dot still fits. Signed or not, as much is
/// remembered.
const MAX_BYTES: usize = (MAX_COOKIE_BYTES - 1 - TAG_CHARS) / 4 * 3;

const VERSION: u8 = 2;
const CHECKSUM_BYTES: usize = 4;
const HEAD_BYTES: usize = 1;

/// What goes when the cookie is full, from the first row to the last: of each list the oldest entries, until
/// so many are left. With all rows used up, what is left always fits.
const GIVES_WAY: [(Tag, usize); 11] = [
    (Tag::Impressions, 12),
    (Tag::Searches, 4),
    (Tag::Views, 24),
    (Tag::Purchases, 12),
    (Tag::Impressions, 0),
    (Tag::Likes, 8),
    (Tag::Preferences, 8),
    (Tag::Views, 12),
    (Tag::Cart, 8),
    (Tag::Dislikes, 8),
    (Tag::Purchases, 6),
];

/// The most bytes of what has given way all it can, with numbers as long as they can be.
const LEAST_BYTES: usize = {
    const DATED: usize = KEY_BYTES + 5;
    const SECTIONS: usize = TAGS.len() * 3 + 2 * 5 + 5;
    let fixed = HEAD_BYTES + CHECKSUM_BYTES + SECTIONS + 8 + 4 * 5;
    let lists = (12 + 8 + 6) * DATED + (8 + 8) * KEY_BYTES + 4 * 4 + 8 * 5;
    fixed + lists + MAX_FOREIGN_BYTES
};
const _: () = assert!(LEAST_BYTES <= MAX_BYTES);

/// The cookie value of a state, without a signature. When not all fits, old facts give way.
pub fn encode(state: &VisitorState) -> String {
    let mut state = state.clone();
    state.shorten_to_limits();
    let mut sections = TAGS.map(|tag| section(&state, tag));
    let foreign: usize = state
        .foreign
        .iter()
        .map(|(_, content)| framed(content))
        .sum();
    let fixed = HEAD_BYTES + foreign + CHECKSUM_BYTES;
    let mut total = fixed
        + sections
            .iter()
            .map(|content| framed(content))
            .sum::<usize>();
    for (tag, least) in GIVES_WAY {
        while total > MAX_BYTES && state.pop_oldest(tag, least) {
            if let Some(content) = sections.get_mut(tag as usize - 1) {
                total -= framed(content);
                *content = section(&state, tag);
                total += framed(content);
            }
        }
    }
    let mut bytes = Vec::with_capacity(total);
    bytes.push(VERSION);
    for (tag, content) in TAGS.into_iter().zip(&sections) {
        write_section(&mut bytes, tag as u8, content);
    }
    for (tag, content) in &state.foreign {
        write_section(&mut bytes, *tag, content);
    }
    let checksum = checksum(&bytes);
    bytes.extend(checksum);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The state that a cookie value without a signature holds; empty when there is anything wrong with it.
pub fn decode(value: &str) -> VisitorState {
    try_decode(value).unwrap_or_default()
}

fn try_decode(value: &str) -> Option<VisitorState> {
    if value.len() > MAX_COOKIE_BYTES {
        return None;
    }
    let bytes = URL_SAFE_NO_PAD.decode(value).ok()?;
    let bytes = (bytes.len() <= MAX_BYTES).then_some(bytes)?;
    let (body, found) = bytes.split_last_chunk::<CHECKSUM_BYTES>()?;
    if *found != checksum(body) {
        return None;
    }
    match body.split_first()? {
        (1, rest) => codec_v1::decode(rest),
        (&VERSION, rest) => decode_sections(rest),
        _ => None,
    }
}

fn decode_sections(bytes: &[u8]) -> Option<VisitorState> {
    let mut state = VisitorState::default();
    let mut bytes = Reader(bytes);
    let (mut before, mut foreign) = (0, 0);
    while !bytes.is_empty() {
        let tag = bytes.byte()?;
        let length = usize::try_from(bytes.leb128()?).ok()?;
        let content = bytes.bytes(length)?;
        if tag <= before || content.is_empty() {
            return None;
        }
        before = tag;
        match TAGS.into_iter().find(|known| *known as u8 == tag) {
            Some(known) => state.read_section(known, Reader(content))?,
            None => {
                foreign += framed(content);
                if foreign <= MAX_FOREIGN_BYTES {
                    state.foreign.push((tag, content.to_vec()));
                }
            }
        }
    }
    Some(state)
}

fn checksum(bytes: &[u8]) -> [u8; CHECKSUM_BYTES] {
    // The low half is enough to tell damage; it is no protection against forgery: that is what keys are
    // for, where a shop wants it.
    (xxh3_64(bytes) as u32).to_le_bytes()
}

/// How many bytes a section takes; an empty one is left out.
fn framed(content: &[u8]) -> usize {
    // All contents together are shorter than 2^14 bytes.
    let length = if content.len() < 0x80 { 1 } else { 2 };
    match content.len() {
        0 => 0,
        bytes => 1 + length + bytes,
    }
}

fn write_section(out: &mut Vec<u8>, tag: u8, content: &[u8]) {
    if !content.is_empty() {
        out.push(tag);
        write_leb128(out, u32::try_from(content.len()).unwrap_or(u32::MAX));
        out.extend(content);
    }
}

#[cfg(test)]
#[path = "codec_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "codec_hostile_tests.rs"]
mod hostile_tests;
