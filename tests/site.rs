//! site.toml: what is wrong is said with its place, and limits are limits.
#![cfg(feature = "authoring")]

mod common;

use common::SITE;
use tailorbird::site::{MAX_PLACES, MAX_SLOT_ITEMS, parse};

/// All messages about a site.toml, in file order.
fn problems(site: &str) -> Vec<String> {
    let error = parse("site.toml", site).expect_err("something is wrong");
    error.errors.iter().map(ToString::to_string).collect()
}

/// The fixture with one text replaced, and what is said of it.
fn said(from: &str, to: &str) -> String {
    assert!(SITE.contains(from), "{from}");
    problems(&SITE.replacen(from, to, 1)).join("; ")
}

#[test]
fn what_is_wrong_is_named() {
    for (from, to, expected) in [
        (
            "\"recently_viewed\"",
            "\"recent\"",
            "there is no strategy \"recent\"",
        ),
        (
            "\"prepend\"",
            "\"inside\"",
            "there is no position \"inside\"",
        ),
        (
            "\"new\"",
            "\"newcomer\"",
            "there is no audience \"newcomer\"",
        ),
        (
            "[\"home\"]",
            "[\"hoem\"]",
            "there is no [[page]] of kind \"hoem\"",
        ),
        (
            "template = \"banner\"",
            "template = \"x\"",
            "there is no sound [[template]] called \"x\"",
        ),
        (
            "name = \"back\"",
            "name = \"welcome\"",
            "there are two places called \"welcome\"",
        ),
        ("\"EUR\"", "\"Euro\"", "expected an ISO 4217 currency"),
        (
            ", de = \"Willkommen\"",
            "",
            "the text for \"de\" is missing",
        ),
        (
            "de = \"Willkommen\"",
            "fr = \"Bienvenue\"",
            "there is no [[locale]] with lang \"fr\"",
        ),
        (
            "\"ul.products\"",
            "\"ul, ol\"",
            "expected one selector, found a comma",
        ),
        (
            "\"section.hero\"",
            "\"a:hover\"",
            "not a selector that can be matched while streaming",
        ),
        ("\"/*/c/**\"", "\"c/**\"", "expected a path pattern"),
        (
            "https://fixture.example",
            "fixture.example",
            "expected an address without a path",
        ),
        (
            "selector = \"main\"",
            "selektor = \"main\"",
            "unknown field `selektor`",
        ),
        (
            "{{title}}</h2>",
            "{{titel}}</h2>",
            "there is no field \"titel\" here",
        ),
    ] {
        let found = said(from, to);
        assert!(found.contains(expected), "{to}: {found}");
    }
}

#[test]
fn all_problems_are_told_at_once_and_with_their_place() {
    let site = SITE.replace("\"after\"", "\"behind\"");
    let error = parse("site.toml", &site).expect_err("something is wrong");
    assert_eq!(error.errors.len(), SITE.matches("\"after\"").count());
    for problem in &error.errors {
        let span = problem.span.offset()..problem.span.offset() + problem.span.len();
        assert_eq!(&site[span], "\"behind\"");
    }
}

#[test]
fn a_slot_shows_so_many_items_and_no_more() {
    assert!(
        parse(
            "x",
            &SITE.replacen("max = 6", &format!("max = {MAX_SLOT_ITEMS}"), 1)
        )
        .is_ok()
    );
    let found = said("max = 6", &format!("max = {}", MAX_SLOT_ITEMS + 1));
    assert!(found.contains("expected at most 24 items"), "{found}");
    let found = said("min = 3", "min = 7");
    assert!(found.contains("1 <= min <= max"), "{found}");
}

#[test]
fn a_site_has_so_many_places_and_no_more() {
    let known = SITE.matches("[[banner]]").count()
        + SITE.matches("[[slot]]").count()
        + SITE.matches("[[list]]").count();
    let with = |more: usize| {
        let list = |n: usize| {
            format!(
                "[[list]]\nname = \"l{n}\"\npages = [\"home\"]\nselector = \"ul\"\ntile = \"li\"\n"
            )
        };
        format!("{SITE}{}", (0..more).map(list).collect::<String>())
    };
    assert!(parse("x", &with(MAX_PLACES - known)).is_ok());
    assert!(
        problems(&with(MAX_PLACES - known + 1))
            .join("")
            .contains("more than 256")
    );
}
