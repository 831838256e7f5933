//! Tells a feed's format by its content and reads it record by record.

use std::io::{BufRead, Chain, Cursor, Read};

use super::delimited::Delimited;
use super::record::Record;
use super::xml::Xml;
use super::{FeedError, MAX_FEED_ROWS};
use crate::input::peek;

/// How much of a feed is looked at to tell its format: more than any first line.
const HEAD_BYTES: usize = 1 << 16;
/// A byte order mark of UTF-8, as Windows tools write it.
const MARK: &[u8] = b"\xef\xbb\xbf";
/// Byte order marks of UTF-16, either way round.
const UTF16_MARKS: [&[u8]; 2] = [b"\xff\xfe", b"\xfe\xff"];

/// How many rows pass between two reports of progress.
const PROGRESS_ROWS: u64 = 1024;

type Whole<R> = Chain<Cursor<Vec<u8>>, R>;

enum Format<R: Read> {
    Delimited(Box<Delimited<Whole<R>>>),
    Xml(Box<Xml<Whole<R>>>),
}

/// Hands each product of a feed to `each` and returns how many there were.
///
/// # Errors
///
/// [`FeedError`] when the feed as a whole cannot be read, and those of `each`.
pub(crate) fn read_records<R: BufRead>(
    file: &str,
    mut input: R,
    progress: &mut dyn FnMut(u64),
    mut each: impl FnMut(&Record) -> Result<(), FeedError>,
) -> Result<u64, FeedError> {
    let name = || file.to_owned();
    let head = peek(&mut input, HEAD_BYTES).map_err(|source| FeedError::Read {
        file: name(),
        line: 1,
        source,
    })?;
    if UTF16_MARKS.iter().any(|mark| head.starts_with(mark)) {
        return Err(FeedError::Utf16 { file: name() });
    }
    let text = head.strip_prefix(MARK).unwrap_or(&head);
    let begins_with = text.iter().find(|byte| !byte.is_ascii_whitespace());
    let Some(&begins_with) = begins_with else {
        return Err(FeedError::Empty { file: name() });
    };
    let whole = Cursor::new(head.clone()).chain(input);
    let mut format = if begins_with == b'<' {
        Format::Xml(Box::new(Xml::new(whole)))
    } else {
        Format::Delimited(Box::new(Delimited::new(text, whole, file)?))
    };
    let mut record = Record::default();
    let mut rows = 0;
    loop {
        let any = match &mut format {
            Format::Delimited(reader) => reader.next(&mut record, file)?,
            Format::Xml(reader) => reader.next(&mut record, file)?,
        };
        if !any {
            return Ok(rows);
        }
        rows += 1;
        if rows > MAX_FEED_ROWS {
            return Err(FeedError::TooManyRows {
                file: name(),
                limit: MAX_FEED_ROWS,
            });
        }
        if rows.is_multiple_of(PROGRESS_ROWS) {
            progress(rows);
        }
        each(&record)?;
    }
}
