//! What visitors did: one JSON object a line, with the names of Google Analytics 4.
//!
//! ```json
//! {"event_name":"view_item","event_timestamp":1790000000000000,"user_pseudo_id":"u1",
//!  "ga_session_id":123,"items":[{"item_id":"X","quantity":1}]}
//! ```
//!
//! (on one line). `event_timestamp` is in microseconds; milliseconds and seconds are told by their
//! magnitude. `user_pseudo_id`, `ga_session_id`, `items` and `search_term` may be missing. Numbers may
//! be strings and the other way round. GA4's export to BigQuery has `ga_session_id` and `search_term`
//! in a list; they are taken from there where the line itself lacks them:
//!
//! ```json
//! {"event_params":[{"key":"ga_session_id","value":{"int_value":"123"}}]}
//! ```
//!
//! Lines are read some megabytes at a time and parsed on all cores; a damaged one is counted. Logs of other systems are read by a
//! [mapping](crate::import): [`read_source`].

mod batch;
mod convert;
mod params;
mod source;
mod wire;

use std::io::{self, BufRead};

use crate::report::{WarningKind, Warnings};
use batch::Batch;
pub use convert::microseconds;
pub(crate) use convert::visitor_of;
pub use source::{EventSource, ReadError, read_source};
pub(crate) use wire::{Line, LineItem, Scalar};

/// The longest line in bytes. GA4 allows 200 items an event, which is some 100 KiB with all fields.
pub const MAX_LINE_BYTES: usize = 1 << 20;
/// The most items of an event that are read: GA4's own limit.
pub const MAX_EVENT_ITEMS: usize = 200;

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
    let mut batch = Batch::default();
    loop {
        let more = batch.fill(input);
        for (number, parsed) in batch.parse() {
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
        if !more? {
            return Ok(counts);
        }
        progress(batch.read());
    }
}

/// Reads one line; `None` for an event of another name.
fn parse_line(text: &[u8]) -> Result<Option<Event>, String> {
    if text.first() != Some(&b'{') {
        // The line is not quoted: it may name a visitor.
        return Err(
            "expected an event as a JSON object, found a line without `{` at its start; \
                    another system's log needs --mapping"
                .to_owned(),
        );
    }
    let line: Line<'_> = serde_json::from_slice(text).map_err(|error| {
        let message = error.to_string();
        let (reason, _) = message.split_once(" at line ").unwrap_or((&message, ""));
        format!(
            "expected an event as JSON, found {reason} at column {}",
            error.column()
        )
    })?;
    line.event()
}

#[cfg(test)]
mod tests;
