use super::*;
use crate::report::{WarningKind, Warnings};
use tailorbird::snapshot::ItemRecord;

fn read(text: &str) -> (Vec<ItemRecord>, Warnings) {
    let mut catalogue = Catalogue::new(1);
    let mut warnings = Warnings::default();
    let feed = FeedName {
        file: "a",
        locale: 0,
        currency: "EUR",
    };
    catalogue
        .read(feed, text.as_bytes(), &mut warnings, &mut |_| ())
        .expect("reads");
    (catalogue.into_items(), warnings)
}

const NAMES: [&str; 11] = [
    "id",
    "title",
    "link",
    "price",
    "sale_price",
    "inventory",
    "max_handling_time",
    "max_transit_time",
    "custom_label_1",
    "created_at",
    "sale_price_effective_date",
];
const VALUES: [&str; 11] = [
    "a",
    "A",
    "/a",
    "9 EUR",
    "5 EUR",
    "7",
    "2",
    "3",
    "bulky",
    "2026-09-01T10:00:00+02:00",
    "2026-09-01/2026-09-30",
];

fn check(items: &[ItemRecord], warnings: &Warnings) {
    assert!(warnings.is_empty(), "{warnings:?}");
    let item = &items[0];
    assert_eq!((item.quantity, item.delivery_days), (Some(7), Some(5)));
    assert_eq!(item.labels, ["", "bulky"]);
    assert_eq!(item.added_day, Some(20_697));
    let text = &item.texts[0];
    let september = 1_788_220_800;
    assert_eq!(text.sale_starts, Some(september));
    assert_eq!(text.sale_ends, Some(september + 30 * 86_400));
}

#[test]
fn columns_are_read_in_all_formats() {
    for delimiter in ["\t", ",", ";"] {
        let text = [NAMES, VALUES].map(|row| row.join(delimiter)).join("\n");
        let (items, warnings) = read(&text);
        check(&items, &warnings);
    }
    for prefix in ["", "g:"] {
        let pairs = NAMES.iter().zip(VALUES);
        let fields: String = pairs
            .map(|(name, value)| format!("<{prefix}{name}>{value}</{prefix}{name}>"))
            .collect();
        for text in [
            format!("<rss><channel><item>{fields}</item></channel></rss>"),
            format!("<feed><entry>{fields}</entry></feed>"),
        ] {
            let (items, warnings) = read(&text);
            check(&items, &warnings);
        }
    }
}

#[test]
fn every_name_of_a_column_is_known() {
    for name in [
        "quantity",
        "inventory",
        "quantity_to_sell_on_facebook",
        "sell_on_google_quantity",
    ] {
        let (items, _) = read(&format!("id,title,link,{name}\na,A,/a,3\n"));
        assert_eq!(items[0].quantity, Some(3), "{name}");
    }
    for name in ["date_added", "created_at", "Published at"] {
        let (items, _) = read(&format!("id,title,link,{name}\na,A,/a,1970-01-11\n"));
        assert_eq!(items[0].added_day, Some(10), "{name}");
    }
}

#[test]
fn odd_values_are_left_out_with_a_warning() {
    let (items, warnings) = read(concat!(
        "id,title,link,price,sale_price,quantity,max_handling_time,date_added,sale_price_effective_date\n",
        "a,A,/a,9 EUR,5 EUR,many,4.90 EUR,yesterday,soon\n",
        "b,B,/b,9 EUR,,-3,1,,soon\n",
        "c,C,/c,9 EUR,,12.00,,,\n",
        "d,D,/d,9 EUR,,1.5,366,,\n",
    ));
    assert_eq!(warnings.count(WarningKind::FeedField), 6);
    let a = &items[0];
    assert_eq!(
        (a.quantity, a.delivery_days, a.added_day),
        (None, None, None)
    );
    assert_eq!(
        (a.texts[0].sale_price, a.texts[0].sale_ends),
        (Some(500), None)
    );
    let found: Vec<_> = items
        .iter()
        .map(|i| (i.quantity, i.delivery_days))
        .collect();
    let rest = [(Some(0), Some(1)), (Some(12), None), (None, None)];
    assert_eq!(found[1..], rest);
    assert!(items.iter().all(|item| item.labels.is_empty()));
}
