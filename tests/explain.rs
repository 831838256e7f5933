//! How decisions come about, for whoever holds a debug token: rules, conditions, values, and what a page tells.
#![cfg(feature = "authoring")]

mod common;

use std::sync::{Arc, LazyLock};

use common::*;
use serde_json::{Value, json};
use tailorbird::engine::DebugToken;
use tailorbird::recommend::NEWEST_VIEW;
use tailorbird::{Decision, Engine, Keys};

const HOME: &str = "<body><main><section class=\"hero\">Hi</section></main></body>";

/// Item `i` has `Brand i % 5`; a visitor of a debug token makes the first visit.
const RULES: &str = r#"
[[segment]]
name = "bargain"
when = "views >= 30"
[[segment]]
name = "collectors"
when = "views >= 2"
[[banner]]
name = "deal"
pages = ["home"]
selector = "main"
position = "prepend"
template = "banner"
when = 'views >= 3 or query("ad") == "x"'
title = { en = "Deal", de = "Angebot" }
[[slot]]
name = "collected"
pages = ["home"]
selector = "main"
position = "append"
template = "shelf"
strategies = ["top_sellers"]
when = 'segment("collectors") and not buyer'
title = { en = "Top", de = "Top" }
[[slot]]
name = "later"
pages = ["home"]
selector = "main"
position = "append"
template = "shelf"
strategies = ["top_sellers"]
from = 2099-01-01
title = { en = "Top", de = "Top" }
[[list]]
name = "categories"
pages = ["listing"]
selector = "ul.categories"
tile = "li"
by = "category"
[[list]]
name = "brands"
pages = ["listing"]
selector = "ul.brands"
tile = "li"
by = "brand"
[[rule]]
name = "no brand 2"
action = "hide"
items = 'brand == "Brand 2"'
[[rule]]
name = "brand 4 ahead"
action = "boost"
by = 3
items = 'brand == "Brand 4"'
places = ["for-you", "listing"]
[[rule]]
name = "few of a brand"
action = "at_most"
most = 1
per = "brand"
places = ["for-you"]
[[rule]]
name = "first of all"
action = "pin"
position = 1
items = 'id == "F-30"'
places = ["for-you"]
[[rule]]
name = "regulars"
action = "bury"
items = "on_sale"
when = "visits >= 3 and not buyer"
[[rule]]
name = "off"
action = "hide"
items = 'brand == "Brand 1"'
enabled = false
[[rule]]
name = "quiet"
action = "sensitive"
items = 'id == "F-3"'
"#;

fn keys() -> Keys {
    Keys::parse("0123456789abcdef").expect("sound")
}

static ENGINE: LazyLock<Engine> =
    LazyLock::new(|| engine_with(&format!("{SITE}{RULES}")).with_keys(Some(Arc::new(keys()))));

fn token() -> String {
    let token = DebugToken {
        expires: NOW + 60,
        segments: vec!["bargain".into()],
        viewed: vec!["F-3".into(), "F-9".into()],
        ..DebugToken::default()
    };
    token.sign(&keys()).expect("short enough")
}

/// The status and what is said.
fn explain(query: &str) -> (u16, Value) {
    let target = format!("/_tailorbird/explain?tailorbird_debug={}&{query}", token());
    match ENGINE.visit(&get(&target, &[]), &ambient()) {
        Decision::Respond(response) => {
            let said = serde_json::from_slice(&response.body).expect("JSON");
            (response.status, said)
        }
        _ => panic!("the worker did not answer itself"),
    }
}

fn explained(query: &str) -> Value {
    let (status, said) = explain(query);
    assert_eq!(status, 200, "{query}: {said}");
    said
}

fn named<'a>(all: &'a Value, name: &str) -> &'a Value {
    let mut all = all.as_array().expect("a list").iter();
    let found = all.find(|one| one["name"] == name);
    found.unwrap_or_else(|| panic!("no {name}"))
}

fn numbers(items: &Value) -> Vec<usize> {
    let items = items.as_array().expect("a list").iter();
    let ids = items.map(|item| item["id"].as_str().or(item.as_str()).expect("an id"));
    ids.map(|id| id[2..].parse().expect("a number")).collect()
}

