//! Lists in JSON: the elements' bytes change places, and nothing else changes.
#![cfg(feature = "authoring")]

mod common;

use std::sync::LazyLock;

use common::*;
use proptest::prelude::*;
use tailorbird::rewrite::{MAX_HELD_BYTES, MAX_TILES};
use tailorbird::{Decision, Engine, Exposures, Outcome, ResponseHead};

const LISTS: &str = r#"
[[page]]
kind = "search"
paths = ["/*/search.json"]
[[list]]
name = "found"
pages = ["search"]
json = "/data/products"
item = "/id"
[[page]]
kind = "links"
paths = ["/en/links.json"]
[[list]]
name = "links"
pages = ["links"]
json = "/a~1b/c~0d/0"
link = "/at/url"
[[page]]
kind = "whole"
paths = ["/en/whole.json"]
[[list]]
name = "whole"
pages = ["whole"]
json = ""
item = ""
[[page]]
kind = "several"
paths = ["/en/several.json"]
[[list]]
name = "inner"
pages = ["several"]
json = "/outer/1/inner"
item = "/id"
[[list]]
name = "pinned"
pages = ["several"]
json = "/pinned"
item = "/id"
pinned = [2]
personalise_first = 3
[[list]]
name = "outer"
pages = ["several"]
json = "/outer"
item = "/id"
[[list]]
name = "again"
pages = ["several"]
json = "/outer"
item = "/other"
[[list]]
name = "html"
pages = ["several"]
selector = "ul"
tile = "li"
[[banner]]
name = "no-page"
pages = ["several"]
selector = "body"
template = "banner"
[[page]]
kind = "off"
paths = ["/en/off.json"]
[[list]]
name = "off"
pages = ["off"]
json = ""
item = ""
enabled = false
"#;

static ENGINE: LazyLock<Engine> = LazyLock::new(|| engine_with(&format!("{SITE}{LISTS}")));

fn head(content_type: &str) -> ResponseHead {
    ResponseHead {
        status: 200,
        headers: vec![("content-type", content_type.into())],
        body_is_decoded: false,
    }
}

fn outcome(target: &str, head: &ResponseHead) -> Outcome {
    let Decision::Forward(visit) = ENGINE.visit(&get(target, &[]), &ambient()) else {
        panic!("the worker answered itself");
    };
    visit.origin_head(head)
}

fn order(target: &str, json: &[u8], sizes: &[usize]) -> (Vec<u8>, Exposures) {
    let Outcome::Rewrite { mut rewriter, .. } = outcome(target, &head("application/json")) else {
        panic!("passes");
    };
    let (mut out, mut rest) = (Vec::new(), json);
    for size in sizes.iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let (now, later) = rest.split_at(rest.len().min(*size));
        rewriter.push(now, &mut out).expect("not encoded");
        rest = later;
    }
    let exposures = rewriter.finish(&mut out).expect("not encoded");
    (out, exposures)
}

/// A document's lists in their new order, and what was told of them: name, elements, moved.
fn said(target: &str, json: &str) -> (String, Vec<(String, usize, usize)>) {
    let (out, exposures) = order(target, json.as_bytes(), &[7]);
    let lists = exposures.lists.into_iter();
    let lists = lists.map(|list| (list.place, list.tiles, list.moved));
    (String::from_utf8(out).expect("UTF-8"), lists.collect())
}

