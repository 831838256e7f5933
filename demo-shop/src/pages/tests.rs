//! The pages as their readers see them: browsers, caches, and rules written against the markup.

use super::*;
use crate::{DEFAULT_SEED, TILES_PER_PAGE};

fn shop() -> Shop {
    Shop::generate(DEFAULT_SEED)
}

fn html(page: &Page) -> &str {
    std::str::from_utf8(&page.body).expect("pages are UTF-8")
}

fn tiles(page: &Page) -> usize {
    html(page)
        .matches("<li class=\"tile\" data-id=\"TB-")
        .count()
}

#[test]
fn every_kind_of_page_keeps_the_markup_contract() {
    let shop = shop();
    for lang in Lang::ALL {
        let code = lang.code();
        let product = shop.products()[0].path(lang);
        let category = shop.products()[0].category.path(lang);
        for (path, class, piece) in [
            (
                format!("/{code}/"),
                "page-home",
                "<main id=\"content\">\n<section class=\"hero\">",
            ),
            (
                category,
                "page-listing",
                "<ul class=\"products\">\n<li class=\"tile\"",
            ),
            (product, "page-product", "<article class=\"product\">"),
            (
                format!("/{code}/search?q=petrol"),
                "page-search",
                "<ul class=\"products\">\n<li class=\"tile\"",
            ),
            (
                format!("/{code}/cart"),
                "page-cart",
                "<main id=\"content\">\n<section class=\"cart\">",
            ),
        ] {
            let page = shop.respond("GET", &path, None);
            let body = html(&page);
            assert_eq!(
                (page.status, page.content_type),
                (200, "text/html; charset=utf-8"),
                "{path}"
            );
            assert!(body.contains(&format!("<html lang=\"{code}\">")), "{path}");
            assert!(
                body.contains(&format!("<body class=\"{class}\">")),
                "{path}"
            );
            assert!(body.contains(piece), "{path}");
            let order = [
                "<header class=\"site-header\">",
                "<main id=\"content\">",
                "</main>",
                "<footer class=\"site-footer\">",
            ];
            let places: Vec<_> = order
                .iter()
                .map(|part| body.find(part).expect("every page has it"))
                .collect();
            assert!(places.is_sorted(), "{path}");
            assert!(!body.to_lowercase().contains("tailorbird"), "{path}");
        }
    }
}

#[test]
fn home_has_its_sections_in_order() {
    let shop = shop();
    let page = shop.respond("GET", "/en/", None);
    let places: Vec<_> = ["hero", "categories", "new-in"]
        .iter()
        .map(|class| {
            html(&page)
                .find(&format!("<section class=\"{class}\">"))
                .expect("the section is there")
        })
        .collect();
    assert!(places.is_sorted());
    assert_eq!(tiles(&page), 12);
}

#[test]
fn a_listing_has_24_tiles_by_id_and_further_pages() {
    let shop = shop();
    let first = shop.respond("GET", "/en/c/kitchen/mugs", None);
    assert_eq!(tiles(&first), TILES_PER_PAGE);
    assert_eq!(html(&first).matches("loading=\"eager\"").count(), 4);
    assert_eq!(
        html(&first).matches("loading=\"lazy\"").count(),
        TILES_PER_PAGE - 4
    );
    let ids: Vec<&str> = html(&first)
        .split("<li class=\"tile\" data-id=\"")
        .skip(1)
        .filter_map(|tile| tile.get(..8))
        .collect();
    assert!(ids.is_sorted() && ids.len() == TILES_PER_PAGE, "{ids:?}");

    assert_eq!(
        tiles(&shop.respond("GET", "/en/c/kitchen/mugs?page=3", None)),
        60 - 2 * TILES_PER_PAGE
    );
    assert_eq!(
        tiles(&shop.respond("GET", "/en/c/kitchen", None)),
        TILES_PER_PAGE
    );
    for wrong in [
        "page=4",
        "page=0",
        "page=-1",
        "page=x",
        "page=99999999999999999999",
    ] {
        assert_eq!(
            shop.respond("GET", &format!("/en/c/kitchen/mugs?{wrong}"), None)
                .status,
            404,
            "{wrong}"
        );
    }
    let long = shop
        .categories()
        .filter(|category| category.size > TILES_PER_PAGE)
        .count();
    assert!(
        long * 2 > shop.categories().count(),
        "most categories have several pages"
    );
}

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
fn text_from_outside_is_escaped() {
    let shop = shop();
    let page = shop.respond(
        "GET",
        "/en/search?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&page=1",
        None,
    );
    assert_eq!(page.status, 200);
    assert!(html(&page).contains("&quot;&gt;&lt;script&gt;"));
    assert!(!html(&page).contains("<script>"));
    assert!(
        !html(&page).contains("Ufer & Ulme"),
        "the shop's name is escaped too"
    );
}

