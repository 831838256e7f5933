//! Which items are looked at together: decayed item-to-item counts.
//!
//! In each session, two items `d` steps apart count `exp(-(d - 1) / 2)`: in full for the later one as
//! a neighbour of the earlier, half the other way round. Newer sessions count more. The sum is divided
//! by the fourth root of how often the neighbour was looked at at all, so that what everybody looks at
//! does not stand beside everything. (That count does not wear off: measured, it did worse.) At last
//! each item's weights are divided by its strongest one: a snapshot has four bits for a weight, which
//! do not span the counts of a best seller and of an item that was seen twice.
//!
//! The shape is that of item-to-item collaborative filtering (Linden, Smith, York 2003) with the
//! distance decay of sequential rules (Ludewig, Jannach 2018); the numbers were tuned on sessions of
//! real shops.

use rayon::prelude::*;
use tailorbird::snapshot::{MAX_NEIGHBOURS, Neighbour};

use super::{Settings, decay};
use crate::sessions::Sessions;

/// What each step of distance leaves of a pair's count: exp(-1/2).
pub const DISTANCE_DECAY: f64 = 0.606_530_659_712_633_4;
/// What a pair counts against the direction of time.
pub const BACKWARD_WEIGHT: f64 = 0.5;
/// Beyond so many steps a pair counts less than 1/1000 of an adjacent one, and is not counted.
pub const MAX_DISTANCE: usize = 15;

/// How many items pass between two reports of progress.
const PROGRESS_ITEMS: usize = 4096;

/// For each of `items` items its strongest neighbours, strongest first (weight 1), ties by number.
///
/// Works item by item over an index of where each item occurs, so memory grows with the events and not
/// with the pairs, and an item's sums are always added in the same order.
pub fn viewed_together(
    items: usize,
    sessions: &Sessions,
    settings: &Settings,
    progress: &mut dyn FnMut(u64, u64),
) -> Vec<Vec<Neighbour>> {
    let newest = sessions
        .iter()
        .map(|session| session.end)
        .max()
        .unwrap_or(0);
    let sessions: Vec<(f64, &[u32])> = sessions
        .iter()
        .map(|session| {
            (
                decay(newest - session.end, settings.session_half_life_days),
                session.steps,
            )
        })
        .collect();
    let occurrences = Occurrences::of(items, &sessions);
    let damping: Vec<f64> = (0..items)
        .map(|item| fourth_root(occurrences.places(item).len() as f64))
        .collect();
    let most = settings.neighbours.min(MAX_NEIGHBOURS);
    let mut all = Vec::with_capacity(items);
    while all.len() < items {
        progress(all.len() as u64, items as u64);
        let next = all.len()..items.min(all.len() + PROGRESS_ITEMS);
        all.par_extend(next.into_par_iter().map_init(
            || Sums::new(items),
            |sums, item| {
                sums.count_pairs(item as u32, occurrences.places(item), &sessions);
                sums.take_strongest(most, &damping)
            },
        ));
    }
    progress(items as u64, items as u64);
    all
}

fn fourth_root(number: f64) -> f64 {
    number.sqrt().sqrt()
}

/// Where each item occurs: (session, step), in order of time.
struct Occurrences {
    starts: Vec<usize>,
    places: Vec<(u32, u32)>,
}

impl Occurrences {
    fn of(items: usize, sessions: &[(f64, &[u32])]) -> Self {
        let mut starts = vec![0; items + 1];
        for step in sessions.iter().flat_map(|(_, steps)| *steps) {
            starts[*step as usize + 1] += 1;
        }
        for item in 0..items {
            starts[item + 1] += starts[item];
        }
        let mut next = starts.clone();
        let mut places = vec![(0, 0); starts[items]];
        for (session, (_, steps)) in sessions.iter().enumerate() {
            for (step, &item) in steps.iter().enumerate() {
                let slot = &mut next[item as usize];
                places[*slot] = (session as u32, step as u32);
                *slot += 1;
            }
        }
        Self { starts, places }
    }

    fn places(&self, item: usize) -> &[(u32, u32)] {
        &self.places[self.starts[item]..self.starts[item + 1]]
    }
}

/// One item's sums over all its neighbours; reused from item to item.
struct Sums {
    by_item: Vec<f64>,
    touched: Vec<u32>,
}

impl Sums {
    fn new(items: usize) -> Self {
        Self {
            by_item: vec![0.0; items],
            touched: Vec::new(),
        }
    }

    fn add(&mut self, item: u32, count: f64) {
        let sum = &mut self.by_item[item as usize];
        if *sum == 0.0 {
            self.touched.push(item);
        }
        *sum += count;
    }

