//! How much baskets, content and common attributes add to what is viewed together: measured on a shop's
//! own held-back sessions, as the weights of views are (see [`tune`](super::tune)).
//!
//! What does not help stays at 0, and costs an edge nothing. Chance helps a little, too: a weight must
//! find more by [`LEAST_GAIN`].

use tailorbird::recommend::{MAX_BESIDE, MAX_SEEDS, MAX_TASTE};
use tailorbird::snapshot::{BlendWeights, Neighbour, QueryWeights};

use super::affinities::NONE;
use super::held_back::{Case, HeldBack, add_up};
use super::sums::Sums;
use super::{BASKET_NEIGHBOURS, CONTENT_NEIGHBOURS, NEIGHBOURS};

const PERCENT: u32 = BlendWeights::ONE / 100;
/// What is tried, in 1/100.
const SHARES: [u32; 8] = [0, 3, 6, 12, 25, 50, 75, 100];
const TASTES: [u32; 8] = [0, 5, 10, 20, 35, 50, 100, 200];
const ROUNDS: usize = 2;

/// A weight is moved only where that finds more by one in so many.
const LEAST_GAIN: u64 = 1000;

// A query reads no more of each kind, so no list may be longer.
const _: () = assert!(BASKET_NEIGHBOURS <= MAX_BESIDE && CONTENT_NEIGHBOURS <= MAX_BESIDE);

/// What is known of items beside what is viewed together. Learned from nothing that was held back.
pub(super) struct Beside<'a> {
    pub(super) bought: &'a [Vec<Neighbour>],
    pub(super) content: &'a [Vec<Neighbour>],
    /// Codes of attributes by item, and what each attribute says, in octaves.
    pub(super) columns: Vec<(&'a [u32], f64)>,
}

/// One of the weights.
type Field = fn(&mut BlendWeights) -> &mut u32;

