//! How what a page costs grows: with its bytes, its tiles, and the shop's items. Counted, for seconds depend on the
//! machine; `cargo xtask bench` times it, `cargo xtask bench fuel` counts instructions.
#![cfg(feature = "authoring")]

#[path = "common/allocations.rs"]
mod allocations;
mod common;

use std::sync::{Mutex, MutexGuard, PoisonError};

use allocations::{Cost, Counting, cost};
use common::*;
use tailorbird::rewrite::Counts;
use tailorbird::snapshot::{
    Availability, ItemKey, ItemRecord, ItemText, Neighbour, SnapshotSource, write,
};
use tailorbird::visitor::{VisitorState, encode};
use tailorbird::{Decision, Engine, Outcome, RequestHead};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Allocations are the process's, so these tests take turns.
static TURN: Mutex<()> = Mutex::new(());

/// What a host hands over in one call.
const SLICE: usize = 64 << 10;

/// Allocations for a listing without tiles, for each slice of it that is looked at, and for each tile.
const PAGE_CALLS: usize = 400;
const SLICE_CALLS: usize = 20;
const TILE_CALLS: usize = 34;
/// Bytes at once beside what the host holds: for any page, and for each byte of the list that is held back.
const PAGE_BYTES: usize = 80 << 10;
const HELD_FACTOR: usize = 4;
/// Pieces of output for each tile, and for each slice: it is looked at in sixteenths.
const TILE_PIECES: usize = 6;
const SLICE_PIECES: usize = 20;
/// What the costs of two shops may differ by: the item numbers' own lengths, not their count.
const SAME_CALLS: usize = 8;
const SAME_BYTES: usize = 8 << 10;

fn turn() -> MutexGuard<'static, ()> {
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What one page cost, the visit and the decision included.
#[derive(Debug)]
struct Page {
    cost: Cost,
    counts: Counts,
    /// Calls of the engine that were given bytes, and those that gave some.
    calls: usize,
    chunks_out: usize,
    out: Vec<u8>,
}

fn page(engine: &Engine, request: &RequestHead, page: &[u8]) -> Page {
    // The host's own buffers are there before.
    let (mut out, mut chunk) = (
        Vec::with_capacity(2 * page.len() + SLICE),
        Vec::with_capacity(2 * page.len() + SLICE),
    );
    let (mut calls, mut chunks_out, mut counts) = (0, 0, Counts::default());
    let ((), cost) = cost(|| {
        let Decision::Forward(visit) = engine.visit(request, &ambient()) else {
            panic!("the worker answered itself");
        };
        let Outcome::Rewrite { mut rewriter, .. } = visit.origin_head(&html()) else {
            panic!("the page passed");
        };
        for slice in page.chunks(SLICE) {
            chunk.clear();
            rewriter.push(slice, &mut chunk).expect("not encoded");
            calls += 1;
            chunks_out += usize::from(!chunk.is_empty());
            out.extend_from_slice(&chunk);
        }
        counts = rewriter.counts();
        chunk.clear();
        rewriter.finish(&mut chunk).expect("not encoded");
        chunks_out += usize::from(!chunk.is_empty());
        out.extend_from_slice(&chunk);
    });
    Page {
        cost,
        counts,
        calls,
        chunks_out,
        out,
    }
}

/// A list of so many tiles in a page of about so many bytes, text before and behind it.
fn listing(bytes: usize, tiles: usize, items: usize) -> Vec<u8> {
    let tile = |n: usize| {
        let item = (n * 37) % items;
        format!(
            "<li class=tile><a href=/en/p/item-{item}><img src=/i/{item}.svg alt=''>Thing {item}</a></li>\n"
        )
    };
    let list: String = (0..tiles).map(tile).collect();
    // As many tags as shops' pages have with all their inline state: denser ones meet a limit (rewrite/budget.rs).
    let text = "<p>some text <b>and</b> <a href=/en/c/more>a link</a></p>\n".to_owned()
        + &"and what else there is to say. ".repeat(8);
    let text = text.repeat(bytes.saturating_sub(list.len()) / text.len() / 2);
    format!("<main>{text}<ul class=products>{list}</ul>{text}</main>").into_bytes()
}

fn shop(items: usize) -> Engine {
    let slot = "[[slot]]\nname = \"on-listings\"\npages = [\"listing\"]\nselector = \"ul.products\"\nposition = \"before\"\n\
        strategies = [\"recommended_for_you\", \"top_sellers\"]\nmax = 6\ntemplate = \"shelf\"\n";
    let item = |index: usize| ItemRecord {
        id: format!("F-{index}"),
        availability: Availability::InStock,
        category: format!("Shelf {}", index / 40),
        texts: ["en", "de"]
            .map(|lang| ItemText {
                title: format!("Thing {index}"),
                link: format!("https://fixture.example/{lang}/p/item-{index}"),
                price: Some(1000),
                ..ItemText::default()
            })
            .into(),
        ..ItemRecord::default()
    };
    let neighbours = |index: usize| {
        let near = |step: usize| Neighbour {
            item: ((index + step * 7) % items) as u32,
            weight: 1.0 / step as f32,
        };
        (1..=20).map(near).collect()
    };
    let source = SnapshotSource {
        items: (0..items).map(item).collect(),
        viewed_together: (0..items).map(neighbours).collect(),
        popularity: (0..items)
            .map(|index| 1000.0 / (1 + index) as f32)
            .collect(),
        ..source_with(&format!("{SITE}{slot}"))
    };
    Engine::open(write(&source).expect("writes")).expect("opens")
}

