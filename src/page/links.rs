//! Which product a link leads to, and which one a text names; what a link of our own says.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::site::{FactName, Site, Source};
use crate::snapshot::{Snapshot, link};

/// What is escaped in a query; the rest is unreserved (RFC 3986, 2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_');

/// A value as it stands in a query.
pub(crate) fn in_query(value: &str) -> String {
    utf8_percent_encode(value, RESERVED).to_string()
}

/// The product that a link on the page at `base` (a path) leads to: by site.toml's pattern of product paths,
/// by the feed's links, or by the feed's link in another language or without one.
pub(crate) fn item_of_link(
    site: &Site,
    snapshot: &Snapshot,
    href: &str,
    base: &str,
) -> Option<u32> {
    by_pattern(site, snapshot, href, base)
        .or_else(|| snapshot.item_of_link(href, base))
        .or_else(|| in_other_locale(site, snapshot, href, base))
}

/// The product that a text names: an item's id, a link, or the id of a group of variants.
pub(crate) fn item_of_text(
    site: &Site,
    snapshot: &Snapshot,
    text: &str,
    base: &str,
) -> Option<u32> {
    let text = text.trim();
    if text.is_empty() || text.len() > link::MAX_LINK_BYTES {
        return None;
    }
    let by_link = || {
        let is_link = text.starts_with('/') || text.contains("://");
        is_link
            .then(|| item_of_link(site, snapshot, text, base))
            .flatten()
    };
    snapshot
        .item_of_id(text)
        .or_else(by_link)
        .or_else(|| snapshot.item_of_group(text))
}

fn by_pattern(site: &Site, snapshot: &Snapshot, href: &str, base: &str) -> Option<u32> {
    let mut patterns = site
        .facts
        .iter()
        .filter_map(|fact| match (&fact.source, fact.name) {
            (Source::Path(pattern), FactName::Product) => Some(pattern),
            _ => None,
        })
        .peekable();
    patterns.peek()?;
    let (path, _) = link::path_and_query(href, base)?;
    patterns.find_map(|pattern| {
        let values = pattern.values(&path);
        values
            .iter()
            .find_map(|value| item_of_text(&NO_FACTS, snapshot, value, base))
    })
}

/// A path's value may look like a link, but is none of a pattern again.
static NO_FACTS: std::sync::LazyLock<Site> = std::sync::LazyLock::new(Site::default);

/// A page at `/de/p/x` where the feed has `/p/x` or `/en/p/x`, and the other way round.
fn in_other_locale(site: &Site, snapshot: &Snapshot, href: &str, base: &str) -> Option<u32> {
    let prefixes = || {
        let prefixes = site.locales.iter();
        prefixes.map(|locale| locale.prefix.trim_end_matches('/'))
    };
    if prefixes().all(str::is_empty) {
        return None;
    }
    let (path, query) = link::path_and_query(href, base)?;
    let behind = |prefix: &str| {
        path.strip_prefix(prefix)
            .filter(|rest| rest.starts_with('/'))
    };
    let own = prefixes().filter(|prefix| !prefix.is_empty() && behind(prefix).is_some());
    let own = own.max_by_key(|prefix| prefix.len());
    let rest = own.and_then(behind).unwrap_or(&path);
    // The shop's start page in another language is no product's.
    if rest == "/" {
        return None;
    }
    let others = prefixes().chain([""]).filter(|prefix| Some(*prefix) != own);
    let mut links = others.map(|prefix| format!("{prefix}{rest}?{query}"));
    links.find_map(|link| snapshot.item_of_link(&link, "/"))
}