#[test]
fn rules_say_what_they_do_or_why_they_do_not() {
    let said = explained("url=%2Fen%2F");
    let rules = &said["rules"];
    let expected = json!({
        "name": "brand 4 ahead", "action": "boost by 3", "items": "brand == \"Brand 4\"", "off": null,
        "when": {"text": "", "holds": true, "tests": []},
    });
    assert_eq!(named(rules, "brand 4 ahead"), &expected);
    let expected = json!({
        "name": "regulars", "action": "bury", "items": "on_sale", "off": "its condition is false",
        "when": {"text": "visits >= 3 and not buyer", "holds": false, "tests": [
            {"text": "visits >= 3", "holds": false, "found": "1"},
            {"text": "buyer", "holds": false, "found": "false"},
        ]},
    });
    assert_eq!(named(rules, "regulars"), &expected);
    assert_eq!(named(rules, "off")["off"], "switched off");
    assert_eq!(rules.as_array().map(Vec::len), Some(7));
    assert_eq!(said["segments"], json!(["bargain", "collectors"]));

    let slot = named(&said["slots"], "for-you");
    let asked = slot["asked"].as_array().expect("strategies");
    let shown = numbers(&asked.last().expect("one")["items"]);
    let touched = |name: &str| numbers(&named(&slot["rules"], name)["items"]);
    assert_eq!(touched("first of all"), [30]);
    assert_eq!(shown[0], 30, "{shown:?}");
    for (name, brand) in [("no brand 2", 2), ("brand 4 ahead", 4)] {
        let items = touched(name);
        assert!(!items.is_empty(), "{name}");
        assert!(items.iter().all(|item| item % 5 == brand), "{items:?}");
    }
    let hidden = touched("no brand 2");
    assert!(hidden.iter().all(|item| !shown.contains(item)));
    // What is one too many may still be pinned.
    let over = touched("few of a brand");
    let is_left_out = |item: &usize| *item == 30 || !shown.contains(item);
    assert!(!over.is_empty() && over.iter().all(is_left_out), "{over:?}");
    for name in ["regulars", "off"] {
        assert_eq!(touched(name), [0; 0], "{name}");
        assert_eq!(
            named(&slot["rules"], name)["off"],
            named(rules, name)["off"]
        );
    }
    // What is sensitive is no seed.
    let items = asked.iter().flat_map(|asked| asked["items"].as_array());
    let seeds = items.flatten().flat_map(|item| item["seeds"].as_array());
    let seeds: Vec<&Value> = seeds.flatten().map(|seed| &seed["id"]).collect();
    assert!(seeds.iter().any(|id| *id == "F-9"), "{seeds:?}");
    assert!(seeds.iter().all(|id| *id != "F-3"), "{seeds:?}");
    let other = named(&said["slots"], "recent")["rules"].as_array();
    let other: Vec<&Value> = other.expect("rules").iter().map(|r| &r["name"]).collect();
    assert_eq!(other, ["no brand 2", "regulars", "off", "quiet"]);
}

#[test]
fn places_say_why_they_are_off() {
    let said = explained("url=%2Fen%2F");
    let off = |kind: &str, name: &str| named(&said[kind], name)["off"].clone();
    for (kind, name, expected) in [
        ("banners", "welcome", json!("for another audience")),
        ("banners", "back", Value::Null),
        ("banners", "deal", json!("its condition is false")),
        ("slots", "collected", Value::Null),
        ("slots", "later", json!("not at this time")),
    ] {
        assert_eq!(off(kind, name), expected, "{name}");
    }
    let tests = &named(&said["banners"], "deal")["when"]["tests"];
    let expected = json!([
        {"text": "views >= 3", "holds": false, "found": "2"},
        {"text": "query(\"ad\") == \"x\"", "holds": false, "found": "unknown"},
    ]);
    assert_eq!(tests, &expected);
    let when = &named(&said["slots"], "collected")["when"];
    assert_eq!(when["text"], "segment(\"collectors\") and not buyer");
    assert_eq!(named(&said["slots"], "later")["asked"], json!([]));
    let said = explained("url=%2Fen%2F%3Fad=x");
    assert_eq!(named(&said["banners"], "deal")["off"], Value::Null);
    assert_eq!(named(&said["banners"], "deal")["when"]["holds"], true);
}

#[test]
fn lists_say_their_rules_and_the_values_that_they_are_ordered_by() {
    let said = explained("url=%2Fen%2Fc%2Fx");
    let listing = named(&said["lists"], "listing");
    let ranks = numbers(&listing["ranks"]);
    let touched = |name: &str| numbers(&named(&listing["rules"], name)["items"]);
    for (name, brand) in [("no brand 2", 2), ("brand 4 ahead", 4)] {
        let items = touched(name);
        assert!(!items.is_empty(), "{name}");
        assert!(items.iter().all(|item| item % 5 == brand), "{items:?}");
    }
    let first_hidden = ranks.iter().position(|item| item % 5 == 2);
    let first_hidden = first_hidden.unwrap_or(ranks.len());
    let rest = &ranks[first_hidden..];
    assert!(rest.iter().all(|item| item % 5 == 2), "{ranks:?}");
    assert_eq!(touched("quiet"), [0; 0]);

    // F-9 alone counts, for F-3 is sensitive.
    let values = |name: &str| named(&said["lists"], name)["values"].clone();
    let expected = json!([{"value": "Brand 4", "rank": NEWEST_VIEW}]);
    assert_eq!(values("brands"), expected);
    let expected = json!([
        {"value": "Kitchen", "rank": NEWEST_VIEW},
        {"value": "Kitchen > Mugs", "rank": NEWEST_VIEW},
    ]);
    assert_eq!(values("categories"), expected);
    assert_eq!(named(&said["lists"], "brands")["rules"], json!([]));
    assert_eq!(values("listing"), json!([]));
}

