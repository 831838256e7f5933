//! What a page tells, as `[[fact]]` of site.toml says where it stands: in its URL, or in its first bytes.
//!
//! ```text
//! url.rs                            path, query
//! select.rs  json_ld.rs  microdata.rs   what is looked for in a page, by a pass of lol_html of its own
//! read.rs                           that pass: bytes in, texts out
//! value.rs                          texts -> items, codes, money
//! ```
//!
//! What is found does not depend on the chunks in which a page comes: a fact counts when its element ends
//! within the first [`MAX_HELD_HEAD_BYTES`] of the decoded page.

mod json_ld;
mod microdata;
mod read;
mod select;
#[cfg(feature = "authoring")]
mod told;
mod url;
mod value;

pub(crate) use read::Reader;
#[cfg(feature = "authoring")]
pub(crate) use told::which_stand_in;
#[cfg(feature = "authoring")]
pub use told::{Told, told};
pub(crate) use url::of_url;
pub(crate) use value::{Found, customer_name};

use crate::site::FactName;

/// How much of a page is held back, in decoded bytes, for what it tells: facts behind that are not seen.
pub const MAX_HELD_HEAD_BYTES: usize = 64 << 10;

/// The longest text that a fact may be, in bytes; longer ones are none.
pub const MAX_FACT_TEXT_BYTES: usize = 1024;

/// The most products that a page may tell of its cart, or of an order.
pub const MAX_FACT_ITEMS: usize = 64;

/// The most texts of one fact that are looked at.
pub const MAX_FACT_TEXTS: usize = 256;

/// The longest name of a customer, in characters; longer ones are none.
pub const MAX_CUSTOMER_CHARS: usize = 64;

/// The most elements within each other whose text is taken, and the most scopes of microdata.
pub const MAX_OPEN_ELEMENTS: usize = 32;

/// What a page tells. What it does not tell is absent or empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// The product that the page is about; [`Page::product`](super::Page::product) is the same.
    pub product: Option<u32>,
    /// A code of the snapshot's categories.
    pub category: Option<u32>,
    /// A code of the snapshot's brands.
    pub brand: Option<u32>,
    /// What was searched for: words with one blank between them.
    pub search: Option<String>,
    /// Products in the cart, each once, in the page's order; at most [`MAX_FACT_ITEMS`].
    pub cart: Vec<u32>,
    /// What the cart comes to, in minor units of the page's currency.
    pub cart_sum: Option<u32>,
    /// The page confirms an order.
    pub is_order: bool,
    /// Products that were ordered, as [`Facts::cart`].
    pub ordered: Vec<u32>,
    /// The page's kind where only an element tells it: an index into [`Site::pages`](crate::site::Site::pages).
    pub page: Option<usize>,
    /// What the page calls the visitor; at most [`MAX_CUSTOMER_CHARS`].
    pub customer: Option<String>,
}

impl Facts {
    /// Whether nothing but the product may be known.
    pub fn is_empty(&self) -> bool {
        *self
            == Self {
                product: self.product,
                page: self.page,
                ..Self::default()
            }
    }

    /// Whether a fact is known.
    pub(crate) fn tell(&self, name: FactName) -> bool {
        match name {
            FactName::Product => self.product.is_some(),
            FactName::Category => self.category.is_some(),
            FactName::Brand => self.brand.is_some(),
            FactName::Search => self.search.is_some(),
            FactName::CartItem => !self.cart.is_empty(),
            FactName::CartSum => self.cart_sum.is_some(),
            FactName::Order => self.is_order,
            FactName::OrderItem => !self.ordered.is_empty(),
            FactName::Customer => self.customer.is_some(),
            FactName::Page => self.page.is_some(),
        }
    }

    /// Takes in what is not known yet.
    pub(crate) fn add(&mut self, more: Self) {
        self.product = self.product.or(more.product);
        self.category = self.category.or(more.category);
        self.brand = self.brand.or(more.brand);
        self.search = self.search.take().or(more.search);
        if self.cart.is_empty() {
            self.cart = more.cart;
        }
        self.cart_sum = self.cart_sum.or(more.cart_sum);
        self.page = self.page.or(more.page);
        self.is_order |= more.is_order;
        if self.ordered.is_empty() {
            self.ordered = more.ordered;
        }
        self.customer = self.customer.take().or(more.customer);
    }
}
