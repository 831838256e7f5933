use super::*;
use crate::report::{WarningKind, Warnings};
use tailorbird::snapshot::{Availability, ItemText};

fn read_one(text: &str) -> Result<(Catalogue, Warnings), FeedError> {
    let mut catalogue = Catalogue::new(2);
    let mut warnings = Warnings::default();
    let feed = FeedName {
        file: "a.tsv",
        locale: 0,
        currency: "EUR",
    };
    catalogue.read(feed, text.as_bytes(), &mut warnings, &mut |_| ())?;
    Ok((catalogue, warnings))
}

#[test]
fn reads_a_feed_with_mark_quotes_and_other_names() {
    let (catalogue, warnings) = read_one(concat!(
        "\u{feff}ID\ttitle\tLink\timage link\tprice\tsale_price\tavailability\tproduct_type\tgtin\tsize\tmaterial\titem_group_id\r\n",
        "a\t\"Lamp \"\"L\"\"\"\thttps://s.example/a\t/a.jpg\t19.90 EUR\t9.90 EUR\tin stock\tHome>Light\t1\tL\tbrass\tlamps\r\n",
        "b\tRug\t/b\t\t5 EUR\t5 EUR\tbackorder\t\t\t\t\t\r\n",
    ))
    .expect("reads");
    assert!(warnings.is_empty(), "{warnings:?}");
    let a = &catalogue.items()[0];
    assert_eq!((a.id.as_str(), a.category.as_str()), ("a", "Home > Light"));
    assert_eq!(a.texts[0].title, "Lamp \"L\"");
    assert_eq!(
        (a.size.as_str(), a.material.as_str(), a.group.as_str()),
        ("L", "brass", "lamps")
    );
    assert_eq!(
        (a.texts[0].price, a.texts[0].sale_price),
        (Some(1990), Some(990))
    );
    assert_eq!(a.texts[1], ItemText::default());
    let b = &catalogue.items()[1];
    assert_eq!(
        (b.availability, b.texts[0].sale_price),
        (Availability::Backorder, None)
    );
    assert_eq!(catalogue.position("b"), Some(1));
}

#[test]
fn bad_rows_are_warnings_with_their_line() {
    let (catalogue, warnings) = read_one(concat!(
        "id\ttitle\tlink\tprice\tavailability\n",
        "\tno id\t/x\t1 EUR\tin_stock\n",
        "a\tA\t/a\t1,5 EUR\tsold\n",
        "a\tagain\t/a\t1 EUR\tin_stock\n",
        "b\tB\tjavascript:alert(1)\t1 EUR\tin_stock\n",
        "c\tC\t/c\n",
    ))
    .expect("reads");
    assert_eq!(warnings.count(WarningKind::FeedRow), 1);
    assert_eq!(warnings.count(WarningKind::DuplicateId), 1);
    assert_eq!(warnings.count(WarningKind::FeedField), 4);
    let (_, group) = warnings
        .iter()
        .find(|(kind, _)| *kind == WarningKind::FeedField)
        .expect("some");
    assert_eq!(
        group.examples[1].to_string(),
        "a.tsv:3: price: expected a price such as \"19.90 EUR\", found \"1,5 EUR\"; left out"
    );
    let items = catalogue.items();
    assert_eq!(items.len(), 3);
    assert_eq!(
        (items[0].texts[0].title.as_str(), items[0].texts[0].price),
        ("A", None)
    );
    assert_eq!(items[0].availability, Availability::OutOfStock);
    assert_eq!(items[1].texts[0], ItemText::default());
    assert_eq!(items[2].texts[0].title, "C");
}

#[test]
fn a_second_locale_adds_texts_and_items() {
    let (mut catalogue, mut warnings) =
        read_one("id\ttitle\tlink\tavailability\tproduct_type\na\tA\t/a\tin_stock\tX\n")
            .expect("reads");
    let english = "id\ttitle\tlink\tavailability\tproduct_type\na\tA en\t/en/a\tout_of_stock\tY\nb\tB\t/en/b\t\tY\n";
    let feed = FeedName {
        file: "b.tsv",
        locale: 1,
        currency: "USD",
    };
    catalogue
        .read(feed, english.as_bytes(), &mut warnings, &mut |_| ())
        .expect("reads");
    let items = catalogue.into_items();
    assert_eq!(
        (items[0].availability, items[0].category.as_str()),
        (Availability::InStock, "X")
    );
    assert_eq!(items[0].texts[1].title, "A en");
    assert_eq!(
        (items[1].texts[0].title.as_str(), items[1].category.as_str()),
        ("", "")
    );
    assert_eq!(items[1].texts[1].link, "/en/b");
}

#[test]
fn says_which_column_is_missing() {
    for header in ["sku,title,link", "sku\ttitle\tlink", "sku;title;link"] {
        let text = read_one(&format!("{header}\na,A,/a\n")).expect_err("no id");
        let text = text.to_string();
        assert!(
            text.starts_with("a.tsv:1: expected the column `id`"),
            "{text}"
        );
        assert!(text.contains("\"sku, title, link\""), "{text}");
    }
}

