//! What a visitor looked at or liked, and what goes with it.

use super::picks::Picks;
use crate::recommend::Context;

/// So many items that a visitor liked or looked at are asked whether they are cheaper or back by now.
pub const MAX_LOOKED_AT: usize = 64;

/// The least that a price must have fallen by to be worth telling, as the shop's own list has it.
const LEAST_DROP_PERCENT: u64 = 3;

impl Context<'_> {
    /// What goes with what was looked at, without that itself.
    pub(super) fn offer_affine(&self, picks: &mut Picks<'_, '_>) {
        let seen = self.known.seen;
        picks.offer_all(self.affinity.ranked().filter(|item| !seen.contains(item)));
    }

    /// What the visitor liked, then what was looked at, each newest first.
    fn looked_at(&self) -> impl Iterator<Item = u32> {
        let both = self.known.liked.iter().chain(self.known.seen);
        both.copied().take(MAX_LOOKED_AT)
    }

    pub(super) fn offer_price_drops(&self, picks: &mut Picks<'_, '_>) {
        picks.offer_all(self.looked_at().filter(|&item| self.has_fallen(item)));
    }

    fn has_fallen(&self, item: u32) -> bool {
        let before = self.snapshot.price_before(item, self.locale);
        let prices = before.zip(self.paid(item));
        prices.is_some_and(|(before, now)| {
            u64::from(now) * 100 <= u64::from(before) * (100 - LEAST_DROP_PERCENT)
        })
    }

    pub(super) fn offer_back_in_stock(&self, picks: &mut Picks<'_, '_>) {
        let is_back = |item: &u32| self.snapshot.back_in_stock_day(*item).is_some();
        picks.offer_all(self.looked_at().filter(is_back));
        picks.offer_all(self.snapshot.back_in_stock());
    }
}
