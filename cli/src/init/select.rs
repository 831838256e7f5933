//! Selectors that find a list and its tiles, and nothing else.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Range;
use std::rc::Rc;

use ego_tree::NodeId;
use ego_tree::iter::Edge;
use lol_html::{RewriteStrSettings, element, rewrite_str};
use scraper::{ElementRef, Selector};

use super::lists::parent;
use super::page::Page;

/// How far above an element an anchor for its selector is looked for.
const MAX_CLIMB: usize = 5;
/// A selector that finds more lists than this names nothing.
const MAX_SAME: usize = 40;
/// A tile's selector that finds so much else names no tile.
const MAX_STRAY: usize = 100;
/// So many of the best selectors are tried with the edge's parser.
const MAX_TRIED: usize = 12;
/// A class or an id with so many digits in a row names one element of one day.
const MAX_DIGITS: usize = 4;
/// Longer names are made by tools and change with every release.
const MAX_NAME: usize = 40;

/// The selectors of a list.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    pub(super) list: String,
    /// Below the list.
    pub(super) tile: String,
    /// How many elements the edge's own parser finds with both.
    pub(super) tiles: usize,
    /// From 0 to 1: how well they tell the tiles from all else.
    pub(super) confidence: f64,
}

/// The selectors with which most of `tiles` and least of all else is found. `others` are the tiles of
/// the page's other lists: a selector may find several lists, each by itself, but mixes none.
pub(super) fn find(
    page: &Page,
    container: ElementRef<'_>,
    tiles: &[ElementRef<'_>],
    others: &BTreeSet<NodeId>,
) -> Option<Found> {
    let spans = Spans::of(page);
    let start = |id: NodeId| Some(spans.get(id)?.start);
    let wanted: HashSet<usize> = tiles.iter().filter_map(|tile| start(tile.id())).collect();
    let foreign: HashSet<usize> = others.iter().filter_map(|id| start(*id)).collect();
    let mut scored: Vec<Found> = Vec::new();
    let parsed = |text: String| Some((Selector::parse(&text).ok()?, text));
    let tile_selectors: Vec<(Vec<Seen>, String)> = tile_candidates(tiles)
        .into_iter()
        .filter_map(parsed)
        .map(|(selector, text)| (spans.tiles(page, &selector, text.contains('>')), text))
        .collect();
    let lists: BTreeSet<String> = around(container, others).flat_map(candidates).collect();
    for (selector, list) in lists.into_iter().filter_map(parsed) {
        let lists: Vec<Range<usize>> = page
            .tree
            .select(&selector)
            .filter_map(|list| spans.get(list.id()).cloned())
            .collect();
        if lists.len() > MAX_SAME {
            continue;
        }
        for (found, tile) in &tile_selectors {
            if let Some(confidence) = judge(&lists, found, &wanted, &foreign) {
                scored.push(Found {
                    list: list.clone(),
                    tile: tile.clone(),
                    tiles: 0,
                    confidence,
                });
            }
        }
    }
    // The best, of equals those with names, which last longer than an order of tags, and the shortest.
    let rank = |found: &Found| {
        let unnamed = [&found.list, &found.tile]
            .into_iter()
            .filter(|selector| !selector.contains(['#', '.']))
            .count();
        (unnamed, found.list.len() + found.tile.len())
    };
    scored.sort_by(|a, b| {
        let by_rank = rank(a).cmp(&rank(b));
        b.confidence.total_cmp(&a.confidence).then(by_rank)
    });
    let mut best: Option<Found> = None;
    for mut found in scored.into_iter().take(MAX_TRIED) {
        // The count can only take from what the tree promises.
        if best
            .as_ref()
            .is_some_and(|best| best.confidence >= found.confidence)
        {
            break;
        }
        // What counts is what the edge's parser finds, which builds no tree and repairs no markup.
        let Some(count) = count(&page.bytes, &format!("{} {}", found.list, found.tile)) else {
            continue;
        };
        let in_tree = Selector::parse(&format!("{} {}", found.list, found.tile)).ok()?;
        let in_tree = page.tree.select(&in_tree).count();
        found.tiles = count;
        found.confidence *= count.min(in_tree) as f64 / count.max(in_tree).max(1) as f64;
        if best
            .as_ref()
            .is_none_or(|best| found.confidence > best.confidence)
        {
            best = Some(found);
        }
    }
    best.filter(|found| found.tiles > 0)
}

/// A list's element, and those around it that hold no other list's tiles.
fn around<'p>(
    container: ElementRef<'p>,
    others: &BTreeSet<NodeId>,
) -> impl Iterator<Item = ElementRef<'p>> {
    let is_alone =
        move |e: &ElementRef<'p>| !e.descendants().any(|node| others.contains(&node.id()));
    std::iter::successors(Some(container), |e| parent(*e))
        .take_while(|e| !matches!(e.value().name(), "html" | "body"))
        .take_while(is_alone)
        .take(MAX_CLIMB)
        .collect::<Vec<_>>()
        .into_iter()
}

