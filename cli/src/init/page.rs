//! A page as a tree, and which of its links lead to products.

use std::collections::HashMap;

use scraper::{ElementRef, Html, Selector};
use tailorbird::snapshot::link;
use tailorbird_trainer::feed::Catalogue;

/// What a page is for, in the order in which site.toml must tell them: a listing's pattern would often
/// match the others' addresses, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum PageKind {
    Product,
    Home,
    Cart,
    Search,
    Listing,
}

impl PageKind {
    pub(super) const ALL: [Self; 5] = [
        Self::Product,
        Self::Home,
        Self::Cart,
        Self::Search,
        Self::Listing,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Home => "home",
            Self::Listing => "listing",
            Self::Search => "search",
            Self::Product => "product",
            Self::Cart => "cart",
        }
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == text)
    }
}

/// A saved page.
pub(super) struct Page {
    pub(super) name: String,
    pub(super) kind: PageKind,
    /// Its own path, where the page says it.
    pub(super) path: Option<String>,
    /// As it was saved.
    pub(super) bytes: Vec<u8>,
    pub(super) tree: Html,
    pub(super) links: Links,
    pub(super) product_links: usize,
}

/// Products by the keys of their links.
pub(super) struct Links {
    by_key: HashMap<String, u32>,
    base: String,
}

impl Links {
    fn new(catalogue: &Catalogue, base: &str) -> Self {
        let mut by_key = HashMap::new();
        for (number, item) in (0u32..).zip(catalogue.items()) {
            for text in &item.texts {
                if let Some(key) = link::feed_key(&text.link) {
                    by_key.entry(key).or_insert(number);
                }
            }
        }
        Self {
            by_key,
            base: base.to_owned(),
        }
    }

    /// The product that an address on this page leads to.
    pub(super) fn product(&self, href: &str) -> Option<u32> {
        link::keys(href, &self.base).find_map(|key| self.by_key.get(&key).copied())
    }
}

impl Page {
    pub(super) fn new(
        name: &str,
        bytes: &[u8],
        address: Option<&str>,
        kind: Option<PageKind>,
        catalogue: &Catalogue,
    ) -> Self {
        let tree = Html::parse_document(&String::from_utf8_lossy(bytes));
        let path = address.and_then(|address| address.split(['?', '#']).next());
        let path = path.map(str::to_owned).or_else(|| own_path(&tree));
        let links = Links::new(catalogue, path.as_deref().unwrap_or("/"));
        let anchors = anchors(&tree);
        let product_links = anchors
            .iter()
            .filter(|a| product(&links, a).is_some())
            .count();
        let kind = kind.unwrap_or_else(|| told_kind(path.as_deref(), &links));
        Self {
            name: name.to_owned(),
            kind,
            path,
            bytes: bytes.to_vec(),
            links,
            product_links,
            tree,
        }
    }

    /// Whether it is where a language's pages start: `/en/` for `en`.
    pub(super) fn is_start_in(&self, lang: &str) -> bool {
        let path = self.path.as_deref().map(|path| path.trim_matches('/'));
        path.is_some_and(|path| path.eq_ignore_ascii_case(lang))
    }

    /// All links, in the order of the page.
    pub(super) fn anchors(&self) -> Vec<ElementRef<'_>> {
        anchors(&self.tree)
    }

    /// The product that a link leads to.
    pub(super) fn product(&self, anchor: &ElementRef<'_>) -> Option<u32> {
        product(&self.links, anchor)
    }
}

fn product(links: &Links, anchor: &ElementRef<'_>) -> Option<u32> {
    links.product(anchor.value().attr("href")?)
}

fn anchors(tree: &Html) -> Vec<ElementRef<'_>> {
    let is_link = |e: &ElementRef<'_>| e.value().name() == "a" && e.value().attr("href").is_some();
    let all = tree.tree.nodes().filter_map(ElementRef::wrap);
    let mut links: Vec<_> = all.filter(is_link).collect();
    // Nodes come as they were made; the tree's own order is that of the page.
    let order: HashMap<_, _> = tree
        .tree
        .root()
        .descendants()
        .map(|n| n.id())
        .zip(0..)
        .collect();
    links.sort_by_key(|link| order.get(&link.id()).copied().unwrap_or(usize::MAX));
    links
}

/// The path of `<link rel=canonical>` or `og:url`.
fn own_path(tree: &Html) -> Option<String> {
    let first = |selector: &str, attribute: &str| {
        let selector = Selector::parse(selector).ok()?;
        let found = tree.select(&selector).next()?;
        found.value().attr(attribute).map(str::to_owned)
    };
    let address = first("link[rel=canonical]", "href")
        .or_else(|| first("meta[property=\"og:url\"]", "content"))?;
    let local = address
        .split_once("//")
        .map_or(address.as_str(), |(_, rest)| {
            rest.find('/').map_or("/", |at| &rest[at..])
        });
    let path = local.split(['?', '#']).next()?;
    Some(path.to_owned())
}

/// What a page is when nobody says so.
fn told_kind(path: Option<&str>, links: &Links) -> PageKind {
    let Some(path) = path else {
        return PageKind::Listing;
    };
    let has = |words: &[&str]| words.iter().any(|word| path.to_lowercase().contains(word));
    if path == "/" {
        PageKind::Home
    } else if links.product(path).is_some() {
        PageKind::Product
    } else if has(&["search", "suche", "recherche", "buscar"]) {
        PageKind::Search
    } else if has(&["cart", "basket", "warenkorb", "checkout"]) {
        PageKind::Cart
    } else {
        PageKind::Listing
    }
}
