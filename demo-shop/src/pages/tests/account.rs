//! A customer who says who they are.

use super::*;

fn cookies(page: &Page) -> Vec<&str> {
    page.headers
        .iter()
        .filter(|(name, _)| *name == "set-cookie")
        .map(|(_, value)| value.as_str())
        .collect()
}

fn login<'a>(form: &'a str, referer: &'a str) -> Request<'a> {
    Request {
        method: "POST",
        target: "/en/login",
        referer: Some(referer),
        form,
        ..Request::default()
    }
}

#[test]
fn a_login_is_a_cookie_with_a_name() {
    let shop = shop();
    let page = shop.answer(&login(
        "name=Anna+%26+Ben",
        "https://a.example/en/c/kitchen",
    ));
    assert_eq!(
        (page.status, page.header("location")),
        (303, Some("/en/c/kitchen"))
    );
    let set = cookies(&page);
    assert!(set[0].starts_with("customer=Anna%20%26%20Ben; Path=/; Max-Age=2592000"));
    assert!(set[1].starts_with("loyalty=; Path=/; Max-Age=0"));
    let gold = shop.answer(&login("name=A&loyalty=gold", "https://a.example/en/login"));
    assert_eq!(gold.header("location"), Some("/en/"));
    assert!(cookies(&gold)[1].starts_with("loyalty=gold; Path=/; Max-Age=2592000"));
    let nameless = shop.answer(&login("name=+", "https://a.example/en/"));
    assert_eq!(nameless.header("location"), Some("/en/login"));
    assert_eq!(cookies(&nameless), [""; 0]);
    let out = shop.respond("POST", "/en/logout", Some("customer=Anna"));
    assert_eq!(cookies(&out).len(), 2);
    assert!(
        cookies(&out)
            .iter()
            .all(|set| set.contains("=; Path=/; Max-Age=0"))
    );
}

#[test]
fn a_customer_is_greeted_on_every_page_and_such_a_page_is_private() {
    let shop = shop();
    let cookie = "customer=%3CAnna%3E; loyalty=gold";
    let product = shop.products()[0].path(Lang::En);
    for path in [
        "/en/",
        &product,
        "/en/c/kitchen",
        "/en/search?q=mug",
        "/en/magazine",
    ] {
        let page = shop.respond("GET", path, Some(cookie));
        let body = html(&page);
        assert!(
            body.contains("<span class=\"customer-name\">&lt;Anna&gt;</span>"),
            "{path}"
        );
        assert!(
            body.contains("<span class=\"loyalty\" data-tier=\"gold\">"),
            "{path}"
        );
        assert_eq!(
            page.header("cache-control"),
            Some("private, no-cache"),
            "{path}"
        );
        let stranger = shop.respond("GET", path, Some("loyalty=gold"));
        assert!(!html(&stranger).contains("customer-name"), "{path}");
        assert!(!html(&stranger).contains("class=\"loyalty\""), "{path}");
        assert_eq!(
            stranger.header("cache-control"),
            Some(PAGES_CACHE),
            "{path}"
        );
    }
    let german = shop.respond("GET", "/de/login", Some(cookie));
    assert!(html(&german).contains("<span class=\"hello\">Hallo, </span>"));
    assert!(html(&german).contains("action=\"/de/logout\""));
    assert!(html(&shop.respond("GET", "/de/login", None)).contains("action=\"/de/login\""));
}
