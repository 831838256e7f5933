//! From what is known to a plan.

use std::sync::Arc;

use percent_encoding::percent_decode_str;

use super::filling::{Content, Filling};
use super::index::SiteIndex;
use super::slots::walk;
use super::{Insertion, ListPlan, ListRanker, Plan};
use crate::engine::DebugToken;
use crate::page::Page;
use crate::recommend::{ActiveRules, Affinity, Context, Known, Situation, Surroundings};
use crate::site::{Moment, Terms};
use crate::snapshot::Snapshot;

/// The most parameters of a URL that conditions may ask for.
const MAX_PARAMETERS: usize = 32;

/// What a request says beside its page and cookies.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Request<'a> {
    /// Path and query.
    pub(crate) target: &'a str,
    /// ISO 3166-1 alpha-2.
    pub(crate) country: Option<&'a str>,
    /// The second part of ISO 3166-2.
    pub(crate) region: Option<&'a str>,
    /// Segments and variants that a debug token gives the visitor.
    pub(crate) forced: Option<&'a DebugToken>,
}

/// What places are decided by.
pub(super) struct On<'a> {
    pub(super) context: Context<'a>,
    pub(super) rules: ActiveRules,
    pub(super) situation: &'a Situation<'a>,
    pub(super) kind: &'a str,
    pub(super) moment: &'a Moment,
}

impl On<'_> {
    /// Whether a place is on for this visit.
    pub(super) fn is_on(&self, name: &str, pages: &[String], terms: &Terms) -> bool {
        pages.iter().any(|page| page == self.kind)
            && terms.allow(name, self.moment)
            && terms.when.holds(self.situation)
    }
}

