//! The keys of site.toml: the one table that the parser, its suggestions and the editors' schema are made
//! from.

use super::{Audience, MAX_SLOT_ITEMS, Position, Strategy, WithoutConsent};

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

/// The most matches of a selector that are counted for `nth`, and the longest list that `pinned` and
/// `personalise_first` speak of.
pub(super) const MAX_PLACE_NUMBER: i64 = 10_000;

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
    One(&'static Table),
    Many(&'static Table),
}

fn positions() -> Vec<&'static str> {
    names(&POSITIONS)
}

fn audiences() -> Vec<&'static str> {
    names(&AUDIENCES)
}

fn without() -> Vec<&'static str> {
    names(&WITHOUT)
}

pub(super) fn strategies() -> Vec<&'static str> {
    names(&Strategy::ALL)
}

fn names<T>(all: &[(&'static str, T)]) -> Vec<&'static str> {
    all.iter().map(|(name, _)| *name).collect()
}

const fn must(name: &'static str, kind: Kind, doc: &'static str) -> Key {
    Key {
        name,
        kind,
        required: true,
        doc,
    }
}

const fn may(name: &'static str, kind: Kind, doc: &'static str) -> Key {
    Key {
        name,
        kind,
        required: false,
        doc,
    }
}

const NAME: Key = must("name", Kind::Text, "Unique among banners, slots and lists.");
const PAGES: Key = must(
    "pages",
    Kind::Texts,
    "The kinds of pages it is for, as [[page]] names them.",
);
const SELECTOR: Key = must(
    "selector",
    Kind::Text,
    "A CSS selector. Begin with a tag's name: `section.hero`.",
);
const NTH: Key = may(
    "nth",
    Kind::Count(1, MAX_PLACE_NUMBER),
    "Which of the elements that match; 1 unless said.",
);
const POSITION: Key = may(
    "position",
    Kind::Word("position", positions),
    "Where relative to the element; \"after\" unless said.",
);
const TEMPLATE: Key = must("template", Kind::Text, "The [[template]]'s name.");
const TITLE: Key = may("title", Kind::Local, "What {{title}} says.");
const TEXT: Key = may("text", Kind::Local, "What {{text}} says.");
const OWNER: Key = may("owner", Kind::Text, "Whom to ask about it; for people.");
const ENABLED: Key = may("enabled", Kind::Flag, "false switches it off.");
const FROM: Key = may(
    "from",
    Kind::Date,
    "From when on: a date (its start, UTC) or a date and time with offset.",
);
const UNTIL: Key = may(
    "until",
    Kind::Date,
    "Until when: a date (its end, UTC) or a date and time with offset.",
);
const PERCENTAGE: Key = may(
    "percentage",
    Kind::Count(0, 100),
    "For how many of a hundred visitors with known views; below 100, others do not get it.",
);
const HYDRATED: Key = may(
    "inside_hydrated_root",
    Kind::Flag,
    "true: `check` does not refuse a place inside what a framework renders again in the browser.",
);

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
            "page",
            Kind::Many(&PAGE),
            "Page kinds; the first rule that matches names the page.",
        ),
        may("template", Kind::Many(&TEMPLATES), "Markup to insert."),
        may("banner", Kind::Many(&BANNER), "Banners."),
        may(
            "slot",
            Kind::Many(&SLOT),
            "Product slots; earlier ones choose their items first.",
        ),
        may(
            "list",
            Kind::Many(&LIST),
            "Lists of product tiles to put in order.",
        ),
    ],
};

static SHOP: Table = Table {
    name: "[shop]",
    doc: "The shop.",
    keys: &[
        must("name", Kind::Text, "The shop's name."),
        may(
            "url",
            Kind::Text,
            "Its address without a path; links below it are inserted as paths.",
        ),
    ],
};

