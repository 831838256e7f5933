//! Who may ask, and how often.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::http::RequestHead;
use crate::http::head::{all, first};

/// How many requests of its own an engine answers within a second: more than a shop's visitors make, and little
/// enough that nobody can keep an isolate busy. Limits for each visitor are the CDN's.
pub const MAX_OWN_REQUESTS_A_SECOND: u32 = 200;

/// Counts the requests of the second that it is.
#[derive(Debug, Default)]
pub(in crate::engine) struct Rate {
    /// The second since 1970 (its lower half) in the upper half, the count in the lower.
    window: AtomicU64,
}

impl Rate {
    /// Counts a request; gives whether it may be answered.
    pub(super) fn allows(&self, now: i64) -> bool {
        let second = (now.cast_unsigned() & u64::from(u32::MAX)) << 32;
        let count = |before: u64| match before >> 32 << 32 == second {
            true if before as u32 >= MAX_OWN_REQUESTS_A_SECOND => None,
            true => Some(before + 1),
            false => Some(second + 1),
        };
        let order = Ordering::Relaxed;
        self.window.fetch_update(order, order, count).is_ok()
    }
}

/// Whether a form was sent by a page of this shop; `None` when the browser does not tell.
///
/// Browsers say so with `Sec-Fetch-Site` over HTTPS; else `Origin` or `Referer` must name the host that was
/// asked, or the shop's own.
pub(super) fn is_own_form(head: &RequestHead, shop_url: &str) -> Option<bool> {
    let header = |name| first(&head.headers, name);
    if let Some(site) = header("sec-fetch-site") {
        return Some(matches!(site, "same-origin" | "none"));
    }
    let sender = header("origin").or_else(|| header("referer"))?;
    let Some(sender) = host_of(sender) else {
        return Some(false);
    };
    let asked = all(&head.headers, "host").chain(all(&head.headers, "x-forwarded-host"));
    let mut known = asked.chain(host_of(shop_url));
    Some(known.any(|host| host.eq_ignore_ascii_case(sender)))
}

/// Host and port of an absolute address.
fn host_of(address: &str) -> Option<&str> {
    let rest = address.split_once("://")?.1;
    let host = rest.split(['/', '?', '#']).next()?;
    (!host.is_empty() && !host.contains('@')).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_has_so_many_requests_and_the_next_one_as_many() {
        let rate = Rate::default();
        for now in [5, 6, i64::MAX, -7, 6] {
            let allowed = (0..MAX_OWN_REQUESTS_A_SECOND + 9).filter(|_| rate.allows(now));
            assert_eq!(allowed.count() as u32, MAX_OWN_REQUESTS_A_SECOND, "{now}");
        }
    }

    #[test]
    fn whose_form_it_is() {
        for (headers, expected) in [
            (&[][..], None),
            (&[("sec-fetch-site", "same-origin")], Some(true)),
            (&[("sec-fetch-site", "none")], Some(true)),
            (&[("sec-fetch-site", "same-site")], Some(false)),
            (
                &[
                    ("sec-fetch-site", "cross-site"),
                    ("origin", "https://a.example"),
                    ("host", "a.example"),
                ],
                Some(false),
            ),
            (
                &[("origin", "https://a.example"), ("host", "A.example")],
                Some(true),
            ),
            (
                &[("origin", "http://a.example:81"), ("host", "a.example")],
                Some(false),
            ),
            (
                &[
                    ("origin", "null"),
                    ("referer", "https://a.example/"),
                    ("host", "a.example"),
                ],
                Some(false),
            ),
            (
                &[("referer", "https://a.example/x?y"), ("host", "a.example")],
                Some(true),
            ),
            (
                &[
                    ("referer", "https://a.example@b.example/"),
                    ("host", "a.example"),
                ],
                Some(false),
            ),
            (
                &[
                    ("origin", "https://a.example"),
                    ("host", "h"),
                    ("x-forwarded-host", "a.example"),
                ],
                Some(true),
            ),
            (&[("origin", "https://shop.example")], Some(true)),
            (&[("origin", "https://shop.example.evil")], Some(false)),
        ] {
            let head = RequestHead {
                headers: headers.iter().map(|(n, v)| (*n, (*v).to_owned())).collect(),
                ..RequestHead::default()
            };
            let found = is_own_form(&head, "https://shop.example");
            assert_eq!(found, expected, "{headers:?}");
        }
    }
}
