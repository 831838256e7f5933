use super::*;
use crate::report::{WarningKind, Warnings};

fn read(text: &str) -> Result<(Catalogue, Warnings), FeedError> {
    let mut catalogue = Catalogue::new(1);
    let mut warnings = Warnings::default();
    let feed = FeedName {
        file: "a.xml",
        locale: 0,
        currency: "EUR",
    };
    catalogue.read(feed, text.as_bytes(), &mut warnings, &mut |_| ())?;
    Ok((catalogue, warnings))
}

#[test]
fn reads_rss() {
    let (catalogue, warnings) = read(
        r#"<?xml version="1.0"?>
<rss xmlns:g="http://base.google.com/ns/1.0" version="2.0"><channel>
<title>Shop &amp; more</title><link>https://s.example</link>
<item>
  <g:id>a</g:id>
  <title>Weak</title><g:title><![CDATA[Salt & <Pepper>]]> &#x2013; S&amp;P</g:title>
  <link>https://s.example/a?x=1&amp;y=2</link>
  <g:price> 19.90 EUR </g:price>
  <g:shipping><g:country>DE</g:country><g:price>4.90 EUR</g:price></g:shipping>
  <g:product_type>Home &gt; Kitchen</g:product_type><g:product_type>Other</g:product_type>
  <g:brand/><g:brand>Ulme</g:brand>
  <g:additional_image_link>/no.jpg</g:additional_image_link>
  <g:image_link>/a.jpg</g:image_link>
  <g:item_group_id>g</g:item_group_id>
</item>
<item><g:id>b</g:id><g:title>Nuts & bolts&nbsp;</g:title><g:link>/b</g:link></item>
</channel></rss>
"#,
    )
    .expect("reads");
    assert!(warnings.is_empty(), "{warnings:?}");
    let items = catalogue.items();
    let (a, texts) = (&items[0], &items[0].texts[0]);
    assert_eq!(texts.title, "Salt & <Pepper> – S&P");
    assert_eq!(texts.link, "https://s.example/a?x=1&y=2");
    assert_eq!((texts.price, texts.image.as_str()), (Some(1990), "/a.jpg"));
    assert_eq!(
        (a.category.as_str(), a.brand.as_str(), a.group.as_str()),
        ("Home > Kitchen", "Ulme", "g")
    );
    assert_eq!(items[1].texts[0].title, "Nuts & bolts&nbsp;");
    assert_eq!(items.len(), 2);
}

#[test]
fn reads_atom_whose_own_id_is_not_the_products() {
    let (catalogue, warnings) = read(
        r#"<feed xmlns="http://www.w3.org/2005/Atom" xmlns:g="http://base.google.com/ns/1.0">
<id>tag:s.example</id>
<entry><g:id>a</g:id><id>tag:s.example,a</id><title>A</title>
<link rel="self" href="/api/a"/><link href="/a?b=1&amp;c=2"/><g:price>5 EUR</g:price></entry>
<entry><id>b</id><title>B</title><link rel="alternate" href="/b"/></entry>
</feed>"#,
    )
    .expect("reads");
    assert!(warnings.is_empty(), "{warnings:?}");
    let found: Vec<_> = catalogue
        .items()
        .iter()
        .map(|item| (item.id.as_str(), item.texts[0].link.as_str()))
        .collect();
    assert_eq!(found, [("a", "/a?b=1&c=2"), ("b", "/b")]);
}

#[test]
fn warnings_name_the_line() {
    let (_, warnings) = read(
        "<rss>\n<channel>\n<item>\n<id>a</id><title>A</title><link>/a</link><price>1,5</price></item>\n\
         <item><title>no id</title></item></channel></rss>",
    )
    .expect("reads");
    let lines: Vec<_> = warnings
        .iter()
        .map(|(kind, group)| (kind, group.examples[0].line))
        .collect();
    assert_eq!(
        lines,
        [(WarningKind::FeedRow, 5), (WarningKind::FeedField, 3)]
    );
}

#[test]
fn what_cannot_be_read_on_is_an_error_with_its_line() {
    let cases = [
        (
            "<rss>\n<item>\n<id>a</ID>",
            "a.xml:3: cannot read the feed: ",
        ),
        (
            "<rss>\n<item><id>a</id>",
            "a.xml:2: cannot read the feed: expected the feed's last end tag",
        ),
        ("<rss>\n", "a.xml:2: "),
        ("<rss><item><id>a</id", "a.xml:1: "),
        (
            "<!doctype html>\n<html>",
            "a.xml:2: expected a feed in XML that begins with `rss`",
        ),
    ];
    for (text, expected) in cases {
        let error = read(text).expect_err(text).to_string();
        assert!(error.starts_with(expected), "{text}: {error}");
    }
}

#[test]
fn a_product_over_the_limit_is_an_error_and_nothing_is_expanded() {
    let text = format!(
        "<rss><item><id>{}</id></item></rss>",
        "x".repeat(2 * MAX_ROW_BYTES)
    );
    let error = read(&text).expect_err("too long").to_string();
    assert!(error.contains("never closed"), "{error}");
    let bomb = "<!DOCTYPE rss [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>\
        <rss><item><id>x</id><title>&b;</title><link>/x</link></item></rss>";
    let (catalogue, _) = read(bomb).expect("reads");
    assert_eq!(catalogue.items()[0].texts[0].title, "&b;");
}

#[test]
fn an_empty_channel_is_a_warning() {
    let (_, warnings) = read("<rss><channel/></rss>").expect("reads");
    assert_eq!(warnings.count(WarningKind::EmptyFile), 1);
}
