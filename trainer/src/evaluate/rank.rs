//! What every model must do, and what it does it with.

/// Something that recommends.
pub(super) trait Recommend: Sync {
    /// Puts up to `most` items into `list`, best first, after these views (oldest first, at least one;
    /// all of them known). The item that was viewed last may be among them.
    fn rank(&self, views: &[u32], most: usize, sums: &mut Sums, list: &mut Vec<u32>);

    /// Whether best sellers help out where the model knows nothing but what was viewed, as in the
    /// product's fallback chain. Baselines stand as they were published.
    fn falls_back(&self) -> bool {
        false
    }

    /// The size of what the model needs to answer, in bytes.
    fn bytes(&self) -> u64;
}

/// Sums by item; reused from case to case.
#[derive(Debug)]
pub(super) struct Sums {
    by_item: Vec<f64>,
    touched: Vec<u32>,
    ranked: Vec<(f64, u64, u32)>,
}

impl Sums {
    pub(super) fn new(items: usize) -> Self {
        Self {
            by_item: vec![0.0; items],
            touched: Vec::new(),
            ranked: Vec::new(),
        }
    }

    /// Adds to an item's sum; what is not above 0 adds nothing.
    pub(super) fn add(&mut self, item: u32, value: f64) {
        if value <= 0.0 {
            return;
        }
        let sum = &mut self.by_item[item as usize];
        if *sum == 0.0 {
            self.touched.push(item);
        }
        *sum += value;
    }

    /// The largest sums, best first, and leaves all at zero. Equal ones go by `tie`, less first, and
    /// then by number.
    pub(super) fn drain(
        &mut self,
        most: usize,
        tie: impl Fn(u32) -> u64,
        mut each: impl FnMut(u32, f64),
    ) {
        self.ranked.clear();
        for item in self.touched.drain(..) {
            let sum = std::mem::take(&mut self.by_item[item as usize]);
            self.ranked.push((sum, tie(item), item));
        }
        let order = |a: &(f64, u64, u32), b: &(f64, u64, u32)| {
            b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2)))
        };
        if self.ranked.len() > most {
            self.ranked.select_nth_unstable_by(most, order);
            self.ranked.truncate(most);
        }
        self.ranked.sort_unstable_by(order);
        for &(sum, _, item) in &self.ranked {
            each(item, sum);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_come_first_and_ties_go_by_tie() {
        let mut sums = Sums::new(5);
        for (item, value) in [(4, 1.0), (1, 0.5), (1, 0.5), (0, 3.0), (2, 0.1)] {
            sums.add(item, value);
        }
        let mut found = Vec::new();
        sums.drain(
            3,
            |item| u64::from(9 - item),
            |item, sum| found.push((item, sum)),
        );
        assert_eq!(found, [(0, 3.0), (4, 1.0), (1, 1.0)]);
        sums.drain(3, |_| 0, |_, _| panic!("all are at zero"));
    }
}
