//! Which address shows what.

mod account;
mod advisor;
mod brands;
mod cart;
mod cart_layer;
mod checkout;
mod collection;
mod footer;
mod home;
mod json;
mod layout;
mod listing;
mod no_results;
mod pager;
mod product;
mod product_details;
mod stories;
mod structured;
mod tags;
mod teasers;
mod texts;
mod texts_service;
mod texts_stories;
mod tiles;

#[cfg(test)]
mod tests;

use crate::http::field;
use crate::lang::Lang;
use crate::{Page, Request, Shop, pictures};
use layout::Frame;

const CSS: &str = concat!(
    include_str!("../../assets/shop.css"),
    include_str!("../../assets/pages.css")
);
const ICON: &str = include_str!("../../assets/icon.svg");

/// For a minute a page may come from a cache, as in a shop whose prices change now and then.
const PAGES_CACHE: &str = "public, max-age=60";
/// A page that greets somebody is that customer's alone.
const CUSTOMER_CACHE: &str = "private, no-cache";
/// A page that shows a cart, an order or an account is not kept at all.
const PRIVATE_CACHE: &str = "private, no-store";
/// Pictures belong to a seed, so not for ever.
const FILES_CACHE: &str = "public, max-age=86400";
/// The style sheet's address changes with its content.
const VERSIONED_CACHE: &str = "public, max-age=31536000, immutable";
/// Half a year, in seconds: how long a choice about cookies is kept.
const CONSENT_MAX_AGE: u32 = 180 * 86_400;

impl Request<'_> {
    /// A field of the form or, where the form does not have it, of the query.
    fn value(&self, name: &str) -> Option<String> {
        let query = self.target.split_once('?').map_or("", |(_, query)| query);
        field(self.form, name).or_else(|| field(query, name))
    }
}

impl Shop {
    /// The answer to a request without a body. A `POST` takes its fields from the query:
    /// `respond("POST", "/en/cart/add?id=TB-10234", None)`.
    pub fn respond(&self, method: &str, path_and_query: &str, cookie: Option<&str>) -> Page {
        self.answer(&Request {
            method,
            target: path_and_query,
            cookie,
            ..Request::default()
        })
    }

    /// The answer to a request. Depends on the shop and the request alone.
    pub fn answer(&self, request: &Request<'_>) -> Page {
        let (path, query) = request
            .target
            .split_once('?')
            .unwrap_or((request.target, ""));
        match request.method {
            "GET" => self.get(path, query, request),
            "HEAD" => {
                let mut page = self.get(path, query, request);
                if page.status != 304 {
                    let length = page.body.len().to_string();
                    page = page.with("content-length", length);
                    page.body.clear();
                }
                page
            }
            "POST" => self.post(path, request),
            _ => Page::new(
                405,
                "text/plain; charset=utf-8",
                "This shop knows GET, HEAD and POST.\n",
            )
            .with("allow", "GET, HEAD, POST"),
        }
    }

    fn get(&self, path: &str, query: &str, request: &Request<'_>) -> Page {
        if let Some(file) = self.file(path) {
            return file.validated(request.if_none_match);
        }
        if path == "/" {
            return Page::redirect(302, "/en/").with("cache-control", PAGES_CACHE);
        }
        if let Some(lang) = path.strip_prefix('/').and_then(Lang::from_code) {
            return Page::redirect(301, &format!("/{}/", lang.code()));
        }
        let Some((lang, rest)) = localised(path) else {
            return missing(Lang::En, request);
        };
        if let Some(page) = self.private(lang, rest, request) {
            return page.with("cache-control", PRIVATE_CACHE);
        }
        let page = match rest.split_once('/') {
            _ if rest.is_empty() => Some(home::page(self, lang, request)),
            _ if rest == "search" => listing::search(self, lang, query, request),
            _ if rest == "search.json" => json::search(self, lang, query),
            _ if rest == "suggest.json" => Some(json::suggest(self, lang, query)),
            _ if rest == "advisor" => Some(advisor::page(self, lang, query, request)),
            _ if rest == "brands" => Some(brands::list(self, lang, request)),
            _ if rest == "magazine" => Some(stories::magazine(self, lang, request)),
            _ if rest == "themes" => Some(stories::themes(self, lang, request)),
            Some(("c", rest)) => listing::listing(self, lang, rest, query, request),
            Some(("p", rest)) => product::page(self, lang, rest, request),
            Some(("t", rest)) => tags::page(self, lang, rest, query, request),
            Some(("b", rest)) => brands::page(self, lang, rest, query, request),
            Some(("magazine", rest)) => stories::article(self, lang, rest, request),
            Some(("themes", rest)) => stories::theme(self, lang, rest, request),
            _ => None,
        };
        let cache = match account::customer(request.cookie) {
            Some(_) => CUSTOMER_CACHE,
            None => PAGES_CACHE,
        };
        match page {
            // The cart's number and the consent form depend on cookies, so a cached page is only for the same ones.
            Some(page) if page.status == 200 => page
                .with("cache-control", cache)
                .with("vary", "Cookie")
                .validated(request.if_none_match),
            Some(page) => page,
            None => missing(lang, request),
        }
    }

