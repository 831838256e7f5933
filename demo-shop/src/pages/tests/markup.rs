//! Listings, search and the home page as rules see them.

use super::*;

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
                body.contains(&format!("<body class=\"{class}\" data-page=\"")),
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
    let places: Vec<_> = [
        "hero",
        "categories",
        "new-in",
        "worlds",
        "shelves",
        "tagged",
        "magazine",
    ]
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
        html(&first)
            .matches("loading=\"lazy\" alt=\"\"><span class=\"tile-brand\">")
            .count(),
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
fn home_lists_themes_categories_tags_and_articles() {
    let shop = shop();
    for lang in Lang::ALL {
        let page = shop.respond("GET", &format!("/{}/", lang.code()), None);
        for (list, item, count) in [
            ("themes", "<li class=\"theme\" data-theme=\"T-", 4),
            (
                "category-tiles",
                "<li class=\"category-tile\" data-category=\"",
                21,
            ),
            ("tags", "<li class=\"tag\" data-tag=\"", 12),
            ("articles", "<li class=\"article\" data-article=\"A-", 3),
        ] {
            let list = format!("<ul class=\"{list}\">");
            assert_eq!(html(&page).matches(&list).count(), 1, "{list}");
            assert_eq!(html(&page).matches(item).count(), count, "{item}");
        }
    }
}

#[test]
fn a_search_without_hits_is_a_page_that_helps() {
    let shop = shop();
    for (path, query) in [
        ("/en/search?q=xyzzy", "xyzzy"),
        ("/de/search?q=%3Cb%3E+xyzzy", "&lt;b&gt; xyzzy"),
    ] {
        let page = shop.respond("GET", path, None);
        assert_eq!(page.status, 200);
        let section = format!("<section class=\"no-results\" data-query=\"{query}\">");
        assert!(html(&page).contains(&section), "{path}");
        assert!(!html(&page).contains("<ul class=\"products\">"));
    }
    for path in ["/en/search", "/en/search?q=mug"] {
        let page = shop.respond("GET", path, None);
        assert!(!html(&page).contains("no-results"), "{path}");
    }
}
