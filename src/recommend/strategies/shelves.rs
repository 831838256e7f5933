//! Lists that a snapshot holds ready: best sellers, trends, what is new, reduced, nearly sold out.

use super::picks::Picks;
use crate::recommend::Context;
use crate::snapshot::Kind;

impl Context<'_> {
    /// The product's category first, then the whole shop.
    pub(super) fn offer_top_sellers(&self, picks: &mut Picks<'_, '_>) {
        if let Some(category) = self.product_code(Kind::Category) {
            picks.offer_all(self.snapshot.category_tops(category));
        }
        picks.offer_all(0..u32::try_from(self.snapshot.len()).unwrap_or(u32::MAX));
    }

    pub(super) fn offer_category_tops(&self, picks: &mut Picks<'_, '_>) {
        if let Some(category) = self.category() {
            picks.offer_all(self.snapshot.category_tops(category));
        }
    }

    pub(super) fn offer_brand_tops(&self, picks: &mut Picks<'_, '_>) {
        if let Some(brand) = self.brand() {
            picks.offer_all(self.snapshot.brand_tops(brand));
        }
    }

    pub(super) fn offer_trending_in_category(&self, picks: &mut Picks<'_, '_>) {
        if let Some(category) = self.category() {
            picks.offer_all(self.snapshot.trending_by_category(category));
        }
    }

    pub(super) fn offer_trending_of_brand(&self, picks: &mut Picks<'_, '_>) {
        if let Some(brand) = self.brand() {
            picks.offer_all(self.snapshot.trending_by_brand(brand));
        }
    }

    pub(super) fn offer_new(&self, picks: &mut Picks<'_, '_>) {
        if let Some(category) = self.category() {
            picks.offer_all(self.snapshot.new_arrivals_in(category));
        }
        picks.offer_all(self.snapshot.new_arrivals());
    }

    /// The lists are the first locale's, of when the snapshot was built: a sale may be over, or another's.
    pub(super) fn offer_on_sale(&self, picks: &mut Picks<'_, '_>) {
        let is_reduced = |item: &u32| {
            let full = self.snapshot.price(*item, self.locale);
            self.paid(*item) < full
        };
        if let Some(category) = self.category() {
            let near = self.snapshot.on_sale_in(category);
            picks.offer_all(near.filter(is_reduced));
        }
        picks.offer_all(self.snapshot.on_sale().filter(is_reduced));
    }

    pub(super) fn offer_low_stock(&self, picks: &mut Picks<'_, '_>) {
        if let Some(category) = self.category() {
            let low = self.snapshot.low_stock();
            picks.offer_all(low.filter(|&item| self.is_within(item, category)));
        }
        picks.offer_all(self.snapshot.low_stock());
    }
}