#[test]
fn only_elements_move() {
    for (target, before, after) in [
        (
            "/en/search.json",
            "\u{feff}{ \"n\": 1e999, \"data\":{\"products\" :[ {\"id\":\"F-5\", \"x\": [1.50, \"\\u00e9\"]} ,\n{ \"x\":{\"id\":\"F-1\"},\"\\u0069d\":\"F\\u002d2\"}\t, null]}}\r\n",
            "\u{feff}{ \"n\": 1e999, \"data\":{\"products\" :[ { \"x\":{\"id\":\"F-1\"},\"\\u0069d\":\"F\\u002d2\"} ,\n{\"id\":\"F-5\", \"x\": [1.50, \"\\u00e9\"]}\t, null]}}\r\n",
        ),
        // What is no product keeps its place; what cannot be bought goes behind.
        (
            "/de/search.json?q=x",
            r#"{"data":{"products":[{"id":"F-6"},{"id":"ad"},{"id":"F-9"},[],{"id":"F-3"}]}}"#,
            r#"{"data":{"products":[{"id":"F-3"},{"id":"ad"},{"id":"F-9"},[],{"id":"F-6"}]}}"#,
        ),
        (
            "/en/links.json",
            r#"{"a/b":{"c~d":[[{"at":{"url":"/en/p/item-5?a"}},{"at":{"url":"https:\/\/fixture.example\/en\/p\/item-2"}}]]}}"#,
            r#"{"a/b":{"c~d":[[{"at":{"url":"https:\/\/fixture.example\/en\/p\/item-2"}},{"at":{"url":"/en/p/item-5?a"}}]]}}"#,
        ),
        (
            "/en/whole.json",
            r#"["F-5","F-4" , 12,"F-0"]"#,
            r#"["F-0","F-4" , 12,"F-5"]"#,
        ),
    ] {
        assert_eq!(said(target, before).0, after, "{target}");
    }
}

/// The outermost list has what is in it, of two for one array the first; and pins hold as in HTML.
#[test]
fn several_lists_of_a_document() {
    let id = |n: usize| format!("{{\"id\":\"F-{n}\"}}");
    let nested = |n: usize| format!("{{\"id\":\"F-{n}\",\"inner\":[{},{}]}}", id(9), id(1));
    let all = |ids: &[usize]| ids.iter().map(|n| id(*n)).collect::<Vec<_>>().join(",");
    let document = |pinned: &[usize], outer: &str| {
        format!("{{\"pinned\":[{}],\"outer\":[{outer}]}}", all(pinned))
    };
    let before = document(&[5, 4, 3, 2, 1], &format!("{},{}", id(8), nested(2)));
    let after = document(&[1, 4, 2, 5, 3], &format!("{},{}", nested(2), id(8)));
    let (out, lists) = said("/en/several.json", &before);
    assert_eq!(out, after);
    let expected = [("pinned", 5, 4), ("outer", 2, 2)];
    assert_eq!(
        lists,
        expected.map(|(name, n, moved)| (name.to_owned(), n, moved))
    );
}

