//! The ids behind pseudonyms, for those who asked for them: a second look at the log.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use crate::events::{MAX_LINE_BYTES, ReadError, visitor_of};
use crate::input::{self, Line};

/// Adds the ids of the wanted visitors that a file names. Damaged lines were warned of at the first look.
pub(super) fn read(
    path: &Path,
    wanted: &HashSet<u64>,
    names: &mut HashMap<u64, String>,
) -> Result<(), ReadError> {
    let failed = |source| ReadError::Io {
        file: path.display().to_string(),
        source,
    };
    let mut input = input::open(path).map_err(failed)?;
    let mut line = Vec::new();
    loop {
        match input::read_line(&mut *input, &mut line, MAX_LINE_BYTES).map_err(failed)? {
            Line::End => return Ok(()),
            Line::TooLong => {}
            Line::Whole => {
                if let Some((visitor, name)) = visitor_of(&line)
                    && wanted.contains(&visitor)
                {
                    names.entry(visitor).or_insert(name);
                }
            }
        }
    }
}