#[test]
fn what_is_no_feed_says_so() {
    let error = |bytes: &[u8]| {
        let feed = FeedName {
            file: "a.tsv",
            locale: 0,
            currency: "EUR",
        };
        let mut catalogue = Catalogue::new(1);
        let read = catalogue.read(feed, bytes, &mut Warnings::default(), &mut |_| ());
        read.expect_err("no feed").to_string()
    };
    for empty in [&b""[..], b" \n", b"\xef\xbb\xbf"] {
        assert!(error(empty).contains("found an empty file"), "{empty:?}");
    }
    assert!(error(b"\xff\xfei\0d\0").contains("found UTF-16"));
}

#[test]
fn a_feed_with_a_header_alone_is_a_warning() {
    let (catalogue, warnings) = read_one("id\ttitle\tlink\n").expect("reads");
    assert!(catalogue.items().is_empty());
    assert_eq!(warnings.count(WarningKind::EmptyFile), 1);
}

#[test]
fn the_delimiter_is_told_by_the_first_line() {
    for delimiter in ["\t", ",", ";"] {
        let text = [
            ["id", "title", "link", "price", "a,b;c"],
            ["a", "\"Lamp, red; large\"", "/a", "19.90 EUR", ""],
        ];
        let text = text.map(|row| row.join(delimiter).replace("a,b;c", "\"a,b;c\""));
        let (catalogue, warnings) = read_one(&text.join("\r\n")).expect("reads");
        assert!(warnings.is_empty(), "{warnings:?}");
        let texts = &catalogue.items()[0].texts[0];
        assert_eq!(texts.title, "Lamp, red; large");
        assert_eq!((texts.link.as_str(), texts.price), ("/a", Some(1990)));
    }
}

#[test]
fn several_files_are_one_feed() {
    let (mut catalogue, mut warnings) = read_one("id\ttitle\tlink\na\tA\t/a\n").expect("reads");
    let feed = FeedName {
        file: "b.csv",
        locale: 0,
        currency: "EUR",
    };
    let more = "id,title,link\nb,B,/b\na,again,/a\n";
    let rows = catalogue.read(feed, more.as_bytes(), &mut warnings, &mut |_| ());
    assert_eq!(rows.expect("reads"), 2);
    assert_eq!(catalogue.items().len(), 2);
    assert_eq!(catalogue.items()[0].texts[0].title, "A");
    let (kind, group) = warnings.iter().next().expect("one");
    assert_eq!(kind, WarningKind::DuplicateId);
    assert!(
        group.examples[0].to_string().starts_with("b.csv:3: "),
        "{group:?}"
    );
}

#[test]
fn without_a_feed_ids_are_taken_in_until_a_feed_describes_them() {
    assert_eq!(Catalogue::new(1).place("a"), None);
    let mut catalogue = Catalogue::growing(1);
    let long = "x".repeat(MAX_ID_BYTES + 1);
    let places = ["a", "b", "a", "", long.as_str()].map(|id| catalogue.place(id));
    assert_eq!(places, [Some(0), Some(1), Some(0), None, None]);
    assert!(!catalogue.is_full());
    let feed = FeedName {
        file: "f",
        locale: 0,
        currency: "EUR",
    };
    let text = "id,title,link,brand\nb,B,/b,Ulme\n";
    let mut warnings = Warnings::default();
    catalogue
        .read(feed, text.as_bytes(), &mut warnings, &mut |_| ())
        .expect("reads");
    assert!(warnings.is_empty(), "{warnings:?}");
    let items = catalogue.into_items();
    assert_eq!((items.len(), items[1].brand.as_str()), (2, "Ulme"));
}

#[test]
fn a_growing_catalogue_ends_at_its_limit() {
    let mut catalogue = Catalogue::growing(0);
    for number in 0..MAX_ITEMS {
        assert!(catalogue.place(&number.to_string()).is_some());
    }
    assert!(!catalogue.is_full());
    assert_eq!(catalogue.place("more"), None);
    assert!(catalogue.is_full());
    assert_eq!(catalogue.place("7"), Some(7));
}

#[test]
fn a_quote_that_is_never_closed_does_not_swallow_the_file() {
    let text = format!(
        "id\ttitle\tlink\na\t\"A\t/a\n{}",
        "b\tB\t/b\n".repeat(MAX_ROW_BYTES / 4)
    );
    let text = read_one(&text).expect_err("too long").to_string();
    assert!(
        text.starts_with("a.tsv:2: ") && text.contains("never closed"),
        "{text}"
    );
}

#[test]
fn long_ids_and_fields_are_left_out() {
    let (id, title) = (
        "i".repeat(MAX_ID_BYTES + 1),
        "t".repeat(MAX_FIELD_BYTES + 1),
    );
    let text = format!(
        "id\ttitle\tlink\n{id}\tA\t/a\nb\t{title}\t/b\n{}\tC\t/c\n",
        &id[1..]
    );
    let (catalogue, warnings) = read_one(&text).expect("reads");
    assert_eq!(warnings.count(WarningKind::FeedRow), 1);
    assert_eq!(catalogue.items().len(), 2);
    assert_eq!(catalogue.items()[0].texts[0].title, "");
}
