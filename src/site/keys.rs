//! The keys of site.toml: the one table that the parser, its suggestions and the editors' schema are made
//! from.

use super::rule_keys::{EXPERIMENT, HOLDOUT, RULE, SEGMENT};
use super::{
    Adopted, Audience, By, FactName, MAX_PICTURE_SIDE, MAX_SLOT_ITEMS, Position, Strategy,
    WithoutConsent,
};
use crate::visitor::MAX_TCF_PURPOSE;

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
    /// A number, or a price as people write it.
    Money,
    /// A condition; see [`condition`](crate::condition).
    Condition,
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

fn bys() -> Vec<&'static str> {
    names(&BYS)
}

fn adopted() -> Vec<&'static str> {
    names(&ADOPTED)
}

fn separators() -> Vec<&'static str> {
    names(&SEPARATORS)
}

fn google_types() -> Vec<&'static str> {
    names(&GOOGLE_TYPES)
}

pub(super) fn strategies() -> Vec<&'static str> {
    names(&Strategy::ALL)
}

fn facts() -> Vec<&'static str> {
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
const TEMPLATE: Key = must(
    "template",
    Kind::Text,
    "A [[template]]'s name, or one of Tailorbird's own: tailorbird/list, tailorbird/carousel, tailorbird/banner.",
);
const TITLE: Key = may("title", Kind::Local, "What {{title}} says.");
const TEXT: Key = may("text", Kind::Local, "What {{text}} says.");
pub(super) const OWNER: Key = may("owner", Kind::Text, "Whom to ask about it; for people.");
pub(super) const ENABLED: Key = may("enabled", Kind::Flag, "false switches it off.");
pub(super) const FROM: Key = may(
    "from",
    Kind::Date,
    "From when on: a date (its start, UTC) or a date and time with offset.",
);
pub(super) const UNTIL: Key = may(
    "until",
    Kind::Date,
    "Until when: a date (its end, UTC) or a date and time with offset.",
);
pub(super) const PERCENTAGE: Key = may(
    "percentage",
    Kind::Count(0, 100),
    "For how many of a hundred visitors with known views; below 100, others do not get it.",
);
pub(super) const WHEN: Key = may(
    "when",
    Kind::Condition,
    "For whom, where and when: returning and country == \"DE\".",
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
        may(
            "picture",
            Kind::One(&PICTURE),
            "The size of products' pictures in templates, so that nothing jumps when they come; 300 by 300 unless said.",
        ),
        may(
            "stylesheet",
            Kind::Flag,
            "false: Tailorbird's own templates link no style; the shop's has their classes.",
        ),
    ],
};

static PICTURE: Table = Table {
    name: "picture",
    doc: "The size of products' pictures, in CSS pixels.",
    keys: &[
        must("width", Kind::Count(1, MAX_PICTURE_SIDE as i64), "Width."),
        must("height", Kind::Count(1, MAX_PICTURE_SIDE as i64), "Height."),
    ],
};

static WORDS: Table = Table {
    name: "[words]",
    doc: "Words of templates, {{words.why}}; English and German are built in.",
    keys: &[
        may("why", Kind::Local, "Opens why a slot is there."),
        may("forget", Kind::Local, "Deletes what is remembered."),
        may(
            "now",
            Kind::Local,
            "Before a reduced price, for screen readers.",
        ),
        may(
            "was",
            Kind::Local,
            "Before the price of before, for screen readers.",
        ),
        may(
            "rail",
            Kind::Local,
            "What a row is called that scrolls sideways.",
        ),
        may("more", Kind::Local, "A banner's link without a text."),
    ],
};

static LOCALE: Table = Table {
    name: "[[locale]]",
    doc: "A language and currency.",
    keys: &[
        must("lang", Kind::Text, "BCP 47: en, de-AT."),
        may("prefix", Kind::Text, "Paths of its pages start so."),
        must("currency", Kind::Text, "ISO 4217: EUR."),
        may(
            "free_shipping",
            Kind::Money,
            "From which sum on delivery is free: 49, or \"49,90 €\".",
        ),
    ],
};

