//! Imports and builds public research data. They are not part of the project: without them these
//! tests say so and pass.

use std::fs::{self, File};
use std::io::{BufReader, BufWriter};
use std::path::{Path, PathBuf};

use tailorbird::site::{Locale, Site};
use tailorbird::snapshot::MAX_NEIGHBOURS;
use tailorbird_trainer::import::{self, ImportReport, Mapping};
use tailorbird_trainer::{BuildInputs, Built, FeedFile, build};

/// Where the data are: `TAILORBIRD_DATA`, or `shared/data` beside the repository.
fn data(path: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("TAILORBIRD_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"),
        PathBuf::from,
    );
    let file = folder.join(path);
    if file.exists() {
        return Some(file);
    }
    println!(
        "skipped: {} is missing; set TAILORBIRD_DATA to the folder of the data",
        file.display()
    );
    None
}

fn import_and_build(log: &Path, mapping: &str, currency: &str) -> (ImportReport, Built) {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/imports");
    let text = fs::read_to_string(examples.join(mapping)).expect("the mapping");
    let rules = Mapping::parse(&text, mapping).expect("a mapping");
    let folder =
        std::env::temp_dir().join(format!("tailorbird-real-{}-{currency}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let (events, feed) = (folder.join("events.jsonl"), folder.join("feed.tsv"));
    let create = |path: &Path| BufWriter::new(File::create(path).expect("a file"));
    let input = BufReader::new(File::open(log).expect("the log"));
    let name = log.display().to_string();
    let imported = import::run(
        &rules,
        &name,
        input,
        create(&events),
        create(&feed),
        &mut |_| (),
    )
    .expect("imports");
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
        events: vec![events],
        site: Site {
            locales: vec![locale],
            ..Site::default()
        },
        sequence: 1,
        created: 1_790_000_000,
        ..BuildInputs::default()
    };
    let built = build(&inputs, &mut |_| ()).expect("builds");
    // Once is enough for the larger one: this is the slow part of the test.
    if built.source.items.len() < 1000 {
        let again = build(&inputs, &mut |_| ()).expect("builds");
        assert_eq!(built.source.viewed_together, again.source.viewed_together);
        assert_eq!(built.source.popularity, again.source.popularity);
    }
    fs::remove_dir_all(&folder).expect("an own folder");
    check(&built);
    println!("{imported:?}\n{:?}", built.report);
    (imported, built)
}

/// What holds for every source.
fn check(built: &Built) {
    let source = &built.source;
    let items = source.items.len();
    assert_eq!(
        (items, items),
        (source.viewed_together.len(), source.popularity.len())
    );
    assert!(source.popularity.is_sorted_by(|a, b| a >= b));
    for (item, neighbours) in source.viewed_together.iter().enumerate() {
        assert!(neighbours.len() <= MAX_NEIGHBOURS);
        assert!(neighbours.is_sorted_by(|a, b| a.weight >= b.weight));
        assert!(
            neighbours
                .iter()
                .all(|n| n.weight > 0.0 && (n.item as usize) < items && n.item as usize != item)
        );
    }
    for item in &source.items {
        assert!(
            !item.texts[0].title.is_empty() && item.texts[0].price.is_some_and(|price| price > 0),
            "{item:?}"
        );
    }
    let bytes = tailorbird::snapshot::write(source).expect("a source within the limits");
    println!("{items} items, {} bytes of snapshot", bytes.len());
    let snapshot = tailorbird::snapshot::Snapshot::open(bytes).expect("opens");
    snapshot.verify().expect("sound to the last record");
    assert!(
        built.report.warnings.is_empty(),
        "{:?}",
        built.report.warnings
    );
}

#[test]
fn online_retail() {
    let Some(log) = data("online-retail/transactions.csv.gz") else {
        return;
    };
    let (imported, built) = import_and_build(&log, "online-retail.toml", "GBP");
    assert_eq!(imported.lines, 370_931);
    assert_eq!(
        imported
            .warnings
            .iter()
            .map(|(_, group)| group.count)
            .sum::<u64>(),
        0
    );
    assert!(
        (3_500..3_700).contains(&built.report.items),
        "{}",
        built.report.items
    );
    assert!(
        (14_000..14_500).contains(&built.report.sessions),
        "{}",
        built.report.sessions
    );
    assert!(built.report.items_with_neighbours * 100 > built.report.items * 98);
}

#[test]
fn clothing() {
    let Some(log) = data("clothing/clicks.csv.gz") else {
        return;
    };
    let (imported, built) = import_and_build(&log, "clothing.toml", "USD");
    assert_eq!(
        (imported.lines, imported.events, imported.items),
        (165_474, 165_474, 217)
    );
    assert!(imported.warnings.is_empty(), "{:?}", imported.warnings);
    assert_eq!(
        (built.report.sessions, built.report.items_with_neighbours),
        (24_026, 217)
    );
    let first = &built.source.items[0];
    assert!(
        ["Trousers", "Skirts", "Blouses", "Sale"].contains(&first.category.as_str()),
        "{first:?}"
    );
    assert!(
        first.color.chars().all(|c| c.is_alphabetic() || c == ' '),
        "{first:?}"
    );
}
