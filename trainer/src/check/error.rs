//! What makes a check end without a report.

use std::io;

use crate::build::TrainError;
use crate::events::ReadError;

/// Why nothing was checked, or nothing written. An input that cannot be read is a finding, not an error.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// The inputs do not fit together.
    #[error(transparent)]
    Inputs(#[from] TrainError),
    /// Events could not be read for a second time.
    #[error(transparent)]
    Events(#[from] ReadError),
    /// Events come from standard input and are to be cleaned.
    #[error(
        "expected files of events for cleaning, which reads them twice, found standard input; \
         write them to a file first"
    )]
    CleanNeedsFiles,
    /// Cleaned data would be written over their own source.
    #[error("expected another directory for cleaned data: {file} is one of the inputs")]
    OverInput {
        /// The file.
        file: String,
    },
    /// A cleaned file cannot be written.
    #[error("{file}: cannot write: {source}")]
    Write {
        /// The file.
        file: String,
        /// The system's reason.
        source: io::Error,
    },
}
