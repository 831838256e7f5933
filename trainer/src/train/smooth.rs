//! A second step along the pairs, for items that few have looked at.
//!
//! What was seen with an item is little evidence when the item was seen little; what was seen with
//! *that* tells more. So each item's pair weights `w` get those of a walk of two steps on top:
//!
//! ```text
//! w'(i, k) = w(i, k) + m(i) · Σ_j p(i, j) · p(j, k)        m(i) = 3 · s(i) · 40 / (s(i) + 40)
//! ```
//!
//! where `s(i)` is the sum of `w(i, ·)` and `p` are its strongest [`STEP_NEIGHBOURS`] in shares of
//! their sum. An item of little evidence takes three parts from the walk for each of its own; from a
//! much seen one the walk fades, for pair counts in the thousands know better.
//!
//! Random walks over an item graph are S-Walk's idea (Choi et al., "S-Walk: Accurate and Scalable
//! Session-based Recommendation with Random Walks", 2022); that the share of the walk falls with the
//! evidence is what Dirichlet smoothing does in language models (Zhai and Lafferty, 2004).

use rayon::prelude::*;
use tailorbird::snapshot::Neighbour;

use super::neighbours::Row;
use super::sums::{Sums, in_shares, strongest};

/// How many neighbours a step goes to.
pub const STEP_NEIGHBOURS: usize = 50;
/// How much the walk weighs against an item's own pairs where these are few.
pub const WALK_WEIGHT: f64 = 3.0;
/// At this sum of pair weights the walk has lost half of that.
pub const MUCH_EVIDENCE: f64 = 40.0;

/// How many items pass between two reports of progress.
const PROGRESS_ITEMS: usize = 4096;

/// The `most` strongest neighbours of each item after a second step, in shares of the strongest one.
///
/// Each item's sums are added in the same order, whatever the number of threads.
pub(super) fn smooth(
    rows: &[Row],
    most: usize,
    progress: &mut dyn FnMut(u64),
) -> Vec<Vec<Neighbour>> {
    let step_sums: Vec<f64> = rows.par_iter().map(|row| sum(step(row))).collect();
    let mut all = Vec::with_capacity(rows.len());
    while all.len() < rows.len() {
        progress(all.len() as u64);
        let next = all.len()..rows.len().min(all.len() + PROGRESS_ITEMS);
        all.par_extend(next.into_par_iter().map_init(
            || Sums::new(rows.len()),
            |sums, item| {
                walk(sums, item, rows, &step_sums);
                in_shares(strongest(sums.drain(|_| 1.0), most))
            },
        ));
    }
    progress(rows.len() as u64);
    all
}

fn walk(sums: &mut Sums, item: usize, rows: &[Row], step_sums: &[f64]) {
    let row = &rows[item];
    for neighbour in &row.strongest {
        sums.add(neighbour.item, f64::from(neighbour.weight));
    }
    let mass = WALK_WEIGHT * row.total * MUCH_EVIDENCE / (row.total + MUCH_EVIDENCE);
    for first in step(row) {
        let over = first.item as usize;
        let share = mass * f64::from(first.weight) / (step_sums[item] * step_sums[over]);
        for second in step(&rows[over]) {
            let amount = share * f64::from(second.weight);
            if second.item as usize != item {
                sums.add(second.item, amount);
            }
        }
    }
}

fn step(row: &Row) -> &[Neighbour] {
    &row.strongest[..row.strongest.len().min(STEP_NEIGHBOURS)]
}

fn sum(neighbours: &[Neighbour]) -> f64 {
    // Never 0, not even for an item without neighbours: it divides.
    let sum: f64 = neighbours.iter().map(|n| f64::from(n.weight)).sum();
    sum.max(f64::MIN_POSITIVE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(strongest: &[(u32, f32)]) -> Row {
        let strongest: Vec<Neighbour> = strongest
            .iter()
            .map(|&(item, weight)| Neighbour { item, weight })
            .collect();
        Row {
            total: strongest.iter().map(|n| f64::from(n.weight)).sum(),
            strongest,
        }
    }

    #[test]
    fn a_second_step_is_added_as_described() {
        let rows = [row(&[(1, 10.0)]), row(&[(2, 30.0), (0, 10.0)]), row(&[])];
        let found = smooth(&rows, 10, &mut |_| ());
        // From 0 over 1 to 2: m = 3 · 10 · 40 / 50 = 24, three quarters of it go on to 2.
        let items: Vec<u32> = found[0].iter().map(|n| n.item).collect();
        assert_eq!((items, found[0][0].weight), (vec![2, 1], 1.0));
        assert!((found[0][1].weight - 10.0 / 18.0).abs() < 1e-6);
        // From 1 nothing leads back to 1, and 2 leads nowhere.
        assert_eq!(found[1].len(), 2);
        assert!(found[2].is_empty());
    }

    #[test]
    fn much_evidence_needs_no_walk() {
        let rows = [row(&[(1, 1e6)]), row(&[(2, 1e6)]), row(&[(0, 1e6)])];
        let found = smooth(&rows, 10, &mut |_| ());
        assert_eq!(found[0][0].item, 1);
        assert!(found[0][1].weight < 1e-3);
    }
}
