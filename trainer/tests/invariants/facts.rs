//! What the feeds say, read by code that the product does not share.

use std::collections::HashMap;

use tailorbird_demo_shop::{FEED_COLUMNS, Lang, ORIGIN, price};

use super::shop::{DEAR, DemoShop, HIDDEN_BRAND};

/// What the feed of a language says of an item.
#[derive(Debug, Default)]
pub struct Told {
    /// What it costs now, as the shop itself writes it.
    pub price: String,
    /// What it costs when it is not reduced, where it is.
    pub old_price: Option<String>,
    pub path: String,
}

/// An item of the feeds.
#[derive(Debug, Default)]
pub struct Fact {
    pub in_stock: bool,
    pub brand: String,
    pub product_type: String,
    /// Now, in cents.
    pub cents: u32,
    /// By the number of the language.
    pub told: [Told; Lang::ALL.len()],
}

impl Fact {
    /// Whether a rule of the test hides it.
    pub fn is_hidden(&self, on_product_page: bool) -> bool {
        self.brand == HIDDEN_BRAND || on_product_page && self.cents > DEAR
    }

    pub fn is_reduced(&self) -> bool {
        self.told.iter().all(|told| told.old_price.is_some())
    }
}

/// All items, by id and in the feed's order.
pub struct Facts {
    pub ids: Vec<String>,
    by_id: HashMap<String, Fact>,
}

impl Facts {
    pub fn read(shop: &DemoShop) -> Self {
        let (mut ids, mut by_id) = (Vec::new(), HashMap::<String, Fact>::new());
        for lang in Lang::ALL {
            let mut feed = Vec::new();
            shop.shop.write_feed(lang, &mut feed).expect("memory");
            let feed = String::from_utf8(feed).expect("UTF-8");
            for row in feed.lines().skip(1) {
                let cells: Vec<&str> = row.split('\t').collect();
                let cell = |column: &str| {
                    let at = FEED_COLUMNS.iter().position(|name| *name == column);
                    cells[at.expect("a column")]
                };
                let (full, sale) = (cents(cell("price")), cents(cell("sale_price")));
                let full = full.expect("a price");
                let fact = by_id.entry(cell("id").to_owned()).or_insert_with(|| {
                    ids.push(cell("id").to_owned());
                    Fact::default()
                });
                fact.in_stock = cell("availability") == "in_stock";
                fact.brand = cell("brand").to_owned();
                fact.product_type = cell("product_type").to_owned();
                fact.cents = sale.unwrap_or(full);
                fact.told[lang as usize] = Told {
                    price: price(lang, fact.cents),
                    old_price: sale.map(|_| price(lang, full)),
                    path: cell("link").replace(ORIGIN, ""),
                };
            }
        }
        Self { ids, by_id }
    }

    pub fn get(&self, id: &str) -> Option<&Fact> {
        self.by_id.get(id)
    }

    /// The ids of items like this, in the feed's order.
    pub fn which(&self, like: impl Fn(&Fact) -> bool) -> Vec<String> {
        let all = self.ids.iter();
        all.filter(|id| self.get(id).is_some_and(&like))
            .cloned()
            .collect()
    }
}

/// `12.50 EUR` in cents.
fn cents(amount: &str) -> Option<u32> {
    let digits = amount.strip_suffix(" EUR")?.replace('.', "");
    digits.parse().ok()
}
