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

use super::bytes::{KEY_BYTES, Reader, write_key, write_leb128};
use super::codec_v1;
use super::facts::{Impression, PlaceKey, Preference, PreferenceKind, Purchase, ValueKey, View};
use super::state::{
    MAX_CART, MAX_IMPRESSIONS, MAX_OPINIONS, MAX_PREFERENCES, MAX_PURCHASES, MAX_SEARCHES,
    MAX_VIEWS, VisitorState, Visits,
};
use crate::keys::TAG_CHARS;
use crate::snapshot::ItemKey;

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

/// A section's tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
enum Tag {
    Id = 1,
    Visits,
    Views,
    Cart,
    Purchases,
    Likes,
    Dislikes,
    Searches,
    Impressions,
    Preferences,
}

const TAGS: [Tag; 10] = [
    Tag::Id,
    Tag::Visits,
    Tag::Views,
    Tag::Cart,
    Tag::Purchases,
    Tag::Likes,
    Tag::Dislikes,
    Tag::Searches,
    Tag::Impressions,
    Tag::Preferences,
];

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

/// A section's content.
fn section(state: &VisitorState, tag: Tag) -> Vec<u8> {
    let mut out = Vec::new();
    let views = |view: &View| (view.item, view.minute);
    match tag {
        Tag::Id if state.id == 0 => {}
        Tag::Id => out.extend(state.id.to_le_bytes()),
        Tag::Visits => write_visits(&mut out, &state.visits),
        Tag::Views => write_dated(&mut out, state.views.iter().map(views)),
        Tag::Cart => write_dated(&mut out, state.cart.iter().map(views)),
        Tag::Purchases => write_dated(&mut out, state.purchases.iter().map(|p| (p.item, p.day))),
        Tag::Likes => state
            .likes
            .iter()
            .for_each(|item| write_key(&mut out, *item)),
        Tag::Dislikes => state
            .dislikes
            .iter()
            .for_each(|item| write_key(&mut out, *item)),
        Tag::Searches => out.extend(state.searches.iter().flat_map(|key| key.0.to_le_bytes())),
        Tag::Impressions => {
            for Impression { place, item, count } in &state.impressions {
                out.extend(place.0.to_le_bytes());
                write_key(&mut out, *item);
                out.push(*count);
            }
        }
        Tag::Preferences => {
            for Preference { kind, value } in &state.preferences {
                out.push(*kind as u8);
                out.extend(value.0.to_le_bytes());
            }
        }
    }
    out
}

fn write_visits(out: &mut Vec<u8>, visits: &Visits) {
    let Visits {
        count,
        first,
        previous,
        last,
    } = *visits;
    if count > 0 {
        let since = |minute: u32| minute.saturating_sub(first);
        let previous = match previous {
            0 => 0,
            minute => since(minute).saturating_add(1),
        };
        [count, first, since(last), previous]
            .into_iter()
            .for_each(|number| write_leb128(out, number));
    }
}

fn read_visits(bytes: &mut Reader<'_>) -> Option<Visits> {
    let (count, first) = (bytes.leb128()?, bytes.leb128()?);
    let last = first.checked_add(bytes.leb128()?)?;
    let previous = match bytes.leb128()? {
        0 => 0,
        after => first.checked_add(after - 1)?,
    };
    (count > 0).then_some(Visits {
        count,
        first,
        previous,
        last,
    })
}

/// Items with times, newest first.
fn write_dated(out: &mut Vec<u8>, entries: impl Iterator<Item = (ItemKey, u32)>) {
    let mut before = None;
    for (item, time) in entries {
        let newest = before.unwrap_or_else(|| {
            write_leb128(out, time);
            time
        });
        write_key(out, item);
        write_leb128(out, newest.saturating_sub(time));
        before = Some(newest.min(time));
    }
}

fn read_dated(bytes: &mut Reader<'_>, most: usize) -> Option<Vec<(ItemKey, u32)>> {
    let mut time = bytes.leb128()?;
    let mut entries: Vec<(ItemKey, u32)> = Vec::with_capacity(most.min(bytes.0.len() / KEY_BYTES));
    while !bytes.is_empty() {
        let item = bytes.key()?;
        time = time.checked_sub(bytes.leb128()?)?;
        if entries.len() == most || entries.iter().any(|(known, _)| *known == item) {
            return None;
        }
        entries.push((item, time));
    }
    (!entries.is_empty()).then_some(entries)
}

