//! What goes with the page's product, or with what is in the cart.

use super::picks::Picks;
use super::{add, items, strongest_first};
use crate::recommend::Context;
use crate::snapshot::Kind;

/// What [`Upsell`](crate::site::Strategy::Upsell) shows costs at least so much, in tenths of the product's
/// price, …
pub const UPSELL_FROM: u64 = 11;
/// … and at most so much: beyond that it is another kind of thing.
pub const UPSELL_TO: u64 = 16;

impl Context<'_> {
    /// What is looked at together with the product, and behind it what the feed describes alike: a new
    /// product, or a new shop, has no more than that.
    pub(super) fn offer_similar(&self, picks: &mut Picks<'_, '_>) {
        let Some(product) = self.product else {
            return;
        };
        let mut found = Vec::new();
        add(self.snapshot.viewed_together(product), 1, &mut found);
        strongest_first(&mut found);
        picks.offer_all(items(&found));
        found.clear();
        add(self.snapshot.similar_by_content(product), 1, &mut found);
        strongest_first(&mut found);
        picks.offer_all(items(&found));
    }

    pub(super) fn offer_bought_together(&self, picks: &mut Picks<'_, '_>) {
        let mut found = Vec::new();
        for &anchor in self.anchors() {
            add(self.snapshot.bought_together(anchor), 1, &mut found);
        }
        strongest_first(&mut found);
        picks.offer_all(items(&found));
    }

    /// Of the product's own category, a little dearer: the most alike first, then the best sellers.
    pub(super) fn offer_upsell(&self, picks: &mut Picks<'_, '_>) {
        let Some(product) = self.product else {
            return;
        };
        let category = self.snapshot.code(Kind::Category, product);
        let Some((category, price)) = category.zip(self.paid(product)) else {
            return;
        };
        let is_one = |item: u32| {
            let paid = self.paid(item).map_or(0, |paid| u64::from(paid) * 10);
            let price = u64::from(price);
            (price * UPSELL_FROM..=price * UPSELL_TO).contains(&paid)
                && self.snapshot.code(Kind::Category, item) == Some(category)
        };
        let mut found = Vec::new();
        add(self.snapshot.similar_by_content(product), 1, &mut found);
        add(self.snapshot.viewed_together(product), 1, &mut found);
        strongest_first(&mut found);
        let tops = self.snapshot.category_tops(category);
        let all = items(&found).chain(tops);
        picks.offer_all(all.filter(|&item| is_one(item)));
    }
}
