//! Which items are bought together.
//!
//! Each purchase of an item has one vote, shared by what else is in the basket; the votes of a pair are
//! then multiplied by the square of the logarithm of its lift:
//!
//! ```text
//! s(i, j) = Σ 1 / (lines - 1) · ln²( n(i, j) · N / (n(i) · n(j)) )
//! ```
//!
//! over the baskets with both, n counting baskets. Lift (Brin, Motwani, Ullman, Tsur, "Dynamic Itemset
//! Counting", 1997) by itself prefers what was bought twice, both times together. A count times the
//! logarithm of its lift is the pair's part of mutual information, which grows with the evidence as
//! Dunning's likelihood ratio does ("Accurate Methods for the Statistics of Surprise and Coincidence",
//! 1993). The square, and what else was measured: `docs/models.md`.

use rayon::prelude::*;
use tailorbird::snapshot::Neighbour;

use super::occurrences::Occurrences;
use super::sums::{Sums, in_shares, strongest};
use crate::sessions::Sessions;

/// The most neighbours of an item.
pub const BASKET_NEIGHBOURS: usize = 24;
/// What was bought together once may be chance.
pub const LEAST_SUPPORT: u32 = 2;
/// For each of `items` items those bought with it more often than by chance, strongest first (weight
/// 1), ties by number. Each basket has its different items.
pub fn bought_together(items: usize, baskets: &Sessions) -> Vec<Vec<Neighbour>> {
    let places = Occurrences::of(items, baskets);
    (0..items)
        .into_par_iter()
        .map_init(
            || (Sums::new(items), Sums::new(items)),
            |(votes, counts), item| neighbours(item, votes, counts, baskets, &places),
        )
        .collect()
}

fn neighbours(
    item: usize,
    votes: &mut Sums,
    counts: &mut Sums,
    baskets: &Sessions,
    places: &Occurrences,
) -> Vec<Neighbour> {
    for &basket in places.sessions_of(item) {
        let lines = baskets.get(basket as usize).map_or(&[][..], |b| b.steps);
        let share = 1.0 / (lines.len() - 1).max(1) as f64;
        for &other in lines.iter().filter(|&&other| other as usize != item) {
            votes.add(other, share);
            counts.add(other, 1.0);
        }
    }
    let own = f64::from(places.counts()[item]);
    let mut scored = votes.drain(|_| 1.0);
    scored.retain_mut(|other| {
        let together = counts.get(other.item);
        let others = f64::from(places.counts()[other.item as usize]);
        let lift = together * baskets.len() as f64 / (own * others);
        other.weight = (f64::from(other.weight) * libm::log(lift).powi(2)) as f32;
        together >= f64::from(LEAST_SUPPORT) && lift > 1.0 && other.weight > 0.0
    });
    counts.clear();
    in_shares(strongest(scored, BASKET_NEIGHBOURS))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn baskets(of: &[&[u32]]) -> Sessions {
        let mut baskets = Sessions::default();
        of.iter().for_each(|lines| baskets.push(0, lines));
        baskets
    }

    #[test]
    fn scores_as_described() {
        let found = bought_together(
            6,
            &baskets(&[
                &[0, 1],
                &[0, 1],
                &[0, 2, 3],
                &[0, 2, 3],
                &[4],
                &[4],
                &[4, 5],
            ]),
        );
        // 0 with 1: two votes, lift 2 · 7 / (4 · 2); 0 with 2: half the votes, the same lift.
        let list: Vec<_> = found[0].iter().map(|n| (n.item, n.weight)).collect();
        assert_eq!(list, [(1, 1.0), (2, 0.5), (3, 0.5)]);
        // From 2: with 3 lift 3.5, with 0 lift 1.75.
        let list: Vec<_> = found[2].iter().map(|n| n.item).collect();
        assert_eq!(list, [3, 0]);
        assert!(found[5].is_empty(), "once is too little");
    }

    #[test]
    fn what_everybody_buys_goes_with_nothing() {
        let found = bought_together(3, &baskets(&[&[0, 1], &[0, 1], &[0, 2], &[0, 2]]));
        assert!(found.iter().all(Vec::is_empty), "lift 1: {found:?}");
    }

    #[test]
    fn lists_keep_their_limit() {
        let items: Vec<u32> = (0..40).collect();
        let found = bought_together(41, &baskets(&[&items, &items, &[40]]));
        assert_eq!(found[0].len(), BASKET_NEIGHBOURS);
        assert_eq!((found[0][0].item, found[1][0].item), (1, 0));
    }
}
