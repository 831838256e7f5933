//! Listings of a department or a category, and search results: the same grid with another heading.

use super::layout::Frame;
use super::pager::Pages;
use super::texts as t;
use super::tiles::grid;
use super::{no_results, tags};
use crate::catalogue::Product;
use crate::catalogue::taxonomy::{Category, DEPARTMENTS, Department};
use crate::html::{escape, query_value};
use crate::http::field;
use crate::lang::Lang;
use crate::{Page, Request, Shop, TILES_PER_PAGE};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::{self, Write};

/// Longest search, in characters; more does not help anybody.
const QUERY_LIMIT: usize = 80;

/// The listing at `/<lang>/c/<rest>`, or `None` where there is none.
pub(super) fn listing(
    shop: &Shop,
    lang: Lang,
    rest: &str,
    query: &str,
    request: &Request<'_>,
) -> Option<Page> {
    let (first, second) = rest
        .split_once('/')
        .map_or((rest, None), |(first, second)| (first, Some(second)));
    let department = DEPARTMENTS
        .iter()
        .find(|department| department.slug.to(lang) == first)?;
    let category = match second {
        Some(slug) => Some(
            department
                .categories()
                .find(|category| category.slug.to(lang) == slug)?,
        ),
        None => None,
    };
    let products: Vec<&Product> = shop
        .products()
        .iter()
        .filter(|product| match category {
            Some(category) => std::ptr::eq(product.category, category),
            None => product.category.department == department.slug.en,
        })
        .collect();
    let pages = Pages::new(products.len(), query)?;
    let title = category
        .map_or(department.name, |category| category.name)
        .to(lang);
    let path =
        |lang| category.map_or_else(|| department.path(lang), |category| category.path(lang));
    let frame = Frame {
        lang,
        class: "page-listing",
        title,
        description: department.lead.to(lang),
        paths: Lang::ALL.map(|lang| pages.link(&path(lang), pages.current)),
        cookie: request.cookie,
        query: "",
    };
    let body = frame.document(|out| {
        breadcrumb(out, lang, department, category)?;
        write!(
            out,
            "<header class=\"listing-head\"><h1>{}</h1>",
            escape(title)
        )?;
        if category.is_none() {
            write!(out, "<p>{}</p>", department.lead.to(lang))?;
        }
        count(out, lang, products.len())?;
        out.write_str("</header>\n")?;
        chips(out, lang, department, category)?;
        brands(out, lang, &products)?;
        grid(
            out,
            lang,
            products
                .iter()
                .copied()
                .skip(pages.skip())
                .take(TILES_PER_PAGE),
        )?;
        pages.nav(out, lang, &path(lang))?;
        tags::section(out, lang, &products)
    });
    Some(Page::html(200, body))
}

/// The search at `/<lang>/search`: every word must be in title, brand, colour, category or department.
pub(super) fn search(shop: &Shop, lang: Lang, query: &str, request: &Request<'_>) -> Option<Page> {
    let (wanted, found) = found(shop, lang, query);
    let pages = Pages::new(found.len(), query)?;
    let title = match wanted.as_str() {
        "" => t::SEARCH.to(lang).to_owned(),
        wanted => format!("{} “{wanted}”", t::RESULTS.to(lang)),
    };
    let path = |lang: Lang| match wanted.as_str() {
        "" => format!("/{}/search", lang.code()),
        wanted => format!("/{}/search?q={}", lang.code(), query_value(wanted)),
    };
    let frame = Frame {
        lang,
        class: "page-search",
        title: &title,
        description: t::CLAIM.to(lang),
        paths: Lang::ALL.map(path),
        cookie: request.cookie,
        query: &wanted,
    };
    let body = frame.document(|out| {
        write!(
            out,
            "<header class=\"listing-head\"><h1>{}</h1>",
            escape(&title)
        )?;
        if found.is_empty() {
            let text = if wanted.is_empty() {
                t::NO_QUERY
            } else {
                t::NO_RESULT
            };
            write!(out, "<p>{}</p>", text.to(lang))?;
        } else {
            count(out, lang, found.len())?;
        }
        out.write_str("</header>\n")?;
        if found.is_empty() && !wanted.is_empty() {
            no_results::write(out, lang, &wanted)?;
        }
        if !found.is_empty() {
            grid(
                out,
                lang,
                found
                    .iter()
                    .copied()
                    .skip(pages.skip())
                    .take(TILES_PER_PAGE),
            )?;
        }
        pages.nav(out, lang, &path(lang))
    });
    Some(Page::html(200, body))
}

