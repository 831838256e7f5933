//! From files to the source of a snapshot.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use tailorbird::site::{Locale, Site};
use tailorbird::snapshot::{Snapshot, write};
use tailorbird_trainer::events::MAX_EVENT_ITEMS;
use tailorbird_trainer::feed::MAX_ITEMS;
use tailorbird_trainer::import::{self, Mapping};
use tailorbird_trainer::{BuildInputs, Built, FeedFile, Stage, TrainError, WarningKind, build};

const GERMAN: &str = "id\ttitle\tlink\tprice\na\tLampe\t/de/a\t10 EUR\nb\tTeppich\t/de/b\t20 EUR\nc\tStuhl\t/de/c\t\n";
const ENGLISH: &str = "id\ttitle\tlink\tprice\nb\tRug\t/en/b\t22 USD\nd\tTable\t/en/d\t9 USD\n";

/// A folder of its own for each test, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let path =
            std::env::temp_dir().join(format!("tailorbird-trainer-{}-{test}", std::process::id()));
        fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, text).expect("a file");
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn locale(lang: &str, currency: &str) -> Locale {
    Locale {
        lang: lang.into(),
        currency: currency.into(),
        ..Locale::default()
    }
}

fn feed(lang: Option<&str>, path: &Path) -> FeedFile {
    FeedFile {
        lang: lang.map(str::to_owned),
        path: path.to_owned(),
    }
}

fn inputs(feeds: Vec<FeedFile>, events: Vec<PathBuf>) -> BuildInputs {
    let locales = vec![locale("de", "EUR"), locale("en", "USD")];
    let site = Site {
        shop: "Shop".into(),
        locales,
        ..Site::default()
    };
    BuildInputs {
        feeds,
        events,
        site,
        sequence: 7,
        created: 1_790_000_000,
        expires: 0,
        ..BuildInputs::default()
    }
}

fn run(inputs: &BuildInputs) -> Result<Built, TrainError> {
    build(inputs, &mut |_| ())
}

fn event(name: &str, user: &str, second: u64, item: &str) -> String {
    format!(
        "{{\"event_name\":\"{name}\",\"event_timestamp\":{},\"user_pseudo_id\":\"{user}\",\
         \"items\":[{{\"item_id\":\"{item}\"}}]}}\n",
        1_789_900_000 + second
    )
}

#[test]
fn two_locales_and_interleaved_visitors() {
    let folder = Folder::new("two");
    // The second locale's feed comes first: the site's order decides, not the command line's.
    let feeds = vec![
        feed(Some("en"), &folder.file("en.tsv", ENGLISH)),
        feed(Some("de"), &folder.file("de.tsv", GERMAN)),
    ];
    let events = [
        event("view_item", "u", 0, "c"),
        event("view_item", "v", 1, "c"),
        event("view_item", "u", 2, "b"),
        event("purchase", "v", 3, "c"),
        event("view_item_list", "v", 4, "a"),
        event("view_item", "u", 5, "gone"),
        event("page_view", "u", 6, "c"),
        "{damaged\n".to_owned(),
        event("view_item", "u", 90_000_000, "a"),
    ];
    let inputs = inputs(feeds, vec![folder.file("e.jsonl", &events.concat())]);
    let mut stages = Vec::new();
    let built = build(&inputs, &mut |progress| stages.push(progress.stage)).expect("builds");
    stages.dedup();
    assert_eq!(
        stages,
        [
            Stage::Feed,
            Stage::Events,
            Stage::Sessions,
            Stage::Neighbours
        ]
    );
    let (source, report) = (built.source, built.report);
    let ids: Vec<&str> = source.items.iter().map(|item| item.id.as_str()).collect();
    assert_eq!(ids, ["c", "b", "a", "d"]);
    assert_eq!(source.items[1].texts[0].title, "Teppich");
    assert_eq!(
        (
            source.items[1].texts[1].title.as_str(),
            source.items[1].texts[1].price
        ),
        ("Rug", Some(2200))
    );
    assert_eq!(
        (
            source.items[3].texts[0].title.as_str(),
            source.items[3].texts[1].link.as_str()
        ),
        ("", "/en/d")
    );
    assert_eq!(
        source.viewed_together[0]
            .iter()
            .map(|n| n.item)
            .collect::<Vec<_>>(),
        [1]
    );
    assert_eq!(
        (
            source.meta.sequence,
            source.meta.events,
            source.meta.sessions
        ),
        (7, 4, 2)
    );
    assert_eq!(
        (report.event_lines, report.events, report.other_events),
        (9, 4, 1)
    );
    for kind in [
        WarningKind::DamagedEvent,
        WarningKind::UnknownItem,
        WarningKind::FutureEvent,
    ] {
        assert_eq!(report.warnings.count(kind), 1, "{kind}");
    }
}

