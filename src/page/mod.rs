//! What page is this, and which product is on it? Told by its URL alone.

pub(crate) mod implied;
pub(crate) mod text;

use crate::site::Site;
use crate::snapshot::Snapshot;

/// What a URL tells of a page.
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
}

impl<'a> Page<'a> {
    /// Looks at a request's target (path and query).
    pub fn identify(site: &'a Site, snapshot: &Snapshot, target: &'a str) -> Self {
        let path = target.split(['?', '#']).next().unwrap_or_default();
        let product = snapshot.item_of_link(target, "/");
        let rule = site.pages.iter().find(|rule| {
            let by_path = rule.paths.is_empty() || rule.paths.iter().any(|p| p.matches(path));
            let by_product = !rule.product_link || product.is_some();
            by_path && by_product
        });
        Self {
            path,
            kind: rule.map(|rule| rule.kind.as_str()),
            locale: locale_of(site, path),
            product,
        }
    }
}

/// The locale with the longest matching prefix; the first one when none matches.
fn locale_of(site: &Site, path: &str) -> usize {
    site.locales
        .iter()
        .enumerate()
        .filter(|(_, locale)| path.starts_with(&locale.prefix))
        .max_by_key(|(index, locale)| (locale.prefix.len(), usize::MAX - index))
        .map_or(0, |(index, _)| index)
}