static CONSENT: Table = Table {
    name: "[consent]",
    doc: "When history may be used.",
    keys: &[
        may("cookie", Kind::Text, "The shop's own consent cookie."),
        may(
            "grants",
            Kind::Text,
            "The word in it that means yes, or name:value: C0003:1, preferences:true.",
        ),
        may(
            "tcf_purposes",
            Kind::Counts(1, MAX_TCF_PURPOSE as i64),
            "Purposes that a TC string (IAB TCF 2) must consent to.",
        ),
        may(
            "tcf_cookie",
            Kind::Text,
            "The cookie with the TC string; \"euconsent-v2\" unless said.",
        ),
        may(
            "google",
            Kind::One(&GOOGLE),
            "The state of Google's consent mode, where a cookie holds it.",
        ),
        may(
            "without",
            Kind::Word("answer", without),
            "What visitors without consent get; \"contextual\" unless said.",
        ),
    ],
};

static GOOGLE: Table = Table {
    name: "google of [consent]",
    doc: "The state of Google's consent mode, where a cookie holds it.",
    keys: &[
        must(
            "cookie",
            Kind::Text,
            "The cookie: JSON, or type:granted between commas.",
        ),
        must(
            "requires",
            Kind::Words("consent type", google_types),
            "The types that must be granted.",
        ),
    ],
};

static ADOPT: Table = Table {
    name: "[[adopt]]",
    doc: "Items that the shop itself remembers of a visitor; only with consent.",
    keys: &[
        must("cookie", Kind::Text, "The cookie: feed ids."),
        must("as", Kind::Word("kind of items", adopted), "What they are."),
        may(
            "separator",
            Kind::Word("separator", separators),
            "What stands between two ids; \"|\" unless said.",
        ),
        may(
            "newest_first",
            Kind::Flag,
            "true: the newest stands first; else it stands last.",
        ),
    ],
};

static TRAIT: Table = Table {
    name: "[[trait]]",
    doc: "Something that the shop says of a visitor; only with consent.",
    keys: &[
        must("name", Kind::Text, "What it is called."),
        must("cookie", Kind::Text, "The cookie whose value it is."),
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
        WHEN,
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
        may(
            "reasons",
            Kind::LocalByStrategy,
            "What {{reason}} says, for some of the strategies; English and German are built in.",
        ),
        OWNER,
        ENABLED,
        FROM,
        UNTIL,
        PERCENTAGE,
        WHEN,
        HYDRATED,
    ],
};

static LIST: Table = Table {
    name: "[[list]]",
    doc: "A list that is put in order: of `tile`s below a `selector`, or an array in `json`.",
    keys: &[
        NAME,
        PAGES,
        may("selector", Kind::Text, "The element that holds the tiles."),
        may(
            "tile",
            Kind::Text,
            "The tiles: a selector below the list's.",
        ),
        may(
            "json",
            Kind::Text,
            "In JSON, in place of selector and tile: a JSON Pointer to the array; \"\" is the document.",
        ),
        may(
            "item",
            Kind::Text,
            "An attribute of a tile, or of an element in it, that holds its item's id (links tell unless said); with json a pointer within an element to the id, or to the value of `by`.",
        ),
        may(
            "link",
            Kind::Text,
            "In JSON, in place of item: a pointer within an element to the product's link.",
        ),
        may(
            "by",
            Kind::Word("attribute", bys),
            "What the list is made of; \"product\" unless said.",
        ),
        may(
            "value",
            Kind::Text,
            "With `by`: the attribute that holds a tile's value, as the feed writes it; else its text.",
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
        WHEN,
        HYDRATED,
    ],
};

static FACT: Table = Table {
    name: "[[fact]]",
    doc: "Something that pages tell, and one place where it stands: path, query, selector, json_ld or microdata.",
    keys: &[
        must("name", Kind::Word("fact", facts), "What it tells."),
        may(
            "pages",
            Kind::Texts,
            "The kinds of pages that tell it, as [[page]] names them; all unless said.",
        ),
        may(
            "path",
            Kind::Text,
            "A pattern of the URL's path in which {} is the value: /p/{}-*.html.",
        ),
        may("query", Kind::Text, "A parameter of the URL's query: q."),
        may(
            "selector",
            Kind::Text,
            "A CSS selector of the element that holds it.",
        ),
        may(
            "attribute",
            Kind::Text,
            "With selector: the attribute; the element's text unless said.",
        ),
        may(
            "json_ld",
            Kind::Text,
            "A type of schema.org and its properties: Product.sku.",
        ),
        may(
            "microdata",
            Kind::Text,
            "A type of schema.org and its properties: Product.sku.",
        ),
    ],
};
