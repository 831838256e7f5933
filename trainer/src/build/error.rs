//! What makes a run end without a snapshot.

use std::io;

use crate::feed::FeedError;
use crate::interactions::StoreError;

/// Why nothing was built.
#[derive(Debug, thiserror::Error)]
pub enum TrainError {
    /// A feed as a whole is unusable.
    #[error(transparent)]
    Feed(#[from] FeedError),
    /// site.toml names no locale.
    #[error("expected at least one locale in site.toml, found none")]
    NoLocale,
    /// No feed was given.
    #[error("expected at least one product feed, found none: without it nothing can be shown")]
    NoFeed,
    /// A feed's language is none of the shop's.
    #[error("{file}: expected a language of site.toml ({expected}), found `{found}`")]
    UnknownLocale {
        /// The feed's file.
        file: String,
        /// The shop's languages.
        expected: String,
        /// The feed's.
        found: String,
    },
    /// Two feeds of one locale.
    #[error("{file}: expected one feed for each locale, found a second one for `{lang}`")]
    SecondFeed {
        /// The second feed's file.
        file: String,
        /// The language.
        lang: String,
    },
    /// An event file cannot be opened or read.
    #[error("{file}: cannot read events: {source}")]
    Events {
        /// The file.
        file: String,
        /// The system's reason.
        source: io::Error,
    },
    /// Events cannot be kept on disk.
    #[error(transparent)]
    Store(#[from] StoreError),
}
