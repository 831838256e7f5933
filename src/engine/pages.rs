//! Origin's pages that are kept, so that the next visitor's is put together without parsing.
//!
//! What is kept is the origin's alone: bytes, head, and what the page tells. Nothing of a visitor is in it,
//! and none finds it by who he is. A page is kept from the second time on that it comes with the same
//! validator: pages that are another one each time cost a number.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use xxhash_rust::xxh3::xxh3_64;

use crate::http::cache::{self, Keep};
use crate::http::head::first;
use crate::http::{BodyForm, RequestHead, ResponseHead};
use crate::page::Facts;
use crate::plan::Plan;
use crate::rewrite::compiled::{Assembled, Compiled, Shape};
use crate::rewrite::{Exposures, Rewriter};

/// The most bytes of pages that are kept.
pub const MAX_KEPT_BYTES: usize = 16 << 20;
/// The most pages that are kept.
pub const MAX_KEPT_PAGES: usize = 256;
/// The longest page that is kept, in bytes.
pub const MAX_KEPT_PAGE_BYTES: usize = 2 << 20;
/// How long a page is kept, in seconds, however often it is asked for.
pub const MAX_KEPT_SECONDS: i64 = 60 * 60;
/// The longest URL, with its host, of a page that is kept, in bytes.
const MAX_KEY_BYTES: usize = 2 << 10;
/// The most bytes of a head that is kept.
const MAX_HEAD_BYTES: usize = 16 << 10;
/// The most pages that are being copied at once.
const MAX_COPIES: usize = 4;
/// How many pages are remembered that were seen once.
const MAX_SEEN: usize = 512;
/// For how many kinds of plans a page is compiled.
const MAX_SHAPES: usize = 4;

/// Lines of a head that speak of one message, not of the page.
const OF_ONE_MESSAGE: [&str; 9] = [
    "age",
    "connection",
    "content-encoding",
    "content-length",
    "keep-alive",
    "proxy-connection",
    "set-cookie",
    "transfer-encoding",
    "upgrade",
];

/// The pages of one engine.
#[derive(Debug, Default)]
pub(super) struct Pages {
    state: Mutex<State>,
    /// The longest page that is kept, in bytes.
    pub(super) longest: usize,
}

#[derive(Debug, Default)]
struct State {
    /// Those used last come last.
    pages: Vec<Arc<KeptPage>>,
    bytes: usize,
    /// Pages that came once, each with its validator.
    seen: Vec<(u64, u64)>,
    next_seen: usize,
    /// Pages that are being copied.
    copies: Vec<u64>,
}

/// Which page: what a shared cache goes by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PageKey {
    hash: u64,
    text: String,
}

impl PageKey {
    /// `None` for a request that no kept page may answer.
    pub(super) fn of(head: &RequestHead) -> Option<Self> {
        let host = |name| first(&head.headers, name).unwrap_or_default();
        let (host, forwarded) = (host("host"), host("x-forwarded-host"));
        let scheme = if head.secure { "https" } else { "http" };
        let target = &head.target;
        if host.len() + forwarded.len() + target.len() > MAX_KEY_BYTES {
            return None;
        }
        let text = format!("{scheme} {forwarded} {host} {target}");
        Some(Self {
            hash: xxh3_64(text.as_bytes()),
            text,
        })
    }
}

/// An origin's page.
#[derive(Debug)]
pub(super) struct KeptPage {
    key: PageKey,
    since: i64,
    form: BodyForm,
    /// All lines of its head but [`OF_ONE_MESSAGE`].
    pub(super) lines: Arc<Vec<(String, String)>>,
    body: Arc<Vec<u8>>,
    /// What it tells.
    pub(super) told: Facts,
    validity: Mutex<Validity>,
    compiled: Mutex<Vec<Result<Arc<Compiled>, Shape>>>,
}

/// How long it is what the origin would send.
#[derive(Debug)]
struct Validity {
    /// Those lines of its head that tell.
    headers: Vec<(&'static str, String)>,
    keep: Keep,
}

impl KeptPage {
    /// Whether the origin need not be asked.
    pub(super) fn is_fresh(&self, now: i64) -> bool {
        now < lock(&self.validity).keep.fresh_until
    }

    /// What to ask the origin with.
    pub(super) fn etag(&self) -> Option<String> {
        lock(&self.validity).keep.etag.clone()
    }

    /// The page for one visitor: to the byte what a rewriter makes of it.
    pub(super) fn fill(&self, plan: Plan, exposures: &mut Exposures) -> Assembled {
        let compiled = self.compiled(&plan);
        let filled = compiled.and_then(|it| it.fill(&self.body, &plan, exposures));
        filled.unwrap_or_else(|| self.stream(plan, exposures))
    }

    /// The page as the origin sent it.
    pub(super) fn whole(&self) -> Assembled {
        Assembled::of(Arc::clone(&self.body))
    }

    fn compiled(&self, plan: &Plan) -> Option<Arc<Compiled>> {
        let find = |known: &[Result<Arc<Compiled>, Shape>]| {
            let mut known = known.iter();
            known.find_map(|it| match it {
                Ok(compiled) => {
                    let is_of_plan = compiled.shape().is_of(plan);
                    is_of_plan.then(|| Some(Arc::clone(compiled)))
                }
                Err(shape) => shape.is_of(plan).then_some(None),
            })
        };
        if let Some(found) = find(&lock(&self.compiled)) {
            return found;
        }
        let compiled = Compiled::new(&self.body, self.form, plan).map(Arc::new);
        let found = compiled.as_ref().ok().map(Arc::clone);
        let mut known = lock(&self.compiled);
        if find(&known).is_none() {
            if known.len() == MAX_SHAPES {
                drop(known.remove(0));
            }
            known.push(compiled);
        }
        found
    }

