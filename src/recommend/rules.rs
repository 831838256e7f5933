//! Merchandising rules on what strategies chose.

use std::sync::{Arc, OnceLock};

use super::items::{Item, ItemCondition};
use crate::site::{Action, Rule, Shared, Site};
use crate::snapshot::{AttributeWeights, Kind, Snapshot};

/// How deep a place looks behind the items that it shows when rules change their order: so many times as many.
pub const RULE_DEPTH: usize = 4;

/// A pin that names no ids looks for its items among so many best sellers.
pub const MAX_PIN_SCAN: usize = 4096;

/// The item conditions of a site's rules, made ready when they are first asked.
#[derive(Debug, Default)]
pub(crate) struct ReadyRules {
    items: Vec<OnceLock<ItemCondition>>,
}

impl ReadyRules {
    pub(crate) fn new(site: &Site) -> Self {
        let items = site.rules.iter().map(|_| OnceLock::new()).collect();
        Self { items }
    }

    /// The rules for which `is_on` holds.
    pub(crate) fn active(
        self: &Arc<Self>,
        site: &Arc<Site>,
        snapshot: &Arc<Snapshot>,
        locale: usize,
        is_on: impl Fn(&Rule) -> bool,
    ) -> ActiveRules {
        let rules = site.rules.iter().enumerate();
        let active = rules.filter(|(_, rule)| is_on(rule)).map(|(at, _)| at);
        ActiveRules {
            active: active.collect(),
            ready: Arc::clone(self),
            site: Arc::clone(site),
            snapshot: Arc::clone(snapshot),
            locale,
        }
    }
}

/// The rules that hold for a visit.
#[derive(Debug, Clone)]
pub struct ActiveRules {
    /// Indices into [`Site::rules`].
    active: Vec<usize>,
    ready: Arc<ReadyRules>,
    site: Arc<Site>,
    snapshot: Arc<Snapshot>,
    locale: usize,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Active<'a> {
    /// Index into [`Site::rules`].
    pub(super) at: usize,
    pub(super) rule: &'a Rule,
    pub(super) items: &'a ItemCondition,
}

impl ActiveRules {
    fn all(&self) -> impl Iterator<Item = Active<'_>> {
        self.active.iter().filter_map(|&at| {
            let (rule, ready) = (self.site.rules.get(at)?, self.ready.items.get(at)?);
            let items = ready.get_or_init(|| ItemCondition::new(&rule.items, &self.snapshot));
            Some(Active { at, rule, items })
        })
    }

    fn holds(&self, active: Active<'_>, item: u32) -> bool {
        active.items.holds(&Item {
            snapshot: &self.snapshot,
            site: &self.site,
            locale: self.locale,
            item,
        })
    }

    fn sensitive(&self) -> impl Iterator<Item = Active<'_>> {
        self.all()
            .filter(|active| active.rule.action == Action::Sensitive)
    }

    /// Whether anything is sensitive.
    pub fn has_sensitive(&self) -> bool {
        self.sensitive().next().is_some()
    }

    /// Whether an item may be a reason for others.
    pub fn may_be_seed(&self, item: u32) -> bool {
        !self.sensitive().any(|active| self.holds(active, item))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.active.is_empty()
    }

    /// The names of the rules.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.all().map(|active| active.rule.name.as_str())
    }

    /// Those of a slot or list.
    pub fn at<'a>(&'a self, place: &'a str) -> PlaceRules<'a> {
        PlaceRules { rules: self, place }
    }
}

/// The rules that hold for a visit in one place.
#[derive(Debug, Clone, Copy)]
pub struct PlaceRules<'a> {
    rules: &'a ActiveRules,
    place: &'a str,
}

