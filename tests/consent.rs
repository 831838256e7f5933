//! Consent: every row of docs/consent.md, and what is kept of visitors.
#![cfg(feature = "authoring")]

mod common;

use std::collections::BTreeMap;
use std::sync::Arc;

use common::*;
use tailorbird::page::facts::MAX_CUSTOMER_CHARS;
use tailorbird::snapshot::{ItemKey, write};
use tailorbird::visitor::{COOKIE_NAME, PlaceKey, VisitorState, open, seal};
use tailorbird::{Decision, Engine, HeadEdits, Keys, Outcome, RequestHead, ResponseHead};

const PAGE: &str = "<body><main><section class=\"hero\">Hi</section></main></body>";
const LEAST_ROWS: usize = 30;

/// The cells of all rows of the tables in a Markdown text that have so many columns, heads left out.
fn rows(text: &str, columns: usize) -> Vec<Vec<&str>> {
    let cells = |line: &'static str| line.trim_matches('|').split('|').map(str::trim).collect();
    let text: &'static str = Box::leak(text.to_owned().into_boxed_str());
    let lines = text.lines().filter(|line| line.starts_with("| "));
    let rows = lines
        .map(cells)
        .filter(|row: &Vec<&str>| row.len() == columns);
    rows.collect()
}

/// A cell's code.
fn code(cell: &str) -> &str {
    cell.trim_matches('`')
}

/// What became of a request.
#[derive(Debug, PartialEq)]
struct Became {
    read: &'static str,
    cookie: &'static str,
    shown: &'static str,
    head: &'static str,
}

fn history() -> VisitorState {
    let mut state = VisitorState::default();
    state.touch(NOW - 86_400, 7);
    for item in [3, 9] {
        state.record_view(ItemKey::of(&format!("F-{item}")), NOW - 86_400);
    }
    state
}

fn cookie_of(edits: &HeadEdits) -> &'static str {
    let mut found = edits
        .append
        .iter()
        .filter(|(name, _)| *name == "set-cookie");
    let Some((_, value)) = found.next() else {
        return "–";
    };
    assert!(found.next().is_none(), "one cookie");
    assert!(
        value.starts_with("tailorbird=") && value.contains("; Path=/; "),
        "{value}"
    );
    if value.contains("Max-Age=0;") {
        "deleted"
    } else {
        "written"
    }
}

/// Asks, and gives the page, when it was rewritten, with what became of the head.
fn ask(engine: &Engine, request: &RequestHead, head: &ResponseHead) -> (Option<String>, HeadEdits) {
    let Decision::Forward(visit) = engine.visit(request, &ambient()) else {
        panic!("the worker answered itself");
    };
    match visit.origin_head(head) {
        Outcome::Hold(_) | Outcome::Known(_) => panic!("held, or known"),
        Outcome::PassThrough(_) => (None, HeadEdits::default()),
        Outcome::PassBody { edits, .. } => (None, edits),
        Outcome::Rewrite {
            edits,
            mut rewriter,
        } => {
            let mut out = Vec::new();
            rewriter
                .push(PAGE.as_bytes(), &mut out)
                .expect("not encoded");
            rewriter.finish(&mut out).expect("not encoded");
            (Some(String::from_utf8(out).expect("UTF-8")), edits)
        }
    }
}

