//! The items of all feeds of a shop, or of its events where there is no feed.

use std::collections::HashMap;
use std::io::BufRead;

use tailorbird::snapshot::{ItemRecord, ItemText};

use super::reader::read_records;
use super::record::Record;
use super::row::Row;
use super::{FeedError, MAX_ID_BYTES, MAX_ITEMS};
use crate::report::{WarningKind, Warnings};

/// The items of a shop, in the order in which they first appear.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    items: Vec<ItemRecord>,
    positions: HashMap<String, u32>,
    locales: usize,
    /// By locale, which items its feeds have had.
    seen: Vec<Vec<bool>>,
    grows: bool,
    is_full: bool,
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

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RowFate {
    /// It has no id.
    Unusable,
    /// Its locale's feed has had its id before.
    Duplicate,
    /// It describes the item at this position.
    Used(u32),
}

impl Catalogue {
    /// An empty catalogue of a shop with so many locales, for its feeds.
    pub fn new(locales: usize) -> Self {
        Self {
            locales,
            ..Self::default()
        }
    }

    /// An empty catalogue into which [`Catalogue::place`] takes every id that events name, for a shop
    /// without a feed.
    pub fn growing(locales: usize) -> Self {
        Self {
            grows: true,
            ..Self::new(locales)
        }
    }

    /// Adds a file of a locale's feed and returns how many rows it has. A locale may have several files.
    /// Read the first locale's files first: where feeds disagree on what is not a text (availability,
    /// brand, color, quantity), the first counts, and only the first locale's `product_type` is a category.
    ///
    /// # Errors
    ///
    /// [`FeedError`] when the feed as a whole cannot be used; a bad row or field is a warning.
    pub fn read(
        &mut self,
        feed: FeedName<'_>,
        input: impl BufRead,
        warnings: &mut Warnings,
        progress: &mut dyn FnMut(u64),
    ) -> Result<u64, FeedError> {
        self.read_with(feed, input, warnings, progress, &mut |_, _| ())
    }

    /// [`Catalogue::read`] that also tells what became of each row.
    pub(crate) fn read_with(
        &mut self,
        feed: FeedName<'_>,
        input: impl BufRead,
        warnings: &mut Warnings,
        progress: &mut dyn FnMut(u64),
        observe: &mut dyn FnMut(&Record, RowFate),
    ) -> Result<u64, FeedError> {
        let rows = read_records(feed.file, input, progress, |record| {
            let row = Row {
                record,
                file: feed.file,
                warnings,
            };
            observe(record, self.add(feed, row)?);
            Ok(())
        })?;
        if rows == 0 {
            warnings.add(WarningKind::EmptyFile, feed.file, 1, || {
                "expected products, found none".to_owned()
            });
        }
        Ok(rows)
    }

    fn add(&mut self, feed: FeedName<'_>, mut row: Row<'_>) -> Result<RowFate, FeedError> {
        let Some(id) = row.id() else {
            return Ok(RowFate::Unusable);
        };
        row.check_width();
        let Some(position) = self.position(&id).or_else(|| self.push(&id)) else {
            return Err(FeedError::TooManyItems {
                file: feed.file.to_owned(),
                line: row.record.line,
                limit: MAX_ITEMS,
            });
        };
        let at = position as usize;
        let is_new = !self.seen.iter().any(|seen| seen.get(at) == Some(&true));
        if std::mem::replace(self.seen_at(feed.locale, at), true) {
            row.warn(WarningKind::DuplicateId, || {
                format!("expected each id once, found {id:?} again; the row is skipped")
            });
            return Ok(RowFate::Duplicate);
        }
        let item = &mut self.items[at];
        if is_new {
            item.availability = row.availability();
            item.brand = row.brand();
            if feed.locale == 0 {
                item.category = row.category();
            }
            item.color = row.color();
            item.size = row.size();
            item.material = row.material();
            item.group = row.group();
            item.quantity = row.quantity();
            item.delivery_days = row.delivery_days();
            item.added_day = row.added_day();
            item.labels = row.labels();
        }
        if let Some(texts) = item.texts.get_mut(feed.locale) {
            *texts = row.texts(feed.currency);
        }
        Ok(RowFate::Used(position))
    }

    /// Adds an item of which only the id is known, unless there are [`MAX_ITEMS`].
    fn push(&mut self, id: &str) -> Option<u32> {
        if self.items.len() >= MAX_ITEMS {
            self.is_full = true;
            return None;
        }
        let position = self.items.len() as u32;
        self.items.push(ItemRecord {
            id: id.to_owned(),
            texts: vec![ItemText::default(); self.locales],
            ..ItemRecord::default()
        });
        self.positions.insert(id.to_owned(), position);
        Some(position)
    }

    fn seen_at(&mut self, locale: usize, item: usize) -> &mut bool {
        if self.seen.len() <= locale {
            self.seen.resize_with(locale + 1, Vec::new);
        }
        let seen = &mut self.seen[locale];
        if seen.len() <= item {
            seen.resize(item + 1, false);
        }
        &mut seen[item]
    }

    /// Where an item stands in [`Catalogue::items`].
    pub fn position(&self, id: &str) -> Option<u32> {
        self.positions.get(id).copied()
    }

    /// Where an item stands that an event names. A [growing](Catalogue::growing) catalogue takes it in,
    /// unless its id is longer than [`MAX_ID_BYTES`] or empty, or there are [`MAX_ITEMS`]: see
    /// [`Catalogue::is_full`].
    pub fn place(&mut self, id: &str) -> Option<u32> {
        let known = self.position(id);
        if known.is_some() || !self.grows || id.is_empty() || id.len() > MAX_ID_BYTES {
            return known;
        }
        self.push(id)
    }

    /// Whether an item was left out because there were [`MAX_ITEMS`] before it.
    pub fn is_full(&self) -> bool {
        self.is_full
    }

    /// All items.
    pub fn items(&self) -> &[ItemRecord] {
        &self.items
    }

    /// All items, to add what no feed says.
    pub(crate) fn items_mut(&mut self) -> &mut [ItemRecord] {
        &mut self.items
    }

    /// All items.
    pub fn into_items(self) -> Vec<ItemRecord> {
        self.items
    }
}
