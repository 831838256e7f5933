//! What makes a run end without a snapshot.

use crate::content::ContentError;
use crate::events::ReadError;
use crate::feed::FeedError;
use crate::import::ImportError;
use crate::interactions::StoreError;
use crate::weather::WeatherError;

/// Why nothing was built.
#[derive(Debug, thiserror::Error)]
pub enum TrainError {
    /// A feed as a whole is unusable.
    #[error(transparent)]
    Feed(#[from] FeedError),
    /// site.toml names no locale.
    #[error("expected at least one locale in site.toml, found none")]
    NoLocale,
    /// Neither a feed nor events were given.
    #[error("expected product feeds or events, found neither: there is nothing to build from")]
    NoInput,
    /// No input has an item.
    #[error(
        "expected at least one item in the feeds or, without a feed, in the events, found none"
    )]
    NoItems,
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
    /// An event file cannot be opened or read as a whole.
    #[error(transparent)]
    Events(#[from] ReadError),
    /// The products that a foreign log describes cannot be taken over.
    #[error(transparent)]
    Products(#[from] ImportError),
    /// Events without a feed name more different items than the limit.
    #[error(
        "{file}: expected at most {limit} different items in all events; \
         give a --feed that names what is sold"
    )]
    TooManyItems {
        /// The file at which it was too much.
        file: String,
        /// [`MAX_ITEMS`](crate::feed::MAX_ITEMS).
        limit: usize,
    },
    /// The previous snapshot is newer than the one that is to be made.
    #[error(
        "the previous snapshot: expected one made at {created} or before (seconds since 1970), found {found}; \
         give the snapshot that is live, or a later --created"
    )]
    LaterPrevious {
        /// The new one's creation.
        created: i64,
        /// The previous one's.
        found: i64,
    },
    /// A content feed is unusable.
    #[error(transparent)]
    Content(#[from] ContentError),
    /// A table of the weather is unusable.
    #[error(transparent)]
    Weather(#[from] WeatherError),
    /// Events cannot be kept on disk.
    #[error(transparent)]
    Store(#[from] StoreError),
}
