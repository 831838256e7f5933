//! What a page is about, as strategies ask for it.

use crate::recommend::Context;
use crate::snapshot::Kind;

/// So many products of a cart, or of an order, are asked what goes with them.
pub const MAX_ANCHORS: usize = 8;

impl<'a> Context<'a> {
    /// What is in the cart: as the page tells, else as the cookie does.
    pub(super) fn cart(&self) -> &'a [u32] {
        let cart = match self.facts.cart.is_empty() {
            true => self.known.cart,
            false => &self.facts.cart,
        };
        cart.get(..MAX_ANCHORS).unwrap_or(cart)
    }

    /// What others are to go with: the page's product, or what is in the cart.
    pub(super) fn anchors(&'a self) -> &'a [u32] {
        match &self.product {
            Some(product) => std::slice::from_ref(product),
            None => self.cart(),
        }
    }

    /// The page's category, or its product's.
    pub(super) fn category(&self) -> Option<u32> {
        self.facts
            .category
            .or_else(|| self.product_code(Kind::Category))
    }

    /// The page's brand, or its product's.
    pub(super) fn brand(&self) -> Option<u32> {
        self.facts.brand.or_else(|| self.product_code(Kind::Brand))
    }

    pub(super) fn product_code(&self, column: Kind) -> Option<u32> {
        self.snapshot.code(column, self.product?)
    }

    /// What an item costs now, in minor units.
    pub(super) fn paid(&self, item: u32) -> Option<u32> {
        let price = self.snapshot.price(item, self.locale)?;
        let sale = self.snapshot.sale_price_at(item, self.locale, self.now);
        Some(sale.map_or(price, |sale| sale.min(price)))
    }

    /// Whether an item is of a category or of one below it.
    pub(super) fn is_within(&self, item: u32, category: u32) -> bool {
        let code = self.snapshot.code(Kind::Category, item);
        code.is_some_and(|code| code == category || self.is_below(code, category))
    }

    fn is_below(&self, code: u32, category: u32) -> bool {
        let text = |code| self.snapshot.code_text(Kind::Category, code);
        let below = text(code).zip(text(category).filter(|text| !text.is_empty()));
        let rest = below.and_then(|(below, above)| below.strip_prefix(above));
        rest.is_some_and(|rest| rest.starts_with(" > "))
    }
}
