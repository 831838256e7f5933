//! The snapshot: one file with all that an edge needs to know of a shop.
//!
//! # Bytes
//!
//! All numbers are little-endian. Sections start at multiples of 8 and are read in place.
//!
//! ```text
//! offset  bytes  what
//! 0       8      magic  89 54 42 53 0D 0A 1A 0A  ("\x89TBS\r\n\x1a\n": text-mode damage shows)
//! 8       2      format version: 2, or 1
//! 10      2      number of sections s, at most MAX_SECTIONS
//! 12      4      number of items n, at most MAX_ITEMS
//! 16      8      file length
//! 24      8      sequence number
//! 32      8      creation time, seconds since 1970 (i64)
//! 40      8      expiry, likewise; 0 = never
//! 48      8      xxh3-64 of bytes 0..48 followed by the section table
//! 56      32·s   section table, by (kind, locale):
//!                  0   2  kind
//!                  2   2  locale (index into the site's locales; 0 where it does not apply)
//!                  4   4  reserved, 0
//!                  8   8  offset of the section, a multiple of 8
//!                  16  8  length of the section
//!                  24  8  xxh3-64 of the section
//! …              sections, zero-padded to multiples of 8; the file ends with the last one
//! ```
//!
//! | kind | section | shape |
//! |---|---|---|
//! | 1 | meta | bincode wire format of the trainer's counts |
//! | 2 | site | bincode wire format of [`Site`](crate::site::Site); in version 1 without `nth`, `terms` and `order` |
//! | 3 | item ids | strings |
//! | 4 | item keys | n × u64 keys, ascending; n × u32 items |
//! | 10, 11, 12 | title, link, image | strings, per locale |
//! | 13, 14 | price, sale price | n × u32 minor units, per locale; 0xFFFFFFFF = none |
//! | 15 | availability | n × u8, see [`Availability`] |
//! | 16, 17, 18 | brand, category, colour | n × u32 codes; then strings: the dictionary, ascending |
//! | 19, 21, 22 | size, material, item group | likewise; missing when no item has any |
//! | 20 | link index | m × u64 hash of the link's key, ascending; m × u32 items |
//! | 23 | price band | n × u8: which fifth of its top-level category's prices an item's price is in, 1 to 5, the cheapest first; 0 = no price |
//! | 24 | quantity | n × u16 in stock, at most [`MAX_QUANTITY`]; 0xFFFF = not known. 24 to 29 and 60 to 76 are missing when they would say nothing |
//! | 25 | delivery days | n × u8, at most [`MAX_DELIVERY_DAYS`]; 0xFF = not known |
//! | 26 | added | n × u16 days since 1970; 0 = not known |
//! | 27 | sale ends | n × u32 seconds since 1970, per locale: from then on a sale price does not hold; 0 = it has no end |
//! | 28 | price before | r × u32 items, ascending, at most [`MAX_PRICES_BEFORE`] rows each; r × u32 prices, an item's highest first; r × u16 days since 1970 on which they last held; per locale |
//! | 29 | back in stock since | r × u32 items, ascending; r × u16 days since 1970 |
//! | 30 | viewed together | (n+1) × u32 offsets; lists. Older builders wrote it; read where 31 is missing |
//! | 31 | viewed together, packed | drawn in `packed.rs` |
//! | 32, 33 | bought together, similar by content | likewise, on the positions of 31, without which they cannot be; missing when no item has any |
//! | 40 | popularity | n × u16, see below |
//! | 41 | category tops | (c+1) × u32 offsets in items; u32 items, best first; c = number of categories |
//! | 42 | brand tops | the same by brand; what has no brand is in none |
//! | 43 | trending | u32 items, best first, at most [`MAX_TRENDING`]; with 44 and 45 missing when nothing trends |
//! | 44, 45 | trending by category, by brand | the shape of 41 and 42, at most [`MAX_GROUP_TRENDING`] items each |
//! | 50 | attribute weights | 6 × u32: brand, category, colour, size, material, price band; see [`AttributeWeights`] |
//! | 51 | blend weights | 3 × u32: bought together, similar by content, taste; see [`BlendWeights`] |
//! | 60 to 64 | label 0 to 4 | the shape of 16 |
//! | 70 | new arrivals | u32 items, best first, at most [`MAX_SHELF`], of a product's variants [`MAX_VARIANTS_ON_SHELF`] |
//! | 71, 72, 73, 74 | on sale, price drops, back in stock, low stock | likewise |
//! | 75, 76 | new arrivals, on sale by category | the shape of 41, at most [`MAX_GROUP_SHELF`] items each |
//! | 80 | category complements | (c+1) × u32 offsets in rows; rows of u32 category and u32 weight in 1/65536 of the strongest, strongest first, at most [`MAX_COMPLEMENTS`] each; 80 to 83 are missing when there are none |
//! | 81 | weather | drawn in `weather.rs` |
//! | 82 | clusters | drawn in `clusters.rs` |
//! | 83 | articles | drawn in `articles.rs` |
//!
//! *Strings*: u32 count k; (k+1) × u32 offsets into the text; the text (UTF-8).
//!
//! *A neighbour list* of section 30: u8 count k (at most 32); k LEB128 numbers: the items in
//! ascending order, the first one as itself, each other one minus its predecessor minus 1;
//! ⌈k/2⌉ bytes with a 4-bit weight each, low half first. Weight w stands for 2^((w-15)/2) of the
//! strongest weight in the snapshot's lists.
//!
//! *Popularity*: round(4096 · log2(1 + p)) of the weighted event count p, at most 65535.
//!
//! *Link index*: the key of a link is drawn in [`link`]; its hash is xxh3-64.
//!
//! *Items* stand in descending popularity, so item 0 sells best.
//!
//! # Versions
//!
//! A reader takes exactly the versions it knows; any other is an error that says so, and the page is
//! served as the origin sent it. A section of an unknown kind is skipped: it can only add.
//!
//! | version | what is new | frozen as |
//! |---|---|---|
//! | 1 | | `tests/golden/v1.tbs` |
//! | 2 | section 2: a place's `nth` and `terms`, a list's `order` and `terms` | `tests/golden/v2.tbs` |
//! | 3 | section 2: facts, lists in JSON, rules, segments, experiments | `tests/golden/v3.tbs` |
//!
//! This reader knows all of them and writes 3. Of an older site, what it could not say is as if not said.

