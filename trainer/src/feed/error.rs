//! What makes a whole feed useless.

use std::io;

/// Why a feed could not be read.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    /// The file cannot be opened.
    #[error("{file}: cannot read the feed")]
    Open {
        /// The file.
        file: String,
        /// The system's reason.
        source: io::Error,
    },
    /// The file cannot be read on.
    #[error("{file}:{line}: cannot read the feed: {source}")]
    Read {
        /// The file.
        file: String,
        /// The line.
        line: u64,
        /// The system's or the decoder's reason.
        source: io::Error,
    },
    /// Nothing but white space.
    #[error("{file}: expected a product feed, found an empty file; have it exported again")]
    Empty {
        /// The file.
        file: String,
    },
    /// Text in UTF-16.
    #[error("{file}: expected a feed in UTF-8, found UTF-16; have it exported or saved as UTF-8")]
    Utf16 {
        /// The file.
        file: String,
    },
    /// The first line does not name a column that every feed must have.
    #[error(
        "{file}:1: expected the column `{column}` in a first line with tabs, `;` or `,` between the names, \
         found {found}; check that this is a Google Merchant feed"
    )]
    MissingColumn {
        /// The file.
        file: String,
        /// The column's name.
        column: &'static str,
        /// The names that the first line has.
        found: String,
    },
    /// XML or HTML, but no feed.
    #[error(
        "{file}:{line}: expected a feed in XML that begins with `rss`, `feed` or `RDF`, found {found}; \
         perhaps an error page was saved instead"
    )]
    NotAFeed {
        /// The file.
        file: String,
        /// The line.
        line: u64,
        /// The first element's name.
        found: String,
    },
    /// Not well-formed XML.
    #[error("{file}:{line}: cannot read the feed: {what}; have it exported again")]
    Xml {
        /// The file.
        file: String,
        /// The line.
        line: u64,
        /// What was expected and what was found.
        what: String,
    },
    /// More rows than the limit.
    #[error(
        "{file}: expected at most {limit} rows; split the shop or leave out what is not sold any more"
    )]
    TooManyRows {
        /// The file.
        file: String,
        /// [`MAX_FEED_ROWS`](super::MAX_FEED_ROWS).
        limit: u64,
    },
    /// More different items than the limit.
    #[error(
        "{file}:{line}: expected at most {limit} different items in all feeds together; leave out what is not sold any more"
    )]
    TooManyItems {
        /// The file.
        file: String,
        /// The line.
        line: u64,
        /// [`MAX_ITEMS`](super::MAX_ITEMS).
        limit: usize,
    },
}
