//! Sums over items, reused from one item to the next.

use tailorbird::snapshot::Neighbour;

/// A sum for each item, most of them zero.
pub(super) struct Sums {
    by_item: Vec<f64>,
    touched: Vec<u32>,
}

impl Sums {
    pub(super) fn new(items: usize) -> Self {
        Self {
            by_item: vec![0.0; items],
            touched: Vec::new(),
        }
    }

    /// Adds `amount`, at least 0.
    pub(super) fn add(&mut self, item: u32, amount: f64) {
        if amount == 0.0 {
            return;
        }
        let sum = &mut self.by_item[item as usize];
        if *sum == 0.0 {
            self.touched.push(item);
        }
        *sum += amount;
    }

    /// An item's sum.
    pub(super) fn get(&self, item: u32) -> f64 {
        self.by_item[item as usize]
    }

    /// All sums that are not zero, in the order in which they were begun.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, f64)> + '_ {
        self.touched.iter().map(|&item| (item, self.get(item)))
    }

    /// Multiplies each sum by `factor(item)`, above 0.
    pub(super) fn multiply(&mut self, factor: impl Fn(u32) -> f64) {
        for &item in &self.touched {
            self.by_item[item as usize] *= factor(item);
        }
    }

    /// Leaves all at zero.
    pub(super) fn clear(&mut self) {
        for item in self.touched.drain(..) {
            self.by_item[item as usize] = 0.0;
        }
    }

    /// All sums, each divided by `divisor(item)`; leaves all at zero.
    pub(super) fn drain(&mut self, divisor: impl Fn(u32) -> f64) -> Vec<Neighbour> {
        let mut all = Vec::with_capacity(self.touched.len());
        for item in self.touched.drain(..) {
            let sum = std::mem::take(&mut self.by_item[item as usize]);
            let weight = (sum / divisor(item)) as f32;
            // A session so old that its weight underflows names no neighbour.
            if weight > 0.0 {
                all.push(Neighbour { item, weight });
            }
        }
        all
    }
}

/// The `most` strongest, strongest first, ties by number.
pub(super) fn strongest(mut neighbours: Vec<Neighbour>, most: usize) -> Vec<Neighbour> {
    let strength =
        |a: &Neighbour, b: &Neighbour| b.weight.total_cmp(&a.weight).then(a.item.cmp(&b.item));
    if neighbours.len() > most {
        neighbours.select_nth_unstable_by(most, strength);
        neighbours.truncate(most);
    }
    neighbours.sort_unstable_by(strength);
    neighbours.shrink_to_fit();
    neighbours
}

/// Weights in shares of the first one's, none of them 0.
pub(super) fn in_shares(mut neighbours: Vec<Neighbour>) -> Vec<Neighbour> {
    let strongest = neighbours.first().map_or(1.0, |neighbour| neighbour.weight);
    for neighbour in &mut neighbours {
        neighbour.weight = (neighbour.weight / strongest).max(f32::MIN_POSITIVE);
    }
    neighbours
}
