//! What a product's page says to people and to machines.

use super::*;
use crate::ORIGIN;

#[test]
fn the_head_describes_the_product() {
    let shop = shop();
    let reduced = shop
        .products()
        .iter()
        .find(|product| product.sale_price.is_some() && product.in_stock);
    let gone = shop.products().iter().find(|product| !product.in_stock);
    for product in [reduced, gone].map(|found| found.expect("there is one")) {
        for lang in Lang::ALL {
            let page = shop.respond("GET", &product.path(lang), None);
            let (head, _) = html(&page).split_once("</head>").expect("a head");
            let (_, data) = head
                .split_once("<script type=\"application/ld+json\">")
                .expect("JSON-LD in the head");
            let (data, _) = data.split_once("</script>").expect("its end");
            let data: serde_json::Value = serde_json::from_str(data).expect("it is JSON");
            let amount = crate::lang::decimal(product.price_now());
            let state = if product.in_stock {
                "InStock"
            } else {
                "OutOfStock"
            };
            assert_eq!(data["@type"], "Product");
            assert_eq!(data["sku"], product.id.as_str());
            assert_eq!(data["name"], product.title(lang));
            assert_eq!(data["brand"]["name"], product.brand);
            assert_eq!(data["url"], format!("{ORIGIN}{}", product.path(lang)));
            assert_eq!(data["offers"]["price"], amount.as_str());
            assert_eq!(data["offers"]["priceCurrency"], "EUR");
            assert_eq!(
                data["offers"]["availability"],
                format!("https://schema.org/{state}")
            );
            for (name, value) in [
                ("product:retailer_item_id", product.id.as_str()),
                ("product:price:amount", amount.as_str()),
                ("product:price:currency", "EUR"),
            ] {
                let meta = format!("<meta property=\"{name}\" content=\"{value}\">");
                assert!(head.contains(&meta), "{meta}");
            }
        }
    }
}

#[test]
fn below_the_product_are_its_details_and_two_empty_places() {
    let shop = shop();
    for product in shop.products().iter().step_by(37) {
        for lang in Lang::ALL {
            let page = shop.respond("GET", &product.path(lang), None);
            let places: Vec<_> = [
                "</article>",
                "<div class=\"bundle\"></div>",
                "<section class=\"details\">",
                "<div class=\"accessories\"></div>",
                "<section class=\"delivery\">",
                "</main>",
            ]
            .iter()
            .map(|part| html(&page).find(part).expect("it is there"))
            .collect();
            assert!(places.is_sorted());
        }
    }
}
