//! Which items a slot shows.

use crate::recommend::{ActiveRules, Context};
use crate::site::{Slot, Strategy};
use crate::visitor::PlaceKey;

/// Asks a slot's strategies one after the other until one has enough items; gives what each of them had.
pub(super) fn walk(
    slot: &Slot,
    context: &Context<'_>,
    rules: &ActiveRules,
    taken: &[u32],
) -> Vec<(Strategy, Vec<u32>)> {
    let (min, max) = (usize::from(slot.min.max(1)), usize::from(slot.max));
    let place = PlaceKey::of(&slot.name);
    let rules = rules.at(&slot.name);
    let context = Context {
        rules: Some(rules),
        ..*context
    };
    let depth = rules.depth(max);
    let mut asked = Vec::with_capacity(1);
    for &strategy in &slot.strategies {
        if strategy.is_content() {
            let articles = context.articles(max);
            let is_enough = articles.len() >= min;
            asked.push((strategy, articles));
            if is_enough {
                break;
            }
            continue;
        }
        let mut items = context.choose(strategy, place, depth, taken);
        let is_enough = items.len() >= min;
        if is_enough {
            rules.arrange(&mut items, max, |item| context.may_show(item, taken));
        }
        let is_enough = is_enough && items.len() >= min;
        asked.push((strategy, items));
        if is_enough {
            break;
        }
    }
    asked
}
