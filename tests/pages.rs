//! Real shop pages (not part of this repository): what is not planned never changes.
//!
//! Set `TAILORBIRD_PAGES` to a folder with `INDEX.tsv` and gzipped pages; without it
//! `../shared/pages` is tried, and without that the tests say that they skip.
#![cfg(all(feature = "authoring", feature = "decode"))]

mod common;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Range;
use std::rc::Rc;
use std::sync::LazyLock;

use common::pages::{Page, pages};
use common::rewriting::{rewrite, rewrite_and_tell};
use common::*;
use lol_html::{HtmlRewriter, Settings, element, end_tag};
use tailorbird::Engine;
use tailorbird::rewrite::budget::{
    FEW_TAGS, MAX_ATTRIBUTES, MAX_PAGE_BYTES, MAX_STRETCH_TAGS, MAX_TAGS, STRETCH_BYTES,
    WINDOW_BYTES,
};
use tailorbird::snapshot::write;

const CHUNKS: [usize; 6] = [usize::MAX, 16_384, 1500, 64, 7, 1];

/// Without optimisation, larger pages are not cut into chunks of less than [`CHUNKS`]' 64 bytes.
const SMALL_PAGE_BYTES: usize = 100_000;

/// What every size of chunks gives.
fn in_all_chunks(engine: &Engine, page: &Page, what: &str) -> Vec<u8> {
    let whole = rewrite(engine, "/en/c/x", &page.bytes, CHUNKS[0]);
    for chunk in &CHUNKS[1..] {
        if *chunk < 64 && cfg!(debug_assertions) && page.bytes.len() > SMALL_PAGE_BYTES {
            continue;
        }
        assert!(
            rewrite(engine, "/en/c/x", &page.bytes, *chunk) == whole,
            "{}, {what}, chunks of {chunk}",
            page.name
        );
    }
    whole
}

#[test]
fn a_plan_that_finds_no_place_leaves_every_page_as_it_is() {
    let engine = engine_with(&SITE_WITHOUT_LIST);
    for page in pages() {
        assert!(
            in_all_chunks(&engine, &page, "no place") == page.bytes,
            "{}",
            page.name
        );
    }
}

const POSITIONS: [&str; 5] = ["before", "after", "prepend", "append", "replace"];
const PLACES: [&str; 4] = ["head", "body", "main", "h1"];

static SITE_WITHOUT_LIST: LazyLock<String> =
    LazyLock::new(|| SITE.replace("ul.products", "x-none.products"));

/// SITE without its list, with a banner at each of these places.
fn site_with(places: &[(&str, &str)]) -> String {
    let mut site = SITE_WITHOUT_LIST.clone();
    site.push_str("[[template]]\nname = \"mark\"\nsource = \"<x-mark>{{title}}</x-mark>\"\n");
    for (index, (selector, position)) in places.iter().enumerate() {
        site.push_str(&format!(
            "[[banner]]\nname = \"b{index}\"\npages = [\"listing\"]\nselector = \"{selector}\"\n\
             position = \"{position}\"\ntemplate = \"mark\"\ntitle = \"{index}\"\n"
        ));
    }
    site
}

/// The page without what was inserted, and where it was.
fn without_marks(out: &[u8]) -> (Vec<u8>, Vec<usize>) {
    let (mut page, mut marks, mut rest) = (Vec::new(), Vec::new(), out);
    let find = |rest: &[u8], needle: &[u8]| rest.windows(needle.len()).position(|w| w == needle);
    while let Some(start) = find(rest, b"<x-mark>") {
        page.extend_from_slice(&rest[..start]);
        marks.push(page.len());
        let end = find(rest, b"</x-mark>").expect("a whole insertion");
        rest = &rest[end + b"</x-mark>".len()..];
    }
    page.extend_from_slice(rest);
    (page, marks)
}

#[test]
fn insertions_taken_out_again_give_the_page_back() {
    let mut inserted = 0;
    for page in pages() {
        let tile = Some(page.tile.as_str()).filter(|tile| !tile.is_empty());
        let selectors: Vec<&str> = PLACES.into_iter().chain(tile).collect();
        // Every place in every position that keeps its content.
        for turn in 0..4 {
            let places = selectors.iter().enumerate();
            let places: Vec<_> = places
                .map(|(index, selector)| (*selector, POSITIONS[(index + turn) % 4]))
                .collect();
            let engine = engine_with(&site_with(&places));
            let out = in_all_chunks(&engine, &page, "insertions");
            let (without, marks) = without_marks(&out);
            assert!(without == page.bytes, "{}: {places:?}", page.name);
            assert!(!marks.is_empty(), "{}: {places:?}", page.name);
            inserted += marks.len();
        }
    }
    println!("{inserted} insertions");
}

