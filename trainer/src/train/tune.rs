//! How much recent views weigh against each other: measured on a shop's own newest sessions.
//!
//! Shops differ most in this. Visitors of one come back to what they saw, of another never; in one the
//! last view says nearly all, in another the last five do. So the newest tenth of the sessions is held
//! back, lists are trained on the rest, and the weights are moved, one after the other, to where the
//! next view of a held-back session is found best: the sum of HR@20 and MRR@20. The lists that are
//! published are then trained on all sessions.

use rayon::prelude::*;
use tailorbird::recommend::MAX_SEEDS;
use tailorbird::snapshot::{Neighbour, QueryWeights};

use super::neighbours::viewed_together;
use super::sums::Sums;
use super::{NEIGHBOURS, Settings};
use crate::sessions::Sessions;

/// At most so many next views are guessed.
const MAX_CASES: usize = 20_000;
/// With fewer, chance would decide, and [`QueryWeights::default`] holds.
const MIN_CASES: usize = 1_000;
/// The share of the sessions that is held back: one in so many.
const HELD_BACK: usize = 10;
/// How many guesses count.
const TOP: usize = 20;

const ONE: u32 = QueryWeights::ONE;
const PERCENT: u32 = ONE / 100;
/// What is tried, in 1/100.
const DECAYS: [u32; 8] = [20, 30, 40, 50, 60, 70, 80, 90];
const AGAIN: [u32; 11] = [0, 5, 10, 20, 35, 50, 75, 100, 150, 200, 300];
const ROUNDS: usize = 2;

/// One next view to guess.
struct Case {
    /// What was viewed before it, newest first, each item once.
    seen: Vec<u32>,
    next: u32,
}

/// The best weights for `sessions`, in which reloads were kept.
pub(super) fn query_weights(
    items: usize,
    sessions: &Sessions,
    settings: &Settings,
) -> QueryWeights {
    let (rest, held_back) = sessions.split(sessions.len() - sessions.len() / HELD_BACK);
    let mut cases = cases(&held_back);
    if cases.len() < MIN_CASES {
        return QueryWeights::default();
    }
    let settings = Settings {
        neighbours: NEIGHBOURS,
        ..settings.clone()
    };
    let lists = viewed_together(items, rest, &settings, &mut |_, _| ());
    // What nobody has seen before cannot be guessed, whatever the weights.
    cases.retain(|case| !lists[case.next as usize].is_empty());
    best(&lists, &cases)
}

/// Every case, or every second, third … so that there are not too many.
fn cases(sessions: &Sessions) -> Vec<Case> {
    let all = || {
        sessions
            .iter()
            .flat_map(|session| (1..session.steps.len()).map(move |at| (session.steps, at)))
    };
    let stride = all().count().div_ceil(MAX_CASES).max(1);
    let case = |(steps, at): (&[u32], usize)| {
        let mut seen: Vec<u32> = Vec::new();
        for &item in steps[..at].iter().rev() {
            if seen.len() < MAX_SEEDS && !seen.contains(&item) {
                seen.push(item);
            }
        }
        let next = steps[at];
        Case { seen, next }
    };
    all().step_by(stride).map(case).collect()
}

/// One of the weights.
type Field = fn(&mut QueryWeights) -> &mut u32;

fn best(lists: &[Vec<Neighbour>], cases: &[Case]) -> QueryWeights {
    let mut best = QueryWeights::default();
    let mut most = found(lists, cases, &best);
    let fields: [(Field, &[u32]); 4] = [
        (|q| &mut q.decay, &DECAYS),
        (|q| &mut q.again, &AGAIN),
        (|q| &mut q.newest_again, &AGAIN),
        (|q| &mut q.again_decay, &DECAYS),
    ];
    for _ in 0..ROUNDS {
        let before = best;
        for (field, values) in fields {
            for &value in values {
                let mut tried = best;
                *field(&mut tried) = value * PERCENT;
                let score = found(lists, cases, &tried);
                if score > most {
                    (best, most) = (tried, score);
                }
            }
        }
        if best == before {
            break;
        }
    }
    best
}

/// Hits and reciprocal ranks of all cases, in 1/1,000,000. An integer, so that no order of addition
/// changes it.
fn found(lists: &[Vec<Neighbour>], cases: &[Case], weights: &QueryWeights) -> u64 {
    cases
        .par_iter()
        .with_min_len(256)
        .map_init(
            || Sums::new(lists.len()),
            |sums, case| {
                add_up(sums, lists, case, weights);
                let own = sums.get(case.next);
                let is_before =
                    |&(item, sum): &(u32, f64)| sum > own || (sum == own && item < case.next);
                let rank = sums.iter().filter(is_before).count();
                sums.clear();
                if own == 0.0 || rank >= TOP {
                    return 0;
                }
                1_000_000 + 1_000_000 / (rank as u64 + 1)
            },
        )
        .sum()
}

/// The query as `tailorbird::recommend::Query` does it, on lists that are not packed yet.
fn add_up(sums: &mut Sums, lists: &[Vec<Neighbour>], case: &Case, weights: &QueryWeights) {
    let share = |field: u32| f64::from(field) / f64::from(ONE);
    let (mut view, mut again) = (1.0, share(weights.again));
    for (step, &seed) in case.seen.iter().enumerate() {
        for neighbour in &lists[seed as usize] {
            sums.add(neighbour.item, view * f64::from(neighbour.weight));
        }
        if step == 0 {
            sums.add(seed, share(weights.newest_again));
        } else {
            sums.add(seed, again);
            again *= share(weights.again_decay);
        }
        view *= share(weights.decay);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::EventName;
    use crate::interactions::{Interaction, Log, Owner};
    use crate::sessions::{Reloads, Rules};

    fn tuned(session: impl Fn(u64) -> Vec<u32>) -> QueryWeights {
        let views: Vec<Interaction> = (0..6_000u64)
            .flat_map(|owner| {
                let steps = session(owner).into_iter().zip(0..);
                steps.map(move |(item, at)| Interaction {
                    name: EventName::ViewItem,
                    item,
                    time: (owner as i64 * 100 + at) * 1_000_000,
                    owner: Owner::Session(owner),
                })
            })
            .collect();
        let rules = Rules {
            reloads: Reloads::Kept,
            ..Rules::default()
        };
        let sessions = Sessions::cut(&Log::of(&views), rules).expect("in memory");
        query_weights(300, &sessions, &Settings::default())
    }

    fn noise(of: u64, below: u64) -> u32 {
        ((of.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 33) % below) as u32
    }

    #[test]
    fn who_comes_back_is_told_from_who_does_not() {
        let back = tuned(|owner| {
            let (a, b) = (noise(owner, 300), noise(owner + 7_000, 300));
            vec![a, b, a, b, a]
        });
        let on = tuned(|owner| (0..5).map(|step| (noise(owner, 295)) + step).collect());
        assert!(back.again > on.again, "{back:?} {on:?}");
    }

    #[test]
    fn with_little_to_learn_from_the_default_holds() {
        let few = Sessions::default();
        let weights = query_weights(3, &few, &Settings::default());
        assert_eq!(weights, QueryWeights::default());
    }
}
