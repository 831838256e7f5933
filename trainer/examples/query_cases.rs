//! Writes what `cargo xtask bench query` measures: a trained snapshot, test cases, a large snapshot.
//!
//! ```text
//! query_cases FOLDER [small]
//! ```
//!
//! Learns from Diginetica's training sessions where they are (`TAILORBIRD_DATA`, or `shared/data` beside
//! the repository), else from made-up ones of the same shape; `small`: from few made-up ones. Prints
//! which. The snapshots have 2 MiB of neighbour lists, and with titles 4 MiB in all; the cases are those
//! prefixes of test sessions that have as many different views as a query looks at.

use std::collections::HashMap;
use std::error::Error;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use tailorbird::recommend::MAX_SEEDS;
use tailorbird::site::{Locale, Site};
use tailorbird::snapshot::{ItemRecord, ItemText, MAX_NEIGHBOURS, SnapshotSource, write};
use tailorbird_trainer::events::EventName;
use tailorbird_trainer::fit;
use tailorbird_trainer::interactions::{Interaction, Log, Owner};
use tailorbird_trainer::train::{Settings, train};

const MIB: usize = 1 << 20;
/// As in the evaluator: what a file without times is taken to span.
const SPAN_MICROSECONDS: f64 = 150.0 * 86_400e6;

/// Sessions to learn from and cases to ask, items by name, oldest first.
struct Data {
    from: &'static str,
    train: Vec<Vec<String>>,
    cases: Vec<Vec<String>>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().ok_or("expected FOLDER [small]")?;
    let data = match arguments.next().as_deref() {
        Some("small") => made_up(600, 4_000),
        _ => diginetica().unwrap_or_else(|| made_up(43_000, 186_000)),
    };
    let (source, cases) = trained(&data);
    let folder = Path::new(&folder);
    fs::create_dir_all(folder)?;
    fs::write(folder.join("cases.txt"), cases)?;
    let mut fitted = source.clone();
    fitted.viewed_together.iter_mut().for_each(Vec::clear);
    let others = write(&fitted)?.len();
    fitted.viewed_together = source.viewed_together.clone();
    fit(&mut fitted, None, others + 2 * MIB)?;
    fs::write(folder.join("snapshot.tbs"), write(&fitted)?)?;
    for item in &mut fitted.items {
        let title = format!("Product {}", item.id);
        item.texts = vec![ItemText {
            title,
            ..ItemText::default()
        }];
    }
    fit(&mut fitted, None, 4 * MIB)?;
    fs::write(folder.join("large.tbs"), write(&fitted)?)?;
    fs::write(folder.join("shop.tbs"), write(&shop(source))?)?;
    println!("{}", data.from);
    Ok(())
}

/// The same items as a shop has them, with a home page of four slots, a banner and a list.
fn shop(mut source: SnapshotSource) -> SnapshotSource {
    for (at, item) in (0u32..).zip(&mut source.items) {
        item.brand = format!("Brand {}", at % 400);
        item.category = format!("Department {} > Category {}", at % 12, at % 960);
        item.color = format!("Colour {}", at % 24);
        item.texts = vec![ItemText {
            title: format!("Product {}", item.id),
            link: format!("https://shop.example/p/{}", item.id),
            image: String::new(),
            price: Some(500 + at % 9_500),
            sale_price: at.is_multiple_of(7).then_some(499),
            ..ItemText::default()
        }];
    }
    source.site = tailorbird::site::parse("site.toml", SHOP).expect("a sound site.toml");
    source
}

const SHOP: &str = r#"
[shop]
name = "Measured"
url = "https://shop.example"
[[locale]]
lang = "en"
currency = "EUR"
[consent]
cookie = "consent"
grants = "yes"
[[page]]
kind = "home"
paths = ["/"]
[[template]]
name = "t"
source = "<p>{{#items}}{{title}}{{/items}}</p>"
[[segment]]
name = "bargain hunters"
when = "share_on_sale > 30 % and views >= 4"
[[rule]]
name = "not the cheapest"
action = "hide"
items = 'price < 5 and not brand == "Brand 7"'
[[rule]]
name = "varied"
action = "at_most"
most = 3
per = "brand"
[[banner]]
name = "back"
pages = ["home"]
selector = "main"
template = "t"
when = 'returning and not segment("bargain hunters")'
[[slot]]
name = "recent"
pages = ["home"]
selector = "main"
strategies = ["recently_viewed"]
template = "t"
[[slot]]
name = "for-you"
pages = ["home"]
selector = "main"
strategies = ["recommended_for_you", "top_sellers"]
template = "t"
[[slot]]
name = "more-for-you"
pages = ["home"]
selector = "main"
strategies = ["recommended_for_you"]
template = "t"
[[slot]]
name = "top"
pages = ["home"]
selector = "main"
strategies = ["top_sellers"]
max = 12
template = "t"
[[list]]
name = "products"
pages = ["home"]
selector = "ul"
tile = "li"
"#;

