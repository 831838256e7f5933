//! Generated shops to measure with: a snapshot of 10 thousand items, of 100 thousand, of a million. They are trained once
//! and kept in the target folder.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use super::log::{Shop, write_events, write_lean_feed};
use crate::{paths, process};

/// How many items the shops have, and how many events they learn from. The trainer takes 1,048,576 items.
pub const SHOPS: [Shop; 3] = [
    Shop {
        items: 10_000,
        events: 200_000,
        described: 10_000,
    },
    Shop {
        items: 100_000,
        events: 500_000,
        described: 100_000,
    },
    Shop {
        items: 1_000_000,
        events: 500_000,
        described: 20_000,
    },
];

/// Goes up when the generated feed or log changes, so that no old snapshot is taken for a new one.
const GENERATION: &str = "# generation 2\n";

/// What the edge takes at most (64 MiB), less than what a file's table needs. Titles and links of a million items would be twice
/// that, which is why the largest shop describes only some.
const MAX_SIZE: &str = "63MiB";

/// When the snapshots are made, in seconds since 1970: after the last event.
const CREATED: &str = "1796000000";

/// The pages in tests/e2e/bench/page.mjs: a listing with a slot before its list, and products to look at. A listing has one
/// list, as `init` would write it; a search may have more, so it is read to its end.
const SITE: &str = r#"[shop]
name = "Bench"
url = "https://bench.example"

[[locale]]
lang = "en"
currency = "EUR"

[consent]
cookie = "consent"
grants = "personalisation"

[[page]]
kind = "product"
product_link = true

[[page]]
kind = "listing"
paths = ["/c/**"]

[[page]]
kind = "search"
paths = ["/s/**"]

[[slot]]
name = "for-you"
pages = ["listing", "search"]
selector = "ul.products"
position = "before"
strategies = ["recommended_for_you", "top_sellers"]
min = 1
max = 6
template = "tailorbird/carousel"
title = "For you"

[[list]]
name = "listing"
pages = ["listing"]
selector = "ul.products"
tile = "li.tile"
nth = 1

[[list]]
name = "found"
pages = ["search"]
selector = "ul.products"
tile = "li.tile"
"#;

/// Trains what is missing. The folder with one folder for each shop, named by its number of items.
pub fn prepare(shops: &[Shop]) -> Result<PathBuf, String> {
    let folder = paths::target().join("bench/shops");
    for &shop in shops {
        let own = folder.join(shop.items.to_string());
        if is_ready(&own) {
            continue;
        }
        println!("a snapshot of {} items is trained", shop.items);
        let failed = |error: io::Error| format!("cannot write into {}: {error}", own.display());
        write_inputs(shop, &own).map_err(failed)?;
        train(shop, &own)?;
        fs::remove_file(own.join("feed.tsv")).map_err(failed)?;
    }
    let empty = folder.join("empty");
    fs::create_dir_all(&empty)
        .and_then(|()| fs::write(empty.join("README.md"), "No snapshot here.\n"))
        .map_err(|error| format!("{}: {error}", empty.display()))?;
    Ok(folder)
}

/// Whether there is a snapshot of this site that the program of today reads to its last record.
fn is_ready(own: &Path) -> bool {
    let site = fs::read_to_string(own.join("site.toml")).unwrap_or_default();
    let snapshots = own.join("snapshots");
    site == format!("{GENERATION}{SITE}")
        && process::read(
            process::command(paths::tailorbird())
                .arg("verify")
                .arg(snapshots),
        )
        .is_ok()
}

fn write_inputs(shop: Shop, own: &Path) -> io::Result<()> {
    let _ = fs::remove_dir_all(own);
    fs::create_dir_all(own)?;
    fs::write(own.join("site.toml"), format!("{GENERATION}{SITE}"))?;
    let mut feed = BufWriter::new(File::create(own.join("feed.tsv"))?);
    write_lean_feed(shop, &mut feed)?;
    feed.flush()
}

/// The log goes into the trainer's standard input, where it takes no disk.
fn train(shop: Shop, own: &Path) -> Result<(), String> {
    let mut command = process::command(paths::tailorbird());
    command
        .arg("build")
        .arg("--site")
        .arg(own.join("site.toml"));
    command.arg("--feed").arg(own.join("feed.tsv"));
    command.arg("--out").arg(own.join("snapshots"));
    command.args(["--created", CREATED]);
    if shop.described < shop.items {
        command.args(["--max-size", MAX_SIZE]);
    }
    command.args(["--events", "-"]).stdin(Stdio::piped());
    let mut trainer = command
        .spawn()
        .map_err(|error| format!("cannot start tailorbird: {error}"))?;
    if let Some(input) = trainer.stdin.take() {
        let mut input = BufWriter::with_capacity(1 << 18, input);
        // A trainer that stops reading says why by itself.
        let _ = write_events(shop, &mut input).and_then(|()| input.flush());
    }
    let status = trainer.wait().map_err(|error| error.to_string())?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("tailorbird build ended with {status}"))
    }
}
