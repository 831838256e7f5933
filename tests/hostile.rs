//! Pages that want to break the rewriter: they come through whole, and cost little memory.
#![cfg(feature = "authoring")]

#[path = "common/allocations.rs"]
mod allocations;
mod common;

use std::sync::Mutex;
use std::time::Instant;

use allocations::{Cost, Counting, cost};
use common::rewriting::rewriter;
use common::*;
use tailorbird::rewrite::budget::{MAX_PAGE_BYTES, STRETCH_BYTES, WINDOW_BYTES};
use tailorbird::rewrite::{Counts, MAX_HELD_BYTES, MAX_NESTED_LISTS, MAX_TILES};
use tailorbird::{Engine, Exposures};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// What a page may cost beside the chunk that goes in (and comes out).
const MAX_BYTES: usize = 1 << 20;

/// A list, or content to be replaced, is held back and then handed over at once.
const MAX_LIST_BYTES: usize = 2 * MAX_HELD_BYTES;

/// Allocations for setting up, for each chunk, for each tag.
const MAX_CALLS: (usize, usize, usize) = (600, 4, 8);

const CHUNKS: [usize; 3] = [1500, 16_384, usize::MAX];

struct Page {
    name: &'static str,
    bytes: Vec<u8>,
    /// Whether a list is found in it that is held back.
    is_list: bool,
}

fn pages() -> Vec<Page> {
    let page = |name, bytes: Vec<u8>| Page {
        name,
        bytes,
        is_list: false,
    };
    let list = |name, bytes: Vec<u8>| Page {
        name,
        bytes,
        is_list: true,
    };
    let text = |text: String| text.into_bytes();
    let x = |count: usize| "x".repeat(count);
    let attributes: String = (0..200_000).map(|n| format!(" a{n}=b")).collect();
    let tile = "<li class=tile><a href=/en/p/item-9>x</a>";
    let start = "<main><section class=hero>h</section><p>";
    vec![
        page(
            "100k open elements",
            text(start.to_owned() + &"<div>".repeat(100_000)),
        ),
        page(
            "100k nested elements",
            text("<b>".repeat(100_000) + &"</b>".repeat(100_000)),
        ),
        page(
            "100k stray end tags",
            text(start.to_owned() + &"</div></p></li>".repeat(33_334)),
        ),
        page("200k attributes", text(format!("{start}<p{attributes}>x"))),
        page(
            "an attribute of 8 MB",
            text(format!("{start}<p a=\"{}\">x", x(8 << 20))),
        ),
        list(
            "a link of 8 MB in a tile",
            text(format!(
                "<ul class=products><li class=tile><a href=\"/{}\">x</a></ul>",
                x(8 << 20)
            )),
        ),
        list(
            "a link of 400 KB in a tile",
            text(format!(
                "<ul class=products><li class=tile><a href=\"/{}\">x</a>{tile}</ul>",
                x(400 << 10)
            )),
        ),
        page(
            "a comment of 8 MB",
            text(format!("{start}<!--{}-->x", x(8 << 20))),
        ),
        page("text of 8 MB", text(start.to_owned() + &x(8 << 20))),
        page("an end in a tag", text(start.to_owned() + "<p")),
        page("an end in a tag's name", text(start.to_owned() + "</sect")),
        page("an end behind <", text(start.to_owned() + "<")),
        page(
            "an end in an attribute",
            text(start.to_owned() + "<p a=\"x>y</p>"),
        ),
        page("an end in a comment", text(start.to_owned() + "<!-- x --")),
        page(
            "an end in a script",
            text(start.to_owned() + "<script>if (a<b) '</scri"),
        ),
        list(
            "an end in a tile",
            text(format!("<ul class=products>{tile}{tile}<li clas")),
        ),
        page(
            "NULs",
            [start.as_bytes(), &[0; 100_000], b"<p\0a\0=\0>\0</\0p>"].concat(),
        ),
        page(
            "invalid UTF-8",
            [
                start.as_bytes(),
                &b"\xff\xfe\xc3<p \xe9=\xe9>\xed\xa0\x80\xf8</p>".repeat(5000),
            ]
            .concat(),
        ),
        page(
            "mixed charsets",
            [
                &b"<meta charset=shift_jis>"[..],
                start.as_bytes(),
                &b"\x83\x5c\x82<p a='\x83'>\xe3\x81\x82</p><meta charset=gbk>\x81\x3c".repeat(5000),
            ]
            .concat(),
        ),
        list(
            "100k open tiles",
            text("<ul class=products>".to_owned() + &tile.repeat(100_000)),
        ),
        list(
            "100k tiles",
            text(format!(
                "<ul class=products>{}</ul>",
                "<li class=tile></li>".repeat(100_000)
            )),
        ),
        list(
            "100k nested lists",
            text("<ul class=products><li class=tile>".repeat(100_000)),
        ),
        list(
            "a tile of 2 MB",
            text(format!(
                "<ul class=products>{tile}{}</li>{tile}</ul>",
                x(2 << 20)
            )),
        ),
        list(
            "a list of just the limit",
            text(format!(
                "<ul class=products>{tile}</li>{tile}{}</ul>",
                x(MAX_HELD_BYTES - 2 * tile.len() - 5)
            )),
        ),
    ]
}

