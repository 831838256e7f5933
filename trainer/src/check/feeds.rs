//! What feeds look like, row by row.

use std::collections::HashSet;

use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::finding::{Bounds, Finding, NEVER, Tally, Verdict, finding, grouped, share};
use crate::feed::{Field, Record, RowFate, is_web_link, parse_price};
use crate::input::text_of;
use crate::report::{WarningKind, Warnings, found};

/// Rows that cannot be used.
const ROWS: Bounds = Bounds {
    warn: 0.0,
    fail: 0.05,
};
/// Rows whose id came before.
const DUPLICATES: Bounds = Bounds {
    warn: 0.0,
    fail: 0.2,
};
/// Items that cannot be shown.
const SHOWN: Bounds = Bounds {
    warn: 0.0,
    fail: 0.5,
};
/// What is odd in single fields.
const ODD: Bounds = Bounds {
    warn: 0.0,
    fail: NEVER,
};
/// The least share of rows that should have what slots and models need.
const MOST: f64 = 0.9;

/// The fields whose coverage is told: the name of the finding, the least share, and why.
const COVERAGE: [(Field, &str, f64, &str); 8] = [
    (
        Field::Price,
        "coverage price",
        MOST,
        "items without a price are not shown in slots",
    ),
    (
        Field::ImageLink,
        "coverage image_link",
        MOST,
        "tiles without a picture are seldom looked at: fill in image_link",
    ),
    (
        Field::ProductType,
        "coverage product_type",
        MOST,
        "best sellers of a category need it: fill in product_type",
    ),
    (Field::Brand, "coverage brand", 0.0, ""),
    (Field::Availability, "coverage availability", 0.0, ""),
    (Field::Color, "coverage color", 0.0, ""),
    (Field::Size, "coverage size", 0.0, ""),
    (Field::Material, "coverage material", 0.0, ""),
];

/// Where an item is described, for examples.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) file: u32,
    pub(super) line: u64,
}

/// Counts over all feeds.
#[derive(Debug, Default)]
pub(super) struct Feeds {
    files: Vec<String>,
    locale: usize,
    currency: String,
    rows: u64,
    used: u64,
    texts: Tally,
    links: HashSet<u64>,
    shared_links: Tally,
    prices: Tally,
    sales: Tally,
    /// How many rows have each of [`COVERAGE`].
    has: [u64; COVERAGE.len()],
    /// By the items' positions.
    places: Vec<Option<Place>>,
}

impl Feeds {
    /// The next rows are of this file.
    pub(super) fn begin(&mut self, file: &str, locale: usize, currency: &str) {
        self.files.push(file.to_owned());
        self.locale = locale;
        self.currency = currency.to_owned();
    }

    pub(super) fn look(&mut self, record: &Record, fate: RowFate) {
        self.rows += 1;
        let RowFate::Used(position) = fate else {
            return;
        };
        self.used += 1;
        let (file, line) = (self.files.len().saturating_sub(1), record.line);
        let position = position as usize;
        if self.places.len() <= position {
            self.places.resize(position + 1, None);
        }
        let file = file as u32;
        // The item's first row.
        self.places[position].get_or_insert(Place { file, line });
        let file = self.files.last().map_or("", String::as_str);
        let get = |field| text_of(record.get(field)).trim().to_owned();
        let (id, title, link) = (get(Field::Id), get(Field::Title), get(Field::Link));
        let bad_text = title.is_empty() || !is_web_link(&link);
        self.texts.look(file, line, bad_text.then_some(|| {
            let (title, link) = (found(&title), found(&link));
            format!("expected a title and a link that is http(s) or starts with `/`, found {title} and {link}")
        }));
        if !bad_text {
            let hash = xxh3_64_with_seed(link.as_bytes(), self.locale as u64);
            let is_shared = !self.links.insert(hash);
            let what = || format!("{} has the link of a product before it: {link}", found(&id));
            self.shared_links
                .look(file, line, is_shared.then_some(what));
        }
        let (price, sale) = odd_prices(record, &self.currency);
        self.prices.look(file, line, price.map(|what| || what));
        if !record.get(Field::SalePrice).trim_ascii().is_empty() {
            self.sales.look(file, line, sale.map(|what| || what));
        }
        for ((field, ..), has) in COVERAGE.iter().zip(&mut self.has) {
            *has += u64::from(!record.get(*field).trim_ascii().is_empty());
        }
    }