static LOCALE: Table = Table {
    name: "[[locale]]",
    doc: "A language and currency.",
    keys: &[
        must("lang", Kind::Text, "BCP 47: en, de-AT."),
        may("prefix", Kind::Text, "Paths of its pages start so."),
        must("currency", Kind::Text, "ISO 4217: EUR."),
    ],
};

static CONSENT: Table = Table {
    name: "[consent]",
    doc: "When history may be used.",
    keys: &[
        may("cookie", Kind::Text, "The shop's own consent cookie."),
        may("grants", Kind::Text, "The word in it that means yes."),
        may(
            "without",
            Kind::Word("answer", without),
            "What visitors without consent get; \"contextual\" unless said.",
        ),
    ],
};

static PAGE: Table = Table {
    name: "[[page]]",
    doc: "A kind of page, told by its path.",
    keys: &[
        must("kind", Kind::Text, "Its name, to which places refer."),
        may(
            "paths",
            Kind::Texts,
            "Patterns: * within a segment, ** anything.",
        ),
        may(
            "product_link",
            Kind::Flag,
            "true: the path must be a product's link in the feed.",
        ),
    ],
};

static TEMPLATES: Table = Table {
    name: "[[template]]",
    doc: "Markup to insert, in Mustache's syntax.",
    keys: &[
        must(
            "name",
            Kind::Text,
            "Its name, to which banners and slots refer.",
        ),
        must("source", Kind::Text, "The markup."),
    ],
};

static BANNER: Table = Table {
    name: "[[banner]]",
    doc: "A banner.",
    keys: &[
        NAME,
        PAGES,
        SELECTOR,
        NTH,
        POSITION,
        may(
            "audience",
            Kind::Word("audience", audiences),
            "For whom; \"everyone\" unless said.",
        ),
        TEMPLATE,
        TITLE,
        TEXT,
        may("link", Kind::Local, "What {{link}} says."),
        OWNER,
        ENABLED,
        FROM,
        UNTIL,
        PERCENTAGE,
        HYDRATED,
    ],
};

static SLOT: Table = Table {
    name: "[[slot]]",
    doc: "A product slot.",
    keys: &[
        NAME,
        PAGES,
        SELECTOR,
        NTH,
        POSITION,
        must(
            "strategies",
            Kind::Words("strategy", strategies),
            "The first that yields `min` items fills the slot.",
        ),
        may(
            "min",
            Kind::Count(1, MAX_SLOT_ITEMS as i64),
            "With fewer items the next strategy is asked; 1 unless said.",
        ),
        may(
            "max",
            Kind::Count(1, MAX_SLOT_ITEMS as i64),
            "The most items; 8 unless said.",
        ),
        TEMPLATE,
        TITLE,
        TEXT,
        may(
            "titles",
            Kind::LocalByStrategy,
            "Titles for some of the strategies.",
        ),
        OWNER,
        ENABLED,
        FROM,
        UNTIL,
        PERCENTAGE,
        HYDRATED,
    ],
};

static LIST: Table = Table {
    name: "[[list]]",
    doc: "A list of product tiles that is put in order.",
    keys: &[
        NAME,
        PAGES,
        must("selector", Kind::Text, "The element that holds the tiles."),
        must(
            "tile",
            Kind::Text,
            "The tiles: a selector below the list's.",
        ),
        may(
            "nth",
            Kind::Count(1, MAX_PLACE_NUMBER),
            "Which of the lists that match; all unless said. Behind it the page goes through unread.",
        ),
        may(
            "personalise_first",
            Kind::Count(1, MAX_PLACE_NUMBER),
            "Only the first so many places get the tiles that rank best; the rest keep the shop's order.",
        ),
        may(
            "pinned",
            Kind::Counts(1, MAX_PLACE_NUMBER),
            "Places, from 1, whose tile stays.",
        ),
        OWNER,
        ENABLED,
        FROM,
        UNTIL,
        PERCENTAGE,
        HYDRATED,
    ],
};
