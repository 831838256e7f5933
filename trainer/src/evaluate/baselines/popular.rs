//! The same list for everybody.

use crate::evaluate::rank::{Recommend, Sums};

/// The most viewed items, in every case.
pub(crate) struct Popular {
    order: Vec<u32>,
}

/// As many as any list may ask for.
const KEPT: usize = 64;

impl Popular {
    /// Of each item's number of views. Equal ones go by number, that is by first appearance.
    pub(crate) fn new(views: &[u32]) -> Self {
        let mut order: Vec<u32> = (0..views.len() as u32).collect();
        order.sort_by_key(|&item| std::cmp::Reverse(views[item as usize]));
        order.truncate(KEPT);
        Self { order }
    }

    /// Fills a list with what it does not hold yet.
    pub(crate) fn fill(&self, most: usize, list: &mut Vec<u32>) {
        for &item in &self.order {
            if list.len() >= most {
                return;
            }
            if !list.contains(&item) {
                list.push(item);
            }
        }
    }
}

impl Recommend for Popular {
    fn rank(&self, _: &[u32], most: usize, _: &mut Sums, list: &mut Vec<u32>) {
        self.fill(most, list);
    }

    fn bytes(&self) -> u64 {
        size_of_val(&self.order[..]) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_viewed_come_first() {
        let popular = Popular::new(&[1, 5, 3, 5]);
        let mut list = vec![3];
        popular.fill(3, &mut list);
        assert_eq!(list, [3, 1, 2]);
    }
}
