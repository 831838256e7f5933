//! Pages that are kept: who gets them, for how long, and that they are what would have streamed.

mod common;

use common::{NOW, ambient, engine_with, get, html, pair};
use tailorbird::engine::{MAX_KEPT_BYTES, MAX_KEPT_PAGE_BYTES, MAX_KEPT_PAGES, MAX_KEPT_SECONDS};
use tailorbird::{Ambient, Decision, Engine, HeadEdits, Outcome, RequestHead};

const HOME: &str = "<!doctype html><main><section class=hero>Shop</section><p>Rest</p></main>";
const CONSENT: &str = "consent=personalisation";
const SHARED: &[(&str, &str)] = &[("etag", "\"1\""), ("cache-control", "public, max-age=60")];
const VALIDATED: &[(&str, &str)] = &[("etag", "\"1\""), ("cache-control", "no-cache")];

const VARIES: &[(&str, &str)] = &[
    ("etag", "\"1\""),
    ("vary", "Cookie"),
    ("cache-control", "public, max-age=60"),
];

/// How a page came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    /// Nobody was asked.
    Fresh,
    /// The origin said that it is still the page.
    Validated,
    /// Through the rewriter.
    Streamed,
    Passed,
    /// As [`Validated`], and the page is the origin's to the byte.
    Same,
}
use How::{Fresh, Passed, Same, Streamed, Validated};

struct Got {
    how: How,
    body: String,
    edits: HeadEdits,
    lines: Vec<(String, String)>,
}

impl Got {
    fn cookie(&self) -> Option<String> {
        let mut lines = self.edits.append.iter();
        let line = lines.find(|(name, _)| *name == "set-cookie");
        line.map(|(_, value)| pair(value))
    }
}

/// A shop with one page, and what its head says.
struct Shop {
    page: String,
    has_trailers: bool,
    /// What the visitor gets is decided before it answers.
    is_slow: bool,
    headers: &'static [(&'static str, &'static str)],
}

impl Shop {
    fn new(headers: &'static [(&'static str, &'static str)]) -> Self {
        Self {
            page: HOME.into(),
            has_trailers: false,
            is_slow: false,
            headers,
        }
    }

    fn ask(&self, engine: &Engine, request: &RequestHead, ambient: &Ambient) -> Got {
        let mut visit = match engine.visit(request, ambient) {
            Decision::Known(known) => return read(Fresh, *known),
            Decision::Forward(visit) => visit,
            decision => panic!("{decision:?}"),
        };
        if self.is_slow {
            visit.decide_ahead();
        }
        let mut head = html();
        let headers = self.headers.iter().map(|(n, v)| (*n, (*v).to_owned()));
        head.headers.extend(headers);
        let etag = head.headers.iter().find(|(name, _)| *name == "etag");
        let mut asked = visit.request_edits().set.iter();
        let asked = asked.find(|(name, _)| *name == "if-none-match");
        if asked.is_some() && asked.map(|(_, v)| v) == etag.map(|(_, v)| v) {
            head.status = 304;
        }
        match visit.origin_head(&head) {
            Outcome::Known(known) if known.exposures.is_none() => read(Same, *known),
            Outcome::Known(known) => read(Validated, *known),
            Outcome::Rewrite {
                edits,
                mut rewriter,
            } => {
                if rewriter.wants_head() {
                    let own = [
                        ("x-shop", "1"),
                        ("date", "yesterday"),
                        ("content-length", "5"),
                    ];
                    let trailer = self.has_trailers.then_some(("trailer", "x-sum"));
                    let lines = own.into_iter().chain(trailer);
                    let lines = lines.map(|(name, value)| (name.to_owned(), value.to_owned()));
                    rewriter.keep_head(lines.collect());
                }
                let mut out = Vec::new();
                rewriter
                    .push(self.page.as_bytes(), &mut out)
                    .expect("not coded");
                rewriter.finish(&mut out).expect("not coded");
                Got {
                    how: Streamed,
                    body: String::from_utf8(out).expect("UTF-8"),
                    edits,
                    lines: Vec::new(),
                }
            }
            Outcome::PassThrough(_) => Got {
                how: Passed,
                body: self.page.clone(),
                edits: HeadEdits::default(),
                lines: Vec::new(),
            },
            outcome => panic!("{outcome:?}"),
        }
    }

