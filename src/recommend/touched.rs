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
        let mut kept = items.to_vec();
        kept.retain(|&item| self.allow(item));
        self.sort(&mut kept);
        let mut touch = |active: Active<'_>| match active.rule.action {
            Action::AtMost(..) => {
                let mut over = kept.clone();
                self.limit(active, &mut kept);
                over.retain(|item| !kept.contains(item));
                over
            }
            Action::Pin(at) => self.pinned(active, at, &kept, max, &may_pin),
            Action::Boost(_) | Action::Bury => {
                let mut moved = kept.clone();
                moved.retain(|&item| self.holds(active, item));
                moved
            }
            Action::Hide | Action::Only | Action::Sensitive => {
                let mut hidden = items.to_vec();
                hidden.retain(|&item| self.hides(active, item));
                hidden
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
        let touch = |active: Active<'_>| {
            let mut moved = items.to_vec();
            moved.retain(|&item| moves(active, item));
            (active.at, moved)
        };
        self.all().map(touch).collect()
    }
}
