//! A search that found nothing: what to try instead.

use super::texts_service as s;
use crate::catalogue::taxonomy::DEPARTMENTS;
use crate::html::escape;
use crate::lang::Lang;
use std::fmt::{self, Write};

pub(super) fn write(out: &mut String, lang: Lang, wanted: &str) -> fmt::Result {
    write!(
        out,
        "<section class=\"no-results\" data-query=\"{}\">\n<h2>{}</h2>\n<ul class=\"tips\">\n",
        escape(wanted),
        s::EMPTY_TITLE.to(lang)
    )?;
    for tip in s::EMPTY_TIPS {
        writeln!(out, "<li>{}", tip.to(lang))?;
    }
    let begin = s::EMPTY_DEPARTMENTS.to(lang);
    write!(out, "</ul>\n<p>{begin}</p>\n<p class=\"chips\">\n")?;
    for department in DEPARTMENTS {
        writeln!(
            out,
            "<a href=\"{}\">{}</a>",
            department.path(lang),
            escape(department.name.to(lang))
        )?;
    }
    out.write_str("</p>\n</section>\n")
}
