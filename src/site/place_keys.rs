//! The keys of site.toml's banners, slots and lists.

use super::MAX_SLOT_ITEMS;
use super::keys::{Key, Kind, Table, audiences, bys, may, must, positions, strategies};

/// The most matches of a selector that are counted for `nth`, and the longest list that `pinned` and
/// `personalise_first` speak of.
pub(super) const MAX_PLACE_NUMBER: i64 = 10_000;

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

pub(super) static BANNER: Table = Table {
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

pub(super) static SLOT: Table = Table {
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

pub(super) static LIST: Table = Table {
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
