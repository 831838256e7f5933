use super::*;

fn read_all(text: &str) -> (Vec<Event>, LineCounts, Warnings) {
    let mut warnings = Warnings::default();
    let mut events = Vec::new();
    let mut input = text.as_bytes();
    let counts = read(
        &mut input,
        "e.jsonl",
        &mut warnings,
        &mut |_| (),
        |event, _, _| events.push(event),
    );
    (events, counts.expect("no I/O"), warnings)
}

#[test]
fn reads_an_event_in_either_spelling() {
    let (events, counts, warnings) = read_all(concat!(
        "\u{feff}{\"event_name\":\"view_item\",\"event_timestamp\":1790000000000000,\"user_pseudo_id\":\"7\",",
        "\"ga_session_id\":123,\"items\":[{\"item_id\":\"X\",\"quantity\":2}],\"more\":{\"a\":[1]}}\r\n\n",
        "{\"event_name\":\"view_item\",\"event_timestamp\":\"1790000000\",\"user_pseudo_id\":7,",
        "\"ga_session_id\":\"123\",\"items\":[{\"item_id\":\"X\",\"quantity\":\"2\"}]}\n",
        "{\"event_name\":\"page_view\",\"event_timestamp\":1}\n",
    ));
    assert!(warnings.is_empty(), "{warnings:?}");
    assert_eq!(
        counts,
        LineCounts {
            lines: 3,
            events: 2,
            other: 1
        }
    );
    assert_eq!(events[0], events[1]);
    assert_eq!(
        events[0].items,
        [EventItem {
            id: "X".into(),
            quantity: 2.0
        }]
    );
    assert!(events[0].visitor.is_some() && events[0].session.is_some());
}

#[test]
fn damaged_lines_are_warnings() {
    let long = format!("{{\"x\":\"{}\"}}", "x".repeat(MAX_LINE_BYTES));
    let text = [
        "{\"event_name\":\"view_item\"",
        "[]",
        "{\"event_name\":\"search\",\"event_timestamp\":-5}",
        "{\"event_name\":\"search\",\"event_timestamp\":null}",
        &long,
        "\u{0}\u{1}",
        "{\"event_name\":\"search\",\"event_timestamp\":1790000000,\"search_term\":\"r\\u00fcg\"}",
    ]
    .join("\n");
    let (events, counts, warnings) = read_all(&text);
    assert_eq!((counts.lines, counts.events), (7, 1));
    assert_eq!(warnings.count(WarningKind::DamagedEvent), 6);
    assert_eq!(events[0].search_term.as_deref(), Some("rüg"));
    let (_, group) = warnings.iter().next().expect("some");
    assert_eq!(
        group.examples[0].to_string(),
        "e.jsonl:1: expected an event as JSON, found EOF while parsing an object at column 25"
    );
    let (_, _, warnings) = read_all("time,user,item\n");
    let (_, group) = warnings.iter().next().expect("one");
    assert!(group.examples[0].what.ends_with("needs --mapping"));
}

#[test]
fn an_empty_file_is_no_error() {
    assert_eq!(read_all("").1, LineCounts::default());
}

#[test]
fn the_unit_of_a_time_is_told_by_its_magnitude() {
    let expected = Some(1_790_000_000_000_000);
    for time in [1_790_000_000, 1_790_000_000_000, 1_790_000_000_000_000] {
        assert_eq!(microseconds(time), expected);
    }
    assert_eq!(
        (
            microseconds(0),
            microseconds(i64::MAX),
            microseconds(i64::MIN)
        ),
        (None, None, None)
    );
}

#[test]
fn only_the_first_items_are_read() {
    let items = vec!["{\"item_id\":1}"; MAX_EVENT_ITEMS + 1].join(",");
    let line = format!(
        "{{\"event_name\":\"purchase\",\"event_timestamp\":1790000000,\"items\":[{items}]}}"
    );
    assert_eq!(read_all(&line).0[0].items.len(), MAX_EVENT_ITEMS);
}

#[test]
fn reads_the_export_to_bigquery() {
    let (events, counts, warnings) = read_all(concat!(
        "{\"event_date\":\"20260921\",\"event_timestamp\":\"1790000000000000\",\"event_name\":\"purchase\",",
        "\"event_params\":[{\"key\":\"page_title\",\"value\":{\"string_value\":\"L\\u00e4mpchen\",\"int_value\":null}},",
        "{\"key\":\"ga_session_id\",\"value\":{\"string_value\":null,\"int_value\":\"123\"}},",
        "{\"value\":{\"double_value\":1.5},\"key\":\"value\"},{\"key\":\"engaged\",\"value\":null}],",
        "\"user_pseudo_id\":\"7\",\"ecommerce\":{\"transaction_id\":\"T1\"},",
        "\"items\":[{\"item_id\":\"X\",\"quantity\":\"2\",\"item_params\":[]},{\"item_id\":\"(not set)\"},{\"item_id\":null}]}\n",
        "{\"event_name\":\"search\",\"event_timestamp\":\"1790000000000000\",\"event_params\":",
        "[{\"value\":{\"string_value\":\"rug\"},\"key\":\"search_term\"},{\"key\":\"search_term\",\"value\":{\"string_value\":\"no\"}}]}\n",
        "{\"event_name\":\"search\",\"event_timestamp\":1790000000,\"search_term\":4711,\"event_params\":null}\n",
    ));
    assert!(warnings.is_empty(), "{warnings:?}");
    assert_eq!(counts.events, 3);
    let flat = "{\"event_name\":\"purchase\",\"event_timestamp\":1790000000,\"user_pseudo_id\":7,\"ga_session_id\":123}";
    let (flat, _, _) = read_all(flat);
    assert!(flat[0].session.is_some());
    assert_eq!(
        (events[0].visitor, events[0].session),
        (flat[0].visitor, flat[0].session)
    );
    let items: Vec<_> = events[0]
        .items
        .iter()
        .map(|item| (item.id.as_str(), item.quantity))
        .collect();
    assert_eq!(items, [("X", 2.0), ("", 1.0), ("", 1.0)]);
    assert_eq!(events[1].search_term.as_deref(), Some("rug"));
    assert_eq!(events[2].search_term.as_deref(), Some("4711"));
}

#[test]
fn the_line_itself_counts_more_than_its_parameters() {
    let params = "\"event_params\":[{\"key\":\"ga_session_id\",\"value\":{\"int_value\":1}}]";
    let line = |session: &str| {
        let line = format!(
            "{{\"event_name\":\"search\",\"event_timestamp\":1790000000{session},{params}}}"
        );
        read_all(&line).0.remove(0).session
    };
    let alone = line("");
    assert!(alone.is_some());
    assert_eq!(line(",\"ga_session_id\":1"), alone);
    assert_ne!(line(",\"ga_session_id\":2"), alone);
    for damaged in [
        "5",
        "[5]",
        "[{\"key\":5}]",
        "[{\"key\":\"ga_session_id\",\"value\":5}]",
    ] {
        let line = format!(
            "{{\"event_name\":\"search\",\"event_timestamp\":1790000000,\"event_params\":{damaged}}}"
        );
        let (events, _, warnings) = read_all(&line);
        assert_eq!(
            (events.len(), warnings.count(WarningKind::DamagedEvent)),
            (0, 1),
            "{damaged}"
        );
    }
}
