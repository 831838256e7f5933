//! What goes with all that a visitor looked at lately.

use super::query::{Query, SCORE_SHIFT};
use crate::snapshot::Snapshot;

/// Items with scores, by item and by score: what a page's slots and lists look up.
#[derive(Debug, Clone, Default)]
pub struct Affinity {
    by_item: Vec<(u32, u64)>,
    by_score: Vec<u32>,
}

impl Affinity {
    /// Scores what goes with the newest of `seen` (newest first), as [`Query`] does.
    pub fn of(snapshot: &Snapshot, seen: &[u32]) -> Self {
        if seen.is_empty() {
            return Self::default();
        }
        let mut query = Query::new();
        query.run(snapshot, seen);
        let mut ranked: Vec<(u64, u32)> = query.scored().collect();
        ranked.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        let by_score = ranked.iter().map(|&(_, item)| item).collect();
        let mut by_item: Vec<(u32, u64)> = ranked
            .into_iter()
            .map(|(score, item)| (item, score))
            .collect();
        by_item.sort_unstable();
        Self { by_item, by_score }
    }

    /// All items with a score, best first.
    pub fn ranked(&self) -> impl Iterator<Item = u32> + '_ {
        self.by_score.iter().copied()
    }

    /// An item's score: 65,536 for one that is as close to the newest view as anything can be; more
    /// for one that was viewed itself.
    pub fn score(&self, item: u32) -> u64 {
        let at = self.by_item.binary_search_by_key(&item, |(item, _)| *item);
        at.ok()
            .and_then(|at| self.by_item.get(at))
            .map_or(0, |(_, score)| score >> SCORE_SHIFT)
    }
}
