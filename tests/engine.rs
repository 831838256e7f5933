//! What a visitor gets, decided by values alone.
#![cfg(feature = "authoring")]

mod common;

use common::*;
use tailorbird::snapshot::{Neighbour, write};
use tailorbird::{Decision, Engine, Outcome, PassReason, RequestHead};

const HOME: &str = "<body><main><section class=\"hero\">Hi</section><p>rest</p></main></body>";
const CONSENT: &str = "consent=personalisation";

/// Visits products one after the other and gives the Cookie header that results.
fn visitor(engine: &Engine, products: &[usize]) -> String {
    visitor_with(engine, products, 42)
}

/// The same for the visitor with this random number.
fn visitor_with(engine: &Engine, products: &[usize], random: u64) -> String {
    let ambient = tailorbird::Ambient {
        random,
        ..ambient()
    };
    let mut cookie = CONSENT.to_owned();
    for product in products {
        let target = format!("/en/p/item-{product}");
        let request = get(&target, &[("cookie", &cookie)]);
        let answer = fetch_at(engine, &request, HOME, &ambient);
        cookie = format!(
            "{CONSENT}; {}",
            pair(&answer.cookie.expect("a view is recorded"))
        );
    }
    cookie
}

fn reason(engine: &Engine, request: &RequestHead) -> PassReason {
    match engine.visit(request, &ambient()) {
        Decision::Forward(visit) => match visit.origin_head(&html()) {
            Outcome::PassThrough(reason) | Outcome::PassBody { reason, .. } => reason,
            Outcome::Rewrite { .. } | Outcome::Hold(_) | Outcome::Known(_) => {
                panic!("does not pass")
            }
        },
        _ => panic!("the worker answered itself"),
    }
}

#[test]
fn a_returning_visitor_sees_what_he_saw_and_what_goes_with_it() {
    let engine = engine();
    let cookie = visitor(&engine, &[3, 9, 1]);
    let home = fetch(&engine, &get("/en/", &[("cookie", &cookie)]), HOME);
    assert_eq!(shown(&home.body, "recent"), [1, 9, 3]);
    let for_you = shown(&home.body, "for-you");
    assert_eq!(for_you[0], 4, "the closest to the newest view");
    assert_eq!(for_you.len(), 6);
    let at = |slot: &str| {
        home.body
            .find(&format!("data-slot=\"{slot}\""))
            .expect(slot)
    };
    assert!(at("recent") < at("for-you"), "in the order of the file");
    assert!(home.body.contains("Welcome back") && !home.body.contains(">Welcome<"));
    assert!(home.cookie.is_some(), "what was shown is noted");
    let without = home
        .body
        .replace(&between(&home.body, "<aside", "</aside>"), "");
    let without = without.replace(
        &between(&without, "<section class=\"tb-slot\"", "</p>"),
        "<p>rest</p>",
    );
    assert_eq!(without, HOME, "outside the places, bytes never change");
}

fn between(body: &str, from: &str, to: &str) -> String {
    let start = body.find(from).expect(from);
    let end = body.find(to).expect(to) + to.len();
    body[start..end].to_owned()
}

#[test]
fn never_shown_out_of_stock_the_current_product_or_twice() {
    let engine = engine();
    for current in 0..ITEMS {
        let cookie = visitor(
            &engine,
            &[current, (current + 3) % ITEMS, (current + 6) % ITEMS],
        );
        let target = format!("/en/p/item-{current}");
        let page = fetch(&engine, &get(&target, &[("cookie", &cookie)]), HOME);
        let mut all = shown(&page.body, "recent");
        all.extend(shown(&page.body, "similar"));
        assert!(!all.is_empty());
        assert!(!all.contains(&current), "{current} on its own page");
        assert!(
            all.iter().all(|item| item % 7 != 6),
            "out of stock: {all:?}"
        );
        let mut once = all.clone();
        once.sort();
        once.dedup();
        assert_eq!(once.len(), all.len(), "twice: {all:?}");
    }
}