/// Looks at all there is, and calls `decide` with it; the default for a page of no kind.
pub(super) fn with_situation<T: Default>(
    index: &SiteIndex,
    snapshot: &Arc<Snapshot>,
    page: &Page<'_>,
    known: &Known<'_>,
    moment: &Moment,
    request: &Request<'_>,
    decide: impl FnOnce(&On<'_>) -> T,
) -> T {
    let Some(kind) = page.kind else {
        return T::default();
    };
    let site = index.site.as_ref();
    let query = match index.asks_query {
        true => parameters(request.target),
        false => Vec::new(),
    };
    let around = Surroundings {
        country: request.country,
        region: request.region,
        query: &query,
        segments: request.forced.map_or(&[], |token| &token.segments),
        variants: request.forced.map_or(&[], |token| &token.variants),
    };
    let situation = Situation::new(site, snapshot, page, known, *moment, around);
    let rules = index
        .rules
        .active(&index.site, snapshot, page.locale, |rule| {
            rule.terms.allow(&rule.name, moment) && rule.when.holds(&situation)
        });
    // What must be no reason is taken out before anything is derived from it.
    let seen: Vec<u32>;
    let known = match rules.has_sensitive() {
        false => *known,
        true => {
            let may_be_seed = |item: &u32| rules.may_be_seed(*item);
            seen = known.seen.iter().copied().filter(may_be_seed).collect();
            Known {
                seen: &seen,
                ..*known
            }
        }
    };
    let affinity = Affinity::of(snapshot, known.seen);
    let context = Context {
        snapshot,
        site,
        locale: page.locale,
        now: moment.now,
        product: page.product,
        facts: &page.facts,
        known,
        affinity: &affinity,
        rules: None,
    };
    decide(&On {
        context,
        rules,
        situation: &situation,
        kind,
        moment,
    })
}

/// Calls `decide` with what strategies may look at and the rules that hold.
pub(crate) fn with_rules<T: Default>(
    index: &SiteIndex,
    snapshot: &Arc<Snapshot>,
    page: &Page<'_>,
    known: &Known<'_>,
    moment: &Moment,
    request: &Request<'_>,
    decide: impl FnOnce(Context<'_>, &ActiveRules) -> T,
) -> T {
    with_situation(index, snapshot, page, known, moment, request, |on| {
        decide(on.context, &on.rules)
    })
}

/// Decides what a visitor's page gets. Without consent nothing is known, and the plan depends on the page,
/// the snapshot and the request's surroundings alone.
pub(crate) fn decide(
    index: &SiteIndex,
    snapshot: &Arc<Snapshot>,
    page: &Page<'_>,
    known: &Known<'_>,
    moment: &Moment,
    request: &Request<'_>,
) -> Plan {
    with_situation(index, snapshot, page, known, moment, request, |on| {
        let places = index.banners.len() + index.slots.len();
        let mut plan = Plan {
            insertions: Vec::with_capacity(places),
            is_sensitive: page.product.is_some_and(|item| !on.rules.may_be_seed(item)),
            ..Plan::default()
        };
        let variants = on.situation.variants();
        plan.variants
            .extend(variants.map(|(name, variant)| (name.to_owned(), variant.to_owned())));
        let told = page.facts.customer.as_deref();
        let customer = told.or(on.context.known.customer).unwrap_or_default();
        let filling = |content| Filling {
            site: Arc::clone(&index.site),
            snapshot: Arc::clone(snapshot),
            locale: page.locale,
            now: moment.now,
            customer: customer.to_owned(),
            product: page.product,
            content,
        };
        insert_banners(index, on, &filling, &mut plan);
        insert_slots(index, on, page, &filling, &mut plan);
        for (list, shape) in index.site.lists.iter().zip(&index.lists) {
            let Some(shape) = shape.as_ref() else {
                continue;
            };
            if on.is_on(&list.name, &list.pages, &list.terms)
                && let Some(ranker) = ListRanker::new(index, list, snapshot, on, page)
            {
                plan.lists.push(ListPlan {
                    shape: Arc::clone(shape),
                    ranker,
                });
            }
        }
        plan
    })
}

fn insert_banners(
    index: &SiteIndex,
    on: &On<'_>,
    filling: &impl Fn(Content) -> Filling,
    plan: &mut Plan,
) {
    let seen = on.context.known.seen;
    for (at, (banner, selectors)) in index.site.banners.iter().zip(&index.banners).enumerate() {
        let place = &banner.place;
        let template = index.templates.get(usize::from(banner.template));
        if let Some(template) = template
            && banner.audience.has(seen)
            && on.is_on(&banner.name, &place.pages, &place.terms)
        {
            plan.insertions.push(Insertion {
                selectors: Arc::clone(selectors),
                nth: place.nth,
                position: place.position,
                template: Arc::clone(template),
                filling: filling(Content::Banner(at)),
            });
        }
    }
}

fn insert_slots(
    index: &SiteIndex,
    on: &On<'_>,
    page: &Page<'_>,
    filling: &impl Fn(Content) -> Filling,
    plan: &mut Plan,
) {
    // Room for all, so that none of them is moved.
    let most: usize = index
        .site
        .slots
        .iter()
        .map(|slot| usize::from(slot.max))
        .sum();
    let mut taken = Vec::with_capacity(page.facts.cart.len() + most);
    taken.extend(&page.facts.cart);
    for (at, (slot, selectors)) in index.site.slots.iter().zip(&index.slots).enumerate() {
        let place = &slot.place;
        let template = index.templates.get(usize::from(slot.template));
        let Some(template) = template.filter(|_| on.is_on(&slot.name, &place.pages, &place.terms))
        else {
            continue;
        };
        let Some(filled) = walk(slot, &on.context, &on.rules, &taken, |_, _| ()) else {
            continue;
        };
        if !filled.strategy.is_content() {
            taken.extend(&filled.chosen);
        }
        plan.insertions.push(Insertion {
            selectors: Arc::clone(selectors),
            nth: place.nth,
            position: place.position,
            template: Arc::clone(template),
            filling: filling(Content::Slot {
                slot: at,
                strategy: filled.at,
                chosen: filled.chosen,
            }),
        });
    }
}

/// A URL's parameters, decoded; the first [`MAX_PARAMETERS`].
fn parameters(target: &str) -> Vec<(String, String)> {
    let query = target.split_once('?').map_or("", |(_, query)| query);
    let query = query.split('#').next().unwrap_or_default();
    let decoded = |text: &str| {
        let text = text.replace('+', " ");
        percent_decode_str(&text).decode_utf8_lossy().into_owned()
    };
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .take(MAX_PARAMETERS)
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}
