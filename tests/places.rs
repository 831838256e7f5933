//! Banners and slots: what they insert stands where site.toml says.
#![cfg(feature = "authoring")]

mod common;

use common::rewriting::{with_banner, with_banners};
use tailorbird::rewrite::MAX_HELD_BYTES;

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
        let page = "<div> and ".repeat(depth) + "<main>x</main>";
        let out = with_banner("main", "before", &page, 16_384);
        assert_eq!(out.contains("<x-b>"), inserted, "{depth}");
        assert_eq!(out.replace("<x-b>B</x-b>", ""), page);
    }
}
