//! What is around every page: head and header here, what stands below in `footer.rs`.

use super::texts as t;
use crate::catalogue::taxonomy::DEPARTMENTS;
use crate::html::{escape, text_of};
use crate::http::cookie;
use crate::lang::Lang;
use crate::{ORIGIN, SHOP_NAME};
use std::fmt::{self, Write};

/// What a page says about itself.
pub(super) struct Frame<'a> {
    pub(super) lang: Lang,
    /// Class of the body: `page-home` and so on.
    pub(super) class: &'static str,
    /// Empty for the home page, which is called like the shop.
    pub(super) title: &'a str,
    pub(super) description: &'a str,
    /// Where this very page is in each language.
    pub(super) paths: [String; 2],
    /// Value of the `Cookie` header.
    pub(super) cookie: Option<&'a str>,
    /// Words in the search field.
    pub(super) query: &'a str,
}

impl Frame<'_> {
    /// A document around `main`.
    pub(super) fn document(&self, main: impl FnOnce(&mut String) -> fmt::Result) -> String {
        self.document_with(|_| Ok(()), main)
    }

    /// A document around `main` with more in its head.
    pub(super) fn document_with(
        &self,
        more: impl FnOnce(&mut String) -> fmt::Result,
        main: impl FnOnce(&mut String) -> fmt::Result,
    ) -> String {
        text_of(|out| {
            self.head(out)?;
            more(out)?;
            self.body(out)?;
            self.header(out)?;
            out.write_str("<main id=\"content\">\n")?;
            main(out)?;
            out.write_str("</main>\n")?;
            self.footer(out)?;
            if cookie(self.cookie, "consent").is_none() {
                self.consent(out)?;
            }
            out.write_str("</body>\n</html>\n")
        })
    }

    fn head(&self, out: &mut String) -> fmt::Result {
        let code = self.lang.code();
        let (name, version) = (escape(SHOP_NAME), super::css_version());
        let claim = t::CLAIM.to(self.lang);
        let title = if self.title.is_empty() {
            claim
        } else {
            self.title
        };
        write!(
            out,
            "<!DOCTYPE html>\n<html lang=\"{code}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <title>{} – {name}</title>\n<meta name=\"description\" content=\"{}\">\n\
             <link rel=\"canonical\" href=\"{ORIGIN}{}\">\n",
            escape(title),
            escape(self.description),
            escape(&self.paths[self.lang as usize]),
        )?;
        for lang in Lang::ALL {
            let path = escape(&self.paths[lang as usize]);
            writeln!(
                out,
                "<link rel=\"alternate\" hreflang=\"{}\" href=\"{ORIGIN}{path}\">",
                lang.code()
            )?;
        }
        write!(
            out,
            "<link rel=\"icon\" href=\"/assets/icon.svg\" type=\"image/svg+xml\">\n\
             <link rel=\"stylesheet\" href=\"/assets/shop.css?v={version}\">\n"
        )
    }

    fn body(&self, out: &mut String) -> fmt::Result {
        let kind = self.class.strip_prefix("page-").unwrap_or(self.class);
        writeln!(
            out,
            "</head>\n<body class=\"{}\" data-page=\"{kind}\">",
            self.class
        )
    }

    fn header(&self, out: &mut String) -> fmt::Result {
        let (lang, code) = (self.lang, self.lang.code());
        write!(
            out,
            "<a class=\"skip\" href=\"#content\">{}</a>\n<header class=\"site-header\">\n<p class=\"notice\">{}</p>\n\
             <div class=\"bar\">\n<a class=\"logo\" href=\"/{code}/\">{}</a>\n\
             <form class=\"search\" action=\"/{code}/search\" role=\"search\">\
             <input type=\"search\" name=\"q\" value=\"{}\" placeholder=\"{}\" aria-label=\"{search}\">\
             <button>{search}</button></form>\n<p class=\"tools\">",
            t::SKIP.to(lang),
            t::NOTICE.to(lang),
            escape(SHOP_NAME),
            escape(self.query),
            t::SEARCH_HINT.to(lang),
            search = t::SEARCH.to(lang),
        )?;
        let other = lang.other();
        let name = match other {
            Lang::En => "English",
            Lang::De => "Deutsch",
        };
        write!(
            out,
            "<a class=\"language\" href=\"{}\" hreflang=\"{}\" lang=\"{}\">{name}</a> ",
            escape(&self.paths[other as usize]),
            other.code(),
            other.code()
        )?;
        super::account::link(out, lang, self.cookie)?;
        let count = super::cart::count(self.cookie);
        write!(
            out,
            "<a class=\"cart-link\" href=\"/{code}/cart\">{}",
            t::CART.to(lang)
        )?;
        if count > 0 {
            write!(out, " <b>{count}</b>")?;
        }
        write!(
            out,
            "</a></p>\n</div>\n<nav class=\"departments\" aria-label=\"{}\"><ul>\n",
            t::MENU.to(lang)
        )?;
        let here = &self.paths[lang as usize];
        for department in DEPARTMENTS {
            let path = department.path(lang);
            let current = if here.starts_with(&path) {
                " aria-current=\"true\""
            } else {
                ""
            };
            writeln!(
                out,
                "<li><a href=\"{path}\"{current}>{}</a></li>",
                escape(department.name.to(lang))
            )?;
        }
        out.write_str("</ul></nav>\n</header>\n")
    }
}
