//! Who may like a product, on generated visitors whose tastes are known.

use std::fs;
use std::path::PathBuf;

use tailorbird::site::{Locale, Site};
use tailorbird::snapshot::{Snapshot, write};
use tailorbird_trainer::audience::{Audience, AudienceError, AudienceInputs, audience};
use tailorbird_trainer::{BuildInputs, FeedFile, build};

const DAY: u64 = 86_400;
const START: u64 = 1_789_000_000;

/// 30 products: lamps of Ulme, dear; rugs of Ufer; bags of both. `n` is a new lamp that nobody saw.
fn feed() -> String {
    let mut text = "id,title,link,price,brand,product_type\n".to_owned();
    for at in 0..30 {
        let (kind, brand, price) = match at / 10 {
            0 => ("Home > Lamps", "Ulme", 90 + at),
            1 => ("Home > Rugs", "Ufer", 20 + at),
            _ => ("Bags", ["Ulme", "Ufer"][at % 2], at),
        };
        let title = kind.rsplit(' ').next().unwrap_or_default();
        text += &format!("i{at},{title} {at},/i{at},{price} EUR,{brand},{kind}\n");
    }
    text + "n,Lamps new,/n,95 EUR,Ulme,Home > Lamps\n"
}

fn event(name: &str, user: &str, second: u64, item: &str) -> String {
    format!(
        "{{\"event_name\":\"{name}\",\"event_timestamp\":{},\"user_pseudo_id\":\"{user}\",\
         \"items\":[{{\"item_id\":\"{item}\"}}]}}\n",
        START + second
    )
}

/// Twenty visitors of each kind, who look at ten things of it and at one of another kind.
fn log() -> String {
    let mut text = String::new();
    for (kind, name) in ["lamp", "rug", "bag"].iter().enumerate() {
        for user in 0..20 {
            let id = format!("{name}-{user}");
            for step in 0..10 {
                let item = format!("i{}", kind * 10 + (user * 3 + step) % 10);
                text += &event("view_item", &id, (user * 600 + step * 30) as u64, &item);
            }
            let other = format!("i{}", (kind + 1) % 3 * 10);
            text += &event("view_item", &id, (user * 600 + 500) as u64, &other);
        }
    }
    text
}

struct Files {
    folder: tempfile::TempDir,
    snapshot: Snapshot,
}

fn files(events: &str) -> Files {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    fs::write(path("f.csv"), feed()).expect("a file");
    fs::write(path("e.jsonl"), events).expect("a file");
    let locale = Locale {
        lang: "en".into(),
        currency: "EUR".into(),
        ..Locale::default()
    };
    let inputs = BuildInputs {
        feeds: vec![FeedFile {
            lang: None,
            path: path("f.csv"),
        }],
        site: Site {
            locales: vec![locale],
            ..Site::default()
        },
        ..BuildInputs::default()
    };
    let built = build(&inputs, &mut |_| ()).expect("builds");
    let snapshot = Snapshot::open(write(&built.source).expect("writes")).expect("opens");
    Files { folder, snapshot }
}

impl Files {
    fn ask(&self, item: &str, top: usize, plain_ids: bool) -> Result<Audience, AudienceError> {
        let events: Vec<PathBuf> = vec![self.folder.path().join("e.jsonl")];
        let inputs = AudienceInputs {
            snapshot: &self.snapshot,
            item,
            events: &events,
            mapping: None,
            top,
            plain_ids,
        };
        audience(&inputs, &mut |_| ())
    }

    fn names(&self, item: &str, top: usize) -> Vec<String> {
        let found = self.ask(item, top, true).expect("ranks");
        found.visitors.into_iter().map(|of| of.visitor).collect()
    }
}

#[test]
fn who_looks_at_its_like_comes_first() {
    let files = files(&log());
    for (item, kind) in [("n", "lamp-"), ("i12", "rug-"), ("i25", "bag-")] {
        let names = files.names(item, 20);
        assert_eq!(names.len(), 20);
        assert!(
            names.iter().all(|name| name.starts_with(kind)),
            "{item}: {names:?}"
        );
    }
    let found = files.ask("n", 1000, false).expect("ranks");
    assert_eq!((found.seen, found.bought, found.machines), (60, 0, 0));
    assert_eq!(found.visitors.len() as u64 + found.indifferent, 60);
    assert!(found.visitors.is_sorted_by(|a, b| a.score >= b.score));
    let first = &found.visitors[0];
    let [category, brand, price, similar] = first.affinities;
    assert!(
        category > 0.5 && brand > 0.5 && price > 0.1 && similar > 0.1,
        "{first:?}"
    );
    assert!(
        first
            .affinities
            .iter()
            .all(|share| (0.0..=1.0).contains(share))
    );
    assert_eq!(first.events, 11);
    assert!(
        first.visitor.len() == 16 && !first.visitor.contains("lamp"),
        "a pseudonym"
    );
    assert_eq!(
        found,
        files.ask("n", 1000, false).expect("ranks"),
        "the same again"
    );
}

#[test]
fn taste_wears_off_a_little_says_little_and_owners_have_it() {
    let mut log = String::new();
    for step in 0..5 {
        log += &event("view_item", "long ago", step, "i1");
        log += &event("view_item", "lately", 60 * DAY + step, "i2");
        log += &event("purchase", "buyer", 60 * DAY + step, "i2");
        log += &event("purchase", "owner", 60 * DAY + step, "n");
        log += &event("view_item_list", "shown", 60 * DAY + step, "n");
        log += &event("view_item", "other", 60 * DAY + step, "i29");
    }
    log += &event("view_item", "once", 60 * DAY, "i2");
    log += "{damaged\n";
    let files = files(&log);
    let names = files.names("n", 10);
    assert_eq!(
        names[..3],
        ["buyer", "lately", "long ago"].map(String::from),
        "{names:?}"
    );
    assert!(names.contains(&"once".to_owned()) && !names.contains(&"owner".to_owned()));
    let found = files.ask("n", 1, false).expect("ranks");
    assert_eq!((found.visitors.len(), found.bought), (1, 1));
    assert_eq!(found.warnings.iter().count(), 1);
}

#[test]
fn what_cannot_be_asked_is_an_error() {
    let files = files("");
    let error = files.ask("gone", 1, false).expect_err("no such item");
    assert!(error.to_string().contains("found `gone`"), "{error}");
    assert!(
        files
            .ask("n", 1, false)
            .expect("nobody")
            .visitors
            .is_empty()
    );
    let inputs = AudienceInputs {
        snapshot: &files.snapshot,
        item: "n",
        events: &[PathBuf::from("-")],
        mapping: None,
        top: 1,
        plain_ids: true,
    };
    let error = audience(&inputs, &mut |_| ()).expect_err("once only");
    assert!(matches!(error, AudienceError::NoPlainIds), "{error}");
}
