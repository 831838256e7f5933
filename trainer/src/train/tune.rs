//! How much recent views weigh against each other: measured on a shop's own newest sessions.
//!
//! Shops differ most in this. Visitors of one come back to what they saw, of another never; in one the
//! last view says nearly all, in another the last five do. So the weights are moved, one after the
//! other, to where the next views of held-back sessions are found best: the sum of HR@20 and MRR@20.

use tailorbird::snapshot::QueryWeights;

use super::NEIGHBOURS;
use super::held_back::HeldBack;

const PERCENT: u32 = QueryWeights::ONE / 100;
/// What is tried, in 1/100.
const DECAYS: [u32; 8] = [20, 30, 40, 50, 60, 70, 80, 90];
const AGAIN: [u32; 11] = [0, 5, 10, 20, 35, 50, 75, 100, 150, 200, 300];
const ROUNDS: usize = 2;

/// The best weights for what was held back; [`QueryWeights::default`] where that is too little.
pub(super) fn query_weights(held_back: Option<&HeldBack>) -> QueryWeights {
    held_back.map_or_else(QueryWeights::default, best)
}

/// One of the weights.
type Field = fn(&mut QueryWeights) -> &mut u32;

fn best(held_back: &HeldBack) -> QueryWeights {
    // As long as they are where no size is asked for, so that asking for one moves no weight.
    let list = |item: u32| {
        let list = &held_back.lists[item as usize];
        &list[..list.len().min(NEIGHBOURS)]
    };
    let found = |weights: &QueryWeights| held_back.found(weights, list).sum();
    let mut best = QueryWeights::default();
    let mut most = found(&best);
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
                let score = found(&tried);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::EventName;
    use crate::interactions::{Interaction, Log, Owner};
    use crate::sessions::{Reloads, Rules, Sessions};
    use crate::train::Settings;

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
        query_weights(HeldBack::of(300, &sessions, &Settings::default()).as_ref())
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
        let held_back = HeldBack::of(3, &Sessions::default(), &Settings::default());
        assert_eq!(held_back, None);
        assert_eq!(query_weights(None), QueryWeights::default());
    }
}
