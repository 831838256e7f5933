//! Which items each rule of a place touches: for people.

use super::rules::{Active, PlaceRules};
use crate::site::Action;

/// An index into [`Site::rules`](crate::site::Site::rules) with the items that the rule touches.
pub(crate) type Touched = (usize, Vec<u32>);

impl PlaceRules<'_> {
    /// What each rule does to what a strategy has that knows of no rules, best first: the items that it keeps
    /// out, moves, leaves out as too many, or puts in. `may_pin` is that of [`PlaceRules::arrange`].
    pub(crate) fn touched(
        self,
        items: &[u32],
        max: usize,
        may_pin: impl Fn(u32) -> bool,
    ) -> Vec<Touched> {
        let mut kept = those(items, &|item| self.allow(item));
        self.sort(&mut kept);
        let mut touch = |active: Active<'_>| match active.rule.action {
            Action::AtMost(..) => {
                let before = kept.clone();
                self.limit(active, &mut kept);
                those(&before, &|item| !kept.contains(&item))
            }
            Action::Pin(at) => self.pinned(active, at, &kept, max, &may_pin),
            Action::Boost(_) | Action::Bury => those(&kept, &|item| self.holds(active, item)),
            Action::Hide | Action::Only | Action::Sensitive => {
                those(items, &|item| self.hides(active, item))
            }
        };
        let all = self.all();
        all.map(|active| (active.at, touch(active))).collect()
    }

    /// The tiles of `items` that each rule moves, as [`PlaceRules::rank_tile`] does.
    pub(crate) fn touched_tiles(self, items: &[u32]) -> Vec<Touched> {
        let moves = |active: Active<'_>, item: u32| match active.rule.action {
            Action::AtMost(..) | Action::Sensitive => false,
            Action::Only => !self.holds(active, item),
            _ => self.holds(active, item),
        };
        let touch = |active: Active<'_>| (active.at, those(items, &|item| moves(active, item)));
        self.all().map(touch).collect()
    }
}

/// There is one of it for all tests: what runs for people alone is to weigh little.
fn those(items: &[u32], is_one: &dyn Fn(u32) -> bool) -> Vec<u32> {
    let found = items.iter().copied();
    found.filter(|&item| is_one(item)).collect()
}
