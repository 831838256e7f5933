//! Heads: hyper's `HeaderMap` on one side, the engine's values on the other.

use hyper::HeaderMap;
use hyper::header::{self, HeaderName, HeaderValue};
use tailorbird::HeadEdits;
use tailorbird::http::{isomorphic_decode, isomorphic_encode};

/// Fields that mean one connection only (RFC 9110, section 7.6.1), besides those that
/// `Connection` names.
const HOP_BY_HOP: [HeaderName; 6] = [
    header::CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    header::TE,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

/// Drops what means one connection only, in either direction.
pub(crate) fn strip_hop_by_hop(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = tokens(headers, &header::CONNECTION)
        .filter_map(|token| HeaderName::from_bytes(token.as_bytes()).ok())
        .collect();
    for name in named.iter().chain(&HOP_BY_HOP) {
        headers.remove(name);
    }
}

/// `true` when one of the header's comma-separated values begins with the token.
pub(crate) fn has_token(headers: &HeaderMap, name: &HeaderName, token: &str) -> bool {
    tokens(headers, name).any(|found| found.eq_ignore_ascii_case(token))
}

fn tokens<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    headers
        .get_all(name)
        .into_iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|item| item.split(';').next().unwrap_or_default().trim())
        .filter(|item| !item.is_empty())
}

/// The lines of the headers that the engine reads.
pub(crate) fn lines(headers: &HeaderMap, names: &[&'static str]) -> Vec<(&'static str, String)> {
    names
        .iter()
        .flat_map(|&name| {
            headers
                .get_all(name)
                .into_iter()
                .map(move |value| (name, isomorphic_decode(value.as_bytes())))
        })
        .collect()
}

/// All lines of a head.
pub(crate) fn all_lines(headers: &HeaderMap) -> Vec<(String, String)> {
    let lines = headers.iter();
    lines
        .map(|(name, value)| {
            (
                name.as_str().to_owned(),
                isomorphic_decode(value.as_bytes()),
            )
        })
        .collect()
}

/// Applies the engine's edits in their order: remove, set, append.
pub(crate) fn edit(headers: &mut HeaderMap, edits: &HeadEdits) {
    for name in &edits.remove {
        headers.remove(*name);
    }
    for (name, value) in &edits.set {
        headers.insert(HeaderName::from_static(name), to_value(value));
    }
    for (name, value) in &edits.append {
        headers.append(HeaderName::from_static(name), to_value(value));
    }
}

/// A header's value of an isomorphic string; control characters, which no head may carry, go.
pub(crate) fn to_value(value: &str) -> HeaderValue {
    HeaderValue::from_bytes(&isomorphic_encode(value)).unwrap_or_else(|_| {
        let printable: String = value.chars().filter(|c| !c.is_control()).collect();
        HeaderValue::from_bytes(&isomorphic_encode(&printable))
            .unwrap_or(HeaderValue::from_static(""))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_that_connection_names_go_too() {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("connection", "close, X-Hop"),
            ("x-hop", "1"),
            ("keep-alive", "timeout=5"),
            ("transfer-encoding", "chunked"),
            ("trailer", "digest"),
            ("set-cookie", "a=1"),
            ("set-cookie", "b=2"),
        ] {
            headers.append(HeaderName::from_static(name), to_value(value));
        }
        strip_hop_by_hop(&mut headers);
        let names: Vec<&str> = headers.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["trailer", "set-cookie", "set-cookie"]);
    }

    #[test]
    fn edits_come_in_the_order_remove_set_append() {
        let mut headers = HeaderMap::new();
        headers.append("etag", to_value("\"1\""));
        headers.append("vary", to_value("a"));
        headers.append("vary", to_value("b"));
        edit(
            &mut headers,
            &HeadEdits {
                remove: vec!["etag"],
                set: vec![("vary", "cookie".to_owned())],
                append: vec![("vary", "\u{e9}".to_owned())],
            },
        );
        let vary: Vec<&[u8]> = headers
            .get_all("vary")
            .iter()
            .map(|v| v.as_bytes())
            .collect();
        assert_eq!(vary, [b"cookie".as_slice(), b"\xe9"]);
        assert!(!headers.contains_key("etag"));
    }
}
