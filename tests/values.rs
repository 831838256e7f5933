//! Lists of what is no product: categories, brands and the like, by what the visitor looked at.
#![cfg(feature = "authoring")]

mod common;

use std::sync::LazyLock;

use common::*;
use proptest::prelude::*;
use tailorbird::Engine;
use tailorbird::snapshot::ItemKey;
use tailorbird::visitor::{self, VisitorState};

fn list(name: &str, by: &str, further: &str) -> String {
    format!(
        "[[list]]\nname = \"{name}\"\npages = [\"listing\"]\nselector = \"ul.{name}\"\ntile = \"li\"\n\
         by = \"{by}\"\n{further}\n"
    )
}

/// The fixture: item `i` has `Brand i % 5`, category `i % 3` of Kitchen > Mugs, Kitchen > Plates, Garden,
/// colour red, none, blue.
static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    let lists = [
        list("brands", "brand", ""),
        list("categories", "category", ""),
        list("colours", "colour", "value = \"data-colour\""),
        list("colors", "color", "value = \"data-colour\"\npinned = [1]"),
        list("sizes", "size", ""),
    ];
    engine_with(&format!("{SITE}{}", lists.concat()))
});

/// The page of a visitor who looked at these items, the newest first.
fn page(seen: &[usize], page: &str) -> Answer {
    let mut state = VisitorState::default();
    for (at, item) in seen.iter().rev().enumerate() {
        state.record_view(ItemKey::of(&format!("F-{item}")), NOW - 900 + at as i64);
    }
    let cookie = format!(
        "consent=personalisation; tailorbird={}",
        visitor::encode(&state)
    );
    fetch(&ENGINE, &get("/en/c/x", &[("cookie", &cookie)]), page)
}

/// The texts of a list in their new order.
fn ordered(seen: &[usize], list: &str, tiles: &[&str]) -> String {
    let tile = |text: &&str| format!("<li>{text}</li>\n");
    let origin: String = tiles.iter().map(tile).collect();
    let out = page(seen, &format!("<ul class={list}>{origin}</ul>")).body;
    let texts = out.split("<li>").skip(1);
    let text = |tile: &str| tile.split("</li>").next().unwrap_or_default().to_owned();
    texts.map(text).collect::<Vec<_>>().join("|")
}

#[test]
fn what_the_visitor_looks_at_comes_first() {
    let brands = ["Brand 0", "Brand 1", "Brand 2", "Brand 3"];
    for (seen, expected) in [
        (&[3][..], "Brand 3|Brand 0|Brand 1|Brand 2"),
        // The newest view counts most; ties keep the shop's order.
        (&[2, 3], "Brand 2|Brand 3|Brand 0|Brand 1"),
        (&[3, 2], "Brand 3|Brand 2|Brand 0|Brand 1"),
        // Two older views of one brand are less than a newer one, and more than the older of them.
        (&[1, 3, 8, 2], "Brand 1|Brand 3|Brand 2|Brand 0"),
        (&[4], "Brand 0|Brand 1|Brand 2|Brand 3"),
    ] {
        assert_eq!(ordered(seen, "brands", &brands), expected, "{seen:?}");
    }
}

#[test]
fn ways_to_write_a_value() {
    for (list, seen, tiles, expected) in [
        (
            "brands",
            3,
            ["Brand 0", "BRAND  3 (1,234)"],
            "BRAND  3 (1,234)|Brand 0",
        ),
        (
            "brands",
            3,
            [
                "Brand 0",
                "<a href='?b>3'>Br<b>an</b>d&#32;3</a><span>12</span>",
            ],
            "<a href='?b>3'>Br<b>an</b>d&#32;3</a><span>12</span>|Brand 0",
        ),
        (
            "brands",
            3,
            [
                "Brand 0",
                "<script>Brand 0</script><!-- x --><p>Brand&nbsp;3<p>new!",
            ],
            "<script>Brand 0</script><!-- x --><p>Brand&nbsp;3<p>new!|Brand 0",
        ),
        // A brand is not known by a part of its name, and what is no value keeps its place.
        ("brands", 3, ["Brand 0", "Brand"], "Brand 0|Brand"),
        ("categories", 1, ["Garden", "Plates"], "Plates|Garden"),
        (
            "categories",
            1,
            ["Garden", "kitchen &gt; PLATES"],
            "kitchen &gt; PLATES|Garden",
        ),
        ("categories", 1, ["Garden", "Kitchen"], "Kitchen|Garden"),
        (
            "categories",
            1,
            ["Mugs", "Kitchen>Mugs"],
            "Mugs|Kitchen>Mugs",
        ),
        (
            "colours",
            0,
            ["<i data-colour=blue>r</i>", "<b data-colour='RED'>x</b>"],
            "<b data-colour='RED'>x</b>|<i data-colour=blue>r</i>",
        ),
        // Without the attribute the text says nothing.
        (
            "colours",
            0,
            ["<i data-colour=blue>r</i>", "red"],
            "<i data-colour=blue>r</i>|red",
        ),
        (
            "colors",
            0,
            ["<i data-colour=blue>r</i>", "<i data-colour=red>x</i>"],
            "<i data-colour=blue>r</i>|<i data-colour=red>x</i>",
        ),
        ("sizes", 0, ["M", "S"], "M|S"),
    ] {
        assert_eq!(ordered(&[seen], list, &tiles), expected, "{list} {seen}");
    }
    let all = ["<a>All</a>", "Mugs", "Sale", "Plates", "Garden"];
    assert_eq!(
        ordered(&[1], "categories", &all),
        "<a>All</a>|Plates|Sale|Mugs|Garden"
    );
}

