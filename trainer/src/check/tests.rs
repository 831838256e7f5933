use std::fs;
use std::path::{Path, PathBuf};

use tailorbird::site::Locale;
use tempfile::TempDir;

use super::*;
use crate::sessions::{MACHINE_STEPS, MAX_SESSION_STEPS};
use crate::{BuildInputs, Built, build};

/// 2026-09-21, in seconds.
const NOW: i64 = 1_790_000_000;
const HOUR: i64 = 3600;

struct Shop {
    folder: TempDir,
    inputs: CheckInputs,
}

impl Shop {
    fn new(langs: &[&str]) -> Self {
        let locale = |lang: &&str| Locale {
            lang: (*lang).into(),
            currency: "EUR".into(),
            ..Locale::default()
        };
        let site = Site {
            locales: langs.iter().map(locale).collect(),
            ..Site::default()
        };
        let inputs = CheckInputs {
            site,
            now: NOW,
            ..CheckInputs::default()
        };
        let folder = tempfile::tempdir().expect("a folder");
        Self { folder, inputs }
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, text).expect("a file");
        path
    }

    fn feed(mut self, lang: Option<&str>, name: &str, text: &str) -> Self {
        let path = self.file(name, text);
        let lang = lang.map(str::to_owned);
        self.inputs.feeds.push(FeedFile { lang, path });
        self
    }

    fn events(mut self, name: &str, text: &str) -> Self {
        let path = self.file(name, text);
        self.inputs.events.push(path);
        self
    }

    fn check(&self) -> CheckReport {
        check(&self.inputs, &mut |_| ()).expect("checks")
    }
}

fn of<'a>(report: &'a CheckReport, check: &str) -> &'a Finding {
    let mut findings = report.findings.iter();
    findings
        .find(|finding| finding.check == check)
        .unwrap_or_else(|| panic!("no finding {check}"))
}

fn event(name: &str, time: i64, visitor: &str, items: &[&str]) -> String {
    let items: Vec<String> = items
        .iter()
        .map(|id| format!("{{\"item_id\":\"{id}\"}}"))
        .collect();
    let items = items.join(",");
    format!(
        "{{\"event_name\":\"{name}\",\"event_timestamp\":{time},\"user_pseudo_id\":\"{visitor}\",\"items\":[{items}]}}\n"
    )
}

const FEED: &str = "id\ttitle\tlink\tprice\tsale_price\timage_link\tproduct_type\n\
    a\tA\t/a\t9 EUR\t\t/a.jpg\tX\nb\tB\t/b\t9 EUR\t5 EUR\t/b.jpg\tX\nc\tC\t/c\t9 EUR\t\t/c.jpg\tY\n";

fn sound_events() -> String {
    let start = NOW - 20 * 24 * HOUR;
    let mut text = String::new();
    for visit in 0..20 {
        let (time, visitor) = (start + visit * 24 * HOUR, format!("visitor {visit}"));
        text += &event("view_item", time, &visitor, &["a"]);
        text += &event("view_item", time + 60, &visitor, &["b"]);
        text += &event("purchase", time + 120, &visitor, &["b", "c"]);
    }
    text
}

#[test]
fn sound_data_pass() {
    let shop = Shop::new(&["en"])
        .feed(None, "f.tsv", FEED)
        .events("e.jsonl", &sound_events());
    let report = shop.check();
    let odd = report.findings.iter().find(|f| f.verdict != Verdict::Pass);
    assert_eq!(odd, None);
    assert_eq!((report.warnings, report.failed), (0, 0));
    assert_eq!(report.passed as usize, report.findings.len());
    let shown = text(&report);
    assert!(
        shown.ends_with(" passed, 0 warnings, 0 failed\n"),
        "{shown}"
    );
    assert_eq!(of(&report, "views").count, 40);
}

const ODD_FEED: &str = "id\ttitle\tlink\tprice\tsale_price\timage_link\tproduct_type\n\
    a\tA\t/a\t9 EUR\t9 EUR\t/a.jpg\tX\nb\t\t/b\t0 EUR\t\t\t\nc\tC\t/a\t9 USD\t\t/c.jpg\tY\n\
    \tno id\t/x\t9 EUR\t\t/x.jpg\tX\na\tagain\t/a2\t9 EUR\t\t/a.jpg\tX\nd\tD\t/d\t9 EUR\t\t\t\n\
    e\tE\t/e\t9 EUR\t\t/e.jpg\tY\n";

