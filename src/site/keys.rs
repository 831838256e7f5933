//! The keys of site.toml: the one table that the parser, its suggestions and the editors' schema are made
//! from. What its tables hold stands in `shop_keys`, `place_keys` and `rule_keys`.

use super::place_keys::{BANNER, LIST, SLOT};
use super::rule_keys::{EXPERIMENT, HOLDOUT, RULE, SEGMENT};
use super::shop_keys::{ADOPT, CONSENT, FACT, LOCALE, PAGE, SHOP, TEMPLATES, TRAIT, WORDS};
use super::{Adopted, Audience, By, FactName, Position, Strategy, WithoutConsent};

pub(super) const POSITIONS: [(&str, Position); 5] = [
    ("before", Position::Before),
    ("after", Position::After),
    ("prepend", Position::Prepend),
    ("append", Position::Append),
    ("replace", Position::Replace),
];
pub(super) const AUDIENCES: [(&str, Audience); 3] = [
    ("everyone", Audience::Everyone),
    ("new", Audience::New),
    ("returning", Audience::Returning),
];
pub(super) const WITHOUT: [(&str, WithoutConsent); 2] = [
    ("contextual", WithoutConsent::Contextual),
    ("untouched", WithoutConsent::Untouched),
];
pub(super) const BYS: [(&str, By); 7] = [
    ("product", By::Product),
    ("category", By::Category),
    ("brand", By::Brand),
    ("colour", By::Color),
    ("color", By::Color),
    ("size", By::Size),
    ("material", By::Material),
];
pub(super) const ADOPTED: [(&str, Adopted); 3] = [
    ("views", Adopted::Views),
    ("cart", Adopted::Cart),
    ("likes", Adopted::Likes),
];
pub(super) const SEPARATORS: [(&str, &str); 3] = [("|", "|"), (",", ","), (".", ".")];
/// Google's consent mode: its types.
pub(super) const GOOGLE_TYPES: [(&str, ()); 7] = [
    ("ad_storage", ()),
    ("ad_user_data", ()),
    ("ad_personalization", ()),
    ("analytics_storage", ()),
    ("functionality_storage", ()),
    ("personalization_storage", ()),
    ("security_storage", ()),
];

/// A table of site.toml.
pub(super) struct Table {
    /// As it is written: `[[slot]]`.
    pub(super) name: &'static str,
    pub(super) doc: &'static str,
    pub(super) keys: &'static [Key],
}

/// A key.
pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) required: bool,
    pub(super) doc: &'static str,
}

/// What a key's value may be.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Text,
    Texts,
    /// One of some words; what they are called in messages.
    Word(&'static str, fn() -> Vec<&'static str>),
    Words(&'static str, fn() -> Vec<&'static str>),
    /// A text, or one for each language.
    Local,
    /// A [`Kind::Local`] for each strategy.
    LocalByStrategy,
    Flag,
    /// A whole number from the first to the second.
    Count(i64, i64),
    Counts(i64, i64),
    /// A date, or a date and time with its offset.
    Date,
    /// A number, or a price as people write it.
    Money,
    /// A condition; see [`condition`](crate::condition).
    Condition,
    One(&'static Table),
    Many(&'static Table),
}

pub(super) fn positions() -> Vec<&'static str> {
    names(&POSITIONS)
}

pub(super) fn audiences() -> Vec<&'static str> {
    names(&AUDIENCES)
}

pub(super) fn without() -> Vec<&'static str> {
    names(&WITHOUT)
}

pub(super) fn bys() -> Vec<&'static str> {
    names(&BYS)
}

pub(super) fn adopted() -> Vec<&'static str> {
    names(&ADOPTED)
}

pub(super) fn separators() -> Vec<&'static str> {
    names(&SEPARATORS)
}

pub(super) fn google_types() -> Vec<&'static str> {
    names(&GOOGLE_TYPES)
}

pub(super) fn strategies() -> Vec<&'static str> {
    names(&Strategy::ALL)
}

pub(super) fn facts() -> Vec<&'static str> {
    names(&FactName::ALL)
}

fn names<T>(all: &[(&'static str, T)]) -> Vec<&'static str> {
    all.iter().map(|(name, _)| *name).collect()
}

pub(super) const fn must(name: &'static str, kind: Kind, doc: &'static str) -> Key {
    Key {
        name,
        kind,
        required: true,
        doc,
    }
}

pub(super) const fn may(name: &'static str, kind: Kind, doc: &'static str) -> Key {
    Key {
        name,
        kind,
        required: false,
        doc,
    }
}

/// The whole file.
pub(super) static SITE: Table = Table {
    name: "site.toml",
    doc: "How Tailorbird personalises a shop.",
    keys: &[
        must("shop", Kind::One(&SHOP), "The shop."),
        may(
            "locale",
            Kind::Many(&LOCALE),
            "Languages and currencies; the first is the default. At least one.",
        ),
        may("consent", Kind::One(&CONSENT), "When history may be used."),
        may(
            "adopt",
            Kind::Many(&ADOPT),
            "Items that the shop itself remembers of a visitor.",
        ),
        may(
            "trait",
            Kind::Many(&TRAIT),
            "What the shop calls a visitor.",
        ),
        may(
            "page",
            Kind::Many(&PAGE),
            "Page kinds; the first rule that matches names the page.",
        ),
        may("template", Kind::Many(&TEMPLATES), "Markup to insert."),
        may("words", Kind::One(&WORDS), "Words of templates."),
        may("banner", Kind::Many(&BANNER), "Banners."),
        may(
            "slot",
            Kind::Many(&SLOT),
            "Product slots; earlier ones choose their items first.",
        ),
        may(
            "list",
            Kind::Many(&LIST),
            "Lists to put in order: products, or categories, brands and the like; in HTML or JSON.",
        ),
        may("segment", Kind::Many(&SEGMENT), "Groups of visitors."),
        may(
            "rule",
            Kind::Many(&RULE),
            "What a merchandiser wants, whatever a model says.",
        ),
        may(
            "experiment",
            Kind::Many(&EXPERIMENT),
            "Comparisons of variants.",
        ),
        may(
            "holdout",
            Kind::One(&HOLDOUT),
            "Visitors who get the shop's own pages, to measure against.",
        ),
        may(
            "fact",
            Kind::Many(&FACT),
            "What pages tell; the first of a name that yields a value counts.",
        ),
    ],
};
