//! What a snapshot is written from: plain values, made by the trainer.

use crate::site::Site;

/// Everything that goes into a snapshot file.
///
/// Items stand in *index order*: descending popularity, ties by id. All per-item vectors have the
/// same length.
#[derive(Debug, Clone, Default)]
pub struct SnapshotSource {
    /// Who, when, for how long.
    pub meta: Meta,
    /// The catalogue, in index order.
    pub items: Vec<ItemRecord>,
    /// `viewed_together[i]`: items seen in the same sessions as item `i`, strongest first, each with
    /// a weight above 0. At most [`MAX_NEIGHBOURS`](super::MAX_NEIGHBOURS) are kept.
    pub viewed_together: Vec<Vec<Neighbour>>,
    /// How much each item was wanted: a weighted count of events, at least 0, descending.
    pub popularity: Vec<f32>,
    /// The compiled site.toml.
    pub site: Site,
}

/// A snapshot's own facts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Meta {
    /// Grows with each snapshot of a shop.
    pub sequence: u64,
    /// Creation, seconds since 1970.
    pub created: i64,
    /// From this second on the snapshot must not be used; 0 for never.
    pub expires: i64,
    /// How many events the models were trained on.
    pub events: u64,
    /// How many sessions they came from.
    pub sessions: u64,
}

/// One neighbour of an item.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Neighbour {
    /// The neighbour's index.
    pub item: u32,
    /// How strongly it belongs to the item, above 0.
    pub weight: f32,
}

/// Whether an item can be bought now. The feed's `availability`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(u8)]
pub enum Availability {
    /// `in_stock`.
    #[default]
    InStock = 0,
    /// `out_of_stock`.
    OutOfStock = 1,
    /// `preorder`.
    Preorder = 2,
    /// `backorder`.
    Backorder = 3,
}

impl Availability {
    /// Whether a slot may show such an item.
    pub fn is_orderable(self) -> bool {
        !matches!(self, Self::OutOfStock)
    }

    pub(crate) fn from_byte(byte: u8) -> Self {
        match byte {
            0 => Self::InStock,
            2 => Self::Preorder,
            3 => Self::Backorder,
            _ => Self::OutOfStock,
        }
    }
}

/// One product of the feed.
#[derive(Debug, Clone, Default)]
pub struct ItemRecord {
    /// The feed's `id`.
    pub id: String,
    /// The feed's `availability`.
    pub availability: Availability,
    /// The feed's `brand`; empty when unknown.
    pub brand: String,
    /// The feed's `product_type` in the first locale: levels joined by ` > `; empty when unknown.
    pub category: String,
    /// The feed's `color`; empty when unknown.
    pub color: String,
    /// Texts, one per locale of [`Site::locales`], in the same order.
    pub texts: Vec<ItemText>,
}

/// What differs between the locales of a shop.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ItemText {
    /// The feed's `title`; empty when this locale's feed does not have the item.
    pub title: String,
    /// The feed's `link`.
    pub link: String,
    /// The feed's `image_link`.
    pub image: String,
    /// The feed's `price` in minor units (cents) of the locale's currency.
    pub price: Option<u32>,
    /// The feed's `sale_price`, likewise.
    pub sale_price: Option<u32>,
}
