//! The events that a log's rows become.

use std::borrow::Cow;

use super::ImportError;
use crate::events::{EventName, Line, LineItem, MAX_EVENT_ITEMS, Scalar};
use crate::report::Warnings;

/// What a row says, apart from the event's name.
pub(super) struct Facts {
    pub(super) user: String,
    pub(super) session: String,
    pub(super) item: String,
    pub(super) quantity: Option<f64>,
    /// Microseconds since 1970.
    pub(super) time: i64,
    /// The log's line.
    pub(super) line: u64,
}

/// Where events go: written by `import`, trained on by `build`.
pub(super) struct Out<'a> {
    pub(super) warnings: &'a mut Warnings,
    /// Is given an event as a line would have it, and the log's line that it began with.
    pub(super) each: &'a mut Each<'a>,
}

pub(super) type Each<'a> = dyn FnMut(Line<'_>, u64, &mut Warnings) -> Result<(), ImportError> + 'a;

/// Events that wait for more rows of their session.
struct Waiting {
    name: EventName,
    facts: Facts,
    more: Vec<(String, Option<f64>)>,
}

/// Gathers the rows of a session where one event is made of them.
#[derive(Default)]
pub(super) struct Gather {
    /// At most one for each name.
    waiting: Vec<Waiting>,
    emitted: u64,
}

impl Gather {
    /// Hands on an event with one item.
    pub(super) fn emit(
        &mut self,
        name: EventName,
        facts: &Facts,
        out: &mut Out<'_>,
    ) -> Result<(), ImportError> {
        self.emit_with(name, facts, &[], out)
    }

    /// Adds an item to the session's event of that name.
    pub(super) fn collect(
        &mut self,
        name: EventName,
        facts: &Facts,
        out: &mut Out<'_>,
    ) -> Result<(), ImportError> {
        let more = (facts.item.clone(), facts.quantity);
        if let Some(waiting) = self.waiting.iter_mut().find(|waiting| waiting.name == name)
            && waiting.more.len() + 1 < MAX_EVENT_ITEMS
        {
            waiting.more.push(more);
            return Ok(());
        }
        self.flush(Some(name), out)?;
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

    /// Hands on what waits for a session that is over.
    pub(super) fn session_is(
        &mut self,
        user: &str,
        session: &str,
        out: &mut Out<'_>,
    ) -> Result<(), ImportError> {
        let other = |w: &Waiting| w.facts.user != user || w.facts.session != session;
        if self.waiting.iter().any(other) {
            self.flush(None, out)?;
        }
        Ok(())
    }

    /// Hands on all that waits and returns how many events there were.
    pub(super) fn finish(mut self, out: &mut Out<'_>) -> Result<u64, ImportError> {
        self.flush(None, out)?;
        Ok(self.emitted)
    }

    fn flush(&mut self, only: Option<EventName>, out: &mut Out<'_>) -> Result<(), ImportError> {
        for waiting in std::mem::take(&mut self.waiting) {
            if only.is_none_or(|name| name == waiting.name) {
                self.emit_with(waiting.name, &waiting.facts, &waiting.more, out)?;
            } else {
                self.waiting.push(waiting);
            }
        }
        Ok(())
    }

    fn emit_with(
        &mut self,
        name: EventName,
        facts: &Facts,
        more: &[(String, Option<f64>)],
        out: &mut Out<'_>,
    ) -> Result<(), ImportError> {
        let first = std::iter::once((&facts.item, facts.quantity));
        let items = first.chain(more.iter().map(|(item, quantity)| (item, *quantity)));
        let items = items.map(|(item, quantity)| LineItem {
            item_id: Some(Scalar::Text(Cow::Borrowed(item))),
            quantity: quantity.map(Scalar::of),
        });
        let line = Line {
            event_name: Cow::Borrowed(name.name()),
            event_timestamp: Scalar::Int(facts.time),
            user_pseudo_id: known(&facts.user),
            ga_session_id: known(&facts.session),
            items: Some(items.collect()),
            search_term: None,
            event_params: Default::default(),
        };
        self.emitted += 1;
        (out.each)(line, facts.line, out.warnings)
    }
}

fn known(text: &str) -> Option<Scalar<'_>> {
    (!text.is_empty()).then_some(Scalar::Text(Cow::Borrowed(text)))
}
