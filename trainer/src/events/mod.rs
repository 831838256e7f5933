//! What visitors did: one JSON object a line, with the names of Google Analytics 4.
//!
//! ```json
//! {"event_name":"view_item","event_timestamp":1790000000000000,"user_pseudo_id":"u1",
//!  "ga_session_id":123,"items":[{"item_id":"X","quantity":1}]}
//! ```
//!
//! (on one line). `event_timestamp` is in microseconds; milliseconds and seconds are told by their
//! magnitude. `user_pseudo_id`, `ga_session_id`, `items` and `search_term` may be missing. Numbers may
//! be strings and the other way round. Lines are read one at a time; a damaged one is counted.

mod wire;

use std::io::{self, BufRead};

use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::input::{self, read_line};
use crate::report::{WarningKind, Warnings, found};
pub(crate) use wire::{Line, LineItem, Scalar};

/// The longest line in bytes. GA4 allows 200 items an event, which is some 100 KiB with all fields.
pub const MAX_LINE_BYTES: usize = 1 << 20;
/// The most items of an event that are read: GA4's own limit.
pub const MAX_EVENT_ITEMS: usize = 200;

/// How many lines pass between two reports of progress.
const PROGRESS_LINES: u64 = 8192;
/// The seed of visitors' pseudonyms. They are compared within a run and never leave it; the seed only
/// keeps them from being the plain hash of an id that other systems may hold.
const PSEUDONYM_SEED: u64 = 0x7461_696c_6f72_6264;

/// What happened. All other events of GA4 say nothing about items and are skipped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EventName {
    /// A product's page was looked at.
    ViewItem,
    /// A list with products was shown.
    ViewItemList,
    /// A product of a list was clicked.
    SelectItem,
    /// A product was put into the cart.
    AddToCart,
    /// A product was taken out of the cart.
    RemoveFromCart,
    /// Products were bought.
    Purchase,
    /// Something was searched for.
    Search,
}

impl EventName {
    /// All events with GA4's names.
    pub const ALL: [(&'static str, Self); 7] = [
        ("view_item", Self::ViewItem),
        ("view_item_list", Self::ViewItemList),
        ("select_item", Self::SelectItem),
        ("add_to_cart", Self::AddToCart),
        ("remove_from_cart", Self::RemoveFromCart),
        ("purchase", Self::Purchase),
        ("search", Self::Search),
    ];

    /// GA4's name.
    pub fn name(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(_, event)| *event == self)
            .map_or("", |(name, _)| name)
    }

    /// The event of a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(known, _)| *known == name)
            .map(|&(_, event)| event)
    }
}

/// An event, its visitor replaced by a hash.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// What happened.
    pub name: EventName,
    /// When, in microseconds since 1970.
    pub time: i64,
    /// Who, as a pseudonym; `None` when the event does not say.
    pub visitor: Option<u64>,
    /// In which session of that visitor, as a hash of both; `None` when the event does not say.
    pub session: Option<u64>,
    /// On which items.
    pub items: Vec<EventItem>,
    /// What was searched for.
    pub search_term: Option<String>,
}

/// One of an event's items.
#[derive(Debug, Clone, PartialEq)]
pub struct EventItem {
    /// The feed's id.
    pub id: String,
    /// How many; 1 when the event does not say.
    pub quantity: f32,
}

/// How many lines a file has, by what became of them. Damaged ones are the remainder.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LineCounts {
    /// All lines but empty ones.
    pub lines: u64,
    /// Events that were handed on.
    pub events: u64,
    /// Events whose names are none of [`EventName`]'s.
    pub other: u64,
}

/// Reads all events of a file and hands each to `each`, with its line number.
///
/// # Errors
///
/// Those of the reader; a damaged line is a warning.
pub fn read(
    input: &mut dyn BufRead,
    file: &str,
    warnings: &mut Warnings,
    progress: &mut dyn FnMut(u64),
    mut each: impl FnMut(Event, u64, &mut Warnings),
) -> io::Result<LineCounts> {
    let mut counts = LineCounts::default();
    let mut buffer = Vec::new();
    let mut number = 0;
    loop {
        let line = read_line(input, &mut buffer, MAX_LINE_BYTES)?;
        number += 1;
        if number % PROGRESS_LINES == 0 {
            progress(number);
        }
        let parsed = match line {
            input::Line::End => return Ok(counts),
            input::Line::TooLong => {
                Err(format!("expected a line of at most {MAX_LINE_BYTES} bytes"))
            }
            input::Line::Whole => {
                let text = buffer.trim_ascii();
                // A byte order mark, as Windows tools write it.
                let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
                if text.is_empty() {
                    continue;
                }
                parse_line(text)
            }
        };
        counts.lines += 1;
        match parsed {
            Ok(Some(event)) => {
                counts.events += 1;
                each(event, number, warnings);
            }
            Ok(None) => counts.other += 1,
            Err(what) => warnings.add(WarningKind::DamagedEvent, file, number, || what),
        }
    }
}

/// Reads one line; `None` for an event of another name.
fn parse_line(text: &[u8]) -> Result<Option<Event>, String> {
    let line: Line<'_> = serde_json::from_slice(text).map_err(|error| {
        // The line is not quoted: it may name a visitor.
        let message = error.to_string();
        let (reason, _) = message.split_once(" at line ").unwrap_or((&message, ""));
        format!(
            "expected an event as JSON, found {reason} at column {}",
            error.column()
        )
    })?;
    let Some(name) = EventName::parse(&line.event_name) else {
        return Ok(None);
    };
    let time = line
        .event_timestamp
        .whole()
        .and_then(microseconds)
        .ok_or_else(|| {
            let timestamp = found(&line.event_timestamp.text());
            format!("expected an event_timestamp in microseconds since 1970, found {timestamp}")
        })?;
    let visitor = line
        .user_pseudo_id
        .map(|user| user.text().into_owned())
        .filter(|user| !user.is_empty());
    let session = line
        .ga_session_id
        .map(|session| session.text().into_owned())
        .filter(|session| !session.is_empty());
    let hash = |text: &str, seed| xxh3_64_with_seed(text.as_bytes(), seed);
    let visitor = visitor.map(|user| hash(&user, PSEUDONYM_SEED));
    // A GA4 session id is unique only together with its user.
    let session = session.map(|session| hash(&session, visitor.unwrap_or(PSEUDONYM_SEED)));
    let items = line.items.unwrap_or_default();
    let items = items.iter().take(MAX_EVENT_ITEMS).map(|item| EventItem {
        id: item.item_id.text().into_owned(),
        quantity: item
            .quantity
            .as_ref()
            .and_then(Scalar::number)
            .map_or(1.0, |quantity| quantity as f32),
    });
    let search_term = line.search_term.map(std::borrow::Cow::into_owned);
    Ok(Some(Event {
        name,
        time,
        visitor,
        session,
        items: items.collect(),
        search_term,
    }))
}

/// A time since 1970 in microseconds, whichever of seconds, milliseconds and microseconds it came in.
/// The borders lie at 1973 for the finer and at the year 5138 for the coarser unit.
pub fn microseconds(timestamp: i64) -> Option<i64> {
    match timestamp {
        1..100_000_000_000 => timestamp.checked_mul(1_000_000),
        100_000_000_000..100_000_000_000_000 => timestamp.checked_mul(1_000),
        100_000_000_000_000..100_000_000_000_000_000 => Some(timestamp),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