/// Where each element begins and ends, counted in elements: what stands in another one is told without
/// walking through the page again for each pair of selectors.
struct Spans(HashMap<NodeId, Range<usize>>);

impl Spans {
    fn of(page: &Page) -> Self {
        let (mut spans, mut count) = (HashMap::new(), 0);
        for edge in page.tree.tree.root().traverse() {
            match edge {
                Edge::Open(node) => {
                    spans.insert(node.id(), count..count);
                    count += 1;
                }
                Edge::Close(node) => {
                    if let Some(span) = spans.get_mut(&node.id()) {
                        span.end = count;
                    }
                }
            }
        }
        Self(spans)
    }

    fn get(&self, id: NodeId) -> Option<&Range<usize>> {
        self.0.get(&id)
    }

    /// What a tile's selector finds in the page, in its order. Below a list it finds those of them whose
    /// anchor is below it, too: their parent, when the selector `names_parent`.
    fn tiles(&self, page: &Page, selector: &Selector, names_parent: bool) -> Vec<Seen> {
        let found = page.tree.select(selector).filter_map(|element| {
            let span = self.get(element.id())?.clone();
            let anchor = match names_parent {
                true => self.get(parent(element)?.id())?.start,
                false => span.start,
            };
            Some(Seen { span, anchor })
        });
        let mut found: Vec<Seen> = found.collect();
        found.sort_by_key(|seen| seen.span.start);
        found
    }
}

/// An element that a tile's selector finds.
struct Seen {
    span: Range<usize>,
    /// Where the first element that the selector names begins.
    anchor: usize,
}

/// From 0 to 1, how well a tile's selector, which finds `tiles`, tells tiles from all else below these
/// lists; `None` when it mixes lists, or finds tiles within tiles.
fn judge(
    lists: &[Range<usize>],
    tiles: &[Seen],
    wanted: &HashSet<usize>,
    others: &HashSet<usize>,
) -> Option<f64> {
    let (mut right, mut known, mut all) = (0, 0, 0);
    let mut seen = HashSet::new();
    for list in lists {
        let from = tiles.partition_point(|tile| tile.span.start <= list.start);
        let to = tiles.partition_point(|tile| tile.span.start < list.end);
        let found = tiles.get(from..to).unwrap_or_default().iter();
        let found: Vec<&Range<usize>> = found
            .filter(|tile| tile.anchor > list.start)
            .map(|tile| &tile.span)
            .collect();
        let own = found.iter().filter(|t| wanted.contains(&t.start)).count();
        if found.len() > own + MAX_STRAY + wanted.len() {
            return None;
        }
        let foreign = found.iter().filter(|t| others.contains(&t.start)).count();
        let mut pairs = found.iter().zip(found.iter().skip(1));
        let is_nested = pairs.any(|(tile, next)| next.start < tile.end);
        let is_twice = !found.iter().all(|tile| seen.insert(tile.start));
        if (own > 0 && foreign > 0) || is_nested || is_twice {
            return None;
        }
        right += own;
        known += own + foreign;
        all += found.len();
    }
    if right == 0 {
        return None;
    }
    let recall = right as f64 / wanted.len() as f64;
    let precision = known as f64 / all as f64;
    // Several lists of one shape are nearly as good as one: each is put in order by itself.
    let alone = if known == right { 1.0 } else { 0.95 };
    Some(recall * precision * alone)
}

