//! The mapping file: what the columns of a foreign log mean.
//!
//! All texts are templates: `{column}` stands for that column's value, in its meaning by `[values]`.
//!
//! ```toml
//! [input]
//! delimiter = ","                  # default
//!
//! [event]
//! user = "{customer}"              # optional; empty for unknown
//! session = "{basket}"             # optional
//! item = "{sku}"
//! item_case = "keep"               # or "upper", "lower"
//! quantity = "{amount}"            # optional
//! time = "{date}"
//! time_format = "%Y-%m-%d"         # as of strptime, in UTC; or "unix"
//! order = "{click}"                # optional: seconds that are added to the time
//! emit = [                         # what each line becomes
//!   { event = "view_item" },
//!   { event = "purchase", per = "session" },  # one event for consecutive lines of a session
//! ]
//!
//! [[rule]]                         # the first that fits a line decides
//! column = "basket"
//! starts_with = ["C"]              # or: equals = [..], or: below = 1
//! then = "skip"                    # or an event's name instead of `emit`; the feed is left alone
//!
//! [values.color]                   # what a column's values mean
//! 1 = "beige"
//!
//! [feed]                           # an item's last line with a value counts
//! title = "{name}"
//! link = "/p/{item}"               # {item}: the item's id; holes are percent-encoded
//! currency = "EUR"
//! price = "{price}"                # these and the following are optional
//! image_link = "/img/{item}.jpg"
//! availability = "in_stock"
//! product_type = "{category}"
//! brand = "{brand}"
//! color = "{color}"
//! quantity = "{stock}"
//! max_handling_time = "{days}"     # and max_transit_time
//! custom_label_0 = "{margin}"      # to custom_label_4
//! date_added = "{since}"
//! ```

mod file;

use serde::Deserialize;

use crate::events::EventName;
use crate::import::template::{Template, Values};
use crate::import::time::TimeFormat;

/// A parsed mapping.
#[derive(Debug, Clone, PartialEq)]
pub struct Mapping {
    pub(in crate::import) file: String,
    pub(in crate::import) delimiter: u8,
    pub(in crate::import) user: Option<Template>,
    pub(in crate::import) session: Option<Template>,
    pub(in crate::import) item: Template,
    pub(in crate::import) item_case: Case,
    pub(in crate::import) quantity: Option<Template>,
    pub(in crate::import) time: Template,
    pub(in crate::import) time_format: TimeFormat,
    pub(in crate::import) order: Option<Template>,
    pub(in crate::import) emit: Vec<Emit>,
    pub(in crate::import) rules: Vec<Rule>,
    pub(in crate::import) values: Values,
    pub(in crate::import) currency: String,
    pub(in crate::import) price: Option<Template>,
    /// By [`FEED_TEXTS`].
    pub(in crate::import) texts: Vec<Option<Template>>,
}

/// The feed's columns that are mere texts, in the order of [`Mapping::texts`].
pub(in crate::import) const FEED_TEXTS: [&str; 16] = [
    "title",
    "link",
    "image_link",
    "availability",
    "product_type",
    "brand",
    "color",
    "quantity",
    "max_handling_time",
    "max_transit_time",
    "custom_label_0",
    "custom_label_1",
    "custom_label_2",
    "custom_label_3",
    "custom_label_4",
    "date_added",
];

/// How many of them, from the first, every imported feed has.
pub(in crate::import) const USUAL_TEXTS: usize = 7;

/// What becomes of an id's letters. Some logs have one article in two spellings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::import) enum Case {
    #[default]
    Keep,
    Upper,
    Lower,
}

#[derive(Debug, Clone, PartialEq)]
pub(in crate::import) struct Emit {
    /// The event's name, which may come out of a column.
    pub(in crate::import) event: Template,
    pub(in crate::import) per: Per,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::import) enum Per {
    #[default]
    Line,
    Session,
}

#[derive(Debug, Clone, PartialEq)]
pub(in crate::import) struct Rule {
    pub(in crate::import) key: String,
    pub(in crate::import) column: String,
    pub(in crate::import) test: Test,
    pub(in crate::import) then: Then,
}

#[derive(Debug, Clone, PartialEq)]
pub(in crate::import) enum Test {
    StartsWith(Vec<String>),
    Equals(Vec<String>),
    Below(f64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::import) enum Then {
    Skip,
    Emit(EventName),
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = "[event]\nitem = \"{sku}\"\ntime = \"{t}\"\ntime_format = \"unix\"\n\
        emit = [{ event = \"view_item\" }]\n[feed]\ntitle = \"{name}\"\nlink = \"/p/{item}\"\ncurrency = \"EUR\"\n";

    #[test]
    fn a_small_mapping_has_defaults() {
        let mapping = Mapping::parse(SMALL, "m.toml").expect("parses");
        assert_eq!((mapping.delimiter, mapping.item_case), (b',', Case::Keep));
        assert_eq!(mapping.emit[0].per, Per::Line);
    }

    #[test]
    fn errors_name_the_key() {
        let with = |from: &str, to: &str| {
            assert!(SMALL.contains(from), "{from}");
            Mapping::parse(&SMALL.replace(from, to), "m.toml")
                .expect_err(to)
                .to_string()
        };
        let cases = [
            (
                with("title", "titel"),
                "unknown field `titel`, expected one of `title`",
            ),
            (with("item = \"{sku}\"\n", ""), "missing field `item`"),
            (
                with("{sku}", "{sku"),
                "m.toml: event.item: expected a text in which",
            ),
            (
                with("unix", "dates"),
                "m.toml: event.time_format: expected \"unix\" or a format",
            ),
            (
                with("view_item", "view"),
                "m.toml: event.emit[0].event: expected view_item, ",
            ),
            (
                with("\"view_item\"", "\"purchase\", per = \"session\""),
                "expected `event.session`",
            ),
            (
                with("EUR", "Euro"),
                "m.toml: feed.currency: expected an ISO 4217 code",
            ),
            (
                with(
                    "[feed]",
                    "[[rule]]\ncolumn = \"a\"\nthen = \"skip\"\n[feed]",
                ),
                "exactly one of starts_with",
            ),
            (
                with(
                    "[feed]",
                    "[[rule]]\ncolumn = \"a\"\nbelow = 1\nthen = \"drop\"\n[feed]",
                ),
                "m.toml: rule[0].then: expected \"skip\" or",
            ),
            (
                with("[event]", "[input]\ndelimiter = \"é\"\n[event]"),
                "m.toml: input.delimiter: expected one ASCII",
            ),
        ];
        for (error, expected) in cases {
            assert!(error.contains(expected), "{expected}: {error}");
        }
    }
}
