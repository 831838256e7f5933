//! How much each item is wanted.

use super::decay;
use crate::events::EventName;
use crate::interactions::Interaction;

/// What looking at an item counts. The unit.
pub const VIEW_WEIGHT: f64 = 1.0;
/// What putting it into the cart counts, on top of the view before it: fewer do so, and they mean it
/// more.
pub const ADD_TO_CART_WEIGHT: f64 = 2.0;
/// What buying it counts, on top of both. A buyer counts as six lookers, and not as the thirty or more
/// that a shop's conversion rate would make of it: purchases are so few that a larger weight would
/// order the list by chance.
pub const PURCHASE_WEIGHT: f64 = 3.0;

/// What an event counts for how much its item is wanted, before it wears off; `None` for one that says
/// nothing about it.
pub fn weight(name: EventName) -> Option<f64> {
    match name {
        EventName::ViewItem => Some(VIEW_WEIGHT),
        EventName::AddToCart => Some(ADD_TO_CART_WEIGHT),
        EventName::Purchase => Some(PURCHASE_WEIGHT),
        // Shown or searched is not wanted; a click in a list is followed by its own view; and what
        // was taken out of the cart had been wanted all the same.
        EventName::ViewItemList
        | EventName::SelectItem
        | EventName::RemoveFromCart
        | EventName::Search => None,
    }
}

/// For each item its weighted, time-decayed count of events.
///
/// Age is counted back from the newest interaction, not from the time of training, so that a shop
/// whose export is late gets the same order. Quantities do not count: one wholesaler's order is one
/// wish.
#[derive(Debug, Clone)]
pub struct Wanted {
    sums: Vec<f64>,
    newest: i64,
    half_life_days: f64,
}

impl Wanted {
    /// Nothing wanted yet of so many items; the newest interaction of all has the time `newest`.
    pub fn new(items: usize, newest: i64, half_life_days: f64) -> Self {
        Self {
            sums: vec![0.0; items],
            newest,
            half_life_days,
        }
    }

    /// Counts an interaction.
    pub fn add(&mut self, interaction: &Interaction) {
        let sum = self.sums.get_mut(interaction.item as usize);
        if let (Some(weight), Some(sum)) = (weight(interaction.name), sum) {
            *sum += weight * decay(self.newest - interaction.time, self.half_life_days);
        }
    }

    /// Adds what another part of the same log says.
    pub fn append(&mut self, other: &Self) {
        for (sum, more) in self.sums.iter_mut().zip(&other.sums) {
            *sum += more;
        }
    }

    /// The sums.
    pub fn finish(self) -> Vec<f32> {
        self.sums.into_iter().map(|sum| sum as f32).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interactions::Owner;

    #[test]
    fn purchases_weigh_more_and_old_events_less() {
        let day = 86_400_000_000;
        let event = |name, item, days: i64| Interaction {
            name,
            item,
            time: days * day,
            owner: Owner::Nobody,
        };
        let events = [
            event(EventName::ViewItem, 0, 28),
            event(EventName::Purchase, 1, 28),
            event(EventName::AddToCart, 2, 14),
            event(EventName::ViewItemList, 3, 28),
            event(EventName::ViewItem, 99, 28),
        ];
        let mut wanted = Wanted::new(4, 28 * day, 14.0);
        let mut more = wanted.clone();
        events[..2].iter().for_each(|event| wanted.add(event));
        events[2..].iter().for_each(|event| more.add(event));
        wanted.append(&more);
        assert_eq!(wanted.finish(), [1.0, 3.0, 1.0, 0.0]);
    }
}
