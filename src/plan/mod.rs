//! The plan for one page: what to insert where, which lists to put in order.

mod decide;
mod explain;
mod filling;
mod index;
mod lists;
mod slots;

pub(crate) use decide::{Request, decide, with_rules};
#[cfg(feature = "authoring")]
pub use explain::explain;
pub(crate) use explain::explain_with;
pub use explain::{Asked, Explained, Listed, MAX_RANKED, RuleAt, Verdict};
pub(crate) use filling::card;
pub use filling::{Card, Fill, Filling};
pub(crate) use index::SiteIndex;
pub(crate) use lists::decide_json;
pub use lists::{JsonListPlan, ListRanker, Target};

use std::sync::Arc;

use lol_html::Selector;

use crate::page::compounds::{Compound, Plain, chains_of};
use crate::site::{ListOrder, Position, Template};

/// What a rewriter is to do to one page.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// Banners and slots.
    pub insertions: Vec<Insertion>,
    /// Lists.
    pub lists: Vec<ListPlan>,
    /// Lists of a JSON document; then there is nothing else.
    pub json: Vec<JsonListPlan>,
    /// The experiments that the visitor takes part in, each with the variant.
    pub variants: Vec<(String, String)>,
    /// A rule calls the page's product sensitive: that it was looked at must not be remembered.
    pub is_sensitive: bool,
}

impl Plan {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.insertions.is_empty() && self.lists.is_empty() && self.json.is_empty()
    }
}

/// Something to insert at one of the elements that a selector matches.
#[derive(Debug, Clone)]
pub struct Insertion {
    /// Where.
    pub selectors: Arc<PlaceSelectors>,
    /// At which of them, from 1; 0 counts as 1.
    pub nth: u16,
    /// Where, relative to the element.
    pub position: Position,
    /// What it looks like.
    pub template: Arc<Template>,
    /// What it says.
    pub filling: Filling,
}

/// A banner's or slot's selectors, compiled.
#[derive(Debug)]
pub struct PlaceSelectors {
    /// The element.
    pub element: Selector,
    /// Start tags below it that tell where such an element ends without an end tag.
    pub watched: Option<Selector>,
    /// The start tags that matter to these; `None` for all.
    pub(crate) interests: Option<Vec<Interest>>,
}

/// What a list's selectors ask of start tags below it, where these alone tell.
#[derive(Debug, Clone)]
pub(crate) struct PlainList {
    pub(crate) tile: Plain,
    pub(crate) link: Option<Plain>,
    /// The attribute that names an item; empty for none.
    pub(crate) item: String,
    /// In lower case.
    pub(crate) watched: Vec<&'static str>,
}

/// A compound of a selector that start tags may fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Interest {
    pub(crate) compound: Arc<Compound>,
    /// The selector begins to match here.
    pub(crate) is_root: bool,
    /// It goes on below.
    pub(crate) goes_on: bool,
    pub(crate) matters: Matters,
}

/// When a start tag that a selector finds changes anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Matters {
    Always,
    /// While a list is held.
    InLists,
    /// While a tile has no link.
    AsLink,
    /// While a tile has not named its item.
    AsName,
}

impl Interest {
    /// Those of selectors; `None` when any start tag may matter to one of them.
    pub(crate) fn all<'a>(
        selectors: impl Iterator<Item = (&'a str, Matters)>,
    ) -> Option<Vec<Self>> {
        let mut all = Vec::new();
        for (selector, matters) in selectors {
            for chain in chains_of(selector)? {
                let last = chain.len() - 1;
                for (depth, compound) in chain.into_iter().enumerate() {
                    let goes_on = depth < last;
                    let interest = Self {
                        compound: Arc::new(compound),
                        is_root: depth == 0,
                        goes_on,
                        matters: if goes_on { Matters::Always } else { matters },
                    };
                    if !all.contains(&interest) {
                        all.push(interest);
                    }
                }
            }
        }
        Some(all)
    }
}

/// A list to put in order.
#[derive(Debug, Clone)]
pub struct ListPlan {
    /// Which.
    pub shape: Arc<ListShape>,
    /// Gives each tile its rank.
    pub ranker: ListRanker,
}

/// What site.toml says of a list in HTML, compiled.
#[derive(Debug)]
pub struct ListShape {
    /// The list's name in site.toml.
    pub name: String,
    /// Its selectors.
    pub selectors: ListSelectors,
    /// The attribute that holds a tile's item; empty when links tell.
    pub item: String,
    /// Which places are filled anew.
    pub order: ListOrder,
    /// Which of the page's lists, from 1; 0 is all of them.
    pub nth: u16,
}

/// A list's selectors, compiled.
#[derive(Debug, Clone)]
pub struct ListSelectors {
    /// The element that holds the tiles.
    pub list: Selector,
    /// The tiles.
    pub tile: Selector,
    /// What tells a tile's product or value, below the list; `None` when its text does.
    pub link: Option<Selector>,
    /// The attribute of such an element that does: `href` for products.
    pub attribute: String,
    /// The elements below the list that hold an item's id, when the list has such.
    pub item: Option<Selector>,
    /// Tags below the list that tell where a tile without an end tag ends, where tiles can be such.
    pub watched: Option<Selector>,
    /// The start tags that matter to these; `None` for all.
    pub(crate) interests: Option<Vec<Interest>>,
    /// `None` where lol_html has to match them.
    pub(crate) plain: Option<PlainList>,
}
