//! Tags, brands, magazine, theme worlds and the advisor.

use super::*;
use crate::catalogue::tags::TAGS;
use crate::catalogue::words::BRANDS;
use crate::editorial::{THEMES, articles};

/// Ids of the tiles of a page.
fn shown(page: &Page) -> Vec<&str> {
    html(page)
        .split("<li class=\"tile\" data-id=\"")
        .skip(1)
        .filter_map(|tile| tile.get(..8))
        .collect()
}

#[test]
fn a_tag_lists_what_has_it_and_nothing_else() {
    let shop = shop();
    for lang in Lang::ALL {
        for tag in TAGS {
            let path = tag.path(lang);
            let page = shop.respond("GET", &path, None);
            assert_eq!(page.status, 200, "{path}");
            let ids = shown(&page);
            assert!(ids.len() >= 12 && ids.len() <= TILES_PER_PAGE, "{path}");
            for id in ids {
                assert!(tag.holds(shop.product(id).expect("it is sold")), "{path}");
            }
            let chip = format!("<a href=\"{path}\" aria-current=\"page\">");
            assert!(html(&page).contains(&chip), "{path}");
        }
    }
    assert_eq!(shop.respond("GET", "/en/t/linen?page=2", None).status, 200);
    assert_eq!(shop.respond("GET", "/en/t/linen?page=99", None).status, 404);
}

#[test]
fn a_listing_offers_only_tags_that_it_has() {
    let shop = shop();
    let page = shop.respond("GET", "/en/c/kitchen/mugs", None);
    let body = html(&page);
    assert!(body.contains("data-tag=\"stoneware\"") && body.contains("data-tag=\"nordic\""));
    assert!(!body.contains("data-tag=\"leather\""));
}

#[test]
fn brands_lead_to_their_products() {
    let shop = shop();
    let list = shop.respond("GET", "/en/brands", None);
    assert_eq!(
        html(&list)
            .matches("<li class=\"brand\" data-brand=\"")
            .count(),
        BRANDS.len()
    );
    for lang in Lang::ALL {
        for brand in BRANDS {
            let page = shop.respond("GET", &brands::path(lang, brand.name), None);
            assert_eq!(page.status, 200, "{}", brand.name);
            assert!(!shown(&page).is_empty());
            for id in shown(&page) {
                assert_eq!(shop.product(id).map(|it| it.brand), Some(brand.name));
            }
        }
    }
    assert!(html(&list).contains("href=\"/en/b/marlo-finch\">Marlo &amp; Finch</a>"));
}

#[test]
fn articles_link_their_categories_products_and_further_articles() {
    let shop = shop();
    for lang in Lang::ALL {
        let code = lang.code();
        let list = shop.respond("GET", &format!("/{code}/magazine"), None);
        assert_eq!(
            html(&list)
                .matches("<li class=\"article\" data-article=\"")
                .count(),
            12
        );
        for article in articles() {
            let page = shop.respond("GET", &article.path(lang), None);
            assert_eq!(page.status, 200);
            let body = html(&page);
            let own = format!("<article class=\"story\" data-article=\"{}\">", article.id);
            assert!(body.contains(&own), "{own}");
            for category in article.categories() {
                let link = format!("<a href=\"{}\">", category.path(lang));
                assert!(body.contains(&link), "{link}");
            }
            let items: Vec<&str> = article
                .items(&shop)
                .iter()
                .map(|item| item.id.as_str())
                .collect();
            assert_eq!(shown(&page), items);
            let further = format!("<li class=\"article\" data-article=\"{}\"", article.id);
            assert_eq!(body.matches("<li class=\"article\"").count(), 3);
            assert!(
                !body.contains(&further),
                "an article does not lead to itself"
            );
        }
    }
}

#[test]
fn theme_worlds_show_their_items() {
    let shop = shop();
    for lang in Lang::ALL {
        let list = shop.respond("GET", &format!("/{}/themes", lang.code()), None);
        assert_eq!(
            html(&list)
                .matches("<li class=\"theme\" data-theme=\"")
                .count(),
            THEMES.len()
        );
        for theme in THEMES {
            let page = shop.respond("GET", &theme.path(lang), None);
            let world = format!(
                "<section class=\"theme-world\" data-theme=\"{}\">",
                theme.id
            );
            assert!(html(&page).contains(&world), "{world}");
            assert_eq!(tiles(&page), theme.items(&shop).len());
        }
    }
}

#[test]
fn the_advisor_answers_when_all_is_said() {
    let shop = shop();
    let asked = shop.respond("GET", "/en/advisor?for=kitchen&style=earthy", None);
    assert_eq!(tiles(&asked), 0);
    assert_eq!(html(&asked).matches(" checked>").count(), 2);
    let style = TAGS
        .iter()
        .find(|tag| tag.slug.en == "earthy")
        .expect("a style");
    let path = "/de/advisor?for=kitchen&style=earthy&budget=30";
    let page = shop.respond("GET", path, None);
    assert!(html(&page).contains("<section class=\"advisor-result\">"));
    assert!(!shown(&page).is_empty());
    for id in shown(&page) {
        let product = shop.product(id).expect("it is sold");
        assert_eq!(product.category.department, "kitchen");
        assert!(style.holds(product) && product.price_now() <= 3000 && product.in_stock);
    }
    let english = "href=\"/en/advisor?for=kitchen&amp;style=earthy&amp;budget=30\" hreflang=\"en\"";
    assert!(
        html(&page).contains(english),
        "answers outlive the language"
    );
}

#[test]
fn the_advisor_says_when_nothing_fits_and_ignores_foreign_answers() {
    let shop = shop();
    let cheap = "/en/advisor?for=furniture&style=nordic&budget=30";
    let page = shop.respond("GET", cheap, None);
    assert_eq!(tiles(&page), 0);
    assert!(html(&page).contains("<p class=\"note\">"));
    let foreign = "/en/advisor?for=%22%3E%3Cb%3E&style=linen&budget=-1";
    let page = shop.respond("GET", foreign, None);
    assert_eq!(
        (page.status, html(&page).matches(" checked>").count()),
        (200, 0)
    );
    assert!(
        html(&page)
            .contains("<link rel=\"canonical\" href=\"https://demo.shop.example/en/advisor\">")
    );
}