/// Sends a page through without keeping more of it than the chunk; `sent` has room for all of it.
fn send(
    engine: &Engine,
    target: &str,
    page: &[u8],
    chunk: usize,
    sent: &mut Vec<u8>,
) -> (Exposures, Counts) {
    let mut rewriter = rewriter(engine, target);
    for part in page.chunks(chunk) {
        let mut out = Vec::new();
        rewriter.push(part, &mut out).expect("not encoded");
        sent.extend_from_slice(&out);
    }
    let (mut out, counts) = (Vec::new(), rewriter.counts());
    let exposures = rewriter.finish(&mut out).expect("not encoded");
    sent.extend_from_slice(&out);
    (exposures, counts)
}

fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes
        .windows(needle.len())
        .position(|window| window == needle)
}

/// The page without the banner and the slots.
fn without_insertions(out: &[u8]) -> Vec<u8> {
    let mut out = out.to_vec();
    for (start, end) in [
        (&b"<aside class=\"tb-banner\">"[..], &b"</aside>"[..]),
        (b"<section class=\"tb-slot\"", b"</section>"),
    ] {
        while let Some(at) = find(&out[..out.len().min(20_000)], start) {
            let length = find(&out[at..], end).expect("whole") + end.len();
            out.drain(at..at + length);
        }
    }
    out
}

/// Counts are the process's, so tests take turns.
static TURN: Mutex<()> = Mutex::new(());

#[test]
fn hostile_pages_come_through_whole_and_cheap() {
    let _turn = TURN.lock();
    let banner = "[[banner]]\nname = \"b\"\npages = [\"listing\"]\nselector = \"main\"\n\
                  position = \"replace\"\ntemplate = \"banner\"\ntitle = \"B\"\nlink = \"/\"\n";
    let replacing = engine_with(&format!("{SITE}{banner}"));
    let engine = engine();
    for page in pages() {
        // No page has the end tag of the element whose content is to be replaced.
        for (engine, target, is_held) in [
            (&engine, "/en/c/x", page.is_list),
            (&engine, "/en/", false),
            (&replacing, "/en/c/x", true),
        ] {
            for chunk in CHUNKS {
                let what = format!("{} at {target}, chunks of {chunk}", page.name);
                let mut sent = Vec::with_capacity(page.bytes.len() + (64 << 10));
                let ((told, counts), Cost { calls, peak }) =
                    cost(|| send(engine, target, &page.bytes, chunk, &mut sent));
                println!(
                    "{what}: {} KiB, {calls} allocations, {counts:?}, {:?}",
                    peak >> 10,
                    told.gave_up
                );
                let came = without_insertions(&sent);
                assert!(came == page.bytes, "{what}: {} bytes", sent.len());
                let held = if is_held { MAX_LIST_BYTES } else { 0 };
                let chunk = chunk.min(page.bytes.len());
                assert!(peak <= chunk + MAX_BYTES + held, "{what}: {peak} bytes");
                assert!(counts.held_bytes <= MAX_HELD_BYTES, "{what}");
                let (once, each_chunk, each_tag) = MAX_CALLS;
                let tags = page.bytes.iter().filter(|byte| **byte == b'<').count();
                let chunks = page.bytes.len().div_ceil(chunk.clamp(1, 16_384));
                let most = once + each_chunk * chunks + each_tag * tags;
                assert!(calls <= most, "{what}: {calls} allocations");
            }
        }
    }
}

