//! Reads a foreign log (CSV) as events and a feed, by a mapping file.
//!
//! For shops that come with years of orders and no analytics export, and for research data. [`Import`]
//! writes what [`events`](crate::events) and [`feed`](crate::feed) read;
//! [`read_source`](crate::events::read_source) hands the same events on without a file between. See
//! `examples/imports` for mappings.

mod error;
mod gather;
mod importer;
mod mapping;
mod products;
mod rows;
mod template;
#[cfg(test)]
mod tests;
mod time;

use std::io::{BufRead, Write};

use serde::Serialize;

pub use error::ImportError;
pub use mapping::Mapping;
pub use products::Products;
pub(crate) use rows::read_events;

use crate::events::Line;
use crate::input::decompressed;
use crate::report::Warnings;
use rows::read_rows;

/// What became of the logs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ImportReport {
    /// Lines of all logs, without their headers.
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

/// Writes the events and the products of one or several logs.
pub struct Import<'m, W> {
    mapping: &'m Mapping,
    events_out: W,
    products: Products,
    report: ImportReport,
}

impl<'m, W: Write> Import<'m, W> {
    /// An import that has read nothing yet.
    pub fn new(mapping: &'m Mapping, events_out: W) -> Self {
        Self {
            mapping,
            events_out,
            products: Products::default(),
            report: ImportReport::default(),
        }
    }

    /// Reads a log, plain or compressed, and writes its events. `file` is its name for messages;
    /// `progress` is told how many of its lines were read.
    ///
    /// # Errors
    ///
    /// [`ImportError`] when the log as a whole cannot be read, lacks a column that the mapping names, or
    /// the events cannot be written. A line that does not fit is a warning.
    pub fn read(
        &mut self,
        file: &str,
        input: impl BufRead,
        progress: &mut dyn FnMut(u64),
    ) -> Result<(), ImportError> {
        let input = decompressed(input).map_err(|source| ImportError::Read {
            file: file.to_owned(),
            line: 1,
            source,
        })?;
        let events_out = &mut self.events_out;
        let failed = |source| ImportError::Write {
            what: "events",
            source,
        };
        let mut write = |line: Line<'_>, _: u64, _: &mut Warnings| {
            serde_json::to_writer(&mut *events_out, &line).map_err(|error| failed(error.into()))?;
            events_out.write_all(b"\n").map_err(failed)
        };
        let warnings = &mut self.report.warnings;
        let products = Some(&mut self.products);
        let counts = read_rows(
            self.mapping,
            file,
            input,
            products,
            warnings,
            progress,
            &mut write,
        )?;
        self.report.lines += counts.lines;
        self.report.skipped += counts.other;
        self.report.events += counts.events;
        Ok(())
    }

    /// Writes the feed and says what became of the logs.
    ///
    /// # Errors
    ///
    /// [`ImportError::Write`].
    pub fn finish(mut self, feed_out: impl Write) -> Result<ImportReport, ImportError> {
        self.products.write(self.mapping, feed_out)?;
        self.events_out
            .flush()
            .map_err(|source| ImportError::Write {
                what: "events",
                source,
            })?;
        self.report.items = self.products.len() as u64;
        Ok(self.report)
    }
}

/// [`Import`] of a single log.
///
/// # Errors
///
/// Those of [`Import`].
pub fn run(
    mapping: &Mapping,
    file: &str,
    input: impl BufRead,
    events_out: impl Write,
    feed_out: impl Write,
    progress: &mut dyn FnMut(u64),
) -> Result<ImportReport, ImportError> {
    let mut import = Import::new(mapping, events_out);
    import.read(file, input, progress)?;
    import.finish(feed_out)
}
