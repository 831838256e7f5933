//! Which events came before, in bounded memory.

use std::collections::HashSet;
use std::mem;

use xxhash_rust::xxh3::Xxh3;

use crate::events::Event;

/// How many events are remembered at most, to find duplicates; half as many at least. Each takes some
/// ten bytes. Tags that fire twice and files that are given twice on the same day lie nearer.
pub const MAX_RECENT_EVENTS: usize = 1 << 22;

/// The newest events' hashes, in two halves: when the newer one is full, the older one is forgotten.
#[derive(Debug)]
pub(super) struct Recent {
    newer: HashSet<u64>,
    older: HashSet<u64>,
    half: usize,
}

impl Recent {
    pub(super) fn new(most: usize) -> Self {
        Self {
            newer: HashSet::new(),
            older: HashSet::new(),
            half: (most / 2).max(1),
        }
    }

    /// Whether the same visitor or session did the same to the same items at the same time before. Of
    /// an event that names neither nothing can be said.
    pub(super) fn has_seen(&mut self, event: &Event) -> bool {
        if event.visitor.is_none() && event.session.is_none() {
            return false;
        }
        let hash = hash(event);
        if self.older.contains(&hash) || !self.newer.insert(hash) {
            return true;
        }
        if self.newer.len() >= self.half {
            self.older = mem::take(&mut self.newer);
        }
        false
    }
}

fn hash(event: &Event) -> u64 {
    let mut hash = Xxh3::new();
    for id in [event.visitor, event.session] {
        hash.update(&id.unwrap_or_default().to_le_bytes());
    }
    hash.update(&event.time.to_le_bytes());
    hash.update(event.name.name().as_bytes());
    // Each text ends with a byte that UTF-8 does not have.
    for item in &event.items {
        hash.update(item.id.as_bytes());
        hash.update(b"\xff");
    }
    hash.update(event.search_term.as_deref().unwrap_or_default().as_bytes());
    hash.digest()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::{EventItem, EventName};

    fn event(visitor: Option<u64>, time: i64, ids: &[&str]) -> Event {
        let item = |id: &&str| EventItem {
            id: (*id).to_owned(),
            quantity: 1.0,
        };
        Event {
            name: EventName::ViewItem,
            time,
            visitor,
            session: None,
            items: ids.iter().map(item).collect(),
            search_term: None,
        }
    }

    #[test]
    fn only_the_same_is_a_duplicate() {
        let mut recent = Recent::new(100);
        assert!(!recent.has_seen(&event(Some(1), 1, &["a", "b"])));
        assert!(recent.has_seen(&event(Some(1), 1, &["a", "b"])));
        for other in [
            event(Some(2), 1, &["a", "b"]),
            event(Some(1), 2, &["a", "b"]),
            event(Some(1), 1, &["ab"]),
            event(Some(1), 1, &["b", "a"]),
        ] {
            assert!(!recent.has_seen(&other), "{other:?}");
        }
        let nobody = event(None, 1, &["a"]);
        assert!(!recent.has_seen(&nobody) && !recent.has_seen(&nobody));
    }

    #[test]
    fn memory_is_bounded_and_the_newest_are_kept() {
        let mut recent = Recent::new(10);
        for time in 0..100 {
            assert!(!recent.has_seen(&event(Some(1), time, &[])));
            assert!(recent.newer.len() + recent.older.len() <= 10);
        }
        assert!(recent.has_seen(&event(Some(1), 96, &[])));
        assert!(!recent.has_seen(&event(Some(1), 1, &[])));
    }
}
