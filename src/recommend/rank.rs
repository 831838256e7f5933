//! The order of a list's tiles: a learned base order, and what this visitor looked at.

use std::sync::Arc;

use super::{ActiveRules, Affinity, MAX_SEEDS};
use crate::page::links::{item_of_link, item_of_text};
use crate::site::Site;
use crate::snapshot::{Kind, Snapshot};

/// Ranks are on the scale of [`Snapshot::popularity`], where 4,096 more is twice as wanted.
const OCTAVE: i64 = 4096;

/// An item as close to the newest view as can be moves up as if it sold 2^4 times as much.
const CLOSEST: i64 = 4 * OCTAVE;

/// A visitor who looked at nothing but one brand (colour) moves it up by so much.
const SAME_BRAND: i64 = OCTAVE;
const SAME_COLOR: i64 = OCTAVE / 2;

/// What cannot be bought goes behind everything that can.
const OUT_OF_STOCK: i64 = -(1 << 40);

/// What a visitor prefers in one column.
#[derive(Debug, Clone)]
struct Taste {
    column: Kind,
    /// What it moves when all views have the same code.
    most: i64,
    /// Codes with their share of the views, in 1/[`SHARE_SCALE`].
    shares: Vec<(u32, i64)>,
}

/// Gives each tile's product its rank. Holds the snapshot, so that a rewriter needs none.
#[derive(Debug, Clone)]
pub struct Ranker {
    snapshot: Arc<Snapshot>,
    site: Arc<Site>,
    affinity: Affinity,
    tastes: [Taste; 2],
    base: String,
    /// What merchandisers want in this list, and what it is called.
    rules: Option<(ActiveRules, String)>,
}

impl Ranker {
    /// For a page at the path `base` and a visitor who looked at `seen` (newest first; empty for all
    /// visitors without history, who so get the same order).
    pub fn new(
        snapshot: &Arc<Snapshot>,
        site: &Arc<Site>,
        seen: &[u32],
        affinity: &Affinity,
        base: &str,
    ) -> Self {
        let taste = |column, most| Taste {
            column,
            most,
            shares: shares(snapshot, column, seen),
        };
        Self {
            snapshot: Arc::clone(snapshot),
            site: Arc::clone(site),
            affinity: affinity.clone(),
            tastes: [
                taste(Kind::Brand, SAME_BRAND),
                taste(Kind::Color, SAME_COLOR),
            ],
            base: base.to_owned(),
            rules: None,
        }
    }

    /// The same with what merchandisers want in the list called `place`.
    pub fn with_rules(self, rules: &ActiveRules, place: &str) -> Self {
        let rules = (!rules.is_empty()).then(|| (rules.clone(), place.to_owned()));
        Self { rules, ..self }
    }

    /// The rank of the product that a link leads to, higher first; `None` when it leads to none.
    pub fn rank(&self, href: &str) -> Option<i64> {
        item_of_link(&self.site, &self.snapshot, href, &self.base).map(|item| self.rank_of(item))
    }

    /// The rank of the product with this id of the feed; `None` when there is none.
    pub fn rank_id(&self, id: &str) -> Option<i64> {
        self.snapshot.item_of_id(id).map(|item| self.rank_of(item))
    }

    /// The rank of the product that a text names: an item's id, or a link; `None` when it names none.
    pub fn rank_of_text(&self, text: &str) -> Option<i64> {
        item_of_text(&self.site, &self.snapshot, text, &self.base).map(|item| self.rank_of(item))
    }

    fn rank_of(&self, item: u32) -> i64 {
        let mut rank = i64::from(self.snapshot.popularity(item));
        let closeness = i64::try_from(self.affinity.score(item)).unwrap_or(i64::MAX >> 16);
        rank += closeness * CLOSEST / 65_536;
        for Taste {
            column,
            most,
            shares,
        } in &self.tastes
        {
            let share = self
                .snapshot
                .code(*column, item)
                .and_then(|code| shares.iter().find(|(c, _)| *c == code))
                .map_or(0, |(_, share)| *share);
            rank += most * share / SHARE_SCALE;
        }
        if !self.snapshot.availability(item).is_orderable() {
            rank += OUT_OF_STOCK;
        }
        match &self.rules {
            Some((rules, place)) => rules.at(place).rank_tile(item, rank),
            None => rank,
        }
    }
}

const SHARE_SCALE: i64 = 1024;

/// Which share of the newest views has which code, in 1/[`SHARE_SCALE`].
fn shares(snapshot: &Snapshot, column: Kind, seen: &[u32]) -> Vec<(u32, i64)> {
    let newest = seen.iter().take(MAX_SEEDS);
    let views = i64::try_from(newest.len()).unwrap_or(1).max(1);
    let mut shares: Vec<(u32, i64)> = Vec::new();
    for code in newest.filter_map(|&item| snapshot.code(column, item)) {
        match shares.iter_mut().find(|(c, _)| *c == code) {
            Some((_, count)) => *count += 1,
            None => shares.push((code, 1)),
        }
    }
    shares
        .iter_mut()
        .for_each(|(_, count)| *count = *count * SHARE_SCALE / views);
    shares
}