fn run(site: &str, request: &str, cookies: &str, gpc: &str) -> Became {
    let engine = engine_with(site);
    let (method, page) = request.split_once(' ').expect("a method and a page");
    let (target, status, content_type) = match page {
        "home" => ("/en/", 200, "text/html; charset=utf-8"),
        "product" => ("/en/p/item-20", 200, "text/html"),
        "about" => ("/en/about", 200, "text/html"),
        "style" => ("/en/style.css", 200, "text/css"),
        "404" => ("/en/", 404, "text/html"),
        other => panic!("no page {other:?}"),
    };
    let head = ResponseHead {
        status,
        headers: vec![("content-type", content_type.to_owned())],
        body_is_decoded: false,
    };
    let headers: Vec<(&'static str, &str)> = [("cookie", cookies), ("sec-gpc", gpc)]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .collect();
    let request = RequestHead {
        method: method.to_owned(),
        ..get(target, &headers)
    };
    let (body, edits) = ask(&engine, &request, &head);
    // Who has nothing gets the page as it is for everybody; under `untouched` that is told by consent alone.
    let everybody = engine_with(&site.replace("\"untouched\"", "\"contextual\""));
    let plain = RequestHead {
        headers: Vec::new(),
        ..request
    };
    let (everybodys, _) = ask(&everybody, &plain, &head);
    let is_plain = body == everybodys;
    let seen = body
        .as_deref()
        .map(|body| shown(body, "recent"))
        .unwrap_or_default();
    let head = match (&body, edits.set.is_empty()) {
        (Some(_), _) => "changed",
        (None, false) => "private",
        (None, true) => "origin",
    };
    if head != "origin" {
        let private = ("cache-control", "private, no-store".to_owned());
        assert_eq!(edits.set, [private]);
        assert!(edits.remove.contains(&"cdn-cache-control"));
    }
    // What passes keeps its validators and its length.
    assert_eq!(edits.remove.contains(&"etag"), head == "changed");
    Became {
        read: if seen == [9, 3] { "yes" } else { "no" },
        cookie: cookie_of(&edits),
        shown: match body {
            None => "origin",
            Some(_) if is_plain => "contextual",
            Some(_) => "personal",
        },
        head,
    }
}

#[test]
fn every_row_of_the_document() {
    let text = include_str!("../docs/consent.md");
    let pairs = rows(text, 2);
    let named = |name: &str| {
        let cell = pairs.iter().find(|row| row[0] == name);
        code(cell.unwrap_or_else(|| panic!("nothing is called {name:?}"))[1]).to_owned()
    };
    let ours = format!("{COOKIE_NAME}={}", seal(&history(), None));
    let table: Vec<_> = rows(text, 11)
        .into_iter()
        .filter(|row| row[0] != "#")
        .collect();
    let numbers: Vec<usize> = table
        .iter()
        .map(|row| row[0].parse().expect("a number"))
        .collect();
    assert_eq!(numbers, (1..=table.len()).collect::<Vec<_>>());
    assert!(table.len() >= LEAST_ROWS);
    let mut wrong = Vec::new();
    let mut used = BTreeMap::new();
    for row in &table {
        let [
            number,
            rule,
            cookies,
            gpc,
            without,
            with_ours,
            request,
            read,
            cookie,
            shown,
            head,
        ] = row[..]
        else {
            panic!("{row:?}")
        };
        let consent = named(rule).replace("; ", "\n");
        let consent = format!("[consent]\nwithout = \"{without}\"\n{consent}\n");
        let word = "[consent]\ncookie = \"consent\"\ngrants = \"personalisation\"\n";
        assert!(SITE.contains(word));
        let mut sent = named(cookies);
        if with_ours == "yes" {
            sent = [sent, ours.clone()]
                .join("; ")
                .trim_start_matches("; ")
                .to_owned();
        }
        let gpc = if gpc == "–" { "" } else { gpc };
        let found = run(&SITE.replace(word, &consent), request, &sent, gpc);
        let expected = (read, cookie, shown, head);
        if (found.read, found.cookie, found.shown, found.head) != expected {
            wrong.push(format!(
                "row {number}: expected {expected:?}, found {found:?}"
            ));
        }
        used.insert(rule, ());
        used.insert(cookies, ());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let names = pairs.iter().map(|row| row[0]);
    let tables = ["rule", "name", "key", "---"];
    let unused: Vec<&str> = names
        .filter(|name| !used.contains_key(name) && !tables.contains(name) && !name.starts_with('`'))
        .collect();
    assert!(unused.is_empty(), "no row uses {unused:?}");
}

/// The state in an answer's cookie.
fn remembered(answer: &Answer) -> VisitorState {
    let cookie = pair(answer.cookie.as_deref().expect("a cookie"));
    open(cookie.trim_start_matches("tailorbird="), None)
}

const CONSENT: &str = "consent=personalisation";

fn with(state: &VisitorState) -> String {
    format!("{CONSENT}; {COOKIE_NAME}={}", seal(state, None))
}

#[test]
fn visits_are_counted_and_the_id_is_drawn_once() {
    let engine = engine();
    let at = |cookie: &str, now, random| {
        let ambient = tailorbird::Ambient {
            now,
            random,
            ..ambient()
        };
        let request = get("/en/p/item-3", &[("cookie", cookie)]);
        remembered(&fetch_at(&engine, &request, PAGE, &ambient))
    };
    let first = at(CONSENT, NOW, 11);
    assert_eq!((first.visits.count, first.is_new()), (1, true));
    let id = first.id;
    assert!(id != 0 && id != 11, "reports name the page view 11");
    let same = at(&with(&first), NOW + 60, 12);
    assert_eq!((same.id, same.visits.count), (id, 1));
    let later = at(&with(&same), NOW + 10 * 86_400, 13);
    assert_eq!((later.id, later.visits.count), (id, 2));
    assert_eq!(later.lapsed_days(NOW + 10 * 86_400), Some(9));
    // What an older worker wrote goes on to count.
    let old = at(
        &format!("{CONSENT}; {COOKIE_NAME}=AQJAgboBvJp4VjQSAAcAAAAAAOgHuliPJg"),
        NOW,
        14,
    );
    assert_eq!((old.visits.count, old.views.len()), (2, 3));
    assert!(old.id != 0 && old.id != id);
}

#[test]
fn what_slots_show_is_noted_and_sinks_when_it_is_ignored() {
    let engine = engine();
    let home = |cookie: &str| fetch(&engine, &get("/en/", &[("cookie", cookie)]), PAGE);
    let first = home(CONSENT);
    assert_eq!(
        shown(&first.body, "for-you"),
        [0, 1, 2, 3, 4, 5],
        "best sellers"
    );
    let mut state = remembered(&first);
    let place = PlaceKey::of("for-you");
    assert!(
        state
            .impressions
            .iter()
            .all(|i| i.place == place && i.count == 1)
    );
    assert_eq!(state.impressions.len(), 6);
    let mut pages = 1;
    let sunk = loop {
        let answer = home(&with(&state));
        state = remembered(&answer);
        if shown(&answer.body, "for-you") != [0, 1, 2, 3, 4, 5] {
            break answer;
        }
        pages += 1;
    };
    assert_eq!(pages, usize::from(tailorbird::recommend::MAX_IGNORED));
    let fresh = shown(&sunk.body, "for-you");
    assert_eq!(
        fresh,
        [7, 8, 9, 10, 11, 12],
        "the next best ones; 6 is out of stock"
    );
    // Of an item that was looked at it is forgotten that it was ignored; but then it is known.
    let request = get("/en/p/item-0", &[("cookie", &with(&state))]);
    let after = remembered(&fetch(&engine, &request, PAGE));
    assert!(
        after
            .impressions
            .iter()
            .all(|i| i.item != ItemKey::of("F-0"))
    );
}

#[test]
fn ignored_items_move_behind_the_others_not_out() {
    let engine = engine();
    let mut state = history();
    for _ in 0..tailorbird::recommend::MAX_IGNORED {
        state.record_impressions(PlaceKey::of("similar"), [ItemKey::of("F-23")]);
    }
    let similar = |state: &VisitorState| {
        let request = get("/en/p/item-20", &[("cookie", &with(state))]);
        shown(&fetch(&engine, &request, PAGE).body, "similar")
    };
    assert_eq!(similar(&history()), [23, 26, 29, 32]);
    assert_eq!(similar(&state), [26, 29, 32, 35], "others are there");
    // In another place it stands where it stood.
    let mut elsewhere = history();
    for _ in 0..9 {
        elsewhere.record_impressions(PlaceKey::of("for-you"), [ItemKey::of("F-23")]);
    }
    assert_eq!(similar(&elsewhere), [23, 26, 29, 32]);
}

#[test]
fn what_is_disliked_or_in_the_cart_is_never_shown() {
    let engine = engine();
    let mut state = history();
    state.dislike(ItemKey::of("F-0"));
    state.dislike(ItemKey::of("F-9"));
    state.record_cart([ItemKey::of("F-1"), ItemKey::of("F-23")], NOW);
    for target in ["/en/", "/en/p/item-20", "/de/"] {
        let body = fetch(&engine, &get(target, &[("cookie", &with(&state))]), PAGE).body;
        let items = item_numbers(&body);
        assert!(items.len() > 4, "{target}");
        for hidden in [0, 9, 1, 23] {
            assert!(!items.contains(&hidden), "{hidden} on {target}");
        }
    }
}

const ADOPT: &str = r#"
[[adopt]]
cookie = "woocommerce_recently_viewed"
as = "views"
[[adopt]]
cookie = "basket"
as = "cart"
separator = ","
[[trait]]
name = "tier"
cookie = "loyalty"
[[page]]
kind = "home""#;

#[test]
fn what_the_shop_remembers_counts_behind_what_we_do() {
    let engine = engine_with(&SITE.replacen("[[page]]\nkind = \"home\"", ADOPT, 1));
    let theirs = "woocommerce_recently_viewed=F-3%7CF-30%7CF-33%7CF-9; basket=F-36";
    let home = |cookie: &str| fetch(&engine, &get("/en/", &[("cookie", cookie)]), PAGE);
    let answer = home(&format!("{theirs}; {}", with(&history())));
    assert_eq!(shown(&answer.body, "recent"), [9, 3, 33, 30]);
    assert!(
        !shown(&answer.body, "for-you").contains(&36),
        "it is in the cart"
    );
    let kept: Vec<ItemKey> = remembered(&answer)
        .views
        .iter()
        .map(|view| view.item)
        .collect();
    assert_eq!(
        kept,
        [ItemKey::of("F-9"), ItemKey::of("F-3")],
        "theirs stay theirs"
    );
    assert!(remembered(&answer).cart.is_empty());
    let first = home(&format!("{theirs}; {CONSENT}"));
    assert_eq!(shown(&first.body, "recent"), [9, 33, 30, 3]);
    let nobody = home("");
    assert_eq!(home(theirs).body, nobody.body, "only with consent");
}

const CLUB: &str = r#"
[[trait]]
name = "club"
header = "X-Club"
[[fact]]
name = "customer"
cookie = "first_name"
[[template]]
name = "hello"
source = '<p title="{{customer}}">Hello{{#customer}}, {{customer}}{{/customer}}</p>'
[[banner]]
name = "hello"
pages = ["home"]
selector = "main"
position = "prepend"
template = "hello"
[[banner]]
name = "club"
pages = ["home"]
selector = "main"
position = "prepend"
when = 'trait("club") == "grün"'
template = "banner"
title = "For members"
"#;

/// As a host does: of all headers those that the engine asks for.
fn passed_on(engine: &Engine, target: &str, headers: &[(&str, &str)]) -> RequestHead {
    let lines = engine.request_headers(target).iter().flat_map(|name| {
        let of_name = headers
            .iter()
            .filter(move |(sent, _)| sent.eq_ignore_ascii_case(name));
        of_name.map(move |(_, value)| (*name, *value))
    });
    get(target, &lines.collect::<Vec<_>>())
}

#[test]
fn what_a_gateway_says_in_a_header_is_read_with_consent() {
    let engine = engine_with(&format!("{SITE}{CLUB}"));
    let other = engine_with(SITE);
    for target in ["/en/", "/_tailorbird/profile"] {
        assert!(engine.request_headers(target).contains(&"x-club"));
        assert!(!other.request_headers(target).contains(&"x-club"));
    }
    let home = |headers: &[(&str, &str)]| {
        let answer = fetch(&engine, &passed_on(&engine, "/en/", headers), PAGE);
        answer.body.contains("For members")
    };
    assert!(home(&[("Cookie", CONSENT), ("X-Club", "gr%C3%BCn")]));
    for headers in [
        &[("Cookie", CONSENT)][..],
        &[("Cookie", CONSENT), ("X-Club", "rot")],
        &[
            ("Cookie", CONSENT),
            ("X-Club", "gr%C3%BCn"),
            ("X-Club", "rot"),
        ],
        &[
            ("Cookie", CONSENT),
            ("X-Club", "gr%C3%BCn"),
            ("Sec-GPC", "1"),
        ],
        &[("Cookie", "consent=essential"), ("X-Club", "gr%C3%BCn")],
        &[("X-Club", "gr%C3%BCn")],
    ] {
        assert!(!home(headers), "{headers:?}");
    }
}

/// What one visitor gets may no cache give to another, and the origin's Vary is not ours to change.
#[test]
fn a_page_by_a_header_is_private() {
    let engine = engine_with(&format!("{SITE}{CLUB}"));
    let request = passed_on(
        &engine,
        "/en/",
        &[("Cookie", CONSENT), ("X-Club", "gr%C3%BCn")],
    );
    let Decision::Forward(visit) = engine.visit(&request, &ambient()) else {
        panic!("a page");
    };
    let sent = visit.request_edits();
    assert!(
        !sent.remove.contains(&"x-club"),
        "the shop sees it as it came"
    );
    let Outcome::Rewrite { edits, .. } = visit.origin_head(&html()) else {
        panic!("a changed page");
    };
    let cache = edits.set.iter().find(|(name, _)| *name == "cache-control");
    assert_eq!(
        cache.map(|(_, value)| value.as_ref()),
        Some("private, no-store")
    );
    let names = edits.set.iter().map(|(name, _)| *name);
    let names = names.chain(edits.remove.iter().copied());
    assert!(
        names
            .chain(edits.append.iter().map(|(name, _)| *name))
            .all(|name| name != "vary")
    );
}

#[test]
fn a_name_in_the_shops_cookie_greets() {
    let engine = engine_with(&format!("{SITE}{CLUB}"));
    let home = |cookie: &str| {
        let body = fetch(&engine, &get("/en/", &[("cookie", cookie)]), PAGE).body;
        let start = body.find("<p title=").expect("a greeting");
        let end = body[start..].find("</p>").expect("its end");
        body[start..start + end].to_owned()
    };
    let nobody = "<p title=\"\">Hello";
    let with = |name: &str| home(&format!("first_name={name}; {CONSENT}"));
    assert_eq!(with("Ada"), "<p title=\"Ada\">Hello, Ada");
    assert_eq!(
        with("J%C3%BCrgen%20M."),
        "<p title=\"Jürgen M.\">Hello, Jürgen M."
    );
    assert_eq!(
        with("%22%3E%3Cb%3E{{x"),
        "<p title=\"&quot;&gt;&lt;b&gt;&#123;&#8288;&#123;x\">Hello, &quot;&gt;&lt;b&gt;&#123;&#8288;&#123;x"
    );
    let long = "x".repeat(MAX_CUSTOMER_CHARS);
    assert!(with(&long).ends_with(&long));
    for none in [
        "",
        "%20",
        "A%0AB",
        "A%00",
        "%7F",
        "A%E2%80%AEB",
        "%FF",
        &format!("{long}x"),
    ] {
        assert_eq!(with(none), nobody, "{none}");
    }
    assert_eq!(home(CONSENT), nobody);
    assert_eq!(home("first_name=Ada"), nobody, "only with consent");
    let gpc = get(
        "/en/",
        &[
            ("cookie", &format!("first_name=Ada; {CONSENT}")),
            ("sec-gpc", "1"),
        ],
    );
    assert!(fetch(&engine, &gpc, PAGE).body.contains(nobody));
    let without = CLUB.replace(
        "[[fact]]\nname = \"customer\"\ncookie = \"first_name\"\n",
        "",
    );
    let off = engine_with(&format!("{SITE}{without}"));
    let request = get("/en/", &[("cookie", &format!("first_name=Ada; {CONSENT}"))]);
    assert!(
        fetch(&off, &request, PAGE).body.contains(nobody),
        "off by default"
    );
    let by_page = format!("{SITE}{CLUB}[[fact]]\nname = \"customer\"\nselector = \"b.name\"\n");
    let page = format!("{PAGE}<b class=name>Grace</b>");
    let greeted = fetch(&engine_with(&by_page), &request, &page).body;
    assert!(
        greeted.contains("Hello, Grace"),
        "the page's own name wins: {greeted}"
    );
}

#[test]
fn signed_cookies() {
    let keys = |text: &str| Keys::of_setting(text).expect("sound");
    let engine = |text: &str| engine().with_keys(keys(text));
    let (old, new) = ("0123456789abcdef", "fedcba9876543210");
    let visit = |engine: &Engine, cookie: &str| {
        fetch(engine, &get("/en/p/item-3", &[("cookie", cookie)]), PAGE)
    };
    let recent = |engine: &Engine, value: &str| {
        let cookie = format!("{CONSENT}; {value}");
        shown(
            &fetch(engine, &get("/en/", &[("cookie", &cookie)]), PAGE).body,
            "recent",
        )
    };
    let signed = pair(&visit(&engine(old), CONSENT).cookie.expect("a cookie"));
    let plain = pair(&visit(&engine(""), CONSENT).cookie.expect("a cookie"));
    assert!(signed.contains('.') && !plain.contains('.'));
    assert_eq!(recent(&engine(old), &signed), [3]);
    assert_eq!(
        recent(&engine(&format!("{new} {old}")), &signed),
        [3],
        "rotated"
    );
    assert_eq!(recent(&engine(""), &signed), [3], "keys were taken away");
    assert_eq!(recent(&engine(new), &signed), [0; 0]);
    assert_eq!(recent(&engine(old), &plain), [0; 0]);
    let signer: Option<Arc<Keys>> = keys(old);
    assert_eq!(
        format!("{signer:?}"),
        "Some(Keys(1))",
        "secrets are never printed"
    );
}

#[test]
fn an_expired_snapshot_still_lets_visitors_withdraw() {
    let mut source = source();
    source.meta.expires = NOW;
    let engine = Engine::open(write(&source).expect("writes")).expect("opens");
    let ours = format!("{COOKIE_NAME}={}", seal(&history(), None));
    let (body, edits) = ask(&engine, &get("/en/", &[("cookie", &ours)]), &html());
    assert_eq!((body, cookie_of(&edits)), (None, "deleted"));
}