#[test]
fn parameters_say_what_the_page_tells() {
    let query = "url=%2Fen%2Fc%2Fx&fact.category=Garden&fact.brand=brand+3&fact.search=red++pot\
                 &fact.cart_item=F-1&fact.cart_item=F-2&fact.cart_sum=12.50";
    let page = &explained(query)["page"];
    assert_eq!(page["category"], "Garden");
    assert_eq!(page["brand"], "Brand 3");
    assert_eq!(page["search"], "red pot");
    assert_eq!(page["cart"], json!(["F-1", "F-2"]));
    let said = explained("url=%2Fnowhere&fact.page=home");
    assert_eq!(said["page"]["kind"], "home");
    assert!(named(&said["slots"], "for-you")["is_filled"] == true);
    // What the URL tells, a page cannot tell otherwise.
    let page = &explained("url=%2Fen%2Fp%2Fitem-0&fact.product=F-5")["page"];
    assert_eq!(page["product"], "F-0");
    let page = &explained("url=%2Fen%2F&fact.product=F-5")["page"];
    assert_eq!(page["product"], "F-5");
}

#[test]
fn what_is_no_fact_is_refused() {
    let known = "known are url, tailorbird_debug, fact.product, fact.category";
    for (query, expected) in [
        ("url=%2F&fact.colour=red", known),
        ("url=%2F&facts.brand=red", known),
        ("url=%2F&limit=3", known),
        (
            "url=%2F&fact.category=Nope",
            "expected fact.category as a page of this shop tells it, found \"Nope\"",
        ),
        ("url=%2F&fact.brand=", "expected fact.brand as"),
        (
            "url=%2F&fact.cart_item=F-1&fact.cart_item=x",
            "expected fact.cart_item as",
        ),
        ("url=%2F&fact.cart_sum=much", "expected fact.cart_sum as"),
        ("url=%2F&fact.page=nowhere", "expected fact.page as"),
        ("fact.brand=Brand+1", "expected url=/path"),
        ("url=x", "expected url=/path"),
    ] {
        let (status, said) = explain(query);
        assert_eq!(status, 400, "{query}");
        let error = said["error"].as_str().expect("an error");
        assert!(error.contains(expected), "{query}: {error}");
    }
    let long = "x".repeat(tailorbird::page::facts::MAX_FACT_TEXT_BYTES + 1);
    assert_eq!(explain(&format!("url=%2F&fact.search={long}")).0, 400);
    assert_eq!(
        explain(&format!("url=%2F&fact.search={}", &long[1..])).0,
        200
    );
}

#[test]
fn the_overlay_says_it_too_and_only_to_a_token() {
    let target = format!("/en/?tailorbird_debug={}", token());
    let page = fetch(&ENGINE, &get(&target, &[]), HOME);
    for text in [
        "<th scope=\"row\">segments</th><td>bargain, collectors</td>",
        "<th scope=\"row\">banner welcome</th><td>for another audience</td>",
        "<th scope=\"row\">banner back</th><td>on</td>",
        "its condition is false; when views &gt;= 3 or query(",
        "rule first of all, pin at position 1: F-30<",
        "rule no brand 2, hide: F-",
        "<th scope=\"row\">rule regulars</th><td>bury on_sale: its condition is false; when visits",
        "visits &gt;= 3 is false, found 1",
    ] {
        assert!(page.body.contains(text), "{text} in {}", page.body);
    }
    let target = format!("/en/c/x?tailorbird_debug={}", token());
    let page = fetch(&ENGINE, &get(&target, &[]), HOME);
    let values = "<th scope=\"row\">list brands</th><td>Brand 4 (1048576)</td>";
    assert!(page.body.contains(values), "{}", page.body);
    let page = fetch(&ENGINE, &get("/en/", &[]), HOME);
    assert!(!page.body.contains("first of all") && !page.body.contains("segments"));
}
