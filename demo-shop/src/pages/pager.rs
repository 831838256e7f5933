//! Long lists in pieces.

use super::texts as t;
use crate::TILES_PER_PAGE;
use crate::html::escape;
use crate::http::field;
use crate::lang::Lang;
use std::fmt::{self, Write};

/// Which page of how many; the first is 1.
pub(super) struct Pages {
    pub(super) current: usize,
    last: usize,
}

impl Pages {
    /// `None` for a page that does not exist.
    pub(super) fn new(count: usize, query: &str) -> Option<Self> {
        let last = count.div_ceil(TILES_PER_PAGE).max(1);
        let current = match field(query, "page") {
            Some(page) => page.parse().ok().filter(|page| (1..=last).contains(page))?,
            None => 1,
        };
        Some(Self { current, last })
    }

    pub(super) fn skip(&self) -> usize {
        (self.current - 1) * TILES_PER_PAGE
    }

    /// The page after this one.
    pub(super) fn next(&self) -> Option<usize> {
        (self.current < self.last).then_some(self.current + 1)
    }

    pub(super) fn link(&self, path: &str, page: usize) -> String {
        match page {
            1 => path.to_owned(),
            page if path.contains('?') => format!("{path}&page={page}"),
            page => format!("{path}?page={page}"),
        }
    }

    pub(super) fn nav(&self, out: &mut String, lang: Lang, path: &str) -> fmt::Result {
        if self.last == 1 {
            return Ok(());
        }
        write!(
            out,
            "<nav class=\"pages\" aria-label=\"{}\">",
            t::PAGES.to(lang)
        )?;
        let mut step = |rel: &str, page: usize, name: &str| {
            write!(
                out,
                "<a rel=\"{rel}\" href=\"{}\">{name}</a> ",
                escape(&self.link(path, page))
            )
        };
        if self.current > 1 {
            step("prev", self.current - 1, t::PREVIOUS.to(lang))?;
        }
        for page in 1..=self.last {
            let here = if page == self.current {
                " aria-current=\"page\""
            } else {
                ""
            };
            write!(
                out,
                "<a href=\"{}\"{here}>{page}</a> ",
                escape(&self.link(path, page))
            )?;
        }
        if self.current < self.last {
            let link = self.link(path, self.current + 1);
            write!(
                out,
                "<a rel=\"next\" href=\"{}\">{}</a>",
                escape(&link),
                t::NEXT.to(lang)
            )?;
        }
        out.write_str("</nav>\n")
    }
}
