//! The pages that the worker itself shows: plain, without scripts, and for this visitor alone.

use super::words::Words;
use super::{LocalResponse, response};
use crate::rewrite::escape;
use crate::site::template::Escape;

/// Where the pages' style is served.
pub(super) const STYLE_NAME: &str = "pages.css";

/// The look of the pages, and of what a debug token shows.
pub(super) const STYLE: &str = include_str!("pages.css");

/// Nothing but our own style and forms to this shop; nobody may frame a page that has buttons.
const POLICY: &str = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// A page that is being written. Markup is the program's own, which its type says; everything else is escaped.
pub(super) struct Html {
    out: String,
}

impl Html {
    pub(super) fn new(words: &Words, title: &str) -> Self {
        let mut html = Self::part();
        html.raw("<!doctype html>\n<html lang=\"")
            .text(words.lang());
        html.raw("\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><meta name=\"robots\" content=\"noindex\"><title>");
        html.text(title)
            .raw("</title><link rel=\"stylesheet\" href=\"/_tailorbird/pages.css\"></head><body><main>\n<p><a href=\"/\">");
        html.text(words.to_shop).raw("</a></p>\n<h1>");
        html.text(title).raw("</h1>\n");
        html
    }

    /// A part of a page.
    pub(super) fn part() -> Self {
        Self {
            out: String::with_capacity(4096),
        }
    }

    pub(super) fn raw(&mut self, markup: &'static str) -> &mut Self {
        self.out.push_str(markup);
        self
    }

    /// A text, or an attribute's value between quotes.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        escape(text, Escape::Text, &mut self.out);
        self
    }

    /// An address in an attribute's value between quotes.
    pub(super) fn url(&mut self, url: &str) -> &mut Self {
        escape(url, Escape::Url, &mut self.out);
        self
    }

    pub(super) fn paragraph(&mut self, text: &str) -> &mut Self {
        self.raw("<p>").text(text).raw("</p>\n")
    }

    pub(super) fn heading(&mut self, text: &str) -> &mut Self {
        self.raw("<h2>").text(text).raw("</h2>\n")
    }

    pub(super) fn link(&mut self, url: &str, text: &str) -> &mut Self {
        self.raw("<a href=\"").url(url).raw("\">");
        self.text(text).raw("</a>")
    }

    /// The start of a form; hidden fields follow, then [`Self::button`].
    pub(super) fn form(&mut self, action: &str, hidden: &[(&str, &str)]) -> &mut Self {
        self.raw("<form method=\"post\" action=\"/_tailorbird/")
            .text(action)
            .raw("\">");
        for (name, value) in hidden {
            self.raw("<input type=\"hidden\" name=\"").text(name);
            self.raw("\" value=\"").text(value).raw("\">");
        }
        self
    }

    pub(super) fn button(&mut self, text: &str) -> &mut Self {
        self.raw("<button>").text(text).raw("</button></form>")
    }

    /// The markup of a part.
    pub(super) fn into_markup(self) -> String {
        self.out
    }

    pub(super) fn finish(mut self) -> LocalResponse {
        self.raw("</main></body></html>\n");
        let mut response = response(200, "text/html; charset=utf-8", self.out.into_bytes());
        let policy = ("content-security-policy", POLICY.to_owned());
        response.headers.push(policy);
        response
    }
}