#[test]
fn replaced_content_is_all_that_is_missing() {
    let mut replaced = 0;
    for page in pages() {
        for selector in ["h1", "main", "title", "body", &page.tile] {
            if selector.is_empty() {
                continue;
            }
            let engine = engine_with(&site_with(&[(selector, "replace")]));
            let out = in_all_chunks(&engine, &page, "replaced");
            let (without, marks) = without_marks(&out);
            let Some(&at) = marks.first() else {
                assert!(out == page.bytes, "{}: {selector}", page.name);
                continue;
            };
            let (before, behind) = without.split_at(at);
            assert!(before.ends_with(b">") && page.bytes.starts_with(before));
            assert!(behind.starts_with(b"</") && page.bytes.ends_with(behind));
            replaced += 1;
        }
    }
    println!("{replaced} replaced");
}

/// Tiles as another reader of the page finds them: by their tags' places in the source.
#[derive(Default)]
struct Tiles {
    ranges: Vec<Range<usize>>,
    open: Option<usize>,
    links: Vec<(usize, String)>,
}

fn tiles(page: &[u8], selector: &str) -> Tiles {
    let tiles = Rc::new(RefCell::new(Tiles::default()));
    let settings = Settings::new()
        .with_strict(false)
        .append_element_content_handler(element!(selector, |tile| {
            let start = tile.source_location().bytes().start;
            if tiles.borrow().open.is_some() {
                return Ok(());
            }
            tiles.borrow_mut().open = Some(start);
            let (name, tiles) = (tile.tag_name(), Rc::clone(&tiles));
            tile.on_end_tag(end_tag!(move |end| {
                let tag = end.source_location().bytes();
                let is_own = end.name() == name;
                let mut tiles = tiles.borrow_mut();
                tiles
                    .ranges
                    .push(start..if is_own { tag.end } else { tag.start });
                tiles.open = None;
                Ok(())
            }))
        }))
        .append_element_content_handler(element!("a[href]", |link| {
            let href = link.get_attribute("href").unwrap_or_default();
            let at = link.source_location().bytes().start;
            tiles.borrow_mut().links.push((at, href));
            Ok(())
        }));
    let mut rewriter = HtmlRewriter::new(settings, |_: &[u8]| {});
    rewriter.write(page).expect("read");
    rewriter.end().expect("read");
    tiles.take()
}

impl Tiles {
    /// The tiles' bytes, and what stands around them.
    fn parts<'a>(&self, page: &'a [u8]) -> (Vec<&'a [u8]>, Vec<&'a [u8]>) {
        let mut at = 0;
        let mut gaps = Vec::new();
        for range in &self.ranges {
            gaps.push(&page[at..range.start]);
            at = range.end;
        }
        gaps.push(&page[at..]);
        let tiles = self.ranges.iter().map(|range| &page[range.clone()]);
        (tiles.collect(), gaps)
    }

    /// Links as a feed has them, of pages in `/en/c/`.
    fn products(&self) -> BTreeSet<String> {
        let is_in_tile = |at: &usize| self.ranges.iter().any(|range| range.contains(at));
        let links = self.links.iter().filter(|(at, _)| is_in_tile(at));
        links
            .filter_map(|(_, href)| {
                let href = href.split('#').next()?.trim().trim_end_matches('/');
                let href = href.replace("&amp;", "&");
                match href.as_str() {
                    "" => None,
                    href if href.starts_with("http") => Some(href.to_owned()),
                    href if href.starts_with("//") => Some(format!("https:{href}")),
                    href if href.starts_with('/') => Some(format!("https://fixture.example{href}")),
                    href if href.contains(':') => None,
                    href => Some(format!("https://fixture.example/en/c/{href}")),
                }
            })
            .collect()
    }
}

/// An engine that knows these links, in an order of its own.
fn engine_of(links: BTreeSet<String>, site: &str) -> Engine {
    let mut source = source_with(site);
    let template = source.items[0].clone();
    let mut links: Vec<String> = links.into_iter().collect();
    links.sort_by_key(|link| link.chars().rev().collect::<String>());
    source.items = links
        .into_iter()
        .enumerate()
        .map(|(index, link)| {
            let mut item = template.clone();
            item.id = format!("L-{index}");
            item.texts
                .iter_mut()
                .for_each(|text| text.link = link.clone());
            item
        })
        .collect();
    source.viewed_together = vec![Vec::new(); source.items.len()];
    source.popularity = (0..source.items.len())
        .map(|index| 1000.0 / (1.0 + index as f32))
        .collect();
    let engine = Engine::open(write(&source).expect("a sound source"));
    engine.expect("opens").with_pages(true)
}