fn odd_events() -> String {
    let mut text = String::from("{\"event_name\":\n");
    text += &event("view_item", NOW - HOUR, "u", &["a"]).repeat(2);
    text += &event("view_item", NOW - HOUR + 5, "u", &["a", "gone", "b"]);
    text += &event("view_item", NOW + 48 * HOUR, "u", &["a"]);
    text += &event("view_item", NOW - 1000 * 24 * HOUR, "old", &["c"]);
    text += &event("add_to_cart", NOW - HOUR, "v", &[]);
    text += &event("view_item", NOW - HOUR, "", &["d"]);
    for view in 0..=MAX_SESSION_STEPS as i64 {
        text += &event("view_item", NOW - 10 * HOUR + 5 * view, "many", &["a"]);
    }
    for view in 0..MACHINE_STEPS as i64 {
        let microseconds = (NOW - 20 * HOUR) * 1_000_000 + view * 900_000;
        text += &event("view_item", microseconds, "fast", &["c"]);
    }
    text
}

#[test]
fn every_fault_is_found_with_its_place() {
    let shop = Shop::new(&["en"])
        .feed(None, "f.tsv", ODD_FEED)
        .events("e.jsonl", &odd_events());
    let report = shop.check();
    let (warn, fail) = (Verdict::Warn, Verdict::Fail);
    let expected = [
        ("feed rows", fail, 1, "f.tsv:5: "),
        ("feed duplicates", warn, 1, "f.tsv:6: "),
        ("titles and links", warn, 1, "f.tsv:3: "),
        ("shared links", warn, 1, "f.tsv:4: "),
        ("prices", warn, 2, "f.tsv:3: expected a price above 0"),
        ("sale prices", warn, 1, "f.tsv:2: "),
        ("feed fields", warn, 2, "f.tsv:3: "),
        ("coverage image_link", warn, 3, ""),
        ("coverage product_type", warn, 3, ""),
        ("event lines", warn, 1, "e.jsonl:1: "),
        (
            "event duplicates",
            warn,
            1,
            "e.jsonl:3: view_item at 2026-09-21T13:13:20Z",
        ),
        ("unknown items", Verdict::Pass, 1, ""),
        ("events without items", Verdict::Pass, 1, ""),
        ("future events", warn, 1, "e.jsonl:5: "),
        ("old events", warn, 1, "e.jsonl:6: "),
        ("order of time", warn, 1, "e.jsonl:6: "),
        ("visitors", Verdict::Pass, 1, ""),
        ("views", Verdict::Pass, 557, ""),
        ("purchases", warn, 0, ""),
        (
            "bot-like sessions",
            fail,
            2,
            "e.jsonl:9: a session of 501 steps in 2500 s",
        ),
        ("single views", Verdict::Pass, 1, ""),
        ("items without events", Verdict::Pass, 1, ""),
    ];
    for (check, verdict, count, example) in expected {
        let finding = of(&report, check);
        assert_eq!(
            (finding.verdict, finding.count),
            (verdict, count),
            "{finding:?}"
        );
        assert_eq!(
            finding.advice.is_empty(),
            verdict == Verdict::Pass,
            "{check}"
        );
        let found = finding.examples.first().map_or("", String::as_str);
        assert!(found.contains(example), "{check}: {found}");
        assert!(found.is_empty() == example.is_empty(), "{check}: {found}");
    }
    let names: Vec<_> = report
        .findings
        .iter()
        .map(|finding| finding.check)
        .collect();
    let is_twice = |name: &&&str| names.iter().filter(|other| other == name).count() > 1;
    assert_eq!(names.iter().find(is_twice), None);
}

