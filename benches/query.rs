//! What a query costs: ten views in, the best 24 of the catalogue out, decoding included.
//!
//! `cargo bench --bench query`
//!
//! The catalogue has the size of a middling shop, 43,000 items with 40 neighbours each, in an order
//! whose gaps are as wide as packed lists of real shops have them.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use tailorbird::recommend::{MAX_SEEDS, Query};
use tailorbird::site::{Locale, Site};
use tailorbird::snapshot::{ItemRecord, ItemText, Neighbour, Snapshot, SnapshotSource, write};

const ITEMS: u32 = 43_000;
const NEIGHBOURS: u32 = 40;
const SHOWN: usize = 24;

/// A number that looks like chance but is always the same.
fn noise(seed: u32) -> u32 {
    let mixed = (u64::from(seed) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed ^ (mixed >> 29))
        .wrapping_mul(0xbf58_476d_1ce4_e5b9)
        .to_le_bytes()[7] as u32
        | ((mixed >> 33) as u32) << 8
}

fn snapshot() -> Snapshot {
    let list = |item: u32| {
        let neighbour = |rank: u32| {
            let seed = item * NEIGHBOURS + rank;
            // Mostly near, seldom far.
            let far = 1 + noise(seed) % (8 << (noise(seed ^ 0x5555) % 10));
            Neighbour {
                item: (item + far) % ITEMS,
                weight: 1.0 / (1.0 + rank as f32),
            }
        };
        (0..NEIGHBOURS).map(neighbour).collect()
    };
    let source = SnapshotSource {
        items: (0..ITEMS)
            .map(|item| ItemRecord {
                id: item.to_string(),
                texts: vec![ItemText::default()],
                ..ItemRecord::default()
            })
            .collect(),
        viewed_together: (0..ITEMS).map(list).collect(),
        popularity: vec![1.0; ITEMS as usize],
        site: Site {
            locales: vec![Locale::default()],
            ..Site::default()
        },
        ..SnapshotSource::default()
    };
    Snapshot::open(write(&source).expect("writes")).expect("opens")
}

fn querying(c: &mut Criterion) {
    let snapshot = snapshot();
    let visitors: Vec<Vec<u32>> = (0..1024)
        .map(|visitor| {
            let start = noise(visitor) % ITEMS;
            let view = |step| (start + noise(visitor * 16 + step) % 2000) % ITEMS;
            (0..MAX_SEEDS as u32).map(view).collect()
        })
        .collect();
    let mut query = Query::new();
    let mut next = visitors.iter().cycle();
    c.bench_function("query/10 views, top 24", |b| {
        b.iter(|| {
            let seen = next.next().map_or(&[][..], Vec::as_slice);
            query.run(&snapshot, black_box(seen));
            query.top(SHOWN, |_| true).first().copied()
        });
    });
    c.bench_function("query/decode 10 lists", |b| {
        b.iter(|| {
            let seen = next.next().map_or(&[][..], Vec::as_slice);
            let lists = seen.iter().flat_map(|&item| snapshot.viewed_together(item));
            lists
                .map(|(item, weight)| item ^ weight)
                .fold(0, |a, b| a ^ b)
        });
    });
}

criterion_group!(benches, querying);
criterion_main!(benches);