    /// Pages that belong to one customer, whatever the cookies are.
    fn private(&self, lang: Lang, rest: &str, request: &Request<'_>) -> Option<Page> {
        match rest {
            "cart" => Some(cart::page(self, lang, request)),
            "cart/layer" => Some(cart_layer::layer(self, lang, request)),
            "checkout" => Some(checkout::page(self, lang, request)),
            "login" => Some(account::page(lang, request)),
            _ => {
                let number = rest.strip_prefix("order/")?;
                checkout::confirmation(self, lang, number, request)
            }
        }
    }

    fn post(&self, path: &str, request: &Request<'_>) -> Page {
        if path == "/consent" {
            return account::consent(request);
        }
        match localised(path) {
            Some((lang, "cart/add")) => cart::add(self, lang, request),
            Some((lang, "cart/remove")) => cart::remove(lang, request),
            Some((lang, "checkout")) => checkout::order(self, lang, request),
            Some((lang, "login")) => account::login(lang, request),
            Some((lang, "logout")) => account::logout(lang, request),
            _ if self.get(path, "", &Request::default()).status == 200 => {
                Page::new(405, "text/plain; charset=utf-8", "There is no form here.\n")
                    .with("allow", "GET, HEAD")
            }
            other => missing(other.map_or(Lang::En, |(lang, _)| lang), request),
        }
    }

    fn file(&self, path: &str) -> Option<Page> {
        const SVG: &str = "image/svg+xml";
        let (kind, cache, body) = match path {
            "/assets/shop.css" => ("text/css; charset=utf-8", VERSIONED_CACHE, CSS.to_owned()),
            "/assets/icon.svg" => (SVG, FILES_CACHE, ICON.to_owned()),
            "/assets/hero.svg" => (SVG, FILES_CACHE, pictures::hero()),
            _ => {
                let id = path.strip_prefix("/img/")?.strip_suffix(".svg")?;
                (SVG, FILES_CACHE, pictures::product(self.product(id)?))
            }
        };
        Some(Page::new(200, kind, body).with("cache-control", cache))
    }
}

/// `/de/cart` is `(De, "cart")`; `/de/` is `(De, "")`.
fn localised(path: &str) -> Option<(Lang, &str)> {
    let path = path.strip_prefix('/')?;
    let (code, rest) = path.split_once('/')?;
    Some((Lang::from_code(code)?, rest))
}

fn missing(lang: Lang, request: &Request<'_>) -> Page {
    let frame = Frame {
        lang,
        class: "page-missing",
        title: texts::MISSING_TITLE.to(lang),
        description: texts::CLAIM.to(lang),
        paths: Lang::ALL.map(|lang| format!("/{}/", lang.code())),
        cookie: request.cookie,
        query: "",
    };
    let (title, text) = (texts::MISSING_TITLE.to(lang), texts::MISSING_TEXT.to(lang));
    let body = frame.document(|out| {
        use std::fmt::Write;
        writeln!(
            out,
            "<section class=\"missing\">\n<h1>{title}</h1>\n<p>{text}</p>\n</section>"
        )
    });
    Page::html(404, body).with("cache-control", PRIVATE_CACHE)
}

/// A short name for the style sheet's present content.
fn css_version() -> u32 {
    CSS.bytes().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}
