//! Which pages may be kept to be shown again: what RFC 9111 lets a shared cache do, and rather less.

use super::head::{RequestHead, ResponseHead, all, first};

/// How long a page answers at most without the origin being asked, in seconds.
const MAX_FRESH_SECONDS: i64 = 60 * 60;

/// The longest validator that is kept, in bytes.
const MAX_ETAG_BYTES: usize = 256;

/// Headers with caching rules. One of them that forbids is enough.
const RULES: [&str; 4] = [
    "cache-control",
    "cdn-cache-control",
    "cloudflare-cdn-cache-control",
    "surrogate-control",
];

/// What a request lets a kept page do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reuse {
    /// Answer, or be asked after.
    Fresh,
    /// Be asked after at the origin.
    Validated,
    /// Nothing.
    Never,
}

/// What a response lets be done with its page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Keep {
    /// What to ask the origin with, whether it is still the page.
    pub(crate) etag: Option<String>,
    /// Until when nobody has to be asked, in seconds since 1970; 0 when somebody has to be.
    pub(crate) fresh_until: i64,
}

/// What a request lets a kept page do.
pub(crate) fn reuse(head: &RequestHead) -> Reuse {
    let mut rules = directives(&head.headers, "cache-control");
    let is_private = first(&head.headers, "authorization").is_some();
    if head.method != "GET" || is_private || rules.clone().any(|(name, _)| is(name, "no-store")) {
        return Reuse::Never;
    }
    let must_ask = |(name, value): (&str, &str)| {
        is(name, "no-cache") || is(name, "max-age") && seconds(value) == Some(0)
    };
    match rules.any(must_ask) {
        true => Reuse::Validated,
        false => Reuse::Fresh,
    }
}

/// What may be done with a response's page; `None` when it may not be kept. Its status is 200, or 304 with
/// the headers of the page that is kept.
///
/// A page that sets a cookie or that some rule calls private is never kept. Without a word from the origin that
/// caches may share it (`public`, `s-maxage`), or when it depends on more than its URL (`Vary`), it is shown
/// only when the origin says with the visitor's own request that it is the page: no two pages of one URL have the
/// same strong validator (RFC 9110, 8.8.3), whatever they depend on (RFC 9111, 4.3.1).
pub(crate) fn keep(head: &ResponseHead, now: i64) -> Option<Keep> {
    let rules = || {
        RULES
            .iter()
            .flat_map(|name| directives(&head.headers, name))
    };
    let has = |wanted: &str| rules().any(|(name, _)| is(name, wanted));
    let mut vary = all(&head.headers, "vary").flat_map(|value| value.split(','));
    let is_unknown = vary.clone().any(|name| name.trim() == "*");
    let varies = vary.any(|name| !is(name.trim(), "accept-encoding"));
    if is_unknown
        || has("private")
        || has("no-store")
        || first(&head.headers, "set-cookie").is_some()
    {
        return None;
    }
    let own = |wanted: &str| {
        let mut own = directives(&head.headers, "cache-control");
        own.find_map(|(name, value)| is(name, wanted).then(|| seconds(value))?)
    };
    let age = first(&head.headers, "age").and_then(seconds).unwrap_or(0);
    let lifetime = match own("s-maxage") {
        _ if varies || has("no-cache") => 0,
        Some(shared) => shared,
        None if has("public") => own("max-age").unwrap_or(0),
        None => 0,
    };
    let fresh_for = lifetime.saturating_sub(age).clamp(0, MAX_FRESH_SECONDS);
    let is_sound = |etag: &&str| is_etag(etag) && !(varies && etag.starts_with("W/"));
    let etag = first(&head.headers, "etag").filter(is_sound);
    (etag.is_some() || fresh_for > 0).then(|| Keep {
        etag: etag.map(str::to_owned),
        fresh_until: match fresh_for {
            0 => 0,
            _ => now.saturating_add(fresh_for),
        },
    })
}

/// The directives of all lines of `name`, each with its value.
fn directives<'a>(
    headers: &'a [(&'static str, String)],
    name: &'a str,
) -> impl Iterator<Item = (&'a str, &'a str)> + Clone {
    let parts = all(headers, name).flat_map(|line| line.split(','));
    parts.map(|part| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        (name.trim(), value.trim().trim_matches('"'))
    })
}

fn is(name: &str, wanted: &str) -> bool {
    name.eq_ignore_ascii_case(wanted)
}

