//! Facts that stand in a page's URL.

use percent_encoding::percent_decode_str;

use super::value::value;
use super::{Facts, MAX_FACT_TEXT_BYTES};
use crate::page::Page;
use crate::site::{Fact, Site, Source};
use crate::snapshot::Snapshot;

/// The most parameters of a query that are looked at.
const MAX_PARAMETERS: usize = 64;

/// What the URL of a page of this kind tells.
pub(crate) fn of_url(site: &Site, snapshot: &Snapshot, page: &Page<'_>, target: &str) -> Facts {
    let mut facts = Facts::default();
    for fact in site.facts.iter().filter(|fact| page.has(fact)) {
        if facts.tell(fact.name) {
            continue;
        }
        let texts = texts(fact, page.path, target);
        let values = texts
            .iter()
            .filter_map(|text| value(fact.name, text, site, snapshot, page.locale, page.path));
        let most = if fact.name.is_list() { usize::MAX } else { 1 };
        let values: Vec<_> = values.take(most).collect();
        facts.set(fact.name, &values);
    }
    facts
}

/// What may be a fact's text in a URL.
pub(super) fn texts(fact: &Fact, path: &str, target: &str) -> Vec<String> {
    let texts = match &fact.source {
        Source::Path(pattern) => pattern.values(path),
        Source::Query(name) => parameters(target, name),
        _ => Vec::new(),
    };
    let is_sound = |text: &String| text.len() <= MAX_FACT_TEXT_BYTES;
    texts.into_iter().filter(is_sound).collect()
}

fn parameters(target: &str, name: &str) -> Vec<String> {
    let query = target.split('#').next().and_then(|t| t.split_once('?'));
    let pairs = query.map_or("", |(_, query)| query).split('&');
    let decode = |text: &str| {
        let text = text.replace('+', " ");
        percent_decode_str(&text).decode_utf8_lossy().into_owned()
    };
    pairs
        .take(MAX_PARAMETERS)
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .filter(|(found, _)| decode(found) == name)
        .map(|(_, value)| decode(value))
        .collect()
}
