//! Product feeds: Google Merchant's tab-separated files, one per locale.
//!
//! Columns are found by their name in the first line. `id`, `title` and `link` must be there;
//! `image_link`, `price`, `sale_price`, `availability`, `product_type`, `brand`, `color`, `size`,
//! `material` and `item_group_id` are used when they are; all others are ignored. Source: Google's product data specification. Fields may be
//! quoted as in RFC 4180, a byte order mark and gzip are accepted.

mod error;
mod price;
mod row;

use std::collections::HashMap;
use std::io::{self, Read};

use csv::{ByteRecord, ReaderBuilder};
use tailorbird::snapshot::{ItemRecord, ItemText};

pub use error::FeedError;
pub use price::{PriceError, decimals, format_price, parse_price};

use crate::input::RecordBudget;
use crate::report::{WarningKind, Warnings};
use row::{Columns, Row};

/// The most items of a shop, over all its feeds.
pub const MAX_ITEMS: usize = 1 << 20;
/// The most rows of one feed. More than [`MAX_ITEMS`], since some rows may be unusable.
pub const MAX_FEED_ROWS: u64 = 1 << 21;
/// The longest id in bytes. Google allows 50 characters.
pub const MAX_ID_BYTES: usize = 128;
/// The longest other field in bytes. Google's longest one that is used here, a link, has 2,000
/// characters.
pub const MAX_FIELD_BYTES: usize = 4096;
/// The longest row in bytes, unused columns included.
pub const MAX_ROW_BYTES: usize = 1 << 20;

/// How many rows pass between two reports of progress.
const PROGRESS_ROWS: u64 = 1024;

/// The items of all feeds of a shop, in the order in which they first appear.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    items: Vec<ItemRecord>,
    positions: HashMap<String, u32>,
    locales: usize,
}

/// Which feed is being read.
#[derive(Debug, Clone, Copy)]
pub struct FeedName<'a> {
    /// The file's path, for messages.
    pub file: &'a str,
    /// The position of its locale in the site's list.
    pub locale: usize,
    /// The locale's currency, an ISO 4217 code.
    pub currency: &'a str,
}

impl Catalogue {
    /// An empty catalogue of a shop with so many locales.
    pub fn new(locales: usize) -> Self {
        Self {
            locales,
            ..Self::default()
        }
    }

    /// Adds a locale's feed and returns how many rows it has. Read the first locale's feed first:
    /// where feeds disagree on what is not a text (availability, brand, color), the first counts,
    /// and only the first locale's `product_type` is a category.
    ///
    /// # Errors
    ///
    /// [`FeedError`] when the feed as a whole cannot be used; a bad row or field is a warning.
    pub fn read(
        &mut self,
        feed: FeedName<'_>,
        input: impl Read,
        warnings: &mut Warnings,
        progress: &mut dyn FnMut(u64),
    ) -> Result<u64, FeedError> {
        let file = feed.file;
        let (input, budget) = RecordBudget::new(input, MAX_ROW_BYTES);
        let mut reader = ReaderBuilder::new()
            .delimiter(b'\t')
            .has_headers(false)
            .flexible(true)
            .from_reader(input);
        let mut record = ByteRecord::new();
        read_record(&mut reader, &mut record, file)?;
        let columns = Columns::find(&record, file)?;
        let mut seen = vec![false; self.items.len()];
        let mut rows = 0;
        loop {
            budget.renew();
            if !read_record(&mut reader, &mut record, file)? {
                return Ok(rows);
            }
            rows += 1;
            if rows > MAX_FEED_ROWS {
                return Err(FeedError::TooManyRows {
                    file: file.to_owned(),
                    limit: MAX_FEED_ROWS,
                });
            }
            if rows.is_multiple_of(PROGRESS_ROWS) {
                progress(rows);
            }
            let line = record.position().map_or(0, csv::Position::line);
            let row = Row {
                columns: &columns,
                record: &record,
                file,
                line,
                warnings,
            };
            self.add(feed, row, &mut seen)?;
        }
    }

    fn add(
        &mut self,
        feed: FeedName<'_>,
        mut row: Row<'_>,
        seen: &mut Vec<bool>,
    ) -> Result<(), FeedError> {
        let Some(id) = row.id() else { return Ok(()) };
        row.check_width();
        let position = match self.position(&id) {
            Some(position) => position as usize,
            None => {
                if self.items.len() >= MAX_ITEMS {
                    let (file, line) = (feed.file.to_owned(), row.line);
                    return Err(FeedError::TooManyItems {
                        file,
                        line,
                        limit: MAX_ITEMS,
                    });
                }
                let item = ItemRecord {
                    id: id.clone(),
                    availability: row.availability(),
                    brand: row.brand(),
                    category: if feed.locale == 0 {
                        row.category()
                    } else {
                        String::new()
                    },
                    color: row.color(),
                    size: row.size(),
                    material: row.material(),
                    group: row.group(),
                    texts: vec![ItemText::default(); self.locales],
                };
                self.positions.insert(id.clone(), self.items.len() as u32);
                self.items.push(item);
                seen.push(false);
                self.items.len() - 1
            }
        };
        if std::mem::replace(&mut seen[position], true) {
            row.warnings
                .add(WarningKind::DuplicateId, feed.file, row.line, || {
                    format!("expected each id once, found {id:?} again; the row is skipped")
                });
            return Ok(());
        }
        if let Some(texts) = self.items[position].texts.get_mut(feed.locale) {
            *texts = row.texts(feed.currency);
        }
        Ok(())
    }

    /// Where an item stands in [`Catalogue::items`].
    pub fn position(&self, id: &str) -> Option<u32> {
        self.positions.get(id).copied()
    }

    /// All items.
    pub fn items(&self) -> &[ItemRecord] {
        &self.items
    }

    /// All items.
    pub fn into_items(self) -> Vec<ItemRecord> {
        self.items
    }
}

/// Reads the next record; `false` at the end.
fn read_record<R: Read>(
    reader: &mut csv::Reader<R>,
    record: &mut ByteRecord,
    file: &str,
) -> Result<bool, FeedError> {
    let line = reader.position().line();
    reader
        .read_byte_record(record)
        .map_err(|error| FeedError::Read {
            file: file.to_owned(),
            line,
            source: match error.into_kind() {
                csv::ErrorKind::Io(source) => source,
                other => io::Error::other(format!("{other:?}")),
            },
        })
}

#[cfg(test)]
mod tests;
