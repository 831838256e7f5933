//! Makes the small snapshot that an isolate warms up with (src/warm.rs), in the format of this very version.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

use tailorbird::site;
use tailorbird::snapshot::{ItemRecord, ItemText, Neighbour, SnapshotSource, write};

#[path = "src/warm.rs"]
mod warm;

/// Few are enough: what is wanted is that the code runs.
const ITEMS: u32 = 12;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=warm.toml");
    println!("cargo:rerun-if-changed=src/warm.rs");
    let text = fs::read_to_string("warm.toml")?;
    let source = SnapshotSource {
        items: (0..ITEMS).map(item).collect(),
        viewed_together: (0..ITEMS).map(neighbours).collect(),
        bought_together: (0..ITEMS).map(neighbours).collect(),
        similar_by_content: (0..ITEMS).map(neighbours).collect(),
        popularity: (0..ITEMS).map(|item| (ITEMS - item) as f32).collect(),
        site: site::parse("warm.toml", &text).map_err(|error| format!("{error:?}"))?,
        ..SnapshotSource::default()
    };
    let out = env::var("OUT_DIR")?;
    let snapshot = write(&source)?;
    fs::write(Path::new(&out).join("warm.tbs"), &snapshot)?;
    let pages = warm::TARGETS.len();
    match warm::up(snapshot.leak()) {
        warmed if warmed == (pages, pages) => Ok(()),
        (changed, set) => Err(format!(
            "warm.toml: of {pages} pages {changed} are changed and {set} set a cookie, so nothing would be warm"
        )
        .into()),
    }
}

fn item(item: u32) -> ItemRecord {
    ItemRecord {
        id: format!("W-{item}"),
        brand: format!("Brand {}", item % 2),
        category: format!("All > {}", item % 3),
        texts: vec![ItemText {
            title: format!("Thing {item}"),
            link: format!("https://warm.example/p/{item}"),
            image: format!("https://warm.example/i/{item}.svg"),
            price: Some(1000 + item),
            ..ItemText::default()
        }],
        ..ItemRecord::default()
    }
}

fn neighbours(item: u32) -> Vec<Neighbour> {
    let near = |step| Neighbour {
        item: (item + step) % ITEMS,
        weight: 1.0 / step as f32,
    };
    (1..6).map(near).collect()
}
