//! Cutting lists to a number of bytes.

use tailorbird::snapshot::{MAX_ITEMS, Neighbour, Precision, QueryWeights, pack, pack_beside};

/// How much more is expected of an item that is wanted more: its lists are looked up as much more
/// often, but the places in them tell less. Chosen on held-out sessions; see `docs/models.md`.
const WANTED_POWER: f64 = 0.3;

/// What a neighbour that was bought together is worth beside one that was viewed together: one kind of
/// slot asks for it, the other is asked by all that recommend.
const BOUGHT_WORTH: f64 = 0.5;
/// What one that the feed describes alike is worth: it fills up what views leave open. An item without
/// views has nothing else, and there it is worth as much as any.
const ALIKE_WORTH: f64 = 0.25;

/// What a section of its own takes besides its bytes: a row of the table, and alignment.
const SECTION_OVERHEAD: usize = 32 + 8;

/// The search for the number of neighbours ends when it is known to one in so many of those that fit:
/// what is measured of two precisions must not differ by how well each fits.
const STOP: usize = 400;

/// So many times it guesses by proportion.
const GUESSES: usize = 8;

/// Viewed together, bought together, alike. A kind has a list for each item or none at all.
pub(super) type Kinds<'a> = [&'a [Vec<Neighbour>]; 3];

/// Lists, and which of their neighbours are worth most.
pub(super) struct Cutter<'a> {
    kinds: Kinds<'a>,
    items: usize,
    order: &'a [u32],
    /// The list of each neighbour, as kind · items + item, the most useful neighbour first. Within a
    /// list the order is that of the list, so a number of them for each list says which are meant.
    ranked: Vec<u32>,
}

/// How long each list may be.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Cut {
    /// The lengths of the lists of all kinds, one kind behind the other.
    pub(super) lengths: Vec<usize>,
    pub(super) kept: usize,
    pub(super) bytes: usize,
}

impl<'a> Cutter<'a> {
    /// `wanted` is how much each item is wanted, `order` that of positions in a snapshot.
    pub(super) fn new(kinds: Kinds<'a>, wanted: &[f32], order: &'a [u32]) -> Self {
        Self {
            kinds,
            items: wanted.len(),
            order,
            ranked: ranked(kinds, wanted),
        }
    }

    /// How many neighbours there are.
    pub(super) fn neighbours(&self) -> usize {
        self.ranked.len()
    }

    /// The bytes of lists without any neighbour.
    pub(super) fn least(&self) -> usize {
        self.bytes(&self.lengths(0), Precision::default())
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

    /// The lists of each kind, cut.
    pub(super) fn cut(&self, lengths: &[usize]) -> [Vec<&'a [Neighbour]>; 3] {
        let mut first = 0;
        self.kinds.map(|lists| {
            let lengths = lengths.iter().skip(first);
            first += self.items;
            let cut = |(list, &length): (&'a Vec<Neighbour>, &usize)| &list[..length];
            lists.iter().zip(lengths).map(cut).collect()
        })
    }

    /// The bytes of section 31 with these lengths.
    pub(super) fn viewed_bytes(&self, lengths: &[usize], precision: Precision) -> usize {
        let [viewed, ..] = self.cut(lengths);
        // The query's weights take the same room whatever they are.
        pack(&viewed, self.order, &QueryWeights::default(), precision).len()
    }

    fn bytes(&self, lengths: &[usize], precision: Precision) -> usize {
        let [_, beside @ ..] = self.cut(lengths);
        let beside = beside.iter().map(|lists| {
            if lists.iter().all(|list| list.is_empty()) {
                return 0;
            }
            pack_beside(lists, self.order).len() + SECTION_OVERHEAD
        });
        self.viewed_bytes(lengths, precision) + beside.sum::<usize>()
    }

    fn lengths(&self, kept: usize) -> Vec<usize> {
        let mut lengths = vec![0; self.kinds.len() * self.items];
        for &list in &self.ranked[..kept] {
            lengths[list as usize] += 1;
        }
        lengths
    }
}

fn ranked(kinds: Kinds<'_>, wanted: &[f32]) -> Vec<u32> {
    // Three kinds of lists have numbers of 32 bits.
    const _: () = assert!(MAX_ITEMS < (u32::MAX / 3) as usize);
    let items = wanted.len();
    let count = kinds.iter().flat_map(|lists| lists.iter()).map(Vec::len);
    let mut ranked: Vec<(f32, u32)> = Vec::with_capacity(count.sum());
    for (kind, lists) in kinds.into_iter().enumerate() {
        for (item, (list, &wanted)) in lists.iter().zip(wanted).enumerate() {
            let is_viewed = kinds[0].get(item).is_some_and(|list| !list.is_empty());
            let worth = match kind {
                1 => BOUGHT_WORTH,
                2 if is_viewed => ALIKE_WORTH,
                _ => 1.0,
            };
            let sum: f64 = list.iter().map(|n| f64::from(n.weight)).sum();
            let factor = worth * libm::pow(1.0 + f64::from(wanted), WANTED_POWER) / sum;
            let gain = |n: &Neighbour| (f64::from(n.weight) * factor) as f32;
            let number = (kind * items + item) as u32;
            ranked.extend(list.iter().map(|n| (gain(n), number)));
        }
    }
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    ranked.into_iter().map(|(_, number)| number).collect()
}
