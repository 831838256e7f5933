//! `GET explain`: how the decisions about a page come about, for whoever holds a debug token.
//!
//! What a page itself tells is not known here, for it is not asked for: the overlay knows.

use serde::Serialize;

use super::request::Request;
use super::why::shares;
use super::{LocalResponse, Model, json, nothing_here, text};
use crate::engine::{DEBUG_PARAMETER, DebugToken, moment};
use crate::page::{Facts, Page};
use crate::plan::{Request as Asking, explain_with};
use crate::recommend::{Affinity, Known, Ranker};
use crate::site::{By, Moment, Site};
use crate::snapshot::{Kind, Snapshot};

/// How many of a list's items, best sellers and what goes with the views, are given with their ranks.
const MAX_RANKED: usize = 24;

#[derive(Serialize)]
struct Explained<'a> {
    snapshot: u64,
    page: PageFacts<'a>,
    visitor: VisitorFacts<'a>,
    slots: Vec<SlotFacts<'a>>,
    lists: Vec<ListFacts<'a>>,
    hidden: Vec<Hidden<'a>>,
}

#[derive(Serialize)]
pub(super) struct PageFacts<'a> {
    pub path: &'a str,
    pub kind: Option<&'a str>,
    pub locale: &'a str,
    pub product: Option<&'a str>,
    pub category: Option<&'a str>,
    pub brand: Option<&'a str>,
    pub search: Option<&'a str>,
    pub cart: Vec<&'a str>,
}

#[derive(Serialize)]
struct VisitorFacts<'a> {
    expires: i64,
    viewed: Vec<&'a str>,
    /// Ids of the token that the shop does not have.
    unknown: Vec<&'a str>,
    segments: &'a [String],
    variants: &'a [String],
}

#[derive(Serialize)]
pub(super) struct SlotFacts<'a> {
    pub name: &'a str,
    pub is_filled: bool,
    pub min: u8,
    pub max: u8,
    pub asked: Vec<AskedFacts<'a>>,
}

#[derive(Serialize)]
pub(super) struct AskedFacts<'a> {
    pub strategy: &'static str,
    pub items: Vec<ItemFacts<'a>>,
}

#[derive(Serialize)]
pub(super) struct ItemFacts<'a> {
    pub id: &'a str,
    pub title: &'a str,
    pub score: u64,
    pub popularity: u16,
    pub seeds: Vec<Seed<'a>>,
}

#[derive(Serialize)]
pub(super) struct Seed<'a> {
    pub id: &'a str,
    pub percent: u64,
}

#[derive(Serialize)]
struct ListFacts<'a> {
    name: &'a str,
    ranks: Vec<Rank<'a>>,
}

#[derive(Serialize)]
struct Rank<'a> {
    id: &'a str,
    rank: i64,
}

#[derive(Serialize)]
pub(super) struct Hidden<'a> {
    pub id: &'a str,
    pub why: &'static str,
}

/// What is explained.
pub(super) struct Case<'a> {
    model: &'a Model,
    page: &'a Page<'a>,
    known: &'a Known<'a>,
    moment: &'a Moment,
    asking: &'a Asking<'a>,
    affinity: Affinity,
}

pub(super) fn answer(request: &Request<'_>) -> LocalResponse {
    let token = request.params.get(DEBUG_PARAMETER);
    let token = token.zip(request.keys);
    let token = token.and_then(|(token, keys)| DebugToken::read(token, keys, request.ambient.now));
    let Some(token) = token else {
        return nothing_here();
    };
    let url = request.params.get("url").filter(|url| url.starts_with('/'));
    let Some(url) = url else {
        return text(400, "Expected url=/path, percent-encoded.\n");
    };
    let (site, snapshot) = (request.site(), request.snapshot());
    let page = Page::identify(site, snapshot, url);
    let visitor = token.visitor(request.ambient);
    let items = visitor.items(snapshot);
    let known = visitor.known(&items);
    let moment = moment(request.ambient.now, Some(&visitor));
    let asking = Asking {
        target: url,
        country: request.ambient.country.as_deref(),
        region: request.ambient.region.as_deref(),
        forced: Some(&token),
    };
    let case = Case::new(request.model, &page, &known, &moment, &asking);
    let (viewed, unknown) = token
        .viewed
        .iter()
        .map(String::as_str)
        .partition(|id| snapshot.item_of_id(id).is_some());
    json(
        200,
        &Explained {
            snapshot: snapshot.meta().sequence,
            page: case.page_facts(),
            visitor: VisitorFacts {
                expires: token.expires,
                viewed,
                unknown,
                segments: &token.segments,
                variants: &token.variants,
            },
            slots: case.slots(),
            lists: case.lists(),
            hidden: case.hidden(),
        },
    )
}

impl<'a> Case<'a> {
    pub(super) fn new(
        model: &'a Model,
        page: &'a Page<'a>,
        known: &'a Known<'a>,
        moment: &'a Moment,
        asking: &'a Asking<'a>,
    ) -> Self {
        let affinity = Affinity::of(&model.snapshot, known.seen);
        Self {
            model,
            page,
            known,
            moment,
            asking,
            affinity,
        }
    }

