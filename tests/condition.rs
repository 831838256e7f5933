//! Conditions: what is written, what it means, what can be proved of it.
#![cfg(feature = "authoring")]

use std::collections::BTreeMap;

use proptest::prelude::*;
use tailorbird::condition::{
    Answer, Condition, Field, Scope, Subject, are_exclusive, implies, is_always, is_never, parse,
};

/// Answers by the field's name and argument.
struct Known(BTreeMap<&'static str, Answer<'static>>);

impl Subject for Known {
    fn answer(&self, field: Field, argument: &str) -> Answer<'_> {
        let name = match argument {
            "" => field.info().name.to_owned(),
            argument => format!("{}({argument})", field.info().name),
        };
        let found = self.0.iter().find(|(known, _)| **known == name);
        found.map_or(Answer::Unknown, |(_, answer)| *answer)
    }
}

fn visitor() -> Known {
    Known(BTreeMap::from([
        ("visits", Answer::Number(3000)),
        ("share_on_sale", Answer::Number(400)),
        ("buyer", Answer::Flag(false)),
        ("country", Answer::Text("DE")),
        ("search", Answer::Text("Rain jacket blue")),
        ("category", Answer::Path("Clothing > Shoes > Boots")),
        ("viewed_brand(Nike)", Answer::Number(2000)),
        ("segment(bargain hunters)", Answer::Flag(true)),
        ("month", Answer::Number(7000)),
    ]))
}

fn condition(text: &str) -> Condition {
    parse(text, Scope::Visit).unwrap_or_else(|error| panic!("{text}: {error} at {:?}", error.at))
}

#[test]
fn what_holds() {
    for (text, expected) in [
        ("visits >= 3", true),
        ("visits > 3", false),
        ("visits == 3 and not buyer", true),
        ("visits != 3 or buyer", false),
        ("share_on_sale > 39 %", true),
        ("share_on_sale >= 0.401", false),
        ("country == 'de'", true),
        ("country != \"DE\"", false),
        ("country in [\"AT\", \"DE\"]", true),
        ("country not in [\"AT\", \"DE\"]", false),
        ("search contains \"JACKET\"", true),
        ("search not contains \"coat\"", true),
        ("category == \"shoes\"", true),
        ("category == \"Clothing > Shoes\"", false),
        ("category == \"Clothing > Shoes > Boots\"", true),
        ("viewed_brand(\"Nike\") >= 2", true),
        ("viewed_brand(\"Puma\") >= 2", false),
        ("segment(\"bargain hunters\")", true),
        ("month in [6, 7, 8]", true),
        // Of what is not known, nothing holds but the opposite.
        ("purchases < 5", false),
        ("not purchases < 5", true),
        // `not` binds closest, then `and`.
        ("not buyer and buyer or visits == 3", true),
        ("not (buyer or visits == 3)", false),
        ("buyer and (buyer or visits == 3)", false),
    ] {
        assert_eq!(condition(text).holds(&visitor()), expected, "{text}");
    }
    assert!(Condition::default().holds(&visitor()));
}

#[test]
fn errors_say_where_and_what_to_do() {
    for (text, at, message) in [
        ("", 0..0, "expected a field, found the end"),
        ("visit >= 3", 0..5, "there is no field \"visit\" here"),
        ("price > 3", 0..5, "there is no field \"price\" here"),
        (
            "visits",
            6..6,
            "expected <, <=, ==, !=, >=, > or in, found the end",
        ),
        (
            "visits >= \"3\"",
            10..13,
            "expected a number, found the text \"3\"",
        ),
        (
            "country == DE",
            11..13,
            "expected a text in quotes, found \"DE\"",
        ),
        (
            "country > \"DE\"",
            8..9,
            "expected ==, !=, in or contains, found \">\"",
        ),
        (
            "buyer == 1",
            6..8,
            "expected nothing behind a field that is yes or no, found \"==\"",
        ),
        (
            "viewed_brand > 2",
            13..14,
            "expected the brand in brackets, found \">\"",
        ),
        ("(buyer", 6..6, "expected \")\", found the end"),
        (
            "buyer visits",
            6..12,
            "expected the end, \"and\" or \"or\", found \"visits\"",
        ),
        ("country == \"DE", 11..14, "a text without its end"),
        ("buyer && new", 6..7, "'&' means nothing here"),
        ("visits > 1.2345", 9..15, "not a number: 1.2345"),
        (
            "month in [1 2]",
            12..13,
            "expected \",\" or \"]\", found a number",
        ),
    ] {
        let error = parse(text, Scope::Visit).expect_err(text);
        assert_eq!((error.at, error.message.as_str()), (at, message), "{text}");
    }
    let error = parse("vists >= 3", Scope::Visit).expect_err("misspelt");
    assert!(
        error.help.starts_with("did you mean \"visits\"?"),
        "{}",
        error.help
    );
    assert!(parse(&"not ".repeat(1000), Scope::Visit).is_err());
    assert!(parse(&format!("buyer{}", " and buyer".repeat(100)), Scope::Visit).is_err());
    assert!(parse("price < 10 and brand == \"Nike\"", Scope::Item).is_ok());
}