    fn count_pairs(&mut self, item: u32, places: &[(u32, u32)], sessions: &[(f64, &[u32])]) {
        for &(session, step) in places {
            let (weight, steps) = sessions[session as usize];
            let (before, after) = steps.split_at(step as usize);
            let directions: [(f64, &mut dyn Iterator<Item = &u32>); 2] = [
                (1.0, &mut after.iter().skip(1)),
                (BACKWARD_WEIGHT, &mut before.iter().rev()),
            ];
            for (direction, neighbours) in directions {
                let mut count = weight * direction;
                for &neighbour in neighbours.take(MAX_DISTANCE) {
                    if neighbour != item {
                        self.add(neighbour, count);
                    }
                    count *= DISTANCE_DECAY;
                }
            }
        }
    }

    /// The strongest neighbours, in shares of the strongest one; leaves all sums at zero.
    fn take_strongest(&mut self, most: usize, damping: &[f64]) -> Vec<Neighbour> {
        let mut neighbours: Vec<Neighbour> = Vec::with_capacity(self.touched.len());
        for item in self.touched.drain(..) {
            let sum = std::mem::take(&mut self.by_item[item as usize]);
            let weight = (sum / damping[item as usize]) as f32;
            // A session so old that its weight underflows names no neighbour.
            if weight > 0.0 {
                neighbours.push(Neighbour { item, weight });
            }
        }
        let strength =
            |a: &Neighbour, b: &Neighbour| b.weight.total_cmp(&a.weight).then(a.item.cmp(&b.item));
        if neighbours.len() > most {
            neighbours.select_nth_unstable_by(most, strength);
            neighbours.truncate(most);
        }
        neighbours.sort_unstable_by(strength);
        let strongest = neighbours.first().map_or(1.0, |neighbour| neighbour.weight);
        for neighbour in &mut neighbours {
            neighbour.weight = (neighbour.weight / strongest).max(f32::MIN_POSITIVE);
        }
        neighbours.shrink_to_fit();
        neighbours
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::EventName;
    use crate::sessions::{Interaction, Owner};

    fn neighbours(items: usize, sessions: &[&[u32]], settings: &Settings) -> Vec<Vec<Neighbour>> {
        let day = 86_400_000_000;
        let interactions: Vec<_> = sessions
            .iter()
            .zip(1..)
            .flat_map(|(steps, at)| {
                steps.iter().map(move |&item| Interaction {
                    name: EventName::ViewItem,
                    item,
                    time: at * day,
                    owner: Owner::Session(at as u64),
                })
            })
            .collect();
        viewed_together(
            items,
            &Sessions::cut(&interactions, 1800),
            settings,
            &mut |_, _| (),
        )
    }

    #[test]
    fn counts_as_described() {
        let forever = Settings {
            session_half_life_days: 0.0,
            ..Settings::default()
        };
        let found = neighbours(3, &[&[0, 1, 2], &[0, 1]], &forever);
        let root = fourth_root(2.0);
        let expected = [
            [(1, 2.0 / root), (2, DISTANCE_DECAY)],
            [(2, 1.0), (0, 1.0 / root)],
            [(1, 0.5 / root), (0, 0.5 * DISTANCE_DECAY / root)],
        ];
        for (found, expected) in found.iter().zip(expected) {
            let strongest = expected[0].1;
            for (neighbour, (item, weight)) in found.iter().zip(expected) {
                assert_eq!(neighbour.item, item);
                assert!((f64::from(neighbour.weight) - weight / strongest).abs() < 1e-6);
            }
            assert_eq!((found.len(), found[0].weight), (2, 1.0));
        }
    }

    #[test]
    fn newer_sessions_count_more_and_nobody_is_their_own_neighbour() {
        let found = neighbours(3, &[&[0, 2], &[0, 1, 0]], &Settings::default());
        assert_eq!(found[0].iter().map(|n| n.item).collect::<Vec<_>>(), [1, 2]);
    }

    #[test]
    fn only_the_strongest_are_kept_and_ties_go_by_number() {
        let many: Vec<Vec<u32>> = (1..100).rev().map(|item| vec![0, item]).collect();
        let many: Vec<&[u32]> = many.iter().map(Vec::as_slice).collect();
        let forever = Settings {
            session_half_life_days: 0.0,
            ..Settings::default()
        };
        let found = neighbours(100, &many, &forever);
        let expected: Vec<u32> = (1..=MAX_NEIGHBOURS as u32).collect();
        assert_eq!(
            found[0].iter().map(|n| n.item).collect::<Vec<_>>(),
            expected
        );
    }
}
