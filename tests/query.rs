//! The query: what it answers, that it is the same each time, and that it does not allocate.
#![cfg(feature = "authoring")]

mod common;

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

use common::{ITEMS, full_source, source};
use tailorbird::recommend::{Affinity, MAX_SEEDS, Query};
use tailorbird::snapshot::{QueryWeights, Snapshot, write};

struct Counting;

static ALLOCATIONS: AtomicUsize = AtomicUsize::new(0);

#[expect(
    unsafe_code,
    reason = "an allocator cannot be counted in any other way"
)]
// SAFETY: passes everything on to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::SeqCst);
        // SAFETY: the caller's promises are the system allocator's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: likewise.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn open(weights: QueryWeights) -> Snapshot {
    let mut source = source();
    source.query = weights;
    Snapshot::open(write(&source).expect("writes")).expect("opens")
}

/// One test, because the count is the process's.
#[test]
fn queries_answer_as_described_without_allocating() {
    let weights = QueryWeights {
        decay: QueryWeights::ONE / 4,
        newest_again: QueryWeights::ONE / 2,
        again: 0,
        again_decay: 0,
    };
    let snapshot = open(weights);
    let mut query = Query::new();
    query.run(&snapshot, &[10, 10, 40, 1_000_000]);
    // The newest view's neighbours in full, those of the one before it by a quarter; an item that was
    // viewed twice counts once, and one that is not there not at all.
    let top: Vec<u32> = query.top(4, |_| true).to_vec();
    assert_eq!(top, [13, 10, 16, 19], "weights 1, 1/2 + …, 1/2, 1/3");
    assert_eq!(query.score(13) >> 20, 65_536);
    assert_eq!(query.score(43) >> 20, 16_384);
    // Being viewed earlier counts nothing here; it is the tenth neighbour of the newest view.
    assert_eq!(query.score(40) >> 20, 5_793);
    assert_eq!(query.top(2, |item| item != 13), [10, 16]);

    // Behind what is known, the most popular, each once.
    let all = query.top(ITEMS + 5, |_| true).to_vec();
    assert_eq!(all.len(), ITEMS);
    assert!(all.ends_with(&[56, 57, 59]));

    // The page's own structure says the same.
    let affinity = Affinity::of(&snapshot, &[10, 40]);
    query.run(&snapshot, &[10, 40]);
    let ranked: Vec<u32> = affinity.ranked().collect();
    assert_eq!(query.top(ranked.len(), |_| true), ranked);
    assert!(
        ranked
            .iter()
            .all(|&item| affinity.score(item) == query.score(item) >> 20)
    );

    let seen: Vec<u32> = (0..MAX_SEEDS as u32 * 3).collect();
    let run = |query: &mut Query| {
        query.run(&snapshot, &seen);
        query.top(24, |item| item % 7 != 0).iter().sum::<u32>()
    };
    let first = run(&mut query);
    let before = ALLOCATIONS.load(Ordering::SeqCst);
    for _ in 0..1000 {
        assert_eq!(run(&mut query), first);
    }
    assert_eq!(ALLOCATIONS.load(Ordering::SeqCst), before);

    let forged = QueryWeights {
        decay: u32::MAX,
        newest_again: u32::MAX,
        again: u32::MAX,
        again_decay: u32::MAX,
    };
    let snapshot = open(forged);
    assert_eq!(snapshot.query_weights(), forged.limited());
    query.run(&snapshot, &seen);
    assert_eq!(query.top(1, |_| true).len(), 1);

    // The lists of the other models are read in place, too.
    let full = Snapshot::open(write(&full_source()).expect("writes")).expect("opens");
    let before = ALLOCATIONS.load(Ordering::SeqCst);
    let lists = |item| {
        full.bought_together(item)
            .chain(full.similar_by_content(item))
    };
    let neighbours: usize = (0..ITEMS as u32).map(|item| lists(item).count()).sum();
    let trending = full.trending().chain(full.trending_by_brand(1)).count();
    assert_eq!(ALLOCATIONS.load(Ordering::SeqCst), before);
    assert_eq!((neighbours, trending > 0), (3 * ITEMS, true));
}
