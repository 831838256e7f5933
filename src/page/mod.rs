//! What page is this, and what does it tell? Told by its URL, and by the page where site.toml says so.

pub(crate) mod compounds;
pub mod facts;
pub(crate) mod implied;
pub(crate) mod links;
pub(crate) mod text;

use crate::site::{Fact, FactName, Site};
use crate::snapshot::Snapshot;
pub use facts::Facts;

/// What is known of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<'a> {
    /// The path, as it stands in the request line.
    pub path: &'a str,
    /// The page's kind, when a rule of site.toml names it.
    pub kind: Option<&'a str>,
    /// Index into [`Site::locales`].
    pub locale: usize,
    /// The product that the page is about.
    pub product: Option<u32>,
    /// What else it tells.
    pub facts: Facts,
}

impl<'a> Page<'a> {
    /// Looks at a request's target (path and query).
    pub fn identify(site: &'a Site, snapshot: &Snapshot, target: &'a str) -> Self {
        let path = target.split(['?', '#']).next().unwrap_or_default();
        let linked = links::item_of_link(site, snapshot, target, "/");
        let rule = site.pages.iter().find(|rule| {
            // What has neither is told by the page itself.
            let by_path = rule.paths.is_empty() && rule.product_link
                || rule.paths.iter().any(|p| p.matches(path));
            let by_product = !rule.product_link || linked.is_some();
            by_path && by_product
        });
        let kind = rule.map(|rule| rule.kind.as_str());
        let locale = locale_of(site, path);
        let mut page = Self {
            path,
            kind,
            locale,
            product: None,
            facts: Facts::default(),
        };
        if !site.facts.is_empty() {
            page.facts = facts::of_url(site, snapshot, &page, target);
        }
        page.facts.product = page.facts.product.or(linked);
        page.product = page.facts.product;
        page
    }

    /// Takes in what the page itself told; what the URL told stays.
    pub(crate) fn learn(&mut self, site: &'a Site, told: Facts) {
        self.facts.add(told);
        self.product = self.facts.product;
        let told = self.facts.page.and_then(|rule| site.pages.get(rule));
        self.kind = self.kind.or(told.map(|rule| rule.kind.as_str()));
    }

    /// The facts that only reading the page can tell: by their index into [`Site::facts`], in file order. Of a
    /// page that no path names, its kind, and what pages of all kinds may tell; nothing where no element tells
    /// kinds.
    pub(crate) fn wanted<'s>(&self, site: &'s Site) -> Vec<(usize, &'s Fact)> {
        let facts = site.facts.iter().enumerate();
        let tells_kind = self.kind.is_none() && site.tells_kinds();
        let is_wanted = |(_, fact): &(usize, &Fact)| {
            let may_have = match (self.kind, fact.name) {
                (None, _) => tells_kind && fact.pages.is_empty(),
                (Some(_), FactName::Page) => false,
                (Some(_), _) => self.has(fact),
            };
            fact.source.is_on_page() && may_have && !self.facts.tell(fact.name)
        };
        facts.filter(is_wanted).collect()
    }

    /// Whether a page of this kind may have a fact.
    fn has(&self, fact: &Fact) -> bool {
        self.kind
            .is_some_and(|kind| fact.pages.is_empty() || fact.pages.iter().any(|page| page == kind))
    }
}

/// The locale with the longest matching prefix; the first one when none matches.
pub(crate) fn locale_of(site: &Site, path: &str) -> usize {
    site.locales
        .iter()
        .enumerate()
        .filter(|(_, locale)| path.starts_with(&locale.prefix))
        .max_by_key(|(index, locale)| (locale.prefix.len(), usize::MAX - index))
        .map_or(0, |(index, _)| index)
}
