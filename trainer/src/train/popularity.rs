//! How much each item is wanted.

use super::decay;
use crate::events::EventName;
use crate::sessions::Interaction;

/// What looking at an item counts. The unit.
pub const VIEW_WEIGHT: f64 = 1.0;
/// What putting it into the cart counts, on top of the view before it: fewer do so, and they mean it
/// more.
pub const ADD_TO_CART_WEIGHT: f64 = 2.0;
/// What buying it counts, on top of both. A buyer counts as six lookers, and not as the thirty or more
/// that a shop's conversion rate would make of it: purchases are so few that a larger weight would
/// order the list by chance.
pub const PURCHASE_WEIGHT: f64 = 3.0;

/// For each of `items` items its weighted, time-decayed count of events.
///
/// Age is counted back from the newest interaction, not from the time of training, so that a shop
/// whose export is late gets the same order. Quantities do not count: one wholesaler's order is one
/// wish.
pub fn popularity(items: usize, interactions: &[Interaction], half_life_days: f64) -> Vec<f32> {
    let newest = interactions
        .iter()
        .map(|interaction| interaction.time)
        .max()
        .unwrap_or(0);
    let mut wanted = vec![0.0f64; items];
    for interaction in interactions {
        let weight = match interaction.name {
            EventName::ViewItem => VIEW_WEIGHT,
            EventName::AddToCart => ADD_TO_CART_WEIGHT,
            EventName::Purchase => PURCHASE_WEIGHT,
            // Shown or searched is not wanted; a click in a list is followed by its own view; and what
            // was taken out of the cart had been wanted all the same.
            EventName::ViewItemList
            | EventName::SelectItem
            | EventName::RemoveFromCart
            | EventName::Search => continue,
        };
        if let Some(wanted) = wanted.get_mut(interaction.item as usize) {
            *wanted += weight * decay(newest - interaction.time, half_life_days);
        }
    }
    wanted.into_iter().map(|wanted| wanted as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sessions::Owner;

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
        assert_eq!(popularity(4, &events, 14.0), [1.0, 3.0, 1.0, 0.0]);
    }
}
