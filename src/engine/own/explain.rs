//! `GET explain`: how the decisions about a page come about, for whoever holds a debug token; and the same in
//! short at the end of the page itself.
//!
//! What a page itself tells is not known here, for it is not asked for: the overlay knows.

use std::sync::Arc;

use lol_html::Selector;
use serde::Serialize;

use super::html::Html;
use super::request::Request;
use super::why::shares;
use super::{LocalResponse, Model, json, nothing_here, text};
use crate::engine::{DEBUG_PARAMETER, DebugToken, moment};
use crate::page::{Facts, Page};
use crate::plan::{Fill, Filling, Insertion, PlaceSelectors, Request as Asking, explain_with};
use crate::recommend::{Affinity, Known, Ranker};
use crate::site::template::Op;
use crate::site::{By, Moment, Position, Site, Template};
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
struct PageFacts<'a> {
    path: &'a str,
    kind: Option<&'a str>,
    locale: &'a str,
    product: Option<&'a str>,
    category: Option<&'a str>,
    brand: Option<&'a str>,
    search: Option<&'a str>,
    cart: Vec<&'a str>,
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
struct SlotFacts<'a> {
    name: &'a str,
    is_filled: bool,
    min: u8,
    max: u8,
    asked: Vec<AskedFacts<'a>>,
}

#[derive(Serialize)]
struct AskedFacts<'a> {
    strategy: &'static str,
    items: Vec<ItemFacts<'a>>,
}

#[derive(Serialize)]
struct ItemFacts<'a> {
    id: &'a str,
    title: &'a str,
    score: u64,
    popularity: u16,
    seeds: Vec<Seed<'a>>,
}

#[derive(Serialize)]
struct Seed<'a> {
    id: &'a str,
    percent: u64,
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
struct Hidden<'a> {
    id: &'a str,
    why: &'static str,
}

/// What is explained.
struct Case<'a> {
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
    fn new(
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

    fn snapshot(&self) -> &'a Snapshot {
        &self.model.snapshot
    }

    fn id(&self, item: u32) -> &'a str {
        self.snapshot().id(item).unwrap_or_default()
    }

    fn page_facts(&self) -> PageFacts<'_> {
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

    fn slots(&self) -> Vec<SlotFacts<'a>> {
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
        items.sort_unstable();
        items.dedup();
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
            ranks.sort_by_key(|rank| std::cmp::Reverse(rank.rank));
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
    fn hidden(&self) -> Vec<Hidden<'a>> {
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
        candidates.sort_unstable();
        candidates.dedup();
        let hidden = candidates.into_iter();
        let hidden = hidden.filter_map(|item| Some((item, why(item)?)));
        let hidden = hidden.map(|(item, why)| Hidden {
            id: self.id(item),
            why,
        });
        hidden.collect()
    }
}

/// What a page with a debug token says at its end: a table, without scripts, styled by our own style alone.
pub(in crate::engine) fn overlay(
    model: &Model,
    page: &Page<'_>,
    known: &Known<'_>,
    moment: &Moment,
    asking: &Asking<'_>,
) -> Option<Insertion> {
    let case = Case::new(model, page, known, moment, asking);
    let facts = case.page_facts();
    let mut html = Html::part();
    html.raw("<link rel=\"stylesheet\" href=\"/_tailorbird/pages.css\"><details class=\"tb-debug\" lang=\"en\"><summary>Tailorbird</summary><table>");
    let mut row = |name: &str, value: &str| {
        html.raw("<tr><th scope=\"row\">")
            .text(name)
            .raw("</th><td>");
        html.text(value).raw("</td></tr>");
    };
    let snapshot = case.snapshot().meta().sequence.to_string();
    let cart = facts.cart.join(", ");
    for (name, value) in [
        ("snapshot", snapshot.as_str()),
        ("page", facts.kind.unwrap_or("no kind")),
        ("locale", facts.locale),
        ("product", facts.product.unwrap_or_default()),
        ("category", facts.category.unwrap_or_default()),
        ("brand", facts.brand.unwrap_or_default()),
        ("search", facts.search.unwrap_or_default()),
        ("cart", &cart),
    ] {
        if !value.is_empty() {
            row(name, value);
        }
    }
    let viewed: Vec<&str> = known.seen.iter().map(|&item| case.id(item)).collect();
    row("viewed", &viewed.join(", "));
    for slot in case.slots() {
        let name = match slot.is_filled {
            true => format!("slot {}", slot.name),
            false => format!("slot {}, left out", slot.name),
        };
        for asked in slot.asked {
            let items = asked.items.iter();
            let items = items.map(|item| format!("{} ({})", item.id, item.score));
            let items: Vec<String> = items.collect();
            row(&name, &format!("{}: {}", asked.strategy, items.join(", ")));
        }
    }
    let hidden = case.hidden();
    let hidden = hidden
        .iter()
        .map(|hidden| format!("{}: {}", hidden.id, hidden.why));
    row("hidden", &hidden.collect::<Vec<_>>().join("; "));
    html.raw("</table></details>");
    let template = Template {
        name: "tailorbird/debug".to_owned(),
        ops: vec![Op::Text(html.into_markup())],
    };
    Some(Insertion {
        selectors: Arc::new(PlaceSelectors {
            element: "body".parse::<Selector>().ok()?,
            watched: None,
        }),
        nth: 1,
        position: Position::Append,
        template: Arc::new(template),
        filling: Filling::given(
            &model.index.site,
            &model.snapshot,
            Fill {
                name: "tailorbird-debug".to_owned(),
                ..Fill::default()
            },
        ),
    })
}
