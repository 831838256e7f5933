//! How the slots of a page come to their items, for people.

use std::sync::Arc;

use super::decide::{self, Request};
use super::index::SiteIndex;
use super::slots::walk;
use crate::page::Page;
use crate::recommend::Known;
#[cfg(feature = "authoring")]
use crate::site::Site;
use crate::site::{Moment, Strategy};
use crate::snapshot::Snapshot;

/// How a slot of a page came to its items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Index into [`Site::slots`].
    pub slot: usize,
    /// The strategies that were asked, in order, and what each of them had.
    pub strategies: Vec<(Strategy, Vec<u32>)>,
    /// Whether the last of them fills the slot; if not, it is left out.
    pub is_filled: bool,
}

/// How the slots of a page that are on at this moment come to their items; none when the site's selectors
/// cannot be read.
#[cfg(feature = "authoring")]
pub fn explain(
    site: &Site,
    snapshot: &Arc<Snapshot>,
    page: &Page<'_>,
    known: &Known<'_>,
    moment: &Moment,
) -> Vec<Asked> {
    let index = SiteIndex::new(site.clone());
    let explain =
        |index: SiteIndex| explain_with(&index, snapshot, page, known, moment, &Request::default());
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
) -> Vec<Asked> {
    decide::with_situation(index, snapshot, page, known, moment, request, |on| {
        let mut taken = page.facts.cart.clone();
        let mut asked = Vec::new();
        for (at, slot) in index.site.slots.iter().enumerate() {
            if !on.is_on(&slot.name, &slot.place.pages, &slot.place.terms) {
                continue;
            }
            let mut strategies = Vec::new();
            let tell = |strategy, items| strategies.push((strategy, items));
            let filled = walk(slot, &on.context, &on.rules, &taken, tell);
            let is_filled = filled.is_some();
            if let Some(filled) = filled {
                if !filled.strategy.is_content() {
                    taken.extend(&filled.chosen);
                }
                strategies.push((filled.strategy, filled.chosen));
            }
            asked.push(Asked {
                slot: at,
                strategies,
                is_filled,
            });
        }
        asked
    })
}
