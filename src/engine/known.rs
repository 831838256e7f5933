//! A page that the worker has: put together for one visitor.

use std::sync::Arc;

use super::pages::{Copying, KeptPage, PageKey, Pages};
use super::{Intent, history};
use crate::http::cache::{Reuse, reuse};
use crate::http::{BodyForm, BodyKind, HeadEdits, RequestHead, ResponseHead};
use crate::page::Facts;
use crate::plan::Plan;
use crate::rewrite::compiled::Assembled;
use crate::rewrite::{Exposures, Rewriter};

/// A page that the worker has.
#[derive(Debug)]
pub struct Known {
    /// The lines of the head with which it once came, names in lower case. Those that speak of one message are
    /// not among them (lengths, ages, codings).
    pub head: Arc<Vec<(String, String)>>,
    /// For that head, or that of the response by which the origin said that it is still the page.
    pub edits: HeadEdits,
    /// Its body.
    pub body: Assembled,
    /// What the visitor is shown.
    pub exposures: Exposures,
}

impl Known {
    /// The lines of its head that a newer one has not (RFC 9111, 4.3.4).
    pub fn lines_beside(
        &self,
        is_newer: impl Fn(&str) -> bool,
    ) -> impl Iterator<Item = (&str, &str)> {
        let lines = self.head.iter();
        lines
            .filter(move |(name, _)| !is_newer(name))
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// Lines of a 304 that do not speak of the page that it stands for.
pub const NOT_OF_THE_PAGE: [&str; 4] = [
    "content-encoding",
    "content-length",
    "content-type",
    "transfer-encoding",
];

/// Where the page of a request may be kept.
#[derive(Debug)]
pub(super) struct Shelf {
    pages: Arc<Pages>,
    key: PageKey,
}

impl Shelf {
    /// Begins a copy of the page that comes, if that is worth it.
    pub(super) fn copy(self, head: &ResponseHead, now: i64) -> Option<Copying> {
        self.pages.copy(self.key, head, now)
    }
}

/// A page that is kept, with what is decided for the visitor.
#[derive(Debug)]
pub(super) struct Prepared {
    pages: Arc<Pages>,
    page: Arc<KeptPage>,
    edits: HeadEdits,
    plan: Plan,
    exposures: Exposures,
    /// Nobody has to be asked.
    pub(super) is_fresh: bool,
}

impl Prepared {
    /// What the origin is asked with, whether it is still the page.
    pub(super) fn condition(&self) -> Option<(&'static str, String)> {
        Some(("if-none-match", self.page.etag()?))
    }

    /// The origin said that it is.
    pub(super) fn renew(&self, head: &ResponseHead, now: i64) {
        self.pages.renew(&self.page, head, now);
    }

    /// The visitor's page; `how` it is known that it is the origin's.
    pub(super) fn known(mut self, how: &str) -> Box<Known> {
        let body = self.page.fill(self.plan, &mut self.exposures);
        let timing = ("server-timing", format!("tb-page;desc={how}"));
        self.edits.append.push(timing);
        Box::new(Known {
            head: Arc::clone(&self.page.lines),
            edits: self.edits,
            body,
            exposures: self.exposures,
        })
    }
}

impl Intent {
    /// Looks for the page of this request among those that are kept, and decides for the visitor. A page that
    /// would pass is the origin's to send.
    pub(super) fn prepare(
        &mut self,
        pages: &Arc<Pages>,
        head: &RequestHead,
        deletes: bool,
    ) -> Option<Prepared> {
        let reuse = reuse(head);
        if reuse == Reuse::Never || self.token.is_some() {
            return None;
        }
        let shelf = Shelf {
            pages: Arc::clone(pages),
            key: PageKey::of(head)?,
        };
        let page = pages.find(&shelf.key, self.ambient.now);
        self.shelf = Some(shelf);
        let page = page?;
        let is_fresh = reuse == Reuse::Fresh && page.is_fresh(self.ambient.now);
        if !is_fresh && page.etag().is_none() {
            return None;
        }
        let (mut edits, plan, exposures) = self.decided(BodyKind::Html, page.told.clone()).ok()?;
        edits.append.extend(deletes.then(history::deletion));
        Some(Prepared {
            pages: Arc::clone(pages),
            page,
            edits,
            plan,
            exposures,
            is_fresh,
        })
    }
}

/// Has what the rewriter gets copied, to be kept with what it tells.
pub(super) fn copied(rewriter: &mut Rewriter, copying: Copying, form: BodyForm, told: Facts) {
    rewriter.copy(Box::new(move |body, lines| {
        copying.store(form, told, body, lines);
    }));
}