#[test]
fn without_consent_nothing_is_read_or_written_and_all_get_the_same() {
    let engine = engine();
    let history = visitor(&engine, &[3, 9, 1]).replace(CONSENT, "consent=essential");
    let plain = fetch(&engine, &get("/en/", &[]), HOME);
    for headers in [
        vec![("cookie", history.as_str())],
        vec![("cookie", "tailorbird=garbage")],
        vec![("cookie", CONSENT), ("sec-gpc", "1")],
        vec![("cookie", CONSENT)],
    ] {
        let answer = fetch(&engine, &get("/en/", &headers), HOME);
        assert_eq!(answer.body, plain.body, "{headers:?}");
    }
    assert!(
        shown(&plain.body, "recent").is_empty(),
        "no empty slot either"
    );
    assert_eq!(
        shown(&plain.body, "for-you"),
        [0, 1, 2, 3, 4, 5],
        "best sellers"
    );
    let product = fetch(&engine, &get("/en/p/item-3", &[("cookie", &history)]), HOME);
    let cookie = product.cookie.expect("ours is deleted");
    assert!(
        cookie.starts_with("tailorbird=; Path=/; Max-Age=0;"),
        "{cookie}"
    );
    let product = fetch(&engine, &get("/en/p/item-3", &[]), HOME);
    assert!(product.cookie.is_none());
}

#[test]
fn untouched_means_the_origins_bytes() {
    let engine = engine_with(&SITE.replace("[consent]", "[consent]\nwithout = \"untouched\""));
    assert_eq!(reason(&engine, &get("/en/", &[])), PassReason::NoConsent);
    assert!(fetch(&engine, &get("/en/", &[("cookie", CONSENT)]), HOME).changed);
}

#[test]
fn what_is_not_a_page_passes_through() {
    let engine = engine();
    assert_eq!(reason(&engine, &get("/en/about", &[])), PassReason::NoPlace);
    let post = RequestHead {
        method: "POST".into(),
        ..get("/en/", &[])
    };
    assert_eq!(reason(&engine, &post), PassReason::Method);
    assert_eq!(
        reason(&Engine::closed("no file"), &get("/en/", &[])),
        PassReason::NoSnapshot
    );
}

#[test]
fn an_expired_snapshot_is_not_used() {
    let mut source = source();
    source.meta.expires = NOW;
    let engine =
        Engine::open(tailorbird::snapshot::write(&source).expect("writes")).expect("opens");
    assert_eq!(
        reason(&engine, &get("/en/", &[])),
        PassReason::SnapshotExpired
    );
}

#[test]
fn the_locale_of_the_path_decides_on_language_and_price() {
    let page = fetch(&engine(), &get("/de/", &[]), HOME).body;
    assert!(
        page.contains("Beliebt") && page.contains("Ding 1 10,10\u{a0}€"),
        "{page}"
    );
    assert!(
        page.contains("<del>10,00\u{a0}€</del> 9,00\u{a0}€"),
        "{page}"
    );
    assert!(
        page.contains("href=\"/de/p/item-1\""),
        "links work on every host"
    );
}

#[test]
fn our_cookie_stays_here_and_a_page_is_asked_for_whole() {
    let engine = engine();
    let edits = |request: &RequestHead| match engine.visit(request, &ambient()) {
        Decision::Forward(visit) => visit.request_edits().clone(),
        _ => panic!("the worker answered itself"),
    };
    let asset = edits(&get("/shop.css", &[("cookie", "a=1; tailorbird=x; b=2")]));
    assert_eq!(asset.append, [("cookie", "a=1; b=2".to_owned())]);
    assert!(asset.set.is_empty());
    assert!(edits(&get("/shop.css", &[("cookie", "a=1; b=2")])).is_empty());
    let page = edits(&get("/en/", &[("cookie", "tailorbird=x")]));
    assert!(page.append.is_empty() && page.remove.contains(&"cookie"));
    assert!(page.remove.contains(&"if-none-match"));
    assert_eq!(page.set, [("accept-encoding", "identity".to_owned())]);
}