#[test]
fn a_shop_without_events_gets_a_cold_snapshot() {
    let folder = Folder::new("cold");
    let feeds = vec![feed(None, &folder.file("f.tsv", GERMAN))];
    let built = run(&inputs(feeds, vec![folder.file("empty.jsonl", "")])).expect("builds");
    assert_eq!(built.source.popularity, [0.0; 3]);
    assert!(built.source.viewed_together.iter().all(Vec::is_empty));
    assert_eq!(built.source.items[0].id, "a");
    assert_eq!(built.report.warnings.count(WarningKind::EmptyFile), 1);
}

const VIEWS: &str = r#"{"event_name":"view_item","event_timestamp":1700000000,"user_pseudo_id":"u","items":[{"item_id":"a"}]}
{"event_name":"view_item","event_timestamp":1700000060,"user_pseudo_id":"u","items":[{"item_id":"b"}]}
{"event_name":"view_item","event_timestamp":1700000120,"user_pseudo_id":"u","items":[{"item_id":""}]}
"#;

#[test]
fn events_without_a_feed_make_a_snapshot_of_ids() {
    let folder = Folder::new("no-feed");
    let built = run(&inputs(vec![], vec![folder.file("e.jsonl", VIEWS)])).expect("builds");
    let report = &built.report;
    assert_eq!(
        (report.items, report.described_items, report.events),
        (2, 0, 2)
    );
    assert_eq!(report.warnings.count(WarningKind::UnknownItem), 1);
    let bytes = write(&built.source).expect("writes");
    Snapshot::open(bytes)
        .expect("opens")
        .verify()
        .expect("verifies");
    let ids: Vec<_> = built
        .source
        .items
        .iter()
        .map(|item| item.id.as_str())
        .collect();
    assert_eq!(ids, ["b", "a"]);
    assert_eq!(built.source.viewed_together[0].len(), 1);
}

const MAPPING: &str = r#"
[event]
user = "{who}"
session = "{basket}"
item = "{sku}"
time = "{day}"
time_format = "%Y-%m-%d"
emit = [{ event = "view_item" }, { event = "purchase", per = "session" }]
[[rule]]
column = "sku"
equals = ["POST"]
then = "skip"
[feed]
title = "{name}"
link = "/p/{item}"
currency = "EUR"
price = "{price}"
"#;
const LOG: &str = "who,basket,sku,day,name,price\n1,7,a,2023-11-01,Lamp,5\n1,7,b,2023-11-01,Rug,6\n\
    1,7,POST,2023-11-01,Post,6\n2,8,b,2023-11-02,Rug,dear\n2,8,b,2023-11-02,Rug,6\n";

#[test]
fn a_log_read_by_its_mapping_is_as_good_as_imported() {
    let folder = Folder::new("mapping");
    let mapping = Mapping::parse(MAPPING, "m.toml").expect("a mapping");
    let (mut events, mut products) = (Vec::new(), Vec::new());
    let log = LOG.as_bytes();
    import::run(
        &mapping,
        "log",
        log,
        &mut events,
        &mut products,
        &mut |_| (),
    )
    .expect("imports");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    let feeds = vec![feed(None, &folder.file("f.tsv", &text(products)))];
    let events = vec![folder.file("e.jsonl", &text(events))];
    let imported = run(&inputs(feeds.clone(), events)).expect("builds");
    let log = vec![folder.file("log.csv", LOG)];
    for feeds in [feeds, vec![]] {
        let mut direct = inputs(feeds, log.clone());
        direct.mapping = Some(mapping.clone());
        let direct = run(&direct).expect("builds");
        assert_eq!(write(&direct.source), write(&imported.source));
        assert_eq!((direct.report.events, direct.report.event_lines), (5, 5));
        assert_eq!(direct.report.warnings.count(WarningKind::ImportLine), 1);
        assert_eq!(direct.report.described_items, 2);
    }
    let mut wrong = inputs(vec![], vec![folder.file("other.csv", "a,b\n1,2\n")]);
    wrong.mapping = Some(mapping);
    let error = run(&wrong).expect_err("no such column").to_string();
    assert!(
        error.contains("expected a column of the log (a, b)"),
        "{error}"
    );
}

