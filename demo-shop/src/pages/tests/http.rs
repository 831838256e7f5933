//! Status codes, caches and cookies.

use super::*;

#[test]
fn every_product_and_category_has_a_page_in_both_languages() {
    let shop = shop();
    for lang in Lang::ALL {
        for product in shop.products() {
            assert_eq!(shop.respond("GET", &product.path(lang), None).status, 200);
        }
        for category in shop.categories() {
            assert_eq!(shop.respond("GET", &category.path(lang), None).status, 200);
        }
    }
}

#[test]
fn consent_is_asked_for_until_there_is_an_answer() {
    let shop = shop();
    assert!(html(&shop.respond("GET", "/en/", None)).contains("<aside class=\"consent\""));
    assert!(
        !html(&shop.respond("GET", "/en/", Some("consent=essential")))
            .contains("<aside class=\"consent\"")
    );
    for (choice, cookie) in [
        ("all", "consent=personalisation; Path=/; Max-Age=15"),
        ("essential", "consent=essential; "),
    ] {
        let answer = shop.answer(&Request {
            method: "POST",
            target: "/consent",
            referer: Some("https://demo.shop.example/en/c/kitchen?page=2"),
            form: &format!("consent={choice}"),
            ..Request::default()
        });
        assert_eq!(
            (answer.status, answer.header("location")),
            (303, Some("/en/c/kitchen?page=2"))
        );
        assert!(
            answer
                .header("set-cookie")
                .is_some_and(|set| set.starts_with(cookie))
        );
    }
    assert_eq!(
        shop.respond("POST", "/consent?consent=maybe", None).status,
        400
    );
}

#[test]
fn pages_can_be_cached_and_files_for_long() {
    let shop = shop();
    let page = shop.respond("GET", "/en/", None);
    assert_eq!(
        (page.header("cache-control"), page.header("vary")),
        (Some(PAGES_CACHE), Some("Cookie"))
    );
    let etag = page.header("etag").expect("a validator");
    let again = shop.answer(&Request {
        method: "GET",
        target: "/en/",
        if_none_match: Some(etag),
        ..Request::default()
    });
    assert_eq!(
        (again.status, again.body.len(), again.header("etag")),
        (304, 0, Some(etag))
    );
    let picture = shop.respond("GET", "/img/TB-10001.svg", None);
    assert_eq!(
        (picture.status, picture.content_type),
        (200, "image/svg+xml")
    );
    let style = format!("/assets/shop.css?v={}", css_version());
    assert!(html(&page).contains(&style));
    assert_eq!(
        shop.respond("GET", &style, None).header("cache-control"),
        Some(VERSIONED_CACHE)
    );
}

#[test]
fn addresses_that_are_not_there_say_so() {
    let shop = shop();
    for path in [
        "/fr/",
        "/en/x",
        "/en/c/",
        "/en/c/kitchen/x",
        "/en/c/kitchen/mugs/",
        "/en/p/x",
        "/en/p/x-TB-99999",
        "/en/t/x",
        "/de/t/stoneware",
        "/en/b/x",
        "/en/b/",
        "/en/brands/",
        "/en/magazine/x",
        "/en/themes/x",
        "/en/order/UU-123456",
        "/en/logout",
        "/img/x.svg",
        "",
        "x",
    ] {
        let page = shop.respond("GET", path, None);
        assert_eq!(page.status, 404, "{path}");
        assert!(
            html(&page).contains("<body class=\"page-missing\" data-page=\"missing\">"),
            "{path}"
        );
    }
    let product = &shop.products()[0];
    for (path, status, to) in [
        ("/".to_owned(), 302, "/en/".to_owned()),
        ("/de".to_owned(), 301, "/de/".to_owned()),
        (
            format!("/en/p/old-name-{}", product.id),
            301,
            product.path(Lang::En),
        ),
    ] {
        let page = shop.respond("GET", &path, None);
        assert_eq!(
            (page.status, page.header("location")),
            (status, Some(to.as_str())),
            "{path}"
        );
    }
    assert_eq!(shop.respond("POST", "/en/", None).status, 405);
    assert_eq!(shop.respond("POST", "/en/x", None).status, 404);
    assert_eq!(
        shop.respond("DELETE", "/en/", None).header("allow"),
        Some("GET, HEAD, POST")
    );
}

#[test]
fn head_is_get_without_the_body() {
    let shop = shop();
    let (get, head) = (
        shop.respond("GET", "/en/", None),
        shop.respond("HEAD", "/en/", None),
    );
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(
        head.header("content-length"),
        Some(get.body.len().to_string().as_str())
    );
    assert_eq!(head.header("etag"), get.header("etag"));
}

#[test]
fn the_same_seed_gives_the_same_pages() {
    let (one, two) = (shop(), shop());
    for path in [
        "/en/",
        "/de/c/kueche?page=2",
        "/img/TB-10042.svg",
        "/assets/hero.svg",
    ] {
        assert_eq!(
            one.respond("GET", path, None),
            two.respond("GET", path, None),
            "{path}"
        );
    }
}

#[test]
fn every_page_forbids_what_does_not_come_from_the_shop() {
    let shop = shop();
    for path in ["/en/", "/de/cart", "/en/login", "/en/nowhere"] {
        let page = shop.respond("GET", path, None);
        let policy = page.header("content-security-policy").expect("a policy");
        assert!(
            policy.starts_with("default-src 'self';"),
            "{path}: {policy}"
        );
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
    }
}