#[test]
fn a_changed_head_says_that_nobody_may_keep_it() {
    let Decision::Forward(visit) = engine().visit(&get("/en/", &[]), &ambient()) else {
        panic!("the worker answered itself");
    };
    let Outcome::Rewrite { edits, .. } = visit.origin_head(&html()) else {
        panic!("passed")
    };
    assert_eq!(
        edits.set,
        [("cache-control", "private, no-store".to_owned())]
    );
    for name in [
        "etag",
        "last-modified",
        "content-length",
        "accept-ranges",
        "cdn-cache-control",
    ] {
        assert!(edits.remove.contains(&name), "{name}");
    }
}

#[test]
fn own_endpoints_answer_here() {
    let respond = |method: &str, target: &str, headers: &[(&'static str, &str)]| {
        let request = RequestHead {
            method: method.into(),
            ..get(target, headers)
        };
        match engine().visit(&request, &ambient()) {
            Decision::Respond(response) => response,
            Decision::Read(_) => panic!("wants the body"),
            _ => panic!("went to the origin"),
        }
    };
    let header = |response: &tailorbird::LocalResponse, name: &str| {
        response
            .headers
            .iter()
            .find(|(n, _)| *n == name)
            .map(|(_, v)| v.clone())
    };
    assert_eq!(respond("GET", "/_tailorbird/status", &[]).status, 200);
    assert_eq!(respond("GET", "/_tailorbird/x", &[]).status, 404);
    assert_eq!(respond("PUT", "/_tailorbird/forget", &[]).status, 405);
    let forgotten = respond(
        "POST",
        "/_tailorbird/forget",
        &[
            ("sec-fetch-site", "same-origin"),
            ("referer", "https://x.example/de/?a=1"),
        ],
    );
    assert_eq!(forgotten.status, 303);
    assert_eq!(header(&forgotten, "location").as_deref(), Some("/de/?a=1"));
    assert!(header(&forgotten, "set-cookie").is_some_and(|c| c.contains("Max-Age=0")));
    for bad in [
        "https://x.example//evil.example",
        "nonsense",
        "https://x.example/\\evil",
    ] {
        let headers = [("sec-fetch-site", "same-origin"), ("referer", bad)];
        let response = respond("POST", "/_tailorbird/forget", &headers);
        assert_eq!(header(&response, "location").as_deref(), Some("/"), "{bad}");
    }
    let foreign = respond(
        "POST",
        "/_tailorbird/forget",
        &[("sec-fetch-site", "cross-site")],
    );
    assert_eq!(foreign.status, 403);
    let Decision::Respond(closed) =
        Engine::closed("no file").visit(&get("/_tailorbird/status", &[]), &ambient())
    else {
        panic!("went to the origin");
    };
    assert_eq!(closed.status, 503);
    assert!(String::from_utf8_lossy(&closed.body).contains("no file"));
}

#[test]
fn what_few_have_looked_at_is_filled_up_by_what_the_feed_describes_alike() {
    let page = "<main><section class=hero></section></main>";
    for (viewed, expected) in [
        (&[][..], &[3, 30][..]),
        (&[9], &[9, 3, 30]),
        (&[30], &[30, 3]),
        (&[12, 15, 18, 21], &[12, 15, 18, 21]),
    ] {
        let mut source = full_source();
        source.viewed_together[0] = (0..)
            .zip(viewed)
            .map(|(rank, &item)| Neighbour {
                item,
                weight: 0.5f32.powi(rank),
            })
            .collect();
        let engine = Engine::open(write(&source).expect("writes")).expect("opens");
        let answer = fetch(&engine, &get("/en/p/item-0", &[]), page);
        assert_eq!(shown(&answer.body, "similar"), expected, "{viewed:?}");
    }
}

/// A page with two bodies, as templates that are glued together have, and two heroes.
const TWICE: &str =
    "<body><section class=hero>1</section></body><body><section class=hero>2</section></body>";

fn with_terms(now: i64, cookie: &str, site: &str, target: &str) -> Option<String> {
    let engine = engine_with(site);
    let ambient = tailorbird::Ambient { now, ..ambient() };
    let Decision::Forward(visit) = engine.visit(&get(target, &[("cookie", cookie)]), &ambient)
    else {
        panic!("the worker answered itself");
    };
    match visit.origin_head(&html()) {
        Outcome::PassThrough(_)
        | Outcome::PassBody { .. }
        | Outcome::Hold(_)
        | Outcome::Known(_) => None,
        Outcome::Rewrite { mut rewriter, .. } => {
            let mut out = Vec::new();
            rewriter
                .push(TWICE.as_bytes(), &mut out)
                .expect("not encoded");
            rewriter.finish(&mut out).expect("not encoded");
            Some(String::from_utf8(out).expect("UTF-8"))
        }
    }
}

#[test]
fn places_are_on_on_their_terms() {
    const DAY: i64 = 86_400;
    let home = |now| with_terms(now, "", SITE_WITH_TERMS, "/en/").expect("changed");
    let winter = "data-slot=\"winter\"";
    // From 2026-09-20 to 2026-09-21T10:00Z; the fixture's clock says 2026-09-21T14:13:20Z.
    for (now, is_on) in [
        (NOW - DAY - 15 * 3600, false),
        (NOW - DAY, true),
        (NOW - 5 * 3600, true),
        (NOW, false),
    ] {
        assert_eq!(home(now).contains(winter), is_on, "{now}");
    }
    let body = home(NOW - DAY);
    assert_eq!(
        body.matches(winter).count(),
        1,
        "once, though there are two bodies"
    );
    assert!(body.starts_with("<body><section class=\"tb-slot\" data-slot=\"winter\""));
    assert!(
        body.contains("hero>1</section></body><body>"),
        "not at the first: {body}"
    );
    assert!(body.contains("hero>2</section><section class=\"tb-slot\" data-slot=\"top\""));
}

#[test]
fn a_place_that_is_off_leaves_the_page_alone() {
    let off = SITE_WITH_TERMS
        .replace("enabled = false\n", "")
        .replace("[[banner]]", "[[banner]]\nenabled = false")
        .replace("[[slot]]", "[[slot]]\nenabled = false");
    assert_eq!(with_terms(NOW, CONSENT, &off, "/en/"), None);
    assert!(
        with_terms(NOW, CONSENT, &off, "/en/c/x").is_some(),
        "its list is on"
    );
}

#[test]
fn a_share_of_visitors_is_of_those_with_history() {
    let engine = engine();
    let half = "data-slot=\"half\"";
    let shown = |cookie: &str| {
        let page = with_terms(NOW, cookie, SITE_WITH_TERMS, "/en/").expect("changed");
        page.contains(half)
    };
    assert!(!shown(""));
    assert!(
        !shown(CONSENT),
        "no view yet: what nobody knows is the same for everybody"
    );
    let cookies: Vec<String> = (0..ITEMS)
        .map(|item| visitor_with(&engine, &[item], item as u64 + 1))
        .collect();
    let share = cookies.iter().filter(|cookie| shown(cookie)).count();
    assert!(
        (ITEMS / 4..ITEMS * 3 / 4).contains(&share),
        "{share} of {ITEMS}"
    );
    for cookie in &cookies {
        assert_eq!(shown(cookie), shown(cookie), "always the same ones");
        let refused = cookie.replace(CONSENT, "consent=essential");
        assert!(!shown(&refused));
    }
}

#[test]
fn a_list_keeps_what_is_pinned_and_the_order_of_the_rest() {
    let engine = engine_with(SITE_WITH_TERMS);
    let order = [50, 40, 30, 20, 10, 0];
    let tiles = order.map(|item| format!("<li class=tile><a href=/en/p/item-{item}>x</a></li>"));
    let page = format!("<ul class=products>{}</ul>", tiles.concat());
    let body = fetch(&engine, &get("/en/c/x", &[]), &page).body;
    // Places 1 and 3 are pinned, 2 and 4 get the best two, 5 and 6 the rest as it came.
    assert_eq!(item_numbers(&body), [50, 0, 30, 10, 40, 20]);
}