/// The best weights for what was held back.
pub(super) fn blend_weights(
    held_back: &HeldBack,
    query: &QueryWeights,
    beside: &Beside<'_>,
) -> BlendWeights {
    let found = |weights: &BlendWeights| {
        let score = |sums: &mut Sums, case: &Case| {
            add_up_all(sums, held_back, case, query, weights, beside);
        };
        held_back.found_of_all(score).sum()
    };
    let has_any = |lists: &[Vec<Neighbour>]| lists.iter().any(|list| !list.is_empty());
    let mut fields: Vec<(Field, &[u32])> = Vec::new();
    if has_any(beside.bought) {
        fields.push((|b| &mut b.bought, &SHARES));
    }
    if has_any(beside.content) {
        fields.push((|b| &mut b.content, &SHARES));
    }
    if !beside.columns.is_empty() {
        fields.push((|b| &mut b.taste, &TASTES));
    }
    let mut best = BlendWeights::default();
    if fields.is_empty() {
        return best;
    }
    let mut most = found(&best);
    for _ in 0..ROUNDS {
        let before = best;
        for &(field, values) in &fields {
            for &value in values {
                let mut tried = best;
                *field(&mut tried) = value * PERCENT;
                if tried == best {
                    continue;
                }
                let score = found(&tried);
                if score > most + most / LEAST_GAIN {
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

/// The query as `tailorbird::recommend::Query` does it with a blend.
fn add_up_all(
    sums: &mut Sums,
    held_back: &HeldBack,
    case: &Case,
    query: &QueryWeights,
    weights: &BlendWeights,
    beside: &Beside<'_>,
) {
    let share = |field: u32| f64::from(field) / f64::from(BlendWeights::ONE);
    let list = |item: u32| {
        let list = &held_back.lists[item as usize];
        &list[..list.len().min(NEIGHBOURS)]
    };
    add_up(sums, &list, case, query);
    let mut view = 1.0;
    for &seed in &case.seen {
        let content = if list(seed).is_empty() {
            1.0
        } else {
            share(weights.content)
        };
        for (lists, share) in [
            (beside.bought, share(weights.bought)),
            (beside.content, content),
        ] {
            for neighbour in lists.get(seed as usize).into_iter().flatten() {
                sums.add(neighbour.item, view * share * f64::from(neighbour.weight));
            }
        }
        view *= f64::from(query.decay) / f64::from(QueryWeights::ONE);
    }
    let scale = share(weights.taste);
    if scale > 0.0 {
        let tastes: Vec<Taste<'_>> = beside
            .columns
            .iter()
            .map(|&(codes, octaves)| Taste::of(codes, &case.seen, octaves * scale))
            .collect();
        sums.multiply(|item| {
            let gains = tastes.iter().map(|taste| taste.gain(item));
            (1.0 + gains.sum::<f64>()).min(f64::from(MAX_TASTE))
        });
    }
}

/// What viewed items have in common in one attribute.
struct Taste<'a> {
    codes: &'a [u32],
    gains: Vec<(u32, f64)>,
}

impl<'a> Taste<'a> {
    fn of(codes: &'a [u32], seen: &[u32], most: f64) -> Self {
        let mut gains: Vec<(u32, f64)> = Vec::with_capacity(MAX_SEEDS);
        let known = seen.iter().map(|&item| codes[item as usize]);
        for code in known.filter(|&code| code != NONE) {
            match gains.iter_mut().find(|gain| gain.0 == code) {
                Some(gain) => gain.1 += most,
                None => gains.push((code, most)),
            }
        }
        let total = gains.iter().map(|gain| gain.1).sum::<f64>() / most;
        gains.iter_mut().for_each(|gain| gain.1 /= total);
        Self { codes, gains }
    }

    fn gain(&self, item: u32) -> f64 {
        let code = self.codes[item as usize];
        let own = self.gains.iter().find(|gain| gain.0 == code);
        own.map_or(0.0, |gain| gain.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::EventName;
    use crate::interactions::{Interaction, Log, Owner};
    use crate::train::{Model, Settings, train};
    use tailorbird::snapshot::{ItemRecord, ItemText};

    const ITEMS: u32 = 2_000;
    const BRANDS: u32 = 50;

    fn noise(of: u64) -> u32 {
        (of.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) as u32
    }

    /// A shop with so many products that each pair is seen seldom, and what it learns.
    fn learned(next: impl Fn(u32, u64) -> u32, bought: bool) -> Model {
        let items: Vec<ItemRecord> = (0..ITEMS)
            .map(|item| ItemRecord {
                id: format!("i{item}"),
                brand: format!("b{}", item % BRANDS),
                texts: vec![ItemText::default()],
                ..ItemRecord::default()
            })
            .collect();
        let next = &next;
        let steps = (0..6_000u64).flat_map(|session| {
            let mut at = noise(session) % ITEMS;
            let first = at;
            (0..4u64).map(move |step| {
                let name = if bought && step == 3 {
                    EventName::Purchase
                } else {
                    EventName::ViewItem
                };
                let item = if step == 3 { first } else { at };
                at = next(at, session * 4 + step + 100_000);
                Interaction {
                    name,
                    item,
                    time: (session * 10 + step) as i64 * 1_000_000,
                    owner: Owner::Session(session),
                }
            })
        });
        let log = Log::of(&steps.collect::<Vec<_>>());
        train(&items, &log, &Settings::default(), &mut |_, _| ()).expect("in memory")
    }

    #[test]
    fn what_helps_is_found() {
        let same_brand = |at: u32, step| {
            let others = ITEMS / BRANDS;
            (at + BRANDS * (1 + noise(step) % (others - 1))) % ITEMS
        };
        let model = learned(same_brand, false);
        assert!(
            model.blend.content + model.blend.taste > 0,
            "{:?}",
            model.blend
        );
    }

    #[test]
    fn what_does_not_help_stays_away() {
        let anything = |_, step| noise(step) % ITEMS;
        let model = learned(anything, true);
        assert_eq!(model.blend, BlendWeights::default());
    }
}
