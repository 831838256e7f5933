//! Cutting interactions into sessions.

use super::machines::{MAX_OWNER_INTERACTIONS, is_machine};
use super::{INACTIVITY_SECONDS, MAX_COUNTED_STEPS, Reloads, Sessions};
use crate::events::EventName;
use crate::interactions::{Interaction, Log, Owner, PARTITIONS, StoreError};

/// What makes a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// After so many seconds without a step, a new session begins.
    pub inactivity_seconds: i64,
    /// What is made of steps that repeat the one before.
    pub reloads: Reloads,
    /// Whether sessions that look like a machine's are kept.
    pub keep_machines: bool,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            inactivity_seconds: INACTIVITY_SECONDS,
            reloads: Reloads::Folded,
            keep_machines: false,
        }
    }
}

/// A larger basket is a reseller's: it says nothing of what goes together, and its pairs would be most
/// of all pairs.
pub const MAX_BASKET_LINES: usize = 100;

/// A partition's interactions, cut.
#[derive(Debug, Default)]
pub struct Cut {
    /// What was looked at, in no order of time yet.
    pub sessions: Sessions,
    /// What was bought in one session, likewise; each item once, ascending, at most
    /// [`MAX_BASKET_LINES`].
    pub baskets: Sessions,
    /// How many sessions were left out as a machine's.
    pub machines: u64,
}

impl Cut {
    /// Cuts a partition of a [`Log`]: interactions in order of owner and time. `each` gets those that
    /// are no machine's, also those that are nobody's.
    ///
    /// Views and additions to the cart are steps: both say that the visitor had the item before their
    /// eyes at that moment. A purchase is not: the order of a cart's lines is not the order in which
    /// they were found.
    pub fn of(partition: &[Interaction], rules: Rules, mut each: impl FnMut(&Interaction)) -> Self {
        let mut cut = Self::default();
        let gap = rules.inactivity_seconds.saturating_mul(1_000_000);
        let together = |a: &Interaction, b: &Interaction| {
            a.owner == b.owner && (matches!(a.owner, Owner::Session(_)) || b.time - a.time < gap)
        };
        for owner in partition.chunk_by(|a, b| a.owner == b.owner) {
            if owner[0].owner == Owner::Nobody {
                owner.iter().for_each(&mut each);
                continue;
            }
            let is_crowd = !rules.keep_machines && owner.len() > MAX_OWNER_INTERACTIONS;
            for session in owner.chunk_by(together) {
                let is_step =
                    |i: &&Interaction| matches!(i.name, EventName::ViewItem | EventName::AddToCart);
                let steps: Vec<&Interaction> = session.iter().filter(is_step).collect();
                let time = match (steps.first(), steps.last()) {
                    (Some(first), Some(last)) => last.time.saturating_sub(first.time),
                    _ => 0,
                };
                if is_crowd || (!rules.keep_machines && is_machine(steps.len(), time)) {
                    cut.machines += 1;
                    continue;
                }
                session.iter().for_each(&mut each);
                cut.add_steps(&steps, rules.reloads);
                cut.add_basket(session);
            }
        }
        cut
    }

    fn add_steps(&mut self, session: &[&Interaction], reloads: Reloads) {
        let Some(last) = session.last() else { return };
        let mut steps: Vec<u32> = Vec::with_capacity(session.len());
        for step in session {
            // An addition to the cart follows the view of the same item, and is no reload.
            let is_kept = reloads == Reloads::Kept && step.name == EventName::ViewItem;
            if is_kept || steps.last() != Some(&step.item) {
                steps.push(step.item);
            }
        }
        let surplus = steps.len().saturating_sub(MAX_COUNTED_STEPS);
        self.sessions.push(last.time, &steps[surplus..]);
    }

    fn add_basket(&mut self, session: &[Interaction]) {
        let is_bought = |i: &&Interaction| i.name == EventName::Purchase;
        let mut items: Vec<u32> = session.iter().filter(is_bought).map(|i| i.item).collect();
        items.sort_unstable();
        items.dedup();
        if let Some(last) = session.iter().rfind(is_bought)
            && items.len() <= MAX_BASKET_LINES
        {
            self.baskets.push(last.time, &items);
        }
    }

    /// Adds another partition's.
    pub fn append(&mut self, other: &Self) {
        self.sessions.append(&other.sessions);
        self.baskets.append(&other.baskets);
        self.machines += other.machines;
    }
}

impl Sessions {
    /// All sessions of a log, in order of time.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when what was written to disk cannot be read.
    pub fn cut(log: &Log, rules: Rules) -> Result<Self, StoreError> {
        let mut all = Cut::default();
        for number in 0..PARTITIONS {
            all.append(&Cut::of(&log.partition(number)?, rules, |_| ()));
        }
        all.sessions.sort();
        Ok(all.sessions)
    }
}
