//! Which items are looked at together: decayed item-to-item counts.
//!
//! In each session, two items `d` steps apart count `exp(-(d - 1) / 2)`: in full for the later one as
//! a neighbour of the earlier, half the other way round. Newer sessions count more. The sum is divided
//! by the fourth root of how often the neighbour was looked at at all, so that what everybody looks at
//! does not stand beside everything. (That count does not wear off: measured, it did worse.) A second
//! step along the pairs fills up what few have looked at ([`smooth`](super::smooth)). At last
//! each item's weights are divided by its strongest one: a snapshot has four bits for a weight, which
//! do not span the counts of a best seller and of an item that was seen twice.
//!
//! The shape is that of item-to-item collaborative filtering (Linden, Smith, York 2003) with the
//! distance decay of sequential rules (Ludewig, Jannach 2018); the numbers were tuned on sessions of
//! real shops.

use rayon::prelude::*;
use tailorbird::snapshot::{MAX_NEIGHBOURS, Neighbour};

use super::occurrences::Occurrences;
use super::smooth::smooth;
use super::sums::{Sums, strongest};
use super::{Settings, decay};
use crate::sessions::Sessions;

/// What each step of distance leaves of a pair's count: exp(-1/2).
pub const DISTANCE_DECAY: f64 = 0.606_530_659_712_633_4;
/// What a pair counts against the direction of time.
pub const BACKWARD_WEIGHT: f64 = 0.5;
/// Beyond so many steps a pair counts less than 1/1000 of an adjacent one, and is not counted.
pub const MAX_DISTANCE: usize = 15;

/// How many pairs of an item the second step starts from; bounds what is held in memory at once.
pub const KEPT_PAIRS: usize = 128;

/// How many items pass between two reports of progress.
const PROGRESS_ITEMS: usize = 4096;

/// An item's pairs.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Row {
    /// The sum of all of them.
    pub(super) total: f64,
    /// The strongest [`KEPT_PAIRS`], strongest first, ties by number.
    pub(super) strongest: Vec<Neighbour>,
}

/// For each of `items` items its strongest neighbours, strongest first (weight 1), ties by number.
///
/// `progress` is told how many items are done, of twice as many as there are: each is visited twice.
pub fn viewed_together(
    items: usize,
    sessions: Sessions,
    settings: &Settings,
    progress: &mut dyn FnMut(u64, u64),
) -> Vec<Vec<Neighbour>> {
    let all = items as u64;
    let rows = pairs(items, &sessions, settings, &mut |done| {
        progress(done, 2 * all)
    });
    // The second step needs the room.
    drop(sessions);
    let most = settings.neighbours.min(MAX_NEIGHBOURS);
    smooth(&rows, most, &mut |done| progress(all + done, 2 * all))
}

/// The damped sums of pairs.
///
/// Works item by item over an index of where each item occurs, so memory grows with the events and not
/// with the pairs, and an item's sums are always added in the same order.
fn pairs(
    items: usize,
    sessions: &Sessions,
    settings: &Settings,
    progress: &mut dyn FnMut(u64),
) -> Vec<Row> {
    let newest = sessions.iter().last().map_or(0, |session| session.end);
    let weights: Vec<f32> = sessions
        .iter()
        .map(|session| decay(newest - session.end, settings.session_half_life_days) as f32)
        .collect();
    let occurrences = Occurrences::of(items, sessions);
    let damping: Vec<f64> = occurrences
        .counts()
        .iter()
        .map(|&count| fourth_root(f64::from(count)))
        .collect();
    let mut all = Vec::with_capacity(items);
    while all.len() < items {
        progress(all.len() as u64);
        let next = all.len()..items.min(all.len() + PROGRESS_ITEMS);
        all.par_extend(next.into_par_iter().map_init(
            || Sums::new(items),
            |sums, item| {
                for &at in occurrences.sessions_of(item) {
                    let weight = f64::from(weights[at as usize]);
                    let session = sessions.get(at as usize);
                    let steps = session.map_or(&[][..], |session| session.steps);
                    count_pairs(sums, item as u32, weight, steps);
                }
                let pairs = sums.drain(|neighbour| damping[neighbour as usize]);
                Row {
                    total: pairs.iter().map(|pair| f64::from(pair.weight)).sum(),
                    strongest: strongest(pairs, KEPT_PAIRS),
                }
            },
        ));
    }
    progress(items as u64);
    all
}

fn fourth_root(number: f64) -> f64 {
    number.sqrt().sqrt()
}

/// Counts what a session says about an item, at each place where the item stands in it.
fn count_pairs(sums: &mut Sums, item: u32, weight: f64, steps: &[u32]) {
    for place in (0..steps.len()).filter(|&place| steps[place] == item) {
        let (before, after) = steps.split_at(place);
        let directions: [(f64, &mut dyn Iterator<Item = &u32>); 2] = [
            (1.0, &mut after.iter().skip(1)),
            (BACKWARD_WEIGHT, &mut before.iter().rev()),
        ];
        for (direction, neighbours) in directions {
            let mut count = weight * direction;
            for &neighbour in neighbours.take(MAX_DISTANCE) {
                if neighbour != item {
                    sums.add(neighbour, count);
                }
                count *= DISTANCE_DECAY;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::EventName;
    use crate::interactions::{Interaction, Log, Owner};
    use crate::sessions::Rules;

    fn cut(sessions: &[&[u32]]) -> Sessions {
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
        Sessions::cut(&Log::of(&interactions), Rules::default()).expect("in memory")
    }

    fn pairs_of(items: usize, sessions: &[&[u32]], settings: &Settings) -> Vec<Vec<Neighbour>> {
        let rows = pairs(items, &cut(sessions), settings, &mut |_| ());
        rows.into_iter().map(|row| row.strongest).collect()
    }

    #[test]
    fn counts_as_described() {
        let forever = Settings {
            session_half_life_days: 0.0,
            ..Settings::default()
        };
        let found = pairs_of(3, &[&[0, 1, 2], &[0, 1]], &forever);
        let root = fourth_root(2.0);
        let expected = [
            [(1, 2.0 / root), (2, DISTANCE_DECAY)],
            [(2, 1.0), (0, 1.0 / root)],
            [(1, 0.5 / root), (0, 0.5 * DISTANCE_DECAY / root)],
        ];
        for (found, expected) in found.iter().zip(expected) {
            for (neighbour, (item, weight)) in found.iter().zip(expected) {
                assert_eq!(neighbour.item, item);
                assert!((f64::from(neighbour.weight) - weight).abs() < 1e-6);
            }
            assert_eq!(found.len(), 2);
        }
    }

    #[test]
    fn newer_sessions_count_more_and_nobody_is_their_own_neighbour() {
        let found = pairs_of(3, &[&[0, 2], &[0, 1, 0]], &Settings::default());
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
        let found = viewed_together(100, cut(&many), &forever, &mut |_, _| ());
        let expected: Vec<u32> = (1..=forever.neighbours as u32).collect();
        assert_eq!(
            found[0].iter().map(|n| n.item).collect::<Vec<_>>(),
            expected
        );
    }
}
