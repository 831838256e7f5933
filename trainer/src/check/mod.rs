//! Whether a shop's data are good enough, before anything is built from them.
//!
//! ```text
//! feeds, events --first pass--> findings (pass, warn, fail), bots
//!               --second pass-> cleaned events, cleaned feeds
//! ```
//!
//! Every finding has a count, a share, the first examples with file and line, and what to do. All
//! limits are named constants. Memory is bounded whatever is read: duplicates are looked for among the
//! last [`MAX_RECENT_EVENTS`], sessions among [`MAX_OPEN_SESSIONS`] at one time, and the catalogue has
//! [`MAX_ITEMS`](crate::feed::MAX_ITEMS). Examples never name visitors.

mod clean;
mod error;
mod events;
mod feeds;
mod finding;
mod pass;
mod recent;
mod run;
mod sessions;
mod sieve;
#[cfg(test)]
mod tests;
mod text;

use std::path::PathBuf;

use serde::Serialize;
use tailorbird::site::Site;

pub use clean::{Cleaned, EVENTS_FILE};
pub use error::CheckError;
pub use events::{MAX_AGE_DAYS, MAX_DELAY, MIN_DAYS};
pub use finding::{Finding, Verdict};
pub use recent::MAX_RECENT_EVENTS;
pub use run::check;
pub use sessions::MAX_OPEN_SESSIONS;
pub use text::text;

use crate::build::{FeedFile, MAX_CLOCK_SKEW};
use crate::import::Mapping;

/// The version of [`CheckReport`]'s JSON.
pub const FORMAT: u32 = 1;

/// What is checked.
#[derive(Debug, Clone, Default)]
pub struct CheckInputs {
    /// The compiled site.toml, for languages and currencies.
    pub site: Site,
    /// Feeds; several files of one locale are one feed.
    pub feeds: Vec<FeedFile>,
    /// Event files, `-` for standard input.
    pub events: Vec<PathBuf>,
    /// What the columns mean, where `events` are logs of another system.
    pub mapping: Option<Mapping>,
    /// Now, seconds since 1970. A value, so that the same inputs give the same report.
    pub now: i64,
    /// Where cleaned data go: [`EVENTS_FILE`] and `feed.tsv`, or `feed.LANG.tsv` where the shop has
    /// several languages. They have only what a build uses without a warning, and no visitor's id.
    pub clean: Option<PathBuf>,
}

impl CheckInputs {
    /// The last time that is not the future, in microseconds: the one of a build now.
    fn latest(&self) -> i64 {
        let now = self.now.saturating_mul(1_000_000);
        now.saturating_add(MAX_CLOCK_SKEW)
    }
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CheckReport {
    /// [`FORMAT`].
    pub format: u32,
    /// How many findings passed.
    pub passed: u32,
    /// How many are warnings.
    pub warnings: u32,
    /// How many failed.
    pub failed: u32,
    /// All findings, in a fixed order.
    pub findings: Vec<Finding>,
    /// What was written; `None` also when an input could not be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cleaned: Option<Cleaned>,
}
