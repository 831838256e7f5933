//! What a page costs: deciding, rewriting, and a bare copy and a bare pass of lol_html to compare with.
//!
//! `cargo bench --features authoring,decode --bench page`; without `decode` the real pages are left out.

#[path = "../tests/common/mod.rs"]
mod common;

use std::borrow::Cow;
use std::hint::black_box;

use common::{SITE, ambient, engine, engine_with, get, html};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use lol_html::send::{Element, ElementContentHandlers, HtmlRewriter, Settings};
use tailorbird::snapshot::{Snapshot, write};
use tailorbird::{Decision, Engine, Outcome, Rewriter};

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
        page.push_str(
            "<div class=\"row\"><p class=\"text\">Some text about <b>things</b> of this kind, as long as what shops \
             write about theirs, and <a href=\"/en/c/more-of-these\" class=\"more\">more of these</a>. As real \
             pages have it, a tag stands every thirty bytes.</p></div>\n",
        );
    }
    page + "</main></body></html>"
}

fn rewriter(engine: &Engine, target: &str) -> Rewriter {
    let Decision::Forward(visit) = engine.visit(&get(target, &[]), &ambient()) else {
        panic!("the worker answered itself");
    };
    match visit.origin_head(&html()) {
        Outcome::Rewrite { rewriter, .. } => rewriter,
        Outcome::PassThrough(reason) | Outcome::PassBody { reason, .. } => {
            panic!("passed: {reason}")
        }
        Outcome::Hold(_) | Outcome::Known(_) => panic!("held, or known"),
    }
}

fn rewrite(mut rewriter: Rewriter, page: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(page.len());
    for slice in page.chunks(SLICE) {
        rewriter.push(slice, &mut out).expect("not encoded");
    }
    rewriter.finish(&mut out).expect("not encoded");
    out
}

/// lol_html with the same selectors, which does nothing where they match.
fn bare(selectors: &[&str], page: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(page.len());
    let mut settings = Settings::new_send().with_strict(false);
    for selector in selectors {
        let selector = selector.parse().expect("a selector");
        let handlers = ElementContentHandlers::default().element(|_: &mut Element<'_, '_>| Ok(()));
        settings = settings.append_element_content_handler((Cow::Owned(selector), handlers));
    }
    let mut rewriter = HtmlRewriter::new(settings, |piece: &[u8]| out.extend_from_slice(piece));
    for slice in page.chunks(SLICE) {
        rewriter.write(slice).expect("rewrites");
    }
    rewriter.end().expect("rewrites");
    out
}

/// The largest of the real pages, with a selector of its tiles, where they are.
fn largest_page() -> Option<(String, Vec<u8>)> {
    #[cfg(feature = "decode")]
    let pages = common::pages::pages().into_iter();
    #[cfg(not(feature = "decode"))]
    let pages = std::iter::empty::<common::pages::Page>();
    let largest = pages.max_by_key(|page| page.bytes.len())?;
    println!(
        "the largest page: {}, {} bytes",
        largest.name,
        largest.bytes.len()
    );
    Some((largest.tile, largest.bytes))
}

/// The whole rewriting beside a bare pass of lol_html: a large page with a list, and the largest of the
/// real pages where they are, with a slot at its end.
fn beside_lol_html(c: &mut Criterion) {
    let list = listing(PAGE_BYTES[2]).into_bytes();
    let list_selectors = ["ul.products", "ul.products li.tile", "ul.products a[href]"];
    let slot = SITE
        .replace("ul.products", "x-none")
        .replace("\"home\"", "\"listing\"");
    let slot = slot.replace("selector = \"main\"", "selector = \"body\"");
    let slot = slot.replace("position = \"prepend\"", "position = \"append\"");
    let slot_selectors = [
        "body",
        "section.hero",
        "x-none",
        "x-none li.tile",
        "x-none a[href]",
    ];
    let mut cases = vec![
        ("list", engine(), list.clone(), &list_selectors[..]),
        ("slot", engine_with(&slot), list, &slot_selectors[..]),
    ];
    if let Some((tile, page)) = largest_page() {
        let site = SITE
            .replace("ul.products", "body")
            .replace("li.tile", &tile);
        let slot = engine_with(&slot);
        cases.push(("real page, slot", slot, page.clone(), &slot_selectors[..]));
        let tile: &'static str = format!("body {tile}").leak();
        let selectors: &'static [&'static str] = vec!["body", tile, "body a[href]"].leak();
        cases.push(("real page, list", engine_with(&site), page, selectors));
    }
    for (name, engine, page, selectors) in cases {
        let mut group = c.benchmark_group(format!("beside lol_html/{name}"));
        group.throughput(Throughput::Bytes(page.len() as u64));
        group.bench_function("bare", |b| b.iter(|| bare(selectors, &page)));
        group.bench_function("whole", |b| {
            b.iter_batched(
                || rewriter(&engine, "/en/c/x"),
                |rewriter| rewrite(rewriter, &page),
                BatchSize::SmallInput,
            );
        });
        group.finish();
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
            let engine = engine();
            b.iter_batched(
                || rewriter(&engine, "/en/c/x"),
                |rewriter| rewrite(rewriter, page.as_bytes()),
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

criterion_group!(benches, rewriting, beside_lol_html, deciding);
criterion_main!(benches);
