//! VMIS-kNN: Kersbergen, Sprangers, Schelter, "Serenade: Low-Latency Session-Based Recommendation in
//! e-Commerce at Scale", SIGMOD 2022; in the details as in the code that its authors published
//! (github.com/bolcom/serenade).
//!
//! The last `last` views are looked up in an inverted index that has for each item its `m` newest
//! sessions. Going back from the newest view, a session gains (l - p)/d for a view at distance p from
//! the end, of l views with d different items; only the `m` newest sessions found stay. The `k` most
//! similar ones vote for all of their items: similarity × (1 - 0.1·q) × idf, where q = 1, 2, … is the
//! place, from the end, of the newest view that the session has, and idf = ln(n / h) of n entries in
//! the index before cutting and h sessions with the item.
//!
//! The published code has an "idf weight", by which it multiplies the idf of every item alike; that
//! changes no order, so it is no parameter here. Its own evaluation leaves out the item viewed last,
//! so its published figures are what is called shop scores here.
//!
//! As in that code, sessions longer than 99.5 % of all are not indexed, and of equally similar
//! sessions the newest ones vote. Between items of equal score its hash tables decide by chance, anew
//! in each run; here the id does, in the order of its bytes, as everywhere in this trainer.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::lists::{distinct, sessions_by_item};
use crate::evaluate::data::TrainSession;
use crate::evaluate::rank::{Recommend, Sums};

/// VMIS-kNN's parameters, with the names of the paper where it has any.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct VmisSettings {
    /// How many of an item's newest sessions are in the index, and how many sessions are considered.
    pub m: usize,
    /// How many of them vote.
    pub k: usize,
    /// How many of the newest views count.
    pub last: usize,
}

/// The share of the sessions, the shortest ones, that are indexed.
const INDEXED: f64 = 0.995;

impl Default for VmisSettings {
    /// Those with which others report it on Diginetica; `last` as long as a view has weight.
    fn default() -> Self {
        Self {
            m: 500,
            k: 100,
            last: 9,
        }
    }
}

pub(crate) struct Vmis {
    settings: VmisSettings,
    /// By item, newest first. A session's number grows with its end.
    index: Vec<Vec<u32>>,
    /// By session, ascending.
    sets: Vec<Vec<u32>>,
    idf: Vec<f64>,
    /// By item, its place in the order of ids.
    tie: Vec<u64>,
}

impl Vmis {
    /// Indexes sessions, which are in order of time.
    pub(crate) fn learn(
        items: &[String],
        sessions: &[TrainSession],
        settings: VmisSettings,
    ) -> Self {
        let mut sets: Vec<Vec<u32>> = sessions.iter().map(|s| distinct(&s.steps)).collect();
        let longest = longest(&sets);
        // An empty set keeps the others' numbers as they are.
        for set in sets.iter_mut().filter(|set| set.len() > longest) {
            *set = Vec::new();
        }
        let mut index = sessions_by_item(items.len(), &sets);
        let entries: usize = sets.iter().map(Vec::len).sum();
        let idf = index
            .iter()
            .map(|with| libm::log(entries as f64 / with.len().max(1) as f64))
            .collect();
        for with in &mut index {
            with.reverse();
            with.truncate(settings.m);
            with.shrink_to_fit();
        }
        Self {
            settings,
            index,
            sets,
            idf,
            tie: places(items),
        }
    }

    /// The `k` most similar sessions with their similarity; of equal ones the newest.
    fn neighbours(&self, views: &[u32]) -> Vec<(u32, f64)> {
        let different = distinct(views).len() as f64;
        let mut similar: HashMap<u32, f64> = HashMap::new();
        for (back, &item) in views.iter().rev().enumerate() {
            // An item counts where it was viewed last.
            if views[views.len() - back..].contains(&item) {
                continue;
            }
            let weight = (views.len() - back) as f64 / different;
            for &session in &self.index[item as usize] {
                *similar.entry(session).or_insert(0.0) += weight;
            }
        }
        let mut found: Vec<(u32, f64)> = similar.into_iter().collect();
        keep(&mut found, self.settings.m, |a, b| b.0.cmp(&a.0));
        keep(&mut found, self.settings.k, |a, b| {
            b.1.total_cmp(&a.1).then(b.0.cmp(&a.0))
        });
        // Sums of floating-point numbers depend on their order.
        found.sort_unstable_by_key(|(session, _)| *session);
        found
    }
}

/// How many different items the longest session has that is indexed.
fn longest(sets: &[Vec<u32>]) -> usize {
    let mut lengths: Vec<usize> = sets.iter().map(Vec::len).collect();
    lengths.sort_unstable();
    let rank = (lengths.len() as f64 * INDEXED).ceil() as usize;
    lengths.get(rank.saturating_sub(1)).copied().unwrap_or(0)
}

