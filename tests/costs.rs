//! What a page costs: how much of it is looked at, in counts.
#![cfg(feature = "authoring")]

mod common;

use common::rewriting::{rewrite, rewriter};
use common::*;

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
            // Everything behind the insertions, or at least from the first border there on.
            let filled = page
                .windows(10)
                .position(|w| w == b"</section>")
                .expect("one")
                + 10;
            let border = [first, second, page.len()]
                .into_iter()
                .find(|cut| *cut >= filled);
            let least = page.len() - border.expect("one");
            let most = page.len() - filled;
            assert!(
                (least..=most).contains(&counts.bypassed_bytes),
                "{counts:?}, of {least} to {most}"
            );
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
    let page = "<main>x</main><section class=hero>x</section>".to_owned()
        + &"<p>some text</p>".repeat(50_000);
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
    let text = "<p>text <b>and</b> <a href=/en/p/item-3>a link</a></p>".repeat(20);
    // A banner and a slot, and what writes the slot when the page ends before its element does.
    let home = cost(
        "/en/",
        &format!("{text}<main>x</main>{text}<section class=hero>x</section>{text}"),
    );
    assert_eq!(home.handlers, 3);
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

/// With `nth`, a list's page goes through unread behind it, and its host may know.
#[test]
fn the_nth_list_is_the_last_that_is_looked_for() {
    let tile = |n: usize| format!("<li class=tile><a href=/en/p/item-{n}>x</a></li>");
    let list = |tiles: &[usize]| {
        let tiles: String = tiles.iter().copied().map(tile).collect();
        format!("<ul class=products>{tiles}</ul>")
    };
    let text = "<p>some text</p>".repeat(5_000);
    let page = |first: &[usize], second: &[usize], third: &[usize]| {
        format!("{}{}{}{text}", list(first), list(second), list(third))
    };
    let origin = page(&[5, 2], &[7, 4], &[9, 8]);
    for (nth, expected) in [
        (None, page(&[2, 5], &[4, 7], &[8, 9])),
        (Some(1), page(&[2, 5], &[7, 4], &[9, 8])),
        (Some(2), page(&[5, 2], &[4, 7], &[9, 8])),
        (Some(4), origin.clone()),
    ] {
        let key = nth.map_or(String::new(), |nth| format!("nth = {nth}\n"));
        let site = SITE.replace(
            "selector = \"ul.products\"",
            &format!("{key}selector = \"ul.products\""),
        );
        let engine = engine_with(&site);
        for chunk in [7, 1500, origin.len()] {
            let out = rewrite(&engine, "/en/c/x", origin.as_bytes(), chunk);
            assert!(out == expected.as_bytes(), "{nth:?}, chunks of {chunk}");
        }
        let (mut rewriter, mut out) = (rewriter(&engine, "/en/c/x"), Vec::new());
        rewriter
            .push(origin.as_bytes(), &mut out)
            .expect("not encoded");
        let is_done = matches!(nth, Some(1 | 2));
        assert_eq!(rewriter.is_through(), is_done);
        assert_eq!(
            rewriter.counts().bypassed_bytes > text.len() - 8000,
            is_done
        );
    }
}

/// Once a rewriter is through, all that was pushed has left, and what follows leaves as it is.
#[test]
fn a_host_may_hand_over_what_follows() {
    let page = "<main>x</main><section class=hero>x</section><p>y</p><main>z</main>".as_bytes();
    let engine = engine();
    let whole = rewrite(&engine, "/en/", page, page.len());
    let (mut rewriter, mut out) = (rewriter(&engine, "/en/"), Vec::new());
    let mut handed_over = 0;
    for part in page.chunks(4) {
        if rewriter.is_through() {
            handed_over += part.len();
            out.extend_from_slice(part);
        } else {
            rewriter.push(part, &mut out).expect("not encoded");
        }
    }
    let told = rewriter.finish(&mut out).expect("not encoded");
    assert_eq!(out, whole);
    assert_eq!(told.places.len(), 2);
    assert!(handed_over >= 16, "{handed_over}");
}
