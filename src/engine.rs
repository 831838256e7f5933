//! The facade that every host drives. Values in, values out.

mod held;
mod history;
mod intent;
mod known;
mod own;
mod pages;
mod token;

pub use held::Held;
pub use history::{Visitor, moment};
pub use known::{Known, NOT_OF_THE_PAGE};
pub use own::{
    MAX_FORM_BYTES, MAX_LISTED, MAX_OFFERED, MAX_OWN_REQUESTS_A_SECOND, MAX_PARAMETERS,
    MAX_QUERY_BYTES, Pending,
};
pub use pages::{MAX_KEPT_BYTES, MAX_KEPT_PAGE_BYTES, MAX_KEPT_PAGES, MAX_KEPT_SECONDS};
pub use token::{DEBUG_PARAMETER, DebugToken, MAX_TOKEN_BYTES, TokenError};

use std::borrow::Cow;
use std::fmt::Display;
use std::sync::{Arc, Mutex, PoisonError};

use crate::http::head::all;
use crate::http::{
    self, BodyForm, BodyKind, HeadEdits, OWN_PREFIX, PassReason, RequestHead, RequestHeaders,
    ResponseHead, body_form, is_page,
};
use crate::keys::Keys;
use crate::page::{Facts, Page};
use crate::plan::{Plan, SiteIndex};
use crate::rewrite::Rewriter;
use crate::site::{MAX_TRAITS, TraitSource, WithoutConsent};
use crate::snapshot::{OpenError, Snapshot};
use crate::visitor::{COOKIE_NAME, without_cookie};
use intent::{Intent, passed};
use known::Prepared;
use pages::Pages;

/// What a host knows and the engine cannot: values, so that a test can be any time and place.
#[derive(Debug, Clone, Default)]
pub struct Ambient {
    /// Seconds since 1970.
    pub now: i64,
    /// A random number; names a page view in reports, and a new visitor in his own cookie.
    pub random: u64,
    /// The visitor's country (ISO 3166-1 alpha-2) where the platform tells it.
    pub country: Option<String>,
    /// The visitor's region (the second part of ISO 3166-2: `BY`) where the platform tells it.
    pub region: Option<String>,
}

/// An opened snapshot, ready to personalise pages; or the reason why there is none.
#[derive(Debug)]
pub struct Engine {
    state: Result<Arc<Model>, String>,
    keys: Option<Arc<Keys>>,
    rate: own::Rate,
    pages: Option<Arc<Pages>>,
}

#[derive(Debug)]
struct Model {
    snapshot: Arc<Snapshot>,
    index: SiteIndex,
    headers: RequestHeaders,
    /// The form of the last page that could be changed.
    form: Mutex<BodyForm>,
}

impl Model {
    /// The form that the shop's next page probably has: that of its last one.
    fn usual_form(&self) -> BodyForm {
        *self.form.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn came(&self, form: BodyForm) {
        *self.form.lock().unwrap_or_else(PoisonError::into_inner) = form;
    }
}

/// What to do with a request.
#[derive(Debug)]
pub enum Decision {
    /// Ask the origin.
    Forward(Visit),
    /// The worker answers itself.
    Respond(LocalResponse),
    /// The worker has the page: nobody has to be asked.
    Known(Box<Known>),
    /// The worker answers itself, when the request's body has been read.
    Read(Box<Pending>),
}

/// An answer of the worker's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalResponse {
    /// The status code.
    pub status: u16,
    /// All headers but Content-Length.
    pub headers: Vec<(&'static str, String)>,
    /// The body; not to be sent for HEAD.
    pub body: Vec<u8>,
}

/// A request on its way to the origin.
#[derive(Debug)]
pub struct Visit {
    edits: HeadEdits,
    /// What to ask the origin for, when it is not what the visitor asked for.
    target: Option<String>,
    /// What its response may become; or why it will pass through.
    intent: Result<Box<Intent>, PassReason>,
    /// Our cookie came although the visitor does not consent: it is to be deleted.
    is_withdrawn: bool,
    /// The page that is kept, if the origin says that it still is that.
    prepared: Option<Box<Prepared>>,
}

/// What to do with the origin's response.
#[derive(Debug)]
pub enum Outcome {
    /// Send it as it came.
    PassThrough(PassReason),
    /// Edit its head, and send its body as it came: the visitor withdrew his consent, so our cookie goes,
    /// and no cache may keep the response that says so.
    PassBody {
        /// Why the body is left alone.
        reason: PassReason,
        /// For the response's head.
        edits: HeadEdits,
    },
    /// Edit its head and push its body through.
    Rewrite {
        /// For the response's head.
        edits: HeadEdits,
        /// For its body.
        rewriter: Rewriter,
    },
    /// The worker has the page, and the origin said that it is still that.
    Known(Box<Known>),
    /// What to do depends on what the page tells: push its body into this until it is ready.
    Hold(Held),
}

impl Engine {
    /// Opens a snapshot, once per isolate or instance.
    ///
    /// # Errors
    /// The snapshot is damaged or of another version. Serve with [`Engine::closed`] then.
    pub fn open(bytes: impl Into<Cow<'static, [u8]>>) -> Result<Self, OpenError> {
        Self::of(Snapshot::open(bytes)?)
    }