fn diginetica() -> Option<Data> {
    let folder = std::env::var_os("TAILORBIRD_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"),
        PathBuf::from,
    );
    let read = |name: &str| {
        let file = File::open(folder.join("diginetica").join(name)).ok()?;
        let mut text = String::new();
        GzDecoder::new(file).read_to_string(&mut text).ok()?;
        let words = |line: &str| line.split(' ').map(str::to_owned).collect();
        Some(text.lines().map(words).collect::<Vec<Vec<String>>>())
    };
    let train = read("train.txt.gz")?;
    let mut cases = read("test.txt.gz")?;
    // The last of a line is what comes next.
    cases.iter_mut().for_each(|case| drop(case.pop()));
    Some(Data {
        from: "Diginetica",
        train,
        cases,
    })
}

/// Visitors who mostly stay near where they are, begin more often where many begin, and come back.
fn made_up(items: u64, sessions: u64) -> Data {
    let session = |number: u64, length: u64| {
        let chance = |salt: u64, below: u64| {
            let mixed = (number * 64 + salt + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let mixed = (mixed ^ (mixed >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
            (mixed >> 33) % below
        };
        let wanted = chance(0, items);
        let mut at = wanted * wanted / items;
        let step = |step: u64| {
            let far = 2 << chance(step * 2 + 1, 8);
            at = (at + chance(step * 2 + 2, far)) % items;
            at.to_string()
        };
        (0..length).map(step).collect::<Vec<_>>()
    };
    Data {
        from: "made-up sessions",
        train: (0..sessions).map(|n| session(n, 2 + n % 8)).collect(),
        cases: (sessions..sessions + 2_000)
            .map(|n| session(n, MAX_SEEDS as u64 + n % 8))
            .collect(),
    }
}

/// A snapshot's source with lists of full length, and the cases as the example `query` reads them.
fn trained(data: &Data) -> (SnapshotSource, String) {
    let mut positions: HashMap<&str, u32> = HashMap::new();
    let mut interactions = Vec::new();
    let each = SPAN_MICROSECONDS / data.train.len() as f64;
    for (session, steps) in (0u64..).zip(&data.train) {
        for step in steps {
            let next = positions.len() as u32;
            interactions.push(Interaction {
                name: EventName::ViewItem,
                item: *positions.entry(step).or_insert(next),
                time: (each * session as f64) as i64,
                owner: Owner::Session(session),
            });
        }
    }
    let mut items = vec![ItemRecord::default(); positions.len()];
    for (&id, &position) in &positions {
        items[position as usize] = ItemRecord {
            id: id.to_owned(),
            texts: vec![ItemText::default()],
            ..ItemRecord::default()
        };
    }
    let settings = Settings {
        neighbours: MAX_NEIGHBOURS,
        ..Settings::default()
    };
    let log = Log::of(&interactions);
    let model = train(&items, &log, &settings, &mut |_, _| ()).expect("in memory");
    let mut index_of = vec![0u32; items.len()];
    for (&position, index) in model.order.iter().zip(0..) {
        index_of[position as usize] = index;
    }
    let mut cases = String::new();
    for case in &data.cases {
        let mut seen: Vec<u32> = Vec::new();
        for position in case
            .iter()
            .rev()
            .filter_map(|id| positions.get(id.as_str()))
        {
            let index = index_of[*position as usize];
            if !seen.contains(&index) {
                seen.push(index);
            }
        }
        if let Some(newest) = seen.get(..MAX_SEEDS) {
            let words: Vec<String> = newest.iter().map(u32::to_string).collect();
            let _ = writeln!(cases, "{}", words.join(" "));
        }
    }
    let source = SnapshotSource {
        items: (model.order.iter())
            .map(|&position| items[position as usize].clone())
            .collect(),
        viewed_together: model.viewed_together,
        neighbour_order: model.neighbour_order,
        query: model.query,
        popularity: model.popularity,
        site: Site {
            locales: vec![Locale::default()],
            ..Site::default()
        },
        ..SnapshotSource::default()
    };
    (source, cases)
}
