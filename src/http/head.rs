//! The heads of requests and responses, as far as the engine looks at them.
//!
//! The engine never holds a whole head. A host hands over the few headers that
//! [`Engine::request_headers`] and [`RESPONSE_HEADERS`] name, and applies the [`HeadEdits`] that come back to its
//! own representation. What no edit names stays as it was: order, case and duplicates included.
//!
//! Header values are *isomorphic strings*: every char is one byte (U+0000 to U+00FF), as in the Fetch
//! standard. So bytes that are not UTF-8 survive the round trip. [`isomorphic_decode`] and
//! [`isomorphic_encode`] convert.
//!
//! [`Engine::request_headers`]: crate::Engine::request_headers

use std::borrow::Cow;
use std::sync::{Mutex, PoisonError};

use crate::site::MAX_HEADER_NAME_BYTES;

/// The request headers that the engine reads of any request, in lower case, whatever site.toml says; see
/// [`Engine::request_headers`](crate::Engine::request_headers).
pub const REQUEST_HEADERS: &[&str] = &[
    "authorization",
    "cache-control",
    "cookie",
    "host",
    "sec-gpc",
    "x-forwarded-host",
];

/// Those that it reads, besides, of a request to the worker's own endpoints.
const OWN_REQUEST_HEADERS: &[&str] = &[
    "cookie",
    "referer",
    "origin",
    "sec-fetch-site",
    "sec-gpc",
    "accept-language",
    "content-type",
    "host",
    "x-forwarded-host",
];

/// The request headers that are read under one site.toml.
#[derive(Debug)]
pub(crate) struct RequestHeaders {
    page: Cow<'static, [&'static str]>,
    own: Cow<'static, [&'static str]>,
}

/// What is read whatever site.toml says.
pub(crate) static USUAL: RequestHeaders = RequestHeaders {
    page: Cow::Borrowed(REQUEST_HEADERS),
    own: Cow::Borrowed(OWN_REQUEST_HEADERS),
};

impl RequestHeaders {
    /// With those that site.toml names, in lower case. What can be no header's name is left out.
    pub(crate) fn with<'a>(named: impl Iterator<Item = &'a str>) -> Self {
        let is_byte = |byte: u8| byte.is_ascii_graphic() && !byte.is_ascii_uppercase();
        let is_name = |name: &&str| {
            (1..=MAX_HEADER_NAME_BYTES).contains(&name.len()) && name.bytes().all(is_byte)
        };
        let mut headers = Self {
            page: USUAL.page.clone(),
            own: USUAL.own.clone(),
        };
        for name in named.filter(is_name) {
            for list in [&mut headers.page, &mut headers.own] {
                if !list.contains(&name) {
                    list.to_mut().push(kept(name));
                }
            }
        }
        headers
    }

    /// Those of a request with this target, in lower case.
    pub(crate) fn of(&self, target: &str) -> &[&'static str] {
        match target.starts_with(super::OWN_PREFIX) {
            true => &self.own,
            false => &self.page,
        }
    }
}

/// A name as heads hold it: kept once, for as long as the process runs. A host that takes one snapshot after
/// the other meets the same few names again.
fn kept(name: &str) -> &'static str {
    static KEPT: Mutex<Vec<&'static str>> = Mutex::new(Vec::new());
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = kept.iter().find(|known| **known == name) {
        return known;
    }
    let name: &'static str = Box::leak(name.into());
    kept.push(name);
    name
}

/// The response headers that the engine reads, in lower case.
pub const RESPONSE_HEADERS: &[&str] = &[
    "age",
    "cache-control",
    "cdn-cache-control",
    "cloudflare-cdn-cache-control",
    "content-disposition",
    "content-encoding",
    "content-type",
    "etag",
    "set-cookie",
    "surrogate-control",
    "transfer-encoding",
    "vary",
];