    fn site(&self) -> &'a Site {
        &self.model.index.site
    }

    pub(super) fn snapshot(&self) -> &'a Snapshot {
        &self.model.snapshot
    }

    pub(super) fn id(&self, item: u32) -> &'a str {
        self.snapshot().id(item).unwrap_or_default()
    }

    pub(super) fn page_facts(&self) -> PageFacts<'_> {
        let Page {
            path,
            kind,
            locale,
            product,
            facts,
        } = self.page;
        let Facts {
            category,
            brand,
            search,
            cart,
            ..
        } = facts;
        let text = |column, code: &Option<u32>| self.snapshot().code_text(column, (*code)?);
        let locale = self.site().locales.get(*locale);
        PageFacts {
            path,
            kind: *kind,
            locale: locale.map_or("", |locale| &locale.prefix),
            product: product.map(|product| self.id(product)),
            category: text(Kind::Category, category),
            brand: text(Kind::Brand, brand),
            search: search.as_deref(),
            cart: cart.iter().map(|&item| self.id(item)).collect(),
        }
    }

    pub(super) fn slots(&self) -> Vec<SlotFacts<'a>> {
        let site = self.site();
        let asked = explain_with(
            &self.model.index,
            &self.model.snapshot,
            self.page,
            self.known,
            self.moment,
            self.asking,
        );
        let slots = asked.into_iter().filter_map(|asked| {
            let slot = site.slots.get(asked.slot)?;
            let strategies = asked
                .strategies
                .into_iter()
                .map(|(strategy, items)| AskedFacts {
                    strategy: strategy.name(),
                    items: items.into_iter().map(|item| self.item(item)).collect(),
                });
            Some(SlotFacts {
                name: &slot.name,
                is_filled: asked.is_filled,
                min: slot.min.max(1),
                max: slot.max,
                asked: strategies.collect(),
            })
        });
        slots.collect()
    }

    fn item(&self, item: u32) -> ItemFacts<'a> {
        let shares = shares(self.snapshot(), self.known.seen, item).into_iter();
        let seeds = shares.map(|share| Seed {
            id: self.id(share.item),
            percent: share.percent,
        });
        ItemFacts {
            id: self.id(item),
            title: self
                .snapshot()
                .title(item, self.page.locale)
                .unwrap_or_default(),
            score: self.affinity.score(item),
            popularity: self.snapshot().popularity(item),
            seeds: seeds.collect(),
        }
    }

    /// The ranks of best sellers and of what goes with the views: which tiles a page has, it tells itself.
    fn lists(&self) -> Vec<ListFacts<'a>> {
        let lists = self.site().lists.iter().filter(|list| {
            let is_here = list
                .pages
                .iter()
                .any(|page| Some(page.as_str()) == self.page.kind);
            is_here && list.terms.allow(&list.name, self.moment)
        });
        let ranker = Ranker::new(
            &self.model.snapshot,
            &self.model.index.site,
            self.known,
            &self.affinity,
            self.page.path,
        );
        let personal = self.affinity.ranked().take(MAX_RANKED);
        let best = 0..u32::try_from(self.snapshot().len().min(MAX_RANKED)).unwrap_or(0);
        let mut items: Vec<u32> = personal.chain(best).collect();
        crate::sort::dedup(&mut items);
        let ranks = |by| {
            let items = items.iter().filter(|_| by == By::Product);
            let ranks = items.filter_map(|&item| {
                let id = self.id(item);
                Some(Rank {
                    id,
                    rank: ranker.rank_id(id)?,
                })
            });
            let mut ranks: Vec<Rank<'a>> = ranks.collect();
            crate::sort::by_key(&mut ranks, |rank| std::cmp::Reverse(rank.rank));
            ranks.truncate(MAX_RANKED);
            ranks
        };
        let facts = lists.map(|list| ListFacts {
            name: &list.name,
            ranks: ranks(list.by),
        });
        facts.collect()
    }

    /// What would go with the views, and may not be shown.
    pub(super) fn hidden(&self) -> Vec<Hidden<'a>> {
        let snapshot = self.snapshot();
        let why = |item: u32| {
            let has_texts = snapshot.title(item, self.page.locale).is_some()
                && snapshot.link(item, self.page.locale).is_some()
                && snapshot.price(item, self.page.locale).is_some();
            Some(if self.page.product == Some(item) {
                "the page's own product"
            } else if self.known.cart.contains(&item) || self.page.facts.cart.contains(&item) {
                "in the cart"
            } else if self.known.disliked.contains(&item) {
                "disliked"
            } else if !snapshot.availability(item).is_orderable() {
                "out of stock"
            } else if !has_texts {
                "incomplete in this locale"
            } else {
                return None;
            })
        };
        let own = self.page.product.into_iter();
        let together = own.flat_map(|product| snapshot.viewed_together(product));
        let candidates = self.affinity.ranked().take(4 * MAX_RANKED);
        let candidates = candidates.chain(together.map(|(item, _)| item));
        let mut candidates: Vec<u32> = candidates.collect();
        crate::sort::dedup(&mut candidates);
        let hidden = candidates.into_iter();
        let hidden = hidden.filter_map(|item| Some((item, why(item)?)));
        let hidden = hidden.map(|(item, why)| Hidden {
            id: self.id(item),
            why,
        });
        hidden.collect()
    }
}