impl<'a> PlaceRules<'a> {
    pub(super) fn all(self) -> impl Iterator<Item = Active<'a>> {
        self.rules.all().filter(move |active| {
            let places = &active.rule.places;
            places.is_empty() || places.iter().any(|name| name == self.place)
        })
    }

    pub(super) fn holds(self, active: Active<'_>, item: u32) -> bool {
        self.rules.holds(active, item)
    }

    /// Whether a rule keeps an item out of a slot.
    pub(super) fn hides(self, active: Active<'_>, item: u32) -> bool {
        match active.rule.action {
            Action::Hide | Action::Sensitive => self.holds(active, item),
            Action::Only => !self.holds(active, item),
            _ => false,
        }
    }

    /// Whether the place may show an item at all.
    pub fn allow(self, item: u32) -> bool {
        !self.all().any(|active| self.hides(active, item))
    }

    /// How many items a place that shows `max` must ask of a strategy.
    pub fn depth(self, max: usize) -> usize {
        let changes_order = |active: Active<'_>| {
            matches!(
                active.rule.action,
                Action::Boost(_) | Action::Bury | Action::AtMost(..)
            )
        };
        match self.all().any(changes_order) {
            true => max.saturating_mul(RULE_DEPTH),
            false => max,
        }
    }

    /// Puts what a strategy chose, best first, into the order that the rules want, and keeps the first `max`.
    /// `may_pin` says whether an item that no strategy thought of may be shown.
    pub fn arrange(self, items: &mut Vec<u32>, max: usize, may_pin: impl Fn(u32) -> bool) {
        if self.all().next().is_none() {
            return items.truncate(max);
        }
        self.sort(items);
        for active in self.all() {
            self.limit(active, items);
        }
        for active in self.all() {
            if let Action::Pin(at) = active.rule.action {
                let pinned = self.pinned(active, at, items, max, &may_pin);
                items.retain(|item| !pinned.contains(item));
                let at = place(at).min(items.len());
                items.splice(at..at, pinned);
            }
        }
        items.truncate(max);
    }

    /// Puts boosted items further ahead and buried ones behind all others.
    pub(super) fn sort(self, items: &mut Vec<u32>) {
        let mut ranked: Vec<(u64, u32)> = Vec::with_capacity(items.len());
        let places = items.iter().enumerate();
        ranked.extend(places.map(|(at, &item)| (self.rank(at, item), item)));
        // Stable: equals stay as the strategy had them.
        ranked.sort_by_key(|&(rank, _)| rank);
        items.clear();
        items.extend(ranked.into_iter().map(|(_, item)| item));
    }

    /// An item's place, from 0, times [`RANK_SCALE`] over what boosts it; behind all others when it is buried.
    fn rank(self, at: usize, item: u32) -> u64 {
        let mut rank = (at as u64 + 1) * RANK_SCALE;
        for active in self.all() {
            match active.rule.action {
                // What comes to the same place comes before what stood there.
                Action::Boost(by) if self.holds(active, item) => {
                    rank = (rank / u64::from(by.max(1))).saturating_sub(1);
                }
                Action::Bury if self.holds(active, item) => rank += BURIED,
                _ => {}
            }
        }
        rank
    }

    /// Leaves out what is more than a rule allows of items that share something.
    pub(super) fn limit(self, active: Active<'_>, items: &mut Vec<u32>) {
        let Action::AtMost(most, shared) = active.rule.action else {
            return;
        };
        let column = match shared {
            Shared::Brand => Kind::Brand,
            Shared::Category => Kind::Category,
        };
        let mut counts: Vec<(u32, u8)> = Vec::new();
        items.retain(|&item| {
            let code = self.rules.snapshot.code(column, item);
            let Some(code) = code.filter(|_| self.holds(active, item)) else {
                return true;
            };
            let at = counts.iter().position(|(known, _)| *known == code);
            let at = at.unwrap_or_else(|| {
                counts.push((code, 0));
                counts.len() - 1
            });
            counts.get_mut(at).is_some_and(|(_, count)| {
                *count = count.saturating_add(1);
                *count <= most
            })
        });
    }

    /// The items of a pin that a place has room for: of those that it has, and those that it may show.
    pub(super) fn pinned(
        self,
        active: Active<'_>,
        at: u16,
        items: &[u32],
        max: usize,
        may_pin: impl Fn(u32) -> bool,
    ) -> Vec<u32> {
        let ActiveRules {
            snapshot,
            site,
            locale,
            ..
        } = self.rules;
        let room = max.saturating_sub(place(at));
        let found = active.items.items(snapshot, site, *locale, MAX_PIN_SCAN);
        let known = |item: &u32| items.contains(item) || may_pin(*item);
        found.filter(known).take(room).collect()
    }

    /// A tile's rank in a list with what the rules make of it, on the scale of
    /// [`AttributeWeights`]: a boost counts as if the item were
    /// wanted so many times as much. Hidden and buried tiles go to the end, for a list loses none; pinned
    /// ones come first.
    pub fn rank_tile(self, item: u32, rank: i64) -> i64 {
        let mut rank = rank;
        for active in self.all() {
            let holds = self.holds(active, item);
            rank += match active.rule.action {
                Action::Hide | Action::Bury if holds => LAST_TILE,
                Action::Only if !holds => LAST_TILE,
                Action::Pin(at) if holds => FIRST_TILE - i64::from(at),
                Action::Boost(by) if holds => i64::from(by.max(1).ilog2()) * OCTAVE,
                _ => 0,
            };
        }
        rank
    }
}

/// A pin's position, from 0.
fn place(position: u16) -> usize {
    usize::from(position.max(1)) - 1
}

/// Twice as much wanted, on the scale of ranks of tiles.
const OCTAVE: i64 = AttributeWeights::OCTAVE as i64;

/// Beyond all ranks of tiles, sold-out ones included.
const LAST_TILE: i64 = -(1 << 44);
const FIRST_TILE: i64 = 1 << 50;

/// What ranks are told apart by, so that a boost moves an item between two others.
const RANK_SCALE: u64 = 1 << 16;

/// More than any place times [`RANK_SCALE`].
const BURIED: u64 = 1 << 48;