/// What the engine needs to know of a visitor's request.
#[derive(Debug, Clone, Default)]
pub struct RequestHead {
    /// The method in upper case, `GET` for instance.
    pub method: String,
    /// `true` when the visitor came by HTTPS, so that cookies can be marked `Secure`.
    pub secure: bool,
    /// Path and query as they stand in the request line, from the first `/`.
    pub target: String,
    /// Those of [`Engine::request_headers`](crate::Engine::request_headers) that the request has; one entry per
    /// header line.
    pub headers: Vec<(&'static str, String)>,
}

/// What the engine needs to know of the origin's response.
#[derive(Debug, Clone, Default)]
pub struct ResponseHead {
    /// The status code.
    pub status: u16,
    /// Those of [`RESPONSE_HEADERS`] that the response has; one entry per header line.
    pub headers: Vec<(&'static str, String)>,
    /// `true` where the platform hands the host a body that is already decoded although
    /// `Content-Encoding` says gzip or br (Cloudflare's `fetch`).
    pub body_is_decoded: bool,
}

/// Changes to a head, to be applied in this order: remove, set, append. Names are in lower case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HeadEdits {
    /// Headers to drop, all lines of each.
    pub remove: Vec<&'static str>,
    /// Headers to set, in place of all lines of that name.
    pub set: Vec<(&'static str, String)>,
    /// Header lines to add.
    pub append: Vec<(&'static str, String)>,
}

impl HeadEdits {
    /// `true` when there is nothing to change.
    pub fn is_empty(&self) -> bool {
        self.remove.is_empty() && self.set.is_empty() && self.append.is_empty()
    }
}

/// The first value of `name` in `headers`.
pub(crate) fn first<'a>(headers: &'a [(&'static str, String)], name: &str) -> Option<&'a str> {
    headers
        .iter()
        .find(|(n, _)| *n == name)
        .map(|(_, v)| v.as_str())
}

/// All values of `name` in `headers`.
pub(crate) fn all<'a>(
    headers: &'a [(&'static str, String)],
    name: &'a str,
) -> impl Iterator<Item = &'a str> + Clone {
    headers
        .iter()
        .filter(move |(n, _)| *n == name)
        .map(|(_, v)| v.as_str())
}

/// The value of `name` in `headers`, several lines joined as a host joins them that sees no lines.
pub(crate) fn joined(headers: &[(&'static str, String)], name: &str) -> Option<String> {
    let lines: Vec<&str> = all(headers, name).collect();
    (!lines.is_empty()).then(|| lines.join(", "))
}

/// Bytes of a header value as an isomorphic string.
pub fn isomorphic_decode(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) if text.is_ascii() => text.to_owned(),
        _ => bytes.iter().map(|&byte| char::from(byte)).collect(),
    }
}

/// The bytes of an isomorphic string. A char above U+00FF, which [`isomorphic_decode`] never makes,
/// becomes `?`.
pub fn isomorphic_encode(value: &str) -> Cow<'_, [u8]> {
    if value.is_ascii() {
        return Cow::Borrowed(value.as_bytes());
    }
    Cow::Owned(
        value
            .chars()
            .map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?'))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_a_site_come_behind_the_usual_ones() {
        let long = "x".repeat(MAX_HEADER_NAME_BYTES + 1);
        let named = ["x-tier", "cookie", "", "X-Tier", "x tier", "x-tier", &long];
        let headers = RequestHeaders::with(named.into_iter());
        for target in ["/en/", "/_tailorbird/profile"] {
            let (usual, all) = (USUAL.of(target), headers.of(target));
            assert_eq!(all.split_last(), Some((&"x-tier", usual)), "{target}");
        }
        // A second snapshot with the same site takes no more memory.
        let again = RequestHeaders::with(["x-tier"].into_iter());
        let name = |headers: &RequestHeaders| headers.of("/").last().map(|name| name.as_ptr());
        assert_eq!(name(&again), name(&headers));
    }

    #[test]
    fn a_site_that_names_none_costs_nothing() {
        let headers = RequestHeaders::with(std::iter::empty());
        assert!(matches!(headers.page, Cow::Borrowed(_)));
        assert!(matches!(headers.own, Cow::Borrowed(_)));
    }

    #[test]
    fn every_byte_survives_the_round_trip() {
        let all: Vec<u8> = (0..=255).collect();
        assert_eq!(isomorphic_encode(&isomorphic_decode(&all)).as_ref(), all);
    }
}
