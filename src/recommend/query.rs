//! The items that go with recent views: neighbour lists added up.

use std::cmp::Ordering;

use super::taste::Taste;
use crate::snapshot::{BlendWeights, MAX_NEIGHBOURS, Neighbours, QueryWeights, Snapshot};

/// How many of the newest views count. Each counts less than the one after it, so what comes later
/// could hardly change an order.
pub const MAX_SEEDS: usize = 10;

/// Slots of the hash table: a power of two that the most items a query meets fill by two thirds.
const SLOTS: usize = 2048;
/// How many of a viewed item's neighbours of each kind count beside those that are viewed together.
pub const MAX_BESIDE: usize = 24;
/// A viewed item, and the neighbours of three kinds that it has.
const MOST_ITEMS: usize = MAX_SEEDS * (1 + MAX_NEIGHBOURS + 2 * MAX_BESIDE);
const _: () = assert!(MOST_ITEMS * 3 <= SLOTS * 2);

const EMPTY: u32 = u32::MAX;

/// The newest view's weight: scores are in 2^-36 of the closest neighbour of the newest view, so that
/// even the tenth view's farthest neighbour adds something.
const FIRST_VIEW: u64 = 1 << 20;
/// What takes a score to 1/65536 of that neighbour.
pub(super) const SCORE_SHIFT: u32 = 20;

/// Scores the items that go with recent views. A caller keeps it and uses it again: after the first
/// [`run`](Self::run) and [`top`](Self::top) neither allocates.
///
/// Each viewed item's neighbour list counts with its weights times what the steps back leave of them
/// ([`QueryWeights`]), and the viewed item itself with what it gets for being viewed. That is the
/// item-to-item model with decay that session-based evaluations know as a strong baseline (Ludewig and
/// Jannach, "Evaluation of session-based recommendation algorithms", 2018). All arithmetic is in
/// integers, so every host computes the same.
#[derive(Debug, Clone)]
pub struct Query {
    table: Box<Table>,
    /// How many slots are in use.
    met: usize,
    ranked: Vec<(u64, u32)>,
    best: Vec<u32>,
    items: u32,
}

/// Arrays, so that their bounds are known where code is compiled.
#[derive(Debug, Clone)]
struct Table {
    slots: [u32; SLOTS],
    scores: [u64; SLOTS],
    /// The slots in use, in the order of their first use.
    used: [u16; SLOTS],
}

const _: () = assert!(SLOTS <= 1 << u16::BITS);

impl Table {
    fn used(&self, met: usize) -> &[u16] {
        self.used.get(..met).unwrap_or(&self.used)
    }
}

impl Default for Query {
    fn default() -> Self {
        Self {
            table: Box::new(Table {
                slots: [EMPTY; SLOTS],
                scores: [0; SLOTS],
                used: [0; SLOTS],
            }),
            met: 0,
            // Asked for the best, it takes what it needs once.
            ranked: Vec::new(),
            best: Vec::new(),
            items: 0,
        }
    }
}

/// The order of scored items: best first, ties by popularity, which is the order of items.
fn order(a: &(u64, u32), b: &(u64, u32)) -> Ordering {
    b.0.cmp(&a.0).then(a.1.cmp(&b.1))
}

/// Puts scored items into that order.
#[inline(never)]
pub(super) fn best_first(scored: &mut [(u64, u32)]) {
    scored.sort_unstable_by(order);
}

impl Query {
    /// A query without an answer yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Scores what goes with the newest [`MAX_SEEDS`] different items of `seen`, newest first.
    pub fn run(&mut self, snapshot: &Snapshot, seen: &[u32]) {
        self.clear();
        self.items = u32::try_from(snapshot.len()).unwrap_or(u32::MAX);
        let weights = snapshot.query_weights();
        let blend = snapshot.blend_weights();
        let one = u64::from(QueryWeights::ONE);
        let (mut view, mut again) = (FIRST_VIEW, u64::from(weights.again) << SCORE_SHIFT);
        let mut seeds = [EMPTY; MAX_SEEDS];
        let mut steps = 0;
        for &seed in seen {
            if seeds.contains(&seed) || seed >= self.items {
                continue;
            }
            let Some(slot) = seeds.get_mut(steps) else {
                break;
            };
            *slot = seed;
            let mut is_known = false;
            for (item, weight) in snapshot.viewed_together(seed) {
                self.add(item, u64::from(weight) * view);
                is_known = true;
            }
            let content = if is_known {
                blend.content
            } else {
                BlendWeights::ONE
            };
            self.add_beside(snapshot.bought_together(seed), view, blend.bought);
            self.add_beside(snapshot.similar_by_content(seed), view, content);
            if steps == 0 {
                self.add(seed, u64::from(weights.newest_again) << SCORE_SHIFT);
            } else {
                self.add(seed, again);
                again = again * u64::from(weights.again_decay) / one;
            }
            view = view * u64::from(weights.decay) / one;
            steps += 1;
        }
        let seeds = seeds.get(..steps).unwrap_or_default();
        if let Some(taste) = Taste::of(snapshot, seeds) {
            self.multiply(&taste);
        }
    }