/// Entries that differ from each other.
fn read_list<T>(
    bytes: &mut Reader<'_>,
    most: usize,
    read: impl Fn(&mut Reader<'_>) -> Option<T>,
    same: impl Fn(&T, &T) -> bool,
) -> Option<Vec<T>> {
    let mut entries: Vec<T> = Vec::new();
    while !bytes.is_empty() {
        let entry = read(bytes)?;
        if entries.len() == most || entries.iter().any(|known| same(known, &entry)) {
            return None;
        }
        entries.push(entry);
    }
    Some(entries)
}

fn read_items(bytes: &mut Reader<'_>) -> Option<Vec<ItemKey>> {
    read_list(bytes, MAX_OPINIONS, |bytes| bytes.key(), PartialEq::eq)
}

fn read_value(bytes: &mut Reader<'_>) -> Option<ValueKey> {
    bytes
        .array()
        .map(|bytes| ValueKey(u32::from_le_bytes(bytes)))
}

fn read_impression(bytes: &mut Reader<'_>) -> Option<Impression> {
    Some(Impression {
        place: PlaceKey(u16::from_le_bytes(bytes.array()?)),
        item: bytes.key()?,
        count: bytes.byte()?,
    })
}

fn read_preference(bytes: &mut Reader<'_>) -> Option<Preference> {
    let kind = bytes.byte()?;
    let value = read_value(bytes)?;
    Some(Preference {
        kind: PreferenceKind::from_number(kind)?,
        value,
    })
}

impl VisitorState {
    fn read_section(&mut self, tag: Tag, mut bytes: Reader<'_>) -> Option<()> {
        let bytes = &mut bytes;
        let view = |(item, minute)| View { item, minute };
        let dated = |bytes: &mut Reader<'_>, most| {
            let entries = read_dated(bytes, most)?;
            Some(entries.into_iter().map(view).collect::<Vec<View>>())
        };
        match tag {
            Tag::Id => self.id = u64::from_le_bytes(bytes.array()?),
            Tag::Visits => self.visits = read_visits(bytes)?,
            Tag::Views => self.views = dated(bytes, MAX_VIEWS)?,
            Tag::Cart => self.cart = dated(bytes, MAX_CART)?,
            Tag::Purchases => {
                let entries = read_dated(bytes, MAX_PURCHASES)?.into_iter();
                self.purchases = entries.map(|(item, day)| Purchase { item, day }).collect();
            }
            Tag::Likes => self.likes = read_items(bytes)?,
            Tag::Dislikes => self.dislikes = read_items(bytes)?,
            Tag::Searches => {
                self.searches = read_list(bytes, MAX_SEARCHES, read_value, PartialEq::eq)?;
            }
            Tag::Impressions => {
                let same = |a: &Impression, b: &Impression| a.place == b.place && a.item == b.item;
                self.impressions = read_list(bytes, MAX_IMPRESSIONS, read_impression, same)?;
            }
            Tag::Preferences => {
                self.preferences =
                    read_list(bytes, MAX_PREFERENCES, read_preference, PartialEq::eq)?;
            }
        }
        let is_torn = tag == Tag::Dislikes && self.likes.iter().any(|i| self.dislikes.contains(i));
        (bytes.is_empty() && !is_torn && (tag != Tag::Id || self.id != 0)).then_some(())
    }

    /// Forgets the oldest entry of a list that has more than `least`.
    fn pop_oldest(&mut self, tag: Tag, least: usize) -> bool {
        fn pop<T>(list: &mut Vec<T>, least: usize) -> bool {
            list.len() > least && list.pop().is_some()
        }
        match tag {
            Tag::Id | Tag::Visits => false,
            Tag::Views => pop(&mut self.views, least),
            Tag::Cart => pop(&mut self.cart, least),
            Tag::Purchases => pop(&mut self.purchases, least),
            Tag::Likes => pop(&mut self.likes, least),
            Tag::Dislikes => pop(&mut self.dislikes, least),
            Tag::Searches => pop(&mut self.searches, least),
            Tag::Impressions => pop(&mut self.impressions, least),
            Tag::Preferences => pop(&mut self.preferences, least),
        }
    }

    /// The lists are public, so they may be longer than the methods make them.
    fn shorten_to_limits(&mut self) {
        self.views.truncate(MAX_VIEWS);
        self.cart.truncate(MAX_CART);
        self.purchases.truncate(MAX_PURCHASES);
        self.likes.truncate(MAX_OPINIONS);
        self.dislikes.truncate(MAX_OPINIONS);
        self.searches.truncate(MAX_SEARCHES);
        self.impressions.truncate(MAX_IMPRESSIONS);
        self.preferences.truncate(MAX_PREFERENCES);
    }
}

#[cfg(test)]
#[path = "codec_tests.rs"]
mod tests;