#[test]
fn what_cannot_be_put_in_order_leaves_as_it_came() {
    let list = r#"{"data":{"products":[{"id":"F-5"},{"id":"F-2"}]}}"#;
    let deep = format!(
        "{{\"x\":{}{},{}",
        "[".repeat(200),
        "]".repeat(200),
        &list[1..]
    );
    for (json, gave_up) in [
        (&list[..list.len() - 1], Some("not JSON")),
        (&format!("{list}x"), Some("not JSON")),
        (&format!("{list}{list}"), Some("not JSON")),
        (&list.replace("}]", ",}]"), Some("not JSON")),
        (&list.replace("F-5", "F-5\n"), Some("not JSON")),
        ("", Some("not JSON")),
        ("<html>", Some("not JSON")),
        (&deep, Some("JSON that is nested too deeply")),
        (
            r#"{"data":{"products":{"0":{"id":"F-5"},"1":{"id":"F-2"}}}}"#,
            None,
        ),
        (r#"{"data":{"products":null}}"#, None),
        (r#"{"data":[]}"#, None),
        ("[]", None),
        ("1", None),
        (&list.replace("{\"data\"", "{\"data\":1,\"data\""), None),
        (r#"{"data":{"products":[]}}"#, None),
    ] {
        let (out, told) = order("/en/search.json", json.as_bytes(), &[3]);
        assert_eq!(String::from_utf8_lossy(&out), json);
        assert_eq!(
            (told.gave_up.as_deref(), told.lists.len()),
            (gave_up, 0),
            "{json}"
        );
    }
    let latin = b"{\"data\":{\"products\":[{\"id\":\"F-5\"},{\"id\":\"F-2\"}]},\"x\":\"\xe9\"}";
    let (out, told) = order("/en/search.json", latin, &[64]);
    assert_eq!(
        (out.as_slice(), told.gave_up.as_deref()),
        (&latin[..], Some("not UTF-8"))
    );
}

#[test]
fn the_limits_are_limits() {
    let document = |ids: &[&str], filler: usize| {
        let ids = ids.join(",");
        format!("[{ids}{}]", " ".repeat(filler))
    };
    let fitting = MAX_HELD_BYTES - document(&["\"F-5\"", "\"F-2\""], 0).len();
    for (filler, is_ordered) in [(fitting, true), (fitting + 1, false)] {
        let json = document(&["\"F-5\"", "\"F-2\""], filler);
        let ordered = document(&["\"F-2\"", "\"F-5\""], filler);
        let (out, told) = order("/en/whole.json", json.as_bytes(), &[16_384]);
        assert!(out == if is_ordered { ordered } else { json }.as_bytes());
        assert_eq!(told.gave_up.is_none(), is_ordered);
    }
    for (length, is_ordered) in [(MAX_TILES, true), (MAX_TILES + 1, false)] {
        let mut ids = vec!["\"F-5\""; length];
        ids[length - 1] = "\"F-2\"";
        let json = document(&ids, 0);
        let (out, told) = order("/en/whole.json", json.as_bytes(), &[16_384]);
        assert_eq!(out.starts_with(b"[\"F-2\""), is_ordered);
        assert_eq!(told.lists.len(), usize::from(is_ordered));
    }
}

/// What is over the limit streams: from there on nothing is held.
#[test]
fn a_document_over_the_limit_streams() {
    let Outcome::Rewrite { mut rewriter, .. } =
        outcome("/en/whole.json", &head("application/json"))
    else {
        panic!("passes");
    };
    let (mut out, mut sent) = (Vec::new(), 0);
    let chunk = vec![b' '; 1 << 16];
    while sent < 2 * MAX_HELD_BYTES {
        rewriter.push(&chunk, &mut out).expect("not encoded");
        sent += chunk.len();
        let expected = if sent > MAX_HELD_BYTES { sent } else { 0 };
        assert_eq!(out.len(), expected);
    }
    assert_eq!(rewriter.counts().held_bytes, MAX_HELD_BYTES);
}

#[test]
fn an_abort_gives_what_came() {
    let Outcome::Rewrite { mut rewriter, .. } =
        outcome("/en/whole.json", &head("application/json"))
    else {
        panic!("passes");
    };
    let mut out = Vec::new();
    rewriter
        .push(b"[\"F-5\",\"F-2\"]", &mut out)
        .expect("not encoded");
    rewriter.abort(&mut out);
    assert_eq!(out, b"[\"F-5\",\"F-2\"]");
}

#[test]
fn json_lists_are_for_json_and_html_lists_for_html() {
    for (target, content_type, expected) in [
        ("/en/search.json", "application/json", None),
        (
            "/en/search.json",
            "application/vnd.shop+json; charset=utf-8",
            None,
        ),
        ("/en/search.json", "text/html", Some("nothing to do")),
        ("/en/search.json", "text/json", Some("not HTML")),
        (
            "/en/search.json",
            "application/json; charset=latin1",
            Some("charset latin1"),
        ),
        ("/en/several.json", "application/json", None),
        ("/en/several.json", "text/html", None),
        ("/en/c/x", "application/json", Some("not HTML")),
        ("/en/p/item-1", "application/json", Some("not HTML")),
        (
            "/en/off.json",
            "application/json",
            Some("no place on this page"),
        ),
    ] {
        let reason = match outcome(target, &head(content_type)) {
            Outcome::PassThrough(reason) => Some(reason.to_string()),
            _ => None,
        };
        assert_eq!(reason.as_deref(), expected, "{target} {content_type}");
    }
}

/// White space of JSON.
fn space() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["", "", " ", "\n", "\t \r\n"]).prop_map(str::to_owned)
}

/// Any value, and any way to write it. `name` is none of those that lead to a list.
fn value() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "null",
        "true",
        "-0.0",
        "1E+400",
        "12345678901234567890",
        r#""""#,
        r#""]},{\"id\":\"F-0\"""#,
        r#""\\""#,
        r#""\ud83d\ude00 é字""#,
        r#""F-1""#,
    ]);
    leaf.prop_map(str::to_owned)
        .prop_recursive(3, 24, 4, |inner| {
            let member = (
                prop::sample::select(vec!["a", "b", "", "\\u0061"]),
                space(),
                inner.clone(),
            );
            let member =
                member.prop_map(|(name, space, value)| format!("\"{name}\"{space}:{space}{value}"));
            let joined =
                |(all, space): (Vec<String>, String)| all.join(&format!("{space},{space}"));
            prop_oneof![
                (prop::collection::vec(inner, 0..4), space())
                    .prop_map(move |all| format!("[{}]", joined(all))),
                (prop::collection::vec(member, 0..4), space())
                    .prop_map(move |all| format!("{{{}}}", joined(all))),
            ]
        })
}

