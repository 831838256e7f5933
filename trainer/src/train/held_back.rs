//! The newest sessions, held back: what is chosen for a shop is chosen on them.
//!
//! The newest tenth of the sessions is held back and lists are trained on the rest. A *case* is a view
//! of a held-back session with those before it; found is a next view among the first twenty. The lists
//! that are published are trained on all sessions.

use rayon::prelude::*;
use tailorbird::recommend::MAX_SEEDS;
use tailorbird::snapshot::{Neighbour, QueryWeights};

use super::neighbours::viewed_together;
use super::popularity::VIEW_WEIGHT;
use super::sums::Sums;
use super::{NEIGHBOURS, Settings, decay};
use crate::sessions::Sessions;

/// At most so many next views are guessed.
const MAX_CASES: usize = 20_000;
/// With fewer, chance would decide.
pub const MIN_CASES: usize = 1_000;
/// The share of the sessions that is held back: one in so many.
const HELD_BACK: usize = 10;
/// How many guesses count.
const TOP: usize = 20;

const ONE: u32 = QueryWeights::ONE;

/// Held-back cases, and what was learned without them.
#[derive(Debug, Clone, PartialEq)]
pub struct HeldBack {
    /// By item: neighbours, strongest first; weights in shares of the strongest.
    pub lists: Vec<Vec<Neighbour>>,
    /// By item: how much it was viewed, newer views counting more.
    pub wanted: Vec<f32>,
    /// By item: its place by `wanted`. Decides between equal scores, as popularity does in a snapshot;
    /// that one knows the held-back views.
    places: Vec<u32>,
    cases: Vec<Case>,
    /// Next views of items that nobody had looked at before: only what is known of items beside views
    /// can find them.
    unseen: Vec<Case>,
    /// The newest session that lists were learned from ended then, in microseconds since 1970.
    pub(super) learned_until: i64,
}

/// One next view to guess.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Case {
    /// What was viewed before it, newest first, each item once.
    pub(super) seen: Vec<u32>,
    next: u32,
}

/// What was found of all cases. In integers, so that no order of addition changes it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Found {
    /// Cases.
    pub cases: u64,
    /// Those whose next view is among the first twenty.
    pub hits: u64,
    /// One over the place of each, in 1/1,000,000.
    pub reciprocals: u64,
}

impl Found {
    /// The share of the cases that are hits.
    pub fn hr20(&self) -> f64 {
        self.hits as f64 / self.cases.max(1) as f64
    }

    /// The mean of one over the place.
    pub fn mrr20(&self) -> f64 {
        self.reciprocals as f64 / 1e6 / self.cases.max(1) as f64
    }

    /// What is to be as large as can be: HR@20 and MRR@20 together.
    pub fn sum(&self) -> u64 {
        1_000_000 * self.hits + self.reciprocals
    }
}

impl HeldBack {
    /// Holds back a tenth of `sessions`, in which reloads were kept, and learns lists from the rest, of
    /// [`NEIGHBOURS`] or, to cut them, of `settings.neighbours`. `None` when there are fewer than
    /// [`MIN_CASES`].
    pub(super) fn of(items: usize, sessions: &Sessions, settings: &Settings) -> Option<Self> {
        let (rest, held_back) = sessions.split(sessions.len() - sessions.len() / HELD_BACK);
        let mut cases = cases(&held_back);
        if cases.len() < MIN_CASES {
            return None;
        }
        let longest = if settings.hold_back {
            settings.neighbours.max(NEIGHBOURS)
        } else {
            NEIGHBOURS
        };
        let settings = &Settings {
            neighbours: longest,
            ..settings.clone()
        };
        let learned_until = rest.iter().last().map_or(i64::MIN, |session| session.end);
        let wanted = wanted(items, &rest, settings);
        let lists = viewed_together(items, rest, settings, &mut |_, _| ());
        // What nobody has seen before cannot be guessed by lists, whatever is chosen.
        let is_unseen = |case: &mut Case| lists[case.next as usize].is_empty();
        let unseen = cases.extract_if(.., is_unseen).collect();
        Some(Self {
            places: places(&wanted),
            wanted,
            lists,
            cases,
            unseen,
            learned_until,
        })
    }

