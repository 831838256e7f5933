//! On saved pages of real shops: the feed is made from their tiles' links, and the tiles must be found
//! again. The pages are not part of the project; without them the test says so and passes.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use scraper::{ElementRef, Html, Selector};
use tailorbird::site::Locale;
use tailorbird_trainer::{FeedFile, Warnings, read_feed};

use super::lists;
use super::page::Page;
use super::propose;

fn folder() -> Option<PathBuf> {
    let folder = match std::env::var_os("TAILORBIRD_PAGES") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/pages"),
    };
    if folder.join("INDEX.tsv").exists() {
        return Some(folder);
    }
    eprintln!("skipped: no saved pages; set TAILORBIRD_PAGES to their folder");
    None
}

fn first_link(tile: ElementRef<'_>) -> Option<String> {
    let selector = Selector::parse("a[href]").expect("a selector");
    let mut links = tile
        .select(&selector)
        .chain(Some(tile).filter(|t| t.value().name() == "a"));
    links.find_map(|a| {
        let href = a.value().attr("href")?.trim();
        let leads = !href.is_empty() && !href.starts_with('#') && !href.starts_with("javascript:");
        leads.then(|| href.to_owned())
    })
}

fn page_of(path: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    let file = File::open(path).expect("a page");
    flate2::read::GzDecoder::new(file)
        .read_to_end(&mut bytes)
        .expect("gzip");
    bytes
}

#[test]
fn the_tiles_of_real_shops_are_found() {
    let Some(folder) = folder() else { return };
    let index = std::fs::read_to_string(folder.join("INDEX.tsv")).expect("an index");
    let (mut with_tiles, mut right) = (0, 0);
    for line in index.lines().skip(1) {
        let fields: Vec<&str> = line.split('\t').collect();
        let (name, tiles, selector, address) = (fields[0], fields[3], fields[4], fields[8]);
        if tiles == "0" {
            continue;
        }
        with_tiles += 1;
        let bytes = page_of(&folder.join(format!("{name}.html.gz")));
        let tree = Html::parse_document(&String::from_utf8_lossy(&bytes));
        let selector = Selector::parse(selector).expect("a selector");
        let links: Vec<String> = tree.select(&selector).filter_map(first_link).collect();
        let path = address
            .splitn(4, '/')
            .nth(3)
            .unwrap_or_default()
            .split('?')
            .next();
        let base = format!("/{}", path.unwrap_or_default());
        let distinct: BTreeSet<String> = links
            .iter()
            .filter_map(|l| tailorbird::snapshot::link::keys(l, &base).next())
            .collect();
        let scratch = tempfile::tempdir().expect("a folder");
        let feed = scratch.path().join("feed.tsv");
        let rows: String = distinct
            .iter()
            .enumerate()
            .map(|(i, link)| {
                format!(
                    "p{i}\tProduct {i}\t{}\t1 EUR\n",
                    link.replace(['\t', '\n', '"'], " ")
                )
            })
            .collect();
        std::fs::write(&feed, format!("id\ttitle\tlink\tprice\n{rows}")).expect("a file");
        let locale = Locale {
            lang: "en".into(),
            currency: "EUR".into(),
            ..Locale::default()
        };
        let feed = FeedFile {
            lang: None,
            path: feed,
        };
        let shop = read_feed(&feed, &locale, &mut Warnings::default()).expect("a feed");
        let page = Page::new(name, &bytes, Some(&base), None, &shop);
        let lists = lists::find(&page);
        let sure =
            |list: &&lists::List<'_>| list.selectors.as_ref().is_some_and(|s| s.confidence >= 0.5);
        let found: BTreeSet<u32> = lists
            .iter()
            .filter(sure)
            .flat_map(|list| list.tiles.iter().map(|tile| tile.1))
            .collect();
        // Some of the index's selectors find more than the tiles that it counts.
        let tiles: usize = tiles.parse().expect("a number");
        let is_right = found.len() * 5 >= distinct.len().min(tiles) * 4;
        right += usize::from(is_right);
        println!(
            "{} {name}: {} of {} products in {} lists: {:?}",
            if is_right { "right" } else { "WRONG" },
            found.len(),
            distinct.len(),
            lists.len(),
            lists
                .iter()
                .map(|l| l
                    .selectors
                    .as_ref()
                    .map(|s| format!("{} {} {:.2}", s.list, s.tile, s.confidence)))
                .collect::<Vec<_>>()
        );
        let (site, _) = propose(&locale, &shop, &[page]);
        tailorbird::site::parse("site.toml", &site)
            .unwrap_or_else(|e| panic!("{name}: {e:?}\n{site}"));
    }
    println!("{right} of {with_tiles} pages");
    assert!(right * 22 >= with_tiles * 21, "{right} of {with_tiles}");
}
