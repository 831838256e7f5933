//! A page and its visitor, with how the decisions about it come about, as [`explain`](super::explain) and the
//! [`overlay`](super::overlay) tell it.

use serde::Serialize;

use super::Model;
use super::why::shares;
use crate::condition::Checked;
use crate::page::{Facts, Page};
use crate::plan::{Explained, MAX_RANKED, Request as Asking, RuleAt, explain_with};
use crate::recommend::Known;
use crate::site::{Moment, Site};
use crate::snapshot::{Kind, Snapshot};

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

/// A rule of site.toml.
#[derive(Serialize)]
pub(super) struct RuleFacts<'a> {
    pub name: &'a str,
    pub action: String,
    /// Of which items.
    pub items: String,
    pub off: Option<&'static str>,
    pub when: &'a Checked,
}

#[derive(Serialize)]
pub(super) struct SlotFacts<'a> {
    pub name: &'a str,
    pub off: Option<&'static str>,
    pub when: &'a Checked,
    pub is_filled: bool,
    pub min: u8,
    pub max: u8,
    pub asked: Vec<AskedFacts<'a>>,
    pub rules: Vec<RuleHere<'a>>,
}

/// A rule at a place.
#[derive(Serialize)]
pub(super) struct RuleHere<'a> {
    pub name: &'a str,
    pub action: String,
    pub off: Option<&'static str>,
    pub items: Vec<&'a str>,
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
pub(super) struct ListFacts<'a> {
    pub name: &'a str,
    pub off: Option<&'static str>,
    pub when: &'a Checked,
    pub ranks: Vec<Rank<'a>>,
    pub values: Vec<ValueRank<'a>>,
    pub rules: Vec<RuleHere<'a>>,
}

#[derive(Serialize)]
pub(super) struct Rank<'a> {
    id: &'a str,
    rank: i64,
}

/// How much of what was looked at has a value.
#[derive(Serialize)]
pub(super) struct ValueRank<'a> {
    pub value: &'a str,
    pub rank: i64,
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
    pub explained: Explained,
}

impl<'a> Case<'a> {
    pub(super) fn new(
        model: &'a Model,
        page: &'a Page<'a>,
        known: &'a Known<'a>,
        moment: &Moment,
        asking: &Asking<'_>,
    ) -> Self {
        let (index, snapshot) = (&model.index, &model.snapshot);
        let explained = explain_with(index, snapshot, page, known, moment, asking);
        Self {
            model,
            page,
            known,
            explained,
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

    pub(super) fn rules(&self) -> Vec<RuleFacts<'_>> {
        let rules = self.site().rules.iter().zip(&self.explained.rules);
        let facts = rules.map(|(rule, verdict)| RuleFacts {
            name: &verdict.name,
            action: rule.action.to_string(),
            items: rule.items.to_string(),
            off: verdict.off,
            when: &verdict.when,
        });
        facts.collect()
    }

    fn rules_here(&self, rules: &[RuleAt]) -> Vec<RuleHere<'_>> {
        let here = rules.iter().filter_map(|RuleAt { rule: at, items }| {
            let (rule, verdict) = (self.site().rules.get(*at)?, self.explained.rules.get(*at)?);
            Some(RuleHere {
                name: &verdict.name,
                action: rule.action.to_string(),
                off: verdict.off,
                items: items.iter().map(|&item| self.id(item)).collect(),
            })
        });
        here.collect()
    }

    pub(super) fn slots(&self) -> Vec<SlotFacts<'_>> {
        let slots = self.explained.slots.iter().filter_map(|asked| {
            let slot = self.site().slots.get(asked.slot)?;
            let strategies = asked.strategies.iter();
            let strategies = strategies.map(|(strategy, items)| AskedFacts {
                strategy: strategy.name(),
                items: items.iter().map(|&item| self.item(item)).collect(),
            });
            Some(SlotFacts {
                name: &slot.name,
                off: asked.verdict.off,
                when: &asked.verdict.when,
                is_filled: asked.is_filled,
                min: slot.min.max(1),
                max: slot.max,
                asked: strategies.collect(),
                rules: self.rules_here(&asked.rules),
            })
        });
        slots.collect()
    }

    pub(super) fn lists(&self) -> Vec<ListFacts<'_>> {
        let rank = |&(item, rank): &(u32, i64)| Rank {
            id: self.id(item),
            rank,
        };
        let facts = self.explained.lists.iter().map(|listed| {
            let values = listed.values.iter();
            let values = values.map(|(value, rank)| ValueRank { value, rank: *rank });
            ListFacts {
                name: &listed.verdict.name,
                off: listed.verdict.off,
                when: &listed.verdict.when,
                ranks: listed.ranks.iter().map(rank).collect(),
                values: values.collect(),
                rules: self.rules_here(&listed.rules),
            }
        });
        facts.collect()
    }

    fn item(&self, item: u32) -> ItemFacts<'a> {
        let shares = shares(self.snapshot(), &self.explained.seen, item).into_iter();
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
            score: self.explained.affinity.score(item),
            popularity: self.snapshot().popularity(item),
            seeds: seeds.collect(),
        }
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
        let candidates = self.explained.affinity.ranked().take(4 * MAX_RANKED);
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
