//! What a snapshot is written from: plain values, made by the trainer.

use std::collections::BTreeMap;

use super::neighbours::Precision;
use super::{ArticleRecord, Clusters, WeatherDay};
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
    /// `bought_together[i]`: items bought in the same orders as item `i`, likewise. Empty for a shop
    /// without orders.
    pub bought_together: Vec<Vec<Neighbour>>,
    /// `similar_by_content[i]`: items that the feed describes like item `i`, likewise. May be empty.
    pub similar_by_content: Vec<Vec<Neighbour>>,
    /// The items in an order that puts side by side what stands in the same lists: the better it
    /// does, the smaller the lists. Decides about bytes only. Empty for the index order.
    pub neighbour_order: Vec<u32>,
    /// How finely the neighbours' weights are told apart.
    pub precision: Precision,
    /// What a visitor's views weigh against each other.
    pub query: QueryWeights,
    /// How much each item was wanted: a weighted count of events, at least 0, descending.
    pub popularity: Vec<f32>,
    /// How far each item is wanted beyond what is usual for it, above 0 for what trends and 0 for all
    /// else. May be empty.
    pub trending: Vec<f32>,
    /// What a view says about the next one's attributes.
    pub attributes: AttributeWeights,
    /// What counts for "recommended for you" beside what is viewed together.
    pub blend: BlendWeights,
    /// For each category those that go with it, strongest first, with weights of at most 1. Categories
    /// that no item has, and the category itself, are left out.
    pub complements: BTreeMap<String, Vec<(String, f32)>>,
    /// What the weather is like; at most [`MAX_WEATHER`](super::MAX_WEATHER) rows.
    pub weather: Vec<WeatherDay>,
    /// What the shop tells beside what it sells, in the order in which it is to be shown; at most
    /// [`MAX_ARTICLES`](super::MAX_ARTICLES).
    pub articles: Vec<ArticleRecord>,
    /// Kinds of visitors.
    pub clusters: Clusters,
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

/// How recent views add up to a score. All in 1/65536.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueryWeights {
    /// What each step back in time leaves of a view's weight, at most 1.
    pub decay: u32,
    /// What the newest viewed item itself gets, in shares of the closest neighbour's weight; at
    /// most [`Self::MAX_AGAIN`].
    pub newest_again: u32,
    /// What the viewed item before it gets, likewise.
    pub again: u32,
    /// What each further step back leaves of that, at most 1.
    pub again_decay: u32,
}

impl QueryWeights {
    /// One.
    pub const ONE: u32 = 65_536;
    /// The most that a viewed item gets for being viewed.
    pub const MAX_AGAIN: u32 = 16 * Self::ONE;

    /// With each field cut to its limit, so that no sum of scores can overflow.
    #[must_use]
    pub fn limited(self) -> Self {
        Self {
            decay: self.decay.min(Self::ONE),
            newest_again: self.newest_again.min(Self::MAX_AGAIN),
            again: self.again.min(Self::MAX_AGAIN),
            again_decay: self.again_decay.min(Self::ONE),
        }
    }
}

impl Default for QueryWeights {
    /// What holds without measuring: each view counts half as much as the one after it, and people
    /// come back to what they looked at.
    fn default() -> Self {
        Self {
            decay: Self::ONE / 2,
            newest_again: 3 * Self::ONE,
            again: 3 * Self::ONE / 2,
            again_decay: Self::ONE / 2,
        }
    }
}

/// How much likelier the next item is to have a brand, a colour … when all recent views have it: the
/// binary logarithm of the lift, in 1/65536. 0 where it says nothing or too little is known.
///
/// Each is measured by itself. Attributes overlap, so the sum of several says too much.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AttributeWeights {
    /// The same brand.
    pub brand: u32,
    /// The same category, at its lowest level.
    pub category: u32,
    /// The same colour.
    pub color: u32,
    /// The same size.
    pub size: u32,
    /// The same material.
    pub material: u32,
    /// The same price band; see [`price_bands`](super::price_bands).
    pub price: u32,
}

