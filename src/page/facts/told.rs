//! What a page tells, with where it stands: for people.

use std::collections::BTreeMap;

use super::read::{Reader, Taker};
use super::value::value;
use super::{Facts, MAX_FACT_TEXTS, MAX_HELD_HEAD_BYTES, url};
use crate::page::Page;
use crate::site::{Fact, FactName, Site, Source};
use crate::snapshot::Snapshot;

/// One of [`Site::facts`] on a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What it tells.
    pub name: FactName,
    /// Index into [`Site::facts`].
    pub fact: usize,
    /// The texts that stand there, in the page's order; at most [`MAX_FACT_TEXTS`].
    pub texts: Vec<String>,
    /// Whether one of them means something to the snapshot.
    pub has_value: bool,
    /// Whether the page's fact is taken from here: the first of its name that has a value.
    pub counts: bool,
}

/// What the page at `target` (path and query) tells: the facts that it is looked at for, in file order, and
/// the page with them.
pub fn told<'a>(
    site: &'a Site,
    snapshot: &Snapshot,
    target: &'a str,
    html: &[u8],
) -> (Page<'a>, Vec<Told>) {
    let mut page = Page::identify(site, snapshot, target);
    let on_page = page.wanted(site);
    let mut texts = read(&on_page, html, MAX_HELD_HEAD_BYTES);
    let mut found = Facts::default();
    let mut all = Vec::new();
    let facts = site.facts.iter().enumerate();
    // What a cookie tells is the visitor's, not the page's.
    let is_in_url = |fact: &Fact| matches!(fact.source, Source::Path(_) | Source::Query(_));
    let by_url = facts.filter(|(_, fact)| is_in_url(fact) && page.has(fact));
    for (at, fact) in by_url.chain(on_page) {
        let texts = match fact.source.is_on_page() {
            true => texts.remove(&at).unwrap_or_default(),
            false => url::texts(fact, page.path, target),
        };
        let values: Vec<_> = texts
            .iter()
            .filter_map(|text| value(fact.name, text, site, snapshot, page.locale, page.path))
            .take(if fact.name.is_list() {
                super::MAX_FACT_ITEMS
            } else {
                1
            })
            .collect();
        let counts = !values.is_empty() && !found.tell(fact.name);
        if counts {
            found.set(fact.name, &values);
        }
        all.push(Told {
            name: fact.name,
            fact: at,
            texts,
            has_value: !values.is_empty(),
            counts,
        });
    }
    page.learn(site, found);
    (page, all)
}

/// Of these facts, those that stand in the first bytes of a page that an edge looks at, and those that stand
/// anywhere in it.
pub(crate) fn which_stand_in(facts: &[(usize, &Fact)], html: &[u8]) -> [Vec<usize>; 2] {
    [MAX_HELD_HEAD_BYTES, usize::MAX].map(|limit| read(facts, html, limit).into_keys().collect())
}

fn read(facts: &[(usize, &Fact)], html: &[u8], limit: usize) -> BTreeMap<usize, Vec<String>> {
    if facts.is_empty() {
        return BTreeMap::new();
    }
    let mut reader = Reader::with_limit(facts, None, Texts::default(), limit);
    reader.push(html);
    reader.end(|texts| std::mem::take(&mut texts.0))
}

#[derive(Default)]
struct Texts(BTreeMap<usize, Vec<String>>);

impl Taker for Texts {
    fn take(&mut self, fact: usize, text: &str) {
        let texts = self.0.entry(fact).or_default();
        let text = text.trim();
        if texts.len() < MAX_FACT_TEXTS && !text.is_empty() {
            texts.push(text.to_owned());
        }
    }

    fn end_block(&mut self, _: usize) {}

    fn is_satisfied(&self) -> bool {
        false
    }
}
