//! How the places of a page come to what they show, for people. Only a debug token, or a tool, asks for it.

use std::fmt::{self, Display, Formatter};
use std::sync::Arc;

use serde::Serialize;

use super::decide::{self, On, Request};
use super::index::SiteIndex;
use super::lists::ListRanker;
use super::slots::walk;
use crate::condition::{Checked, Condition};
use crate::page::Page;
use crate::recommend::{Affinity, Context, Known, Touched};
use crate::site::{By, List, Moment, Site, Slot, Strategy, Terms};
use crate::snapshot::Snapshot;
use crate::visitor::PlaceKey;

/// How many of a list's items, best sellers and what goes with the views, and of its values, have their ranks told.
pub const MAX_RANKED: usize = 24;

/// How a page's places come to what they show. All of it is empty for a page of no kind.
#[derive(Debug, Clone, Default)]
pub struct Explained {
    /// The segments that the visitor belongs to.
    pub segments: Vec<String>,
    /// What was looked at and may be a reason: nothing that a rule calls sensitive.
    pub seen: Vec<u32>,
    /// What goes with it.
    pub affinity: Affinity,
    /// All of [`Site::rules`].
    pub rules: Vec<Verdict>,
    /// The banners for pages of this kind, in file order: those that are on are shown.
    pub banners: Vec<Verdict>,
    /// The slots for such pages, in file order.
    pub slots: Vec<Asked>,
    /// The lists of such pages, in file order.
    pub lists: Vec<Listed>,
}

/// Whether a place or rule is on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// Its name.
    pub name: String,
    /// Why it is off; `None` when it is on.
    pub off: Option<&'static str>,
    /// Its condition.
    pub when: Checked,
}

/// How a slot of a page came to its items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Index into [`Site::slots`].
    pub slot: usize,
    /// Whether it is on; one that is off asks nothing.
    pub verdict: Verdict,
    /// The strategies that were asked, in order, and what each of them had.
    pub strategies: Vec<(Strategy, Vec<u32>)>,
    /// Whether the last of them fills the slot; if not, it is left out.
    pub is_filled: bool,
    /// The rules that are for it.
    pub rules: Vec<RuleAt>,
}

/// How a list of a page comes to its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Index into [`Site::lists`].
    pub list: usize,
    /// Whether it is on; one that is off has no ranks.
    pub verdict: Verdict,
    /// Of best sellers and of what goes with the views, the highest first, when it is a list of products.
    pub ranks: Vec<(u32, i64)>,
    /// Of the values of what was looked at, the highest first, when it is a list of these.
    pub values: Vec<(String, i64)>,
    /// The rules that are for it; a list of values has none.
    pub rules: Vec<RuleAt>,
}

/// A rule at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleAt {
    /// Index into [`Explained::rules`].
    pub rule: usize,
    /// What it keeps out, moves or puts in of what the asked strategies have, or of a list's ranked items;
    /// nothing while it is off.
    pub items: Vec<u32>,
}

/// The reason, and the condition if there is one.
impl Display for Verdict {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.off.unwrap_or("on"))?;
        match self.when.text.is_empty() {
            true => Ok(()),
            false => write!(f, "; when {}", self.when),
        }
    }
}

impl Explained {
    /// What became of a banner, slot or list for pages of this kind.
    pub fn place(&self, name: &str) -> Option<&Verdict> {
        let slots = self.slots.iter().map(|slot| &slot.verdict);
        let lists = self.lists.iter().map(|list| &list.verdict);
        let mut places = self.banners.iter().chain(slots).chain(lists);
        places.find(|verdict| verdict.name == name)
    }
}

/// How the places of the page at `target` come to what they show; nothing when the site's selectors cannot be
/// read.
#[cfg(feature = "authoring")]
pub fn explain(
    site: &Site,
    snapshot: &Arc<Snapshot>,
    page: &Page<'_>,
    known: &Known<'_>,
    moment: &Moment,
    target: &str,
) -> Explained {
    let index = SiteIndex::new(site.clone());
    let request = Request {
        target,
        ..Request::default()
    };
    let explain = |index| explain_with(&index, snapshot, page, known, moment, &request);
    index.map(explain).unwrap_or_default()
}

/// The same for a site that is ready.
pub(crate) fn explain_with(
    index: &SiteIndex,
    snapshot: &Arc<Snapshot>,
    page: &Page<'_>,
    known: &Known<'_>,
    moment: &Moment,
    request: &Request<'_>,
) -> Explained {
    decide::with_situation(index, snapshot, page, known, moment, request, |on| {
        let site = index.site.as_ref();
        let rules = site.rules.iter();
        let is_here = |pages: &[String]| pages.iter().any(|page| page == on.kind);
        let banners = site.banners.iter().filter(|b| is_here(&b.place.pages));
        let mut taken = page.facts.cart.clone();
        let slots = site.slots.iter().enumerate();
        let slots = slots.filter(|(_, slot)| is_here(&slot.place.pages));
        let lists = site.lists.iter().enumerate();
        let lists = lists.filter(|(_, list)| is_here(&list.pages));
        Explained {
            segments: on.situation.segments().map(str::to_owned).collect(),
            seen: on.context.known.seen.to_vec(),
            affinity: on.context.affinity.clone(),
            rules: rules
                .map(|rule| on.verdict(&rule.name, &rule.terms, &rule.when))
                .collect(),
            banners: banners
                .map(|banner| {
                    let terms = &banner.place.terms;
                    let mut verdict = on.verdict(&banner.name, terms, &terms.when);
                    if verdict.off.is_none() && !banner.audience.has(on.context.known.seen) {
                        verdict.off = Some("for another audience");
                    }
                    verdict
                })
                .collect(),
            slots: slots
                .map(|(at, slot)| on.asked(at, slot, site, &mut taken))
                .collect(),
            lists: lists
                .map(|(at, list)| on.listed((at, list), index, snapshot, page))
                .collect(),
        }
    })
}

