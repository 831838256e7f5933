//! Sorting for what is short or rare, in little code.
//!
//! The standard library's sorts are compiled anew for each type and order, 2 to 5 KiB each, which a worker pays for
//! in every new isolate. Here the work is done once for all, by positions. It is slower by a small factor: where
//! thousands of values are ordered for a page, the standard library's sorts stay.

use std::cmp::Ordering;

/// Runs of this length are sorted by insertion before they are merged.
const RUN: usize = 16;

/// Values that can be compared and swapped by their positions.
trait Places {
    fn len(&self) -> usize;
    fn is_less(&self, a: usize, b: usize) -> bool;
    fn swap(&mut self, a: usize, b: usize);
}

struct Ordered<'v, T, F> {
    values: &'v mut [T],
    order: F,
}

impl<T, F: Fn(&T, &T) -> Ordering> Places for Ordered<'_, T, F> {
    fn len(&self) -> usize {
        self.values.len()
    }

    fn is_less(&self, a: usize, b: usize) -> bool {
        match (self.values.get(a), self.values.get(b)) {
            (Some(a), Some(b)) => (self.order)(a, b).is_lt(),
            _ => false,
        }
    }

    fn swap(&mut self, a: usize, b: usize) {
        self.values.swap(a, b);
    }
}

/// Sorts by `order`; equals stay as they are. In place, without allocating.
pub(crate) fn by<T>(values: &mut [T], order: impl Fn(&T, &T) -> Ordering) {
    sort(&mut Ordered { values, order });
}

/// Sorts by what `key` says; equals stay as they are.
pub(crate) fn by_key<T, K: Ord>(values: &mut [T], key: impl Fn(&T) -> K) {
    by(values, |a, b| key(a).cmp(&key(b)));
}

/// Sorts by the values themselves and leaves one of each.
pub(crate) fn dedup<T: Ord>(values: &mut Vec<T>) {
    by(values, T::cmp);
    values.dedup();
}

fn sort(places: &mut dyn Places) {
    let length = places.len();
    let mut start = 0;
    while start < length {
        insert(places, start, length.min(start + RUN));
        start += RUN;
    }
    let mut run = RUN;
    while run < length {
        let mut start = 0;
        while start + run < length {
            merge(places, start, start + run, length.min(start + 2 * run));
            start += 2 * run;
        }
        run *= 2;
    }
}

fn insert(places: &mut dyn Places, start: usize, end: usize) {
    for next in start + 1..end {
        let mut at = next;
        while at > start && places.is_less(at, at - 1) {
            places.swap(at, at - 1);
            at -= 1;
        }
    }
}

/// Merges two sorted neighbours in place: SymMerge of Kim and Kutzner, "Stable Minimum Storage Merging by Symmetric
/// Comparisons" (ESA 2004).
fn merge(places: &mut dyn Places, start: usize, middle: usize, end: usize) {
    if start >= middle || middle >= end || !places.is_less(middle, middle - 1) {
        return;
    }
    if end - start == 2 {
        return places.swap(start, middle);
    }
    let half = start + (end - start) / 2;
    let sum = half + middle;
    let (mut low, mut high) = match middle > half {
        true => (sum - end, half),
        false => (start, middle),
    };
    while low < high {
        let at = low + (high - low) / 2;
        match places.is_less(sum - 1 - at, at) {
            true => high = at,
            false => low = at + 1,
        }
    }
    let stop = sum - low;
    rotate(places, low, middle, stop);
    merge(places, start, low, half);
    merge(places, half, stop, end);
}

/// Exchanges two neighbours of any lengths by reversing.
fn rotate(places: &mut dyn Places, start: usize, middle: usize, end: usize) {
    reverse(places, start, middle);
    reverse(places, middle, end);
    reverse(places, start, end);
}

fn reverse(places: &mut dyn Places, mut start: usize, mut end: usize) {
    while start + 1 < end {
        end -= 1;
        places.swap(start, end);
        start += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_sorts_as_the_standard_library_does(
            values in proptest::collection::vec((0u8..20, any::<u16>()), 0..300)
        ) {
            let (mut found, mut expected) = (values.clone(), values);
            by_key(&mut found, |value| value.0);
            expected.sort_by_key(|value| value.0);
            prop_assert_eq!(&found, &expected);
            by(&mut found, |a, b| b.cmp(a));
            expected.sort_by(|a, b| b.cmp(a));
            prop_assert_eq!(&found, &expected);
            dedup(&mut found);
            expected.sort();
            expected.dedup();
            prop_assert_eq!(found, expected);
        }
    }
}
