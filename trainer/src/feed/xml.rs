//! Feeds in XML: Google Merchant's RSS 2.0 and Atom.
//!
//! An `item` or `entry` is a product and its direct children are fields, by local name. Where a name
//! comes twice, `g:` counts more than no prefix and that more than any other prefix (Atom has an `id`
//! of its own); of equals the first counts, so of several `g:product_type` the first. Entities that a
//! document type declares are never expanded.

use std::io::{self, BufRead, BufReader, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::record::{Field, Record};
use super::{FeedError, MAX_ROW_BYTES};
use crate::input::{Budgeted, RecordBudget, text_of};
use crate::report::found;

/// The elements that a feed in XML may begin with: RSS 2.0, Atom, RSS 1.0.
const ROOTS: [&[u8]; 3] = [b"rss", b"feed", b"RDF"];
/// The elements that are products.
const PRODUCTS: [&[u8]; 2] = [b"item", b"entry"];

/// Reads products from a stream of elements.
pub(super) struct Xml<R: Read> {
    reader: Reader<Lines<BufReader<Budgeted<R>>>>,
    budget: RecordBudget,
    buffer: Vec<u8>,
    begun: bool,
    /// How many elements are open. A file that was cut between two products must not pass for whole.
    open: usize,
}

/// Where a product's reading is.
struct Product {
    /// Depth below the product's element.
    depth: usize,
    /// The direct child that is being read, and whether it counts more than what was there before.
    field: Option<Field>,
    /// By [`Field`]: how much the name's prefix counted, 0 for nothing yet.
    weight: [u8; Field::ALL.len()],
}

impl<R: Read> Xml<R> {
    pub(super) fn new(input: R) -> Self {
        let (input, budget) = RecordBudget::new(input, MAX_ROW_BYTES);
        let input = Lines {
            inner: BufReader::new(input),
            line: 1,
        };
        let mut reader = Reader::from_reader(input);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        // "Salt & pepper", unescaped, is what real feeds have.
        config.allow_dangling_amp = true;
        Self {
            reader,
            budget,
            buffer: Vec::new(),
            begun: false,
            open: 0,
        }
    }

    /// Reads the next product; `false` at the end.
    pub(super) fn next(&mut self, record: &mut Record, file: &str) -> Result<bool, FeedError> {
        record.clear();
        self.budget.renew();
        let mut product: Option<Product> = None;
        loop {
            self.buffer.clear();
            let event = self.reader.read_event_into(&mut self.buffer);
            let line = self.reader.get_ref().line;
            let event = event.map_err(|error| failed(error, file, line))?;
            match event {
                Event::Start(_) => self.open += 1,
                Event::End(_) => self.open = self.open.saturating_sub(1),
                _ => {}
            }
            match (&mut product, event) {
                (None, Event::Start(start)) => {
                    let name = start.local_name();
                    if !std::mem::replace(&mut self.begun, true) && !ROOTS.contains(&name.as_ref())
                    {
                        return Err(FeedError::NotAFeed {
                            file: file.to_owned(),
                            line,
                            found: found(&text_of(name.as_ref())),
                        });
                    }
                    if PRODUCTS.contains(&name.as_ref()) {
                        record.line = line;
                        product = Some(Product::new());
                    }
                }
                (None, Event::Eof) if self.begun && self.open == 0 => return Ok(false),
                (_, Event::Eof) => {
                    let why = "expected the feed's last end tag, found the end of the file";
                    return Err(broken(file, line, why.to_owned()));
                }
                (Some(product), Event::Start(start)) => product.start(&start, record),
                (Some(product), Event::End(_)) if product.depth == 0 => return Ok(true),
                (Some(product), Event::End(_)) => product.end(record),
                (Some(product), Event::Text(text)) => product.text(&text, record),
                (Some(product), Event::CData(text)) => product.text(&text, record),
                (Some(product), Event::GeneralRef(reference)) => {
                    product.text(resolve(&reference).as_bytes(), record);
                }
                _ => {}
            }
        }
    }
}

impl Product {
    fn new() -> Self {
        Self {
            depth: 0,
            field: None,
            weight: [0; Field::ALL.len()],
        }
    }

    fn start(&mut self, start: &BytesStart<'_>, record: &mut Record) {
        self.depth += 1;
        if self.depth > 1 {
            return;
        }
        let name = start.name();
        let (local, prefix) = name.decompose();
        let Some(field) = Field::parse(&text_of(local.as_ref())) else {
            return;
        };
        let weight = match prefix.map(|prefix| prefix.into_inner()) {
            Some(b"g") => 3,
            None => 2,
            Some(_) => 1,
        };
        let at = &mut self.weight[field as usize];
        if weight <= *at {
            return;
        }
        // Atom has links in an attribute, and others than the product's page, its own for instance.
        let attribute = |name: &str| {
            let value = start.try_get_attribute(name).ok().flatten();
            value.map(|value| text_of(&value.value))
        };
        if field == Field::Link
            && let Some(rel) = attribute("rel")
            && rel != "alternate"
        {
            return;
        }
        *at = weight;
        record.get_mut(field).clear();
        if field == Field::Link
            && let Some(link) = attribute("href")
        {
            let link = quick_xml::escape::unescape(&link).map_or(link.clone(), Into::into);
            record.get_mut(field).extend_from_slice(link.as_bytes());
        }
        self.field = Some(field);
    }

    fn end(&mut self, record: &mut Record) {
        self.depth -= 1;
        if self.depth > 0 {
            return;
        }
        // An element without content says nothing: the next of that name may.
        if let Some(field) = self.field.take()
            && record.get(field).trim_ascii().is_empty()
        {
            self.weight[field as usize] = 0;
        }
    }

    fn text(&mut self, text: &[u8], record: &mut Record) {
        if let (Some(field), 1) = (self.field, self.depth) {
            record.get_mut(field).extend_from_slice(text);
        }
    }
}

/// The text of a reference; one that XML does not know stays as it was written.
fn resolve(reference: &BytesRef<'_>) -> String {
    if let Ok(Some(char)) = reference.resolve_char_ref() {
        return char.to_string();
    }
    let name = text_of(reference);
    match quick_xml::escape::resolve_xml_entity(&name) {
        Some(text) => text.to_owned(),
        None => format!("&{name};"),
    }
}

fn failed(error: quick_xml::Error, file: &str, line: u64) -> FeedError {
    match error {
        quick_xml::Error::Io(source) => FeedError::Read {
            file: file.to_owned(),
            line,
            source: io::Error::new(source.kind(), source.to_string()),
        },
        other => broken(
            file,
            line,
            format!("expected well-formed XML, found: {other}"),
        ),
    }
}

fn broken(file: &str, line: u64, what: String) -> FeedError {
    FeedError::Xml {
        file: file.to_owned(),
        line,
        what,
    }
}

/// Counts the lines that were taken.
struct Lines<R> {
    inner: R,
    line: u64,
}

impl<R: BufRead> Read for Lines<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(buf)?;
        self.consume(read);
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Lines<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        // What is consumed was in the buffer, so looking again reads nothing.
        if let Ok(buffer) = self.inner.fill_buf() {
            let taken = buffer.iter().take(amount);
            self.line += taken.filter(|&&byte| byte == b'\n').count() as u64;
        }
        self.inner.consume(amount);
    }
}
