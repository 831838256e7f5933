//! A shop to try things on: products, pictures, pages, a product feed and the traces of simulated shoppers, all made from
//! one number. The same seed gives the same bytes everywhere, so a test may compare whole files.
//!
//! The shop renders plain HTML on the server and knows nothing of what may be put in front of it. What it serves is what
//! a shop serves: cacheable pages with validators, a strict Content-Security-Policy, two languages, a consent form, and a
//! cart, an order and a customer's name in cookies. Its markup has the weak points of real shops, too: items that nobody
//! closed, entities, comments.
//!
//! ```
//! use tailorbird_demo_shop::{Lang, Shop};
//!
//! let shop = Shop::generate(1);
//! let page = shop.respond("GET", "/en/c/kitchen/mugs?page=2", None);
//! assert_eq!(page.status, 200);
//!
//! let mut feed = Vec::new();
//! shop.write_feed(Lang::De, &mut feed)?;
//! assert!(feed.starts_with(b"id\ttitle\t"));
//! # Ok::<(), std::io::Error>(())
//! ```

mod catalogue;
mod editorial;
mod feed;
mod html;
mod http;
mod lang;
mod pages;
mod pictures;
mod rng;
mod server;
mod shoppers;

pub use catalogue::Product;
pub use catalogue::facts::Facts;
pub use catalogue::taxonomy::{Category, Department};
pub use editorial::ARTICLE_COLUMNS;
pub use feed::FEED_COLUMNS;
pub use http::{Page, Request};
pub use lang::{Lang, Text, price};
pub use server::{FORM_LIMIT, serve};
pub use shoppers::{EVENTS_DAYS, EVENTS_DEFAULT, EVENTS_NOW};

use catalogue::taxonomy::{DEPARTMENTS, categories};

/// The shop's name.
pub const SHOP_NAME: &str = "Ufer & Ulme";
/// What the feed and the events put before every path. The name is reserved (RFC 2606): nobody's shop answers there.
pub const ORIGIN: &str = "https://demo.shop.example";
/// The seed that demonstrations use.
pub const DEFAULT_SEED: u64 = 1;
/// How many tiles a page of a listing or a search shows.
pub const TILES_PER_PAGE: usize = 24;
/// The file with which this shop would be personalised: which places on which pages. The shop itself does not read it.
pub const SITE_TOML: &str = include_str!("../site.toml");

/// The shop with everything in it.
#[derive(Debug, Clone)]
pub struct Shop {
    products: Vec<Product>,
}

impl Shop {
    /// The shop with this seed. The seed decides on products; names of departments and categories, brands and texts
    /// are the same in all of them.
    pub fn generate(seed: u64) -> Self {
        Self {
            products: catalogue::generate(seed),
        }
    }

    /// All products, by id.
    pub fn products(&self) -> &[Product] {
        &self.products
    }

    /// The product with this id.
    pub fn product(&self, id: &str) -> Option<&Product> {
        self.products.get(catalogue::position(id)?)
    }

    /// All departments, in the order of the navigation.
    pub fn departments(&self) -> &'static [Department] {
        DEPARTMENTS
    }

    /// All categories.
    pub fn categories(&self) -> impl Iterator<Item = &'static Category> {
        categories()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_site_file_names_the_shop_and_its_pages() {
        let site: toml::Table = SITE_TOML.parse().expect("site.toml is TOML");
        assert_eq!(site["shop"]["name"].as_str(), Some(SHOP_NAME));
        let shop = Shop::generate(DEFAULT_SEED);
        let banners = site["banner"].as_array().expect("banners");
        for banner in banners {
            for lang in Lang::ALL {
                let link = banner["link"][lang.code()]
                    .as_str()
                    .expect("a link per language");
                assert_eq!(shop.respond("GET", link, None).status, 200, "{link}");
            }
        }
    }

    #[test]
    fn every_place_of_the_site_file_exists() {
        let site: toml::Table = SITE_TOML.parse().expect("site.toml is TOML");
        let shop = Shop::generate(DEFAULT_SEED);
        let product = shop.products()[0].path(Lang::En);
        for place in ["banner", "slot", "list"]
            .iter()
            .flat_map(|kind| site[*kind].as_array().expect("a list"))
        {
            for page in place["pages"].as_array().expect("pages") {
                let path = match page.as_str().expect("a kind of page") {
                    "home" => "/en/",
                    "product" => &product,
                    "listing" => "/en/c/kitchen/mugs",
                    "search" => "/en/search?q=mug",
                    "cart" => "/en/cart",
                    "search-more" => "/en/search.json?q=mug",
                    "suggest" => "/en/suggest.json?q=mug",
                    other => panic!("unknown kind {other}"),
                };
                let body = String::from_utf8(shop.respond("GET", path, None).body)
                    .expect("pages are UTF-8");
                if let Some(pointer) = place.get("json").and_then(toml::Value::as_str) {
                    let found: serde_json::Value = serde_json::from_str(&body).expect("JSON");
                    let array = found.pointer(pointer).and_then(|found| found.as_array());
                    let item = place.get("item").or(place.get("link")).expect("a pointer");
                    let item = item.as_str().expect("a text");
                    let first = array.and_then(|array| array.first()?.pointer(item));
                    assert!(
                        first.is_some_and(|found| found.is_string()),
                        "{pointer} on {path}"
                    );
                    continue;
                }
                let selector = place["selector"].as_str().expect("a selector");
                let (element, class) = selector.split_once('.').expect("element.class");
                assert!(
                    body.contains(&format!("<{element} class=\"{class}\"")),
                    "{selector} on {path}"
                );
            }
        }
    }
}