#[test]
fn search_finds_titles_and_categories() {
    let shop = shop();
    assert_eq!(
        tiles(&shop.respond("GET", "/en/search?q=Mugs", None)),
        TILES_PER_PAGE
    );
    assert!(tiles(&shop.respond("GET", "/de/search?q=becher+petrol", None)) > 0);
    assert!(tiles(&shop.respond("GET", "/en/search?q=t-shirt", None)) > 0);
    assert!(html(&shop.respond("GET", "/de/search?q=becher", None)).contains("Teebecher"));
    assert!(!html(&shop.respond("GET", "/en/search?q=side+table", None)).contains("bedside lamp"));
    assert_eq!(tiles(&shop.respond("GET", "/en/search?q=zzzz", None)), 0);
    assert_eq!(tiles(&shop.respond("GET", "/en/search?q=!!", None)), 0);
    assert_eq!(tiles(&shop.respond("GET", "/en/search", None)), 0);
    assert!(
        html(&shop.respond("GET", "/en/search?q=mug&page=2", None))
            .contains("/en/search?q=mug&amp;page=3")
    );
}

#[test]
fn prices_are_written_in_the_page_s_language() {
    let shop = shop();
    let product = shop
        .products()
        .iter()
        .find(|product| product.sale_price.is_some())
        .expect("something is reduced");
    for (lang, sign) in [(Lang::En, "<ins>€"), (Lang::De, "\u{a0}€</ins>")] {
        let page = shop.respond("GET", &product.path(lang), None);
        assert!(html(&page).contains(sign) && html(&page).contains("<del>"));
    }
}

#[test]
fn what_is_sold_out_cannot_be_added() {
    let shop = shop();
    let gone = shop
        .products()
        .iter()
        .find(|product| !product.in_stock)
        .expect("something is sold out");
    assert!(
        !html(&shop.respond("GET", &gone.path(Lang::En), None)).contains("<form class=\"add\"")
    );
    let answer = shop.respond("POST", &format!("/en/cart/add?id={}", gone.id), None);
    assert_eq!((answer.status, answer.header("set-cookie")), (303, None));
}

#[test]
fn the_cart_is_a_cookie() {
    let shop = shop();
    let mut there = shop.products().iter().filter(|product| product.in_stock);
    let (one, two) = (
        &there.next().expect("a product").id,
        &there.next().expect("a product").id,
    );
    let added = shop.answer(&Request {
        method: "POST",
        target: "/de/cart/add",
        cookie: Some(&format!("consent=essential; cart={one}:2")),
        form: &format!("id={two}&quantity=3"),
        ..Request::default()
    });
    assert_eq!(
        (added.status, added.header("location")),
        (303, Some("/de/cart"))
    );
    let stored = added.header("set-cookie").expect("a cookie");
    assert!(
        stored.starts_with(&format!("cart={one}:2,{two}:3; Path=/; Max-Age=")),
        "{stored}"
    );

    let cookie = format!("cart={one}:2,{two}:3,TB-99999:1,junk");
    let page = shop.respond("GET", "/de/cart", Some(&cookie));
    assert_eq!(html(&page).matches("<li class=\"cart-line\"").count(), 2);
    assert!(
        html(&page).contains("<b>6</b>"),
        "a line nobody knows still counts in the header until the next change"
    );
    assert_eq!(page.header("cache-control"), Some("private, no-store"));

    let removed = shop.respond(
        "POST",
        &format!("/de/cart/remove?id={one}"),
        Some(&format!("cart={one}:2")),
    );
    assert!(
        removed
            .header("set-cookie")
            .is_some_and(|cookie| cookie.starts_with("cart=; Path=/; Max-Age=0"))
    );
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
        "/img/x.svg",
        "",
        "x",
    ] {
        let page = shop.respond("GET", path, None);
        assert_eq!(page.status, 404, "{path}");
        assert!(
            html(&page).contains("<body class=\"page-missing\">"),
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
