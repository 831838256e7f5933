//! Cutting lists to a number of bytes.

use tailorbird::snapshot::{Neighbour, Precision, QueryWeights, pack};

/// How much more is expected of an item that is wanted more: its lists are looked up as much more
/// often, but the places in them tell less. Chosen on held-out sessions; see `docs/models.md`.
const WANTED_POWER: f64 = 0.3;

/// The search for the number of neighbours ends when it is known to one in so many of those that fit:
/// what is measured of two precisions must not differ by how well each fits.
const STOP: usize = 400;

/// So many times it guesses by proportion.
const GUESSES: usize = 8;

/// Lists, and which of their neighbours are worth most.
pub(super) struct Cutter<'a> {
    lists: &'a [Vec<Neighbour>],
    order: &'a [u32],
    ranked: Vec<u32>,
}

/// How long each list may be.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Cut {
    pub(super) lengths: Vec<usize>,
    pub(super) kept: usize,
    pub(super) bytes: usize,
}

impl<'a> Cutter<'a> {
    /// `wanted` is how much each item is wanted, `order` that of positions in a snapshot.
    pub(super) fn new(lists: &'a [Vec<Neighbour>], wanted: &[f32], order: &'a [u32]) -> Self {
        Self {
            lists,
            order,
            ranked: ranked(lists, wanted),
        }
    }

    /// How many neighbours there are.
    pub(super) fn neighbours(&self) -> usize {
        self.ranked.len()
    }

    /// The bytes of lists without any neighbour.
    pub(super) fn least(&self) -> usize {
        self.bytes(&vec![0; self.lists.len()], Precision::default())
    }

    /// The most neighbours that fit into so many bytes.
    pub(super) fn longest(&self, precision: Precision, room: usize) -> Cut {
        let all = self.ranked.len();
        let mut fits = (0, self.least());
        let mut too_many = (all, self.bytes(&self.lengths(all), precision));
        if too_many.1 <= room {
            fits = too_many;
        }
        for turn in 0.. {
            let between = too_many.0 - fits.0;
            let width = 1 + fits.0 / STOP;
            if between <= width {
                break;
            }
            // Bytes grow nearly evenly, so that a few guesses do; where they do not, halves do.
            let guess = match turn {
                0..GUESSES => between * room.saturating_sub(fits.1) / (too_many.1 - fits.1).max(1),
                _ => between / 2,
            };
            let tried = fits.0 + guess.clamp(width, (between - width).max(width));
            let found = (tried, self.bytes(&self.lengths(tried), precision));
            if found.1 <= room {
                fits = found;
            } else {
                too_many = found;
            }
        }
        Cut {
            lengths: self.lengths(fits.0),
            kept: fits.0,
            bytes: fits.1,
        }
    }

    fn bytes(&self, lengths: &[usize], precision: Precision) -> usize {
        let lists = self.lists.iter().zip(lengths);
        let cut: Vec<&[Neighbour]> = lists.map(|(list, &length)| &list[..length]).collect();
        // The query's weights take the same room whatever they are.
        pack(&cut, self.order, &QueryWeights::default(), precision).len()
    }

    fn lengths(&self, kept: usize) -> Vec<usize> {
        let mut lengths = vec![0; self.lists.len()];
        for &item in &self.ranked[..kept] {
            lengths[item as usize] += 1;
        }
        lengths
    }
}

/// The item of each neighbour, the most useful neighbour first. Within a list the order is that of
/// the list, so a number of them for each item says which are meant.
fn ranked(lists: &[Vec<Neighbour>], popularity: &[f32]) -> Vec<u32> {
    let mut ranked: Vec<(f32, u32)> = Vec::with_capacity(lists.iter().map(Vec::len).sum());
    for ((item, list), &wanted) in (0..).zip(lists).zip(popularity) {
        let sum: f64 = list.iter().map(|n| f64::from(n.weight)).sum();
        let factor = libm::pow(1.0 + f64::from(wanted), WANTED_POWER) / sum;
        let gain = |n: &Neighbour| (f64::from(n.weight) * factor) as f32;
        ranked.extend(list.iter().map(|n| (gain(n), item)));
    }
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    ranked.into_iter().map(|(_, item)| item).collect()
}
