//! Segments, rules and experiments in site.toml: what is read, and what is told.
#![cfg(feature = "authoring")]

mod common;

use common::SITE;
use tailorbird::site::{Action, Draft, Shared, parse};

const RULES: &str = r#"
[holdout]
percentage = 5

[[segment]]
name = "bargain hunters"
when = "share_on_sale > 50 % and views >= 4"

[[segment]]
name = "new bargain hunters"
title = { en = "New bargain hunters", de = "Neue Schnäppchenjäger" }
when = 'segment("bargain hunters") and visits <= 2'

[[experiment]]
name = "order"
layer = "listing"
percentage = 40
variants = ["a", "b"]
when = 'segment("bargain hunters")'

[[experiment]]
name = "first"
layer = "listing"
percentage = 60
variants = ["a", "b", "c"]
weights = [2, 1, 1]

[[rule]]
name = "no knives on the home page"
action = "hide"
items = 'category == "Knives"'
when = 'page == "home"'

[[rule]]
name = "ours first"
action = "boost"
by = 3
items = 'brand == "Ours"'
when = 'variant("order") == "b"'
until = 2026-12-24

[[rule]]
name = "two of a brand"
action = "at_most"
most = 2
per = "brand"
"#;

fn found(rules: &str) -> Vec<String> {
    let text = format!("{SITE}{rules}");
    let draft = Draft::read("site.toml", &text);
    let all = draft.errors().iter().cloned().chain(draft.warnings(0));
    let line = |f: tailorbird::site::Finding| {
        format!("{} {}: {}", f.code, &text[f.span.clone()], f.message)
    };
    all.map(line).collect()
}

#[test]
fn rules_are_read() {
    assert_eq!(found(RULES), [""; 0]);
    let site = parse("x", &format!("{SITE}{RULES}")).expect("sound");
    assert_eq!(site.holdout, 5);
    assert_eq!(
        site.segments[1].title,
        ["New bargain hunters", "Neue Schnäppchenjäger"]
    );
    assert_eq!(site.segments[0].title, ["bargain hunters"; 2]);
    let [order, first] = site.experiments.as_slice() else {
        panic!("two experiments");
    };
    assert_eq!((order.first, order.percentage), (0, 40));
    assert_eq!((first.first, first.percentage), (40, 60));
    assert_eq!(first.variants[0].weight, 2);
    let actions: Vec<Action> = site.rules.iter().map(|rule| rule.action).collect();
    let most = Action::AtMost(2, Shared::Brand);
    assert_eq!(actions, [Action::Hide, Action::Boost(3), most]);
    assert!(site.rules[1].terms.until.is_some());
}

#[test]
fn mistakes_are_told_with_their_place() {
    for (rules, expected) in [
        (
            "[[segment]]\nname = \"s\"\nwhen = \"visit > 3\"\n",
            "TB0401 visit: there is no field \"visit\" here",
        ),
        (
            "[[segment]]\nname = \"s\"\nwhen = 'segment(\"s\")'\n",
            "TB0402 'segment(\"s\")': there is no segment before this \"s\"",
        ),
        (
            "[[rule]]\nname = \"r\"\naction = \"hide\"\nitems = 'on_sale'\nwhen = 'page == \"hoem\"'\n",
            "TB0402 'page == \"hoem\"': there is no [[page]] of kind \"hoem\"",
        ),
        (
            "[[rule]]\nname = \"r\"\naction = \"hide\"\nitems = 'on_sale'\nwhen = 'variant(\"x\") == \"a\"'\n",
            "TB0402 'variant(\"x\") == \"a\"': there is no experiment \"x\"",
        ),
        (
            "[[rule]]\nname = \"r\"\naction = \"hide\"\nitems = 'on_sale'\nplaces = [\"x\"]\n",
            "TB0402 \"x\": there is no slot or list called \"x\"",
        ),
        (
            "[[rule]]\nname = \"r\"\naction = \"hide\"\n",
            "TB0403 \"hide\": a rule for all items",
        ),
        (
            "[[rule]]\nname = \"r\"\naction = \"hide\"\nitems = 'on_sale'\nby = 3\n",
            "TB0403 3: by says nothing for this action",
        ),
        (
            "[[experiment]]\nname = \"e\"\nvariants = [\"a\"]\n",
            "TB0404 [\"a\"]: expected 2 to 8 different variants, each with a weight or none with one",
        ),
        (
            "[[experiment]]\nname = \"e\"\nlayer = \"l\"\nvariants = [\"a\", \"b\"]\n\
             [[experiment]]\nname = \"f\"\nlayer = \"l\"\npercentage = 1\nvariants = [\"a\", \"b\"]\n",
            "TB0405 1: the experiments of layer \"l\" are for more than 100 %",
        ),
        (
            "[[segment]]\nname = \"s\"\nwhen = \"new and visits > 3 and visits < 2\"\n",
            "TB0508 \"new and visits > 3 and visits < 2\": \"s\": when never holds",
        ),
        (
            "[[rule]]\nname = \"r\"\naction = \"bury\"\nitems = 'on_sale or not on_sale'\n",
            "TB0509 'on_sale or not on_sale': \"r\": items always holds",
        ),
        (
            "[[rule]]\nname = \"a\"\naction = \"pin\"\nitems = 'brand == \"X\" and on_sale'\n\
             [[rule]]\nname = \"b\"\naction = \"hide\"\nitems = 'on_sale'\n",
            "TB0510 \"pin\": \"a\" does nothing: \"b\" hides all of its items",
        ),
        (
            "[[rule]]\nname = \"a\"\naction = \"boost\"\nitems = 'price < 5'\nwhen = 'page == \"home\"'\n\
             [[rule]]\nname = \"b\"\naction = \"only\"\nitems = 'price >= 5'\n",
            "TB0510 \"boost\": \"a\" does nothing: \"b\" shows none of its items",
        ),
    ] {
        assert_eq!(found(rules), [expected], "{rules}");
    }
}

#[test]
fn there_are_limits() {
    let rules: String = (0..65)
        .map(|n| format!("[[segment]]\nname = \"s{n}\"\nwhen = \"buyer\"\n"))
        .collect();
    let [told] = found(&rules).try_into().expect("one error");
    assert!(told.starts_with("TB0406"), "{told}");
}

#[test]
fn the_document_has_a_row_for_each_field() {
    let written = include_str!("../docs/conditions.md");
    let rows: Vec<&str> = written
        .lines()
        .filter(|line| line.starts_with("| `"))
        .collect();
    for info in tailorbird::condition::Field::ALL {
        let name = match info.argument {
            "" => format!("| `{}` |", info.name),
            _ => format!("| `{}(\"…\")` |", info.name),
        };
        let row = |row: &&&str| row.starts_with(&name) && row.contains(info.doc);
        assert!(rows.iter().any(|r| row(&r)), "{name} {}", info.doc);
    }
}