impl AttributeWeights {
    /// Twice as likely.
    pub const OCTAVE: u32 = 65_536;
    /// The largest weight: 2^16 times as likely.
    pub const MAX: u32 = 16 * Self::OCTAVE;

    /// The fields in the order of section 50.
    pub(super) fn fields(&mut self) -> [&mut u32; 6] {
        [
            &mut self.brand,
            &mut self.category,
            &mut self.color,
            &mut self.size,
            &mut self.material,
            &mut self.price,
        ]
    }
}

/// What adds to a score beside what is viewed together. All in 1/65536, at most [`Self::MAX`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BlendWeights {
    /// What is bought together with a viewed item, in shares of what is viewed together with it.
    pub bought: u32,
    /// What the feed describes like a viewed item, likewise. For an item of which it is not known what
    /// is viewed together with it, this is all there is, and counts in full.
    pub content: u32,
    /// How far what viewed items have in common raises a score: by this times the sum of
    /// [`AttributeWeights`], each times the share of the viewed items that have the same.
    pub taste: u32,
}

impl BlendWeights {
    /// One.
    pub const ONE: u32 = 65_536;
    /// The largest weight.
    pub const MAX: u32 = 4 * Self::ONE;

    /// The fields in the order of section 51.
    pub(super) fn fields(&mut self) -> [&mut u32; 3] {
        [&mut self.bought, &mut self.content, &mut self.taste]
    }
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
    /// The feed's `size`; empty when unknown.
    pub size: String,
    /// The feed's `material`; empty when unknown.
    pub material: String,
    /// The feed's `item_group_id`: variants of one product share it; empty when it stands alone.
    pub group: String,
    /// How many are in stock; `None` when the feed does not say.
    pub quantity: Option<u32>,
    /// Days from an order to its delivery, at most; `None` when the feed does not say.
    pub delivery_days: Option<u16>,
    /// Since when the shop has it, in days since 1970; `None` when unknown.
    pub added_day: Option<u32>,
    /// On which day it could be ordered again after it was sold out, in days since 1970; `None` when it
    /// was not sold out lately, or still is.
    pub back_in_stock_day: Option<u32>,
    /// The feed's `custom_label_0` to `custom_label_4`, in this order; may be shorter, empty for none.
    pub labels: Vec<String>,
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
    /// From when on it holds, in seconds since 1970: the first half of the feed's
    /// `sale_price_effective_date`. A snapshot does not hold it.
    pub sale_starts: Option<i64>,
    /// The first second in which it does not hold any more, likewise.
    pub sale_ends: Option<i64>,
    /// What was paid lately, where that was more than now; see [`PriceBefore`].
    pub prices_before: Vec<PriceBefore>,
}

/// What an item cost before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PriceBefore {
    /// In minor units of the locale's currency.
    pub price: u32,
    /// The last day on which it is known to have held, in days since 1970.
    pub day: u32,
}

impl ItemText {
    /// What is paid: the sale price where it is the lower one.
    pub fn paid(&self) -> Option<u32> {
        self.price
            .map(|price| self.sale_price.map_or(price, |sale| sale.min(price)))
    }

    /// The share of the price that is saved, above 0; `None` without a reduction.
    pub fn discount(&self) -> Option<f64> {
        let (price, sale) = (self.price?, self.sale_price?);
        (sale < price).then(|| 1.0 - f64::from(sale) / f64::from(price))
    }

    /// Forgets a sale price that does not hold at a time, in seconds since 1970.
    pub fn settle_sale(&mut self, now: i64) {
        let is_early = self.sale_starts.is_some_and(|start| now < start);
        let is_late = self.sale_ends.is_some_and(|end| now >= end);
        if is_early || is_late {
            self.sale_price = None;
        }
        if self.sale_price.is_none() {
            (self.sale_starts, self.sale_ends) = (None, None);
        }
    }
}
