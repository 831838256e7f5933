//! What stands below every page: the shop's own pages and, until there is a choice, the consent form.

use super::layout::Frame;
use super::texts as t;
use super::texts_stories as s;
use crate::SHOP_NAME;
use crate::catalogue::taxonomy::DEPARTMENTS;
use crate::html::escape;
use crate::http::cookie;
use std::fmt::{self, Write};

impl Frame<'_> {
    pub(super) fn footer(&self, out: &mut String) -> fmt::Result {
        let lang = self.lang;
        write!(
            out,
            "<!-- footer -->\n<footer class=\"site-footer\">\n<div class=\"columns\">\n\
             <div><h2>{}</h2><p>{}</p><img src=\"/assets/icon.svg\" width=\"32\" height=\"32\" loading=\"lazy\" alt=\"\"></div>\n\
             <div><h2>{}</h2><ul>",
            t::ABOUT_TITLE.to(lang),
            t::ABOUT.to(lang),
            t::SERVICE_TITLE.to(lang)
        )?;
        // Not closed, as in many a shop: the next item or the end of the list does it.
        for line in t::SERVICE {
            writeln!(out, "<li>{}", line.to(lang))?;
        }
        write!(
            out,
            "</ul></div>\n<div><h2>{}</h2><ul>",
            s::DISCOVER.to(lang)
        )?;
        for (path, name) in [
            ("magazine", s::MAGAZINE),
            ("themes", s::THEMES_TITLE),
            ("advisor", s::ADVISOR),
            ("brands", s::BRANDS),
        ] {
            let (code, name) = (lang.code(), name.to(lang));
            write!(out, "<li><a href=\"/{code}/{path}\">{name}</a></li>")?;
        }
        write!(out, "</ul></div>\n<div><h2>{}</h2><ul>", t::MENU.to(lang))?;
        for department in DEPARTMENTS {
            write!(
                out,
                "<li><a href=\"{}\">{}</a></li>",
                department.path(lang),
                escape(department.name.to(lang))
            )?;
        }
        write!(
            out,
            "</ul></div>\n</div>\n<div class=\"fine\"><p>&copy;&nbsp;{}</p>",
            escape(SHOP_NAME)
        )?;
        if cookie(self.cookie, "consent").is_some() {
            write!(
                out,
                "<form method=\"post\" action=\"/consent\"><button name=\"consent\" value=\"ask\">{}</button></form>",
                t::CONSENT_RESET.to(lang)
            )?;
        }
        out.write_str("</div>\n</footer>\n")
    }

    pub(super) fn consent(&self, out: &mut String) -> fmt::Result {
        let lang = self.lang;
        writeln!(
            out,
            "<aside class=\"consent\" aria-labelledby=\"consent-title\">\n<form method=\"post\" action=\"/consent\">\n\
             <div><h2 id=\"consent-title\">{}</h2><p>{}</p></div>\n\
             <p class=\"choices\"><button name=\"consent\" value=\"essential\">{}</button>\
             <button name=\"consent\" value=\"all\">{}</button></p>\n</form>\n</aside>",
            t::CONSENT_TITLE.to(lang),
            t::CONSENT_TEXT.to(lang),
            t::CONSENT_ESSENTIAL.to(lang),
            t::CONSENT_ALL.to(lang),
        )
    }
}
