//! A real log, imported by its mapping: a snapshot of all but its last two weeks, and these.
#![allow(dead_code, reason = "each test crate uses a part of it")]

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File};
use std::io::{BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use tailorbird::site::{Locale, Site};
use tailorbird::snapshot::{Snapshot, write};
use tailorbird_trainer::events::{self, EventName};
use tailorbird_trainer::import::{self, Mapping};
use tailorbird_trainer::{BuildInputs, FeedFile, Warnings, build};

const TEST_DAYS: i64 = 14;
const MICROSECONDS_A_DAY: i64 = 86_400_000_000;

/// A folder of its own for each run, removed at the end.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path =
            std::env::temp_dir().join(format!("tailorbird-models-{}-{number}", std::process::id()));
        fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    pub fn create(&self, name: &str) -> BufWriter<File> {
        BufWriter::new(File::create(self.0.join(name)).expect("a file"))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A snapshot of all but the last two weeks, and what happened in these: views in order and different
/// purchases of each session, by index.
pub struct Split {
    pub snapshot: Snapshot,
    pub views: Vec<Vec<u32>>,
    pub baskets: Vec<Vec<u32>>,
}

pub fn snapshot_of(feed: PathBuf, events: Vec<PathBuf>, currency: &str) -> Snapshot {
    let locale = Locale {
        lang: "en".into(),
        currency: currency.into(),
        ..Locale::default()
    };
    let inputs = BuildInputs {
        feeds: vec![FeedFile {
            lang: None,
            path: feed,
        }],
        events,
        site: Site {
            locales: vec![locale],
            ..Site::default()
        },
        created: 1_790_000_000,
        ..BuildInputs::default()
    };
    let built = build(&inputs, &mut |_| ()).expect("builds");
    let snapshot = Snapshot::open(write(&built.source).expect("writes")).expect("opens");
    snapshot.verify().expect("sound");
    snapshot
}

/// Imports a log by its mapping and splits it.
pub fn split(log: &str, mapping: &str, currency: &str) -> Option<Split> {
    split_with(log, mapping, currency, |feed| feed)
}

/// The same, with something done to the feed.
pub fn split_with(
    log: &str,
    mapping: &str,
    currency: &str,
    edit: impl Fn(String) -> String,
) -> Option<Split> {
    let data = std::env::var_os("TAILORBIRD_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"),
        PathBuf::from,
    );
    let Ok(input) = File::open(data.join(log)) else {
        println!("skipped: {log} is missing; set TAILORBIRD_DATA");
        return None;
    };
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/imports");
    let text = fs::read_to_string(examples.join(mapping)).expect("the mapping");
    let rules = Mapping::parse(&text, mapping).expect("a mapping");
    let folder = Folder::new();
    let mut lines = Vec::new();
    let feed = folder.create("feed.tsv");
    import::run(
        &rules,
        log,
        BufReader::new(input),
        &mut lines,
        feed,
        &mut |_| (),
    )
    .expect("imports");
    let mut all = Vec::new();
    let mut input = &lines[..];
    events::read(
        &mut input,
        log,
        &mut Warnings::default(),
        &mut |_| (),
        |event, _, _| {
            all.push(event);
        },
    )
    .expect("in memory");
    let newest = all.iter().map(|event| event.time).max().expect("events");
    let from = newest - TEST_DAYS * MICROSECONDS_A_DAY;
    let mut train = folder.create("events.jsonl");
    let mut texts = lines.split(|&byte| byte == b'\n');
    for event in &all {
        let line = texts.next().expect("a line for each event");
        if event.time < from {
            train
                .write_all(line)
                .and_then(|()| train.write_all(b"\n"))
                .expect("a line");
        }
    }
    train.flush().expect("the events");
    let path = |name: &str| folder.0.join(name);
    let feed = fs::read_to_string(path("feed.tsv")).expect("the feed");
    fs::write(path("feed.tsv"), edit(feed)).expect("the feed");
    let snapshot = snapshot_of(path("feed.tsv"), vec![path("events.jsonl")], currency);
    let index_of: HashMap<String, u32> = (0..snapshot.len() as u32)
        .map(|item| (snapshot.id(item).expect("an id").to_owned(), item))
        .collect();
    let mut sessions: BTreeMap<u64, (Vec<u32>, Vec<u32>)> = BTreeMap::new();
    all.sort_by_key(|event| event.time);
    for event in all.iter().filter(|event| event.time >= from) {
        let (views, bought) = sessions.entry(event.session.unwrap_or(0)).or_default();
        for item in event.items.iter().filter_map(|item| index_of.get(&item.id)) {
            match event.name {
                EventName::ViewItem if views.last() != Some(item) => views.push(*item),
                EventName::Purchase if !bought.contains(item) => bought.push(*item),
                _ => {}
            }
        }
    }
    let (views, baskets) = sessions.into_values().unzip();
    Some(Split {
        snapshot,
        views,
        baskets,
    })
}
