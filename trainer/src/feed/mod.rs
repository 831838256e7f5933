//! Product feeds in Google Merchant's formats, one or several files per locale.
//!
//! | format | told by | fields |
//! |---|---|---|
//! | TSV, CSV with `,` or `;` | neither of the others | columns, by their name in the first line |
//! | RSS 2.0, Atom | the first character, `<` | elements of an `item` or `entry`, by local name |
//!
//! A file's name says nothing about its format. `id`, `title` and `link` must be there; `image_link`,
//! `price`, `sale_price`, `availability`, `product_type`, `brand`, `color`, `size`, `material` and
//! `item_group_id` are used when they are; all others are ignored. Source: Google's product data
//! specification. Columns may be quoted as in RFC 4180; a byte order mark of UTF-8 is accepted.

mod catalogue;
mod delimited;
mod error;
mod price;
mod reader;
mod record;
mod row;
mod xml;

pub(crate) use catalogue::RowFate;
pub use catalogue::{Catalogue, FeedName};
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
mod tests;
#[cfg(test)]
mod xml_tests;
