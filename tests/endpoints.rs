//! The worker's own endpoints: who may ask, what they answer, and what they never do.
#![cfg(feature = "authoring")]

mod common;
#[path = "common/payloads.rs"]
mod payloads;

use std::sync::Arc;

use common::*;
use html5ever::tendril::TendrilSink;
use html5ever::{ParseOpts, parse_document};
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use payloads::strings;
use serde_json::Value;
use tailorbird::engine::{
    DebugToken, MAX_FORM_BYTES, MAX_LISTED, MAX_OFFERED, MAX_OWN_REQUESTS_A_SECOND, MAX_QUERY_BYTES,
};
use tailorbird::snapshot::{ItemKey, write};
use tailorbird::visitor::{self, MAX_PREFERENCES, Preference, PreferenceKind, ValueKey};
use tailorbird::{Ambient, Decision, Engine, Keys, LocalResponse, RequestHead};

const CONSENT: &str = "consent=personalisation";
const OWN: (&str, &str) = ("sec-fetch-site", "same-origin");
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

fn ask_at(engine: &Engine, request: &RequestHead, body: &str, ambient: &Ambient) -> LocalResponse {
    match engine.visit(request, ambient) {
        Decision::Respond(response) => response,
        Decision::Read(pending) => pending.respond(body.as_bytes()),
        Decision::Forward(_) | Decision::Known(_) => {
            panic!("{} went to the origin", request.target)
        }
    }
}

