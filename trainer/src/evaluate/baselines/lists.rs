//! A list of neighbours for each item, from the sessions that two items share. Only the item that was
//! viewed last is asked for its list.

use rayon::prelude::*;

use crate::evaluate::data::TrainSession;
use crate::evaluate::rank::{Recommend, Sums};

/// How many neighbours an item keeps, as in GRU4Rec's baselines (Hidasi et al., "Session-based
/// recommendations with recurrent neural networks", 2016).
const KEPT: usize = 100;

/// What damps the cosine of items that few sessions have; the same source's value. Without it two
/// items that were seen once, together, would be the closest of all.
const DAMPING: f64 = 20.0;

/// How many sessions two items share: "customers who viewed this also viewed".
pub(crate) fn count(together: f64, _: f64, _: f64) -> f64 {
    together
}

/// Item-kNN: the cosine of the two items' sessions, damped.
pub(crate) fn cosine(together: f64, of_one: f64, of_other: f64) -> f64 {
    together / ((of_one + DAMPING).sqrt() * (of_other + DAMPING).sqrt())
}

/// Neighbours by item, closest first.
pub(crate) struct ItemLists {
    lists: Vec<Vec<(u32, f32)>>,
}

impl ItemLists {
    /// Learns from sessions how close each two items are: by the sessions that have both, the one, and
    /// the other.
    pub(crate) fn learn(
        items: usize,
        sessions: &[TrainSession],
        closeness: fn(f64, f64, f64) -> f64,
    ) -> Self {
        let sets: Vec<Vec<u32>> = sessions.iter().map(|s| distinct(&s.steps)).collect();
        let with = sessions_by_item(items, &sets);
        let lists = (0..items)
            .into_par_iter()
            .map_init(
                || Sums::new(items),
                |sums, item| {
                    for &session in &with[item] {
                        for &other in &sets[session as usize] {
                            if other as usize != item {
                                sums.add(other, 1.0);
                            }
                        }
                    }
                    let mut list = Vec::new();
                    let own = with[item].len() as f64;
                    sums.drain(
                        usize::MAX,
                        |_| 0,
                        |other, together| {
                            let close = closeness(together, own, with[other as usize].len() as f64);
                            list.push((other, close as f32));
                        },
                    );
                    list.sort_by(|a, b| b.1.total_cmp(&a.1));
                    list.truncate(KEPT);
                    list.shrink_to_fit();
                    list
                },
            )
            .collect();
        Self { lists }
    }
}

impl Recommend for ItemLists {
    fn rank(&self, views: &[u32], most: usize, _: &mut Sums, list: &mut Vec<u32>) {
        if let Some(&last) = views.last() {
            let near = self.lists[last as usize].iter().take(most);
            list.extend(near.map(|(item, _)| *item));
        }
    }

    fn bytes(&self) -> u64 {
        self.lists.iter().map(|l| size_of_val(&l[..]) as u64).sum()
    }
}

/// A session's items, each once, ascending.
pub(super) fn distinct(steps: &[u32]) -> Vec<u32> {
    let mut items = steps.to_vec();
    items.sort_unstable();
    items.dedup();
    items
}

/// For each item the sessions that have it, oldest first.
pub(super) fn sessions_by_item(items: usize, sets: &[Vec<u32>]) -> Vec<Vec<u32>> {
    let mut with = vec![Vec::new(); items];
    for (session, set) in (0u32..).zip(sets) {
        for &item in set {
            with[item as usize].push(session);
        }
    }
    with
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(closeness: fn(f64, f64, f64) -> f64, item: usize) -> Vec<(u32, f32)> {
        let sessions: Vec<TrainSession> = [&[0, 1, 0][..], &[1, 0], &[1, 2], &[1], &[3, 0, 1]]
            .iter()
            .map(|steps| TrainSession {
                end: 0,
                steps: steps.to_vec(),
            })
            .collect();
        ItemLists::learn(4, &sessions, closeness).lists[item].clone()
    }

    #[test]
    fn co_occurrence_counts_sessions() {
        assert_eq!(near(count, 0), [(1, 3.0), (3, 1.0)]);
        assert_eq!(near(count, 1), [(0, 3.0), (2, 1.0), (3, 1.0)]);
    }

    #[test]
    fn the_cosine_is_damped() {
        // Item 1 is in five sessions, 0 in three, 2 and 3 in one.
        let together = |n: f64, one: f64, other: f64| {
            (n / ((one + 20.0) * (other + 20.0)).sqrt() * 1e6).round()
        };
        let found: Vec<(u32, f64)> = near(cosine, 1)
            .iter()
            .map(|&(item, close)| (item, (f64::from(close) * 1e6).round()))
            .collect();
        let expected = [
            (0, together(3.0, 5.0, 3.0)),
            (2, together(1.0, 5.0, 1.0)),
            (3, together(1.0, 5.0, 1.0)),
        ];
        assert_eq!(found, expected);
    }
}
