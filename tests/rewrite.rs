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
            Outcome::Hold(_) => panic!("held"),
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
        if positions.contains(&"replace") {
            prop_assert!(without.len() <= page.len());
        } else {
            prop_assert_eq!(sorted(&without), sorted(&page));
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

/// What becomes of a page with one banner.
fn with_banner(selector: &str, position: &str, page: &str, chunk: usize) -> String {
    with_banners(&[(selector, position, "B")], page, chunk)
}

fn with_banners(banners: &[(&str, &str, &str)], page: &str, chunk: usize) -> String {
    let mut site =
        SITE.to_owned() + "[[template]]\nname = \"x\"\nsource = \"<x-b>{{title}}</x-b>\"\n";
    for (index, (selector, position, title)) in banners.iter().enumerate() {
        site.push_str(&format!(
            "[[banner]]\nname = \"b{index}\"\npages = [\"listing\"]\nselector = \"{selector}\"\n\
             position = \"{position}\"\ntemplate = \"x\"\ntitle = \"{title}\"\n"
        ));
    }
    let out = rewrite(&engine_with(&site), "/en/c/x", page.as_bytes(), chunk);
    String::from_utf8(out).expect("UTF-8")
}

#[test]
fn content_is_replaced_only_when_its_end_is_certain() {
    let long = format!("<main>{}</main>!", "x".repeat(MAX_HELD_BYTES + 1));
    for (page, expected) in [
        ("<main a><p>x</p></main>!", "<main a><x-b>B</x-b></main>!"),
        ("<main></main>!", "<main><x-b>B</x-b></main>!"),
        (
            "<body><main>x<footer>y</footer></body>",
            "<body><main>x<footer>y</footer></body>",
        ),
        ("<main>x<p>y", "<main>x<p>y"),
        ("<main>x<p", "<main>x<p"),
        (
            "<ul class=products><li class=tile><main>x</main></li><li class=tile><main>y</ul>",
            "<ul class=products><li class=tile><main><x-b>B</x-b></main></li><li class=tile><main>y</ul>",
        ),
        (&long, &long),
    ] {
        for chunk in [1, 7, page.len()] {
            if chunk == 1 && page.len() > 1000 {
                continue;
            }
            assert!(
                with_banner("main", "replace", page, chunk) == expected,
                "{:.80}",
                page
            );
        }
    }
}

#[test]
fn what_is_inserted_at_a_tile_stays_whole() {
    let tile =
        |n: usize, inner: &str| format!("<li class=tile><a href=/en/p/item-{n}>x</a>{inner}</li>");
    let list = |tiles: &str| format!("<ul class=products>{tiles}</ul>");
    let page = list(&(tile(9, "") + "," + &tile(1, "")));
    for (position, expected) in [
        (
            "before",
            list(&("<x-b>B</x-b>".to_owned() + &tile(1, "") + "," + &tile(9, ""))),
        ),
        (
            "after",
            list(&(tile(1, "") + "<x-b>B</x-b>," + &tile(9, ""))),
        ),
        (
            "append",
            list(&(tile(1, "") + "," + &tile(9, "<x-b>B</x-b>"))),
        ),
        (
            "prepend",
            list(&(tile(1, "") + "," + &tile(9, "").replace("<a", "<x-b>B</x-b><a"))),
        ),
    ] {
        assert_eq!(
            with_banner("li.tile", position, &page, 5),
            expected,
            "{position}"
        );
    }
}

/// An element without an end tag ends before the end tag of one around it, and so does what stands
/// behind it.
#[test]
fn insertions_at_elements_without_an_end_tag() {
    let page = "<section><p class=x>a</section>";
    for position in ["append", "after"] {
        assert_eq!(
            with_banner("p.x", position, page, 3),
            "<section><p class=x>a<x-b>B</x-b></section>"
        );
    }
    assert_eq!(
        with_banner("br", "after", "a<br>b", 3),
        "a<br><x-b>B</x-b>b"
    );
}

/// After the last insertion nobody looks at the page any more, wherever a chunk ends.
#[test]
fn what_follows_the_last_insertion_goes_through_at_every_border() {
    let page = "<body><main>x</main><section class=hero>é</section><p a='>'>é<!-- <main> --><script>'</main>'</script>\
                <meta charset=gbk><main>y</main><section class=hero>z</section><textarea></p></textarea><b";
    let page = page.as_bytes();
    let engine = engine();
    let whole = rewrite(&engine, "/en/", page, page.len());
    let last = whole.windows(10).rposition(|w| w == b"</section>");
    let (mut bypassed, mut cuts) = (0, 0);
    for first in 0..page.len() {
        for second in [first + 1, first + 2, first + 9, page.len()] {
            let second = second.min(page.len());
            let (mut rewriter, mut out) = (rewriter(&engine, "/en/"), Vec::new());
            for part in [&page[..first], &page[first..second], &page[second..]] {
                rewriter.push(part, &mut out).expect("not encoded");
            }
            let counts = rewriter.counts();
            let told = rewriter.finish(&mut out).expect("not encoded");
            assert_eq!(out, whole, "cut at {first} and {second}");
            assert_eq!(told.places.len(), 2);
            // Everything from the first border behind the insertions on.
            let filled = page
                .windows(10)
                .position(|w| w == b"</section>")
                .expect("one")
                + 10;
            let border = [first, second, page.len()]
                .into_iter()
                .find(|cut| *cut >= filled);
            assert_eq!(counts.bypassed_bytes, page.len() - border.expect("one"));
            bypassed += counts.bypassed_bytes;
            cuts += 1;
        }
    }
    assert!(
        last.is_some() && bypassed > cuts,
        "{bypassed} of {cuts} cuts"
    );
}

#[test]
fn a_large_chunk_is_not_looked_at_to_its_end() {
    let page =
        "<main>x</main><section class=hero>x</section>".to_owned() + &"<p>x</p>".repeat(50_000);
    let (mut rewriter, mut out) = (rewriter(&engine(), "/en/"), Vec::new());
    rewriter
        .push(page.as_bytes(), &mut out)
        .expect("not encoded");
    assert!(rewriter.counts().bypassed_bytes > page.len() - (16 << 10) - 1);
}

/// What a page costs is a matter of its plan and of its places, not of its size.
#[test]
fn costs_are_counted() {
    let cost = |target: &str, page: &str| {
        let (mut rewriter, mut out) = (rewriter(&engine(), target), Vec::new());
        rewriter
            .push(page.as_bytes(), &mut out)
            .expect("not encoded");
        rewriter.counts()
    };
    let text = "<p>text <b>and</b> <a href=/en/p/item-3>a link</a></p>".repeat(100);
    // A banner and a slot; they are written between what stands before and behind them.
    let home = cost(
        "/en/",
        &format!("{text}<main>x</main>{text}<section class=hero>x</section>{text}"),
    );
    assert_eq!(home.handlers, 2);
    assert_eq!(home.held_bytes, 0);
    assert!(home.pieces <= 10, "{home:?}");
    // A list's four handlers: the list, what ends unclosed tiles, tiles, links.
    let tile = "<li class=tile><a href=/en/p/item-3>x</a></li>";
    let list = format!("{text}<ul class=products>{}</ul>{text}", tile.repeat(10));
    let listing = cost("/en/c/x", &list);
    assert_eq!(listing.handlers, 4);
    assert_eq!(listing.held_bytes, 10 * tile.len());
    assert!(listing.pieces <= 5 * 10 + 4, "{listing:?}");
    assert_eq!(cost("/en/c/x", &text).pieces, 1);
}

/// Places at one element stand in the order of the file, around content that is replaced, too.
#[test]
fn several_places_at_one_element() {
    let positions = ["before", "after", "prepend", "append", "replace"];
    let numbered: Vec<_> = positions
        .iter()
        .flat_map(|p| [(*p, "1"), (*p, "2")])
        .collect();
    let all = |selector| -> Vec<(&str, &str, &str)> {
        numbered
            .iter()
            .map(|(position, title)| (selector, *position, *title))
            .collect()
    };
    let two = "<x-b>1</x-b><x-b>2</x-b>";
    assert_eq!(
        with_banners(&all("h1"), "<h1>x</h1>!", 3),
        format!("{two}<h1>{two}{two}{two}</h1>{two}!")
    );
    let list = |first: &str, second: &str| format!("<ul class=products>{first};{second}</ul>");
    let tile = |n: usize| format!("<li class=tile><a href=/en/p/item-{n}>x</a></li>");
    assert_eq!(
        with_banners(
            &all("li.x"),
            &list("<li class=\"tile x\">x</li>", &(tile(4) + &tile(2))),
            3
        ),
        list(
            &format!("{two}<li class=\"tile x\">{two}{two}{two}</li>{two}"),
            &(tile(2) + &tile(4))
        )
    );
    assert_eq!(
        with_banner(
            "li.x",
            "replace",
            "<ul class=products><li class=tile><a href=/en/p/item-4>x</a><li class=\"tile x\">x</li><li class=tile><a href=/en/p/item-2>x</a></ul>",
            3
        ),
        "<ul class=products><li class=tile><a href=/en/p/item-2>x</a><li class=\"tile x\"><x-b>B</x-b></li><li class=tile><a href=/en/p/item-4>x</a></ul>"
    );
}

/// The parser's memory is that of some 4,000 open elements.
#[test]
fn elements_within_each_other() {
    for (depth, inserted) in [(4000, true), (5000, false)] {
        let page = "<div>".repeat(depth) + "<main>x</main>";
        let out = with_banner("main", "before", &page, 16_384);
        assert_eq!(out.contains("<x-b>"), inserted, "{depth}");
        assert_eq!(out.replace("<x-b>B</x-b>", ""), page);
    }
}