    /// Opens a snapshot that is part of the program ([`Snapshot::open_verified`]).
    ///
    /// # Errors
    /// As [`Engine::open`], but damage to sections is not looked for.
    pub fn open_verified(bytes: &'static [u8]) -> Result<Self, OpenError> {
        Self::of(Snapshot::open_verified(bytes)?)
    }

    fn of(snapshot: Snapshot) -> Result<Self, OpenError> {
        let snapshot = Arc::new(snapshot);
        let unusable = |_| OpenError::Section {
            section: "site",
            offset: 0,
            expected: "selectors that this worker understands",
        };
        let index = SiteIndex::new(snapshot.site()?).map_err(unusable)?;
        let traits = index.site.traits.iter().take(MAX_TRAITS);
        let headers = RequestHeaders::with(traits.filter_map(|rule| match &rule.source {
            TraitSource::Header(name) => Some(name.as_str()),
            TraitSource::Cookie(_) => None,
        }));
        Ok(Self {
            state: Ok(Arc::new(Model {
                snapshot,
                index,
                headers,
                form: Mutex::new(BodyForm::usual()),
            })),
            keys: None,
            rate: own::Rate::default(),
            pages: None,
        })
    }

    /// The same engine with secrets that sign cookies: a cookie without such a signature is an empty one.
    pub fn with_keys(self, keys: Option<Arc<Keys>>) -> Self {
        Self { keys, ..self }
    }

    /// The same engine, which keeps pages that a shared cache may keep, at most [`MAX_KEPT_BYTES`] of them.
    pub fn with_pages(self, keeps: bool) -> Self {
        self.with_pages_up_to(if keeps { MAX_KEPT_PAGE_BYTES } else { 0 })
    }

    /// The same engine, which keeps pages of at most so many bytes each, [`MAX_KEPT_PAGE_BYTES`] at most: for hosts of which each of
    /// many instances has pages of its own. 0 keeps none.
    pub fn with_pages_up_to(self, bytes: usize) -> Self {
        Self {
            pages: (bytes > 0).then(|| Arc::new(Pages::up_to(bytes))),
            ..self
        }
    }

    /// An engine that passes everything through, and says why on its status endpoint.
    pub fn closed(reason: impl Display) -> Self {
        Self {
            state: Err(reason.to_string()),
            keys: None,
            rate: own::Rate::default(),
            pages: None,
        }
    }

    /// The request headers to hand over for a request with this target, in lower case: those that are always
    /// read, and those that site.toml names.
    pub fn request_headers(&self, target: &str) -> &[&'static str] {
        let model = self.state.as_ref().ok();
        model
            .map_or(&http::USUAL, |model| &model.headers)
            .of(target)
    }

    /// Whether it matters where visitors are. Where it does not, [`Ambient::country`] and [`Ambient::region`] need not be told.
    pub fn asks_place(&self) -> bool {
        self.state
            .as_ref()
            .is_ok_and(|model| model.index.asks_place)
    }

    /// Looks at a request.
    pub fn visit(&self, head: &RequestHead, ambient: &Ambient) -> Decision {
        if head.target.starts_with(OWN_PREFIX) {
            return self.respond(head, ambient);
        }
        let debugged = token::of_request(head, self.keys.as_deref(), ambient.now);
        let (token, head) = match &debugged {
            Some((token, head)) => (Some(token), head),
            None => (None, head),
        };
        let mut edits = own_cookie_removed(head);
        let site = self.state.as_ref().ok().map(|model| &model.index.site);
        let is_withdrawn = head.method == "GET"
            && token.is_none()
            && history::has_cookie(head)
            && site.is_some_and(|site| !history::consent(site, head).is_granted());
        let mut intent = self.intent(head, token, ambient);
        let mut prepared = None;
        if let Ok(intent) = &mut intent {
            let page = http::page_request();
            edits.remove.extend(page.remove);
            edits.set.extend(page.set);
            let pages = self.pages.as_ref();
            prepared = pages.and_then(|pages| intent.prepare(pages, head));
            if let Some(page) = prepared.take_if(|page| page.is_fresh)
                && let Some(known) = page.fresh(intent, is_withdrawn)
            {
                return Decision::Known(known);
            }
        }
        let condition = prepared.as_ref().and_then(Prepared::condition);
        edits.set.extend(condition);
        Decision::Forward(Visit {
            edits,
            target: token.map(|_| head.target.clone()),
            intent,
            is_withdrawn,
            prepared: prepared.map(Box::new),
        })
    }

