//! Where items occur.

use crate::sessions::Sessions;

/// In which sessions each item occurs, in order of time, and how often in all.
pub(super) struct Occurrences {
    starts: Vec<usize>,
    sessions: Vec<u32>,
    counts: Vec<u32>,
}

impl Occurrences {
    pub(super) fn of(items: usize, sessions: &Sessions) -> Self {
        const NOWHERE: u32 = u32::MAX;
        let mut counts = vec![0; items];
        let mut starts = vec![0; items + 1];
        let mut last = vec![NOWHERE; items];
        for (at, session) in (0u32..).zip(sessions.iter()) {
            for &step in session.steps {
                let item = step as usize;
                counts[item] += 1;
                starts[item + 1] += usize::from(std::mem::replace(&mut last[item], at) != at);
            }
        }
        for item in 0..items {
            starts[item + 1] += starts[item];
        }
        let mut next = starts.clone();
        let mut all = vec![0; starts[items]];
        last.fill(NOWHERE);
        for (at, session) in (0u32..).zip(sessions.iter()) {
            for &step in session.steps {
                let item = step as usize;
                if std::mem::replace(&mut last[item], at) != at {
                    all[next[item]] = at;
                    next[item] += 1;
                }
            }
        }
        Self {
            starts,
            sessions: all,
            counts,
        }
    }

    /// The sessions' places in the order of time.
    pub(super) fn sessions_of(&self, item: usize) -> &[u32] {
        &self.sessions[self.starts[item]..self.starts[item + 1]]
    }

    /// How often each item occurs.
    pub(super) fn counts(&self) -> &[u32] {
        &self.counts
    }
}
