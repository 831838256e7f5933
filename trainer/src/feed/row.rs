//! What a product's fields may be, and complaints about them.

use tailorbird::snapshot::{Availability, ItemText};

use super::record::{Field, Record};
use super::{MAX_FIELD_BYTES, MAX_ID_BYTES, parse_price};
use crate::input::text_of;
use crate::report::{WarningKind, Warnings, found};

/// One product and the place to complain about it.
pub(super) struct Row<'a> {
    pub(super) record: &'a Record,
    pub(super) file: &'a str,
    pub(super) warnings: &'a mut Warnings,
}

impl Row<'_> {
    pub(super) fn warn(&mut self, kind: WarningKind, what: impl FnOnce() -> String) {
        self.warnings.add(kind, self.file, self.record.line, what);
    }

    /// The id, or `None` after a warning: the row cannot be used.
    pub(super) fn id(&mut self) -> Option<String> {
        let id = text_of(self.record.get(Field::Id)).trim().to_owned();
        if id.is_empty() || id.len() > MAX_ID_BYTES {
            self.warn(WarningKind::FeedRow, || {
                format!(
                    "expected an id of 1 to {MAX_ID_BYTES} bytes, found {}; the row is skipped",
                    found(&id)
                )
            });
            return None;
        }
        Some(id)
    }

    /// Warns of a row with more or fewer fields than the first line has; it is used all the same.
    pub(super) fn check_width(&mut self) {
        if let Some((expected, fields)) = self.record.odd_width {
            self.warn(WarningKind::FeedField, || {
                format!("expected {expected} fields, found {fields}")
            });
        }
    }

    /// A field's text; empty when the field is missing or too long.
    pub(super) fn field(&mut self, field: Field) -> String {
        let text = self.record.get(field);
        if text.len() > MAX_FIELD_BYTES {
            let (name, length) = (field.name(), text.len());
            self.warn(WarningKind::FeedField, || {
                format!(
                    "{name}: expected at most {MAX_FIELD_BYTES} bytes, found {length}; left out"
                )
            });
            return String::new();
        }
        text_of(text).trim().to_owned()
    }

    pub(super) fn availability(&mut self) -> Availability {
        let text = self.field(Field::Availability);
        match text.to_lowercase().replace([' ', '-'], "_").as_str() {
            "" | "in_stock" => Availability::InStock,
            "out_of_stock" => Availability::OutOfStock,
            "preorder" => Availability::Preorder,
            "backorder" => Availability::Backorder,
            _ => {
                // What cannot be understood is not shown: better too little than sold out.
                self.warn(WarningKind::FeedField, || {
                    let text = found(&text);
                    format!(
                        "availability: expected in_stock, out_of_stock, preorder or backorder, found {text}; \
                         taken for out_of_stock"
                    )
                });
                Availability::OutOfStock
            }
        }
    }

    pub(super) fn brand(&mut self) -> String {
        self.field(Field::Brand)
    }

    pub(super) fn color(&mut self) -> String {
        self.field(Field::Color)
    }

    pub(super) fn size(&mut self) -> String {
        self.field(Field::Size)
    }

    pub(super) fn material(&mut self) -> String {
        self.field(Field::Material)
    }

    pub(super) fn group(&mut self) -> String {
        self.field(Field::ItemGroupId)
    }

    /// The category path, its levels joined by ` > ` whatever spaces the feed has around `>`.
    pub(super) fn category(&mut self) -> String {
        let text = self.field(Field::ProductType);
        let levels: Vec<&str> = text
            .split('>')
            .map(str::trim)
            .filter(|level| !level.is_empty())
            .collect();
        levels.join(" > ")
    }

    /// The texts; all empty, after a warning, when title or link cannot be used.
    pub(super) fn texts(&mut self, currency: &str) -> ItemText {
        let title = self.field(Field::Title);
        let link = self.field(Field::Link);
        if title.is_empty() || !is_web_link(&link) {
            self.warn(WarningKind::FeedField, || {
                let (title, link) = (found(&title), found(&link));
                format!(
                    "expected a title and a link that is http(s) or starts with `/`, found {title} and {link}; \
                     the item is not shown in this locale"
                )
            });
            return ItemText::default();
        }
        let mut image = self.field(Field::ImageLink);
        if !image.is_empty() && !is_web_link(&image) {
            self.warn(WarningKind::FeedField, || {
                let image = found(&image);
                format!("image_link: expected one that is http(s) or starts with `/`, found {image}; left out")
            });
            image.clear();
        }
        let price = self.price(Field::Price, currency);
        let mut sale_price = self.price(Field::SalePrice, currency);
        if let (Some(sale), Some(full)) = (sale_price, price)
            && sale >= full
        {
            // Many systems repeat the price when there is no sale: that is no mistake.
            if sale > full {
                self.warn(WarningKind::FeedField, || {
                    "sale_price: expected less than the price; left out".into()
                });
            }
            sale_price = None;
        }
        let (sale_starts, sale_ends) = match sale_price {
            Some(_) => self.sale_dates(),
            None => (None, None),
        };
        ItemText {
            title,
            link,
            image,
            price,
            sale_price,
            sale_starts,
            sale_ends,
            ..ItemText::default()
        }
    }

    fn price(&mut self, field: Field, currency: &str) -> Option<u32> {
        let text = self.field(field);
        if text.is_empty() {
            return None;
        }
        match parse_price(&text, currency) {
            Ok(price) => Some(price),
            Err(error) => {
                self.warn(WarningKind::FeedField, || {
                    format!("{}: {error}; left out", field.name())
                });
                None
            }
        }
    }
}

/// Whether a link may stand in a page: `javascript:` and its like may not.
pub(crate) fn is_web_link(link: &str) -> bool {
    let starts = |scheme: &str| {
        link.get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    link.starts_with('/') || starts("https://") || starts("http://")
}
