//! Which items a slot shows.

use crate::recommend::{ActiveRules, Context};
use crate::site::{Slot, Strategy};
use crate::visitor::PlaceKey;

/// What fills a slot.
pub(super) struct Filled {
    /// Index into the slot's strategies.
    pub(super) at: usize,
    pub(super) strategy: Strategy,
    /// Items; of a strategy of articles their numbers.
    pub(super) chosen: Vec<u32>,
}

/// Asks a slot's strategies one after the other until one has enough items. `tell` hears what each of those
/// before had.
pub(super) fn walk(
    slot: &Slot,
    context: &Context<'_>,
    rules: &ActiveRules,
    taken: &[u32],
    mut tell: impl FnMut(Strategy, Vec<u32>),
) -> Option<Filled> {
    let (min, max) = (usize::from(slot.min.max(1)), usize::from(slot.max));
    let place = PlaceKey::of(&slot.name);
    let rules = rules.at(&slot.name);
    let context = Context {
        rules: Some(rules),
        ..*context
    };
    let depth = rules.depth(max);
    for (at, &strategy) in slot.strategies.iter().enumerate() {
        let chosen = match strategy.is_content() {
            true => context.articles(strategy, max),
            false => {
                let mut items = context.choose(strategy, place, depth, taken);
                // A pin adds to what a strategy has, and fills no slot by itself.
                if items.len() >= min {
                    rules.arrange(&mut items, max, |item| context.may_show(item, taken));
                }
                items
            }
        };
        if chosen.len() >= min {
            return Some(Filled {
                at,
                strategy,
                chosen,
            });
        }
        tell(strategy, chosen);
    }
    None
}