#[test]
fn shares_above_their_limits_fail() {
    let mut events = event("page_view", NOW, "u", &[]);
    for at in 0..10 {
        events += &event("add_to_cart", NOW - at, "", &["gone"]);
    }
    let shop = Shop::new(&["en"])
        .feed(None, "f.tsv", FEED)
        .events("e.jsonl", &events);
    let report = shop.check();
    for check in ["unknown items", "visitors", "views"] {
        assert_eq!(of(&report, check).verdict, Verdict::Fail, "{check}");
    }
    assert_eq!(of(&report, "time span").verdict, Verdict::Warn);
    assert_eq!(of(&report, "items without events").verdict, Verdict::Warn);
    assert_eq!(report.failed, 3);
}

#[test]
fn inputs_that_are_empty_or_unreadable_are_findings() {
    let shop = Shop::new(&["en"])
        .feed(None, "f.tsv", "")
        .events("empty.jsonl", "")
        .events("e.jsonl", &sound_events());
    let report = shop.check();
    let inputs = of(&report, "inputs");
    assert_eq!((inputs.verdict, inputs.count), (Verdict::Fail, 1));
    let example = &inputs.examples[0];
    assert!(
        example.ends_with(
            "f.tsv:1: expected a product feed, found an empty file; have it exported again"
        ),
        "{example}"
    );
    assert_eq!(of(&report, "empty inputs").verdict, Verdict::Warn);
    let html = Shop::new(&["en"])
        .feed(None, "f.xml", "<!doctype html>\n<html>")
        .check();
    let example = &of(&html, "inputs").examples[0];
    assert!(
        example.contains("f.xml:2: expected a feed in XML"),
        "{example}"
    );
    let mut missing = Shop::new(&["en"]);
    missing.inputs.events.push("no such file".into());
    assert_eq!(of(&missing.check(), "inputs").verdict, Verdict::Fail);
}

#[test]
fn feed_or_events_may_be_missing() {
    let report = Shop::new(&["en"]).feed(None, "f.tsv", FEED).check();
    assert_eq!(of(&report, "events").verdict, Verdict::Warn);
    let report = Shop::new(&["en"])
        .events("e.jsonl", &sound_events())
        .check();
    assert_eq!(
        (of(&report, "feed").verdict, report.failed),
        (Verdict::Warn, 0)
    );
    assert!(check(&Shop::new(&["en"]).inputs, &mut |_| ()).is_err());
}

fn built(shop: &CheckInputs, folder: &Path, feeds: &[(&str, &str)]) -> Built {
    let feed = |(lang, name): &(&str, &str)| FeedFile {
        lang: Some((*lang).to_owned()),
        path: folder.join(name),
    };
    let inputs = BuildInputs {
        feeds: feeds.iter().map(feed).collect(),
        events: vec![folder.join(EVENTS_FILE)],
        site: shop.site.clone(),
        created: NOW,
        ..BuildInputs::default()
    };
    build(&inputs, &mut |_| ()).expect("builds")
}

#[test]
fn what_is_cleaned_builds_without_warnings() {
    let german = "id;title;link;price\na;A de;/de/a;9 EUR\nd;;/de/d;9 EUR\nf;F;/de/f;9 EUR\nf;F;/de/f;9 EUR\n";
    let mut shop = Shop::new(&["en", "de"])
        .feed(None, "f.tsv", ODD_FEED)
        .feed(Some("de"), "g.csv", german)
        .events("e.jsonl", &odd_events())
        .events("more.jsonl", &sound_events());
    let clean = shop.folder.path().join("clean");
    shop.inputs.clean = Some(clean.clone());
    let cleaned = shop.check().cleaned.expect("cleaned");
    // 501 and 50 of machines, one each: damaged, twice, future, without an item.
    assert_eq!(
        (cleaned.events, cleaned.events_left_out),
        (60 + 4 - 20, 20 + 551 + 3)
    );
    let feeds = [("en", "feed.en.tsv"), ("de", "feed.de.tsv")];
    let built = built(&shop.inputs, &clean, &feeds);
    assert!(
        built.report.warnings.is_empty(),
        "{:?}",
        built.report.warnings
    );
    let mut ids: Vec<_> = built
        .source
        .items
        .iter()
        .map(|item| item.id.as_str())
        .collect();
    ids.sort_unstable();
    assert_eq!(ids, ["a", "c", "d", "e", "f"]);
    let text = fs::read_to_string(clean.join(EVENTS_FILE)).expect("events");
    assert!(
        !text.contains("visitor 1") && !text.contains("\"u\""),
        "{text}"
    );
    // Checked again, nothing is left to clean.
    shop.inputs.events = vec![clean.join(EVENTS_FILE)];
    shop.inputs.clean = Some(clean.join("again"));
    let again = shop.check().cleaned.expect("cleaned");
    assert_eq!((again.events, again.events_left_out), (cleaned.events, 0));
}