#[test]
fn texts_are_read_in_the_page_s_charset() {
    // "Küche" in windows-1252, which nothing but the fallback says; the fixture has no such brand, so a
    // reference stands for what is to be found.
    let lists = list("brands", "brand", "");
    let mut source = source_with(&format!("{SITE}{lists}"));
    source.items[3].brand = "Küche".into();
    let engine = Engine::open(tailorbird::snapshot::write(&source).expect("sound")).expect("opens");
    let mut state = VisitorState::default();
    state.record_view(ItemKey::of("F-3"), NOW - 9);
    let cookie = format!(
        "consent=personalisation; tailorbird={}",
        visitor::encode(&state)
    );
    for (charset, umlaut) in [
        ("", &b"\xfc"[..]),
        ("; charset=utf-8", "ü".as_bytes()),
        ("; charset=iso-8859-1", b"\xfc"),
        ("", b"&uuml;"),
    ] {
        let tile = [b"<li>K", umlaut, b"che</li>"].concat();
        let page = [
            b"<ul class=brands><li>Brand 0</li>",
            tile.as_slice(),
            b"</ul>",
        ]
        .concat();
        let expected = [
            b"<ul class=brands>",
            tile.as_slice(),
            b"<li>Brand 0</li></ul>",
        ]
        .concat();
        let tailorbird::Decision::Forward(visit) =
            engine.visit(&get("/en/c/x", &[("cookie", &cookie)]), &ambient())
        else {
            panic!("answered itself");
        };
        let mut head = html();
        head.headers = vec![("content-type", format!("text/html{charset}"))];
        let tailorbird::Outcome::Rewrite { mut rewriter, .. } = visit.origin_head(&head) else {
            panic!("passes");
        };
        let mut out = Vec::new();
        rewriter.push(&page, &mut out).expect("not encoded");
        rewriter.finish(&mut out).expect("not encoded");
        assert!(out == expected, "{charset}");
    }
}

#[test]
fn without_history_nothing_moves_and_nothing_is_touched() {
    let origin = "<ul class=brands><li>Brand 3</li><li>Brand 0</li></ul>";
    for cookie in ["", "consent=essential", "consent=personalisation"] {
        let answer = fetch(&ENGINE, &get("/en/c/x", &[("cookie", cookie)]), origin);
        assert_eq!(answer.body, origin, "{cookie}");
    }
    // A shop whose only places are such lists sends what it sent.
    let start = SITE.find("[[list]]").expect("a list");
    let engine = engine_with(&format!(
        "{}{}",
        &SITE[..start],
        list("brands", "brand", "")
    ));
    assert!(!fetch(&engine, &get("/en/c/x", &[]), origin).changed);
}

proptest! {
    /// Any tiles, any history: the same tiles come out, and what is no value stays.
    #[test]
    fn tiles_change_places_and_nothing_else(
        tiles in prop::collection::vec((0usize..9, "[ a-z<>&;/()0-9é]{0,12}"), 0..20),
        seen in prop::collection::vec(0..ITEMS, 0..12),
    ) {
        let text = |(n, junk): &(usize, String)| match n {
            0..5 => format!("<b>Brand {n}</b> ({})", junk.len()),
            // Comments and raw text would swallow the tile's end.
            _ => junk.replace(['<', '>'], ""),
        };
        let texts: Vec<String> = tiles.iter().map(text).collect();
        let refs: Vec<&str> = texts.iter().map(String::as_str).collect();
        let out = ordered(&seen, "brands", &refs);
        let mut found: Vec<&str> = out.split('|').collect();
        if !texts.is_empty() {
            for (at, tile) in tiles.iter().enumerate() {
                prop_assert!(tile.0 < 5 || found[at] == texts[at]);
            }
            let mut expected = refs;
            expected.sort_unstable();
            found.sort_unstable();
            prop_assert_eq!(found, expected);
        }
    }
}
