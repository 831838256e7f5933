//! A page that the worker has: put together for one visitor.

use std::sync::Arc;

use super::pages::{Copying, KeptPage, PageKey, Pages};
use super::{Intent, history};
use crate::http::cache::{Reuse, reuse};
use crate::http::{
    BodyForm, BodyKind, HeadEdits, PassReason, RequestHead, ResponseHead, private_head,
};
use crate::page::Facts;
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
    /// What the visitor is shown; `None` where the page is the origin's to the byte.
    pub exposures: Option<Exposures>,
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

/// A page that is kept, for one visitor.
#[derive(Debug)]
pub(super) struct Prepared {
    pages: Arc<Pages>,
    page: Arc<KeptPage>,
    /// Nobody has to be asked.
    pub(super) is_fresh: bool,
    ahead: Option<Filled>,
}

/// What becomes of the page's head and body; or why it passes.
type Filled = Result<(HeadEdits, Assembled, Exposures), PassReason>;

impl Prepared {
    /// What the origin is asked with, whether it is still the page.
    pub(super) fn condition(&self) -> Option<(&'static str, String)> {
        Some(("if-none-match", self.page.etag()?))
    }

    /// The origin said that it is.
    pub(super) fn renew(&self, head: &ResponseHead, now: i64) {
        self.pages.renew(&self.page, head, now);
    }

    /// Decides and fills before it is known whether it still is the page.
    pub(super) fn fill_ahead(&mut self, intent: &Intent) {
        self.ahead = Some(self.fill(intent));
    }

    /// The page without asking anybody; `None` when it passes, for then it is the origin's to send.
    pub(super) fn fresh(&self, intent: &Intent, deletes: bool) -> Option<Box<Known>> {
        let filled = self.fill(intent);
        filled.is_ok().then(|| self.known(filled, "fresh", deletes))
    }

    /// The page, of which the origin said that it is still that.
    pub(super) fn validated(mut self, intent: &Intent, deletes: bool) -> Box<Known> {
        let ahead = self.ahead.take();
        let filled = ahead.unwrap_or_else(|| self.fill(intent));
        self.known(filled, "validated", deletes)
    }

    fn fill(&self, intent: &Intent) -> Filled {
        let (edits, plan, mut exposures) =
            intent.decided(BodyKind::Html, self.page.told.clone())?;
        let body = self.page.fill(plan, &mut exposures);
        Ok((edits, body, exposures))
    }

    /// The visitor's page; `how` it is known that it is the origin's.
    fn known(&self, filled: Filled, how: &str, deletes: bool) -> Box<Known> {
        let (mut edits, body, exposures) = match filled {
            Ok((mut edits, body, exposures)) => {
                let timing = ("server-timing", format!("tb-page;desc={how}"));
                edits.append.push(timing);
                (edits, body, Some(exposures))
            }
            Err(_) if deletes => (private_head(), self.page.whole(), None),
            Err(_) => (HeadEdits::default(), self.page.whole(), None),
        };
        edits.append.extend(deletes.then(history::deletion));
        Box::new(Known {
            head: Arc::clone(&self.page.lines),
            edits,
            body,
            exposures,
        })
    }
}

impl Intent {
    /// Looks for the page of this request among those that are kept.
    pub(super) fn prepare(&mut self, pages: &Arc<Pages>, head: &RequestHead) -> Option<Prepared> {
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
        (is_fresh || page.etag().is_some()).then(|| Prepared {
            pages: Arc::clone(pages),
            page,
            is_fresh,
            ahead: None,
        })
    }
}

/// Has what the rewriter gets copied, to be kept with what it tells.
pub(super) fn copied(rewriter: &mut Rewriter, copying: Copying, form: BodyForm, told: Facts) {
    let longest = copying.longest();
    let then = move |body, lines| copying.store(form, told, body, lines);
    rewriter.copy(longest, Box::new(then));
}
