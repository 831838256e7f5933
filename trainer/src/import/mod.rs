//! Turns a foreign log (CSV, plain or gzip) into events and a feed, by a mapping file.
//!
//! For shops that come with years of orders and no analytics export, and for research data. What
//! comes out is what [`events`](crate::events) and [`feed`](crate::feed) read. See
//! `examples/imports` for mappings.

mod error;
mod events_out;
mod feed_out;
mod importer;
mod mapping;
mod template;
#[cfg(test)]
mod tests;
mod time;

use std::io::{BufRead, Write};

use csv::{ByteRecord, ReaderBuilder};
use serde::Serialize;

pub use error::ImportError;
pub use mapping::Mapping;

use crate::feed::{MAX_ITEMS, MAX_ROW_BYTES};
use crate::input::{RecordBudget, decompressed, text_of};
use crate::report::{WarningKind, Warnings};
use importer::{Fate, Importer};
use template::Header;

/// How many lines pass between two reports of progress.
const PROGRESS_LINES: u64 = 8192;

/// What became of a log.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ImportReport {
    /// Lines of the log, without its header.
    pub lines: u64,
    /// Lines that a rule skipped.
    pub skipped: u64,
    /// Events written.
    pub events: u64,
    /// Different items of the feed.
    pub items: u64,
    /// Lines that do not fit the mapping.
    pub warnings: Warnings,
}

/// Reads a log and writes its events and its feed. `file` is the log's name for messages;
/// `progress` is told how many lines were read.
///
/// # Errors
///
/// [`ImportError`] when the log as a whole cannot be read, lacks a column that the mapping names, or
/// an output cannot be written. A line that does not fit is a warning.
pub fn run(
    mapping: &Mapping,
    file: &str,
    input: impl BufRead,
    events_out: impl Write,
    feed_out: impl Write,
    progress: &mut dyn FnMut(u64),
) -> Result<ImportReport, ImportError> {
    let failed = |line, source| ImportError::Read {
        file: file.to_owned(),
        line,
        source,
    };
    let input = decompressed(input).map_err(|source| failed(0, source))?;
    let (input, budget) = RecordBudget::new(input, MAX_ROW_BYTES);
    let mut reader = ReaderBuilder::new()
        .delimiter(mapping.delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(input);
    let next = |record: &mut ByteRecord, reader: &mut csv::Reader<_>| {
        budget.renew();
        let line = reader.position().line();
        reader
            .read_byte_record(record)
            .map_err(|error| failed(line, error.into()))
    };
    let mut record = ByteRecord::new();
    next(&mut record, &mut reader)?;
    let names = record
        .iter()
        .map(|name| text_of(name).trim().to_owned())
        .collect();
    let mut importer = Importer::new(
        mapping,
        &Header {
            names,
            mapping_file: &mapping.file,
        },
        events_out,
    )?;
    let mut report = ImportReport::default();
    while next(&mut record, &mut reader)? {
        report.lines += 1;
        if report.lines.is_multiple_of(PROGRESS_LINES) {
            progress(report.lines);
        }
        let line = record.position().map_or(0, csv::Position::line);
        match importer.line(&record)? {
            Fate::Used => {}
            Fate::Skipped => report.skipped += 1,
            Fate::Unfit(what) => report
                .warnings
                .add(WarningKind::ImportLine, file, line, || what),
            Fate::TooManyItems => {
                return Err(ImportError::TooManyItems {
                    file: file.to_owned(),
                    line,
                    limit: MAX_ITEMS,
                });
            }
        }
    }
    (report.items, report.events) = importer.finish(feed_out)?;
    Ok(report)
}
