//! Feeds with a column for each field: TSV, and CSV with `,` or `;`.

use std::io::{self, Read};

use csv::{ByteRecord, ReaderBuilder};

use super::record::{Field, Record};
use super::{FeedError, MAX_ROW_BYTES};
use crate::input::{Budgeted, RecordBudget, text_of};
use crate::report::found;

/// What may stand between columns; of two that fit a first line alike, the one that comes first.
const DELIMITERS: [u8; 3] = [b'\t', b';', b','];

/// Reads rows and puts their fields where they belong.
pub(super) struct Delimited<R> {
    reader: csv::Reader<Budgeted<R>>,
    budget: RecordBudget,
    row: ByteRecord,
    columns: Vec<(Field, usize)>,
    width: usize,
}

impl<R: Read> Delimited<R> {
    /// Finds the columns by their names in the first line. `head` is how `input` begins.
    pub(super) fn new(head: &[u8], input: R, file: &str) -> Result<Self, FeedError> {
        let (input, budget) = RecordBudget::new(input, MAX_ROW_BYTES);
        let reader = reader(delimiter(head), input);
        let mut delimited = Self {
            reader,
            budget,
            row: ByteRecord::new(),
            columns: Vec::new(),
            width: 0,
        };
        if !delimited.read_row(file)? {
            return Err(FeedError::Empty {
                file: file.to_owned(),
            });
        }
        let names = names(&delimited.row);
        delimited.width = names.len();
        for (_, field) in Field::ALL {
            let at = names
                .iter()
                .position(|name| Field::parse(name) == Some(field));
            match at {
                Some(at) => delimited.columns.push((field, at)),
                None if Field::NEEDED.contains(&field) => {
                    return Err(FeedError::MissingColumn {
                        file: file.to_owned(),
                        column: field.name(),
                        found: found(&names.join(", ")),
                    });
                }
                None => {}
            }
        }
        Ok(delimited)
    }

    /// Reads the next row; `false` at the end.
    pub(super) fn next(&mut self, record: &mut Record, file: &str) -> Result<bool, FeedError> {
        record.clear();
        if !self.read_row(file)? {
            return Ok(false);
        }
        record.line = self.row.position().map_or(0, csv::Position::line);
        for &(field, at) in &self.columns {
            let text = self.row.get(at).unwrap_or_default();
            record.get_mut(field).extend_from_slice(text);
        }
        let fields = self.row.len();
        record.odd_width = (fields != self.width).then_some((self.width, fields));
        Ok(true)
    }

    fn read_row(&mut self, file: &str) -> Result<bool, FeedError> {
        self.budget.renew();
        let line = self.reader.position().line();
        self.reader
            .read_byte_record(&mut self.row)
            .map_err(|error| FeedError::Read {
                file: file.to_owned(),
                line,
                source: match error.into_kind() {
                    csv::ErrorKind::Io(source) => source,
                    other => io::Error::other(format!("{other:?}")),
                },
            })
    }
}

fn reader<R: Read>(delimiter: u8, input: R) -> csv::Reader<R> {
    ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(input)
}

fn names(header: &ByteRecord) -> Vec<String> {
    let names = header.iter().map(|name| text_of(name).trim().to_owned());
    names.collect()
}

/// The delimiter under which the first line names most of what every feed must have; a tab when none
/// does.
fn delimiter(head: &[u8]) -> u8 {
    let needed = |&delimiter: &u8| {
        let mut header = ByteRecord::new();
        let read = reader(delimiter, head).read_byte_record(&mut header);
        let names = names(&header);
        let has = |field: &&Field| names.iter().any(|name| Field::parse(name) == Some(**field));
        let count = Field::NEEDED.iter().filter(has).count();
        if read.is_ok() { count } else { 0 }
    };
    // Of equals `max_by_key` takes the last.
    let best = DELIMITERS.iter().rev().max_by_key(|&at| needed(at));
    best.copied().unwrap_or(b'\t')
}
