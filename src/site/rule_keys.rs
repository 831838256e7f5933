//! The keys of site.toml's segments, rules and experiments.

use super::keys::{Kind, Table, may, must};
use super::place_keys::{ENABLED, FROM, OWNER, PERCENTAGE, UNTIL, WHEN};
use super::rules::{Action, Shared};

/// The actions, with what they are before their keys are read.
pub(super) const ACTIONS: [(&str, Action); 7] = [
    ("hide", Action::Hide),
    ("only", Action::Only),
    ("boost", Action::Boost(2)),
    ("bury", Action::Bury),
    ("pin", Action::Pin(1)),
    ("at_most", Action::AtMost(1, Shared::Brand)),
    ("sensitive", Action::Sensitive),
];

pub(super) const SHARED: [(&str, Shared); 2] =
    [("brand", Shared::Brand), ("category", Shared::Category)];

/// The most that `by` may say.
const MAX_BOOST: i64 = 100;

/// The last place that `position` may name.
const MAX_POSITION: i64 = 100;

fn actions() -> Vec<&'static str> {
    ACTIONS.iter().map(|(name, _)| *name).collect()
}

fn shared() -> Vec<&'static str> {
    SHARED.iter().map(|(name, _)| *name).collect()
}

pub(super) static SEGMENT: Table = Table {
    name: "[[segment]]",
    doc: "A group of visitors.",
    keys: &[
        must(
            "name",
            Kind::Text,
            "Unique among segments; conditions say segment(\"name\").",
        ),
        may(
            "title",
            Kind::Local,
            "What it is called where people read it; its name unless said.",
        ),
        must(
            "when",
            Kind::Condition,
            "Who belongs to it: share_on_sale > 50 % and views >= 4.",
        ),
    ],
};

pub(super) static RULE: Table = Table {
    name: "[[rule]]",
    doc: "What a merchandiser wants of some items, whatever a model says.",
    keys: &[
        must("name", Kind::Text, "Unique among rules."),
        must("action", Kind::Word("action", actions), "What happens."),
        may(
            "items",
            Kind::Condition,
            "Of which items: brand == \"Nike\" and price >= 50. All unless said.",
        ),
        WHEN,
        may(
            "places",
            Kind::Texts,
            "The slots and lists it is for, by name; all unless said.",
        ),
        may(
            "by",
            Kind::Count(2, MAX_BOOST),
            "boost: how many times further ahead; 2 unless said.",
        ),
        may(
            "position",
            Kind::Count(1, MAX_POSITION),
            "pin: at which place, from 1; the first unless said.",
        ),
        may(
            "most",
            Kind::Count(1, MAX_POSITION),
            "at_most: how many; 1 unless said.",
        ),
        may(
            "per",
            Kind::Word("attribute", shared),
            "at_most: that share what; \"brand\" unless said.",
        ),
        OWNER,
        ENABLED,
        FROM,
        UNTIL,
        PERCENTAGE,
    ],
};

pub(super) static EXPERIMENT: Table = Table {
    name: "[[experiment]]",
    doc: "A comparison of variants.",
    keys: &[
        must(
            "name",
            Kind::Text,
            "Unique among experiments; conditions say variant(\"name\") == \"b\".",
        ),
        may(
            "layer",
            Kind::Text,
            "Experiments of one layer never share a visitor; a layer of its own unless said.",
        ),
        must("variants", Kind::Texts, "At least two names."),
        may(
            "weights",
            Kind::Counts(0, 10_000),
            "A share for each variant; all the same unless said.",
        ),
        may(
            "percentage",
            Kind::Count(1, 100),
            "For how many of a hundred visitors of the layer; 100 unless said.",
        ),
        WHEN,
        OWNER,
        ENABLED,
        FROM,
        UNTIL,
    ],
};

pub(super) static HOLDOUT: Table = Table {
    name: "[holdout]",
    doc: "Visitors who get the shop's own pages, to measure against.",
    keys: &[must(
        "percentage",
        Kind::Count(0, 50),
        "Of a hundred visitors who consent.",
    )],
};
