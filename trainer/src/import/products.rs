//! The products that a log describes.

use std::collections::HashMap;
use std::io::Write;

use csv::ByteRecord;

use super::ImportError;
use super::mapping::{FEED_TEXTS, Mapping, USUAL_TEXTS};
use super::template::{Bound, Escape, Header};
use crate::feed::{MAX_ITEMS, PriceError, format_price, parse_price};

/// All items of a log, in the order in which they first appear. Of each field the last value counts:
/// titles and prices change, and the newest line has today's.
#[derive(Debug, Default)]
pub struct Products {
    positions: HashMap<String, usize>,
    items: Vec<Item>,
}

#[derive(Debug)]
struct Item {
    id: String,
    price: Option<u32>,
    /// By [`FEED_TEXTS`].
    texts: [String; FEED_TEXTS.len()],
}

impl Products {
    /// How many different items there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Writes them as a feed, a TSV.
    ///
    /// # Errors
    ///
    /// [`ImportError::Write`].
    pub fn write(&self, mapping: &Mapping, out: impl Write) -> Result<(), ImportError> {
        let failed = |error: csv::Error| ImportError::Write {
            what: "feed",
            source: error.into(),
        };
        let mut writer = csv::WriterBuilder::new().delimiter(b'\t').from_writer(out);
        // What few logs have is a column only where the mapping names it.
        let is_column = |(at, _): &(usize, &str)| {
            *at < USUAL_TEXTS || mapping.texts.get(*at).is_some_and(Option::is_some)
        };
        let names = FEED_TEXTS.into_iter().enumerate().filter(is_column);
        let names = names.map(|(_, name)| name);
        writer
            .write_record(["id"].into_iter().chain(names).chain(["price"]))
            .map_err(failed)?;
        for item in &self.items {
            let price = item
                .price
                .map(|price| format_price(price, &mapping.currency));
            let texts = item.texts.iter().map(String::as_str).enumerate();
            let texts = texts.filter(is_column).map(|(_, text)| text);
            let row = [item.id.as_str()]
                .into_iter()
                .chain(texts)
                .chain([price.as_deref().unwrap_or_default()]);
            writer.write_record(row).map_err(failed)?;
        }
        writer.flush().map_err(|source| ImportError::Write {
            what: "feed",
            source,
        })
    }

    /// The item of an id, a new one where there was none; `None` when there are too many.
    fn item(&mut self, id: &str) -> Option<&mut Item> {
        let position = match self.positions.get(id) {
            Some(&position) => position,
            None if self.items.len() >= MAX_ITEMS => return None,
            None => {
                self.positions.insert(id.to_owned(), self.items.len());
                self.items.push(Item {
                    id: id.to_owned(),
                    price: None,
                    texts: Default::default(),
                });
                self.items.len() - 1
            }
        };
        self.items.get_mut(position)
    }
}

/// A mapping's `[feed]`, bound to a log's columns.
pub(super) struct Describe<'m> {
    currency: &'m str,
    price: Option<Bound<'m>>,
    texts: Vec<Option<Bound<'m>>>,
}

impl<'m> Describe<'m> {
    pub(super) fn new(mapping: &'m Mapping, header: &Header<'_>) -> Result<Self, ImportError> {
        let bind = |template: &'m Option<_>| super::importer::bind(template, mapping, header, true);
        Ok(Self {
            currency: &mapping.currency,
            price: bind(&mapping.price)?,
            texts: mapping.texts.iter().map(bind).collect::<Result<_, _>>()?,
        })
    }

    /// A line's price.
    pub(super) fn price(&self, record: &ByteRecord, id: &str) -> Result<Option<u32>, PriceError> {
        let text = self
            .price
            .as_ref()
            .map(|price| price.fill(record, id, Escape::Plain))
            .unwrap_or_default();
        if text.is_empty() {
            return Ok(None);
        }
        parse_price(&text, self.currency).map(Some)
    }

    /// Takes over what a line says of an item; `false` when there are too many items.
    pub(super) fn take_over(
        &self,
        products: &mut Products,
        record: &ByteRecord,
        id: &str,
        price: Option<u32>,
    ) -> bool {
        let Some(item) = products.item(id) else {
            return false;
        };
        item.price = price.or(item.price);
        for ((text, template), name) in item.texts.iter_mut().zip(&self.texts).zip(FEED_TEXTS) {
            let Some(template) = template else { continue };
            let escape = if name.ends_with("link") {
                Escape::Url
            } else {
                Escape::Plain
            };
            let new = template.fill(record, id, escape);
            if !new.is_empty() {
                *text = new;
            }
        }
        true
    }
}
