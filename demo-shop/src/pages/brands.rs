//! The makers: a list of all, and a listing for each.

use super::collection::{Collection, heading, trail};
use super::layout::Frame;
use super::texts_stories as t;
use crate::catalogue::taxonomy::DEPARTMENTS;
use crate::catalogue::words::{BRANDS, Brand};
use crate::html::escape;
use crate::lang::{Lang, slug};
use crate::{Page, Request, Shop};
use std::fmt::Write;

/// Path of a brand's page.
pub(super) fn path(lang: Lang, name: &str) -> String {
    format!("/{}/b/{}", lang.code(), slug(name))
}

/// The listing at `/<lang>/b/<slug>`.
pub(super) fn page(
    shop: &Shop,
    lang: Lang,
    wanted: &str,
    query: &str,
    request: &Request<'_>,
) -> Option<Page> {
    let brand = BRANDS.iter().find(|brand| slug(brand.name) == wanted)?;
    let lead = format!("{} {}.", t::BRAND_LEAD.to(lang), departments(lang, brand));
    let collection = Collection {
        class: "page-brand",
        title: brand.name,
        lead: &lead,
        paths: Lang::ALL.map(|lang| path(lang, brand.name)),
        products: shop
            .products()
            .iter()
            .filter(|product| product.brand == brand.name)
            .collect(),
    };
    collection.page(lang, query, request, |_| Ok(()))
}

/// The list at `/<lang>/brands`.
pub(super) fn list(shop: &Shop, lang: Lang, request: &Request<'_>) -> Page {
    let paths = Lang::ALL.map(|lang| format!("/{}/brands", lang.code()));
    let here = paths[lang as usize].clone();
    let frame = Frame {
        lang,
        class: "page-brands",
        title: t::BRANDS.to(lang),
        description: t::BRANDS_LEAD.to(lang),
        paths,
        cookie: request.cookie,
        query: "",
    };
    let body = frame.document(|out| {
        trail(out, lang, &[(&here, t::BRANDS.to(lang))])?;
        heading(out, t::BRANDS.to(lang), t::BRANDS_LEAD.to(lang))?;
        out.write_str("</header>\n<ul class=\"brands\">\n")?;
        for brand in BRANDS {
            let products = shop.products().iter();
            writeln!(
                out,
                "<li class=\"brand\" data-brand=\"{}\"><a href=\"{}\">{}</a> <small>{} &middot; {}</small></li>",
                slug(brand.name),
                path(lang, brand.name),
                escape(brand.name),
                products.filter(|product| product.brand == brand.name).count(),
                escape(&departments(lang, brand)),
            )?;
        }
        out.write_str("</ul>\n")
    });
    Page::html(200, body)
}

fn departments(lang: Lang, brand: &Brand) -> String {
    let names: Vec<&str> = DEPARTMENTS
        .iter()
        .filter(|department| brand.departments.contains(&department.slug.en))
        .map(|department| department.name.to(lang))
        .collect();
    names.join(", ")
}
