//! What goes with all that a visitor looked at lately.

use std::sync::Arc;

use super::query::{Query, SCORE_SHIFT, best_first};
use crate::snapshot::Snapshot;

/// Items with scores, by item and by score: what a page's slots and lists look up. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Affinity(Option<Arc<Scored>>);

#[derive(Debug)]
struct Scored {
    query: Query,
    by_score: Vec<(u64, u32)>,
}

impl Affinity {
    /// Scores what goes with the newest of `seen` (newest first), as [`Query`] does.
    pub fn of(snapshot: &Snapshot, seen: &[u32]) -> Self {
        if seen.is_empty() {
            return Self::default();
        }
        let mut query = Query::new();
        query.run(snapshot, seen);
        let mut by_score: Vec<(u64, u32)> = Vec::with_capacity(query.met());
        by_score.extend(query.scored());
        best_first(&mut by_score);
        Self(Some(Arc::new(Scored { query, by_score })))
    }

    /// All items with a score, best first.
    pub fn ranked(&self) -> impl Iterator<Item = u32> + '_ {
        let scored = self.0.iter();
        scored.flat_map(|scored| scored.by_score.iter().map(|&(_, item)| item))
    }

    /// An item's score: 65,536 for one that is as close to the newest view as anything can be; more
    /// for one that was viewed itself.
    pub fn score(&self, item: u32) -> u64 {
        let scored = self.0.as_ref();
        scored.map_or(0, |scored| scored.query.score(item) >> SCORE_SHIFT)
    }
}
