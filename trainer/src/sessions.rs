//! Cutting events into sessions.

use std::ops::Range;

use crate::events::EventName;

/// A visitor who does nothing for so long, in seconds, starts a new session: GA4's rule.
pub const INACTIVITY_SECONDS: i64 = 30 * 60;
/// The longest session in steps; of a longer one the last steps count. People do not look at more in
/// one go, machines do, and pairs cost time in proportion.
pub const MAX_SESSION_STEPS: usize = 200;
/// The most interactions that are held in memory, 32 bytes each.
pub const MAX_INTERACTIONS: usize = 1 << 26;

/// One item of one event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interaction {
    /// What happened.
    pub name: EventName,
    /// The item's position in the catalogue.
    pub item: u32,
    /// When, in microseconds since 1970.
    pub time: i64,
    /// Whose session.
    pub owner: Owner,
}

/// To whom an interaction belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owner {
    /// To nobody known: it counts for popularity alone.
    Nobody,
    /// To a visitor; sessions are told by inactivity.
    Visitor(u64),
    /// To a session that the events name.
    Session(u64),
}

/// What to make of an item that is looked at twice in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reloads {
    /// One step: a reload says nothing of what goes together.
    Folded,
    /// Two steps: how often people stay where they are says what to expect next.
    Kept,
}

/// Sessions in order of time, each with the items that were looked at, oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sessions {
    steps: Vec<u32>,
    spans: Vec<Span>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Span {
    end: i64,
    from: usize,
    to: usize,
}

/// One session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Session<'a> {
    /// The last step's time, in microseconds since 1970.
    pub end: i64,
    /// The items, oldest first, at most [`MAX_SESSION_STEPS`]; no two neighbours the same where
    /// reloads were folded.
    pub steps: &'a [u32],
}

impl Sessions {
    /// Cuts interactions, in any order, into sessions. Views and additions to the cart are steps: both
    /// say that the visitor had the item before their eyes at that moment. A purchase is not: the order
    /// of a cart's lines is not the order in which they were found.
    ///
    /// Interactions of the same time keep their order.
    pub fn cut(interactions: &[Interaction], inactivity_seconds: i64, reloads: Reloads) -> Self {
        let is_step = |step: &&Interaction| {
            matches!(step.name, EventName::ViewItem | EventName::AddToCart)
                && step.owner != Owner::Nobody
        };
        let mut ordered: Vec<&Interaction> = interactions.iter().filter(is_step).collect();
        ordered.sort_by_key(|step| (step.owner, step.time));
        let gap = inactivity_seconds.saturating_mul(1_000_000);
        let together = |a: &&Interaction, b: &&Interaction| {
            a.owner == b.owner && (matches!(a.owner, Owner::Session(_)) || b.time - a.time < gap)
        };
        let mut sessions = Self::default();
        for session in ordered.chunk_by(together) {
            sessions.push(session, reloads);
        }
        // Of equal times the owner's hash decides: stable, because its seed is.
        sessions.spans.sort_by_key(|span| span.end);
        sessions
    }

    fn push(&mut self, session: &[&Interaction], reloads: Reloads) {
        let Some(last) = session.last() else { return };
        let start = self.steps.len();
        for step in session {
            // An addition to the cart follows the view of the same item, and is no reload.
            let is_kept = reloads == Reloads::Kept && step.name == EventName::ViewItem;
            if is_kept || self.steps[start..].last() != Some(&step.item) {
                self.steps.push(step.item);
            }
        }
        let surplus = (self.steps.len() - start).saturating_sub(MAX_SESSION_STEPS);
        self.steps.drain(start..start + surplus);
        self.spans.push(Span {
            end: last.time,
            from: start,
            to: self.steps.len(),
        });
    }

    /// The newest sessions, as many as have no more than `steps` steps in all.
    pub fn newest(&self, steps: usize) -> Self {
        let mut left = steps;
        let fits = |span: &&Span| {
            let rest = left.checked_sub(span.to - span.from);
            rest.inspect(|&rest| left = rest).is_some()
        };
        let count = self.spans.iter().rev().take_while(fits).count();
        self.copied(self.len() - count..self.len())
    }

