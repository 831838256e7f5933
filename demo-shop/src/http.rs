//! Requests and answers as plain values, and the few pieces of HTTP that a shop needs.

/// Everything on a page comes from the shop itself, nothing stands inline, and nobody frames a page.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";

/// All of a request that the shop looks at.
#[derive(Debug, Clone, Copy, Default)]
pub struct Request<'a> {
    /// `GET`, `HEAD` or `POST`; others are refused.
    pub method: &'a str,
    /// Path and query, as in the request line.
    pub target: &'a str,
    /// Value of the `Cookie` header.
    pub cookie: Option<&'a str>,
    /// Value of the `Referer` header; only its path and query are used.
    pub referer: Option<&'a str>,
    /// Value of the `If-None-Match` header.
    pub if_none_match: Option<&'a str>,
    /// Body of a form, `application/x-www-form-urlencoded`.
    pub form: &'a str,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The status code.
    pub status: u16,
    /// Value of the `Content-Type` header, which is not repeated in `headers`.
    pub content_type: &'static str,
    /// All other headers that the shop sets, names in lower case.
    pub headers: Vec<(&'static str, String)>,
    /// The body; empty for `HEAD`.
    pub body: Vec<u8>,
}

impl Page {
    /// The first header with this (lower-case) name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(header, _)| *header == name)
            .map(|(_, value)| value.as_str())
    }

    pub(crate) fn new(status: u16, content_type: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Page {
            status,
            content_type,
            headers: Vec::new(),
            body: body.into(),
        }
    }

    pub(crate) fn html(status: u16, body: String) -> Self {
        Page::new(status, "text/html; charset=utf-8", body)
            .with("content-security-policy", CONTENT_SECURITY_POLICY)
    }

    pub(crate) fn redirect(status: u16, to: &str) -> Self {
        Page::new(status, "text/plain; charset=utf-8", "").with("location", to)
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Adds a validator made from the body, and answers 304 where the client has the very same (RFC 9110, 13.1.2).
    pub(crate) fn validated(self, if_none_match: Option<&str>) -> Self {
        let tag = format!("\"{:016x}\"", fingerprint(&self.body));
        let same =
            |known: &str| known.trim().trim_start_matches("W/") == tag || known.trim() == "*";
        let unchanged =
            self.status == 200 && if_none_match.is_some_and(|tags| tags.split(',').any(same));
        let mut page = self.with("etag", tag);
        if unchanged {
            page.status = 304;
            page.body.clear();
        }
        page
    }
}

/// FNV-1a: enough to tell two versions of a page apart.
fn fingerprint(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// The first value of `name` in a query or form.
pub(crate) fn field(fields: &str, name: &str) -> Option<String> {
    fields
        .split('&')
        .map(|field| field.split_once('=').unwrap_or((field, "")))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| decode(value))
}

/// Undoes the encoding of forms; a broken escape stands for itself, and bytes that are not UTF-8 become U+FFFD.
pub(crate) fn decode(value: &str) -> String {
    let spaced = value.replace('+', " ");
    let mut bytes = Vec::with_capacity(spaced.len());
    let mut rest = spaced.as_bytes();
    while let [first, tail @ ..] = rest {
        let escaped = match tail {
            [high, low, ..] if *first == b'%' => hex(*high).zip(hex(*low)),
            _ => None,
        };
        match escaped {
            Some((high, low)) => {
                bytes.push(high * 16 + low);
                rest = &tail[2..];
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}

/// The value of a cookie.
pub(crate) fn cookie<'a>(header: Option<&'a str>, name: &str) -> Option<&'a str> {
    header?
        .split(';')
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

/// Where to go back to after a form: path and query of the `Referer`, never another origin. Only the path is taken, so a
/// proxy in front, under another name, does no harm; `//host` and `/\host` would lead away and are refused.
pub(crate) fn back(referer: Option<&str>) -> &str {
    let path = referer
        .and_then(|referer| match referer.split_once("://") {
            Some((_, rest)) => rest.find('/').map(|at| &rest[at..]),
            None => Some(referer),
        })
        .filter(|path| path.starts_with('/') && !path.starts_with("//") && !path.starts_with("/\\"))
        .filter(|path| path.bytes().all(|byte| byte.is_ascii_graphic()));
    path.unwrap_or("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_decoded() {
        assert_eq!(
            field("a=1&q=tea+cup%20%C3%BC", "q").as_deref(),
            Some("tea cup ü")
        );
        assert_eq!(field("q=%zz%4", "q").as_deref(), Some("%zz%4"));
        assert_eq!(field("q=%ff", "q").as_deref(), Some("\u{fffd}"));
        assert_eq!(field("q", "q").as_deref(), Some(""));
        assert_eq!(field("", "q"), None);
    }

    #[test]
    fn cookies_are_found_by_whole_name() {
        assert_eq!(
            cookie(Some("xcart=1; cart=TB-1:2; a"), "cart"),
            Some("TB-1:2")
        );
        assert_eq!(cookie(None, "cart"), None);
    }

    #[test]
    fn the_way_back_stays_here() {
        for (referer, expected) in [
            (
                Some("https://demo.shop.example/en/c/kitchen?page=2"),
                "/en/c/kitchen?page=2",
            ),
            (Some("http://127.0.0.1:8080/de/"), "/de/"),
            (Some("/en/"), "/en/"),
            (Some("https://demo.shop.example"), "/"),
            (Some("https://a.example//evil.example/"), "/"),
            (Some("https://a.example/\\evil.example/"), "/"),
            (Some("//evil.example/"), "/"),
            (Some("https://a.example/x\r\nSet-Cookie: a=b"), "/"),
            (Some("javascript:alert(1)"), "/"),
            (None, "/"),
        ] {
            assert_eq!(back(referer), expected, "{referer:?}");
        }
    }

    #[test]
    fn a_known_version_is_not_sent_again() {
        let page = Page::html(200, "x".into()).validated(None);
        let tag = page.header("etag").unwrap_or_default().to_owned();
        assert_eq!(
            Page::html(200, "x".into())
                .validated(Some(&format!("\"a\", W/{tag}")))
                .status,
            304
        );
        assert_eq!(
            Page::html(200, "y".into()).validated(Some(&tag)).status,
            200
        );
    }
}
