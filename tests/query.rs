//! The query: what it answers, that it is the same each time, and that it does not allocate.
#![cfg(feature = "authoring")]

mod common;

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

use common::{ITEMS, full_source, source};
use tailorbird::recommend::{Affinity, MAX_SEEDS, Query};
use tailorbird::snapshot::{BlendWeights, QueryWeights, Snapshot, write};

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

    blend_answers_as_described(&mut query);

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
    // And so are clusters, the weather, what goes together, and the lists of the whole shop.
    let cluster = full
        .cluster_of(&[0, 1, 3])
        .and_then(|of| full.cluster_name(of));
    let weather = full.weather("de", "by", common::TODAY);
    let complements = (0..4)
        .map(|code| full.complements_of(code).count())
        .sum::<usize>();
    let shelves = full
        .new_arrivals()
        .chain(full.on_sale())
        .chain(full.low_stock());
    let (shelves, before_price) = (shelves.count(), full.price_before(8, 0));
    assert_eq!(ALLOCATIONS.load(Ordering::SeqCst), before);
    assert_eq!((neighbours, trending > 0), (3 * ITEMS, true));
    assert_eq!((cluster, weather), (Some("Kitchen"), Some("snow")));
    assert_eq!((complements, shelves, before_price), (4, 23, Some(1900)));
}

/// All three kinds of neighbours, and what viewed items have in common.
fn blend_answers_as_described(query: &mut Query) {
    let half = BlendWeights::ONE / 2;
    let open = |blend: BlendWeights, is_known: bool| {
        let mut source = full_source();
        source.query = QueryWeights {
            newest_again: 0,
            ..QueryWeights::default()
        };
        source.attributes.price = 0;
        source.blend = blend;
        if !is_known {
            source.viewed_together[10].clear();
        }
        let snapshot = Snapshot::open(write(&source).expect("writes")).expect("opens");
        snapshot.verify().expect("sound");
        assert_eq!(snapshot.blend_weights(), blend);
        snapshot
    };
    let mut scores = |snapshot: &Snapshot| {
        query.run(snapshot, &[10]);
        [11, 13, 15, 40].map(|item| query.score(item) >> 20)
    };
    // 11 is bought with 10, 13 viewed with it and alike, 40 alike, 15 of the same brand as 40.
    let nothing = BlendWeights::default();
    assert_eq!(scores(&open(nothing, true)), [0, 65_536, 0, 5_793]);
    let bought = BlendWeights {
        bought: half,
        ..nothing
    };
    assert_eq!(scores(&open(bought, true)), [32_768, 65_536, 0, 5_793]);
    let content = BlendWeights {
        content: half,
        ..nothing
    };
    // Content weights are in shares of the list's strongest: 13 is that, 40 a tenth, 2^-3.5, of it.
    assert_eq!(scores(&open(content, true)), [0, 98_304, 0, 5_793 + 2_896]);
    // Of what nobody has looked at, the feed knows enough.
    assert_eq!(scores(&open(nothing, false)), [0, 65_536, 0, 5_793]);
    // Items 10 and 40 have a brand in common, which makes twice as likely: with half the taste, half
    // as much again.
    let taste = BlendWeights {
        taste: half,
        ..nothing
    };
    let snapshot = open(taste, true);
    assert_eq!(scores(&snapshot), [0, 65_536, 0, 5_793 * 3 / 2]);

    let all = BlendWeights {
        bought: u32::MAX,
        content: u32::MAX,
        taste: u32::MAX,
    };
    let mut source = full_source();
    source.blend = all;
    let snapshot = Snapshot::open(write(&source).expect("writes")).expect("opens");
    assert_eq!(snapshot.blend_weights().taste, BlendWeights::MAX);
    let seen: Vec<u32> = (0..MAX_SEEDS as u32).collect();
    query.run(&snapshot, &seen);
    let first = query.top(24, |_| true).to_vec();
    let before = ALLOCATIONS.load(Ordering::SeqCst);
    for _ in 0..100 {
        query.run(&snapshot, &seen);
        assert_eq!(query.top(24, |_| true), first);
    }
    assert_eq!(ALLOCATIONS.load(Ordering::SeqCst), before);
}
