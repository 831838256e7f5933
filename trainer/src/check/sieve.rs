//! Which events count.

use super::recent::{MAX_RECENT_EVENTS, Recent};
use crate::events::Event;

/// What is to be made of an event; the same in both passes.
pub(super) struct Sieve {
    recent: Recent,
    latest: i64,
}

/// Why an event does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    Future,
    Duplicate,
}

impl Sieve {
    /// `latest`: the last time that is not the future, in microseconds since 1970.
    pub(super) fn new(latest: i64) -> Self {
        Self {
            recent: Recent::new(MAX_RECENT_EVENTS),
            latest,
        }
    }

    pub(super) fn look(&mut self, event: &Event) -> Result<(), Refused> {
        if event.time > self.latest {
            return Err(Refused::Future);
        }
        if self.recent.has_seen(event) {
            return Err(Refused::Duplicate);
        }
        Ok(())
    }
}
