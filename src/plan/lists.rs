//! What gives a list's tiles or elements their rank, and the lists of a JSON document.

use std::sync::Arc;

use encoding_rs::Encoding;

use super::decide::{On, Request, with_situation};
use super::{Plan, SiteIndex};
use crate::page::{Page, text};
use crate::recommend::{Context, Known, Ranker, ValueRanker};
use crate::site::{By, JsonPointer, List, ListOrder, Moment};
use crate::snapshot::Snapshot;

/// What a tile or an element of a list shows, whoever looks at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A product, by its index in the snapshot.
    Item(u32),
    /// A value of an attribute, by its hash.
    Value(u64),
}

/// Gives a list's tiles or elements their rank.
#[derive(Debug, Clone)]
pub enum ListRanker {
    /// By product.
    Products(Ranker),
    /// By a value of an attribute.
    Values(ValueRanker),
}

impl ListRanker {
    /// `None` when what is known of the visitor says nothing of this list: then nothing moves.
    pub(super) fn new(
        index: &SiteIndex,
        list: &List,
        snapshot: &Arc<Snapshot>,
        on: &On<'_>,
        page: &Page<'_>,
    ) -> Option<Self> {
        let Context {
            known, affinity, ..
        } = on.context;
        match list.by {
            By::Product => {
                let ranker = Ranker::new(snapshot, &index.site, &known, affinity, page.path);
                Some(Self::Products(ranker.with_rules(&on.rules, &list.name)))
            }
            by => ValueRanker::new(snapshot, &index.values, by, known.seen).map(Self::Values),
        }
    }

    /// What a tile shows by the attribute that tells its product (its link) or its value, as it stands in
    /// the markup.
    pub fn target_of_attribute(&self, raw: &str) -> Option<Target> {
        match self {
            Self::Products(ranker) => ranker.item_of_link(raw).map(Target::Item),
            Self::Values(ranker) => ranker.value(&text::decode(raw)).map(Target::Value),
        }
    }

    /// What a tile shows by what an attribute of it names: an item's id, or a link; or a value.
    pub fn target_of_name(&self, raw: &str) -> Option<Target> {
        match self {
            Self::Products(ranker) => ranker.item_of_text(raw).map(Target::Item),
            Self::Values(ranker) => ranker.value(&text::decode(raw)).map(Target::Value),
        }
    }

    /// What a tile shows by its text. What is not UTF-8 is read in the page's charset, or in the one that
    /// the Encoding standard falls back to.
    pub fn target_of_text(
        &self,
        tile: &[u8],
        charset: Option<&'static Encoding>,
    ) -> Option<Target> {
        let Self::Values(ranker) = self else {
            return None;
        };
        let tile = tile.get(..text::MAX_TEXT_BYTES).unwrap_or(tile);
        let charset = match charset {
            Some(charset) => charset,
            None if is_utf8(tile) => encoding_rs::UTF_8,
            None => encoding_rs::WINDOWS_1252,
        };
        let (html, _) = charset.decode_without_bom_handling(tile);
        ranker.first_value(&text::runs(&html)).map(Target::Value)
    }

    /// What an element shows by what stands where [`JsonListPlan::at`] points.
    pub fn target_of_json(&self, text: &str, is_link: bool) -> Option<Target> {
        match self {
            Self::Products(ranker) if is_link => ranker.item_of_link(text).map(Target::Item),
            Self::Products(ranker) => ranker.item_of_id(text).map(Target::Item),
            Self::Values(ranker) => ranker.value(text).map(Target::Value),
        }
    }

    /// The rank of what a tile shows, higher first; `None` for what no list of this kind shows.
    pub fn rank(&self, target: Target) -> Option<i64> {
        match (self, target) {
            (Self::Products(ranker), Target::Item(item)) => Some(ranker.rank(item)),
            (Self::Values(ranker), Target::Value(value)) => Some(ranker.rank(value)),
            _ => None,
        }
    }
}

/// Whether a text is UTF-8, but for a character that is cut at its end.
fn is_utf8(text: &[u8]) -> bool {
    let error = std::str::from_utf8(text).err();
    error.is_none_or(|error| error.error_len().is_none())
}

/// A list of a JSON document that is to be put in order.
#[derive(Debug, Clone)]
pub struct JsonListPlan {
    /// The list's name in site.toml.
    pub name: String,
    /// Where it stands.
    pub array: JsonPointer,
    /// Where within an element its product's id or link, or its value, stands.
    pub at: JsonPointer,
    /// Whether a link stands there.
    pub is_link: bool,
    /// Gives each element its rank.
    pub ranker: ListRanker,
    /// Which places are filled anew.
    pub order: ListOrder,
}

/// Where a list of a JSON document and its products stand.
#[derive(Debug)]
pub(super) struct JsonPlace {
    array: JsonPointer,
    at: JsonPointer,
    is_link: bool,
}

impl JsonPlace {
    /// Reads the pointers of a list; `None` for one in HTML. The error names the first that cannot be read.
    pub(super) fn of(list: &List) -> Result<Option<Self>, String> {
        let Some(array) = &list.json else {
            return Ok(None);
        };
        let read = |pointer: &str| {
            JsonPointer::new(pointer).map_err(|error| format!("pointer {pointer:?}: {error}"))
        };
        Ok(Some(Self {
            array: read(array)?,
            at: read(list.link.as_deref().unwrap_or(&list.item))?,
            is_link: list.link.is_some(),
        }))
    }
}

impl SiteIndex {
    /// Whether a list in JSON that is on at this moment names this kind of page.
    pub(crate) fn has_json(&self, kind: &str, moment: &Moment) -> bool {
        self.json_lists(kind, moment).next().is_some()
    }

    fn json_lists<'i>(
        &'i self,
        kind: &'i str,
        moment: &'i Moment,
    ) -> impl Iterator<Item = (&'i List, &'i JsonPlace)> {
        let lists = self.site.lists.iter().zip(&self.json);
        lists
            .filter_map(|(list, place)| Some((list, place.as_ref()?)))
            .filter(move |(list, _)| {
                list.pages.iter().any(|page| page == kind) && list.terms.allow(&list.name, moment)
            })
    }
}

/// The lists of a page's JSON document that can be put in order, as [`decide`](super::decide) does for HTML.
pub(crate) fn decide_json(
    index: &SiteIndex,
    snapshot: &Arc<Snapshot>,
    page: &Page<'_>,
    known: &Known<'_>,
    moment: &Moment,
    request: &Request<'_>,
) -> Plan {
    with_situation(index, snapshot, page, known, moment, request, |on| {
        let lists = index.json_lists(page.kind.unwrap_or_default(), moment);
        let lists = lists.filter(|(list, _)| on.is_on(&list.name, &list.pages, &list.terms));
        let lists = lists.filter_map(|(list, place)| {
            let ranker = ListRanker::new(index, list, snapshot, on, page)?;
            Some(JsonListPlan {
                name: list.name.clone(),
                array: place.array.clone(),
                at: place.at.clone(),
                is_link: place.is_link,
                ranker,
                order: list.order.clone(),
            })
        });
        Plan {
            json: lists.collect(),
            ..Plan::default()
        }
    })
}
