//! One row of a feed: which column is what, and what a field may be.

use csv::ByteRecord;
use tailorbird::snapshot::{Availability, ItemText};

use super::{FeedError, MAX_FIELD_BYTES, MAX_ID_BYTES, parse_price};
use crate::input::text_of;
use crate::report::{WarningKind, Warnings, found};

/// Where the columns stand.
pub(super) struct Columns {
    id: usize,
    title: usize,
    link: usize,
    image_link: Option<usize>,
    price: Option<usize>,
    sale_price: Option<usize>,
    availability: Option<usize>,
    product_type: Option<usize>,
    brand: Option<usize>,
    color: Option<usize>,
    size: Option<usize>,
    material: Option<usize>,
    item_group_id: Option<usize>,
    count: usize,
}

impl Columns {
    /// Finds the columns by name; like Google, takes `image link` for `image_link`, in any case.
    pub(super) fn find(header: &ByteRecord, file: &str) -> Result<Self, FeedError> {
        let names: Vec<String> = header
            .iter()
            .map(|name| text_of(name).trim().to_lowercase().replace(' ', "_"))
            .collect();
        let find = |column: &str| names.iter().position(|name| name == column);
        let need = |column: &'static str| {
            find(column).ok_or_else(|| FeedError::MissingColumn {
                file: file.to_owned(),
                column,
                found: if names.is_empty() {
                    "an empty file".into()
                } else {
                    found(&names.join(", "))
                },
            })
        };
        Ok(Self {
            id: need("id")?,
            title: need("title")?,
            link: need("link")?,
            image_link: find("image_link"),
            price: find("price"),
            sale_price: find("sale_price"),
            availability: find("availability"),
            product_type: find("product_type"),
            brand: find("brand"),
            color: find("color"),
            size: find("size"),
            material: find("material"),
            item_group_id: find("item_group_id"),
            count: names.len(),
        })
    }
}

/// One row and the place to complain about it.
pub(super) struct Row<'a> {
    pub(super) columns: &'a Columns,
    pub(super) record: &'a ByteRecord,
    pub(super) file: &'a str,
    pub(super) line: u64,
    pub(super) warnings: &'a mut Warnings,
}

impl Row<'_> {
    fn warn(&mut self, kind: WarningKind, what: impl FnOnce() -> String) {
        self.warnings.add(kind, self.file, self.line, what);
    }

    /// The id, or `None` after a warning: the row cannot be used.
    pub(super) fn id(&mut self) -> Option<String> {
        let id = text_of(self.record.get(self.columns.id).unwrap_or_default())
            .trim()
            .to_owned();
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
        let (expected, fields) = (self.columns.count, self.record.len());
        if fields != expected {
            self.warn(WarningKind::FeedField, || {
                format!("expected {expected} fields, found {fields}")
            });
        }
    }

    /// A field's text; empty when the column or the field is missing or it is too long.
    pub(super) fn field(&mut self, column: Option<usize>, name: &str) -> String {
        let Some(field) = column.and_then(|column| self.record.get(column)) else {
            return String::new();
        };
        if field.len() > MAX_FIELD_BYTES {
            let length = field.len();
            self.warn(WarningKind::FeedField, || {
                format!(
                    "{name}: expected at most {MAX_FIELD_BYTES} bytes, found {length}; left out"
                )
            });
            return String::new();
        }
        text_of(field).trim().to_owned()
    }

    pub(super) fn availability(&mut self) -> Availability {
        let text = self.field(self.columns.availability, "availability");
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
        self.field(self.columns.brand, "brand")
    }

    pub(super) fn color(&mut self) -> String {
        self.field(self.columns.color, "color")
    }

    pub(super) fn size(&mut self) -> String {
        self.field(self.columns.size, "size")
    }

    pub(super) fn material(&mut self) -> String {
        self.field(self.columns.material, "material")
    }

    pub(super) fn group(&mut self) -> String {
        self.field(self.columns.item_group_id, "item_group_id")
    }

    /// The category path, its levels joined by ` > ` whatever spaces the feed has around `>`.
    pub(super) fn category(&mut self) -> String {
        let text = self.field(self.columns.product_type, "product_type");
        let levels: Vec<&str> = text
            .split('>')
            .map(str::trim)
            .filter(|level| !level.is_empty())
            .collect();
        levels.join(" > ")
    }

    /// The texts; all empty, after a warning, when title or link cannot be used.
    pub(super) fn texts(&mut self, currency: &str) -> ItemText {
        let title = self.field(Some(self.columns.title), "title");
        let link = self.field(Some(self.columns.link), "link");
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
        let mut image = self.field(self.columns.image_link, "image_link");
        if !image.is_empty() && !is_web_link(&image) {
            self.warn(WarningKind::FeedField, || {
                let image = found(&image);
                format!("image_link: expected one that is http(s) or starts with `/`, found {image}; left out")
            });
            image.clear();
        }
        let price = self.price(self.columns.price, "price", currency);
        let mut sale_price = self.price(self.columns.sale_price, "sale_price", currency);
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
        ItemText {
            title,
            link,
            image,
            price,
            sale_price,
        }
    }

    fn price(&mut self, column: Option<usize>, name: &str, currency: &str) -> Option<u32> {
        let text = self.field(column, name);
        if text.is_empty() {
            return None;
        }
        match parse_price(&text, currency) {
            Ok(price) => Some(price),
            Err(error) => {
                self.warn(WarningKind::FeedField, || {
                    format!("{name}: {error}; left out")
                });
                None
            }
        }
    }
}

/// Whether a link may stand in a page: `javascript:` and its like may not.
fn is_web_link(link: &str) -> bool {
    let starts = |scheme: &str| {
        link.get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    link.starts_with('/') || starts("https://") || starts("http://")
}