#[test]
fn sound_data_are_cleaned_into_the_same_snapshot() {
    let mut shop = Shop::new(&["en"])
        .feed(None, "feed.tsv", FEED)
        .events(EVENTS_FILE, &sound_events());
    let clean = shop.folder.path().join("clean");
    shop.inputs.clean = Some(clean.clone());
    assert_eq!(shop.check().cleaned.expect("cleaned").events_left_out, 0);
    let snapshot = |folder: &Path| {
        let built = built(&shop.inputs, folder, &[("en", "feed.tsv")]);
        tailorbird::snapshot::write(&built.source).expect("writes")
    };
    assert_eq!(snapshot(&clean), snapshot(shop.folder.path()));
}

#[test]
fn nothing_is_cleaned_over_its_source_or_from_a_stream() {
    let mut shop = Shop::new(&["en"]).events(EVENTS_FILE, &sound_events());
    shop.inputs.clean = Some(shop.folder.path().to_owned());
    let error = check(&shop.inputs, &mut |_| ()).expect_err("over its source");
    assert!(
        error.to_string().contains("is one of the inputs"),
        "{error}"
    );
    shop.inputs.clean = Some(shop.folder.path().join("clean"));
    shop.inputs.events = vec!["-".into()];
    let error = check(&shop.inputs, &mut |_| ()).expect_err("a stream");
    assert!(error.to_string().contains("reads them twice"), "{error}");
}

#[test]
fn the_report_for_people_is_aligned() {
    let finding = |check, verdict, examples: &[&str], advice| Finding {
        check,
        verdict,
        count: 1,
        of: 2,
        share: 0.5,
        what: "1 of 2 things".into(),
        examples: examples.iter().map(|text| (*text).to_owned()).collect(),
        advice,
    };
    let report = CheckReport {
        format: FORMAT,
        passed: 12,
        warnings: 1,
        failed: 0,
        findings: vec![
            finding("rows", Verdict::Pass, &[], ""),
            finding("longer", Verdict::Warn, &["f:1: odd"], "mend it"),
        ],
        cleaned: None,
    };
    let expected = "PASS  rows    1 of 2 things\nWARN  longer  1 of 2 things\n        f:1: odd\n        -> mend it\n\n\
        12 passed, 1 warning, 0 failed\n";
    assert_eq!(text(&report), expected);
}

#[test]
fn a_mapping_describes_the_items_it_can() {
    let mapping = "[event]\nuser = \"{who}\"\nitem = \"{sku}\"\ntime = \"{t}\"\ntime_format = \"unix\"\n\
        emit = [{ event = \"view_item\" }]\n[[rule]]\ncolumn = \"what\"\nequals = [\"back\"]\n\
        then = \"remove_from_cart\"\n[feed]\ntitle = \"{name}\"\nlink = \"/p/{item}\"\ncurrency = \"EUR\"\n";
    let log = "who,sku,t,what,name\nu,x,1789990000,back,\nu,a,1789990000,,A\nu,b,1789990060,,\n";
    let mut shop = Shop::new(&["en"]).events("log.csv", log);
    shop.inputs.mapping = Some(Mapping::parse(mapping, "m.toml").expect("a mapping"));
    shop.inputs.clean = Some(shop.folder.path().join("clean"));
    let report = shop.check();
    let titles = of(&report, "titles and links");
    assert_eq!((titles.count, titles.of), (1, 2));
    assert!(
        titles.examples[0].starts_with("the mapping's [feed]:3: "),
        "{titles:?}"
    );
    let cleaned = report.cleaned.expect("cleaned");
    assert_eq!((cleaned.events, cleaned.feed_rows), (1, 1));
}
