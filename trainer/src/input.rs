//! Opening inputs and reading them in bounded pieces.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::Path;
use std::rc::Rc;

use flate2::bufread::MultiGzDecoder;

/// The first bytes of a gzip stream (RFC 1952, section 2.3.1).
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];
/// The first bytes of a Zstandard frame (RFC 8878, section 3.1.1).
const ZSTD_MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// The last three bytes of a skippable frame's magic number (RFC 8878, section 3.1.2), with which
/// `pzstd` begins its files.
const ZSTD_SKIPPABLE: [u8; 3] = [0x2a, 0x4d, 0x18];
/// How much is read at once.
const BUFFER_BYTES: usize = 1 << 16;

/// Whether a path stands for standard input.
pub fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Opens a file, or standard input for `-`. gzip and Zstandard are told by a file's first bytes, never
/// by its name, and decompressed.
///
/// # Errors
///
/// Those of the file system.
pub fn open(path: &Path) -> io::Result<Box<dyn BufRead>> {
    if is_stdin(path) {
        return decompressed(io::stdin().lock());
    }
    decompressed(BufReader::with_capacity(BUFFER_BYTES, File::open(path)?))
}

/// Passes text through and decompresses gzip and Zstandard, told apart by the first bytes. Members and
/// frames that follow one another, as parallel compressors write them, are one text.
///
/// # Errors
///
/// Those of the first read.
pub fn decompressed<'a>(mut input: impl BufRead + 'a) -> io::Result<Box<dyn BufRead + 'a>> {
    let head = peek(&mut input, ZSTD_MAGIC.len())?;
    let is_zstd = head == ZSTD_MAGIC || head.get(1..) == Some(&ZSTD_SKIPPABLE);
    let is_gzip = head.starts_with(&GZIP_MAGIC);
    let whole = Cursor::new(head).chain(input);
    if is_gzip {
        let decoder = MultiGzDecoder::new(whole);
        return Ok(Box::new(BufReader::with_capacity(BUFFER_BYTES, decoder)));
    }
    if is_zstd {
        let decoder = zstd::stream::read::Decoder::with_buffer(whole)?;
        return Ok(Box::new(BufReader::with_capacity(BUFFER_BYTES, decoder)));
    }
    Ok(Box::new(whole))
}

/// Takes the first `most` bytes off an input, fewer where it ends before. A pipe may hand them out one
/// at a time, so a single look into a buffer would not do.
pub(crate) fn peek(input: &mut impl BufRead, most: usize) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    input.take(most as u64).read_to_end(&mut head)?;
    Ok(head)
}

/// What [`read_line`] met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// A line; it is in the buffer, without its end.
    Whole,
    /// A line longer than the limit; it was skipped, its start is in the buffer.
    TooLong,
    /// The end of the input.
    End,
}

/// Reads the next line into `line`, which never grows beyond `limit` bytes.
///
/// # Errors
///
/// Those of the reader.
pub fn read_line(input: &mut dyn BufRead, line: &mut Vec<u8>, limit: usize) -> io::Result<Line> {
    line.clear();
    let mut too_long = false;
    let mut any = false;
    loop {
        let available = match input.fill_buf() {
            Ok(available) => available,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if available.is_empty() {
            break;
        }
        any = true;
        let end = available.iter().position(|&byte| byte == b'\n');
        let piece = &available[..end.unwrap_or(available.len())];
        let room = limit - line.len();
        too_long |= piece.len() > room;
        line.extend_from_slice(&piece[..piece.len().min(room)]);
        let used = end.map_or(available.len(), |end| end + 1);
        input.consume(used);
        if end.is_some() {
            break;
        }
    }
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    Ok(match (any, too_long) {
        (false, _) => Line::End,
        (true, true) => Line::TooLong,
        (true, false) => Line::Whole,
    })
}

/// Text as UTF-8, and what is not UTF-8 as Latin-1: old shops' exports mix both, and a price or an
/// id is readable either way.
pub fn text_of(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|&byte| char::from(byte)).collect(),
    }
}

/// A reader that fails when one record takes more than a limit: a quote that is never closed would
/// otherwise draw the rest of a file into memory. [`RecordBudget::renew`] is called after each
/// record. What the CSV reader has buffered ahead counts too, so the limit is exact to one buffer.
pub(crate) struct Budgeted<R> {
    inner: R,
    left: Rc<Cell<usize>>,
}