/// What was looked for, and the products that have it.
pub(super) fn found<'s>(shop: &'s Shop, lang: Lang, query: &str) -> (String, Vec<&'s Product>) {
    let wanted: String = field(query, "q")
        .unwrap_or_default()
        .trim()
        .chars()
        .take(QUERY_LIMIT)
        .collect();
    let words: Vec<String> = wanted
        .to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    let found = shop
        .products()
        .iter()
        .filter(|product| matches(product, lang, &words))
        .collect();
    (wanted, found)
}

fn matches(product: &Product, lang: Lang, words: &[String]) -> bool {
    let category = product.category;
    let text = format!(
        "{} {} {} {} {}",
        product.title(lang),
        product.brand,
        product.colour(lang),
        category.name.to(lang),
        category.department().name.to(lang)
    )
    .to_lowercase();
    let found = |word: &String| match lang {
        // Otherwise "side table" would find the bedside lamps among the table lamps.
        Lang::En => text
            .split(|c: char| !c.is_alphanumeric())
            .any(|known| known.starts_with(word.as_str())),
        // German puts words together: who looks for "Becher" wants the "Teebecher" too.
        Lang::De => text.contains(word.as_str()),
    };
    !words.is_empty() && words.iter().all(found)
}

pub(super) fn count(out: &mut String, lang: Lang, count: usize) -> fmt::Result {
    let noun = if count == 1 {
        t::PRODUCT_ONE
    } else {
        t::PRODUCTS
    };
    write!(out, "<p class=\"count\">{count} {}</p>", noun.to(lang))
}

/// The way from the home page to a category.
pub(super) fn breadcrumb(
    out: &mut String,
    lang: Lang,
    department: &Department,
    category: Option<&Category>,
) -> fmt::Result {
    write!(
        out,
        "<nav class=\"breadcrumb\" aria-label=\"{}\"><a href=\"/{}/\">{}</a> <a href=\"{}\">{}</a>",
        t::HERE.to(lang),
        lang.code(),
        t::HOME.to(lang),
        department.path(lang),
        escape(department.name.to(lang))
    )?;
    if let Some(category) = category {
        write!(
            out,
            " <a href=\"{}\">{}</a>",
            category.path(lang),
            escape(category.name.to(lang))
        )?;
    }
    out.write_str("</nav>\n")
}

/// The brands of a listing with how many products each has, most first; a link looks for the brand in the whole shop.
fn brands(out: &mut String, lang: Lang, products: &[&Product]) -> fmt::Result {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for product in products {
        *counts.entry(product.brand).or_default() += 1;
    }
    let mut brands: Vec<(&str, usize)> = counts.into_iter().collect();
    brands.sort_by_key(|(_, count)| Reverse(*count));
    write!(
        out,
        "<aside class=\"facets\"><h2>{}</h2>\n<ul class=\"brands\">\n",
        t::BRANDS.to(lang)
    )?;
    for (brand, count) in brands {
        writeln!(
            out,
            "<li class=\"facet\"><a href=\"/{}/search?q={}\">{} <span>({count})</span></a></li>",
            lang.code(),
            query_value(brand),
            escape(brand)
        )?;
    }
    out.write_str("</ul></aside>\n")
}

/// Links to the categories of a department. What a category is called in the feed stands beside it, for the shop's own
/// statistics.
fn chips(
    out: &mut String,
    lang: Lang,
    department: &Department,
    current: Option<&Category>,
) -> fmt::Result {
    let mark = |here: bool| if here { " aria-current=\"page\"" } else { "" };
    write!(
        out,
        "<nav class=\"chips\" aria-label=\"{}\">",
        escape(department.name.to(lang))
    )?;
    write!(
        out,
        "<a href=\"{}\"{}>{}</a>",
        department.path(lang),
        mark(current.is_none()),
        t::ALL.to(lang)
    )?;
    for category in department.categories() {
        let here = current.is_some_and(|current| std::ptr::eq(current, category));
        write!(
            out,
            " <a href=\"{}\" data-category=\"{}\"{}>{}</a>",
            category.path(lang),
            escape(&category.product_type(Lang::En)),
            mark(here),
            escape(category.name.to(lang))
        )?;
    }
    out.write_str("</nav>\n")
}