#[test]
fn what_can_be_proved() {
    for text in [
        "visits > 3 and visits < 3",
        "visits > 2 and visits <= 2",
        "country == \"DE\" and country == \"AT\"",
        "country == \"DE\" and country not in [\"de\", \"AT\"]",
        "buyer and not buyer",
        "new and returning",
        "month in [1, 2] and month >= 3",
        "(new or buyer) and returning and not buyer",
    ] {
        assert!(is_never(&condition(text)), "{text}");
    }
    for text in [
        "visits > 3 and visits < 5",
        // An unknown number is neither.
        "not visits > 3 and not visits <= 3",
        "category == \"Shoes\" and category == \"Boots\"",
        "viewed_brand(\"a\") > 3 and viewed_brand(\"b\") < 3",
        "country == \"DE\"",
    ] {
        assert!(!is_never(&condition(text)), "{text}");
        assert!(!is_always(&condition(text)), "{text}");
    }
    assert!(is_always(&condition("buyer or not buyer")));
    assert!(is_always(&Condition::default()));
    assert!(implies(
        &condition("visits > 5 and buyer"),
        &condition("visits > 3")
    ));
    assert!(!implies(&condition("visits > 3"), &condition("visits > 5")));
    assert!(implies(&condition("buyer"), &Condition::default()));
    assert!(!implies(&Condition::default(), &condition("buyer")));
    assert!(are_exclusive(
        &condition("month < 6"),
        &condition("month in [6, 7]")
    ));
}

fn simple() -> impl Strategy<Value = String> {
    let number =
        (0usize..3, 0..4).prop_map(|(op, n)| format!("visits {} {n}", ["<", ">=", "=="][op]));
    let text =
        (0..2, 0..3).prop_map(|(op, n)| format!("country {} \"{n}\"", ["==", "!="][op as usize]));
    let flag = Just("buyer".to_owned());
    prop_oneof![number, text, flag].prop_recursive(4, 12, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} and {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} or {b})")),
            inner.prop_map(|a| format!("not {a}")),
        ]
    })
}

proptest! {
    /// What is proved holds for every visitor.
    #[test]
    fn proofs_are_sound(a in simple(), b in simple()) {
        let (a, b) = (condition(&a), condition(&b));
        let (never, always, follows) = (is_never(&a), is_always(&a), implies(&a, &b));
        let numbers = [None, Some(0), Some(1), Some(2), Some(3), Some(4)];
        let texts = [None, Some("0"), Some("1"), Some("2"), Some("9")];
        for visits in numbers {
            for country in texts {
                for buyer in [None, Some(true), Some(false)] {
                    let known = Known(BTreeMap::from([
                        ("visits", visits.map_or(Answer::Unknown, |n| Answer::Number(n * 1000))),
                        ("country", country.map_or(Answer::Unknown, Answer::Text)),
                        ("buyer", buyer.map_or(Answer::Unknown, Answer::Flag)),
                    ]));
                    let holds = a.holds(&known);
                    prop_assert!(!(never && holds));
                    prop_assert!(!always || holds);
                    prop_assert!(!(follows && holds) || b.holds(&known));
                }
            }
        }
    }

    #[test]
    fn any_text_is_read_without_panic(text in ".{0,200}") {
        let _ = parse(&text, Scope::Visit);
    }
}