/// How many bytes are looked at, at most: of the listing with its list, and of the home page. A limit on
/// time would be one on the machine; tags and bytes are what time is spent on.
const LOOKED_AT: &[(&str, usize, usize)] = &[
    ("100k open elements", WINDOW_BYTES, WINDOW_BYTES),
    ("100k nested elements", WINDOW_BYTES, WINDOW_BYTES),
    ("100k stray end tags", WINDOW_BYTES, WINDOW_BYTES),
    ("200k attributes", 2 * WINDOW_BYTES, 2 * WINDOW_BYTES),
    ("an attribute of 8 MB", MAX_PAGE_BYTES, WINDOW_BYTES),
    ("a comment of 8 MB", MAX_PAGE_BYTES, WINDOW_BYTES),
    ("text of 8 MB", MAX_PAGE_BYTES, WINDOW_BYTES),
    (
        "100k open tiles",
        41 * (MAX_TILES + 1) + WINDOW_BYTES,
        200 << 10,
    ),
    (
        "100k tiles",
        20 * (MAX_TILES + 2) + WINDOW_BYTES,
        STRETCH_BYTES,
    ),
    (
        "100k nested lists",
        34 * (MAX_NESTED_LISTS + 2) + WINDOW_BYTES,
        100 << 10,
    ),
];

#[test]
fn hostile_pages_are_not_looked_at_for_long() {
    let _turn = TURN.lock();
    let engine = engine();
    let pages = pages();
    for (name, listing, home) in LOOKED_AT {
        let page = pages
            .iter()
            .find(|page| page.name == *name)
            .expect("one of them");
        for (target, most) in [("/en/c/x", listing), ("/en/", home)] {
            for chunk in CHUNKS {
                let mut sent = Vec::new();
                let (_, counts) = send(&engine, target, &page.bytes, chunk, &mut sent);
                let looked_at = page.bytes.len() - counts.bypassed_bytes;
                assert!(
                    looked_at <= *most,
                    "{name} at {target}, chunks of {chunk}: {looked_at}"
                );
            }
        }
    }
}

/// `cargo test --release --test hostile -- --ignored --nocapture`: times, beside those of a copy.
#[test]
#[ignore = "measures"]
fn times_beside_a_plain_copy() {
    let _turn = TURN.lock();
    let engine = engine();
    for page in pages() {
        for target in ["/en/c/x", "/en/"] {
            let best = |work: &mut dyn FnMut()| {
                let runs = (0..5).map(|_| {
                    let start = Instant::now();
                    work();
                    start.elapsed()
                });
                runs.min().expect("five runs").as_secs_f64() * 1e3
            };
            let copy = best(&mut || {
                let mut sent = Vec::with_capacity(page.bytes.len());
                for part in page.bytes.chunks(16_384) {
                    sent.extend_from_slice(part);
                }
                assert_eq!(sent.len(), page.bytes.len());
            });
            let rewriting = best(&mut || {
                let mut sent = Vec::with_capacity(page.bytes.len() + (64 << 10));
                send(&engine, target, &page.bytes, 16_384, &mut sent);
            });
            println!(
                "{:<28} {target:<8} {:>9} B  copy {copy:>7.3} ms  rewriting {rewriting:>8.3} ms  {:>6.1} times",
                page.name,
                page.bytes.len(),
                rewriting / copy
            );
        }
    }
}
