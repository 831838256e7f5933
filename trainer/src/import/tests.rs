use super::*;

const MAPPING: &str = r#"
[event]
user = "{who}"
session = "{basket}"
item = "{sku}"
item_case = "upper"
quantity = "{amount}"
time = "{day}"
time_format = "%d.%m.%Y"
order = "{click}"
emit = [{ event = "view_item" }, { event = "purchase", per = "session" }]

[[rule]]
column = "basket"
starts_with = ["C"]
then = "remove_from_cart"

[[rule]]
column = "amount"
below = 1
then = "skip"

[values.hue]
1 = "beige"

[feed]
title = "{name}"
link = "/p/{item}"
currency = "GBP"
price = "{price}"
color = "{hue}"
"#;

const HEADER: &str = "who,basket,sku,amount,day,click,name,price,hue\n";

fn import(lines: &[u8]) -> (String, String, ImportReport) {
    let mapping = Mapping::parse(MAPPING, "m.toml").expect("a mapping");
    let log = [HEADER.as_bytes(), lines].concat();
    let (mut events, mut feed) = (Vec::new(), Vec::new());
    let report = run(
        &mapping,
        "log.csv",
        &log[..],
        &mut events,
        &mut feed,
        &mut |_| (),
    )
    .expect("imports");
    (
        String::from_utf8(events).expect("UTF-8"),
        String::from_utf8(feed).expect("UTF-8"),
        report,
    )
}

#[test]
fn writes_events_and_feed() {
    let (events, feed, report) = import(
        b"7,1,a,2,01.04.2008,1,Old name,1.00,1\n\
          7,1,b c,1,01.04.2008,2,\"Voucher \xa340, small\",2.5,2\n\
          ,2,a,1,01.04.2008,1,New name,,\n\
          7,C1,a,-2,02.04.2008,1,x,9,1\n\
          7,3,a,0,02.04.2008,1,x,9,1\n",
    );
    let expected = r#"
{"event_name":"view_item","event_timestamp":1207008001000000,"user_pseudo_id":"7","ga_session_id":"1","items":[{"item_id":"A","quantity":2}]}
{"event_name":"view_item","event_timestamp":1207008002000000,"user_pseudo_id":"7","ga_session_id":"1","items":[{"item_id":"B C","quantity":1}]}
{"event_name":"purchase","event_timestamp":1207008001000000,"user_pseudo_id":"7","ga_session_id":"1","items":[{"item_id":"A","quantity":2},{"item_id":"B C","quantity":1}]}
{"event_name":"view_item","event_timestamp":1207008001000000,"ga_session_id":"2","items":[{"item_id":"A","quantity":1}]}
{"event_name":"purchase","event_timestamp":1207008001000000,"ga_session_id":"2","items":[{"item_id":"A","quantity":1}]}
{"event_name":"remove_from_cart","event_timestamp":1207094401000000,"user_pseudo_id":"7","ga_session_id":"C1","items":[{"item_id":"A","quantity":2}]}
"#;
    assert_eq!(events, expected.trim_start());
    let expected = "id\ttitle\tlink\timage_link\tavailability\tproduct_type\tbrand\tcolor\tprice\n\
        A\tNew name\t/p/A\t\tin_stock\t\t\tbeige\t1.00 GBP\n\
        B C\tVoucher £40, small\t/p/B%20C\t\tin_stock\t\t\t2\t2.50 GBP\n";
    assert_eq!(feed, expected);
    assert_eq!(
        (report.lines, report.skipped, report.events, report.items),
        (5, 1, 6, 2)
    );
    assert!(report.warnings.is_empty(), "{report:?}");
}

#[test]
fn lines_that_do_not_fit_are_counted() {
    let (events, _, report) = import(
        b"7,1,,2,01.04.2008,1,N,1,1\n\
          7,1,a,two,01.04.2008,1,N,1,1\n\
          7,1,a,2,2008-04-01,1,N,1,1\n\
          7,1,a,2,01.04.2008,1,N,-1,1\n\
          7,1\n",
    );
    assert_eq!(events, "");
    let (_, group) = report.warnings.iter().next().expect("some");
    assert_eq!(group.count, 5);
    let expected = "log.csv:4: expected a time as by event.time_format, found \"2008-04-01\"";
    assert_eq!(group.examples[2].to_string(), expected);
}

#[test]
fn a_log_without_a_column_is_an_error() {
    let mapping = Mapping::parse(MAPPING, "m.toml").expect("a mapping");
    let error = run(
        &mapping,
        "log.csv",
        &b"who,basket\n"[..],
        Vec::new(),
        Vec::new(),
        &mut |_| (),
    );
    let text = error.expect_err("columns are missing").to_string();
    assert!(text.starts_with("m.toml: "), "{text}");
    assert!(
        text.contains("expected a column of the log (who, basket), found "),
        "{text}"
    );
}

#[test]
fn what_is_written_can_be_read() {
    let (events, feed, _) = import(b"7,1,\"a \"\"q\"\"\",2,01.04.2008,1,\"Tab\there\",1.00,1\n");
    let mut catalogue = crate::feed::Catalogue::new(1);
    let mut warnings = Warnings::default();
    let name = crate::feed::FeedName {
        file: "f",
        locale: 0,
        currency: "GBP",
    };
    catalogue
        .read(name, feed.as_bytes(), &mut warnings, &mut |_| ())
        .expect("a feed");
    assert_eq!(catalogue.items()[0].texts[0].title, "Tab\there");
    let mut known = 0;
    let each = |event: crate::events::Event, _: u64, _: &mut Warnings| {
        known += event
            .items
            .iter()
            .filter(|item| catalogue.position(&item.id).is_some())
            .count();
    };
    crate::events::read(
        &mut events.as_bytes(),
        "e",
        &mut warnings,
        &mut |_| (),
        each,
    )
    .expect("events");
    assert_eq!((known, warnings.is_empty()), (2, true));
}
