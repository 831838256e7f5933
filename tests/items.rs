//! Conditions on items, as written and as made ready for a snapshot.
#![cfg(feature = "authoring")]

mod common;

use tailorbird::condition::{Scope, parse};
use tailorbird::recommend::{Item, ItemCondition};
use tailorbird::snapshot::{Snapshot, write};

#[test]
fn ready_conditions_say_what_written_ones_say() {
    let snapshot = Snapshot::open(write(&common::full_source()).expect("writes")).expect("opens");
    let site = snapshot.site().expect("a site");
    let mut seen = 0;
    for text in [
        "brand == \"brand 3\"",
        "brand in [\"Brand 1\", \"Brand 2\", \"x\"] and price < 20",
        "not category == \"no such\"",
        "category == \"Garden\" or on_sale",
        "id in [\"F-5\", \"F-7\", \"other\"]",
        "title contains \"1\" and availability == \"in_stock\"",
        "discount > 10 %",
        "size != \"M\"",
        "color contains \"e\"",
        "quantity > 3",
    ] {
        let condition = parse(text, Scope::Item).expect(text);
        let ready = ItemCondition::new(&condition, &snapshot);
        let found: Vec<u32> = ready.items(&snapshot, &site, 0, usize::MAX).collect();
        let expected = (0..common::ITEMS as u32).filter(|&item| {
            condition.holds(&Item {
                snapshot: &snapshot,
                site: &site,
                locale: 0,
                item,
            })
        });
        assert_eq!(found, expected.collect::<Vec<_>>(), "{text}");
        seen += usize::from(!found.is_empty() && found.len() < common::ITEMS);
    }
    assert!(seen >= 6, "most of them tell items apart: {seen}");
}
