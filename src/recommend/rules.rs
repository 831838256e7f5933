//! Merchandising rules on what strategies chose.

use std::sync::OnceLock;

use super::items::{Item, ItemCondition};
use crate::site::{Action, Rule, Shared, Site};
use crate::snapshot::{Kind, Snapshot};

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
    pub(crate) fn active<'a>(
        &'a self,
        site: &'a Site,
        snapshot: &'a Snapshot,
        locale: usize,
        is_on: impl Fn(&Rule) -> bool,
    ) -> ActiveRules<'a> {
        let rules = site.rules.iter().zip(&self.items);
        let active = rules.filter(|(rule, _)| is_on(rule)).map(|(rule, ready)| {
            let items = ready.get_or_init(|| ItemCondition::new(&rule.items, snapshot));
            Active { rule, items }
        });
        ActiveRules {
            active: active.collect(),
            site,
            snapshot,
            locale,
        }
    }
}

/// The rules that hold for a visit.
#[derive(Debug)]
pub struct ActiveRules<'a> {
    active: Vec<Active<'a>>,
    site: &'a Site,
    snapshot: &'a Snapshot,
    locale: usize,
}

#[derive(Debug, Clone, Copy)]
struct Active<'a> {
    rule: &'a Rule,
    items: &'a ItemCondition,
}

impl<'a> ActiveRules<'a> {
    fn of_place<'s>(&'s self, place: &'s str) -> impl Iterator<Item = Active<'a>> + 's {
        let is_here = move |rule: &Rule| {
            rule.places.is_empty() || rule.places.iter().any(|name| name == place)
        };
        let active = self.active.iter().copied();
        active.filter(move |active| is_here(active.rule))
    }

    fn holds(&self, active: Active<'_>, item: u32) -> bool {
        active.items.holds(&Item {
            snapshot: self.snapshot,
            site: self.site,
            locale: self.locale,
            item,
        })
    }

    /// Whether an item may be a reason for others.
    pub fn may_be_seed(&self, item: u32) -> bool {
        let sensitive = self.active.iter().copied();
        let mut sensitive = sensitive.filter(|active| active.rule.action == Action::Sensitive);
        !sensitive.any(|active| self.holds(active, item))
    }

    /// Whether a place may show an item at all.
    pub fn allow(&self, place: &str, item: u32) -> bool {
        self.of_place(place).all(|active| match active.rule.action {
            Action::Hide => !self.holds(active, item),
            Action::Only => self.holds(active, item),
            _ => true,
        })
    }

    /// How many items a place that shows `max` must ask of a strategy.
    pub fn depth(&self, place: &str, max: usize) -> usize {
        let changes_order = |active: Active<'_>| {
            matches!(
                active.rule.action,
                Action::Boost(_) | Action::Bury | Action::AtMost(..)
            )
        };
        match self.of_place(place).any(changes_order) {
            true => max.saturating_mul(RULE_DEPTH),
            false => max,
        }
    }

    /// Puts what a strategy chose, best first, into the order that the rules want, and keeps the first `max`.
    /// `may_pin` says whether an item that no strategy thought of may be shown.
    pub fn arrange(
        &self,
        place: &str,
        items: &mut Vec<u32>,
        max: usize,
        may_pin: impl Fn(u32) -> bool,
    ) {
        if self.of_place(place).next().is_none() {
            return items.truncate(max);
        }
        let mut ranked: Vec<(u64, u32)> = Vec::with_capacity(items.len());
        let places = items.iter().enumerate();
        ranked.extend(places.map(|(at, &item)| (self.rank(place, at, item), item)));
        // Stable: equals stay as the strategy had them.
        ranked.sort_by_key(|&(rank, _)| rank);
        items.clear();
        items.extend(ranked.into_iter().map(|(_, item)| item));
        self.limit(place, items);
        for active in self.of_place(place) {
            if let Action::Pin(at) = active.rule.action {
                self.pin(active, usize::from(at.max(1)) - 1, items, max, &may_pin);
            }
        }
        items.truncate(max);
    }

    /// An item's place, from 0, times [`RANK_SCALE`] over what boosts it; behind all others when it is buried.
    pub fn rank(&self, place: &str, at: usize, item: u32) -> u64 {
        let mut rank = (at as u64 + 1) * RANK_SCALE;
        for active in self.of_place(place) {
            match active.rule.action {
                Action::Boost(by) if self.holds(active, item) => rank /= u64::from(by.max(1)),
                Action::Bury if self.holds(active, item) => rank += BURIED,
                _ => {}
            }
        }
        rank
    }

    fn limit(&self, place: &str, items: &mut Vec<u32>) {
        for active in self.of_place(place) {
            let Action::AtMost(most, shared) = active.rule.action else {
                continue;
            };
            let column = match shared {
                Shared::Brand => Kind::Brand,
                Shared::Category => Kind::Category,
            };
            let mut counts: Vec<(u32, u8)> = Vec::new();
            items.retain(|&item| {
                let code = self.snapshot.code(column, item);
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
    }

    fn pin(
        &self,
        active: Active<'_>,
        at: usize,
        items: &mut Vec<u32>,
        max: usize,
        may_pin: impl Fn(u32) -> bool,
    ) {
        let room = max.saturating_sub(at);
        let found = active
            .items
            .items(self.snapshot, self.site, self.locale, MAX_PIN_SCAN);
        let known = |item: &u32| items.contains(item) || may_pin(*item);
        let pinned: Vec<u32> = found.filter(known).take(room).collect();
        items.retain(|item| !pinned.contains(item));
        let at = at.min(items.len());
        items.splice(at..at, pinned);
    }
}

/// What ranks are told apart by, so that a boost moves an item between two others.
const RANK_SCALE: u64 = 1 << 16;

/// More than any place times [`RANK_SCALE`].
const BURIED: u64 = 1 << 48;
