//! The product feed: Google Merchant's tab-separated format, one file per language.

use crate::catalogue::Product;
use crate::catalogue::facts::date;
use crate::lang::Lang;
use crate::{ORIGIN, Shop};
use std::io::{self, Write};

/// The columns, in the order in which they are written.
pub const FEED_COLUMNS: [&str; 20] = [
    "id",
    "title",
    "description",
    "link",
    "image_link",
    "price",
    "sale_price",
    "availability",
    "product_type",
    "brand",
    "color",
    "material",
    "item_group_id",
    "gtin",
    "quantity",
    "max_handling_time",
    "custom_label_0",
    "custom_label_1",
    "date_added",
    "sale_price_effective_date",
];

/// The end of dated sales: pages show a sale price as long as there is one, and so must what reads the feed.
const SALE_END: &str = "2099-12-31";

impl Shop {
    /// Writes the feed in `lang`: a line of column names, then one line per product by id. Ids are the same in every
    /// language; titles, links and product types are not. Links are absolute.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn write_feed(&self, lang: Lang, mut out: impl Write) -> io::Result<()> {
        writeln!(out, "{}", FEED_COLUMNS.join("\t"))?;
        for product in self.products() {
            let cells = row(product, lang);
            debug_assert!(cells.iter().all(|cell| !cell.contains(['\t', '\n', '\r'])));
            writeln!(out, "{}", cells.join("\t"))?;
        }
        out.flush()
    }
}

fn row(product: &Product, lang: Lang) -> [String; FEED_COLUMNS.len()] {
    [
        product.id.clone(),
        product.title(lang).to_owned(),
        product.description(lang).to_owned(),
        format!("{ORIGIN}{}", product.path(lang)),
        format!("{ORIGIN}{}", product.picture_path()),
        amount(product.price),
        product.sale_price.map(amount).unwrap_or_default(),
        if product.in_stock {
            "in_stock"
        } else {
            "out_of_stock"
        }
        .to_owned(),
        product.category.product_type(lang),
        product.brand.to_owned(),
        product.colour(lang).to_owned(),
        product.material(lang).to_owned(),
        product.group.clone(),
        product.gtin.clone(),
        product.facts.quantity.to_string(),
        product.facts.handling_days.to_string(),
        product.facts.margin.to_owned(),
        product.category.department.to_owned(),
        date(product.facts.added_day),
        product
            .facts
            .sale_from_day
            .map(|day| format!("{}/{SALE_END}", date(day)))
            .unwrap_or_default(),
    ]
}

fn amount(cents: u32) -> String {
    format!("{}.{:02} EUR", cents / 100, cents % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feed(seed: u64, lang: Lang) -> String {
        let mut bytes = Vec::new();
        Shop::generate(seed)
            .write_feed(lang, &mut bytes)
            .expect("memory takes everything");
        String::from_utf8(bytes).expect("the feed is UTF-8")
    }

    #[test]
    fn the_same_seed_gives_the_same_bytes() {
        for lang in Lang::ALL {
            assert_eq!(feed(7, lang), feed(7, lang));
            assert_ne!(feed(7, lang), feed(8, lang));
        }
    }

    #[test]
    fn every_row_has_every_column() {
        let (english, german) = (feed(1, Lang::En), feed(1, Lang::De));
        assert_eq!(english.lines().count(), german.lines().count());
        for (en, de) in english.lines().zip(german.lines()).skip(1) {
            let (en, de): (Vec<_>, Vec<_>) = (en.split('\t').collect(), de.split('\t').collect());
            assert_eq!(
                (en.len(), de.len()),
                (FEED_COLUMNS.len(), FEED_COLUMNS.len())
            );
            assert_eq!(en[0], de[0], "ids do not depend on the language");
            assert!(
                en[3].starts_with("https://demo.shop.example/en/p/") && en[3].ends_with(en[0]),
                "{}",
                en[3]
            );
            assert!(
                de[3].starts_with("https://demo.shop.example/de/p/") && de[3].ends_with(de[0]),
                "{}",
                de[3]
            );
            assert!(en[5].ends_with(" EUR") && en[8].contains(" > "), "{en:?}");
        }
    }
}
