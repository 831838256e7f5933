//! Links as keys: what makes two ways of writing a product's address the same.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use xxhash_rust::xxh3::xxh3_64;

/// The longest link that is looked at, in bytes.
pub const MAX_LINK_BYTES: usize = 2048;

/// Query parameters that say where a visitor came from, not what the page is.
const TRACKING: &[&str] = &[
    "_ga",
    "_gl",
    "dclid",
    "fbclid",
    "gad_source",
    "gad_campaignid",
    "gbraid",
    "gclid",
    "igshid",
    "mc_cid",
    "mc_eid",
    "msclkid",
    "srsltid",
    "ttclid",
    "twclid",
    "wbraid",
    "yclid",
];
const TRACKING_PREFIX: &str = "utm_";

/// Query parameters that choose a variant on a product's page (Shopify, WooCommerce).
const VARIANT: &[&str] = &["variant", "variation_id"];
const VARIANT_PREFIX: &str = "attribute_";

/// The most parameters of a query that are also looked at one by one.
const MAX_PARAMETERS: usize = 8;

const COLLECTIONS: &str = "/collections/";
const PRODUCTS: &str = "products/";

/// The key under which the link index knows a feed's link: its path, percent-decoded, without a
/// trailing slash; with the query where the link has one that is not mere tracking.
pub fn feed_key(link: &str) -> Option<String> {
    Parts::of(link, "/").map(|parts| parts.full())
}

/// The key under which a variant's link is also known, when no other link has it: its path alone.
pub(super) fn key_of_all_variants(link: &str) -> Option<String> {
    let parts = Parts::of(link, "/")?;
    let is_variant = |pair: &str| {
        let name = pair.split('=').next().unwrap_or_default();
        VARIANT.contains(&name) || name.starts_with(VARIANT_PREFIX)
    };
    let is_known = !parts.query.is_empty() && parts.query.split('&').all(is_variant);
    is_known.then_some(parts.path)
}

/// The keys under which a link on the page at `base` (a path) may be known, most specific first: as it is;
/// with one parameter of several; its path alone; and that without the collection which a shop of Shopify's
/// kind names before it.
pub fn keys(href: &str, base: &str) -> impl Iterator<Item = String> {
    let parts = Parts::of(href, base);
    let asking = parts.as_ref().filter(|parts| !parts.query.is_empty());
    let with_query = asking.map(Parts::full);
    let singly = asking.map(Parts::singly).unwrap_or_default();
    let outside = parts.as_ref().and_then(|p| without_collection(&p.path));
    let path = parts.map(|p| p.path);
    let all = with_query.into_iter().chain(singly);
    all.chain(path).chain(outside)
}

/// `/collections/summer/products/x` is `/products/x`.
fn without_collection(path: &str) -> Option<String> {
    // Most paths have no such part, which slashes tell in less time than a search for a text.
    let rests = path.match_indices('/').map(|(at, _)| path.split_at(at));
    let mut collections =
        rests.filter_map(|(before, rest)| Some((before, rest.strip_prefix(COLLECTIONS)?)));
    let (before, rest) = collections.next()?;
    let (_, product) = rest.split_once('/')?;
    let is_product = product.starts_with(PRODUCTS) && product.len() > PRODUCTS.len();
    is_product.then(|| format!("{before}/{product}"))
}

/// What the link index holds of a key.
pub(super) fn hash(key: &str) -> u64 {
    xxh3_64(key.as_bytes())
}

struct Parts {
    path: String,
    query: String,
}

/// Path and query of a link on the page at `base` (a path), as they are written; `None` when it leads to no
/// page or is longer than [`MAX_LINK_BYTES`].
pub(crate) fn path_and_query<'a>(link: &'a str, base: &'a str) -> Option<(Cow<'a, str>, &'a str)> {
    let link = link.trim();
    if link.len() > MAX_LINK_BYTES {
        return None;
    }
    let link = link.split('#').next().filter(|l| !l.is_empty())?;
    let local = without_origin(link)?;
    let (path, query) = local.split_once('?').unwrap_or((local, ""));
    let absolute = match path {
        "" => Cow::Borrowed(base),
        path if path.starts_with('/') => Cow::Borrowed(path),
        relative => Cow::Owned(resolve(relative, base)),
    };
    Some((absolute, query))
}

impl Parts {
    fn of(link: &str, base: &str) -> Option<Self> {
        let (absolute, query) = path_and_query(link, base)?;
        let decoded = percent_decode_str(&absolute).decode_utf8_lossy();
        let trimmed = decoded.trim_end_matches('/');
        let path = if trimmed.is_empty() { "/" } else { trimmed };
        Some(Self {
            path: path.to_owned(),
            query: without_tracking(query),
        })
    }

