//! Tags: chips, and the listings that they lead to.

use super::collection::Collection;
use super::texts_stories as t;
use crate::catalogue::Product;
use crate::catalogue::tags::{TAGS, Tag};
use crate::lang::Lang;
use crate::{Page, Request, Shop};
use std::fmt::{self, Write};

/// The listing at `/<lang>/t/<slug>`.
pub(super) fn page(
    shop: &Shop,
    lang: Lang,
    slug: &str,
    query: &str,
    request: &Request<'_>,
) -> Option<Page> {
    let tag = TAGS.iter().find(|tag| tag.slug.to(lang) == slug)?;
    let collection = Collection {
        class: "page-tag",
        title: tag.name.to(lang),
        lead: tag.lead.to(lang),
        paths: Lang::ALL.map(|lang| tag.path(lang)),
        products: shop
            .products()
            .iter()
            .filter(|product| tag.holds(product))
            .collect(),
    };
    collection.page(lang, query, request, |out| {
        chips(out, lang, Some(tag), |_| true)
    })
}

/// The tags that at least one of `products` has, under a heading of their own; nothing if there is none.
pub(super) fn section(out: &mut String, lang: Lang, products: &[&Product]) -> fmt::Result {
    let used = |tag: &Tag| products.iter().any(|product| tag.holds(product));
    if !TAGS.iter().any(used) {
        return Ok(());
    }
    let title = t::TAGS_TITLE.to(lang);
    write!(out, "<section class=\"tagged\">\n<h2>{title}</h2>\n")?;
    chips(out, lang, None, used)?;
    out.write_str("</section>\n")
}

/// A list of chips. As in many a shop, nobody closed its items: HTML does not ask for it.
fn chips(
    out: &mut String,
    lang: Lang,
    current: Option<&Tag>,
    wanted: impl Fn(&Tag) -> bool,
) -> fmt::Result {
    out.write_str("<ul class=\"tags\">\n")?;
    for tag in TAGS.iter().filter(|tag| wanted(tag)) {
        let here = if current.is_some_and(|current| std::ptr::eq(current, tag)) {
            " aria-current=\"page\""
        } else {
            ""
        };
        writeln!(
            out,
            "<li class=\"tag\" data-tag=\"{}\"><a href=\"{}\"{here}>{}</a>",
            tag.slug.en,
            tag.path(lang),
            tag.name.to(lang)
        )?;
    }
    out.write_str("</ul>\n")
}
