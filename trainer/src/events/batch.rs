//! Lines that are parsed at once, on all cores.

use std::io::{self, BufRead};
use std::ops::Range;

use rayon::prelude::*;

use super::{Event, MAX_LINE_BYTES, parse_line};
use crate::input::{Line, read_line};

/// A batch ends with the line that takes it beyond so many bytes.
const BATCH_BYTES: usize = 4 << 20;
/// So many lines are parsed by one thread at the least.
const MIN_LINES: usize = 128;

/// Lines of a file, one behind the other.
#[derive(Debug, Default)]
pub(super) struct Batch {
    text: Vec<u8>,
    lines: Vec<(u64, Found)>,
    /// The number of the last line that was read.
    number: u64,
}

#[derive(Debug)]
enum Found {
    Whole(Range<usize>),
    TooLong,
}

/// What a line says: an event, one of another name, or what is wrong.
pub(super) type Parsed = Result<Option<Event>, String>;

impl Batch {
    /// Reads the next lines, leaving out empty ones. Whether there may be more behind them.
    ///
    /// # Errors
    ///
    /// Those of the reader; lines that were read before it are in the batch.
    pub(super) fn fill(&mut self, input: &mut dyn BufRead) -> io::Result<bool> {
        self.text.clear();
        self.lines.clear();
        let mut line = Vec::new();
        while self.text.len() < BATCH_BYTES {
            let met = read_line(input, &mut line, MAX_LINE_BYTES)?;
            self.number += 1;
            match met {
                Line::End => return Ok(false),
                Line::TooLong => self.lines.push((self.number, Found::TooLong)),
                Line::Whole => {
                    let text = line.trim_ascii();
                    // A byte order mark, as Windows tools write it.
                    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
                    if !text.is_empty() {
                        let from = self.text.len();
                        self.text.extend_from_slice(text);
                        let range = from..self.text.len();
                        self.lines.push((self.number, Found::Whole(range)));
                    }
                }
            }
        }
        Ok(true)
    }

    /// How many lines of the file were read, with this batch.
    pub(super) fn read(&self) -> u64 {
        self.number
    }

    /// What the lines say, in their order, with their numbers.
    pub(super) fn parse(&self) -> Vec<(u64, Parsed)> {
        let lines = self.lines.par_iter().with_min_len(MIN_LINES);
        let parse = |(number, found): &(u64, Found)| {
            let parsed = match found {
                Found::Whole(range) => parse_line(&self.text[range.clone()]),
                Found::TooLong => Err(format!("expected a line of at most {MAX_LINE_BYTES} bytes")),
            };
            (*number, parsed)
        };
        lines.map(parse).collect()
    }
}