    /// With each parameter of several alone: one names the product, the others sort or filter.
    fn singly(&self) -> Vec<String> {
        let pairs: Vec<&str> = self.query.split('&').take(MAX_PARAMETERS + 1).collect();
        match pairs.len() {
            2..=MAX_PARAMETERS => pairs.iter().map(|p| format!("{}?{p}", self.path)).collect(),
            _ => Vec::new(),
        }
    }

    fn full(&self) -> String {
        match self.query.as_str() {
            "" => self.path.clone(),
            query => format!("{}?{query}", self.path),
        }
    }
}

/// Drops `https://host`, `http://host` or `//host`. `None` for schemes that lead to no page.
fn without_origin(link: &str) -> Option<&str> {
    let after_scheme = match link.split_once(':') {
        Some((scheme, rest)) if scheme.bytes().all(is_scheme_byte) && !scheme.is_empty() => {
            if !matches!(scheme.to_ascii_lowercase().as_str(), "http" | "https") {
                return None;
            }
            rest
        }
        _ => link,
    };
    match after_scheme.strip_prefix("//") {
        Some(authority) => {
            let end = authority.find(['/', '?']).unwrap_or(authority.len());
            let local = &authority[end..];
            Some(if local.is_empty() { "/" } else { local })
        }
        None => Some(after_scheme),
    }
}

fn is_scheme_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')
}

/// RFC 3986, 5.2: a relative path against the folder of `base`.
fn resolve(relative: &str, base: &str) -> String {
    let folder = base.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut segments: Vec<&str> = folder.split('/').collect();
    for segment in relative.split('/') {
        match segment {
            "." => {}
            ".." => {
                if segments.len() > 1 {
                    segments.pop();
                }
            }
            segment => segments.push(segment),
        }
    }
    segments.join("/")
}

fn without_tracking(query: &str) -> String {
    if query.is_empty() {
        return String::new();
    }
    let query = query.replace("&amp;", "&");
    let kept: Vec<&str> = query
        .split('&')
        .filter(|pair| {
            let name = pair.split('=').next().unwrap_or_default();
            !pair.is_empty() && !name.starts_with(TRACKING_PREFIX) && !TRACKING.contains(&name)
        })
        .collect();
    kept.join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_ways_to_write_one_link() {
        for href in [
            "/en/p/mug-7",
            "/en/p/mug-7/",
            "https://shop.example/en/p/mug-7?utm_source=mail&gclid=1#reviews",
            "//shop.example/en/p/mug-7",
            "../p/mug-7",
            "mug-7",
            "./mug-7",
            "/en/p/m%75g-7",
        ] {
            let found: Vec<_> = keys(href, "/en/p/other").collect();
            assert_eq!(found, ["/en/p/mug-7"], "{href}");
        }
    }

    #[test]
    fn a_query_may_name_the_product() {
        let found: Vec<_> = keys("index.php?route=p&amp;id=4&utm_x=1", "/shop/").collect();
        assert_eq!(
            found,
            [
                "/shop/index.php?route=p&id=4",
                "/shop/index.php?route=p",
                "/shop/index.php?id=4",
                "/shop/index.php"
            ]
        );
        let many = format!("/p?{}", "a=1&".repeat(MAX_PARAMETERS + 1));
        assert_eq!(keys(&many, "/").count(), 2);
        assert_eq!(
            feed_key("http://x.example/shop/index.php?route=p&id=4").as_deref(),
            Some("/shop/index.php?route=p&id=4")
        );
    }

    #[test]
    fn variants_and_collections() {
        for (link, key) in [
            (
                "https://x.example/products/a?variant=12",
                Some("/products/a"),
            ),
            (
                "/p/a/?attribute_pa_size=m&attribute_pa_color=red",
                Some("/p/a"),
            ),
            ("/products/a", None),
            ("/index.php?id=4", None),
            ("/index.php?id=4&variant=1", None),
        ] {
            assert_eq!(key_of_all_variants(link).as_deref(), key, "{link}");
        }
        let last = |href| keys(href, "/").last();
        for (href, key) in [
            ("/collections/summer/products/a?variant=1", "/products/a"),
            ("/de/collections/summer/products/a", "/de/products/a"),
            ("/collections/summer", "/collections/summer"),
            (
                "/collections/summer/products/",
                "/collections/summer/products",
            ),
        ] {
            assert_eq!(last(href).as_deref(), Some(key), "{href}");
        }
    }

    #[test]
    fn what_leads_to_no_page_has_no_key() {
        for href in [
            "",
            "#top",
            "mailto:a@b.c",
            "javascript:void(0)",
            "tel:1",
            "data:text/html,x",
        ] {
            assert_eq!(keys(href, "/").count(), 0, "{href}");
        }
    }
}
