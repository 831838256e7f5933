//! What takes a cart over the sum from which on delivery is free.

use super::picks::Picks;
use super::{items, strongest_first};
use crate::recommend::Context;

use super::complements::pairs;

impl Context<'_> {
    /// What costs at least what is missing, and at most half as much again: first what goes with the cart,
    /// then what goes with views, then best sellers.
    pub(super) fn offer_gap(&self, picks: &mut Picks<'_, '_>) {
        let locale = self.site.locales.get(self.locale);
        let free_from = locale.and_then(|locale| locale.free_shipping);
        let sum = self.facts.cart_sum.filter(|&sum| sum > 0);
        let gap = free_from
            .zip(sum)
            .map(|(from, sum)| from.saturating_sub(sum));
        let Some(gap) = gap.filter(|&gap| gap > 0) else {
            return;
        };
        let most = gap.saturating_add(gap / 2);
        let fits = |item: u32| {
            self.paid(item)
                .is_some_and(|paid| (gap..=most).contains(&paid))
        };
        let mut found = pairs(self.snapshot, self.cart());
        found.retain(|&(item, _)| fits(item));
        strongest_first(&mut found);
        picks.offer_all(items(&found));
        self.offer_of(&self.complementary(self.cart()), &[], picks, fits);
        picks.offer_all(self.affinity.ranked().filter(|&item| fits(item)));
        picks.offer_all(self.best_sellers().filter(|&item| fits(item)));
    }
}
