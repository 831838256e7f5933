//! The contents of the cookie's sections; `codec` draws them.

use super::bytes::{KEY_BYTES, Reader, write_key, write_leb128};
use super::facts::{Impression, PlaceKey, Preference, PreferenceKind, Purchase, ValueKey, View};
use super::state::{
    MAX_CART, MAX_IMPRESSIONS, MAX_OPINIONS, MAX_PREFERENCES, MAX_PURCHASES, MAX_SEARCHES,
    MAX_VIEWS, VisitorState, Visits,
};
use crate::snapshot::ItemKey;

/// A section's tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(super) enum Tag {
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

pub(super) const TAGS: [Tag; 10] = [
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

/// A section's content.
pub(super) fn section(state: &VisitorState, tag: Tag) -> Vec<u8> {
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
    pub(super) fn read_section(&mut self, tag: Tag, mut bytes: Reader<'_>) -> Option<()> {
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
    pub(super) fn pop_oldest(&mut self, tag: Tag, least: usize) -> bool {
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
    pub(super) fn shorten_to_limits(&mut self) {
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
