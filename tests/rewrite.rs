//! The rewriter: only what was planned changes, however the page is cut into chunks.
#![cfg(feature = "authoring")]

mod common;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use common::rewriting::{rewrite, rewrite_and_tell, rewriter};
use common::*;
use proptest::prelude::*;
use tailorbird::Engine;
use tailorbird::rewrite::MAX_HELD_BYTES;

fn list(page: &str) -> String {
    String::from_utf8(rewrite(&engine(), "/en/c/x", page.as_bytes(), page.len())).expect("UTF-8")
}

#[test]
fn tiles_are_permuted_and_what_stands_between_them_stays() {
    let page = "<ul class=products>\n<!--a--><li class=tile><a href=/en/p/item-5>5</a></li>, \
                <li class=ad>Ad</li>;<li class=tile>no link</li>.<li class=\"tile\"><b>x</b>\
                <a href='/wish'>w</a><a href='https://fixture.example/en/p/item-2?utm_source=a'>2</a></li><!--b--></ul>!";
    assert_eq!(
        list(page),
        "<ul class=products>\n<!--a--><li class=\"tile\"><b>x</b>\
         <a href='/wish'>w</a><a href='https://fixture.example/en/p/item-2?utm_source=a'>2</a></li>, \
         <li class=ad>Ad</li>;<li class=tile>no link</li>.<li class=tile><a href=/en/p/item-5>5</a></li><!--b--></ul>!"
    );
}

#[test]
fn tiles_without_an_end_tag() {
    assert_eq!(
        list(
            "<ul class=products><li class=tile><a href=/en/p/item-9>9</a> <li class=tile><a href=/en/p/item-1>1</a>\n</ul>x"
        ),
        "<ul class=products><li class=tile><a href=/en/p/item-1>1</a>\n<li class=tile><a href=/en/p/item-9>9</a> </ul>x"
    );
}

#[test]
fn a_tile_within_a_tile_moves_with_it() {
    let nested = "<li class=tile><a href=/en/p/item-9>9</a><ul><li class=tile><a href=/en/p/item-1>1</a></li></ul></li>";
    let other = "<li class=tile><a href=/en/p/item-4>4</a></li>";
    assert_eq!(
        list(&format!("<ul class=products>{nested}{other}</ul>")),
        format!("<ul class=products>{other}{nested}</ul>")
    );
}

#[test]
fn out_of_stock_goes_behind() {
    let tile = |n: usize| format!("<li class=tile><a href=/en/p/item-{n}>{n}</a></li>");
    let page = format!(
        "<ul class=products>{}{}{}</ul>",
        tile(6),
        tile(19),
        tile(10)
    );
    assert_eq!(item_numbers(&list(&page)), [10, 19, 6]);
}

#[test]
fn a_list_over_the_limit_goes_through_and_streams() {
    let tile = "<li class=tile><a href=/en/p/item-9>9</a></li>";
    let page = format!(
        "<ul class=products>{}<li class=tile><a href=/en/p/item-1>1</a></li></ul>",
        tile.repeat(MAX_HELD_BYTES / tile.len())
    );
    assert_eq!(
        rewrite(&engine(), "/en/c/x", page.as_bytes(), 16_384),
        page.as_bytes()
    );
}

#[test]
fn what_is_not_held_leaves_at_once() {
    let mut rewriter = rewriter(&engine(), "/en/c/x");
    let mut out = Vec::new();
    rewriter
        .push(b"<p>before</p><ul class=products><li class=tile>", &mut out)
        .expect("not encoded");
    assert_eq!(out, b"<p>before</p><ul class=products>");
    rewriter
        .push(b"x</li></ul><p>after", &mut out)
        .expect("not encoded");
    assert_eq!(
        out,
        b"<p>before</p><ul class=products><li class=tile>x</li></ul><p>after"
    );
}

#[test]
fn an_abort_loses_nothing_that_came() {
    let page =
        b"<ul class=products><li class=tile><a href=/en/p/item-9>9</a></li><li class=tile><a hr";
    let mut rewriter = rewriter(&engine(), "/en/c/x");
    let mut out = Vec::new();
    rewriter.push(page, &mut out).expect("not encoded");
    rewriter.abort(&mut out);
    assert_eq!(out, page);
}

#[test]
fn an_attribute_over_the_memory_limit_goes_through() {
    let page = format!(
        "<ul class=products><li class=tile data-x=\"{}\">a</li></ul>",
        "x".repeat(2 << 20)
    );
    assert_eq!(
        rewrite(&engine(), "/en/c/x", page.as_bytes(), 16_384),
        page.as_bytes()
    );
}

