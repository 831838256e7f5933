//! Turns a shop's events and product feed into the source of a snapshot.
//!
//! ```text
//! feeds (TSV, CSV, XML; by locale) -> feed::Catalogue ----------------------------+-> SnapshotSource
//! events.jsonl ----------------+-> interactions -> sessions -> train (the models) -+
//! foreign log.csv + mapping ---+-> import -> events.jsonl, feed.tsv
//! feeds, events -> check -> findings, cleaned feeds and events
//! snapshot, events -> audience -> who may like a product
//! events or session files -> evaluate -> scores beside baselines, report, gate
//! ```
//!
//! [`build`] does all of the first two lines. The same inputs give the same result to the bit,
//! whatever the number of threads: nothing depends on a clock, on chance or on the order of a hash
//! table.
//!
//! What a shop's systems write is never perfect: a damaged line or row is a [`Warning`] with file
//! and line, and training goes on. Only what makes the whole of an input useless is an error.
//!
//! Visitors' ids are replaced by hashes while they are read, and nothing that leaves this crate holds
//! either.

#![forbid(unsafe_code)]

pub mod audience;
mod build;
pub mod check;
mod content;
pub mod evaluate;
pub mod events;
pub mod feed;
mod fit;
pub mod import;
pub mod input;
pub mod interactions;
mod report;
pub mod sessions;
pub mod train;
mod weather;

pub use build::{
    BACK_IN_STOCK_DAYS, BuildInputs, BuildReport, Built, FeedFile, LOG_BEFORE_DAYS,
    PRICE_BEFORE_DAYS, TrainError, build, read_feed,
};
pub use content::{ContentError, MAX_CONTENT_BYTES};
pub use fit::{Cost, Fit, FitError, fit};
pub use report::{MAX_EXAMPLES, Progress, Stage, Warning, WarningGroup, WarningKind, Warnings};
pub use weather::{WeatherError, read_weather};
