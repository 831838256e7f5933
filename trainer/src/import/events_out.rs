//! The events that an import writes.

use std::borrow::Cow;
use std::io::Write;

use super::ImportError;
use crate::events::{EventName, Line, LineItem, MAX_EVENT_ITEMS, Scalar};

/// What a line says, apart from the event's name.
pub(super) struct Facts {
    pub(super) user: String,
    pub(super) session: String,
    pub(super) item: String,
    pub(super) quantity: Option<f64>,
    /// Microseconds since 1970.
    pub(super) time: i64,
}

/// Events that wait for more lines of their session.
struct Waiting {
    name: EventName,
    facts: Facts,
    more: Vec<(String, Option<f64>)>,
}

pub(super) struct EventsOut<W> {
    out: W,
    /// At most one for each name.
    waiting: Vec<Waiting>,
    written: u64,
}

impl<W: Write> EventsOut<W> {
    pub(super) fn new(out: W) -> Self {
        Self {
            out,
            waiting: Vec::new(),
            written: 0,
        }
    }

    /// Writes an event with one item.
    pub(super) fn write(&mut self, name: EventName, facts: &Facts) -> Result<(), ImportError> {
        self.write_with(name, facts, &[])
    }

    /// Adds an item to the session's event of that name.
    pub(super) fn collect(&mut self, name: EventName, facts: &Facts) -> Result<(), ImportError> {
        let more = (facts.item.clone(), facts.quantity);
        if let Some(waiting) = self.waiting.iter_mut().find(|waiting| waiting.name == name)
            && waiting.more.len() + 1 < MAX_EVENT_ITEMS
        {
            waiting.more.push(more);
            return Ok(());
        }
        self.flush(Some(name))?;
        let facts = Facts {
            user: facts.user.clone(),
            session: facts.session.clone(),
            item: facts.item.clone(),
            ..*facts
        };
        self.waiting.push(Waiting {
            name,
            facts,
            more: Vec::new(),
        });
        Ok(())
    }

    /// Writes what waits for a session that is over.
    pub(super) fn session_is(&mut self, user: &str, session: &str) -> Result<(), ImportError> {
        if self
            .waiting
            .iter()
            .any(|w| w.facts.user != user || w.facts.session != session)
        {
            self.flush(None)?;
        }
        Ok(())
    }

    /// Writes all that waits and returns how many events were written.
    pub(super) fn finish(mut self) -> Result<u64, ImportError> {
        self.flush(None)?;
        self.out.flush().map_err(failed)?;
        Ok(self.written)
    }

    fn flush(&mut self, only: Option<EventName>) -> Result<(), ImportError> {
        for waiting in std::mem::take(&mut self.waiting) {
            if only.is_none_or(|name| name == waiting.name) {
                self.write_with(waiting.name, &waiting.facts, &waiting.more)?;
            } else {
                self.waiting.push(waiting);
            }
        }
        Ok(())
    }

    fn write_with(
        &mut self,
        name: EventName,
        facts: &Facts,
        more: &[(String, Option<f64>)],
    ) -> Result<(), ImportError> {
        let text = |text| Scalar::Text(Cow::Borrowed(text));
        let known = |value| {
            Some(value)
                .filter(|value: &&str| !value.is_empty())
                .map(text)
        };
        let first = (&facts.item, facts.quantity);
        let items =
            std::iter::once(first).chain(more.iter().map(|(item, quantity)| (item, *quantity)));
        let line = Line {
            event_name: Cow::Borrowed(name.name()),
            event_timestamp: Scalar::Int(facts.time),
            user_pseudo_id: known(&facts.user),
            ga_session_id: known(&facts.session),
            items: Some(
                items
                    .map(|(item, q)| LineItem {
                        item_id: text(item),
                        quantity: q.map(number),
                    })
                    .collect(),
            ),
            search_term: None,
        };
        serde_json::to_writer(&mut self.out, &line).map_err(|error| failed(error.into()))?;
        self.out.write_all(b"\n").map_err(failed)?;
        self.written += 1;
        Ok(())
    }
}

fn failed(source: std::io::Error) -> ImportError {
    ImportError::Write {
        what: "events",
        source,
    }
}

fn number(number: f64) -> Scalar<'static> {
    if number.fract() == 0.0 && number.abs() < 1e15 {
        Scalar::Int(number as i64)
    } else {
        Scalar::Float(number)
    }
}