#[test]
fn utf_16_goes_through() {
    let mut page = vec![0xFF, 0xFE];
    page.extend(
        "<main><section class=hero>"
            .encode_utf16()
            .flat_map(u16::to_le_bytes),
    );
    for chunk in [1, 2, 7] {
        let (out, told) = rewrite_and_tell(&engine(), "/en/", &page, chunk);
        assert_eq!(out, page);
        assert!(told.gave_up.expect("a reason").contains("UTF-16"));
    }
    for page in [&b"\xff"[..], b"\xfe\xff", b"\xff<", b"\xfe"] {
        assert_eq!(rewrite(&engine(), "/en/", page, 1), page);
    }
}

#[test]
fn bytes_that_do_not_fit_the_charset_survive() {
    let page = b"<p>\xff\xfe \xc3</p><main \xe9=1><section class=hero>\xe9</section>\xff</main>";
    let out = rewrite(&engine(), "/en/", page, 5);
    for part in [
        &b"<p>\xff\xfe \xc3</p><main \xe9=1>"[..],
        b"<section class=hero>\xe9</section>",
        b"\xff</main>",
    ] {
        assert!(out.windows(part.len()).any(|window| window == part));
    }
}

#[cfg(feature = "decode")]
#[test]
fn encoded_pages_are_decoded_and_damaged_ones_reported() {
    use std::io::Write;

    use tailorbird::{Decision, Outcome};
    let page = "<main><section class=hero>x</section></main>".repeat(50);
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(page.as_bytes()).expect("to memory");
    let gzip = encoder.finish().expect("to memory");
    let start = || {
        let Decision::Forward(visit) = engine().visit(&get("/en/", &[]), &ambient()) else {
            panic!("the worker answered itself");
        };
        let mut head = html();
        head.headers.push(("content-encoding", "gzip".into()));
        match visit.origin_head(&head) {
            Outcome::Rewrite { rewriter, .. } => rewriter,
            Outcome::PassThrough(reason) | Outcome::PassBody { reason, .. } => {
                panic!("passed: {reason}")
            }
            Outcome::Hold(_) | Outcome::Known(_) => panic!("held, or known"),
        }
    };
    let (mut rewriter, mut out) = (start(), Vec::new());
    for part in gzip.chunks(3) {
        rewriter.push(part, &mut out).expect("sound");
    }
    rewriter.finish(&mut out).expect("sound");
    assert_eq!(out, rewrite(&engine(), "/en/", page.as_bytes(), 99));
    let (mut rewriter, mut out) = (start(), Vec::new());
    rewriter
        .push(&gzip[..gzip.len() / 2], &mut out)
        .expect("sound so far");
    assert!(rewriter.finish(&mut out).is_err(), "cut off");
    assert!(start().push(b"no gzip at all", &mut Vec::new()).is_err());
}

fn tile_strategy() -> impl Strategy<Value = (String, Option<usize>)> {
    let product = (0..ITEMS).prop_map(|n| {
        (
            format!("<li class=tile><i>é</i><a href=\"/en/p/item-{n}\">x</a></li>"),
            Some(n),
        )
    });
    let other = "[a-z <>/é]{0,12}".prop_map(|text: String| {
        (
            format!("<li class='tile'>{}</li>", text.replace(['<', '>'], "&")),
            None,
        )
    });
    prop_oneof![4 => product, 1 => other]
}