/// An element, and the number of its product.
fn element() -> impl Strategy<Value = (String, Option<usize>)> {
    let product =
        (0..ITEMS + 9, value(), space(), any::<bool>()).prop_map(|(n, value, space, first)| {
            let id = format!("\"id\"{space}:\"F-{n}\"");
            let text = match first {
                true => format!("{{{id},{space}\"x\":{value}}}"),
                false => format!("{{\"x\":{value}{space},{id}{space}}}"),
            };
            (text, (n < ITEMS).then_some(n))
        });
    prop_oneof![3 => product, 1 => value().prop_map(|value| (value, None))]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases.max(500), ..ProptestConfig::default() })]

    /// Any document, any order of its elements, any split into chunks.
    #[test]
    fn elements_change_places_and_nothing_else(
        elements in prop::collection::vec((space(), element(), space()), 0..12),
        around in prop::collection::vec(value(), 3),
        sizes in prop::collection::vec(1usize..90, 1..6),
        between in space(),
    ) {
        let write = |order: &[usize]| {
            let parts = elements.iter().zip(order).map(|((before, _, behind), from)| {
                format!("{before}{}{behind}", elements[*from].1.0)
            });
            let products = parts.collect::<Vec<_>>().join(",");
            let [a, b, c] = [0, 1, 2].map(|at| &around[at]);
            format!("{between}{{\"a\":{a},\"data\"{between}:{{\"products\":{between}[{products}],\"b\":{b}}},\"c\":{c}}}{between}")
        };
        let came: Vec<usize> = (0..elements.len()).collect();
        let free: Vec<usize> = came.iter().copied().filter(|&at| elements[at].1.1.is_some()).collect();
        let mut ranked = free.clone();
        // The fixture's items stand in descending popularity; every seventh is out of stock.
        ranked.sort_by_key(|&at| elements[at].1.1.map(|n| (n % 7 == 6, n)));
        let mut wanted = came.clone();
        for (place, from) in free.into_iter().zip(ranked) {
            wanted[place] = from;
        }
        let (out, told) = order("/en/search.json", write(&came).as_bytes(), &sizes);
        prop_assert_eq!(String::from_utf8(out).expect("UTF-8"), write(&wanted));
        prop_assert_eq!(told.gave_up, None);
    }

    /// Any bytes: as many of each come out, whatever the chunks; and what cannot be read is not touched.
    #[test]
    fn no_byte_is_lost(
        bytes in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..200),
            value().prop_map(String::into_bytes),
            "[\\[\\]{},:\"\\\\ F0-9-]{0,60}".prop_map(String::into_bytes),
        ],
        size in 1usize..20,
    ) {
        let (out, told) = order("/en/whole.json", &bytes, &[size]);
        if told.gave_up.is_some() {
            prop_assert_eq!(&out, &bytes);
        } else {
            let sorted = |bytes: &[u8]| {
                let mut bytes = bytes.to_vec();
                bytes.sort_unstable();
                bytes
            };
            prop_assert_eq!(sorted(&out), sorted(&bytes));
            let text = std::str::from_utf8(&out).expect("UTF-8");
            let text = text.strip_prefix('\u{feff}').unwrap_or(text);
            prop_assert!(serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok());
        }
    }
}
