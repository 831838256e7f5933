//! What a product's page says to machines: schema.org as JSON-LD, and the `og:` and `product:` names of social networks.
//! All of it stands in the head, where readers of streams find it before the content.

use crate::catalogue::Product;
use crate::html::{escape, json};
use crate::lang::{Lang, decimal};
use crate::{ORIGIN, SHOP_NAME};
use std::fmt::{self, Write};

/// Names and JSON-LD of a product.
pub(super) fn head(out: &mut String, lang: Lang, product: &Product) -> fmt::Result {
    let stock = if product.in_stock {
        "in stock"
    } else {
        "out of stock"
    };
    for (name, value) in [
        ("og:type", "product"),
        ("og:site_name", SHOP_NAME),
        ("og:title", product.title(lang)),
        ("og:url", &format!("{ORIGIN}{}", product.path(lang))),
        ("og:image", &format!("{ORIGIN}{}", product.picture_path())),
        ("product:retailer_item_id", &product.id),
        ("product:item_group_id", &product.group),
        ("product:brand", product.brand),
        ("product:category", &product.category.product_type(lang)),
        ("product:price:amount", &decimal(product.price_now())),
        ("product:price:currency", "EUR"),
        ("product:availability", stock),
        ("product:condition", "new"),
    ] {
        writeln!(
            out,
            "<meta property=\"{name}\" content=\"{}\">",
            escape(value)
        )?;
    }
    json_ld(out, lang, product)
}

fn json_ld(out: &mut String, lang: Lang, product: &Product) -> fmt::Result {
    let state = if product.in_stock {
        "InStock"
    } else {
        "OutOfStock"
    };
    let url = format!("{ORIGIN}{}", product.path(lang));
    writeln!(
        out,
        "<script type=\"application/ld+json\">{{\"@context\":\"https://schema.org\",\"@type\":\"Product\",\
         \"sku\":{},\"name\":{},\"description\":{},\"gtin13\":{},\"brand\":{{\"@type\":\"Brand\",\"name\":{}}},\
         \"category\":{},\"color\":{},\"material\":{},\"image\":{},\"url\":{url},\
         \"offers\":{{\"@type\":\"Offer\",\"url\":{url},\"price\":\"{}\",\"priceCurrency\":\"EUR\",\
         \"itemCondition\":\"https://schema.org/NewCondition\",\"availability\":\"https://schema.org/{state}\"}}}}</script>",
        json(&product.id),
        json(product.title(lang)),
        json(product.description(lang)),
        json(&product.gtin),
        json(product.brand),
        json(&product.category.product_type(lang)),
        json(product.colour(lang)),
        json(product.material(lang)),
        json(&format!("{ORIGIN}{}", product.picture_path())),
        decimal(product.price_now()),
        url = json(&url),
    )
}