/// How many elements of a page the edge's parser finds; `None` when it does not know the selector.
pub(super) fn count(page: &[u8], selector: &str) -> Option<usize> {
    let parsed: lol_html::Selector = selector.parse().ok()?;
    drop(parsed);
    let count = Rc::new(RefCell::new(0));
    let counter = Rc::clone(&count);
    let settings =
        RewriteStrSettings::new().append_element_content_handler(element!(selector, move |_| {
            *counter.borrow_mut() += 1;
            Ok(())
        }));
    rewrite_str(&String::from_utf8_lossy(page), settings).ok()?;
    let found = *count.borrow();
    Some(found)
}

/// Selectors for one element, short ones first.
pub(super) fn candidates(element: ElementRef<'_>) -> Vec<String> {
    let own = names(element);
    let mut all = own.clone();
    let mut above = parent(element);
    for _ in 0..MAX_CLIMB {
        let Some(anchor) = above else { break };
        for anchor in names(anchor)
            .iter()
            .filter(|name| name.contains(['#', '.']))
        {
            all.extend(own.iter().map(|own| format!("{anchor} {own}")));
            all.push(format!("{anchor} > {}", element.value().name()));
        }
        above = parent(anchor);
    }
    // The tag alone says something below an anchor only, or where the tag is rare.
    if !matches!(
        element.value().name(),
        "main" | "table" | "section" | "ul" | "ol"
    ) {
        all.retain(|selector| selector.contains(['#', '.']));
    }
    all
}

/// `tag#id`, `tag.class`, `tag.class.class`, `tag`.
fn names(element: ElementRef<'_>) -> Vec<String> {
    let tag = element.value().name();
    let id = element.value().id().filter(|id| is_lasting(id));
    let classes: Vec<&str> = element
        .value()
        .classes()
        .filter(|c| is_lasting(c))
        .collect();
    let mut names: Vec<String> = id.map(|id| format!("{tag}#{id}")).into_iter().collect();
    names.extend(classes.iter().map(|class| format!("{tag}.{class}")));
    for (at, first) in classes.iter().enumerate() {
        let others = classes.iter().skip(at + 1);
        names.extend(others.map(|second| format!("{tag}.{first}.{second}")));
    }
    names.push(tag.to_owned());
    names
}

/// What all tiles, or most of them, have in common.
fn tile_candidates(tiles: &[ElementRef<'_>]) -> Vec<String> {
    let Some(first) = tiles.first() else {
        return Vec::new();
    };
    let mut all = BTreeSet::new();
    for tile in tiles.iter().take(5) {
        all.extend(names(*tile));
    }
    let tag = first.value().name().to_owned();
    // A tile without a class of its own may have others of its tag in it; its parent tells them apart.
    if !all.iter().any(|name| name.contains('.')) {
        let above = parent(*first).map(names).unwrap_or_default();
        let named = above.iter().filter(|name| name.contains('.'));
        all.extend(named.map(|name| format!("{name} > {tag}")));
    }
    all.insert(tag);
    all.into_iter().filter(|name| !name.contains('#')).collect()
}

/// Whether a name will be there tomorrow, and needs no escaping.
fn is_lasting(name: &str) -> bool {
    let mut run = 0;
    let digits = name.bytes().any(|b| {
        run = if b.is_ascii_digit() { run + 1 } else { 0 };
        run >= MAX_DIGITS
    });
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    let starts = name
        .bytes()
        .next()
        .is_some_and(|b| b.is_ascii_alphabetic() || b == b'_');
    starts && !digits && name.len() <= MAX_NAME && name.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_tools_make_are_left_out() {
        for name in ["products", "product-grid", "col_3", "_x"] {
            assert!(is_lasting(name), "{name}");
        }
        for name in ["item-12345", "3col", "md:flex", "a/b", "", "ä"] {
            assert!(!is_lasting(name), "{name}");
        }
    }

    #[test]
    fn the_edges_parser_counts() {
        let page = b"<ul class=a><li>1<li>2</ul><ul><li>3</ul>";
        assert_eq!(count(page, "ul.a li"), Some(2));
        assert_eq!(count(page, "ul:has(li)"), None);
    }
}