/// The place of each id in the order of ids.
fn places(ids: &[String]) -> Vec<u64> {
    let mut order: Vec<usize> = (0..ids.len()).collect();
    order.sort_unstable_by(|&a, &b| ids[a].cmp(&ids[b]));
    let mut places = vec![0; ids.len()];
    for (item, place) in order.into_iter().zip(0..) {
        places[item] = place;
    }
    places
}

/// Keeps the first `most` in an order.
fn keep(
    found: &mut Vec<(u32, f64)>,
    most: usize,
    order: impl Fn(&(u32, f64), &(u32, f64)) -> std::cmp::Ordering,
) {
    if found.len() > most {
        found.select_nth_unstable_by(most, order);
        found.truncate(most);
    }
}

impl Recommend for Vmis {
    fn rank(&self, views: &[u32], most: usize, sums: &mut Sums, list: &mut Vec<u32>) {
        let views = &views[views.len().saturating_sub(self.settings.last)..];
        for (session, similarity) in self.neighbours(views) {
            let set = &self.sets[session as usize];
            let newest = views
                .iter()
                .rev()
                .position(|item| set.binary_search(item).is_ok());
            let place = newest.map_or(views.len(), |back| back + 1);
            let weight = similarity * (1.0 - 0.1 * place as f64);
            if weight > 0.0 {
                for &item in set {
                    sums.add(item, weight * self.idf[item as usize]);
                }
            }
        }
        sums.drain(
            most,
            |item| self.tie[item as usize],
            |item, _| list.push(item),
        );
    }

    fn bytes(&self) -> u64 {
        let of = |lists: &[Vec<u32>]| {
            lists
                .iter()
                .map(|l| size_of_val(&l[..]) as u64)
                .sum::<u64>()
        };
        of(&self.index) + of(&self.sets) + size_of_val(&self.idf[..]) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model(sessions: &[&[u32]], m: usize, k: usize, last: usize) -> Vmis {
        let items: Vec<String> = (0..6).map(|item| item.to_string()).collect();
        let sessions: Vec<TrainSession> = sessions
            .iter()
            .map(|steps| TrainSession {
                end: 0,
                steps: steps.to_vec(),
            })
            .collect();
        Vmis::learn(&items, &sessions, VmisSettings { m, k, last })
    }

    fn scores(model: &Vmis, views: &[u32]) -> Vec<(u32, f64)> {
        let mut sums = Sums::new(6);
        let mut list = Vec::new();
        model.rank(views, 6, &mut sums, &mut list);
        assert!(list.len() <= 6);
        model.neighbours(&views[views.len().saturating_sub(model.settings.last)..])
    }

    const SESSIONS: [&[u32]; 4] = [&[0, 1, 2], &[1, 3], &[0, 1, 4], &[5]];

    #[test]
    fn similarity_decays_with_the_place_of_a_view() {
        // Views 0, 1: item 1 is last and counts 2/2, item 0 counts 1/2.
        let model = model(&SESSIONS, 10, 10, 2);
        assert_eq!(scores(&model, &[0, 1]), [(0, 1.5), (1, 1.0), (2, 1.5)]);
        // Only the last two views count, and the same item twice counts once.
        assert_eq!(scores(&model, &[5, 1, 1]), [(0, 2.0), (1, 2.0), (2, 2.0)]);
    }

    #[test]
    fn only_the_newest_m_and_the_most_similar_k_vote() {
        assert_eq!(
            scores(&model(&SESSIONS, 2, 9, 2), &[1]),
            [(1, 1.0), (2, 1.0)]
        );
        assert_eq!(scores(&model(&SESSIONS, 9, 1, 2), &[0, 1]), [(2, 1.5)]);
    }

    #[test]
    fn votes_are_weighted_by_place_and_idf() {
        // 9 entries; items 0 and 1 are in 2 and 3 sessions, 2, 3 and 4 in one.
        let model = model(&SESSIONS, 9, 9, 2);
        let idf = |h: f64| (9.0 / h).ln();
        let mut sums = Sums::new(6);
        let mut list = Vec::new();
        model.rank(&[0, 3], 6, &mut sums, &mut list);
        // Session 1 has item 3, the last: (2/2)·0.9. Sessions 0 and 2 have item 0: (1/2)·0.8.
        let score = [
            0.8 * idf(2.0),
            0.9 * idf(3.0) + 0.8 * idf(3.0),
            0.4 * idf(1.0),
            0.9 * idf(1.0),
            0.4 * idf(1.0),
        ];
        assert!(score[3] > score[1] && score[1] > score[0] && score[0] > score[2]);
        assert_eq!(list, [3, 1, 0, 2, 4]);
    }

    #[test]
    fn the_longest_sessions_are_left_out_and_ids_order_what_is_equal() {
        let mut sets = vec![vec![0, 1]; 995];
        sets.extend(vec![vec![0, 1, 2]; 5]);
        assert_eq!(
            (longest(&sets), longest(&sets[1..]), longest(&[])),
            (2, 3, 0)
        );
        assert_eq!(places(&["b", "10", "9"].map(str::to_owned)), [2, 0, 1]);
    }
}
