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

use super::sums::{Sums, in_shares, strongest};
use crate::events::EventName;
use crate::sessions::{Interaction, Owner};

/// The most neighbours of an item.
pub const BASKET_NEIGHBOURS: usize = 24;
/// What was bought together once may be chance.
pub const LEAST_SUPPORT: u32 = 2;
/// A larger basket is a reseller's: it says nothing of what goes together, and its pairs would be most
/// of all pairs.
pub const MAX_BASKET_LINES: usize = 100;

/// Baskets, each with its different items.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Baskets {
    lines: Vec<u32>,
    ends: Vec<usize>,
}

impl Baskets {
    /// Cuts the purchases among `interactions`, in any order, into baskets: those of one owner that
    /// follow each other within `inactivity_seconds`, or those of a session that the events name.
    /// Baskets of more than [`MAX_BASKET_LINES`] items are left out.
    pub fn cut(interactions: &[Interaction], inactivity_seconds: i64) -> Self {
        let is_line =
            |line: &&Interaction| line.name == EventName::Purchase && line.owner != Owner::Nobody;
        let mut ordered: Vec<&Interaction> = interactions.iter().filter(is_line).collect();
        ordered.sort_by_key(|line| (line.owner, line.time));
        let gap = inactivity_seconds.saturating_mul(1_000_000);
        let together = |a: &&Interaction, b: &&Interaction| {
            a.owner == b.owner && (matches!(a.owner, Owner::Session(_)) || b.time - a.time < gap)
        };
        let mut baskets = Self::default();
        let mut lines = Vec::new();
        for basket in ordered.chunk_by(together) {
            lines.clear();
            lines.extend(basket.iter().map(|line| line.item));
            lines.sort_unstable();
            lines.dedup();
            if lines.len() <= MAX_BASKET_LINES {
                baskets.lines.extend_from_slice(&lines);
                baskets.ends.push(baskets.lines.len());
            }
        }
        baskets
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The different items of each basket.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[u32]> {
        (0..self.len()).map(|basket| self.basket(basket))
    }

    fn basket(&self, number: usize) -> &[u32] {
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.lines[start..self.ends[number]]
    }

    /// Replaces each item by its new number.
    pub fn renumber(&mut self, new: &[u32]) {
        for line in &mut self.lines {
            if let Some(&number) = new.get(*line as usize) {
                *line = number;
            }
        }
    }
}

/// For each of `items` items those bought with it more often than by chance, strongest first (weight
/// 1), ties by number.
pub fn bought_together(items: usize, baskets: &Baskets) -> Vec<Vec<Neighbour>> {
    let places = Places::of(items, baskets);
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
    baskets: &Baskets,
    places: &Places,
) -> Vec<Neighbour> {
    for &basket in places.of_item(item) {
        let lines = baskets.basket(basket as usize);
        let share = 1.0 / (lines.len() - 1).max(1) as f64;
        for &other in lines.iter().filter(|&&other| other as usize != item) {
            votes.add(other, share);
            counts.add(other, 1.0);
        }
    }
    let own = places.of_item(item).len() as f64;
    let mut scored = votes.drain(|_| 1.0);
    scored.retain_mut(|other| {
        let together = counts.get(other.item);
        let others = places.of_item(other.item as usize).len() as f64;
        let lift = together * baskets.len() as f64 / (own * others);
        other.weight = (f64::from(other.weight) * libm::log(lift).powi(2)) as f32;
        together >= f64::from(LEAST_SUPPORT) && lift > 1.0 && other.weight > 0.0
    });
    counts.clear();
    in_shares(strongest(scored, BASKET_NEIGHBOURS))
}

/// The baskets that each item is in.
struct Places {
    starts: Vec<usize>,
    baskets: Vec<u32>,
}

impl Places {
    fn of(items: usize, baskets: &Baskets) -> Self {
        let mut starts = vec![0; items + 1];
        for &line in &baskets.lines {
            starts[line as usize + 1] += 1;
        }
        for item in 0..items {
            starts[item + 1] += starts[item];
        }
        let mut next = starts.clone();
        let mut places = vec![0; baskets.lines.len()];
        for (lines, basket) in baskets.iter().zip(0..) {
            for &line in lines {
                let slot = &mut next[line as usize];
                places[*slot] = basket;
                *slot += 1;
            }
        }
        Self {
            starts,
            baskets: places,
        }
    }

    fn of_item(&self, item: usize) -> &[u32] {
        &self.baskets[self.starts[item]..self.starts[item + 1]]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn purchase(owner: Owner, minute: i64, item: u32) -> Interaction {
        Interaction {
            name: EventName::Purchase,
            item,
            time: minute * 60_000_000,
            owner,
        }
    }

    fn baskets(of: &[&[u32]]) -> Baskets {
        let lines = of.iter().zip(0..).flat_map(|(items, owner)| {
            items
                .iter()
                .map(move |&item| purchase(Owner::Session(owner), 0, item))
        });
        Baskets::cut(&lines.collect::<Vec<_>>(), 1800)
    }

    #[test]
    fn an_order_is_a_basket() {
        let (a, b) = (Owner::Visitor(1), Owner::Visitor(2));
        let mut view = purchase(a, 0, 9);
        view.name = EventName::ViewItem;
        let lines = [
            purchase(b, 0, 5),
            purchase(a, 1, 3),
            purchase(a, 0, 4),
            purchase(a, 1, 3),
            view,
            purchase(a, 40, 6),
            purchase(Owner::Nobody, 40, 7),
        ];
        let mut cut = Baskets::cut(&lines, 1800);
        let expected: [&[u32]; 3] = [&[3, 4], &[6], &[5]];
        assert_eq!(cut.iter().collect::<Vec<_>>(), expected);
        cut.renumber(&[0, 0, 0, 30, 40, 50, 60]);
        assert_eq!(cut.iter().next(), Some(&[30, 40][..]));
        assert!(Baskets::default().is_empty());
    }

    #[test]
    fn resellers_baskets_are_left_out() {
        let many: Vec<u32> = (0..=MAX_BASKET_LINES as u32).collect();
        assert!(baskets(&[&many]).is_empty());
        assert_eq!(baskets(&[&many[1..]]).len(), 1);
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
