//! What scripts of other shops would ask for: search results to load more of, and suggestions while somebody types.

use super::listing::found;
use super::pager::Pages;
use crate::catalogue::Product;
use crate::html::{json, query_value, text_of};
use crate::lang::Lang;
use crate::{Page, Shop, TILES_PER_PAGE};
use std::fmt::{self, Write};

/// How many products are suggested.
const SUGGESTED: usize = 8;

/// How many brands are suggested.
const BRANDS: usize = 6;

const JSON: &str = "application/json";

/// `/<lang>/search.json?q=&page=`: the results that the search's page of the same number shows.
pub(super) fn search(shop: &Shop, lang: Lang, query: &str) -> Option<Page> {
    let (wanted, found) = found(shop, lang, query);
    let pages = Pages::new(found.len(), query)?;
    let products = found.iter().skip(pages.skip()).take(TILES_PER_PAGE);
    let body = text_of(|out| {
        write!(
            out,
            "{{\"query\":{},\"count\":{},\"page\":{},\"next\":",
            json(&wanted),
            found.len(),
            pages.current
        )?;
        let path = format!("/{}/search.json?q={}", lang.code(), query_value(&wanted));
        match pages.next() {
            Some(next) => write!(out, "{}", json(&pages.link(&path, next)))?,
            None => out.write_str("null")?,
        }
        out.write_str(",\"data\":{\"products\":[")?;
        separated(out, products, |out, product| full(out, lang, product))?;
        out.write_str("]}}\n")
    });
    Some(Page::new(200, JSON, body))
}

/// `/<lang>/suggest.json?q=`: a few products, and the brands of all that were found.
pub(super) fn suggest(shop: &Shop, lang: Lang, query: &str) -> Page {
    let (wanted, found) = found(shop, lang, query);
    let mut brands: Vec<&str> = Vec::new();
    for product in &found {
        if brands.len() < BRANDS && !brands.contains(&product.brand) {
            brands.push(product.brand);
        }
    }
    let body = text_of(|out| {
        write!(out, "{{\"query\":{},\"products\":[", json(&wanted))?;
        separated(out, found.iter().take(SUGGESTED), |out, product| {
            let (title, url) = (product.title(lang), product.path(lang));
            write!(out, "{{\"title\":{},\"url\":{}}}", json(title), json(&url))
        })?;
        out.write_str("],\"brands\":[")?;
        separated(out, brands.iter(), |out, brand| {
            write!(out, "{}", json(brand))
        })?;
        out.write_str("]}\n")
    });
    Page::new(200, JSON, body)
}

fn full(out: &mut String, lang: Lang, product: &Product) -> fmt::Result {
    write!(
        out,
        "\n{{\"id\":{},\"title\":{},\"brand\":{},\"url\":{},\"image\":{},\"price\":{},\"in_stock\":{}}}",
        json(&product.id),
        json(product.title(lang)),
        json(product.brand),
        json(&product.path(lang)),
        json(&product.picture_path()),
        product.price_now(),
        product.in_stock
    )
}

fn separated<T>(
    out: &mut String,
    all: impl Iterator<Item = T>,
    mut write: impl FnMut(&mut String, T) -> fmt::Result,
) -> fmt::Result {
    for (at, one) in all.enumerate() {
        if at > 0 {
            out.write_char(',')?;
        }
        write(out, one)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::{DEFAULT_SEED, Shop};
    use serde_json::Value;

    fn get(path: &str) -> Value {
        let page = Shop::generate(DEFAULT_SEED).respond("GET", path, None);
        assert_eq!(
            (page.status, page.content_type),
            (200, "application/json"),
            "{path}"
        );
        serde_json::from_slice(&page.body).expect("JSON")
    }

    #[test]
    fn results_are_those_of_the_search_page() {
        let shop = Shop::generate(DEFAULT_SEED);
        for query in ["q=mug", "q=mug&page=2", "q=petrol"] {
            let page = shop.respond("GET", &format!("/en/search?{query}"), None);
            let html = String::from_utf8(page.body).expect("UTF-8");
            let shown: Vec<&str> = html
                .split("<li class=\"tile\" data-id=\"")
                .skip(1)
                .filter_map(|rest| rest.split('"').next())
                .collect();
            let found = get(&format!("/en/search.json?{query}"));
            let products = found["data"]["products"].as_array().expect("an array");
            let ids: Vec<&str> = products
                .iter()
                .filter_map(|one| one["id"].as_str())
                .collect();
            assert_eq!(ids, shown, "{query}");
        }
        let next = get("/en/search.json?q=mug")["next"].clone();
        assert_eq!(next, "/en/search.json?q=mug&page=2");
        let missing = shop.respond("GET", "/en/search.json?q=mug&page=99", None);
        assert_eq!(missing.status, 404);
    }

    #[test]
    fn suggestions_lead_to_products() {
        let shop = Shop::generate(DEFAULT_SEED);
        let found = get("/de/suggest.json?q=becher");
        let products = found["products"].as_array().expect("an array");
        assert_eq!(products.len(), super::SUGGESTED);
        for product in products {
            let url = product["url"].as_str().expect("a link");
            assert_eq!(shop.respond("GET", url, None).status, 200, "{url}");
        }
        assert!(
            found["brands"]
                .as_array()
                .is_some_and(|brands| brands.len() > 1)
        );
        assert_eq!(get("/en/suggest.json?q=%22%5C%3C")["query"], "\"\\<");
    }
}
