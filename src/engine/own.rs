//! The worker's own endpoints, below `/_tailorbird/`.
//!
//! | endpoint | method | answer |
//! |---|---|---|
//! | `status` | GET | 200 and the snapshot's facts, or 503 and why there is none (JSON) |
//! | `style.css` | GET | the style of Tailorbird's own templates, or 404 when site.toml uses none |
//! | `forget` | POST | deletes the visitor's cookie; 303 back to the page |

use serde::Serialize;
use xxhash_rust::xxh3::xxh3_64;

use super::history::deletion;
use super::{Ambient, Engine, LocalResponse};
use crate::http::RequestHead;
use crate::http::head::first;
use crate::site::STYLE_PATH;

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
    pub(super) fn respond(&self, head: &RequestHead, ambient: &Ambient) -> LocalResponse {
        let endpoint = head.target.split('?').next().unwrap_or_default();
        match (endpoint, head.method.as_str()) {
            ("/_tailorbird/status", "GET" | "HEAD") => self.status(ambient),
            ("/_tailorbird/status", _) => not_allowed("GET, HEAD"),
            (STYLE_PATH, "GET" | "HEAD") => self.style(&head.target),
            (STYLE_PATH, _) => not_allowed("GET, HEAD"),
            ("/_tailorbird/forget", "POST") => forget(head),
            ("/_tailorbird/forget", _) => not_allowed("POST"),
            _ => text(404, "There is nothing here.\n"),
        }
    }

    /// A page names the style by its hash, so that a browser asks once. Another hash is that of a snapshot
    /// before or after this one, whose bytes are not here.
    fn style(&self, target: &str) -> LocalResponse {
        let style = self.state.as_ref().map(|model| &model.index.site.style);
        let Some(style) = style.ok().filter(|style| !style.is_empty()) else {
            return text(404, "There is nothing here.\n");
        };
        let own = format!("{STYLE_PATH}?v={:016x}", xxh3_64(style.as_bytes()));
        let cache = match target == own {
            true => "public, max-age=31536000, immutable",
            false => "public, max-age=60",
        };
        let mut response = response(200, "text/css; charset=utf-8", style.clone().into_bytes());
        for (name, value) in &mut response.headers {
            if *name == "cache-control" {
                *value = cache.to_owned();
            }
        }
        response
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
        let mut body = serde_json::to_vec(&status).unwrap_or_default();
        body.push(b'\n');
        response(code, "application/json", body)
    }
}

/// A form on another site must not be able to forget for a visitor, so only our own pages may ask.
fn forget(head: &RequestHead) -> LocalResponse {
    let site = first(&head.headers, "sec-fetch-site");
    if site.is_some_and(|site| !matches!(site, "same-origin" | "none")) {
        return text(403, "Only a form on this site may do this.\n");
    }
    let mut response = text(303, "Forgotten.\n");
    response.headers.push(("location", back(head)));
    response.headers.push(deletion());
    response
}

/// The path of the page that the visitor came from; the shop's start otherwise. Only a path, so that
/// it can never lead to another site.
fn back(head: &RequestHead) -> String {
    let path = || {
        let referer = first(&head.headers, "referer")?;
        let rest = referer.split_once("://")?.1;
        let path = &rest[rest.find('/')?..];
        let plain = path.bytes().all(|b| b.is_ascii_graphic()) && !path.contains('\\');
        (plain && !path.starts_with("//") && !path.starts_with("/_tailorbird/")).then_some(path)
    };
    path().unwrap_or("/").to_owned()
}

fn not_allowed(allow: &str) -> LocalResponse {
    let mut response = text(405, "This address takes another method.\n");
    response.headers.push(("allow", allow.to_owned()));
    response
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
        ],
        body,
    }
}
