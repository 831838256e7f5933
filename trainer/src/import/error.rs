//! Why a foreign log could not be imported.

use std::io;

/// What makes a mapping or a whole log useless. A single line that does not fit is a warning.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The mapping is not TOML, or has a key too many, too few or of another type.
    #[error("{file}: expected an import mapping: {source}")]
    Mapping {
        /// The mapping's file.
        file: String,
        /// Line, key, what was expected.
        source: Box<toml::de::Error>,
    },
    /// A key's value is not what it must be.
    #[error("{file}: {key}: expected {expected}, found {found:?}")]
    Value {
        /// The mapping's file.
        file: String,
        /// The key's path.
        key: String,
        /// What it may be.
        expected: &'static str,
        /// What it is.
        found: String,
    },
    /// The mapping names a column that the log does not have.
    #[error("{file}: {key}: expected a column of the log ({columns}), found {found:?}")]
    UnknownColumn {
        /// The mapping's file.
        file: String,
        /// The key's path.
        key: String,
        /// The column that it names.
        found: String,
        /// The columns that there are.
        columns: String,
    },
    /// The log cannot be read.
    #[error("{file}:{line}: cannot read the log: {source}")]
    Read {
        /// The log's file.
        file: String,
        /// The line before which it failed.
        line: u64,
        /// The system's or the decoder's reason.
        source: io::Error,
    },
    /// The events or the feed cannot be written.
    #[error("cannot write the {what}: {source}")]
    Write {
        /// `events` or `feed`.
        what: &'static str,
        /// The system's reason.
        source: io::Error,
    },
    /// More different items than the limit.
    #[error(
        "{file}:{line}: expected at most {limit} different items; check the mapping's `event.item`"
    )]
    TooManyItems {
        /// The log's file.
        file: String,
        /// The line.
        line: u64,
        /// [`MAX_ITEMS`](crate::feed::MAX_ITEMS).
        limit: usize,
    },
}
