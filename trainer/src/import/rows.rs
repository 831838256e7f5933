//! Reading a log row by row.

use std::io::BufRead;

use csv::{ByteRecord, ReaderBuilder};

use super::gather::{Each, Out};
use super::importer::{Fate, Importer};
use super::template::Header;
use super::{ImportError, Mapping, Products};
use crate::events::{Event, Line, LineCounts};
use crate::feed::{MAX_ITEMS, MAX_ROW_BYTES};
use crate::input::{RecordBudget, text_of};
use crate::report::{WarningKind, Warnings};

/// How many lines pass between two reports of progress.
const PROGRESS_LINES: u64 = 8192;

/// Hands each row's events to `each`, pseudonyms in place of ids, as if they had been written by
/// [`Import`](super::Import) and read again.
pub(crate) fn read_events(
    mapping: &Mapping,
    file: &str,
    input: impl BufRead,
    products: Option<&mut Products>,
    warnings: &mut Warnings,
    progress: &mut dyn FnMut(u64),
    mut each: impl FnMut(Event, u64, &mut Warnings),
) -> Result<LineCounts, ImportError> {
    let mut pass_on = |line: Line<'_>, number: u64, warnings: &mut Warnings| {
        // An importer's lines have a known name and a sound time.
        if let Ok(Some(event)) = line.event() {
            each(event, number, warnings);
        }
        Ok(())
    };
    read_rows(
        mapping,
        file,
        input,
        products,
        warnings,
        progress,
        &mut pass_on,
    )
}

/// Hands each row's events to `each` as lines. The lines that a rule skips are counted as others.
pub(super) fn read_rows<'a>(
    mapping: &Mapping,
    file: &str,
    input: impl BufRead,
    mut products: Option<&mut Products>,
    warnings: &'a mut Warnings,
    progress: &mut dyn FnMut(u64),
    each: &'a mut Each<'a>,
) -> Result<LineCounts, ImportError> {
    let failed = |line, source| ImportError::Read {
        file: file.to_owned(),
        line,
        source,
    };
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
    let mut counts = LineCounts::default();
    if !next(&mut record, &mut reader)? {
        return Ok(counts);
    }
    let names = record.iter().map(|name| text_of(name).trim().to_owned());
    let header = Header {
        names: names.collect(),
        mapping_file: &mapping.file,
    };
    let mut importer = Importer::new(mapping, &header)?;
    let mut out = Out { warnings, each };
    while next(&mut record, &mut reader)? {
        counts.lines += 1;
        if counts.lines.is_multiple_of(PROGRESS_LINES) {
            progress(counts.lines);
        }
        let line = record.position().map_or(0, csv::Position::line);
        match importer.line(&record, products.as_deref_mut(), &mut out)? {
            Fate::Used => {}
            Fate::Skipped => counts.other += 1,
            Fate::Unfit(what) => out
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
    counts.events = importer.finish(&mut out)?;
    Ok(counts)
}