    fn stream(&self, plan: Plan, exposures: &mut Exposures) -> Assembled {
        let mut page = Vec::with_capacity(self.body.len());
        let mut rewriter = Rewriter::new(plan, self.form, std::mem::take(exposures));
        // It is not coded, so nothing about it can be broken.
        let _ = rewriter.push(&self.body, &mut page);
        *exposures = rewriter.finish(&mut page).unwrap_or_default();
        Assembled::of(Arc::new(page))
    }
}

impl Pages {
    /// None yet, and none longer than this.
    pub(super) fn up_to(longest: usize) -> Self {
        Self {
            longest: longest.min(MAX_KEPT_PAGE_BYTES),
            ..Self::default()
        }
    }

    /// The page, if it is kept.
    pub(super) fn find(&self, key: &PageKey, now: i64) -> Option<Arc<KeptPage>> {
        let mut state = lock(&self.state);
        let at = state.pages.iter().position(|page| page.key == *key)?;
        let page = state.pages.remove(at);
        if now.saturating_sub(page.since) >= MAX_KEPT_SECONDS {
            state.bytes -= page.body.len();
            return None;
        }
        state.pages.push(Arc::clone(&page));
        Some(page)
    }

    /// The origin says that it is still the page.
    pub(super) fn renew(&self, page: &KeptPage, head: &ResponseHead, now: i64) {
        let mut validity = lock(&page.validity);
        let is_new = |name: &str| first(&head.headers, name).is_some();
        let mut headers = head.headers.clone();
        // An age is that of one message.
        let kept = validity.headers.iter();
        headers.extend(
            kept.filter(|(name, _)| *name != "age" && !is_new(name))
                .cloned(),
        );
        let merged = ResponseHead {
            headers,
            ..ResponseHead::default()
        };
        match cache::keep(&merged, now) {
            Some(keep) => validity.keep = keep,
            None => self.forget(&page.key),
        }
        validity.headers = merged.headers;
    }

    fn forget(&self, key: &PageKey) {
        let mut state = lock(&self.state);
        if let Some(at) = state.pages.iter().position(|page| page.key == *key) {
            let page = state.pages.remove(at);
            state.bytes -= page.body.len();
        }
    }

    /// Looks at a page that comes from the origin; `None` when it is not to be copied.
    pub(super) fn copy(
        self: &Arc<Self>,
        key: PageKey,
        head: &ResponseHead,
        now: i64,
    ) -> Option<Copying> {
        let Some(keep) = cache::keep(head, now) else {
            self.forget(&key);
            return None;
        };
        let mut state = lock(&self.state);
        let validator = xxh3_64(keep.etag.as_deref().unwrap_or_default().as_bytes());
        let seen = (key.hash, validator);
        if !state.seen.contains(&seen) {
            let at = state.next_seen % MAX_SEEN;
            match state.seen.get_mut(at) {
                Some(oldest) => *oldest = seen,
                None => state.seen.push(seen),
            }
            state.next_seen = at + 1;
            return None;
        }
        if state.copies.len() >= MAX_COPIES || state.copies.contains(&key.hash) {
            return None;
        }
        state.copies.push(key.hash);
        Some(Copying {
            pages: Arc::clone(self),
            key,
            validity: Some(Validity {
                headers: head.headers.clone(),
                keep,
            }),
            since: now,
        })
    }

    fn store(&self, page: KeptPage) {
        let mut state = lock(&self.state);
        state.bytes += page.body.len();
        if let Some(at) = state.pages.iter().position(|old| old.key == page.key) {
            let old = state.pages.remove(at);
            state.bytes -= old.body.len();
        }
        state.pages.push(Arc::new(page));
        while state.bytes > MAX_KEPT_BYTES || state.pages.len() > MAX_KEPT_PAGES {
            let oldest = state.pages.remove(0);
            state.bytes -= oldest.body.len();
        }
    }
}

/// A page that is being copied.
#[derive(Debug)]
pub(super) struct Copying {
    pages: Arc<Pages>,
    key: PageKey,
    validity: Option<Validity>,
    since: i64,
}

impl Copying {
    /// How long the page may be, in bytes.
    pub(super) fn longest(&self) -> usize {
        self.pages.longest
    }

    /// The page has come, whole.
    pub(super) fn store(
        mut self,
        form: BodyForm,
        told: Facts,
        body: Vec<u8>,
        mut lines: Vec<(String, String)>,
    ) {
        lines.retain(|(name, _)| !OF_ONE_MESSAGE.contains(&name.as_str()));
        let bytes: usize = lines.iter().map(|(n, v)| n.len() + v.len()).sum();
        // Trailers come behind a page, and so are not there to be kept with it.
        let is_fit = bytes <= MAX_HEAD_BYTES && lines.iter().all(|(name, _)| name != "trailer");
        let Some(validity) = self.validity.take().filter(|_| is_fit) else {
            return;
        };
        self.pages.store(KeptPage {
            key: self.key.clone(),
            since: self.since,
            form,
            lines: Arc::new(lines),
            body: Arc::new(body),
            told,
            validity: Mutex::new(validity),
            compiled: Mutex::default(),
        });
    }
}

impl Drop for Copying {
    fn drop(&mut self) {
        let mut state = lock(&self.pages.state);
        state.copies.retain(|hash| *hash != self.key.hash);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic elsewhere must not take the page with it.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