fn ask(engine: &Engine, target: &str, headers: &[(&'static str, &str)]) -> LocalResponse {
    ask_at(engine, &get(&own(target), headers), "", &ambient())
}

fn own(target: &str) -> String {
    format!("/_tailorbird/{target}")
}

fn post(
    engine: &Engine,
    target: &str,
    headers: &[(&'static str, &str)],
    body: &str,
) -> LocalResponse {
    let request = RequestHead {
        method: "POST".into(),
        ..get(&own(target), headers)
    };
    ask_at(engine, &request, body, &ambient())
}

/// A form of this shop, sent by a visitor with these cookies.
fn send(engine: &Engine, target: &str, cookies: &str, body: &str) -> LocalResponse {
    post(engine, target, &[OWN, FORM, ("cookie", cookies)], body)
}

fn header<'r>(response: &'r LocalResponse, name: &str) -> Option<&'r str> {
    let found = response.headers.iter().find(|(known, _)| *known == name);
    found.map(|(_, value)| value.as_str())
}

fn body(response: &LocalResponse) -> &str {
    std::str::from_utf8(&response.body).expect("UTF-8")
}

fn json(response: &LocalResponse) -> Value {
    serde_json::from_slice(&response.body).expect("JSON")
}

fn ids(answer: &Value) -> Vec<String> {
    let items = answer["items"].as_array().expect("items");
    let id = |item: &Value| item["id"].as_str().expect("an id").to_owned();
    items.iter().map(id).collect()
}

/// What a cookie that a response sets says.
fn state(response: &LocalResponse) -> visitor::VisitorState {
    let value = pair(header(response, "set-cookie").expect("a cookie"));
    visitor::open(value.strip_prefix("tailorbird=").expect("ours"), None)
}

fn cookies_of(state: &visitor::VisitorState) -> String {
    format!("{CONSENT}; tailorbird={}", visitor::seal(state, None))
}

/// The cookies of somebody who looked at these, the last one last.
fn viewed(items: &[usize]) -> String {
    let mut state = visitor::VisitorState::default();
    state.touch(NOW - 100, 7);
    for item in items {
        state.record_view(ItemKey::of(&format!("F-{item}")), NOW - 60);
    }
    cookies_of(&state)
}

#[test]
fn who_may_send_a_form() {
    let engine = engine();
    let body = "item=F-3&verdict=like";
    let host = ("host", "www.fixture.example");
    let cases: &[(&[(&str, &str)], u16)] = &[
        (&[FORM, OWN], 303),
        (&[FORM, ("sec-fetch-site", "none")], 303),
        (&[FORM, ("sec-fetch-site", "same-site")], 403),
        (&[FORM, ("sec-fetch-site", "cross-site")], 403),
        (
            &[
                FORM,
                ("sec-fetch-site", "cross-site"),
                ("origin", "https://fixture.example"),
            ],
            403,
        ),
        (
            &[FORM, host, ("origin", "https://www.fixture.example")],
            303,
        ),
        (
            &[FORM, host, ("referer", "https://www.fixture.example/en/")],
            303,
        ),
        (&[FORM, host, ("origin", "null")], 403),
        (&[FORM, host, ("origin", "https://evil.example")], 403),
        (
            &[
                FORM,
                host,
                ("referer", "https://evil.example/www.fixture.example"),
            ],
            403,
        ),
        (&[FORM, ("origin", "https://fixture.example")], 303),
        (&[FORM, host], 403),
        (&[OWN], 415),
        (
            &[OWN, ("content-type", "multipart/form-data; boundary=x")],
            415,
        ),
        (&[OWN, ("content-type", "text/plain")], 415),
        (
            &[
                OWN,
                (
                    "content-type",
                    "Application/X-WWW-Form-URLencoded; charset=utf-8",
                ),
            ],
            303,
        ),
    ];
    for (headers, status) in cases {
        for target in ["feedback", "preferences"] {
            let mut headers = headers.to_vec();
            headers.push(("cookie", CONSENT));
            let headers: Vec<(&'static str, &str)> = headers;
            let response = post(&engine, target, &headers, body);
            assert_eq!(response.status, *status, "{target} {headers:?}");
            assert_eq!(header(&response, "set-cookie").is_some(), *status == 303);
        }
    }
    // To forget takes no proof, but a proof of the contrary is one.
    for (headers, status) in [
        (&[][..], 303),
        (&[host, ("referer", "https://www.fixture.example/")], 303),
        (&[host, ("origin", "https://evil.example")], 403),
    ] {
        assert_eq!(
            post(&engine, "forget", headers, "").status,
            status,
            "{headers:?}"
        );
    }
}

#[test]
fn nothing_may_be_kept_and_get_changes_nothing() {
    let engine = engine();
    let cookies = viewed(&[3]);
    for (target, is_page) in [
        ("profile", true),
        ("preferences", true),
        ("why?item=F-3", true),
        ("forget", true),
        ("recommendations?strategy=top_sellers", false),
        ("status", false),
    ] {
        let response = ask(
            &engine,
            target,
            &[("cookie", &cookies), ("origin", "https://x.example")],
        );
        assert_eq!(response.status, 200, "{target}");
        assert_eq!(
            header(&response, "cache-control"),
            Some("private, no-store")
        );
        assert_eq!(header(&response, "x-content-type-options"), Some("nosniff"));
        assert_eq!(header(&response, "referrer-policy"), Some("same-origin"));
        assert_eq!(header(&response, "x-robots-tag"), Some("noindex"));
        let names: Vec<&str> = response.headers.iter().map(|(name, _)| *name).collect();
        assert!(!names.contains(&"set-cookie"), "{target}");
        assert!(
            !names.iter().any(|name| name.starts_with("access-control")),
            "{target}"
        );
        let policy = header(&response, "content-security-policy").unwrap_or_default();
        assert_eq!(
            policy.starts_with("default-src 'none';"),
            is_page,
            "{target}"
        );
        assert!(!policy.contains("unsafe"));
    }
    for (target, method, allow) in [
        ("profile", "POST", "GET, HEAD"),
        ("recommendations", "DELETE", "GET, HEAD"),
        ("feedback", "GET", "POST"),
        ("preferences", "PUT", "GET, HEAD, POST"),
    ] {
        let request = RequestHead {
            method: method.into(),
            ..get(&own(target), &[OWN])
        };
        let response = ask_at(&engine, &request, "", &ambient());
        assert_eq!(
            (response.status, header(&response, "allow")),
            (405, Some(allow)),
            "{target}"
        );
    }
    for target in [
        "profile",
        "why?item=F-3",
        "recommendations?strategy=top_sellers",
    ] {
        assert_eq!(
            ask(&Engine::closed("x"), target, &[]).status,
            503,
            "{target}"
        );
    }
}

#[test]
fn an_opinion_is_kept_and_taken_back() {
    let engine = engine();
    let liked = send(
        &engine,
        "feedback",
        &viewed(&[3]),
        "item=F-9&verdict=like&back=/en/p/item-9",
    );
    assert_eq!(
        (liked.status, header(&liked, "location")),
        (303, Some("/en/p/item-9"))
    );
    let known = state(&liked);
    assert_eq!(known.likes, [ItemKey::of("F-9")]);
    assert_eq!(known.views.len(), 1, "the rest stays");
    let cookie = header(&liked, "set-cookie").expect("a cookie");
    assert!(cookie.ends_with("; Path=/; Max-Age=15552000; HttpOnly; SameSite=Lax; Secure"));
    let disliked = send(
        &engine,
        "feedback",
        &cookies_of(&known),
        "item=F-9&verdict=dislike",
    );
    let known = state(&disliked);
    assert_eq!(
        (known.likes.len(), known.dislikes.as_slice()),
        (0, &[ItemKey::of("F-9")][..])
    );
    let cleared = send(
        &engine,
        "feedback",
        &cookies_of(&known),
        "item=F-9&verdict=none",
    );
    assert_eq!(state(&cleared).dislikes, []);
    for wrong in [
        "",
        "item=F-9",
        "verdict=like",
        "item=F-9&verdict=love",
        "item=F-99&verdict=like",
    ] {
        assert_eq!(
            send(&engine, "feedback", CONSENT, wrong).status,
            400,
            "{wrong}"
        );
    }
}

#[test]
fn without_consent_nothing_is_stored_and_the_profile_says_so() {
    let engine = engine();
    let history = viewed(&[3]).replace(CONSENT, "consent=essential");
    for (cookies, gpc) in [
        (history.as_str(), "0"),
        ("", "0"),
        (viewed(&[3]).as_str(), "1"),
    ] {
        let headers = [OWN, FORM, ("cookie", cookies), ("sec-gpc", gpc)];
        for (target, form) in [
            ("feedback", "item=F-9&verdict=like"),
            ("preferences", "brand=1"),
        ] {
            let response = post(&engine, target, &headers, form);
            assert_eq!(
                (response.status, header(&response, "set-cookie")),
                (303, None)
            );
        }
        let profile = ask(&engine, "profile", &headers[2..]);
        assert!(body(&profile).contains("Nothing is known of you"));
        assert!(!body(&profile).contains("Thing 3"));
        let why = ask(&engine, "why?item=F-6", &headers[2..]);
        assert!(!body(&why).contains("Thing 3"));
    }
}

#[test]
fn a_redirect_never_leads_to_another_site() {
    let engine = engine();
    for (back, location) in [
        ("/en/p/item-3?a=1", "/en/p/item-3?a=1"),
        ("//evil.example", "/"),
        ("https://evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("/a%0D%0Aset-cookie:x", "/"),
        ("/%09/evil.example", "/"),
        ("", "/de/"),
    ] {
        let headers = [OWN, FORM, ("referer", "https://fixture.example/de/")];
        let form = format!("item=F-3&verdict=like&back={back}");
        let response = post(&engine, "feedback", &headers, &form);
        assert_eq!(header(&response, "location"), Some(location), "{back}");
    }
}

#[test]
fn recommendations_are_personal_with_consent_and_contextual_without() {
    let engine = engine();
    let chain = "recommendations?strategy=recommended_for_you,top_sellers&max=3";
    let plain = json(&ask(&engine, chain, &[]));
    assert_eq!(
        (&plain["strategy"], &plain["snapshot"]),
        (&"top_sellers".into(), &7.into())
    );
    assert_eq!(ids(&plain), ["F-0", "F-1", "F-2"]);
    let cookies = viewed(&[3, 9, 1]);
    let personal = json(&ask(&engine, chain, &[("cookie", &cookies)]));
    assert_eq!(personal["strategy"], "recommended_for_you");
    assert_eq!(ids(&personal)[0], "F-4");
    assert!(
        personal["reason"]
            .as_str()
            .is_some_and(|reason| reason.contains("looked at lately"))
    );
    let refused = cookies.replace(CONSENT, "consent=no");
    assert_eq!(json(&ask(&engine, chain, &[("cookie", &refused)])), plain);

    let of = |parameters: &str| {
        let response = ask(
            &engine,
            &format!("recommendations?strategy={parameters}"),
            &[],
        );
        assert_eq!(response.status, 200, "{parameters}: {}", body(&response));
        json(&response)
    };
    assert_eq!(
        ids(&of("similar_items&item=F-0&max=2")),
        ["F-3", "F-9"],
        "6 is out of stock"
    );
    assert_eq!(
        ids(&of("top_sellers&max=2&exclude=F-0,F-1,gone")),
        ["F-2", "F-3"]
    );
    assert_eq!(
        ids(&of("top_sellers&category=Garden&max=2")),
        ["F-2", "F-5"]
    );
    assert_eq!(
        ids(&of("top_sellers&category=Kitchen&max=2")),
        ["F-0", "F-1"]
    );
    assert_eq!(ids(&of("top_sellers&brand=brand+3&max=2")), ["F-3", "F-8"]);
    assert_eq!(ids(&of("top_sellers&q=thing+12&max=2")), ["F-12"]);
    let none = of("top_sellers&category=Gone");
    assert_eq!((&none["strategy"], ids(&none).len()), (&Value::Null, 0));
    assert_eq!(of("top_sellers&min=3&q=thing+12")["strategy"], Value::Null);
    assert_eq!(ids(&of("top_sellers")).len(), 8);
    let german = of("top_sellers&locale=/de/&max=1");
    let expected = serde_json::json!({
        "id": "F-0", "title": "Ding 0", "link": "/de/p/item-0", "image": "/i/0.svg",
        "price": "9,00\u{a0}€", "old_price": "10,00\u{a0}€", "brand": "Brand 0",
    });
    assert_eq!(german["items"][0], expected);
    assert!(
        german["reason"]
            .as_str()
            .is_some_and(|reason| reason.starts_with("Das wird"))
    );
}

#[test]
fn recommendations_of_a_theme_are_what_it_names() {
    let source = write(&full_source()).expect("a sound source");
    let engine = Engine::open(source).expect("opens");
    let of = |query: &str| {
        let query = format!("recommendations?strategy=top_sellers&locale=/en/&{query}");
        json(&ask(&engine, &query, &[]))
    };
    assert_eq!(ids(&of("theme=tea")), ["F-3"]);
    assert!(ids(&of("theme=tea&exclude=F-3")).is_empty());
    assert!(ids(&of("theme=gone")).is_empty());
}

#[test]
fn what_recommendations_cannot_mean_is_said() {
    let engine = engine();
    let many = vec!["F-1"; MAX_LISTED + 1].join(",");
    for (query, said) in [
        ("", "expected strategy"),
        ("strategy=best", "recently_viewed"),
        ("strategy=top_sellers,best", "top_sellers"),
        ("strategy=top_sellers&max=0", "max from 1 to 24"),
        ("strategy=top_sellers&max=25", "max from 1 to 24"),
        ("strategy=top_sellers&min=x", "min from 1 to 24"),
        ("strategy=top_sellers&locale=/fr/", "/en/, /de/"),
        ("strategy=top_sellers&limit=3", "known are strategy, item"),
        (
            &format!("strategy=top_sellers&exclude={many}"),
            "more than 16",
        ),
    ] {
        let response = ask(&engine, &format!("recommendations?{query}"), &[]);
        assert_eq!(response.status, 400, "{query}");
        let error = json(&response)["error"]
            .as_str()
            .expect("an error")
            .to_owned();
        assert!(error.contains(said), "{query}: {error}");
    }
}

#[test]
fn never_given_out_of_stock_or_in_the_cart_or_disliked() {
    let engine = engine();
    let mut state = visitor::VisitorState::default();
    state.record_cart([ItemKey::of("F-0")], NOW);
    state.dislike(ItemKey::of("F-1"));
    let cookies = cookies_of(&state);
    let target = "recommendations?strategy=top_sellers&max=24&item=F-2";
    let found = ids(&json(&ask(&engine, target, &[("cookie", &cookies)])));
    assert_eq!(found.len(), 24);
    for hidden in ["F-0", "F-1", "F-2", "F-6", "F-13"] {
        assert!(!found.iter().any(|id| id == hidden), "{hidden}");
    }
}

#[test]
fn an_expired_snapshot_recommends_nothing_and_still_tells_what_is_known() {
    let mut source = source();
    source.meta.expires = NOW;
    let engine = Engine::open(write(&source).expect("writes")).expect("opens");
    let status = |target: &str| ask(&engine, target, &[]).status;
    assert_eq!(status("recommendations?strategy=top_sellers"), 503);
    assert_eq!(status("profile"), 200);
}

#[test]
fn the_profile_tells_all_that_the_cookie_holds() {
    let engine = engine();
    let mut state = visitor::VisitorState::default();
    state.touch(NOW - 90_000, 7);
    state.record_view(ItemKey::of("F-3"), NOW - 60);
    state.record_view(ItemKey::of("gone"), NOW - 60);
    state.record_cart([ItemKey::of("F-4")], NOW);
    state.record_purchase([ItemKey::of("F-5")], NOW);
    state.record_cart([ItemKey::of("F-10")], NOW);
    state.like(ItemKey::of("F-7"));
    state.dislike(ItemKey::of("F-8"));
    state.record_search(ValueKey::of("Garden"));
    state.prefer(Preference {
        kind: PreferenceKind::Brand,
        value: ValueKey::of("Brand 2"),
    });
    let cookies = cookies_of(&state);
    let page = |target: &str| body(&ask(&engine, target, &[("cookie", &cookies)])).to_owned();
    let english = page("profile");
    for text in [
        "<html lang=\"en\">",
        "Looked at",
        "<a href=\"/en/p/item-3\">Thing 3</a> · 2026-09-21 14:12 UTC",
        "a product that the shop no longer has",
        "<a href=\"/en/p/item-10\">Thing 10</a> · 2026-09-21 14:13 UTC",
        "<a href=\"/en/p/item-5\">Thing 5</a> · 2026-09-21<",
        "Thing 7",
        "Thing 8",
        "<li>Garden</li>",
        "Brands: Brand 2",
        "Visits: 2",
        "180 days",
        "action=\"/_tailorbird/forget\"",
        "href=\"/_tailorbird/preferences?locale=%2Fen%2F\"",
    ] {
        assert!(english.contains(text), "{text} in {english}");
    }
    let german = page("profile?locale=/de/");
    assert!(
        german.contains("<html lang=\"de\">") && german.contains("Ding 3"),
        "{german}"
    );
    let clear = "<input type=\"hidden\" name=\"item\" value=\"F-8\"><input type=\"hidden\" name=\"verdict\" value=\"none\">";
    assert!(english.contains(clear));
}

#[test]
fn pages_speak_the_visitors_language() {
    let engine = engine();
    for (target, headers, lang) in [
        ("profile", &[][..], "en"),
        ("profile?locale=/de/", &[], "de"),
        ("profile?locale=de", &[("accept-language", "en")], "de"),
        ("profile?locale=/fr/", &[("accept-language", "de")], "de"),
        (
            "profile",
            &[("accept-language", "fr, de-AT;q=0.9, en;q=0.8")],
            "de",
        ),
        ("profile", &[("accept-language", "*")], "en"),
        (
            "profile",
            &[
                ("referer", "https://fixture.example/de/p/item-1"),
                ("accept-language", "en"),
            ],
            "de",
        ),
        (
            "profile",
            &[
                ("referer", "https://fixture.example/x"),
                ("accept-language", "de"),
            ],
            "de",
        ),
    ] {
        let page = ask(&engine, target, headers);
        assert!(
            body(&page).contains(&format!("<html lang=\"{lang}\">")),
            "{target} {headers:?}"
        );
    }
}

#[test]
fn why_names_what_had_a_part_in_it() {
    let engine = engine();
    let cookies = viewed(&[2, 6, 0]);
    let why = |target: &str| body(&ask(&engine, target, &[("cookie", &cookies)])).to_owned();
    let page = why("why?item=F-9&strategy=recommended_for_you&product=F-12");
    assert!(
        page.contains("These go with what you looked at lately"),
        "{page}"
    );
    assert!(page.contains("It goes with this product: <a href=\"/en/p/item-12\">"));
    assert!(page.contains("place 10 of 60"));
    let share = |item: usize| {
        let end = page.find(&format!(" % · <a href=\"/en/p/item-{item}\">"))?;
        page[..end].rsplit('>').next()?.parse::<u32>().ok()
    };
    // 9 is the third neighbour of 0 and the first of 6, which was looked at before; 2 is of another category.
    let (newest, before) = (
        share(0).expect("0 has a share"),
        share(6).expect("6 has a share"),
    );
    assert!(
        (99..=100).contains(&(newest + before)),
        "{newest} + {before}"
    );
    assert!(before > newest, "{newest} {before}");
    assert_eq!(share(2), None);
    assert!(
        page.contains("action=\"/_tailorbird/feedback\"") && page.contains("value=\"dislike\"")
    );
    let other = why("why?item=F-1");
    assert!(
        other.contains("Nothing that you looked at had a part in it."),
        "{other}"
    );
    assert_eq!(ask(&engine, "why?item=gone", &[]).status, 404);
    assert_eq!(ask(&engine, "why", &[]).status, 404);
}

const GROUPS: &str = r#"
[[trait]]
name = "tier"
header = "X-Tier"
[[fact]]
name = "customer"
cookie = "first_name"
[[segment]]
name = "gold & more"
when = 'trait("tier") == "gold"'
[[segment]]
name = "lookers"
when = "views >= 1"
[[segment]]
name = "Germans"
when = 'country == "DE"'
[[segment]]
name = "on the home page"
when = 'page == "home"'
[[banner]]
name = "for-gold&more"
pages = ["home"]
selector = "main"
audience = "returning"
when = 'segment("gold & more")'
template = "tailorbird/banner"
title = "Gold < platinum"
[[banner]]
name = "all"
pages = ["home"]
selector = "main"
template = "tailorbird/banner"
title = "Hello"
"#;

#[test]
fn the_profile_names_the_visitors_groups() {
    let engine = Engine::open(write(&source_with(&format!("{SITE}{GROUPS}"))).expect("writes"));
    let engine = engine.expect("opens");
    let known = format!("{}; first_name=Ada", viewed(&[3]));
    let profile = |target: &str, cookies: &str| {
        let headers = [("cookie", cookies), ("x-tier", "gold")];
        body(&ask(&engine, target, &headers)).to_owned()
    };
    let groups = |page: &str, heading: &str| {
        let start = page
            .find(&format!("<h2>{heading}</h2>"))
            .expect("the groups");
        let end = page[start..].find("</ul>").expect("their end");
        page[start..start + end].to_owned()
    };
    let english = profile("profile", &known);
    let named = groups(
        &english,
        "Groups of visitors that you are in, by all of this",
    );
    assert!(
        named.contains("<li>gold &amp; more</li>\n<li>lookers</li>\n") && !named.contains("home"),
        "{named}"
    );
    assert!(english.contains("<li>tier: gold</li>") && english.contains("<li>Name: Ada</li>"));
    let german = profile("profile?locale=de", &known);
    groups(&german, "Besuchergruppen, zu denen ich nach alledem gehöre");
    let nobody = profile("profile", &known.replace(CONSENT, "consent=essential"));
    assert!(
        !nobody.contains("gold") && !nobody.contains("Ada"),
        "{nobody}"
    );
}

#[test]
fn why_says_whom_a_banner_is_for() {
    let engine = Engine::open(write(&source_with(&format!("{SITE}{GROUPS}"))).expect("writes"));
    let engine = engine.expect("opens");
    let request = get("/en/", &[("cookie", &viewed(&[3])), ("x-tier", "gold")]);
    let page = fetch(&engine, &request, "<main>x</main>").body;
    let links: Vec<&str> = page.split("href=\"/_tailorbird/why?").skip(1).collect();
    let [link] = links[..] else {
        panic!("what is for everybody needs no reason: {page}");
    };
    let link = link
        .split('"')
        .next()
        .expect("an end")
        .replace("&amp;", "&");
    assert_eq!(link, "locale=%2Fen%2F&banner=for-gold%26more");
    let why = ask(
        &engine,
        &format!("why?{link}"),
        &[("cookie", &viewed(&[3]))],
    );
    let why = body(&why);
    for text in [
        "<b>Gold &lt; platinum</b>",
        "This is for those who looked at products here before.",
        "The shop chose for whom, where and when it is",
        "href=\"/_tailorbird/profile?locale=%2Fen%2F\"",
    ] {
        assert!(why.contains(text), "{text} in {why}");
    }
    let german = ask(&engine, "why?banner=all&locale=de", &[]);
    assert!(body(&german).contains("Warum sehe ich das?"));
    assert_eq!(ask(&engine, "why?banner=gone", &[]).status, 404);
}

#[test]
fn preferences_are_what_is_ticked() {
    let engine = engine();
    let form = ask(&engine, "preferences?locale=/en/", &[("cookie", CONSENT)]);
    let key = |text: &str| format!("{:x}", ValueKey::of(text).0);
    let field = |name: &str, text: &str| format!("name=\"{name}\" value=\"{}\"", key(text));
    for (name, text) in [
        ("brand", "Brand 4"),
        ("category", "Garden"),
        ("color", "red"),
    ] {
        assert!(
            body(&form).contains(&field(name, text)),
            "{text} in {}",
            body(&form)
        );
    }
    assert!(!body(&form).contains(" checked"));
    let ticked = format!(
        "brand={}&brand={}&color={}",
        key("Brand 4"),
        key("Brand 1"),
        key("red")
    );
    let saved = send(&engine, "preferences", &viewed(&[3]), &ticked);
    assert_eq!(saved.status, 303);
    let known = state(&saved);
    assert_eq!((known.preferences.len(), known.views.len()), (3, 1));
    let form = ask(&engine, "preferences", &[("cookie", &cookies_of(&known))]);
    assert_eq!(body(&form).matches(" checked").count(), 3);
    assert!(body(&form).contains(&format!("{} checked", field("brand", "Brand 1"))));
    let less = send(
        &engine,
        "preferences",
        &cookies_of(&known),
        "brand=0&brand=zz&size=1&x=y",
    );
    assert_eq!(
        state(&less).preferences,
        [],
        "what the shop does not have is not kept"
    );
}

#[test]
fn a_form_offers_so_many_values_and_a_cookie_keeps_so_many() {
    let mut source = source();
    for (index, item) in source.items.iter_mut().enumerate() {
        item.brand = format!("Maker {index}");
    }
    let engine = Engine::open(write(&source).expect("writes")).expect("opens");
    let form = ask(&engine, "preferences", &[("cookie", CONSENT)]);
    assert_eq!(body(&form).matches("name=\"brand\"").count(), MAX_OFFERED);
    let keys: Vec<String> = (0..ITEMS)
        .map(|n| format!("brand={:x}", ValueKey::of(&format!("Maker {n}")).0))
        .collect();
    let saved = send(&engine, "preferences", CONSENT, &keys.join("&"));
    let known = state(&saved);
    assert_eq!(known.preferences.len(), MAX_PREFERENCES);
    assert_eq!(
        known.preferences[0].value,
        ValueKey::of("Maker 0"),
        "the first ones"
    );
    // What is preferred is offered, though it is none of the best sellers'.
    let last = send(&engine, "preferences", CONSENT, &keys[ITEMS - 1]);
    let form = ask(
        &engine,
        "preferences",
        &[("cookie", &cookies_of(&state(&last)))],
    );
    assert_eq!(
        body(&form).matches("name=\"brand\"").count(),
        MAX_OFFERED + 1
    );
}

#[test]
fn limits_hold() {
    let engine = engine();
    let long = |bytes: usize| {
        let query = "strategy=top_sellers&q=";
        format!("recommendations?{query}{}", "x".repeat(bytes - query.len()))
    };
    assert_eq!(ask(&engine, &long(MAX_QUERY_BYTES), &[]).status, 200);
    assert_eq!(ask(&engine, &long(MAX_QUERY_BYTES + 1), &[]).status, 414);
    let form = |bytes: usize| {
        let start = "item=F-3&verdict=like&x=";
        format!("{start}{}", "x".repeat(bytes - start.len()))
    };
    assert_eq!(
        send(&engine, "feedback", CONSENT, &form(MAX_FORM_BYTES)).status,
        303
    );
    assert_eq!(
        send(&engine, "feedback", CONSENT, &form(MAX_FORM_BYTES + 1)).status,
        413
    );
}

#[test]
fn so_many_a_second_and_forgetting_is_never_refused() {
    let engine = engine();
    for _ in 0..MAX_OWN_REQUESTS_A_SECOND {
        assert_eq!(ask(&engine, "profile", &[]).status, 200);
    }
    let refused = ask(&engine, "profile", &[]);
    assert_eq!(
        (refused.status, header(&refused, "retry-after")),
        (429, Some("1"))
    );
    assert_eq!(send(&engine, "feedback", "", "").status, 429);
    assert_eq!(post(&engine, "forget", &[OWN], "").status, 303);
    assert_eq!(ask(&engine, "status", &[]).status, 200);
    assert_eq!(ask(&engine, "pages.css", &[]).status, 200);
    let later = Ambient {
        now: NOW + 1,
        ..ambient()
    };
    assert_eq!(
        ask_at(&engine, &get("/_tailorbird/profile", &[]), "", &later).status,
        200
    );
}

/// Elements with their attributes' names, in order; and links.
fn read(node: &Handle, shape: &mut Vec<String>, links: &mut Vec<String>) {
    if let NodeData::Element { name, attrs, .. } = &node.data {
        let mut names = Vec::new();
        for attribute in attrs.borrow().iter() {
            names.push(attribute.name.local.to_string());
            if matches!(&*attribute.name.local, "href" | "action") {
                links.push(attribute.value.to_string());
            }
        }
        shape.push(format!("{} {names:?}", name.local));
    }
    if let NodeData::Comment { .. } = &node.data {
        shape.push("comment".into());
    }
    for child in node.children.borrow().iter() {
        read(child, shape, links);
    }
}

fn parse(html: &str) -> (Vec<String>, Vec<String>) {
    let dom = parse_document(RcDom::default(), ParseOpts::default()).one(html);
    let (mut shape, mut links) = (Vec::new(), Vec::new());
    read(&dom.document, &mut shape, &mut links);
    (shape, links)
}

/// Feeds, a shop's own cookies and addresses may say what they want: the pages keep their elements.
#[test]
fn values_stay_text_on_our_own_pages() {
    let site = format!("{SITE}[[trait]]\nname = \"tier\"\ncookie = \"tier\"\n");
    let mut shapes: Vec<Option<Vec<String>>> = vec![None; 4];
    for value in std::iter::once("x".to_owned()).chain(strings()) {
        let mut source = source_with(&site);
        source.items.truncate(4);
        source.viewed_together = vec![Vec::new(); 4];
        source.popularity.truncate(4);
        for item in &mut source.items {
            item.brand = value.clone();
            item.category = value.clone();
            item.availability = tailorbird::snapshot::Availability::InStock;
            for text in &mut item.texts {
                text.title = value.clone();
                text.image = value.clone();
            }
        }
        let Ok(bytes) = write(&source) else {
            continue; // a feed cannot say it
        };
        let engine = Engine::open(bytes).expect("opens");
        let mut state = visitor::VisitorState::default();
        state.record_view(ItemKey::of("F-1"), NOW);
        state.like(ItemKey::of("F-2"));
        let tier: String = value
            .bytes()
            .take(20)
            .map(|b| format!("%{b:02X}"))
            .collect();
        let cookies = format!("{}; tier={tier}", cookies_of(&state));
        for (at, target) in [
            "profile",
            "preferences",
            "why?item=F-1",
            "why?item=F-2&strategy=",
        ]
        .into_iter()
        .enumerate()
        {
            let query = &tier;
            let target = match at {
                3 => format!("{target}{query}&product={query}&locale={query}"),
                _ => target.to_owned(),
            };
            let page = ask(&engine, &target, &[("cookie", &cookies)]);
            let (mut shape, links) = parse(body(&page));
            // A shop whose only brand or category says nothing has no such field, and no such trait.
            shape.retain(|element| {
                !["li", "ul", "h2"].contains(&element.split(' ').next().unwrap_or_default())
            });
            if at != 1 {
                let expected = shapes[at].get_or_insert_with(|| shape.clone());
                assert_eq!(&shape, expected, "{value:?}: {}", body(&page));
            }
            for element in &shape {
                let plain = ["script", "img", "svg", "iframe", "style", "comment"];
                assert!(
                    !plain.iter().any(|bad| element.starts_with(bad)),
                    "{value:?}: {element}"
                );
                assert!(
                    !element.contains("\"on") && !element.contains("\"style\""),
                    "{element}"
                );
            }
            for link in links {
                assert!(link.starts_with('/'), "{value:?}: {link}");
            }
            assert!(!body(&page).contains("{{"));
        }
    }
}

const HOME: &str = "<body><main><section class=\"hero\">Hi</section></main></body>";

fn token(viewed: &[&str], expires: i64) -> String {
    let token = DebugToken {
        expires,
        segments: vec!["bargain".into()],
        variants: vec!["order=b".into()],
        viewed: viewed.iter().map(|id| (*id).to_owned()).collect(),
    };
    token.sign(&keys()).expect("short enough")
}

fn keys() -> Keys {
    Keys::parse("0123456789abcdef").expect("sound")
}

fn with_keys() -> Engine {
    engine().with_keys(Some(Arc::new(keys())))
}

#[test]
fn a_debug_token_shows_a_page_as_its_visitor_sees_it() {
    let engine = with_keys();
    let token = token(&["F-3", "gone", "F-9"], NOW + 60);
    let target = format!("/en/?a=%20&tailorbird_debug={token}&b");
    let request = get(&target, &[("cookie", "a=1; tailorbird=x")]);
    let Decision::Forward(visit) = engine.visit(&request, &ambient()) else {
        panic!("the worker answered itself");
    };
    assert_eq!(
        visit.target(),
        Some("/en/?a=%20&b"),
        "the origin does not see it"
    );
    let page = fetch(&engine, &request, HOME);
    assert!(page.cookie.is_none(), "nothing is remembered");
    assert_eq!(shown(&page.body, "recent"), [9, 3]);
    let overlay = page
        .body
        .find("<details class=\"tb-debug\"")
        .expect("the overlay");
    let rest = &page.body[overlay..];
    assert!(rest.ends_with("</table></details></body>"), "{rest}");
    for text in [
        "home",
        "F-9, F-3",
        "recently_viewed",
        "slot for-you",
        "recommended_for_you: F-12 (",
    ] {
        assert!(rest.contains(text), "{text} in {rest}");
    }
    for bad in ["<script", "style=", "<style"] {
        assert!(!rest.contains(bad), "{bad}");
    }
}

#[test]
fn what_is_no_debug_token_is_as_any_parameter() {
    let expired = token(&["F-3"], NOW);
    let sound = token(&["F-3"], NOW + 60);
    let forged = sound.replace('.', "A.");
    for (engine, token) in [
        (with_keys(), expired.as_str()),
        (with_keys(), forged.as_str()),
        (with_keys(), ""),
        (engine(), sound.as_str()),
    ] {
        let target = format!("/en/?tailorbird_debug={token}");
        let request = get(&target, &[]);
        let Decision::Forward(visit) = engine.visit(&request, &ambient()) else {
            panic!("the worker answered itself");
        };
        assert_eq!(visit.target(), None, "{token}");
        let page = fetch(&engine, &request, HOME);
        assert_eq!(page.body, fetch(&engine, &get("/en/", &[]), HOME).body);
        let explain = format!("explain?url=/en/&tailorbird_debug={token}");
        assert_eq!(ask(&engine, &explain, &[]).status, 404);
    }
    assert_eq!(ask(&with_keys(), "explain?url=/en/", &[]).status, 404);
}

#[test]
fn explain_tells_how_a_page_comes_about() {
    let engine = with_keys();
    let token = token(&["F-3", "gone", "F-9"], NOW + 60);
    let explain = |url: &str| {
        let target = format!("explain?url={url}&tailorbird_debug={token}");
        let response = ask(&engine, &target, &[]);
        assert_eq!(response.status, 200, "{url}: {}", body(&response));
        assert!(header(&response, "set-cookie").is_none());
        json(&response)
    };
    let product = explain("%2Fde%2Fp%2Fitem-0");
    let page = &product["page"];
    assert_eq!(
        (&page["kind"], &page["locale"]),
        (&"product".into(), &"/de/".into())
    );
    assert_eq!(page["product"], "F-0");
    let visitor = serde_json::json!({
        "expires": NOW + 60, "viewed": ["F-3", "F-9"], "unknown": ["gone"],
        "segments": ["bargain"], "variants": ["order=b"],
    });
    assert_eq!(product["visitor"], visitor);
    let similar = &product["slots"][1];
    assert_eq!(
        (&similar["name"], &similar["is_filled"]),
        (&"similar".into(), &true.into())
    );
    let first = &similar["asked"][0]["items"][0];
    assert_eq!(
        (&first["id"], &first["title"]),
        (&"F-12".into(), &"Ding 12".into())
    );
    assert!(first["score"].as_u64().is_some_and(|score| score > 0));
    assert_eq!(first["seeds"][0]["id"], "F-9");
    let hidden = product["hidden"].as_array().expect("a list");
    assert!(
        hidden.contains(&serde_json::json!({"id": "F-6", "why": "out of stock"})),
        "{hidden:?}"
    );
    let listing = explain("/en/c/x");
    let ranks = listing["lists"][0]["ranks"].as_array().expect("ranks");
    assert_eq!(ranks.len(), 24);
    assert!(
        ranks
            .windows(2)
            .all(|two| two[0]["rank"].as_i64() >= two[1]["rank"].as_i64())
    );
    let target = format!("explain?tailorbird_debug={token}");
    assert_eq!(ask(&engine, &target, &[]).status, 400);
}
