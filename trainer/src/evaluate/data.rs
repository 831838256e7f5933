//! Training sessions, test cases and the numbers of items: what every model is given.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::interactions::Interaction;

/// The most interactions that are evaluated: all are held in memory, with what the baselines make of
/// them.
pub const MAX_INTERACTIONS: usize = 1 << 26;

/// A log, divided into what models learn from and what they are asked.
#[derive(Debug, Clone, Default)]
pub struct Data {
    /// Items of the training part, by number.
    pub items: Vec<String>,
    /// What the product's trainer learns from: everything, purchases included.
    pub interactions: Vec<Interaction>,
    /// What the baselines learn from: sessions in order of time.
    pub train: Vec<TrainSession>,
    /// Views of the test cases, each test session's in one piece.
    views: Vec<u32>,
    /// What is asked, session by session.
    cases: Vec<Span>,
    /// How many test sessions there are.
    pub test_sessions: u32,
    /// How many test views were left out, because the training part does not know their items.
    pub unknown_views: u64,
}

/// A session that models learn from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrainSession {
    /// The last view's time, in microseconds since 1970.
    pub end: i64,
    /// The items, oldest first.
    pub steps: Vec<u32>,
}

#[derive(Debug, Clone, Copy)]
struct Span {
    session: u32,
    from: u32,
    target: u32,
}

/// A question: after these views, which item comes next?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Case<'a> {
    /// The test session that it was taken from.
    pub session: u32,
    /// What was looked at, oldest first; at least one item.
    pub views: &'a [u32],
    /// What was looked at next.
    pub target: u32,
}

/// How large a log is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Different items of the training part; all of them are ranked.
    pub items: u64,
    /// Sessions that models learn from.
    pub train_sessions: u64,
    /// Their views.
    pub train_views: u64,
    /// Sessions with at least one case.
    pub test_sessions: u64,
    /// Questions: each view of a test session but the first is one.
    pub cases: u64,
    /// Test views that were left out, because the training part does not know their items.
    pub unknown_views: u64,
}

impl Data {
    /// Adds a test session, whose every prefix is a case. One with fewer than two views has none and
    /// is left out.
    pub fn add_test_session(&mut self, steps: &[u32]) {
        if steps.len() < 2 {
            return;
        }
        let from = self.views.len() as u32;
        self.views.extend_from_slice(steps);
        let session = self.test_sessions;
        let targets = from + 1..self.views.len() as u32;
        self.cases.extend(targets.map(|target| Span {
            session,
            from,
            target,
        }));
        self.test_sessions += 1;
    }

    /// Adds a single case, of the session before or of a new one.
    pub fn add_case(&mut self, views: &[u32], target: u32, same_session: bool) {
        if views.is_empty() {
            return;
        }
        if !same_session || self.test_sessions == 0 {
            self.test_sessions += 1;
        }
        let from = self.views.len() as u32;
        self.views.extend_from_slice(views);
        self.cases.push(Span {
            session: self.test_sessions - 1,
            from,
            target: self.views.len() as u32,
        });
        self.views.push(target);
    }

    /// How many cases there are.
    pub fn len(&self) -> usize {
        self.cases.len()
    }

    /// Whether nothing is asked.
    pub fn is_empty(&self) -> bool {
        self.cases.is_empty()
    }

    /// A case by its number, below [`len`](Self::len).
    pub fn case(&self, number: usize) -> Case<'_> {
        let span = self.cases[number];
        Case {
            session: span.session,
            views: &self.views[span.from as usize..span.target as usize],
            target: self.views[span.target as usize],
        }
    }

    /// How large everything is.
    pub fn counts(&self) -> Counts {
        Counts {
            items: self.items.len() as u64,
            train_sessions: self.train.len() as u64,
            train_views: self.train.iter().map(|s| s.steps.len() as u64).sum(),
            test_sessions: u64::from(self.test_sessions),
            cases: self.cases.len() as u64,
            unknown_views: self.unknown_views,
        }
    }

    /// How often each item was looked at in the training part.
    pub fn view_counts(&self) -> Vec<u32> {
        let mut counts = vec![0; self.items.len()];
        for &item in self.train.iter().flat_map(|session| &session.steps) {
            counts[item as usize] += 1;
        }
        counts
    }
}

/// Gives items their numbers, in the order in which they first appear.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    numbers: HashMap<String, u32>,
    items: Vec<String>,
}

impl Numbers {
    /// An item's number; a new one when it has none.
    pub(super) fn number(&mut self, item: &str) -> u32 {
        if let Some(&number) = self.numbers.get(item) {
            return number;
        }
        let number = self.items.len() as u32;
        self.numbers.insert(item.to_owned(), number);
        self.items.push(item.to_owned());
        number
    }

    /// An item's number, if it has one.
    pub(super) fn known(&self, item: &str) -> Option<u32> {
        self.numbers.get(item).copied()
    }

    /// All items, by number.
    pub(super) fn into_items(self) -> Vec<String> {
        self.items
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_prefix_of_a_session_is_a_case() {
        let mut data = Data::default();
        data.add_test_session(&[7]);
        data.add_test_session(&[1, 2, 3]);
        data.add_case(&[4, 5], 6, false);
        data.add_case(&[4], 5, true);
        let all: Vec<_> = (0..data.len())
            .map(|n| data.case(n))
            .map(|case| (case.session, case.views, case.target))
            .collect();
        let expected: [(u32, &[u32], u32); 4] =
            [(0, &[1], 2), (0, &[1, 2], 3), (1, &[4, 5], 6), (1, &[4], 5)];
        assert_eq!(all, expected);
        assert_eq!((data.test_sessions, data.is_empty()), (2, false));
    }
}
