//! Templates as the edge runs them: segments and holes.
//!
//! A template is written in Mustache syntax and compiled on the build machine. What is left is a flat
//! list of operations; running them is a loop with a cursor. The escaping of each hole was decided by
//! where in the markup it stands.

use wincode::{SchemaRead, SchemaWrite};

use super::LocalText;

/// The most operations of one template.
pub const MAX_OPS: usize = 4096;

/// A compiled template.
#[derive(Debug, Clone, Default, PartialEq, Eq, SchemaWrite, SchemaRead)]
#[cfg_attr(test, derive(bincode::Encode, bincode::Decode))]
pub struct Template {
    /// Its name in site.toml.
    pub name: String,
    /// What to do, in order.
    pub ops: Vec<Op>,
}

#[cfg(feature = "authoring")]
impl Template {
    /// Whether a field is filled in or asked for.
    pub(super) fn uses(&self, field: Field) -> bool {
        self.ops.iter().any(|op| match op {
            Op::Hole(used, _) | Op::When { field: used, .. } => *used == field,
            _ => false,
        })
    }
}

/// One step of a template.
#[derive(Debug, Clone, PartialEq, Eq, SchemaWrite, SchemaRead)]
#[cfg_attr(test, derive(bincode::Encode, bincode::Decode))]
pub enum Op {
    /// Markup to copy.
    Text(String),
    /// A value to escape and copy.
    Hole(Field, Escape),
    /// The operations up to `end` run once for each item.
    Items {
        /// Index of the operation after the block.
        end: u32,
    },
    /// The operations up to `end` run when the field is (or, inverted, is not) empty.
    When {
        /// The field looked at.
        field: Field,
        /// `true` for `{{^field}}`.
        inverted: bool,
        /// Index of the operation after the block.
        end: u32,
    },
    /// A text in the page's language, to escape and copy: one of [`Site::locales`](super::Site::locales).
    Local(LocalText, Escape),
}

/// How a value must be escaped for its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, SchemaWrite, SchemaRead)]
#[cfg_attr(test, derive(bincode::Encode, bincode::Decode))]
pub enum Escape {
    /// Between tags.
    Text,
    /// In a quoted attribute.
    Attribute,
    /// In a quoted attribute that holds a URL: as an attribute, and only http(s) or relative.
    Url,
}

/// What a hole may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, SchemaWrite, SchemaRead)]
#[cfg_attr(test, derive(bincode::Encode, bincode::Decode))]
pub enum Field {
    /// The place's name.
    Name,
    /// The slot's or banner's heading.
    Title,
    /// The slot's or banner's text.
    Text,
    /// The banner's link.
    Link,
    /// The page's language.
    Lang,
    /// The name of the strategy that filled the slot.
    Strategy,
    /// Item: the feed's id.
    ItemId,
    /// Item: title.
    ItemTitle,
    /// Item: link.
    ItemLink,
    /// Item: picture.
    ItemImage,
    /// Item: brand.
    ItemBrand,
    /// Item: price to pay, formatted.
    ItemPrice,
    /// Item: price before a sale, formatted; empty when there is no sale.
    ItemOldPrice,
    /// Item: its place in the slot, from 1.
    ItemPosition,
    /// Why the slot has these items.
    Reason,
    /// "yes" when that is what the visitor looked at before, else empty.
    FromHistory,
    /// The width of products' pictures, in CSS pixels.
    ImageWidth,
    /// The height of products' pictures, in CSS pixels.
    ImageHeight,
    /// What the page, or a cookie of the shop's, calls the visitor; empty where neither names anybody.
    Customer,
    /// Banner: where it says why it is there; empty where it is for everybody.
    Why,
    /// Item: where it says why it is there; empty for an article.
    ItemWhy,
}

impl Field {
    /// All fields with the names that templates use. Item fields stand inside `{{#items}}`, where
    /// they win over a field of the same name outside.
    pub const ALL: [(&'static str, bool, Self); 21] = [
        ("name", false, Self::Name),
        ("title", false, Self::Title),
        ("text", false, Self::Text),
        ("link", false, Self::Link),
        ("lang", false, Self::Lang),
        ("strategy", false, Self::Strategy),
        ("reason", false, Self::Reason),
        ("from_history", false, Self::FromHistory),
        ("image_width", false, Self::ImageWidth),
        ("image_height", false, Self::ImageHeight),
        ("customer", false, Self::Customer),
        ("why", false, Self::Why),
        ("id", true, Self::ItemId),
        ("title", true, Self::ItemTitle),
        ("link", true, Self::ItemLink),
        ("image", true, Self::ItemImage),
        ("brand", true, Self::ItemBrand),
        ("price", true, Self::ItemPrice),
        ("old_price", true, Self::ItemOldPrice),
        ("position", true, Self::ItemPosition),
        ("why", true, Self::ItemWhy),
    ];
}