    /// How the same page comes so many times.
    fn ways<const N: usize>(&self, engine: &Engine, headers: &[(&'static str, &str)]) -> [How; N] {
        [(); N].map(|()| self.ask(engine, &get("/en/", headers), &ambient()).how)
    }
}

fn read(how: How, mut known: tailorbird::Known) -> Got {
    let mut body = Vec::new();
    // In small pieces, as a slow visitor takes them.
    while !known.body.is_empty() {
        let length = known.body.len();
        known.body.read(&mut body, 7);
        assert_eq!(known.body.len(), length.saturating_sub(7));
    }
    Got {
        how,
        body: String::from_utf8(body).expect("UTF-8"),
        lines: known.head.to_vec(),
        edits: known.edits,
    }
}

fn engine() -> Engine {
    engine_with(common::SITE)
}

fn at(now: i64) -> Ambient {
    Ambient { now, ..ambient() }
}

#[test]
fn a_page_is_kept_that_comes_twice() {
    let ways = |headers| Shop::new(headers).ways::<4>(&engine(), &[("cookie", CONSENT)]);
    assert_eq!(ways(VALIDATED), [Streamed, Streamed, Validated, Validated]);
    assert_eq!(ways(SHARED), [Streamed, Streamed, Fresh, Fresh]);
    assert_eq!(ways(VARIES), [Streamed, Streamed, Validated, Validated]);
    assert_eq!(ways(&[]), [Streamed; 4]);
    for forbidden in [
        &[("etag", "\"1\""), ("set-cookie", "a=b")][..],
        &[("etag", "\"1\""), ("cache-control", "private")],
        &[("etag", "\"1\""), ("cache-control", "no-store")],
        &[("etag", "W/\"1\""), ("vary", "cookie")],
    ] {
        assert_eq!(ways(forbidden), [Streamed; 4], "{forbidden:?}");
    }
    let length = HOME.len();
    let ways = |most| Shop::new(SHARED).ways::<4>(&engine().with_pages_up_to(most), &[]);
    assert_eq!(ways(length), [Streamed, Streamed, Fresh, Fresh]);
    assert_eq!(ways(length - 1), [Streamed; 4], "longer than what is kept");
    let engine = engine().with_pages(false);
    let ways = Shop::new(SHARED).ways(&engine, &[("cookie", CONSENT)]);
    assert_eq!(ways, [Streamed; 4], "switched off");
}

#[test]
fn a_request_may_want_more_than_a_kept_page() {
    let engine = engine();
    let shop = Shop::new(SHARED);
    shop.ways::<2>(&engine, &[]);
    let how = |headers: &[(&'static str, &str)]| shop.ways::<1>(&engine, headers)[0];
    assert_eq!(how(&[]), Fresh);
    assert_eq!(how(&[("cache-control", "no-cache")]), Validated);
    assert_eq!(how(&[("cache-control", "max-age=0")]), Validated);
    assert_eq!(how(&[("cache-control", "no-store")]), Streamed);
    assert_eq!(how(&[("authorization", "Basic YTpi")]), Streamed);
    assert_eq!(how(&[("host", "other.example")]), Streamed);
    assert_eq!(how(&[("x-forwarded-host", "other.example")]), Streamed);
    assert_eq!(how(&[]), Fresh);
}

#[test]
fn every_visitor_gets_his_own_page() {
    let (kept, streams) = (engine(), engine().with_pages(false));
    let (shop, plain) = (Shop::new(VALIDATED), Shop::new(VALIDATED));
    shop.ways::<2>(&kept, &[]);
    // What each visitor looked at is in his cookie, and makes his page another one.
    let mut seen = Vec::new();
    for item in 0..12 {
        let product = format!("/en/p/item-{item}");
        let product = get(&product, &[("cookie", CONSENT)]);
        let cookie = plain
            .ask(&streams, &product, &ambient())
            .cookie()
            .expect("a cookie");
        let cookie = format!("{CONSENT}; {cookie}");
        let request = get("/en/", &[("cookie", &cookie)]);
        for ambient in [
            ambient(),
            at(NOW + 1),
            Ambient {
                random: 9,
                ..ambient()
            },
        ] {
            let got = shop.ask(&kept, &request, &ambient);
            let expected = plain.ask(&streams, &request, &ambient);
            assert_eq!(got.how, Validated);
            assert_eq!(got.body, expected.body);
            assert_eq!(got.cookie(), expected.cookie());
            seen.push(got.body);
        }
    }
    seen.sort();
    seen.dedup();
    assert!(seen.len() > 6, "{} different pages", seen.len());
    let got = shop.ask(&kept, &get("/en/", &[]), &ambient());
    let expected = plain.ask(&streams, &get("/en/", &[]), &ambient());
    assert_eq!(got.cookie(), expected.cookie());
    assert_eq!(got.body, expected.body);
}

#[test]
fn a_page_that_is_decided_ahead_is_the_same() {
    for headers in [&[][..], VALIDATED, SHARED, VARIES] {
        let (engine, other) = (engine(), engine());
        let mut slow = Shop::new(headers);
        slow.is_slow = true;
        let shop = Shop::new(headers);
        for (target, cookie) in [("/en/", CONSENT), ("/en/p/item-1", CONSENT), ("/en/", "")] {
            for _ in 0..4 {
                let request = get(target, &[("cookie", cookie)]);
                let got = slow.ask(&other, &request, &ambient());
                let expected = shop.ask(&engine, &request, &ambient());
                assert_eq!(got.how, expected.how);
                assert_eq!(got.body, expected.body);
                assert_eq!(got.edits, expected.edits);
            }
        }
    }
}

#[test]
fn a_kept_page_that_passes_is_the_origins_once_it_says_so() {
    let site = format!(
        "{}[[page]]\nkind = \"about\"\npaths = [\"/en/about\"]\n\
         [[banner]]\nname = \"here\"\npages = [\"about\"]\nselector = \"main\"\nposition = \"append\"\n\
         when = 'country == \"DE\"'\ntemplate = \"banner\"\ntitle = \"Here\"\n",
        common::SITE
    );
    let from = |country: &str| Ambient {
        country: Some(country.to_owned()),
        ..ambient()
    };
    for is_slow in [false, true] {
        let engine = engine_with(&site);
        assert!(engine.asks_place() && !engine_with(common::SITE).asks_place());
        let mut shop = Shop::new(VALIDATED);
        shop.is_slow = is_slow;
        let ask = |cookie: &str, country: &str| {
            let request = get("/en/about", &[("cookie", cookie)]);
            shop.ask(&engine, &request, &from(country))
        };
        let ways: Vec<How> = ["FR", "DE", "DE", "DE"]
            .map(|from| ask("", from).how)
            .into();
        // That it passed once is a time that it came.
        assert_eq!(ways, [Passed, Streamed, Validated, Validated]);
        let got = ask("", "FR");
        assert_eq!((got.how, got.body.as_str()), (Same, HOME));
        assert_eq!(got.edits, HeadEdits::default());
        let line = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(got.lines, [line("x-shop", "1"), line("date", "yesterday")]);
        let got = ask("tailorbird=old", "FR");
        assert_eq!((got.how, got.body.as_str()), (Same, HOME));
        let deletes = got.cookie().expect("a cookie that is deleted");
        assert_eq!(deletes, "tailorbird=");
        assert!(
            got.edits
                .set
                .contains(&("cache-control", "private, no-store".to_owned()))
        );
    }
}

#[test]
fn the_head_is_that_of_the_page_for_one_visitor() {
    let engine = engine();
    let shop = Shop::new(SHARED);
    let ask = |shop: &Shop| shop.ask(&engine, &get("/en/", &[("cookie", CONSENT)]), &ambient());
    let streamed = [ask(&shop), ask(&shop)];
    let kept = ask(&shop);
    let line = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(kept.lines, [line("x-shop", "1"), line("date", "yesterday")]);
    assert_eq!(kept.edits.set, streamed[0].edits.set);
    assert!(
        kept.edits
            .set
            .contains(&("cache-control", "private, no-store".to_owned()))
    );
    assert_eq!(kept.edits.remove, streamed[0].edits.remove);
    let timing = ("server-timing", "tb-page;desc=fresh".to_owned());
    assert!(kept.edits.append.contains(&timing));
}

#[test]
fn a_page_ends_with_its_time() {
    let engine = engine();
    let mut shop = Shop::new(SHARED);
    let how = |shop: &Shop, now: i64| shop.ask(&engine, &get("/en/", &[]), &at(now)).how;
    shop.ways::<2>(&engine, &[]);
    assert_eq!(how(&shop, NOW + 59), Fresh);
    assert_eq!(how(&shop, NOW + 60), Validated);
    assert_eq!(
        how(&shop, NOW + 119),
        Fresh,
        "the origin said so a minute ago"
    );
    assert_eq!(how(&shop, NOW + MAX_KEPT_SECONDS - 1), Validated);
    assert_eq!(how(&shop, NOW + MAX_KEPT_SECONDS), Streamed);
    // Another page at the same place.
    let now = NOW + MAX_KEPT_SECONDS + 60;
    shop.headers = &[("etag", "\"2\""), ("cache-control", "no-cache")];
    shop.page = HOME.replace("Rest", "New");
    assert_eq!(
        [(); 3].map(|()| how(&shop, now)),
        [Streamed, Streamed, Validated]
    );
    let got = shop.ask(&engine, &get("/en/", &[]), &at(now));
    assert!(got.body.contains("New") && !got.body.contains("Rest"));
    // The origin no longer wants it kept.
    shop.headers = &[("etag", "\"2\""), ("cache-control", "no-store")];
    assert_eq!([(); 2].map(|()| how(&shop, now)), [Validated, Streamed]);
}

#[test]
fn a_page_that_breaks_off_is_not_kept() {
    let engine = engine();
    let shop = Shop::new(SHARED);
    shop.ways::<1>(&engine, &[]);
    let Decision::Forward(visit) = engine.visit(&get("/en/", &[]), &ambient()) else {
        panic!("nothing is kept yet");
    };
    let mut head = html();
    let headers = SHARED.iter().map(|(n, v)| (*n, (*v).to_owned()));
    head.headers.extend(headers);
    let Outcome::Rewrite { mut rewriter, .. } = visit.origin_head(&head) else {
        panic!("changed");
    };
    rewriter.keep_head(Vec::new());
    rewriter
        .push(&HOME.as_bytes()[..20], &mut Vec::new())
        .expect("not coded");
    assert_eq!(
        shop.ways::<1>(&engine, &[]),
        [Streamed],
        "while another copies it"
    );
    assert!(!rewriter.is_through(), "it has to come through here");
    rewriter.abort(&mut Vec::new());
    assert_eq!(shop.ways::<2>(&engine, &[]), [Streamed, Fresh]);
}

#[test]
fn what_is_kept_is_bounded() {
    let engine = engine();
    let mut shop = Shop::new(SHARED);
    let visit = |shop: &Shop, page: usize| {
        let request = get(&format!("/en/?page={page}"), &[]);
        shop.ask(&engine, &request, &ambient()).how
    };
    let pages = |shop: &Shop, count: usize| {
        for page in 0..count {
            assert_eq!([visit(shop, page), visit(shop, page)], [Streamed; 2]);
        }
        (0..count)
            .rev()
            .filter(|page| visit(shop, *page) == Fresh)
            .count()
    };
    assert_eq!(pages(&shop, MAX_KEPT_PAGES + 9), MAX_KEPT_PAGES);

    shop.page = HOME.to_owned() + &" ".repeat(MAX_KEPT_PAGE_BYTES - HOME.len());
    shop.headers = &[("etag", "\"2\""), ("cache-control", "s-maxage=60")];
    let large = engine_with(common::SITE);
    let how = |shop: &Shop| shop.ways::<3>(&large, &[]);
    assert_eq!(how(&shop), [Streamed, Streamed, Fresh]);
    shop.page.push(' ');
    shop.headers = &[("etag", "\"3\""), ("cache-control", "s-maxage=60")];
    let large = engine_with(common::SITE);
    assert_eq!(shop.ways::<3>(&large, &[]), [Streamed; 3]);

    shop.page.truncate(MAX_KEPT_PAGE_BYTES);
    let large = engine_with(common::SITE);
    let most = MAX_KEPT_BYTES / MAX_KEPT_PAGE_BYTES;
    let ask = |page: usize| {
        let request = get(&format!("/en/?page={page}"), &[]);
        shop.ask(&large, &request, &ambient()).how
    };
    for page in 0..most + 2 {
        assert_eq!([ask(page), ask(page)], [Streamed; 2]);
    }
    let kept: Vec<bool> = (0..most + 2).rev().map(|page| ask(page) == Fresh).collect();
    assert_eq!(kept.iter().filter(|kept| **kept).count(), most);
}

#[test]
fn a_page_with_trailers_is_not_kept() {
    let mut shop = Shop::new(VALIDATED);
    shop.has_trailers = true;
    assert_eq!(shop.ways::<4>(&engine(), &[]), [Streamed; 4]);
}

#[test]
fn a_visitor_who_withdraws_loses_the_cookie_with_a_kept_page_too() {
    let engine = engine();
    for headers in [SHARED, VALIDATED] {
        let shop = Shop::new(headers);
        shop.ways::<2>(&engine, &[]);
        let request = get("/en/", &[("cookie", "tailorbird=AQ")]);
        let got = shop.ask(&engine, &request, &ambient());
        assert_ne!(got.how, Streamed);
        assert!(got.edits.append.iter().any(|(name, value)| {
            *name == "set-cookie"
                && value.starts_with("tailorbird=;")
                && value.contains("Max-Age=0")
        }));
        let clean = shop.ask(&engine, &get("/en/", &[]), &ambient());
        assert_eq!(got.body, clean.body, "nobody is known without consent");
    }
}