impl On<'_> {
    fn verdict(&self, name: &str, terms: &Terms, when: &Condition) -> Verdict {
        let when = when.check(self.situation);
        let is_for_others = (!when.holds).then_some("its condition is false");
        Verdict {
            name: name.to_owned(),
            off: terms.why_off(name, self.moment).or(is_for_others),
            when,
        }
    }

    fn asked(&self, at: usize, slot: &Slot, site: &Site, taken: &mut Vec<u32>) -> Asked {
        let terms = &slot.place.terms;
        let mut asked = Asked {
            slot: at,
            verdict: self.verdict(&slot.name, terms, &terms.when),
            strategies: Vec::new(),
            is_filled: false,
            rules: Vec::new(),
        };
        let mut touched = Vec::new();
        if asked.verdict.off.is_none() {
            let tell = |strategy, items| asked.strategies.push((strategy, items));
            let filled = walk(slot, &self.context, &self.rules, taken, tell);
            asked.is_filled = filled.is_some();
            asked
                .strategies
                .extend(filled.map(|filled| (filled.strategy, filled.chosen)));
            for (strategy, _) in asked.strategies.iter().filter(|(s, _)| !s.is_content()) {
                touched.extend(self.touched(slot, *strategy, taken));
            }
            let filled = asked.strategies.last().filter(|_| asked.is_filled);
            if let Some((_, chosen)) = filled.filter(|(strategy, _)| !strategy.is_content()) {
                taken.extend(chosen);
            }
        }
        asked.rules = rules_at(site, &slot.name, &touched);
        asked
    }

    /// What the rules do to what a strategy has without them.
    fn touched(&self, slot: &Slot, strategy: Strategy, taken: &[u32]) -> Vec<Touched> {
        let (rules, max) = (self.rules.at(&slot.name), usize::from(slot.max));
        let place = PlaceKey::of(&slot.name);
        let items = self
            .context
            .choose(strategy, place, rules.depth(max), taken);
        let context = Context {
            rules: Some(rules),
            ..self.context
        };
        rules.touched(&items, max, |item| context.may_show(item, taken))
    }

    /// Which tiles a page has, it tells itself.
    fn listed(
        &self,
        (at, list): (usize, &List),
        index: &SiteIndex,
        snapshot: &Arc<Snapshot>,
        page: &Page<'_>,
    ) -> Listed {
        let mut listed = Listed {
            list: at,
            verdict: self.verdict(&list.name, &list.terms, &list.terms.when),
            ranks: Vec::new(),
            values: Vec::new(),
            rules: Vec::new(),
        };
        let ranker = ListRanker::new(index, list, snapshot, self, page);
        let mut touched = Vec::new();
        match ranker.filter(|_| listed.verdict.off.is_none()) {
            Some(ListRanker::Products(ranker)) => {
                let personal = self.context.affinity.ranked().take(MAX_RANKED);
                let best = 0..u32::try_from(snapshot.len().min(MAX_RANKED)).unwrap_or(0);
                let mut items: Vec<u32> = personal.chain(best).collect();
                crate::sort::dedup(&mut items);
                for &item in &items {
                    let rank = snapshot.id(item).and_then(|id| ranker.rank_id(id));
                    if let Some(rank) = rank {
                        insert(&mut listed.ranks, item, rank);
                    }
                }
                listed.ranks.truncate(MAX_RANKED);
                touched = self.rules.at(&list.name).touched_tiles(&items);
            }
            Some(ListRanker::Values(ranker)) => {
                for (value, rank) in ranker.values(snapshot, list.by, self.context.known.seen) {
                    insert(&mut listed.values, value.to_owned(), rank);
                }
                listed.values.truncate(MAX_RANKED);
            }
            None => {}
        }
        if list.by == By::Product {
            listed.rules = rules_at(&index.site, &list.name, &touched);
        }
        listed
    }
}

/// The highest first, and of equals the first. There are few, and a sort of their own would weigh more than all of this.
fn insert<T>(all: &mut Vec<(T, i64)>, one: T, rank: i64) {
    let at = all.iter().take_while(|(_, known)| *known >= rank).count();
    all.insert(at, (one, rank));
}

/// The rules that are for a place, each with all that it touches there, once.
fn rules_at(site: &Site, place: &str, touched: &[Touched]) -> Vec<RuleAt> {
    let rules = site.rules.iter().enumerate();
    let is_for = |places: &[String]| places.is_empty() || places.iter().any(|name| name == place);
    let rules = rules.filter(|(_, rule)| is_for(&rule.places));
    let rules = rules.map(|(at, _)| {
        let mut items: Vec<u32> = Vec::new();
        let own = touched.iter().filter(|(rule, _)| *rule == at);
        for &item in own.flat_map(|(_, items)| items) {
            if !items.contains(&item) {
                items.push(item);
            }
        }
        RuleAt { rule: at, items }
    });
    rules.collect()
}
