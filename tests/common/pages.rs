//! Real shop pages, which are not part of this repository.

#[cfg(feature = "decode")]
use std::{fs, io::Read, path::PathBuf};

pub struct Page {
    pub name: String,
    /// A selector of its product tiles, or nothing.
    pub tile: String,
    pub bytes: Vec<u8>,
}

/// All of them (with the feature `decode`, since they are gzipped); none, with a message, where they are missing.
#[cfg(feature = "decode")]
pub fn pages() -> Vec<Page> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/pages");
    let folder = std::env::var_os("TAILORBIRD_PAGES").map_or(PathBuf::from(default), PathBuf::from);
    let Ok(index) = fs::read_to_string(folder.join("INDEX.tsv")) else {
        println!("skipped: no pages in {}", folder.display());
        return Vec::new();
    };
    let page = |line: &str| {
        let mut columns = line.split('\t');
        let name = columns.next()?.to_owned();
        let tile = columns.nth(3)?.to_owned();
        let file = fs::read(folder.join(format!("{name}.html.gz"))).ok()?;
        let mut bytes = Vec::new();
        flate2::read::GzDecoder::new(&file[..])
            .read_to_end(&mut bytes)
            .ok()?;
        Some(Page { name, tile, bytes })
    };
    index.lines().skip(1).filter_map(page).collect()
}