    /// The first `at` sessions, and the others.
    pub fn split(&self, at: usize) -> (Self, Self) {
        let at = at.min(self.len());
        (self.copied(0..at), self.copied(at..self.len()))
    }

    fn copied(&self, range: Range<usize>) -> Self {
        let mut copy = Self::default();
        for span in &self.spans[range] {
            let from = copy.steps.len();
            copy.steps.extend(&self.steps[span.from..span.to]);
            let to = copy.steps.len();
            copy.spans.push(Span {
                end: span.end,
                from,
                to,
            });
        }
        copy
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// All sessions, oldest first.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Session<'_>> {
        self.spans.iter().map(|span| Session {
            end: span.end,
            steps: &self.steps[span.from..span.to],
        })
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
mod tests {
    use super::*;

    fn view(owner: Owner, minute: i64, item: u32) -> Interaction {
        Interaction {
            name: EventName::ViewItem,
            item,
            time: minute * 60_000_000,
            owner,
        }
    }

    fn steps(interactions: &[Interaction]) -> Vec<Vec<u32>> {
        Sessions::cut(interactions, INACTIVITY_SECONDS, Reloads::Folded)
            .iter()
            .map(|session| session.steps.to_vec())
            .collect()
    }

    #[test]
    fn visitors_are_told_apart_and_half_an_hour_divides() {
        let (a, b) = (Owner::Visitor(1), Owner::Visitor(2));
        let interleaved = [
            view(a, 0, 1),
            view(b, 1, 8),
            view(a, 2, 2),
            view(b, 3, 9),
            view(a, 31, 3),
            view(a, 61, 4),
            view(Owner::Nobody, 61, 5),
        ];
        assert_eq!(steps(&interleaved), [vec![8, 9], vec![1, 2, 3], vec![4]]);
    }

    #[test]
    fn interactions_are_as_small_as_their_limit_says() {
        assert_eq!(size_of::<Interaction>(), 32);
    }

    #[test]
    fn a_named_session_is_not_divided() {
        let s = Owner::Session(1);
        assert_eq!(steps(&[view(s, 0, 1), view(s, 500, 2)]), [vec![1, 2]]);
    }

    #[test]
    fn late_lines_find_their_place_and_repeats_are_folded() {
        let a = Owner::Visitor(1);
        let mut cart = view(a, 2, 2);
        cart.name = EventName::AddToCart;
        let mut bought = view(a, 3, 7);
        bought.name = EventName::Purchase;
        assert_eq!(
            steps(&[cart, view(a, 1, 2), view(a, 0, 1), bought, view(a, 4, 1)]),
            [vec![1, 2, 1]]
        );
    }

    #[test]
    fn reloads_can_be_kept_and_sessions_be_divided() {
        let (a, b) = (Owner::Session(1), Owner::Session(2));
        let mut cart = view(a, 1, 1);
        cart.name = EventName::AddToCart;
        let views = [
            view(a, 0, 1),
            view(a, 1, 1),
            cart,
            view(b, 2, 3),
            view(b, 3, 4),
        ];
        let sessions = Sessions::cut(&views, INACTIVITY_SECONDS, Reloads::Kept);
        let steps = |s: &Sessions| s.iter().map(|s| s.steps.to_vec()).collect::<Vec<_>>();
        assert_eq!(steps(&sessions), [vec![1, 1], vec![3, 4]]);
        let (first, second) = sessions.split(1);
        assert_eq!(
            (steps(&first), steps(&second)),
            (vec![vec![1, 1]], vec![vec![3, 4]])
        );
        assert_eq!(steps(&sessions.newest(3)), [vec![3, 4]]);
        assert_eq!(sessions.newest(4), sessions);
    }

    #[test]
    fn of_a_long_session_the_last_steps_count() {
        let many: Vec<_> = (0..=MAX_SESSION_STEPS as u32)
            .map(|i| view(Owner::Session(1), 0, i))
            .collect();
        let sessions = steps(&many);
        assert_eq!(sessions[0].len(), MAX_SESSION_STEPS);
        assert_eq!(
            (sessions[0][0], sessions[0].last()),
            (1, Some(&(MAX_SESSION_STEPS as u32)))
        );
    }
}