/// The page's own tiles as a list whose products are all known: the same tiles in another order, and
/// what stands around them where it was.
#[test]
fn lists_in_order_are_permutations() {
    let (mut seen, mut moved) = (0, 0);
    for page in pages().iter().filter(|page| !page.tile.is_empty()) {
        let before = tiles(&page.bytes, &page.tile);
        let site = SITE
            .replace("ul.products", "body")
            .replace("li.tile", &page.tile);
        let engine = engine_of(before.products(), &site);
        let out = in_all_chunks(&engine, page, "a list");
        let after = tiles(&out, &page.tile);
        let (mut old, old_gaps) = before.parts(&page.bytes);
        let (mut new, new_gaps) = after.parts(&out);
        assert!(old_gaps == new_gaps, "{}: between tiles", page.name);
        let places = old.iter().zip(&new).filter(|(old, new)| old != new).count();
        old.sort();
        new.sort();
        assert!(old == new, "{}: tiles", page.name);
        let (_, told) = rewrite_and_tell(&engine, "/en/c/x", &page.bytes, 1500);
        let told = told.lists.first().map_or(0, |list| list.moved);
        println!("{}: {} tiles, {places} moved", page.name, old.len());
        assert!(told >= places, "{}: told {told}", page.name);
        // With something inserted at a tile and in the list, the same order around it.
        let (tile, body) = (page.tile.as_str(), "body");
        for places in [
            [(tile, "before"), (tile, "append"), (body, "prepend")],
            [(tile, "prepend"), (tile, "after"), (body, "append")],
        ] {
            let marks = site_with(&places).replace(SITE_WITHOUT_LIST.as_str(), &site);
            let engine = engine_of(before.products(), &marks);
            let (without, marks) = without_marks(&in_all_chunks(&engine, page, "both"));
            assert!(without == out, "{}: {places:?}", page.name);
            assert_eq!(marks.len(), 3, "{}: {places:?}", page.name);
        }
        seen += 1;
        moved += usize::from(places > 0);
    }
    assert_eq!(moved, seen, "lists in another order");
}

/// Without known products all keep their place, and every byte too.
#[test]
fn tiles_of_unknown_products_keep_their_place() {
    for page in pages().iter().filter(|page| !page.tile.is_empty()) {
        let site = SITE
            .replace("ul.products", "body")
            .replace("li.tile", &page.tile);
        let out = in_all_chunks(&engine_with(&site), page, "unknown products");
        assert!(out == page.bytes, "{}", page.name);
    }
}

/// How often `byte` occurs in each window of so many bytes, at any offset.
fn in_windows(page: &[u8], byte: u8, window: usize) -> Vec<usize> {
    let mut counts = vec![0];
    for (at, found) in page.iter().enumerate() {
        let leaving = at.checked_sub(window).map(|at| page[at]);
        let count = counts.last().expect("one") + usize::from(*found == byte);
        counts.push(count - usize::from(leaving == Some(byte)));
    }
    counts
}

/// What real pages have is at most a third of what the limits allow.
#[test]
fn real_pages_are_far_from_the_limits() {
    let (mut tags, mut stretch, mut attributes, mut bytes) = (0, 0, 0, 0);
    for Page { bytes: page, .. } in pages() {
        let in_window = in_windows(&page, b'<', WINDOW_BYTES);
        let of_one_tag = in_windows(&page, b'=', WINDOW_BYTES)
            .into_iter()
            .zip(&in_window);
        let of_one_tag = of_one_tag
            .filter(|(_, tags)| **tags < FEW_TAGS)
            .map(|(count, _)| count);
        attributes = attributes.max(of_one_tag.max().unwrap_or_default());
        tags = tags.max(in_window.into_iter().max().unwrap_or_default());
        let in_stretch = in_windows(&page, b'<', STRETCH_BYTES);
        stretch = stretch.max(in_stretch.into_iter().max().unwrap_or_default());
        bytes = bytes.max(page.len());
    }
    println!("{tags} tags, {attributes} attributes, {stretch} tags in a stretch, {bytes} bytes");
    for (found, limit) in [
        (tags, MAX_TAGS),
        (attributes, MAX_ATTRIBUTES),
        (stretch, MAX_STRETCH_TAGS),
    ] {
        assert!(3 * found <= limit, "{found} of {limit}");
    }
    assert!(2 * bytes <= MAX_PAGE_BYTES, "{bytes}");
}
