//! The keys of site.toml that say what a shop is, whom it knows, and which pages it has.

use super::MAX_PICTURE_SIDE;
use super::keys::{Kind, Table, adopted, facts, google_types, may, must, separators, without};
use crate::visitor::MAX_TCF_PURPOSE;

pub(super) static SHOP: Table = Table {
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

pub(super) static WORDS: Table = Table {
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

pub(super) static LOCALE: Table = Table {
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

pub(super) static CONSENT: Table = Table {
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

pub(super) static ADOPT: Table = Table {
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

pub(super) static TRAIT: Table = Table {
    name: "[[trait]]",
    doc: "Something that the shop says of a visitor, in a cookie or a header; only with consent.",
    keys: &[
        must("name", Kind::Text, "What it is called."),
        may("cookie", Kind::Text, "The cookie whose value it is."),
        may(
            "header",
            Kind::Text,
            "The request header whose value it is, as the shop's CDN or gateway sets it: X-Loyalty-Tier.",
        ),
    ],
};

pub(super) static PAGE: Table = Table {
    name: "[[page]]",
    doc: "A kind of page, told by its path or by an element.",
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
        may(
            "selector",
            Kind::Text,
            "In place of paths, for pages that no path names: an element that only such pages have.",
        ),
    ],
};

pub(super) static TEMPLATES: Table = Table {
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

pub(super) static FACT: Table = Table {
    name: "[[fact]]",
    doc: "Something that pages tell, and one place where it stands: path, query, selector, json_ld, microdata or cookie.",
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
        may(
            "cookie",
            Kind::Text,
            "For customer alone: a cookie of the shop's, percent-encoded or not; read with consent alone.",
        ),
    ],
};