proptest! {
    /// For any list and any split into chunks, the tiles' bytes are permuted by rank and nothing
    /// else changes.
    #[test]
    fn any_list_in_any_chunks(
        parts in prop::collection::vec((tile_strategy(), "[ \n,;é]{0,5}"), 0..30),
        chunk in 1usize..200,
    ) {
        let engine = engine();
        let page = |tiles: &[String]| {
            let mut page = String::from("<p>a</p><ul class=products> ");
            for (tile, (_, gap)) in tiles.iter().zip(&parts) {
                page.push_str(tile);
                page.push_str(gap);
            }
            page + "</ul><p>b</p>"
        };
        let tiles: Vec<String> = parts.iter().map(|((tile, _), _)| tile.clone()).collect();
        // The fixture's items stand in descending popularity; every seventh is out of stock.
        let mut ranked: Vec<(bool, usize, &String)> = parts.iter()
            .filter_map(|((tile, n), _)| n.map(|n| (n % 7 == 6, n, tile)))
            .collect();
        ranked.sort_by_key(|(out, n, _)| (*out, *n));
        let mut ranked = ranked.into_iter();
        let expected: Vec<String> = parts.iter()
            .map(|((tile, n), _)| match n { Some(_) => ranked.next().expect("as many").2.clone(), None => tile.clone() })
            .collect();
        let out = rewrite(&engine, "/en/c/x", page(&tiles).as_bytes(), chunk);
        prop_assert_eq!(String::from_utf8(out).expect("UTF-8"), page(&expected));
    }

    /// Any bytes at all come through whole when no place is found in them.
    #[test]
    fn any_bytes_without_a_place(page in prop::collection::vec(any::<u8>(), 0..2000), chunk in 1usize..300) {
        prop_assume!(!page.windows(7).any(|w| w.eq_ignore_ascii_case(b"section")));
        prop_assume!(!page.windows(4).any(|w| w.eq_ignore_ascii_case(b"main")));
        prop_assert_eq!(rewrite(&engine(), "/en/", &page, chunk), page);
    }

    /// Markup soup with every kind of place in it: however it is cut, the same bytes come out; without
    /// what was inserted they are the page's, in the order of its tiles, unless content was replaced.
    #[test]
    fn soup_with_places_in_any_chunks(
        words in prop::collection::vec(prop::sample::select(vec![
            "<ul class=products>", "</ul>", "<li class=tile>", "</li>", "<a href=/en/p/item-3>", "<a href=/en/p/item-1>",
            "</a>", "<main>", "</main>", "<section class=hero>", "</section>", "<h1>", "</h1>", "<p>", "</p>", "<br>",
            "<!--", "-->", "<script>", "</script>", "x", "é", "<p", ">", "\"", "<table><tr><td>", "<td class=tile>", "</table>",
        ]), 0..60),
        positions in prop::sample::subsequence(vec!["before", "after", "prepend", "append", "replace"], 3).prop_shuffle(),
        chunk in 1usize..50,
    ) {
        static ENGINES: Mutex<BTreeMap<Vec<&str>, Arc<Engine>>> = Mutex::new(BTreeMap::new());
        let engine = Arc::clone(ENGINES.lock().expect("no panic").entry(positions.clone()).or_insert_with(|| {
            let mut site = SITE.replace("ul.products", ".products").replace("li.tile", ".tile");
            site.push_str("[[template]]\nname = \"x\"\nsource = \"<x-b>{{title}}</x-b>\"\n");
            for (index, (selector, position)) in ["main", "li.tile", "h1"].iter().zip(&positions).enumerate() {
                site.push_str(&format!(
                    "[[banner]]\nname = \"b{index}\"\npages = [\"listing\"]\nselector = \"{selector}\"\n\
                     position = \"{position}\"\ntemplate = \"x\"\ntitle = \"B\"\n"
                ));
            }
            Arc::new(engine_with(&site))
        }));
        let page = words.concat();
        let whole = rewrite(&engine, "/en/c/x", page.as_bytes(), page.len());
        let parts = rewrite(&engine, "/en/c/x", page.as_bytes(), chunk);
        prop_assert_eq!(&whole, &parts);
        let without = String::from_utf8(whole).expect("UTF-8").replace("<x-b>B</x-b>", "");
        let sorted = |text: &str| { let mut bytes = text.as_bytes().to_vec(); bytes.sort(); bytes };
        // What stands behind an element without an end tag gives it one.
        let after = positions.iter().position(|position| *position == "after");
        let end_tag = after.map_or("", |at| ["</main>", "</li>", "</h1>"][at]);
        if positions.contains(&"replace") {
            prop_assert!(without.len() <= page.len() + end_tag.len());
        } else {
            let is_same = [page.clone(), page + end_tag].iter().any(|page| sorted(page) == sorted(&without));
            prop_assert!(is_same, "{}", without);
        }
    }

    /// Markup soup: however it is cut, the same bytes come out, and without the insertions they are
    /// the page.
    #[test]
    fn soup_in_any_chunks(
        words in prop::collection::vec(prop::sample::select(vec![
            "<ul class=products>", "</ul>", "<li class=tile>", "</li>", "<a href=/en/p/item-3>", "</a>",
            "<div>", "</div>", "<!--", "-->", "<script>", "</script>", "x", "é", "<p", ">", "\"", "<table><tr><td>",
        ]), 0..60),
        chunk in 1usize..50,
    ) {
        let page = words.concat();
        let whole = rewrite(&engine(), "/en/c/x", page.as_bytes(), page.len());
        let parts = rewrite(&engine(), "/en/c/x", page.as_bytes(), chunk);
        prop_assert_eq!(&whole, &parts);
        let sorted = |bytes: &[u8]| { let mut bytes = bytes.to_vec(); bytes.sort(); bytes };
        prop_assert_eq!(sorted(&whole), sorted(page.as_bytes()));
    }
}
