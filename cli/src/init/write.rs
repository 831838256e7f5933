//! The proposal as a commented site.toml.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use scraper::{ElementRef, Selector};
use tailorbird::site::Locale;
use tailorbird_trainer::feed::Catalogue;

use super::lists::List;
use super::page::{Page, PageKind};
use super::{select, template};

/// What is below is not proposed, but said in a comment.
const LEAST_CONFIDENCE: f64 = 0.5;

/// How many classes of the shop's list the proposed one takes over.
const MOST_CLASSES: usize = 16;

/// What slots use when no template can be made out of the shop's own tile.
const BUILT_IN: &str = "tailorbird/carousel";
/// What slots use when one can.
const OWN: &str = "shelf";

/// The whole file. What it says is checked before it is handed out; a template that the checker
/// refuses is left out for a built-in one.
pub(super) fn site(
    locale: &Locale,
    catalogue: &Catalogue,
    pages: &[Page],
    found: &[Vec<List<'_>>],
) -> String {
    let own = own_template(catalogue, pages, found);
    let text = |template: Option<&str>| text(locale, catalogue, pages, found, template);
    match own.map(|own| text(Some(&own))) {
        Some(site) if tailorbird::site::parse("site.toml", &site).is_ok() => site,
        _ => text(None),
    }
}

fn text(
    locale: &Locale,
    catalogue: &Catalogue,
    pages: &[Page],
    found: &[Vec<List<'_>>],
    template: Option<&str>,
) -> String {
    let mut out = String::new();
    let _ = write!(
        out,
        "# Proposed by `tailorbird init` from {} page(s) and a feed of {} products. Read it, change what is\n\
         # wrong, look for its places with `tailorbird check --page`, and see what it does with `tailorbird build` and\n\
         # `tailorbird try`.\n\n\
         [shop]\nname = {}\n{}\n[[locale]]\nlang = {}\n{}currency = {}\n\n\
         # Without the shop's consent cookie nothing about a visitor is read or written. Put its name here.\n\
         [consent]\ncookie = \"consent\"\ngrants = \"personalisation\"\nwithout = \"contextual\"\n",
        pages.len(),
        catalogue.items().len(),
        quoted(&shop_name(pages)),
        shop_url(catalogue).map_or_else(String::new, |url| format!("url = {}\n", quoted(&url))),
        quoted(&locale.lang),
        prefix(locale, pages).map_or_else(String::new, |prefix| format!(
            "# Pages of other languages need a [[locale]] each.\nprefix = {}\n",
            quoted(&prefix)
        )),
        quoted(&locale.currency),
    );
    page_kinds(&mut out, pages);
    if let Some(template) = template {
        let _ = write!(
            out,
            "\n# Out of the shop's own tile; \"{BUILT_IN}\" and \"tailorbird/list\" need no [[template]].\n\
             [[template]]\nname = \"{OWN}\"\nsource = '''\n{template}'''\n"
        );
    }
    let template = template.map_or(BUILT_IN, |_| OWN);
    let mut names = Names::default();
    for (page, lists) in pages.iter().zip(found) {
        slots(&mut out, page, lists, template, &mut names);
    }
    for (page, lists) in pages.iter().zip(found) {
        for list in lists {
            write_list(&mut out, pages, page, list, &mut names);
        }
    }
    out
}

fn page_kinds(out: &mut String, pages: &[Page]) {
    let mut kinds: BTreeMap<PageKind, Vec<&str>> = BTreeMap::new();
    for page in pages {
        let paths = kinds.entry(page.kind).or_default();
        paths.extend(page.path.as_deref());
    }
    out.push_str("\n# Pages: the first that matches names the page. * stands for anything within a segment, ** for anything.\n");
    for (kind, paths) in &kinds {
        let _ = write!(out, "\n[[page]]\nkind = \"{}\"\n", kind.name());
        match kind {
            PageKind::Product => out.push_str("product_link = true\n"),
            PageKind::Home => {
                let path = quoted(paths.first().copied().unwrap_or("/"));
                let _ = writeln!(out, "paths = [{path}]");
            }
            _ => {
                let paths = patterns(*kind, paths);
                if paths.is_empty() {
                    let guess = quoted(&format!("/{}/**", kind.name()));
                    let _ = writeln!(
                        out,
                        "# No page said its own address: this is a guess.\npaths = [{guess}]"
                    );
                } else {
                    let _ = writeln!(
                        out,
                        "# From the addresses of the pages given; widen it to all of their kind.\npaths = [{}]",
                        paths.join(", ")
                    );
                }
            }
        }
    }
}

/// What tells the pages of a kind, quoted; none within another one.
fn patterns(kind: PageKind, paths: &[&str]) -> Vec<String> {
    let all: BTreeSet<String> = paths.iter().map(|path| pattern(kind, path)).collect();
    let is_within = |path: &String| {
        all.iter().any(|other| {
            let folder = other.strip_suffix("**");
            other != path && folder.is_some_and(|folder| path.starts_with(folder))
        })
    };
    let widest = all.iter().filter(|path| !is_within(path));
    widest.map(|path| quoted(path)).collect()
}

/// `/en/shoes/**` for `/en/shoes/red`: pages of one kind share how their addresses begin. A shop has one page for its search and
/// one for its cart, and what is beside them is of another kind.
fn pattern(kind: PageKind, path: &str) -> String {
    let safe = path.starts_with('/')
        && path
            .bytes()
            .all(|b| b.is_ascii_graphic() && !matches!(b, b'*' | b'"' | b'\\'));
    let only = matches!(kind, PageKind::Search | PageKind::Cart);
    let folder = path
        .trim_matches('/')
        .rsplit_once('/')
        .map(|(folder, _)| folder);
    match folder {
        Some(folder) if safe && !only => format!("/{folder}/**"),
        _ if safe => path.to_owned(),
        _ if only => format!("/{}/**", kind.name()),
        _ => "/**".to_owned(),
    }
}

fn slots(out: &mut String, page: &Page, lists: &[List<'_>], template: &str, names: &mut Names) {
    // Each strategy has a heading of its own, in the shop's language where it is German or English.
    let strategies = match page.kind {
        PageKind::Product => "[\"similar_items\", \"top_sellers\"]",
        _ => "[\"recommended_for_you\", \"top_sellers\"]",
    };
    let place = match page.kind {
        PageKind::Product => product_place(page).map(|selector| {
            (
                selector,
                "after",
                "a guess: behind the block with the heading",
            )
        }),
        PageKind::Cart => None,
        _ => lists.iter().find_map(|list| {
            let found = list.selectors.as_ref()?;
            (found.confidence >= LEAST_CONFIDENCE).then(|| {
                (
                    found.list.clone(),
                    "before",
                    "a guess: before the largest list of tiles",
                )
            })
        }),
    };
    let Some((selector, position, why)) = place else {
        let _ = write!(
            out,
            "\n# {}: no place for a slot was found. Name an element yourself: selector = \"…\", position = \"after\".\n",
            page.name
        );
        return;
    };
    let matches = select::count(&page.bytes, &selector).unwrap_or(0);
    let Some(name) = names.of(page.kind, "for-you", &[&selector, position]) else {
        let _ = write!(
            out,
            "\n# {}: has the same place for a slot; {matches} element(s) match there\n",
            page.name
        );
        return;
    };
    let _ = write!(
        out,
        "\n# {}: {why}; {matches} element(s) match, the first counts\n[[slot]]\nname = \"{name}\"\npages = [\"{}\"]\nselector = {}\n\
         position = \"{position}\"\nstrategies = {strategies}\nmin = 3\nmax = 8\n\
         template = \"{template}\"\n",
        page.name,
        page.kind.name(),
        quoted(&selector),
    );
}

/// The element around the page's heading that has a name of its own: what comes after it is no longer
/// the product.
fn product_place(page: &Page) -> Option<String> {
    let heading = Selector::parse("h1").ok()?;
    let heading = page.tree.select(&heading).next()?;
    let above = std::iter::successors(super::lists::parent(heading), |e| super::lists::parent(*e));
    let blocks: Vec<_> = above
        .take_while(|e| !matches!(e.value().name(), "body" | "html"))
        .collect();
    let outer = blocks.iter().rev().find_map(|block| {
        select::candidates(*block)
            .into_iter()
            .find(|selector| select::count(&page.bytes, selector) == Some(1))
    });
    let main = blocks
        .iter()
        .find(|block| matches!(block.value().name(), "main" | "article"));
    let main = main.and_then(|block| {
        select::candidates(*block)
            .into_iter()
            .chain([block.value().name().to_owned()])
            .find(|selector| select::count(&page.bytes, selector) == Some(1))
    });
    main.or(outer)
}

fn write_list(out: &mut String, pages: &[Page], page: &Page, list: &List<'_>, names: &mut Names) {
    let tiles = list.tiles.len();
    let sure = list
        .selectors
        .as_ref()
        .filter(|s| s.confidence >= LEAST_CONFIDENCE);
    let Some(found) = sure else {
        let _ = write!(
            out,
            "\n# {}: {tiles} product tiles stand together in a <{}>, but no selector finds them and nothing else.\n",
            page.name,
            list.container.value().name()
        );
        return;
    };
    let name = names.of(page.kind, "tiles", &[&found.list, &found.tile]);
    let _ = write!(
        out,
        "\n# {}: {tiles} tiles with links to products, {} found by {} selectors, confidence {:.0} %\n",
        page.name,
        found.tiles,
        if name.is_some() { "these" } else { "the same" },
        found.confidence * 100.0,
    );
    let Some(name) = name else { return };
    let _ = write!(
        out,
        "[[list]]\nname = \"{name}\"\npages = [\"{}\"]\nselector = {}\ntile = {}\n",
        page.kind.name(),
        quoted(&found.list),
        quoted(&found.tile),
    );
    let mut alike = pages.iter().filter(|other| other.kind == page.kind);
    if alike.all(|page| select::count(&page.bytes, &found.list).unwrap_or(0) <= 1) {
        out.push_str("nth = 1   # no page has two: what follows it goes through unread\n");
    }
}

/// A template out of the tile with the most holes, in a list like the one that it stands in: what makes tiles a grid is mostly
/// said of the list.
fn own_template(catalogue: &Catalogue, pages: &[Page], found: &[Vec<List<'_>>]) -> Option<String> {
    let tiles = pages.iter().zip(found).flat_map(|(page, lists)| {
        let lists = lists.iter().flat_map(|list| list.tiles.iter().take(4));
        lists.map(move |tile| (page, tile))
    });
    let holes = |h: &template::Holes| {
        [h.link, h.image, h.title, h.price]
            .into_iter()
            .filter(|h| *h)
            .count()
    };
    let (tile, _, place) = tiles
        .filter_map(|(page, (tile, product))| {
            let item = catalogue.items().get(*product as usize)?;
            let (text, holes) = template::of(page, *tile, item)?;
            Some((text, holes, *tile))
        })
        .filter(|(text, ..)| !text.contains("'''"))
        .max_by_key(|(text, found, _)| (holes(found), std::cmp::Reverse(text.len())))?;
    let element = if tile.starts_with("<li") { "ul" } else { "div" };
    let classes = list_classes(place);
    Some(format!(
        "<section class=\"tb-slot\">\n<h2>{{{{title}}}}</h2>\n<{element}{classes}>\n{{{{#items}}}}\n{tile}{{{{/items}}}}\n</{element}>\n</section>\n"
    ))
}

/// The classes of the element that a tile stands in, as an attribute.
fn list_classes(tile: ElementRef<'_>) -> String {
    let is_plain = |name: &&str| {
        name.bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
    };
    let list = super::lists::parent(tile);
    let classes: Vec<&str> = list
        .iter()
        .flat_map(|list| list.value().classes())
        .filter(is_plain)
        .take(MOST_CLASSES)
        .collect();
    match classes.is_empty() {
        true => String::new(),
        false => format!(" class=\"{}\"", classes.join(" ")),
    }
}

/// Names of places, and where they are: two pages of one kind have most places in common.
#[derive(Default)]
struct Names {
    counts: BTreeMap<String, usize>,
    places: BTreeSet<(PageKind, String)>,
}

impl Names {
    /// A name that no other place has; none where another one is in the same place.
    fn of(&mut self, kind: PageKind, what: &str, place: &[&str]) -> Option<String> {
        let name = format!("{}-{what}", kind.name());
        if !self
            .places
            .insert((kind, format!("{what} {}", place.join("\n"))))
        {
            return None;
        }
        let count = self.counts.entry(name.clone()).or_default();
        *count += 1;
        Some(match *count {
            1 => name,
            count => format!("{name}-{count}"),
        })
    }
}

/// `/en/` where all pages whose address is known are below it.
fn prefix(locale: &Locale, pages: &[Page]) -> Option<String> {
    let prefix = format!("/{}/", locale.lang);
    let mut paths = pages
        .iter()
        .filter_map(|page| page.path.as_deref())
        .peekable();
    paths.peek()?;
    paths
        .all(|path| path.starts_with(&prefix))
        .then_some(prefix)
}

fn shop_name(pages: &[Page]) -> String {
    let name = |page: &Page| {
        let selector = Selector::parse("meta[property=\"og:site_name\"]").ok()?;
        let found = page.tree.select(&selector).next()?;
        found.value().attr("content").map(str::to_owned)
    };
    pages
        .iter()
        .find_map(name)
        .unwrap_or_else(|| "My shop".into())
}

/// The origin of the feed's links.
fn shop_url(catalogue: &Catalogue) -> Option<String> {
    let texts = catalogue.items().iter().flat_map(|item| &item.texts);
    let link = texts.map(|text| &text.link).find(|link| !link.is_empty())?;
    let (scheme, rest) = link.split_once("://")?;
    Some(format!("{scheme}://{}", rest.split('/').next()?))
}

/// A TOML basic string.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
