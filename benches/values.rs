//! What a list by category costs: 40,000 items in 1,000 categories, 48 tiles whose text says which.
//!
//! `cargo bench --features authoring --bench values`.

#[path = "../tests/common/mod.rs"]
mod common;

use std::hint::black_box;

use common::{NOW, SITE, ambient, get, html, source_with};
use criterion::{Criterion, criterion_group, criterion_main};
use tailorbird::recommend::{KnownValues, ValueRanker};
use tailorbird::site::By;
use tailorbird::snapshot::{ItemKey, ItemRecord, Snapshot, SnapshotSource, write};
use tailorbird::visitor::{self, VisitorState};
use tailorbird::{Decision, Engine, Outcome};

const ITEMS: usize = 40_000;
const CATEGORIES: usize = 1_000;
const TILES: usize = 48;

fn category(n: usize) -> String {
    format!("Department {} > Aisle {} > Category {n}", n % 10, n % 100)
}

fn shop() -> Vec<u8> {
    let list = "[[list]]\nname = \"c\"\npages = [\"listing\"]\nselector = \"nav\"\ntile = \"a\"\nby = \"category\"\n";
    let start = SITE.find("[[list]]").expect("a list");
    let small = source_with(&format!("{}{list}", &SITE[..start]));
    let items = (0..ITEMS).map(|n| ItemRecord {
        id: format!("I-{n}"),
        category: category(n % CATEGORIES),
        texts: vec![Default::default(); 2],
        ..ItemRecord::default()
    });
    let source = SnapshotSource {
        items: items.collect(),
        viewed_together: vec![Vec::new(); ITEMS],
        popularity: vec![1.0; ITEMS],
        site: small.site.clone(),
        ..SnapshotSource::default()
    };
    write(&source).expect("a sound source")
}

fn values(criterion: &mut Criterion) {
    let bytes = shop();
    let snapshot = Snapshot::open(bytes.clone()).expect("opens");
    let seen: Vec<u32> = (0..10).map(|n| n * 37).collect();
    criterion.bench_function("a snapshot's first ranker", |bencher| {
        bencher.iter(|| ValueRanker::new(&snapshot, &KnownValues::default(), By::Category, &seen));
    });
    let known = KnownValues::default();
    criterion.bench_function("each further ranker", |bencher| {
        bencher.iter(|| ValueRanker::new(&snapshot, &known, By::Category, &seen));
    });
    let ranker = ValueRanker::new(&snapshot, &known, By::Category, &seen).expect("views");
    let texts: Vec<String> = (0..TILES)
        .map(|n| format!(" Category {} (12)", n * 20))
        .collect();
    criterion.bench_function("the values of 48 tiles", |bencher| {
        bencher.iter(|| {
            texts
                .iter()
                .filter_map(|text| Some(ranker.rank(ranker.value(black_box(text))?)))
                .sum::<i64>()
        });
    });

    let engine = Engine::open(bytes).expect("opens");
    let tiles = texts
        .iter()
        .map(|text| format!("<a href=/c><img src=/i.svg><span>{text}</span></a>\n"));
    let page = format!("<nav>{}</nav>", tiles.collect::<String>());
    let mut state = VisitorState::default();
    for item in &seen {
        state.record_view(ItemKey::of(&format!("I-{item}")), NOW - 9);
    }
    let cookie = format!(
        "consent=personalisation; tailorbird={}",
        visitor::encode(&state)
    );
    let request = get("/en/c/x", &[("cookie", &cookie)]);
    criterion.bench_function("a page of 48 tiles, all of it", |bencher| {
        bencher.iter(|| {
            let Decision::Forward(visit) = engine.visit(&request, &ambient()) else {
                unreachable!()
            };
            let Outcome::Rewrite { mut rewriter, .. } = visit.origin_head(&html()) else {
                unreachable!()
            };
            let mut out = Vec::new();
            rewriter
                .push(page.as_bytes(), &mut out)
                .expect("not encoded");
            rewriter.finish(&mut out).expect("not encoded")
        });
    });
}

criterion_group!(benches, values);
criterion_main!(benches);