    fn intent(
        &self,
        head: &RequestHead,
        token: Option<&DebugToken>,
        ambient: &Ambient,
    ) -> Result<Box<Intent>, PassReason> {
        let model = self.state.as_ref().map_err(|_| PassReason::NoSnapshot)?;
        let Model {
            snapshot, index, ..
        } = model.as_ref();
        let expires = snapshot.meta().expires;
        if expires != 0 && ambient.now >= expires {
            return Err(PassReason::SnapshotExpired);
        }
        if !matches!(head.method.as_str(), "GET" | "HEAD") {
            return Err(PassReason::Method);
        }
        let page = Page::identify(&index.site, snapshot, &head.target);
        // An element may tell the kind, and then there may be a place.
        let may_be_told = page.kind.is_none() && index.site.tells_kinds();
        if page.kind.is_none() && page.product.is_none() && !may_be_told {
            return Err(PassReason::NoPlace);
        }
        let rule = &index.site.consent;
        let visitor = match token {
            Some(token) => Some(token.visitor(ambient)),
            None => Visitor::read(&index.site, head, ambient, self.keys.as_deref()),
        };
        let visitor = visitor.map(Box::new);
        let moment = moment(ambient.now, visitor.as_deref());
        let has_place = may_be_told || page.kind.is_some_and(|kind| index.has_place(kind, &moment));
        let may_be_seen = || {
            let mut wanted = page.wanted(&index.site).into_iter();
            wanted.any(|(_, fact)| fact.name.is_remembered())
        };
        if !has_place && page.product.is_none() && !may_be_seen() {
            return Err(PassReason::NoPlace);
        }
        if visitor.is_none() && (rule.without == WithoutConsent::Untouched || !has_place) {
            return Err(PassReason::NoConsent);
        }
        Ok(Box::new(Intent {
            model: Arc::clone(model),
            target: head.target.clone(),
            is_head: head.method == "HEAD",
            secure: head.secure,
            ambient: ambient.clone(),
            visitor,
            token: token.cloned().map(Box::new),
            keys: self.keys.clone(),
            shelf: None,
            copying: None,
            ahead: None,
        }))
    }
}

impl Visit {
    /// Edits to the request before it goes to the origin: our cookie stays here, and a page that may
    /// be changed is asked for as a whole.
    pub fn request_edits(&self) -> &HeadEdits {
        &self.edits
    }

    /// What the page would get if the origin answers with a page that may be changed, as far as its URL
    /// tells: for tools and measurements. `None` for what passes whatever the origin answers.
    pub fn plan(&self) -> Option<Plan> {
        let intent = self.intent.as_ref().ok()?;
        let planned = intent.planned(BodyKind::Html, Facts::default());
        planned.ok().map(|(_, plan, _)| plan)
    }

    /// What to ask the origin for instead of the request's target: that of a request with a debug token has
    /// none there, so that caches behind see what they always see.
    pub fn target(&self) -> Option<&str> {
        self.target.as_deref()
    }

    /// Whether [`Visit::decide_ahead`] has anything to do.
    pub fn may_decide_ahead(&self) -> bool {
        self.intent.is_ok()
    }

    /// Does while the origin is asked what would else be done when it has answered: decides what the visitor gets, and
    /// gets ready to write it. To be called once, if at all; the answer is the same to the byte.
    pub fn decide_ahead(&mut self) {
        let Ok(intent) = &mut self.intent else {
            return;
        };
        match &mut self.prepared {
            Some(page) => page.fill_ahead(intent),
            None => intent.decide_ahead(),
        }
    }

    /// Looks at the head of the origin's response.
    pub fn origin_head(self, head: &ResponseHead) -> Outcome {
        if let (304, Some(page), Ok(intent)) = (head.status, self.prepared, &self.intent) {
            page.renew(head, intent.ambient.now);
            return Outcome::Known(page.validated(intent, self.is_withdrawn));
        }
        let deletes = self.is_withdrawn && is_page(head);
        let (mut intent, form) = match self.intent.and_then(|it| Ok((it, body_form(head)?))) {
            Ok(rewritable) => rewritable,
            Err(reason) => return passed(reason, deletes),
        };
        intent.model.came(form);
        if form.is_plain_html() {
            let shelf = intent.shelf.take();
            intent.copying = shelf.and_then(|shelf| shelf.copy(head, intent.ambient.now));
        }
        match Held::new(intent, form, deletes) {
            Ok(held) => Outcome::Hold(held),
            Err(intent) => intent.outcome(form, Facts::default(), deletes),
        }
    }
}

/// Our cookie is for the worker alone: the origin, and any cache before it, sees the request as it
/// would be without us.
fn own_cookie_removed(head: &RequestHead) -> HeadEdits {
    let mut edits = HeadEdits::default();
    let lines: Vec<&str> = all(&head.headers, "cookie").collect();
    let stripped: Vec<Option<String>> = lines
        .iter()
        .map(|line| without_cookie(line, COOKIE_NAME))
        .collect();
    if stripped.iter().all(Option::is_none) {
        return edits;
    }
    edits.remove.push("cookie");
    let kept = lines
        .iter()
        .zip(stripped)
        .map(|(line, s)| s.unwrap_or_else(|| (*line).to_owned()));
    edits.append.extend(
        kept.filter(|line| !line.is_empty())
            .map(|line| ("cookie", line)),
    );
    edits
}
