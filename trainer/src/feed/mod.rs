//! Product feeds in Google Merchant's formats, one or several files per locale.
//!
//! | format | told by | fields |
//! |---|---|---|
//! | TSV, CSV with `,` or `;` | neither of the others | columns, by their name in the first line |
//! | RSS 2.0, Atom | the first character, `<` | elements of an `item` or `entry`, by local name |
//!
//! A file's name says nothing about its format. `id`, `title` and `link` must be there; `image_link`,
//! `price`, `sale_price`, `availability`, `product_type`, `brand`, `color`, `size`, `material` and
//! `item_group_id` are used when they are, and so are those of this table; all others are ignored.
//!
//! | column | also called | what is read |
//! |---|---|---|
//! | `quantity` | `inventory`, `quantity_to_sell_on_facebook`, `sell_on_google_quantity` | a whole number in stock; less than 0 is 0 |
//! | `max_handling_time`, `max_transit_time` | | days; delivery takes the sum of those that are given |
//! | `custom_label_0` … `custom_label_4` | | any text |
//! | `date_added` | `created_at`, `published_at` | a day, or a time as of ISO 8601: since when the shop has it |
//! | `sale_price_effective_date` | | two of these with a `/` between them: when the sale price holds. A day is meant to its end |
//!
//! Where a file has several names for one thing, the first column counts. Times without an offset are UTC. Source: Google's product data
//! specification. Columns may be quoted as in RFC 4180; a byte order mark of UTF-8 is accepted.

mod catalogue;
mod dates;
mod delimited;
mod error;
mod facts;
mod price;
mod reader;
mod record;
mod row;
mod xml;

pub(crate) use catalogue::RowFate;
pub use catalogue::{Catalogue, FeedName};
pub(crate) use dates::{day_of_text, write_day, write_time};
pub use error::FeedError;
pub use price::{PriceError, decimals, format_price, parse_price};
pub(crate) use record::{Field, Record};
pub(crate) use row::is_web_link;

/// The most items of a shop, over all its feeds.
pub const MAX_ITEMS: usize = 1 << 20;
/// The most rows of one file. More than [`MAX_ITEMS`], since some rows may be unusable.
pub const MAX_FEED_ROWS: u64 = 1 << 21;
/// The longest id in bytes. Google allows 50 characters.
pub const MAX_ID_BYTES: usize = 128;
/// The longest other field in bytes. Google's longest one that is used here, a link, has 2,000
/// characters.
pub const MAX_FIELD_BYTES: usize = 4096;
/// The longest row or product element in bytes, what is not used included.
pub const MAX_ROW_BYTES: usize = 1 << 20;

#[cfg(test)]
mod fact_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod xml_tests;
