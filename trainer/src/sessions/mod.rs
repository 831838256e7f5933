//! What visitors looked at, one session after the other.

mod cut;
mod machines;

pub use cut::{Cut, MAX_BASKET_LINES, Rules};
pub use machines::{MACHINE_STEPS, MAX_OWNER_INTERACTIONS, MAX_SESSION_STEPS, is_machine};

/// A visitor who does nothing for so long, in seconds, starts a new session: GA4's rule.
pub const INACTIVITY_SECONDS: i64 = 30 * 60;
/// Of a longer session the last steps count: pairs cost time in proportion.
pub const MAX_COUNTED_STEPS: usize = 200;

/// What to make of an item that is looked at twice in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reloads {
    /// One step: a reload says nothing of what goes together.
    Folded,
    /// Two steps: how often people stay where they are says what to expect next.
    Kept,
}

/// Sessions in order of time, each with its items, oldest first: those that were looked at, or those
/// of one basket.
#[derive(Debug, Clone, Default)]
pub struct Sessions {
    steps: Vec<u32>,
    spans: Vec<Span>,
}

/// 16 bytes: of these there may be tens of millions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Span {
    end: i64,
    from: u32,
    len: u32,
}

/// One session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Session<'a> {
    /// The last step's time, in microseconds since 1970.
    pub end: i64,
    /// The items, oldest first, at most [`MAX_COUNTED_STEPS`]; no two neighbours the same where
    /// reloads were folded.
    pub steps: &'a [u32],
}

impl Sessions {
    /// The most steps of all sessions together.
    pub const MAX_STEPS: usize = u32::MAX as usize;

    /// Adds a session. One that would not fit any more is left out.
    pub(crate) fn push(&mut self, end: i64, steps: &[u32]) {
        if self.steps.len() + steps.len() <= Self::MAX_STEPS {
            self.spans.push(Span {
                end,
                from: self.steps.len() as u32,
                len: steps.len() as u32,
            });
            self.steps.extend(steps);
        }
    }

    /// Adds all of another's.
    pub(crate) fn append(&mut self, other: &Self) {
        self.steps.reserve(other.steps.len());
        self.spans.reserve(other.spans.len());
        for session in other.iter() {
            self.push(session.end, session.steps);
        }
    }

    /// Puts them in order of time, those of the same time as they stand.
    pub(crate) fn sort(&mut self) {
        self.spans.sort_by_key(|span| span.end);
    }

    /// The newest sessions, as many as have no more than `steps` steps in all.
    pub fn newest(&self, steps: usize) -> Self {
        let mut left = steps;
        let fits = |span: &&Span| {
            let rest = left.checked_sub(span.len as usize);
            rest.inspect(|&rest| left = rest).is_some()
        };
        let count = self.spans.iter().rev().take_while(fits).count();
        self.split(self.len() - count).1
    }

    /// The first `at` sessions, and the others.
    pub fn split(&self, at: usize) -> (Self, Self) {
        let (mut first, mut others) = (Self::default(), Self::default());
        for (number, session) in self.iter().enumerate() {
            let to = if number < at { &mut first } else { &mut others };
            to.push(session.end, session.steps);
        }
        (first, others)
    }

    /// Those that ended at a time or before it.
    pub(crate) fn until(&self, time: i64) -> Self {
        self.split(self.spans.partition_point(|span| span.end <= time))
            .0
    }

    /// The same sessions with one step for each that is repeated at once.
    #[must_use]
    pub fn folded(mut self) -> Self {
        let mut to = 0;
        let mut spans: Vec<usize> = (0..self.spans.len()).collect();
        // In the order in which their steps stand, so that each moves to the left.
        spans.sort_unstable_by_key(|&at| self.spans[at].from);
        for at in spans {
            let Span { from, len, .. } = self.spans[at];
            let start = to;
            for step in from as usize..(from + len) as usize {
                if to == start || self.steps[to - 1] != self.steps[step] {
                    self.steps[to] = self.steps[step];
                    to += 1;
                }
            }
            self.spans[at].from = start as u32;
            self.spans[at].len = (to - start) as u32;
        }
        self.steps.truncate(to);
        self
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// Steps of all sessions.
    pub fn steps(&self) -> usize {
        self.steps.len()
    }

    /// The session at a place in the order of time.
    pub fn get(&self, at: usize) -> Option<Session<'_>> {
        self.spans.get(at).map(|&span| self.session(span))
    }

    /// All sessions, oldest first.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Session<'_>> {
        self.spans.iter().map(|&span| self.session(span))
    }

    fn session(&self, span: Span) -> Session<'_> {
        let from = span.from as usize;
        Session {
            end: span.end,
            steps: &self.steps[from..from + span.len as usize],
        }
    }

    /// Replaces each item by its new number.
    pub fn renumber(&mut self, new: &[u32]) {
        for step in &mut self.steps {
            if let Some(&number) = new.get(*step as usize) {
                *step = number;
            }
        }
    }
}

#[cfg(test)]
mod tests;
