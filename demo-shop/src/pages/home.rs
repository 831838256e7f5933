//! The home page.

use super::layout::Frame;
use super::texts as t;
use super::texts_stories as s;
use super::tiles::grid;
use super::{tags, teasers};
use crate::catalogue::Product;
use crate::catalogue::taxonomy::{DEPARTMENTS, Department};
use crate::editorial::articles;
use crate::html::escape;
use crate::lang::Lang;
use crate::pictures::SIZE;
use crate::{Page, Request, Shop};
use std::fmt::{self, Write};

/// How many new things are shown: those with the highest ids.
const NEW_IN: usize = 12;
/// How many articles are shown.
const STORIES: usize = 3;

pub(super) fn page(shop: &Shop, lang: Lang, request: &Request<'_>) -> Page {
    let frame = Frame {
        lang,
        class: "page-home",
        title: "",
        description: t::HERO_TEXT.to(lang),
        paths: Lang::ALL.map(|lang| format!("/{}/", lang.code())),
        cookie: request.cookie,
        query: "",
    };
    let body = frame.document(|out| {
        write!(
            out,
            "<section class=\"hero\">\n<div class=\"hero-text\"><p class=\"over\">{}</p><h1>{}</h1><p>{}</p>\
             <p class=\"actions\"><a class=\"button\" href=\"{}\">{}</a> <a class=\"button quiet\" href=\"{}\">{}</a></p></div>\n\
             <img src=\"/assets/hero.svg\" width=\"1200\" height=\"460\" alt=\"\">\n</section>\n",
            t::HERO_OVER.to(lang),
            t::HERO_TITLE.to(lang),
            t::HERO_TEXT.to(lang),
            DEPARTMENTS[1].path(lang),
            t::HERO_LINK.to(lang),
            DEPARTMENTS[0].path(lang),
            t::HERO_SECOND.to(lang),
        )?;
        write!(out, "<section class=\"categories\">\n<h2>{}</h2>\n<ul>\n", t::DEPARTMENTS_TITLE.to(lang))?;
        for department in DEPARTMENTS {
            let picture = face(shop, department).map(Product::picture_path).unwrap_or_default();
            writeln!(
                out,
                "<li><a href=\"{}\"><img src=\"{picture}\" width=\"{SIZE}\" height=\"{SIZE}\" alt=\"\">\
                 <span>{}</span></a></li>",
                department.path(lang),
                escape(department.name.to(lang)),
            )?;
        }
        write!(out, "</ul>\n</section>\n<section class=\"new-in\">\n<h2>{}</h2>\n", t::NEW_TITLE.to(lang))?;
        grid(out, lang, shop.products().iter().rev().take(NEW_IN))?;
        out.write_str("</section>\n")?;
        below(out, shop, lang)
    });
    Page::html(200, body)
}

/// What else there is to discover.
fn below(out: &mut String, shop: &Shop, lang: Lang) -> fmt::Result {
    let title = s::THEMES_TITLE.to(lang);
    write!(out, "<section class=\"worlds\">\n<h2>{title}</h2>\n")?;
    teasers::themes(out, shop, lang)?;
    out.write_str("</section>\n")?;
    teasers::category_tiles(out, shop, lang)?;
    let all: Vec<&Product> = shop.products().iter().collect();
    tags::section(out, lang, &all)?;
    let title = s::MAGAZINE.to(lang);
    write!(out, "<section class=\"magazine\">\n<h2>{title}</h2>\n")?;
    teasers::articles(out, shop, lang, articles().take(STORIES))?;
    writeln!(
        out,
        "<p><a href=\"/{}/magazine\">{}&nbsp;&rarr;</a></p>\n</section>",
        lang.code(),
        s::MAGAZINE_ALL.to(lang)
    )
}

/// The product that stands for a department.
fn face<'a>(shop: &'a Shop, department: &Department) -> Option<&'a Product> {
    shop.products()
        .iter()
        .find(|product| product.category.department == department.slug.en)
}
