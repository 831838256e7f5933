//! What becomes of a line's fields: times in one unit, pseudonyms for ids.

use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::wire::{Line, Scalar};
use super::{Event, EventItem, EventName, MAX_EVENT_ITEMS};
use crate::report::found;

/// The seed of visitors' pseudonyms. They are compared within a run and never leave it; the seed only
/// keeps them from being the plain hash of an id that other systems may hold.
const PSEUDONYM_SEED: u64 = 0x7461_696c_6f72_6264;
/// What GA4 writes for an item without an id.
const NOT_SET: &str = "(not set)";

impl Line<'_> {
    /// The event; `None` for one of another name.
    ///
    /// # Errors
    ///
    /// What was expected of the time and what was found.
    pub(crate) fn event(&self) -> Result<Option<Event>, String> {
        let Some(name) = EventName::parse(&self.event_name) else {
            return Ok(None);
        };
        let time = self
            .event_timestamp
            .whole()
            .and_then(microseconds)
            .ok_or_else(|| {
                let timestamp = found(&self.event_timestamp.text());
                format!("expected an event_timestamp in microseconds since 1970, found {timestamp}")
            })?;
        let visitor = pseudonym(self.user_pseudo_id.as_ref(), PSEUDONYM_SEED);
        let session = self.ga_session_id.as_ref();
        // A GA4 session id is unique only together with its user.
        let seed = visitor.unwrap_or(PSEUDONYM_SEED);
        let session = pseudonym(session.or(self.event_params.ga_session_id.as_ref()), seed);
        let items = self.items.iter().flatten().take(MAX_EVENT_ITEMS);
        let term = self.search_term.as_ref();
        let term = term.or(self.event_params.search_term.as_ref());
        Ok(Some(Event {
            name,
            time,
            visitor,
            session,
            items: items.map(item).collect(),
            search_term: term.map(|term| term.text().into_owned()),
        }))
    }
}

/// The visitor of a line and its id; `None` for a line that cannot be read or names none.
pub(crate) fn visitor_of(line: &[u8]) -> Option<(u64, String)> {
    let line: Line<'_> = serde_json::from_slice(line).ok()?;
    let id = line.user_pseudo_id.as_ref()?;
    let visitor = pseudonym(Some(id), PSEUDONYM_SEED)?;
    Some((visitor, id.text().into_owned()))
}

fn pseudonym(id: Option<&Scalar<'_>>, seed: u64) -> Option<u64> {
    let id = id?.text();
    (!id.is_empty()).then(|| xxh3_64_with_seed(id.as_bytes(), seed))
}

fn item(item: &super::LineItem<'_>) -> EventItem {
    let id = item.item_id.as_ref().map(Scalar::text).unwrap_or_default();
    let quantity = item.quantity.as_ref().and_then(Scalar::number);
    EventItem {
        id: if id == NOT_SET {
            String::new()
        } else {
            id.into_owned()
        },
        quantity: quantity.map_or(1.0, |quantity| quantity as f32),
    }
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
