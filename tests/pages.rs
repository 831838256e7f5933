//! Real shop pages (not part of this repository): what is not planned never changes.
//!
//! Set `TAILORBIRD_PAGES` to a folder with `INDEX.tsv` and gzipped pages; without it
//! `../shared/pages` is tried, and without that the tests say that they skip.
#![cfg(all(feature = "authoring", feature = "decode"))]

mod common;

use std::fs;
use std::io::Read;
use std::path::PathBuf;

use common::*;
use tailorbird::{Decision, Engine, Outcome};

struct Page {
    name: String,
    tile: String,
    bytes: Vec<u8>,
}

fn pages() -> Option<Vec<Page>> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/pages");
    let folder = std::env::var_os("TAILORBIRD_PAGES").map_or(PathBuf::from(default), PathBuf::from);
    let Ok(index) = fs::read_to_string(folder.join("INDEX.tsv")) else {
        println!("skipped: no pages in {}", folder.display());
        return None;
    };
    let page = |line: &str| {
        let mut columns = line.split('\t');
        let name = columns.next()?.to_owned();
        let tile = columns.nth(3)?.to_owned();
        let file = fs::read(folder.join(format!("{name}.html.gz"))).ok()?;
        let mut bytes = Vec::new();
        flate2::read::GzDecoder::new(&file[..])
            .read_to_end(&mut bytes)
            .ok()?;
        Some(Page { name, tile, bytes })
    };
    Some(index.lines().skip(1).filter_map(page).collect())
}

fn rewrite(engine: &Engine, page: &[u8], chunk: usize) -> Vec<u8> {
    let Decision::Forward(visit) = engine.visit(&get("/en/c/x", &[]), &ambient()) else {
        panic!("the worker answered itself");
    };
    let Outcome::Rewrite { mut rewriter, .. } = visit.origin_head(&html()) else {
        panic!("passed")
    };
    let mut out = Vec::new();
    for part in page.chunks(chunk) {
        rewriter.push(part, &mut out).expect("not encoded");
    }
    rewriter.finish(&mut out).expect("not encoded");
    out
}

const CHUNKS: [usize; 4] = [7, 1500, 16_384, usize::MAX];

#[test]
fn a_plan_that_finds_no_place_leaves_every_page_as_it_is() {
    let engine = engine_with(&SITE.replace("ul.products", "x-none.products"));
    for page in pages().unwrap_or_default() {
        for chunk in CHUNKS {
            assert!(
                rewrite(&engine, &page.bytes, chunk) == page.bytes,
                "{}, chunks of {chunk}",
                page.name
            );
        }
    }
}

#[test]
fn an_insertion_taken_out_again_gives_the_page_back() {
    let banner = "[[slot]]\nname = \"top\"\npages = [\"listing\"]\nselector = \"body\"\nposition = \"prepend\"\n\
                  strategies = [\"top_sellers\"]\ntemplate = \"shelf\"\ntitle = \"Top\"\n";
    let engine = engine_with(&format!("{SITE}{banner}"));
    for page in pages().unwrap_or_default() {
        let out = rewrite(&engine, &page.bytes, 1500);
        let find = |needle: &[u8]| {
            out.windows(needle.len())
                .position(|window| window == needle)
        };
        let Some(start) = find(b"<section class=\"tb-slot\"") else {
            panic!("{}: nothing was inserted", page.name);
        };
        let end = find(b"</section>")
            .into_iter()
            .chain(
                out.windows(10)
                    .enumerate()
                    .filter(|(at, w)| *at > start && w == b"</section>")
                    .map(|(at, _)| at),
            )
            .find(|at| *at > start)
            .expect("its end")
            + 10;
        let without = [&out[..start], &out[end..]].concat();
        assert!(without == page.bytes, "{}", page.name);
    }
}

/// The page's own tiles as a list: without known products all keep their place, and every byte too.
#[test]
fn tiles_of_unknown_products_keep_their_place() {
    for page in pages()
        .unwrap_or_default()
        .iter()
        .filter(|page| !page.tile.is_empty())
    {
        let site = SITE
            .replace("ul.products", "body")
            .replace("li.tile", &page.tile);
        let engine = engine_with(&site);
        for chunk in CHUNKS {
            assert!(
                rewrite(&engine, &page.bytes, chunk) == page.bytes,
                "{}, chunks of {chunk}",
                page.name
            );
        }
    }
}
