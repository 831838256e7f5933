//! The worker's own endpoints, below `/_tailorbird/`.
//!
//! | endpoint | method | answer |
//! |---|---|---|
//! | `status` | GET | 200 and the snapshot's facts, or 503 and why there is none (JSON) |
//! | `style.css` | GET | the style of Tailorbird's own templates, or 404 when site.toml uses none |
//! | `pages.css` | GET | the style of the pages below |
//! | `recommendations` | GET | items by the first strategy that has enough (JSON) |
//! | `profile` | GET | what is known of the visitor (HTML) |
//! | `why` | GET | why an item was shown (HTML) |
//! | `preferences` | GET, POST | a form for what the visitor prefers (HTML); 303 |
//! | `feedback` | POST | likes or dislikes an item; 303 back to the page |
//! | `explain` | GET | with a debug token: how decisions about a page come about (JSON); else 404 |
//! | `forget` | GET, POST | a page with the button; deletes the visitor's cookie and leads back by 303 |
//!
//! `docs/endpoints.md` has their parameters and limits. What GET answers changes nothing; what POST does, only a
//! form of this shop may ask for.

mod case;
mod explain;
mod feedback;
mod form;
mod guard;
mod html;
mod overlay;
mod preferences;
mod profile;
mod recommendations;
mod request;
mod why;
mod words;

pub use form::{MAX_FORM_BYTES, MAX_LISTED, MAX_PARAMETERS, MAX_QUERY_BYTES};
pub use guard::MAX_OWN_REQUESTS_A_SECOND;
pub(super) use guard::Rate;
pub(super) use overlay::overlay;
pub use preferences::MAX_OFFERED;

use std::sync::Arc;

use serde::Serialize;
use xxhash_rust::xxh3::xxh3_64;

use super::history::deletion;
use super::{Ambient, Decision, Engine, LocalResponse, Model};
use crate::http::head::first;
use crate::http::{OWN_PREFIX, RequestHead};
use crate::keys::Keys;
use crate::site::STYLE_PATH;
use form::{Params, is_own_path};
use request::Request;

/// A request whose body the host has to read.
#[derive(Debug)]
pub struct Pending {
    model: Arc<Model>,
    keys: Option<Arc<Keys>>,
    head: RequestHead,
    ambient: Ambient,
    form: Form,
}

/// The forms that are sent to the worker.
#[derive(Debug, Clone, Copy)]
enum Form {
    Feedback,
    Preferences,
}

impl Pending {
    /// Answers, given the body. Of a body that is longer than [`MAX_FORM_BYTES`] hand over one byte more than
    /// that, and read no further: the answer is 413 then.
    pub fn respond(&self, body: &[u8]) -> LocalResponse {
        if body.len() > MAX_FORM_BYTES {
            return text(413, "This form is too long.\n");
        }
        let params = Params::read(&String::from_utf8_lossy(body));
        let keys = self.keys.as_deref();
        let request = Request::new(&self.model, keys, &self.head, &self.ambient, params);
        match self.form {
            Form::Feedback => feedback::save(&request),
            Form::Preferences => preferences::save(&request),
        }
    }
}

#[derive(Serialize)]
struct Status<'a> {
    version: &'static str,
    ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    snapshot: Option<SnapshotStatus<'a>>,
}

#[derive(Serialize)]
struct SnapshotStatus<'a> {
    shop: &'a str,
    sequence: u64,
    created: i64,
    expires: i64,
    items: usize,
    bytes: usize,
}

impl Engine {
    pub(super) fn respond(&self, head: &RequestHead, ambient: &Ambient) -> Decision {
        let (path, query) = head.target.split_once('?').unwrap_or((&head.target, ""));
        let name = path.strip_prefix(OWN_PREFIX).unwrap_or_default();
        let method = match head.method.as_str() {
            "HEAD" => "GET",
            method => method,
        };
        Decision::Respond(match (name, method) {
            // What operators ask, and what nobody may be kept from, is not counted.
            ("status", "GET") => self.status(ambient),
            ("style.css", "GET") => self.style(&head.target),
            (html::STYLE_NAME, "GET") => {
                style(html::STYLE.as_bytes().to_vec(), "public, max-age=3600")
            }
            ("forget", "POST") => self.forget(head),
            ("status" | "style.css" | html::STYLE_NAME, _) => not_allowed("GET, HEAD"),
            ("recommendations" | "profile" | "why" | "explain", "GET")
            | ("preferences" | "forget", "GET" | "POST")
            | ("feedback", "POST") => return self.counted(name, query, head, ambient),
            ("recommendations" | "profile" | "why" | "explain", _) => not_allowed("GET, HEAD"),
            ("preferences" | "forget", _) => not_allowed("GET, HEAD, POST"),
            ("feedback", _) => not_allowed("POST"),
            _ => nothing_here(),
        })
    }

