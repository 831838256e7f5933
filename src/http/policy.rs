//! Which responses may be touched, and what the head of a changed one must say.

use std::fmt;

use encoding_rs::Encoding;
use lol_html::AsciiCompatibleEncoding;

use super::head::{self, HeadEdits, ResponseHead};

/// Paths below this one are the worker's own and never reach the origin.
pub(crate) const OWN_PREFIX: &str = "/_tailorbird/";

/// What must not outlive the bytes that it was computed from: validators, lengths, digests, ranges,
/// and the caching rules that speak to CDNs (RFC 9213 and vendors' own).
const STALE_ONCE_CHANGED: &[&str] = &[
    "accept-ranges",
    "age",
    "cdn-cache-control",
    "cloudflare-cdn-cache-control",
    "content-digest",
    "content-length",
    "content-md5",
    "digest",
    "etag",
    "expires",
    "last-modified",
    "repr-digest",
    "surrogate-control",
];

/// Caching rules that speak to CDNs alone and overrule `Cache-Control` there.
const CDN_RULES: &[&str] = &[
    "cdn-cache-control",
    "cloudflare-cdn-cache-control",
    "surrogate-control",
];

/// A request for a page that will be changed must bring the whole page in a form that can be read.
const PARTIAL: &[&str] = &[
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "range",
];

/// Why a response goes through as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PassReason {
    /// There is no usable snapshot: missing, damaged, too old, too new.
    NoSnapshot,
    /// The snapshot's expiry has passed.
    SnapshotExpired,
    /// Only GET and HEAD ask for pages.
    Method,
    /// site.toml names no place for this URL.
    NoPlace,
    /// No consent, and site.toml says `without = "untouched"`.
    NoConsent,
    /// Only 200 carries a page to change.
    Status(u16),
    /// Not `text/html`, nor JSON where site.toml names a list in JSON.
    NotHtml,
    /// `Content-Disposition: attachment`: a file, not a page.
    Attachment,
    /// `Cache-Control: no-transform` (RFC 9111, 5.2.2.6).
    NoTransform,
    /// A `Content-Encoding` that this host cannot undo.
    Encoding(String),
    /// A charset in which markup is not ASCII (UTF-16, ISO-2022-JP).
    Charset(String),
    /// There is nothing to insert, to order or to remember.
    NothingToDo,
    /// The visitor is one of those who get the shop's own pages, to measure against.
    Holdout,
    /// The origin broke off before it was known what the page tells.
    BrokeOff,
}

impl fmt::Display for PassReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSnapshot => f.write_str("no snapshot"),
            Self::SnapshotExpired => f.write_str("snapshot expired"),
            Self::Method => f.write_str("method"),
            Self::NoPlace => f.write_str("no place on this page"),
            Self::NoConsent => f.write_str("no consent"),
            Self::Status(status) => write!(f, "status {status}"),
            Self::NotHtml => f.write_str("not HTML"),
            Self::Attachment => f.write_str("attachment"),
            Self::NoTransform => f.write_str("no-transform"),
            Self::Encoding(name) => write!(f, "content-encoding {name}"),
            Self::Charset(name) => write!(f, "charset {name}"),
            Self::NothingToDo => f.write_str("nothing to do"),
            Self::Holdout => f.write_str("holdout"),
            Self::BrokeOff => f.write_str("origin broke off"),
        }
    }
}

/// How a body that may be rewritten is to be read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct BodyForm {
    pub(crate) kind: BodyKind,
    /// From `Content-Type`; without one the page's own `<meta>` may still say.
    pub(crate) charset: Option<AsciiCompatibleEncoding>,
    pub(crate) coding: Coding,
}

impl BodyForm {
    /// What most shops send.
    pub(crate) fn usual() -> Self {
        Self {
            kind: BodyKind::Html,
            charset: Some(AsciiCompatibleEncoding::utf_8()),
            coding: Coding::Identity,
        }
    }

    /// HTML whose bytes are read as they come.
    pub(crate) fn is_plain_html(&self) -> bool {
        self.kind == BodyKind::Html && self.coding == Coding::Identity
    }
}

/// What a body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BodyKind {
    Html,
    Json,
}

/// The content coding that the rewriter has to undo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coding {
    Identity,
    #[cfg(feature = "decode")]
    Gzip,
    #[cfg(feature = "decode")]
    Brotli,
}