mod articles;
mod bands;
mod before;
mod bits;
mod clusters;
mod columns;
mod complements;
mod embedded;
mod error;
mod facts;
mod find;
mod key;
mod kind;
mod layout;
pub mod link;
mod models;
mod neighbours;
mod pack;
mod packed;
mod read;
mod records;
mod shelves;
mod source;
mod tops;
mod verify;
mod weather;
mod write;

pub use articles::{Article, ArticleRecord, ArticleText, MAX_ARTICLE_REFERENCES, MAX_ARTICLES};
pub use bands::{PRICE_BANDS, price_bands};
pub use before::MAX_PRICES_BEFORE;
pub use clusters::{
    CLUSTER_ONE, ClusterFeature, Clusters, LEAST_CLUSTER_VIEWS, MAX_CLUSTER_FEATURES,
    MAX_CLUSTER_NAME_BYTES, MAX_CLUSTERS,
};
pub(crate) use columns::Codes;
pub use embedded::{PLACE_MARK, Place};
pub use error::{OpenError, VerifyError, WriteError};
pub use facts::{MAX_DELIVERY_DAYS, MAX_QUANTITY, day_of};
pub use key::ItemKey;
pub use kind::Kind;
pub use neighbours::{Neighbours, Precision, WEIGHT_STEPS};
pub use pack::{pack, pack_beside};
pub use read::{SectionInfo, Snapshot};
pub use shelves::{LEAST_DROP, LOW_STOCK_BELOW, MOST_DISCOUNT, NEW_DAYS};
pub use source::{
    AttributeWeights, Availability, BlendWeights, ItemRecord, ItemText, Meta, Neighbour,
    PriceBefore, QueryWeights, SnapshotSource,
};
pub use weather::{MAX_WEATHER, MAX_WEATHER_CLASS_BYTES, MAX_WEATHER_CLASSES, WeatherDay};
pub use write::write;

/// The format version that is written.
pub const FORMAT_VERSION: u16 = 3;

/// The oldest format version that is read.
pub const OLDEST_FORMAT_VERSION: u16 = 1;

/// The most sections of a file.
pub const MAX_SECTIONS: usize = 512;

/// The most items of a snapshot.
pub const MAX_ITEMS: usize = 4_000_000;

/// The most neighbours that are kept for an item.
pub const MAX_NEIGHBOURS: usize = 64;

/// How many best sellers are kept for each category.
pub const MAX_CATEGORY_TOPS: usize = 48;

/// How many best sellers are kept for each brand.
pub const MAX_BRAND_TOPS: usize = 24;

/// How many items are kept that trend in the whole shop.
pub const MAX_TRENDING: usize = 48;

/// How many items are kept that trend in a category or within a brand.
pub const MAX_GROUP_TRENDING: usize = 12;

/// How many items a list for the whole shop has: what is new, reduced, back in stock …
pub const MAX_SHELF: usize = 48;

/// How many it has for a category.
pub const MAX_GROUP_SHELF: usize = 12;

/// How many variants of one product such a list has: twelve sizes of one shoe would fill it.
pub const MAX_VARIANTS_ON_SHELF: usize = 2;

/// How many complementary categories are kept for each category.
pub const MAX_COMPLEMENTS: usize = 8;

const SECONDS_A_DAY: i64 = 86_400;

/// The longest snapshot that is read: what fits a Worker's memory beside the pages it rewrites.
pub const MAX_FILE_BYTES: usize = 64 << 20;

/// The ending of snapshot files.
pub const FILE_ENDING: &str = "tbs";

/// The file in a snapshot directory whose first line names the snapshot to use.
pub const CURRENT_FILE: &str = "current";

/// The file name that `current`'s content names; `None` when it is not a plain file name, so that it
/// can never lead out of the directory.
pub fn current_name(content: &str) -> Option<&str> {
    let name = content.lines().next()?.trim();
    let plain = !name.is_empty()
        && name.len() <= 200
        && !name.starts_with('.')
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'));
    plain.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn current_names_a_file_beside_it() {
        assert_eq!(current_name("abc-1.tbs\n"), Some("abc-1.tbs"));
        for bad in ["", "\nx", "../x", "a/b", "a\\b", ".hidden", "a b", "ä"] {
            assert_eq!(current_name(bad), None, "{bad}");
        }
    }
}