    fn add_beside(&mut self, list: Neighbours<'_>, view: u64, share: u32) {
        let view = view * u64::from(share) / u64::from(BlendWeights::ONE);
        if view > 0 {
            for (item, weight) in list.take(MAX_BESIDE) {
                self.add(item, u64::from(weight) * view);
            }
        }
    }

    fn multiply(&mut self, taste: &Taste<'_>) {
        let Table {
            slots,
            scores,
            used,
        } = self.table.as_mut();
        for &slot in used.iter().take(self.met) {
            let slot = usize::from(slot);
            if let (Some(&item), Some(score)) = (slots.get(slot), scores.get_mut(slot)) {
                // Trained weights stay below 2^63; forged ones end there.
                *score = score.saturating_mul(taste.factor(item)) >> 16;
            }
        }
    }

    /// The best `max` of the whole catalogue of those that `keep` keeps, best first. Behind all items
    /// with a score come the most popular ones.
    pub fn top(&mut self, max: usize, keep: impl Fn(u32) -> bool) -> &[u32] {
        let mut ranked = std::mem::take(&mut self.ranked);
        ranked.clear();
        ranked.reserve(SLOTS);
        ranked.extend(self.scored().filter(|&(_, item)| keep(item)));
        if ranked.len() > max {
            ranked.select_nth_unstable_by(max, order);
            ranked.truncate(max);
        }
        best_first(&mut ranked);
        self.best.clear();
        self.best.extend(ranked.iter().map(|&(_, item)| item));
        self.ranked = ranked;
        let mut popular = 0;
        while self.best.len() < max && popular < self.items {
            if self.score(popular) == 0 && keep(popular) {
                self.best.push(popular);
            }
            popular += 1;
        }
        &self.best
    }

    /// An item's score, in 2^-36 of what the closest neighbour of the newest view has.
    pub fn score(&self, item: u32) -> u64 {
        let slot = self.slot(item);
        match self.table.slots.get(slot) {
            Some(&found) if found == item => self.table.scores.get(slot).copied().unwrap_or(0),
            _ => 0,
        }
    }

    /// How many items were met.
    pub(super) fn met(&self) -> usize {
        self.met
    }

    /// All items with a score above 0, in the order in which they were met.
    pub(super) fn scored(&self) -> impl Iterator<Item = (u64, u32)> + '_ {
        self.table.used(self.met).iter().filter_map(|&slot| {
            let item = *self.table.slots.get(usize::from(slot))?;
            let score = *self.table.scores.get(usize::from(slot))?;
            (score > 0).then_some((score, item))
        })
    }

    fn clear(&mut self) {
        let Table { slots, used, .. } = self.table.as_mut();
        for &slot in used.iter().take(self.met) {
            if let Some(item) = slots.get_mut(usize::from(slot)) {
                *item = EMPTY;
            }
        }
        self.met = 0;
    }

    #[inline]
    fn add(&mut self, item: u32, score: u64) {
        let slot = self.slot(item);
        let (Some(found), Some(sum)) = (
            self.table.slots.get_mut(slot),
            self.table.scores.get_mut(slot),
        ) else {
            return;
        };
        if *found == EMPTY {
            *found = item;
            *sum = 0;
            if let Some(used) = self.table.used.get_mut(self.met) {
                *used = slot as u16;
                self.met += 1;
            }
        }
        *sum += score;
    }

    /// The slot of an item, or the one where it would stand. The table is never full.
    #[inline]
    fn slot(&self, item: u32) -> usize {
        // Fibonacci hashing (Knuth, The Art of Computer Programming, volume 3, 6.4).
        let mut slot = (item.wrapping_mul(0x9e37_79b9) >> (32 - SLOTS.ilog2())) as usize;
        while let Some(&found) = self.table.slots.get(slot) {
            if found == item || found == EMPTY {
                break;
            }
            slot = (slot + 1) % SLOTS;
        }
        slot
    }
}
