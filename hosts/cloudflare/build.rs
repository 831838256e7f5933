//! Writes the snapshot of the made-up shop in `warm-up/`, which `src/warm_up.rs` rehearses with.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

use tailorbird::snapshot::{
    AttributeWeights, ItemRecord, ItemText, Meta, Neighbour, SnapshotSource, write,
};

const SITE: &str = "warm-up/site.toml";
/// More than the page has tiles.
const ITEMS: u32 = 6;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=warm-up");
    let site = tailorbird::site::parse(SITE, &fs::read_to_string(SITE)?)
        .map_err(|error| format!("{error:?}"))?;
    let neighbours = |item: u32| {
        let others = (1..ITEMS).map(|step| Neighbour {
            item: (item + step) % ITEMS,
            weight: 1.0 / step as f32,
        });
        others.collect::<Vec<_>>()
    };
    let source = SnapshotSource {
        meta: Meta {
            sequence: 1,
            ..Meta::default()
        },
        items: (0..ITEMS).map(item).collect(),
        viewed_together: (0..ITEMS).map(neighbours).collect(),
        similar_by_content: (0..ITEMS).map(neighbours).collect(),
        popularity: (0..ITEMS).map(|item| (ITEMS - item) as f32).collect(),
        attributes: AttributeWeights {
            category: AttributeWeights::OCTAVE,
            price: AttributeWeights::OCTAVE,
            ..AttributeWeights::default()
        },
        site,
        ..SnapshotSource::default()
    };
    let out = env::var_os("OUT_DIR").ok_or("OUT_DIR is not set: cargo sets it")?;
    fs::write(Path::new(&out).join("warm-up.snapshot"), write(&source)?)?;
    Ok(())
}

fn item(index: u32) -> ItemRecord {
    let text = ItemText {
        title: format!("Cup {index}"),
        link: format!("https://rehearsal.example/p/{index}"),
        image: format!("https://rehearsal.example/i/{index}"),
        price: Some(1000 + 100 * index),
        sale_price: index.is_multiple_of(2).then_some(900),
        ..ItemText::default()
    };
    ItemRecord {
        id: index.to_string(),
        brand: "Potter".into(),
        category: ["Kitchen > Cups", "Garden"][index as usize % 2].into(),
        texts: vec![text],
        ..ItemRecord::default()
    }
}
