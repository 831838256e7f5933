//! The heads of requests and responses, as far as the engine looks at them.
//!
//! The engine never holds a whole head. A host hands over the few headers that are named in
//! [`request_headers`] and [`RESPONSE_HEADERS`], and applies the [`HeadEdits`] that come back to its
//! own representation. What no edit names stays as it was: order, case and duplicates included.
//!
//! Header values are *isomorphic strings*: every char is one byte (U+0000 to U+00FF), as in the Fetch
//! standard. So bytes that are not UTF-8 survive the round trip. [`isomorphic_decode`] and
//! [`isomorphic_encode`] convert.

use std::borrow::Cow;

/// The request headers that the engine reads of any request, in lower case; see [`request_headers`].
pub const REQUEST_HEADERS: &[&str] = &[
    "authorization",
    "cache-control",
    "cookie",
    "host",
    "origin",
    "referer",
    "sec-fetch-site",
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

/// The request headers that the engine reads of a request with this target, in lower case.
pub fn request_headers(target: &str) -> &'static [&'static str] {
    match target.starts_with(super::OWN_PREFIX) {
        true => OWN_REQUEST_HEADERS,
        false => REQUEST_HEADERS,
    }
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
    /// Those of [`request_headers`] that the request has; one entry per header line.
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
    fn every_byte_survives_the_round_trip() {
        let all: Vec<u8> = (0..=255).collect();
        assert_eq!(isomorphic_encode(&isomorphic_decode(&all)).as_ref(), all);
    }
}
