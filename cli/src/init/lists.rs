//! Tiles, and the lists that they stand in.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use ego_tree::NodeId;
use scraper::ElementRef;

use super::page::Page;
use super::select::{self, Found};

/// With fewer tiles there is nothing to put in order.
const LEAST_TILES: usize = 3;
/// What is linked from more places of a page is linked from everywhere, a gift card or the cart in each tile for
/// instance: where it stands tells of no tile.
const MAX_LINKS: usize = 12;
/// The most lists that are proposed for a page.
const MAX_LISTS: usize = 8;

/// A list of tiles.
pub(super) struct List<'p> {
    /// The element that holds the tiles, perhaps in rows.
    pub(super) container: ElementRef<'p>,
    /// The tiles with their products, in the order of the page.
    pub(super) tiles: Vec<(ElementRef<'p>, u32)>,
    /// How they are found; `None` when no selector was found that finds these and nothing else.
    pub(super) selectors: Option<Found>,
}

/// The lists of a page, the largest first.
pub(super) fn find(page: &Page) -> Vec<List<'_>> {
    let tiles = tiles(page);
    let order: HashMap<NodeId, usize> = page
        .tree
        .tree
        .root()
        .descendants()
        .map(|node| node.id())
        .zip(0..)
        .collect();
    let mut by_parent: BTreeMap<usize, Vec<(ElementRef<'_>, u32)>> = BTreeMap::new();
    for (tile, product) in tiles {
        if let Some(parent) = parent(tile) {
            by_parent
                .entry(order[&parent.id()])
                .or_default()
                .push((tile, product));
        }
    }
    let groups: Vec<Group<'_>> = by_parent
        .into_values()
        .filter_map(|tiles| Some((parent(tiles[0].0)?, tiles)))
        .collect();
    let mut lists: Vec<List<'_>> = rows_joined(groups)
        .into_iter()
        .map(|(container, mut tiles)| {
            tiles.sort_by_key(|(tile, _)| order[&tile.id()]);
            let tiles = alike(tiles);
            List {
                selectors: None,
                container,
                tiles,
            }
        })
        .filter(|list| distinct(&list.tiles) >= LEAST_TILES)
        .collect();
    lists.sort_by_key(|list| std::cmp::Reverse(list.tiles.len()));
    lists.truncate(MAX_LISTS);
    let all: BTreeSet<NodeId> = lists
        .iter()
        .flat_map(|l| l.tiles.iter().map(|t| t.0.id()))
        .collect();
    for list in &mut lists {
        let tiles: Vec<ElementRef<'_>> = list.tiles.iter().map(|(tile, _)| *tile).collect();
        let own: BTreeSet<NodeId> = tiles.iter().map(|tile| tile.id()).collect();
        let others = all.difference(&own).copied().collect();
        list.selectors = select::find(page, list.container, &tiles, &others);
    }
    lists
}

fn distinct(tiles: &[(ElementRef<'_>, u32)]) -> usize {
    tiles
        .iter()
        .map(|(_, product)| product)
        .collect::<BTreeSet<_>>()
        .len()
}

/// The largest elements whose links lead to one product alone.
fn tiles(page: &Page) -> Vec<(ElementRef<'_>, u32)> {
    // Which products are linked below each element: one, or more than one.
    let mut below: HashMap<NodeId, Option<u32>> = HashMap::new();
    let links = page.anchors().into_iter();
    let mut links: Vec<(ElementRef<'_>, u32)> = links
        .filter_map(|anchor| Some((anchor, page.product(&anchor)?)))
        .collect();
    let mut counts: HashMap<u32, usize> = HashMap::new();
    for (_, product) in &links {
        *counts.entry(*product).or_default() += 1;
    }
    links.retain(|(_, product)| counts[product] <= MAX_LINKS);
    for &(anchor, product) in &links {
        for node in std::iter::successors(Some(anchor), |e| parent(*e)) {
            let known = below.entry(node.id()).or_insert(Some(product));
            if *known != Some(product) {
                *known = None;
            }
        }
    }
    let mut seen = BTreeSet::new();
    let mut tiles = Vec::new();
    for (anchor, product) in links {
        let is_one = |e: &ElementRef<'_>| below.get(&e.id()) == Some(&Some(product));
        let climb = std::iter::successors(Some(anchor), |e| parent(*e));
        let Some(tile) = climb.take_while(is_one).last() else {
            continue;
        };
        // A page about one product alone has no tile.
        if !matches!(tile.value().name(), "html" | "body") && seen.insert(tile.id()) {
            tiles.push((tile, product));
        }
    }
    tiles
}

type Group<'p> = (ElementRef<'p>, Vec<(ElementRef<'p>, u32)>);

/// Groups whose elements stand side by side and look alike are rows of one list.
fn rows_joined(groups: Vec<Group<'_>>) -> Vec<Group<'_>> {
    let mut joined: Vec<Group<'_>> = Vec::new();
    let mut rows: Vec<(ElementRef<'_>, String, usize)> = Vec::new();
    for (row, tiles) in groups {
        let Some(above) = parent(row).filter(|_| row.value().name() != "body") else {
            joined.push((row, tiles));
            continue;
        };
        let looks = looks(row);
        let same = rows.iter().find(|(other, look, _)| {
            parent(*other).map(|p| p.id()) == Some(above.id()) && *look == looks
        });
        match same.map(|&(_, _, at)| at) {
            Some(at) => {
                joined[at].0 = above;
                joined[at].1.extend(tiles);
            }
            None => {
                rows.push((row, looks, joined.len()));
                joined.push((row, tiles));
            }
        }
    }
    joined
}

fn looks(element: ElementRef<'_>) -> String {
    let mut classes: Vec<&str> = element.value().classes().collect();
    classes.sort_unstable();
    format!("{}.{}", element.value().name(), classes.join("."))
}

/// Those of the commonest tag, and of the commonest class among these where one is on most.
fn alike<'p>(tiles: Vec<(ElementRef<'p>, u32)>) -> Vec<(ElementRef<'p>, u32)> {
    let mut tags: BTreeMap<&str, usize> = BTreeMap::new();
    for (tile, _) in &tiles {
        *tags.entry(tile.value().name()).or_default() += 1;
    }
    let tag = tags.into_iter().max_by_key(|(_, count)| *count);
    let tag = tag.map(|(tag, _)| tag.to_owned()).unwrap_or_default();
    let tiles: Vec<_> = tiles
        .into_iter()
        .filter(|(tile, _)| tile.value().name() == tag)
        .collect();
    let mut classes: BTreeMap<&str, usize> = BTreeMap::new();
    for (tile, _) in &tiles {
        for class in tile.value().classes() {
            *classes.entry(class).or_default() += 1;
        }
    }
    let commonest = classes.into_iter().max_by_key(|(_, count)| *count);
    match commonest {
        Some((class, count)) if count * 4 >= tiles.len() * 3 && count < tiles.len() => {
            let class = class.to_owned();
            let has = |tile: &ElementRef<'_>| tile.value().classes().any(|own| own == class);
            tiles.into_iter().filter(|(tile, _)| has(tile)).collect()
        }
        _ => tiles,
    }
}

pub(super) fn parent(element: ElementRef<'_>) -> Option<ElementRef<'_>> {
    element.parent().and_then(ElementRef::wrap)
}
