//! An input of events, whatever form it has.

use std::io;
use std::path::Path;

use super::{Event, LineCounts, read};
use crate::import::{self, ImportError, Mapping, Products};
use crate::input;
use crate::report::{WarningKind, Warnings};

/// Where events come from.
#[derive(Debug)]
pub struct EventSource<'a> {
    /// The file, plain or compressed; `-` for standard input.
    pub path: &'a Path,
    /// What the columns of a foreign log mean; without, the file has a JSON object a line.
    pub mapping: Option<&'a Mapping>,
    /// Takes over what a foreign log says of its items.
    pub products: Option<&'a mut Products>,
}

/// Why a whole input of events could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It cannot be opened or read on.
    #[error("{file}: cannot read events: {source}")]
    Io {
        /// The file.
        file: String,
        /// The system's or the decoder's reason.
        source: io::Error,
    },
    /// A foreign log does not fit its mapping as a whole.
    #[error(transparent)]
    Mapping(#[from] ImportError),
}

/// Opens an input and hands all its events to `each`, with their line numbers. A row of a foreign log
/// that becomes several events hands on each of them with its own line. Of [`LineCounts::other`] are
/// the rows that the mapping skips.
///
/// # Errors
///
/// [`ReadError`]; a damaged line is a warning, and so is an input without any line.
pub fn read_source(
    source: EventSource<'_>,
    warnings: &mut Warnings,
    progress: &mut dyn FnMut(u64),
    each: impl FnMut(Event, u64, &mut Warnings),
) -> Result<LineCounts, ReadError> {
    let file = source.path.display().to_string();
    let failed = |source| ReadError::Io {
        file: file.clone(),
        source,
    };
    let mut input = input::open(source.path).map_err(failed)?;
    let counts = match source.mapping {
        None => read(&mut *input, &file, warnings, progress, each).map_err(failed)?,
        Some(mapping) => import::read_events(
            mapping,
            &file,
            input,
            source.products,
            warnings,
            progress,
            each,
        )?,
    };
    if counts.lines == 0 {
        warnings.add(WarningKind::EmptyFile, &file, 1, || {
            "expected events, found none".to_owned()
        });
    }
    Ok(counts)
}