/// The budget of a [`Budgeted`] reader.
pub(crate) struct RecordBudget {
    limit: usize,
    left: Rc<Cell<usize>>,
}

impl RecordBudget {
    pub(crate) fn new<R: Read>(inner: R, limit: usize) -> (Budgeted<R>, Self) {
        let left = Rc::new(Cell::new(limit));
        let budgeted = Budgeted {
            inner,
            left: Rc::clone(&left),
        };
        (budgeted, Self { limit, left })
    }

    pub(crate) fn renew(&self) {
        self.left.set(self.limit);
    }
}

impl<R: Read> Read for Budgeted<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let left = self.left.get();
        if left == 0 {
            let why = "expected a shorter record; perhaps a quote or an element is never closed";
            return Err(io::Error::new(io::ErrorKind::InvalidData, why));
        }
        let most = buf.len().min(left);
        let read = self.inner.read(&mut buf[..most])?;
        self.left.set(left - read);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn lines_end_as_they_like() {
        let mut input: &[u8] = b"a\r\n\nlast";
        let mut line = Vec::new();
        let mut seen = Vec::new();
        while read_line(&mut input, &mut line, 100).expect("no I/O") != Line::End {
            seen.push(line.clone());
        }
        assert_eq!(seen, [b"a".to_vec(), b"".to_vec(), b"last".to_vec()]);
    }

    #[test]
    fn a_long_line_is_skipped_within_the_limit() {
        let text = format!("{}\nok\n", "x".repeat(1000));
        let mut input = BufReader::with_capacity(7, text.as_bytes());
        let mut line = Vec::new();
        assert_eq!(
            read_line(&mut input, &mut line, 10).expect("no I/O"),
            Line::TooLong
        );
        assert_eq!(line.len(), 10);
        assert_eq!(
            read_line(&mut input, &mut line, 10).expect("no I/O"),
            Line::Whole
        );
        assert_eq!(line, b"ok");
    }

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(text).expect("to memory");
        packed.finish().expect("to memory")
    }

    #[test]
    fn compression_is_told_by_the_first_bytes() {
        let zstd = |text: &[u8]| zstd::encode_all(text, 1).expect("to memory");
        let skippable = [0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3];
        let inputs = [
            b"hello".to_vec(),
            gzip(b"hello"),
            [gzip(b"he"), gzip(b"llo")].concat(),
            zstd(b"hello"),
            [zstd(b"he"), zstd(b""), zstd(b"llo")].concat(),
            [skippable.to_vec(), zstd(b"hello")].concat(),
        ];
        for bytes in inputs {
            // As a pipe may: a byte at a time.
            let slow = BufReader::with_capacity(1, &bytes[..]);
            let mut text = String::new();
            let mut opened = decompressed(slow).expect("opens");
            opened.read_to_string(&mut text).expect("reads");
            assert_eq!(text, "hello");
        }
    }

    #[test]
    fn short_and_cut_inputs_end_or_fail() {
        let read = |bytes: &[u8]| {
            let mut text = Vec::new();
            let mut opened = decompressed(bytes)?;
            opened.read_to_end(&mut text).map(|_| text)
        };
        assert_eq!(read(b"").expect("nothing"), b"");
        assert_eq!(read(b"a").expect("a byte"), b"a");
        let packed = zstd::encode_all(&b"hello"[..], 1).expect("to memory");
        assert!(read(&packed[..packed.len() - 3]).is_err());
        assert!(read(&gzip(b"hello")[..12]).is_err());
    }

    #[test]
    fn bytes_that_are_not_utf8_are_latin1() {
        assert_eq!(text_of(b"\xa340"), "£40");
        assert_eq!(text_of("£40".as_bytes()), "£40");
    }

    #[test]
    fn a_record_over_budget_fails() {
        let (mut reader, budget) = RecordBudget::new(&b"abcdef"[..], 4);
        let mut buf = [0; 4];
        assert_eq!(reader.read(&mut buf).expect("within"), 4);
        assert!(reader.read(&mut buf).is_err());
        budget.renew();
        assert_eq!(reader.read(&mut buf).expect("within"), 2);
    }
}