    /// Whether any item is described.
    pub(super) fn has_items(&self) -> bool {
        self.used > 0
    }

    /// Where an item is described.
    pub(super) fn place(&self, position: usize) -> Option<(&str, u64)> {
        let place = (*self.places.get(position)?)?;
        let file = self.files.get(place.file as usize)?;
        Some((file, place.line))
    }

    /// What there is to say. `warnings` are those of reading.
    pub(super) fn findings(&self, warnings: &Warnings) -> Vec<Finding> {
        let of = |kind, of| Tally {
            bad: warnings.group(kind),
            of,
        };
        let rows = of(WarningKind::FeedRow, self.rows);
        let duplicates = of(WarningKind::DuplicateId, self.rows);
        let fields = of(WarningKind::FeedField, self.used);
        let mut findings = vec![
            rows.finding("feed rows", ROWS, "rows unusable", "give every product an id"),
            duplicates.finding(
                "feed duplicates",
                DUPLICATES,
                "rows with an id that came before; the first one counts",
                "have each product exported once for each language",
            ),
            self.texts.finding(
                "titles and links",
                SHOWN,
                "rows without a title or a usable link",
                "these products are never shown: fill in title and link",
            ),
            self.shared_links.finding(
                "shared links",
                ODD,
                "rows with another row's link",
                "a page is known by its link, and only one product can be meant by it: give variants links of their own, or export one of them",
            ),
            self.prices.finding(
                "prices",
                SHOWN,
                "rows without a price above 0 in the currency of site.toml",
                "write prices as \"19.90 EUR\", in the locale's currency",
            ),
            self.sales.finding(
                "sale prices",
                ODD,
                "sale prices that are no reduction or unreadable; the price counts",
                "leave sale_price empty where there is no sale",
            ),
            fields.finding(
                "feed fields",
                ODD,
                "rows with a field that is odd or left out",
                "each example says what was expected",
            ),
        ];
        for ((_, name, least, why), has) in COVERAGE.iter().zip(self.has) {
            findings.push(coverage(name, has, self.used, *least, why));
        }
        findings
    }
}

/// What is wrong with a row's price and with its sale price, if something is.
fn odd_prices(record: &Record, currency: &str) -> (Option<String>, Option<String>) {
    let price = |field| {
        let text = text_of(record.get(field)).trim().to_owned();
        (!text.is_empty()).then(|| parse_price(&text, currency))
    };
    let (full, sale) = (price(Field::Price), price(Field::SalePrice));
    let odd_sale = match (&full, &sale) {
        (Some(Ok(full)), Some(Ok(sale))) if sale >= full => {
            Some("expected a sale_price below the price".to_owned())
        }
        (_, Some(Err(error))) => Some(format!("sale_price: {error}")),
        _ => None,
    };
    let odd = match full {
        None => Some("expected a price, found none".to_owned()),
        Some(Ok(0)) => Some("expected a price above 0".to_owned()),
        Some(Ok(_)) => None,
        Some(Err(error)) => Some(error.to_string()),
    };
    (odd, odd_sale)
}

fn coverage(check: &'static str, has: u64, of: u64, least: f64, advice: &'static str) -> Finding {
    let share = share(has, of);
    let verdict = if share < least {
        Verdict::Warn
    } else {
        Verdict::Pass
    };
    let what = format!("{:.1} % of {} rows", share * 100.0, grouped(of));
    finding(check, verdict, has, of, what, advice)
}
