//! How long training takes, and how much memory.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use super::log::{Shop, write_events, write_feed};
use crate::{build, paths, process};

/// A longer log is written into the trainer's standard input, where it takes no disk.
const MOST_ON_DISK: u64 = 20_000_000;

const SITE: &str = "\
[shop]
name = \"Bench\"
url = \"https://bench.example\"

[[locale]]
lang = \"en\"
currency = \"EUR\"
";

/// Generates a log and builds a snapshot of it.
pub fn run(events: Option<u64>, items: Option<u32>) -> Result<(), String> {
    let items = items.unwrap_or(100_000).max(1);
    let shop = Shop {
        items,
        events: events.unwrap_or(10_000_000),
        described: items,
    };
    build::native()?;
    let folder = paths::target().join("bench-train");
    generate(shop, &folder)
        .map_err(|error| format!("cannot write into {}: {error}", folder.display()))?;
    let log = folder.join("events.jsonl");
    let piped = shop.events > MOST_ON_DISK;
    let mut command = process::command(paths::tailorbird());
    command
        .arg("build")
        .arg("--site")
        .arg(folder.join("site.toml"));
    command.arg("--feed").arg(folder.join("feed.tsv"));
    command.arg("--out").arg(folder.join("snapshots"));
    command.args(["--created", "1796000000", "--events"]);
    command.arg(if piped { Path::new("-") } else { &log });
    command.stdin(if piped { Stdio::piped() } else { Stdio::null() });
    println!(
        "{} events of {} items, {}",
        shop.events,
        shop.items,
        if piped {
            "generated while they are read"
        } else {
            "from a file"
        }
    );
    let started = Instant::now();
    let mut trainer = command
        .spawn()
        .map_err(|error| format!("cannot start tailorbird: {error}"))?;
    if let Some(input) = trainer.stdin.take() {
        let mut input = BufWriter::with_capacity(1 << 18, input);
        let written = write_events(shop, &mut input).and_then(|()| input.flush());
        written.map_err(|error| format!("the trainer stopped reading: {error}"))?;
    }
    let status = trainer.wait().map_err(|error| error.to_string())?;
    let _ = fs::remove_file(&log);
    if !status.success() {
        return Err(format!("tailorbird build ended with {status}"));
    }
    println!("{:.1} s in all", seconds(started.elapsed()));
    Ok(())
}

fn generate(shop: Shop, folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join("site.toml"), SITE)?;
    let mut feed = BufWriter::new(File::create(folder.join("feed.tsv"))?);
    write_feed(shop, &mut feed)?;
    feed.flush()?;
    if shop.events <= MOST_ON_DISK {
        let mut events = BufWriter::new(File::create(folder.join("events.jsonl"))?);
        write_events(shop, &mut events)?;
        events.flush()?;
    }
    Ok(())
}

fn seconds(time: Duration) -> f64 {
    time.as_secs_f64()
}