/// Decides whether a response's body may be rewritten.
pub(crate) fn body_form(head: &ResponseHead) -> Result<BodyForm, PassReason> {
    if head.status != 200 {
        return Err(PassReason::Status(head.status));
    }
    let (kind, charset) = kind_and_charset(head)?;
    let attachment = head::first(&head.headers, "content-disposition")
        .is_some_and(|v| first_token(v).eq_ignore_ascii_case("attachment"));
    if attachment {
        return Err(PassReason::Attachment);
    }
    let no_transform = head::all(&head.headers, "cache-control")
        .flat_map(|v| v.split(','))
        .any(|directive| directive.trim().eq_ignore_ascii_case("no-transform"));
    if no_transform {
        return Err(PassReason::NoTransform);
    }
    let coding = coding(head)?;
    Ok(BodyForm {
        kind,
        charset,
        coding,
    })
}

fn kind_of(media_type: &str) -> Option<BodyKind> {
    let media_type = media_type.to_ascii_lowercase();
    let is_json = |sub: &str| sub == "json" || sub.ends_with("+json");
    match media_type.strip_prefix("application/") {
        Some(sub) if is_json(sub) => Some(BodyKind::Json),
        _ => (media_type == "text/html").then_some(BodyKind::Html),
    }
}

fn kind_and_charset(
    head: &ResponseHead,
) -> Result<(BodyKind, Option<AsciiCompatibleEncoding>), PassReason> {
    let content_type = head::first(&head.headers, "content-type").ok_or(PassReason::NotHtml)?;
    let kind = kind_of(first_token(content_type)).ok_or(PassReason::NotHtml)?;
    let label = content_type
        .split(';')
        .skip(1)
        .filter_map(|parameter| parameter.split_once('='))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))
        .map(|(_, value)| value.trim().trim_matches('"'));
    let Some(label) = label else {
        return Ok((kind, None));
    };
    let unknown = || PassReason::Charset(label.chars().take(40).collect());
    let encoding = Encoding::for_label(label.as_bytes()).ok_or_else(unknown)?;
    // RFC 8259, 8.1: JSON between systems is UTF-8.
    if kind == BodyKind::Json && encoding != encoding_rs::UTF_8 {
        return Err(unknown());
    }
    let charset = AsciiCompatibleEncoding::new(encoding).ok_or_else(unknown)?;
    Ok((kind, Some(charset)))
}

fn coding(head: &ResponseHead) -> Result<Coding, PassReason> {
    let codings: Vec<String> = head::all(&head.headers, "content-encoding")
        .flat_map(|v| v.split(','))
        .map(|v| v.trim().to_ascii_lowercase())
        .filter(|v| !v.is_empty() && v != "identity")
        .collect();
    match codings.as_slice() {
        [] => Ok(Coding::Identity),
        [one] if head.body_is_decoded && matches!(one.as_str(), "gzip" | "x-gzip" | "br") => {
            Ok(Coding::Identity)
        }
        #[cfg(feature = "decode")]
        [one] if matches!(one.as_str(), "gzip" | "x-gzip") => Ok(Coding::Gzip),
        #[cfg(feature = "decode")]
        [one] if one == "br" => Ok(Coding::Brotli),
        _ => Err(PassReason::Encoding(codings.join(", "))),
    }
}

fn first_token(value: &str) -> &str {
    value.split(';').next().unwrap_or_default().trim()
}

/// What the head of a changed response must say: it is for this visitor alone and nobody may keep it.
pub(crate) fn changed_head() -> HeadEdits {
    let mut remove = STALE_ONCE_CHANGED.to_vec();
    remove.push("content-encoding");
    HeadEdits {
        remove,
        set: vec![("cache-control", "private, no-store".to_owned())],
        append: Vec::new(),
    }
}

/// Whether a response is a page, whatever its bytes look like.
pub(crate) fn is_page(head: &ResponseHead) -> bool {
    let content_type = head::first(&head.headers, "content-type").unwrap_or_default();
    head.status == 200 && first_token(content_type).eq_ignore_ascii_case("text/html")
}

/// What the head of a response must say that sets a cookie and is otherwise the origin's. Its validators and
/// lengths stay, for its bytes do.
pub(crate) fn private_head() -> HeadEdits {
    HeadEdits {
        remove: CDN_RULES.to_vec(),
        set: vec![("cache-control", "private, no-store".to_owned())],
        append: Vec::new(),
    }
}