/// Somebody who looked at ten things.
fn visitor() -> RequestHead {
    let mut state = VisitorState::default();
    state.touch(NOW - 60, 7);
    for item in 0..10 {
        state.record_view(ItemKey::of(&format!("F-{}", 1 + item * 3)), NOW - 60);
    }
    let cookie = format!("consent=personalisation; tailorbird={}", encode(&state));
    get("/en/c/x", &[("cookie", &cookie)])
}

#[test]
fn a_longer_page_costs_calls_by_the_slice_and_holds_no_more() {
    let _turn = turn();
    let (engine, request) = (shop(1000), visitor());
    let warm = listing(1 << 10, 1, 1000);
    let _ = page(&engine, &request, &warm);
    for slices in [1, 4, 16, 64] {
        let found = page(&engine, &request, &listing(slices * SLICE, 0, 1000));
        let said = format!("{slices} slices: {:?} {:?}", found.cost, found.counts);
        assert!(
            found.cost.calls <= PAGE_CALLS + slices * SLICE_CALLS,
            "{said}"
        );
        assert!(found.cost.peak <= PAGE_BYTES, "{said}");
        assert_eq!(found.counts.held_bytes, 0);
    }
}

#[test]
fn each_call_gives_at_most_one_chunk_and_all_of_them_leave() {
    let _turn = turn();
    let (engine, request) = (shop(1000), visitor());
    for (bytes, tiles) in [(20, 12), (73, 60), (266, 25), (887, 64), (1024, 120)] {
        let origin = listing(bytes << 10, tiles, 1000);
        let found = page(&engine, &request, &origin);
        assert_eq!(found.calls, origin.len().div_ceil(SLICE));
        assert!(found.chunks_out <= found.calls + 1, "{found:?}");
        assert!(found.out.len() > origin.len(), "a slot was filled");
        let held = found.counts.held_bytes;
        assert!(held > 0 && held <= 100 * tiles, "{:?}", found.counts);
        let most = tiles * TILE_PIECES + found.calls * SLICE_PIECES;
        assert!(found.counts.pieces <= most, "{:?}", found.counts);
    }
}

#[test]
fn tiles_cost_the_same_each() {
    let _turn = turn();
    let (engine, request) = (shop(1000), visitor());
    for tiles in [0, 12, 48, 120, 480] {
        let found = page(&engine, &request, &listing(266 << 10, tiles, 1000));
        let said = format!("{tiles} tiles: {:?} {:?}", found.cost, found.counts);
        assert!(
            found.cost.calls <= PAGE_CALLS + found.calls * SLICE_CALLS + tiles * TILE_CALLS,
            "{said}"
        );
        assert!(
            found.cost.peak <= PAGE_BYTES + HELD_FACTOR * found.counts.held_bytes,
            "{said}"
        );
    }
}

/// Not even with the logarithm of the catalogue: a hundred times the items, the same allocations.
#[test]
fn a_larger_shop_costs_a_page_nothing() {
    let _turn = turn();
    let origin = listing(73 << 10, 60, 1000);
    let request = visitor();
    let mut costs = Vec::new();
    for items in [500, 5_000, 50_000] {
        let engine = shop(items);
        // A snapshot's first page makes what all others use.
        let _ = page(&engine, &request, &origin);
        costs.push(page(&engine, &request, &origin).cost);
    }
    let [small, .., large] = &costs[..] else {
        panic!("three shops");
    };
    assert!(
        large.calls <= small.calls + SAME_CALLS && large.peak <= small.peak + SAME_BYTES,
        "{costs:?}"
    );
}

/// A snapshot is read in place: opening ten times the items allocates no more.
#[test]
fn opening_does_not_grow_with_the_shop() {
    let _turn = turn();
    let open = |items: usize| {
        let slots = source_with(SITE);
        let item = |index: usize| ItemRecord {
            id: format!("F-{index}"),
            texts: vec![ItemText::default(), ItemText::default()],
            ..ItemRecord::default()
        };
        let source = SnapshotSource {
            items: (0..items).map(item).collect(),
            viewed_together: vec![Vec::new(); items],
            popularity: vec![1.0; items],
            ..slots
        };
        let bytes = write(&source).expect("writes");
        cost(|| Engine::open(bytes).expect("opens")).1
    };
    let (small, large) = (open(300), open(30_000));
    assert!(
        large.calls <= small.calls + SAME_CALLS && large.peak <= small.peak + SAME_BYTES,
        "{small:?} {large:?}"
    );
}
