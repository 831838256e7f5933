//! What makes an evaluation end without a result.

use std::io;

use tailorbird::snapshot::{OpenError, WriteError};

use crate::build::TrainError;
use crate::events::ReadError;
use crate::interactions::StoreError;

/// Why nothing was measured.
#[derive(Debug, thiserror::Error)]
pub enum EvaluateError {
    /// An input cannot be opened or read.
    #[error("{file}: cannot read: {source}")]
    Read {
        /// The file.
        file: String,
        /// The system's reason.
        source: io::Error,
    },
    /// An input of events cannot be opened or read as a whole.
    #[error(transparent)]
    Events(#[from] ReadError),
    /// A line of a session file is not what it must be. Research data are whole or they are not the
    /// data that others measured on, so this is no warning.
    #[error("{file}:{line}: expected {expected}, found {found}")]
    Line {
        /// The file.
        file: String,
        /// The line, from 1.
        line: u64,
        /// What it must be.
        expected: &'static str,
        /// What it is.
        found: String,
    },
    /// More views than fit into memory.
    #[error("{file}: expected at most {limit} views in all; evaluate on a shorter time")]
    TooManyViews {
        /// The file at which it was too much.
        file: String,
        /// What the evaluation holds in memory.
        limit: usize,
    },
    /// Nothing to learn from.
    #[error(
        "expected sessions to learn from, found none: {found} events, all of them in the last {test_days} days; \
         choose fewer test days"
    )]
    NoTraining {
        /// How many events were read.
        found: usize,
        /// How many days the test takes.
        test_days: f64,
    },
    /// Nothing to test on.
    #[error(
        "expected test sessions with at least two views of items that the training part knows, found none"
    )]
    NoCases,
    /// A feed cannot be used as a whole.
    #[error(transparent)]
    Feed(#[from] TrainError),
    /// Events cannot be kept on disk.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The model does not fit into a snapshot.
    #[error("cannot write the model's snapshot: {0}")]
    Write(#[from] WriteError),
    /// The snapshot that was just written cannot be opened: an error in this program.
    #[error("cannot open the model's snapshot: {0}")]
    Open(#[from] OpenError),
}