/// What the request for a page that may be changed must say: no conditions on bytes that the
/// visitor cannot have, and no coding.
pub(crate) fn page_request() -> HeadEdits {
    HeadEdits {
        remove: PARTIAL.to_vec(),
        set: vec![("accept-encoding", "identity".to_owned())],
        append: Vec::new(),
    }
}

/// The value of a `Server-Timing` header or trailer. Durations are milliseconds.
pub fn server_timing(decide_ms: f64, rewrite_ms: Option<f64>) -> String {
    let mut value = format!("tb-decide;dur={}", Milliseconds(decide_ms));
    if let Some(rewrite_ms) = rewrite_ms {
        value.push_str(&format!(", tb-rewrite;dur={}", Milliseconds(rewrite_ms)));
    }
    value
}

/// Three decimals of a duration, by integers: floats are formatted by long functions, which a new isolate would compile first.
struct Milliseconds(f64);

impl std::fmt::Display for Milliseconds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let micros = (self.0 * 1000.0).round() as u64;
        write!(f, "{}.{:03}", micros / 1000, micros % 1000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_three_decimals() {
        let whole = server_timing(0.0004, Some(12.3456));
        assert_eq!(whole, "tb-decide;dur=0.000, tb-rewrite;dur=12.346");
        assert_eq!(server_timing(1000.05, None), "tb-decide;dur=1000.050");
        // A clock that went back.
        assert_eq!(server_timing(-1.0, None), "tb-decide;dur=0.000");
    }

    fn response(status: u16, headers: &[(&'static str, &str)]) -> ResponseHead {
        ResponseHead {
            status,
            headers: headers.iter().map(|(n, v)| (*n, (*v).to_owned())).collect(),
            body_is_decoded: false,
        }
    }

    fn reason(status: u16, headers: &[(&'static str, &str)]) -> PassReason {
        body_form(&response(status, headers)).expect_err("passes through")
    }

    #[test]
    fn html_is_rewritten() {
        for value in [
            "text/html",
            "Text/HTML; charset=utf-8",
            "text/html;charset=\"iso-8859-1\"",
        ] {
            assert!(
                body_form(&response(200, &[("content-type", value)])).is_ok(),
                "{value}"
            );
        }
    }

    #[test]
    fn json_is_read_in_utf_8_alone() {
        let form = |value| body_form(&response(200, &[("content-type", value)]));
        for value in [
            "application/json",
            "Application/JSON; charset=UTF-8",
            "application/ld+json;profile=x;charset=utf8",
        ] {
            assert_eq!(
                form(value).map(|form| form.kind),
                Ok(BodyKind::Json),
                "{value}"
            );
        }
        for value in [
            "text/json",
            "application/jsonp",
            "application/json-seq",
            "image/svg+xml",
        ] {
            assert_eq!(form(value), Err(PassReason::NotHtml), "{value}");
        }
        let latin = form("application/json; charset=iso-8859-1");
        assert_eq!(latin, Err(PassReason::Charset("iso-8859-1".into())));
    }

    #[test]
    fn everything_else_passes() {
        let html = ("content-type", "text/html");
        assert_eq!(reason(404, &[html]), PassReason::Status(404));
        assert_eq!(reason(206, &[html]), PassReason::Status(206));
        assert_eq!(reason(200, &[]), PassReason::NotHtml);
        assert_eq!(
            reason(200, &[("content-type", "application/xhtml+xml")]),
            PassReason::NotHtml
        );
        assert_eq!(
            reason(200, &[("content-type", "text/html; charset=utf-16le")]),
            PassReason::Charset("utf-16le".into())
        );
        assert_eq!(
            reason(
                200,
                &[html, ("content-disposition", "attachment; filename=a.html")]
            ),
            PassReason::Attachment
        );
        assert_eq!(
            reason(200, &[html, ("cache-control", "public, No-Transform")]),
            PassReason::NoTransform
        );
        assert_eq!(
            reason(200, &[html, ("content-encoding", "zstd")]),
            PassReason::Encoding("zstd".into())
        );
        assert_eq!(
            reason(200, &[html, ("content-encoding", "gzip, br")]),
            PassReason::Encoding("gzip, br".into())
        );
    }
}
