//! What a page costs: deciding, rewriting, and a bare copy to compare with.
//!
//! `cargo bench --features authoring --bench page`

#[path = "../tests/common/mod.rs"]
mod common;

use std::hint::black_box;

use common::{ambient, engine, get, html};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use tailorbird::snapshot::{Snapshot, write};
use tailorbird::{Decision, Outcome, Rewriter};

/// The sizes of the platform figures that the hosts are compared with.
const PAGE_BYTES: [usize; 3] = [73_000, 266_000, 887_000];
const TILES: usize = 60;
/// What one call hands over on Workers.
const SLICE: usize = 64 << 10;

/// A listing of this size: a head, [`TILES`] tiles, and text around them.
fn listing(bytes: usize) -> String {
    let tile = |n: usize| {
        let n = (n * 37) % common::ITEMS;
        format!(
            "<li class=\"tile\"><a href=\"/en/p/item-{n}\"><img src=\"/i/{n}.svg\" alt=\"\">\
             <span class=\"name\">Thing {n}</span></a><p class=\"price\">€{n}.90</p></li>\n"
        )
    };
    let list: String = (0..TILES).map(tile).collect();
    let mut page = format!("<!doctype html><html><body><main><ul class=\"products\">{list}</ul>");
    while page.len() < bytes {
        page.push_str("<div class=\"row\"><p>Some text about <b>things</b> and <a href=\"#\">more</a>.</p></div>\n");
    }
    page + "</main></body></html>"
}

fn rewriter(target: &str) -> Rewriter {
    let engine = engine();
    let Decision::Forward(visit) = engine.visit(&get(target, &[]), &ambient()) else {
        panic!("the worker answered itself");
    };
    match visit.origin_head(&html()) {
        Outcome::Rewrite { rewriter, .. } => rewriter,
        Outcome::PassThrough(reason) => panic!("passed: {reason}"),
    }
}

fn rewriting(c: &mut Criterion) {
    let mut group = c.benchmark_group("rewrite");
    for bytes in PAGE_BYTES {
        let page = listing(bytes);
        group.throughput(Throughput::Bytes(page.len() as u64));
        group.bench_function(format!("copy/{bytes}"), |b| {
            b.iter(|| black_box(page.as_bytes().to_vec()));
        });
        group.bench_function(format!("listing/{bytes}"), |b| {
            b.iter_batched(
                || rewriter("/en/c/x"),
                |mut rewriter| {
                    let mut out = Vec::with_capacity(page.len());
                    for slice in page.as_bytes().chunks(SLICE) {
                        rewriter.push(slice, &mut out).expect("not encoded");
                    }
                    rewriter.finish(&mut out).expect("not encoded");
                    out
                },
                BatchSize::SmallInput,
            );
        });
    }
    group.finish();
}

fn deciding(c: &mut Criterion) {
    let engine = engine();
    let mut cookie = "consent=personalisation".to_owned();
    for item in [3, 9, 1, 20, 31] {
        let answer = common::fetch(
            &engine,
            &get(&format!("/en/p/item-{item}"), &[("cookie", &cookie)]),
            "",
        );
        cookie = format!(
            "consent=personalisation; {}",
            common::pair(&answer.cookie.expect("a view"))
        );
    }
    let request = get("/en/", &[("cookie", &cookie)]);
    c.bench_function("decide/home, five views", |b| {
        b.iter(|| {
            let Decision::Forward(visit) = engine.visit(black_box(&request), &ambient()) else {
                panic!("the worker answered itself");
            };
            visit.origin_head(&html())
        });
    });
    let bytes = write(&common::source()).expect("writes");
    c.bench_function("open/60 items", |b| {
        b.iter_batched(
            || bytes.clone(),
            |bytes| Snapshot::open(bytes).expect("opens"),
            BatchSize::SmallInput,
        );
    });
}

criterion_group!(benches, rewriting, deciding);
criterion_main!(benches);