    /// What a query with these weights finds when `list` gives each item's neighbours.
    pub fn found<'a>(
        &self,
        weights: &QueryWeights,
        list: impl Fn(u32) -> &'a [Neighbour] + Sync,
    ) -> Found {
        self.tally(&self.cases, |sums, case| add_up(sums, &list, case, weights))
    }

    /// What is found when `score` gives items their sums, of unseen items, too.
    pub(super) fn found_of_all(&self, score: impl Fn(&mut Sums, &Case) + Sync) -> Found {
        let known = self.tally(&self.cases, &score);
        let unseen = self.tally(&self.unseen, &score);
        Found {
            cases: known.cases + unseen.cases,
            hits: known.hits + unseen.hits,
            reciprocals: known.reciprocals + unseen.reciprocals,
        }
    }

    fn tally(&self, cases: &[Case], score: impl Fn(&mut Sums, &Case) + Sync) -> Found {
        let (hits, reciprocals) = cases
            .par_iter()
            .with_min_len(256)
            .map_init(
                || Sums::new(self.lists.len()),
                |sums, case| {
                    score(sums, case);
                    let own = sums.get(case.next);
                    let place = |item: u32| self.places[item as usize];
                    let is_before = |&(item, sum): &(u32, f64)| {
                        sum > own || (sum == own && place(item) < place(case.next))
                    };
                    let rank = sums.iter().filter(is_before).count();
                    sums.clear();
                    if own == 0.0 || rank >= TOP {
                        return (0, 0);
                    }
                    (1, 1_000_000 / (rank as u64 + 1))
                },
            )
            .reduce(|| (0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
        Found {
            cases: cases.len() as u64,
            hits,
            reciprocals,
        }
    }
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

/// Views by item, wearing off as popularity does.
fn wanted(items: usize, sessions: &Sessions, settings: &Settings) -> Vec<f32> {
    let newest = sessions.iter().map(|s| s.end).max().unwrap_or(0);
    let mut sums = vec![0.0; items];
    for session in sessions.iter() {
        let left = decay(newest - session.end, settings.popularity_half_life_days);
        for &item in session.steps {
            sums[item as usize] += VIEW_WEIGHT * left;
        }
    }
    sums.into_iter().map(|sum| sum as f32).collect()
}

fn places(wanted: &[f32]) -> Vec<u32> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|&a, &b| wanted[b].total_cmp(&wanted[a]));
    let mut places = vec![0; wanted.len()];
    for (item, place) in order.into_iter().zip(0..) {
        places[item] = place;
    }
    places
}

/// The query as `tailorbird::recommend::Query` does it, on lists that are not packed yet.
pub(super) fn add_up<'a>(
    sums: &mut Sums,
    list: &impl Fn(u32) -> &'a [Neighbour],
    case: &Case,
    weights: &QueryWeights,
) {
    let share = |field: u32| f64::from(field) / f64::from(ONE);
    let (mut view, mut again) = (1.0, share(weights.again));
    for (step, &seed) in case.seen.iter().enumerate() {
        for neighbour in list(seed) {
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

    #[test]
    fn what_is_found_is_counted_and_views_before_decide_between_equal_scores() {
        let neighbour = |item, weight| Neighbour { item, weight };
        let case = |seen: &[u32], next| Case {
            seen: seen.to_vec(),
            next,
        };
        let wanted = vec![1.0, 2.0, 5.0, 3.0];
        let held_back = HeldBack {
            lists: vec![vec![neighbour(1, 1.0), neighbour(2, 1.0)]; 4],
            places: places(&wanted),
            wanted,
            cases: vec![case(&[0], 1), case(&[0], 2), case(&[3, 0], 3)],
            unseen: vec![case(&[1], 3)],
            learned_until: 0,
        };
        assert_eq!(held_back.places, [3, 2, 0, 1]);
        let weights = QueryWeights {
            newest_again: 0,
            ..QueryWeights::default()
        };
        let found = held_back.found(&weights, |item| &held_back.lists[item as usize]);
        // 2 is wanted more than 1, so it comes first; nothing leads to 3.
        let expected = Found {
            cases: 3,
            hits: 2,
            reciprocals: 1_500_000,
        };
        assert_eq!(found, expected);
        assert_eq!((found.hr20() * 3.0, found.mrr20()), (2.0, 0.5));
        assert_eq!(found.sum(), 3_500_000);
    }
}