fn seconds(value: &str) -> Option<i64> {
    let value = value.trim();
    let is_number = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    // RFC 9111, 1.2.2: what is too large is very long.
    is_number.then(|| value.parse().unwrap_or(i64::MAX))
}

/// RFC 9110, 8.8.3.
fn is_etag(value: &str) -> bool {
    let opaque = value.strip_prefix("W/").unwrap_or(value);
    let inner = opaque
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    let is_etagc = |c: char| c != '"' && c > ' ' && c != '\u{7F}';
    value.len() <= MAX_ETAG_BYTES && inner.is_some_and(|inner| inner.chars().all(is_etagc))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(headers: &[(&'static str, &str)]) -> Option<(bool, i64)> {
        let headers = headers.iter().map(|(n, v)| (*n, (*v).to_owned()));
        let head = ResponseHead {
            status: 200,
            headers: headers.collect(),
            body_is_decoded: false,
        };
        let keep = keep(&head, 1000)?;
        Some((keep.etag.is_some(), (keep.fresh_until - 1000).max(0)))
    }

    #[test]
    fn what_a_response_allows() {
        let etag = ("etag", "\"a\"");
        let rules = |value| ("cache-control", value);
        assert_eq!(
            kept(&[]),
            None,
            "nothing tells whether it is still the page"
        );
        assert_eq!(kept(&[etag]), Some((true, 0)));
        assert_eq!(kept(&[("etag", "W/\"a\"")]), Some((true, 0)));
        assert_eq!(kept(&[("etag", "a")]), None);
        assert_eq!(kept(&[etag, rules("max-age=60")]), Some((true, 0)));
        assert_eq!(kept(&[rules("max-age=60")]), None);
        assert_eq!(kept(&[rules("public, max-age=60")]), Some((false, 60)));
        assert_eq!(
            kept(&[rules("S-MaxAge=\"90\", max-age=5")]),
            Some((false, 90))
        );
        assert_eq!(kept(&[rules("s-maxage=0, public, max-age=60")]), None);
        let aged = [rules("s-maxage=90"), ("age", "30")];
        assert_eq!(kept(&aged), Some((false, 60)));
        assert_eq!(
            kept(&[rules("s-maxage=99999999999999999999")]),
            Some((false, 3600))
        );
        assert_eq!(
            kept(&[etag, rules("s-maxage=90, no-cache")]),
            Some((true, 0))
        );
        for forbids in [
            rules("private"),
            rules("public"),
            rules("Private=\"x\""),
            rules("no-store"),
            ("surrogate-control", "no-store"),
            ("cdn-cache-control", "private"),
            ("set-cookie", "a=b"),
            ("vary", "*"),
            ("vary", "Cookie, *"),
        ] {
            let expected = (forbids.1 == "public").then_some((true, 0));
            assert_eq!(kept(&[etag, forbids]), expected, "{forbids:?}");
        }
        let shared = rules("public, max-age=60");
        assert_eq!(
            kept(&[etag, ("vary", "accept-encoding"), shared]),
            Some((true, 60))
        );
        let vary = ("vary", "Accept-Encoding, Cookie");
        assert_eq!(kept(&[etag, vary, shared]), Some((true, 0)));
        assert_eq!(kept(&[("etag", "W/\"a\""), vary, shared]), None);
        assert_eq!(kept(&[vary, shared]), None);
    }

    #[test]
    fn what_a_request_allows() {
        let asked = |method: &str, headers: &[(&'static str, &str)]| {
            let headers = headers.iter().map(|(n, v)| (*n, (*v).to_owned()));
            reuse(&RequestHead {
                method: method.to_owned(),
                headers: headers.collect(),
                ..RequestHead::default()
            })
        };
        assert_eq!(asked("GET", &[]), Reuse::Fresh);
        assert_eq!(
            asked("GET", &[("cache-control", "max-age=5")]),
            Reuse::Fresh
        );
        assert_eq!(asked("HEAD", &[]), Reuse::Never);
        assert_eq!(asked("GET", &[("authorization", "Basic x")]), Reuse::Never);
        assert_eq!(asked("GET", &[("cache-control", "No-Store")]), Reuse::Never);
        for again in ["no-cache", "max-age=0"] {
            assert_eq!(asked("GET", &[("cache-control", again)]), Reuse::Validated);
        }
    }
}