#[test]
fn several_files_are_one_feed() {
    let folder = Folder::new("several");
    let more = "id,title,link,price\nd,Tisch,/de/d,7 EUR\na,wieder,/de/a,7 EUR\n";
    let feeds = vec![
        feed(None, &folder.file("1.tsv", GERMAN)),
        feed(Some("DE"), &folder.file("2.csv", more)),
    ];
    let built = run(&inputs(feeds, vec![])).expect("builds");
    assert_eq!((built.report.items, built.report.feed_rows), (4, 5));
    assert_eq!(built.report.warnings.count(WarningKind::DuplicateId), 1);
}

#[test]
fn errors_say_what_to_do() {
    let folder = Folder::new("errors");
    let path = folder.file("f.tsv", GERMAN);
    let error = |inputs: &BuildInputs| run(inputs).expect_err("must fail").to_string();
    let none = inputs(vec![], vec![]);
    assert!(error(&none).contains("expected product feeds or events, found neither"));
    let empty = inputs(vec![], vec![folder.file("empty.jsonl", "\n")]);
    assert!(error(&empty).contains("at least one item"));
    let empty = inputs(vec![feed(None, &folder.file("empty.tsv", ""))], vec![]);
    assert!(error(&empty).contains("empty.tsv: expected a product feed, found an empty file"));
    let other = inputs(vec![feed(Some("fr"), &path)], vec![]);
    assert!(
        error(&other).ends_with("f.tsv: expected a language of site.toml (de, en), found `fr`")
    );
    let missing = inputs(vec![feed(None, &folder.0.join("no.tsv"))], vec![]);
    assert!(error(&missing).contains("no.tsv: cannot read the feed"));
    let missing = inputs(vec![feed(None, &path)], vec![folder.0.join("no.jsonl")]);
    assert!(error(&missing).contains("no.jsonl: cannot read events"));
    let mut no_locale = inputs(vec![feed(None, &path)], vec![]);
    no_locale.site.locales.clear();
    assert!(error(&no_locale).contains("at least one locale"));
}

#[test]
fn compression_is_told_by_content_not_by_name() {
    let folder = Folder::new("packed");
    let write = |name: &str, bytes: Vec<u8>| {
        let path = folder.0.join(name);
        fs::write(&path, bytes).expect("a file");
        path
    };
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(GERMAN.as_bytes()).expect("to memory");
    let feed_path = write("feed.xml", gzip.finish().expect("to memory"));
    // Two frames, as files that were put together.
    let lines: Vec<&str> = VIEWS.split_inclusive('\n').collect();
    let frame = |lines: &[&str]| zstd::encode_all(lines.concat().as_bytes(), 1).expect("packs");
    let events = [frame(&lines[..1]), frame(&lines[1..])].concat();
    let events = write("events.gz", events);
    let built = run(&inputs(vec![feed(None, &feed_path)], vec![events])).expect("builds");
    assert_eq!((built.report.items, built.report.events), (3, 2));
}

#[test]
fn too_many_ids_without_a_feed_are_an_error() {
    let folder = Folder::new("many");
    let mut text = String::new();
    for start in (0..=MAX_ITEMS).step_by(MAX_EVENT_ITEMS) {
        let ids = start..start + MAX_EVENT_ITEMS;
        let items: Vec<String> = ids.map(|id| format!("{{\"item_id\":{id}}}")).collect();
        let items = items.join(",");
        text += &format!(
            "{{\"event_name\":\"purchase\",\"event_timestamp\":1700000000,\"items\":[{items}]}}\n"
        );
    }
    let many = inputs(vec![], vec![folder.file("e.jsonl", &text)]);
    let error = run(&many).expect_err("too many").to_string();
    let expected = "expected at most 1048576 different items in all events; give a --feed";
    assert!(error.contains(expected), "{error}");
}
