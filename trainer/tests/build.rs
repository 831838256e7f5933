//! From files to the source of a snapshot.

use std::fs;
use std::path::{Path, PathBuf};

use tailorbird::site::{Locale, Site};
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
}

#[test]
fn errors_say_what_to_do() {
    let folder = Folder::new("errors");
    let path = folder.file("f.tsv", GERMAN);
    let error = |inputs: &BuildInputs| run(inputs).expect_err("must fail").to_string();
    let none = inputs(vec![], vec![]);
    assert!(error(&none).contains("at least one product feed"));
    let other = inputs(vec![feed(Some("fr"), &path)], vec![]);
    assert!(
        error(&other).ends_with("f.tsv: expected a language of site.toml (de, en), found `fr`")
    );
    let twice = inputs(vec![feed(None, &path), feed(Some("DE"), &path)], vec![]);
    assert!(error(&twice).contains("a second one for `DE`"));
    let missing = inputs(vec![feed(None, &folder.0.join("no.tsv"))], vec![]);
    assert!(error(&missing).contains("no.tsv: cannot read the feed"));
    let missing = inputs(vec![feed(None, &path)], vec![folder.0.join("no.jsonl")]);
    assert!(error(&missing).contains("no.jsonl: cannot read events"));
    let mut no_locale = inputs(vec![feed(None, &path)], vec![]);
    no_locale.site.locales.clear();
    assert!(error(&no_locale).contains("at least one locale"));
}