    /// The endpoints that cost something.
    fn counted(&self, name: &str, query: &str, head: &RequestHead, ambient: &Ambient) -> Decision {
        let refused = |status, why| Decision::Respond(text(status, why));
        if query.len() > MAX_QUERY_BYTES {
            return refused(414, "This address is too long.\n");
        }
        if !self.rate.allows(ambient.now) {
            let mut response = text(429, "Too many requests. Try again in a second.\n");
            response.headers.push(("retry-after", "1".to_owned()));
            return Decision::Respond(response);
        }
        let Ok(model) = &self.state else {
            return refused(503, "There is no snapshot.\n");
        };
        let expires = model.snapshot.meta().expires;
        if name == "recommendations" && expires != 0 && ambient.now >= expires {
            return refused(503, "The snapshot has expired.\n");
        }
        if head.method == "POST" {
            if guard::is_own_form(head, &model.index.site.url) != Some(true) {
                return Decision::Respond(foreign());
            }
            if !is_form(head) {
                return refused(415, "Expected application/x-www-form-urlencoded.\n");
            }
            return Decision::Read(Box::new(Pending {
                model: Arc::clone(model),
                keys: self.keys.clone(),
                head: head.clone(),
                ambient: ambient.clone(),
                form: match name {
                    "feedback" => Form::Feedback,
                    _ => Form::Preferences,
                },
            }));
        }
        let keys = self.keys.as_deref();
        let request = Request::new(model, keys, head, ambient, Params::read(query));
        Decision::Respond(match name {
            "recommendations" => recommendations::answer(&request),
            "profile" => profile::page(&request),
            "why" => why::page(&request),
            "preferences" => preferences::page(&request),
            "explain" => explain::answer(&request),
            _ => {
                let words = request.words;
                let mut html = request.page(words.forget);
                html.paragraph(words.forget_is).form("forget", &[]);
                html.button(words.forget);
                html.finish()
            }
        })
    }

    /// A form on another site must not be able to forget for a visitor. Who tells nothing of where a form stood
    /// may: a visitor is not to be kept from it by an old browser.
    fn forget(&self, head: &RequestHead) -> LocalResponse {
        let model = self.state.as_ref().ok();
        let url = model.map_or("", |model| model.index.site.url.as_str());
        if guard::is_own_form(head, url) == Some(false) {
            return foreign();
        }
        let mut response = see_other(back(head, None));
        response.headers.push(deletion());
        response
    }

    /// A page names the style by its hash, so that a browser asks once. Another hash is that of a snapshot
    /// before or after this one, whose bytes are not here.
    fn style(&self, target: &str) -> LocalResponse {
        let css = self.state.as_ref().map(|model| &model.index.site.style);
        let Some(css) = css.ok().filter(|style| !style.is_empty()) else {
            return nothing_here();
        };
        let own = format!("{STYLE_PATH}?v={:016x}", xxh3_64(css.as_bytes()));
        let cache = match target == own {
            true => "public, max-age=31536000, immutable",
            false => "public, max-age=60",
        };
        style(css.clone().into_bytes(), cache)
    }

    fn status(&self, ambient: &Ambient) -> LocalResponse {
        let mut status = Status {
            version: env!("CARGO_PKG_VERSION"),
            ok: false,
            reason: None,
            snapshot: None,
        };
        match &self.state {
            Err(reason) => status.reason = Some(reason),
            Ok(model) => {
                let meta = model.snapshot.meta();
                status.ok = meta.expires == 0 || ambient.now < meta.expires;
                status.reason = (!status.ok).then_some("the snapshot has expired");
                status.snapshot = Some(SnapshotStatus {
                    shop: &model.index.site.shop,
                    sequence: meta.sequence,
                    created: meta.created,
                    expires: meta.expires,
                    items: model.snapshot.len(),
                    bytes: model.snapshot.file_bytes(),
                });
            }
        }
        let code = if status.ok { 200 } else { 503 };
        json(code, &status)
    }
}

/// Whether the body is a form's.
fn is_form(head: &RequestHead) -> bool {
    let content_type = first(&head.headers, "content-type").unwrap_or_default();
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// Where a form leads back to: the path that it names, or that of the page it stood on; the shop's start
/// otherwise. Only a path, so that it can never lead to another site.
fn back(head: &RequestHead, named: Option<&str>) -> String {
    let referer = || {
        let referer = first(&head.headers, "referer")?;
        let rest = referer.split_once("://")?.1;
        let path = rest.get(rest.find('/')?..)?;
        // Of our own pages, only this one is worth coming back to.
        let is_page = !path.starts_with(OWN_PREFIX) || path.starts_with("/_tailorbird/profile");
        is_page.then_some(path)
    };
    let path = named.or_else(referer).filter(|path| is_own_path(path));
    path.unwrap_or("/").to_owned()
}

fn nothing_here() -> LocalResponse {
    text(404, "There is nothing here.\n")
}

fn foreign() -> LocalResponse {
    text(403, "Only a form on this site may do this.\n")
}

fn see_other(location: String) -> LocalResponse {
    let mut response = text(303, "Done.\n");
    response.headers.push(("location", location));
    response
}

fn not_allowed(allow: &str) -> LocalResponse {
    let mut response = text(405, "This address takes another method.\n");
    response.headers.push(("allow", allow.to_owned()));
    response
}

/// A style, which is nobody's secret.
fn style(css: Vec<u8>, cache: &str) -> LocalResponse {
    let mut response = response(200, "text/css; charset=utf-8", css);
    for (name, value) in &mut response.headers {
        if *name == "cache-control" {
            *value = cache.to_owned();
        }
    }
    response
}

fn json(status: u16, value: &impl Serialize) -> LocalResponse {
    let mut body = serde_json::to_vec(value).unwrap_or_default();
    body.push(b'\n');
    response(status, "application/json", body)
}

fn text(status: u16, body: &str) -> LocalResponse {
    response(
        status,
        "text/plain; charset=utf-8",
        body.as_bytes().to_vec(),
    )
}

fn response(status: u16, content_type: &str, body: Vec<u8>) -> LocalResponse {
    LocalResponse {
        status,
        headers: vec![
            ("content-type", content_type.to_owned()),
            ("cache-control", "private, no-store".to_owned()),
            ("x-content-type-options", "nosniff".to_owned()),
            ("referrer-policy", "same-origin".to_owned()),
            ("x-robots-tag", "noindex".to_owned()),
        ],
        body,
    }
}
