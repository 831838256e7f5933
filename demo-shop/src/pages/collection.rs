//! A page with a heading and a grid of products that are not of one category: of a tag or a brand.

use super::layout::Frame;
use super::listing::count;
use super::pager::Pages;
use super::texts as t;
use super::tiles::grid;
use crate::catalogue::Product;
use crate::html::escape;
use crate::lang::Lang;
use crate::{Page, Request, TILES_PER_PAGE};
use std::fmt::{self, Write};

pub(super) struct Collection<'a> {
    /// Class of the body.
    pub(super) class: &'static str,
    pub(super) title: &'a str,
    pub(super) lead: &'a str,
    /// Its first page in each language.
    pub(super) paths: [String; 2],
    pub(super) products: Vec<&'a Product>,
}

impl Collection<'_> {
    /// The page that `query` asks for, with `above` between heading and grid. `None` if there is no such page.
    pub(super) fn page(
        self,
        lang: Lang,
        query: &str,
        request: &Request<'_>,
        above: impl FnOnce(&mut String) -> fmt::Result,
    ) -> Option<Page> {
        let pages = Pages::new(self.products.len(), query)?;
        let path = self.paths[lang as usize].clone();
        let frame = Frame {
            lang,
            class: self.class,
            title: self.title,
            description: self.lead,
            paths: self.paths.map(|path| pages.link(&path, pages.current)),
            cookie: request.cookie,
            query: "",
        };
        let body = frame.document(|out| {
            trail(out, lang, &[(&path, self.title)])?;
            heading(out, self.title, self.lead)?;
            count(out, lang, self.products.len())?;
            out.write_str("</header>\n")?;
            above(out)?;
            let shown = self.products.iter().copied().skip(pages.skip());
            grid(out, lang, shown.take(TILES_PER_PAGE))?;
            pages.nav(out, lang, &path)
        });
        Some(Page::html(200, body))
    }
}

/// The beginning of a page's heading; the caller closes the `header`.
pub(super) fn heading(out: &mut String, title: &str, lead: &str) -> fmt::Result {
    write!(
        out,
        "<header class=\"listing-head\"><h1>{}</h1><p>{}</p>",
        escape(title),
        escape(lead)
    )
}

/// The way from the home page to this one.
pub(super) fn trail(out: &mut String, lang: Lang, steps: &[(&str, &str)]) -> fmt::Result {
    write!(
        out,
        "<nav class=\"breadcrumb\" aria-label=\"{}\"><a href=\"/{}/\">{}</a>",
        t::HERE.to(lang),
        lang.code(),
        t::HOME.to(lang)
    )?;
    for (path, name) in steps {
        write!(out, " <a href=\"{}\">{}</a>", escape(path), escape(name))?;
    }
    out.write_str("</nav>\n")
}
