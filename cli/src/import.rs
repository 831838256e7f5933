//! `tailorbird import`: a foreign CSV log becomes events and a feed.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter};
use std::path::{Path, PathBuf};

use miette::{IntoDiagnostic, Result, WrapErr};
use tailorbird_trainer::import::{self, Mapping};

use crate::progress::{self, print_warnings};

/// Turn a foreign CSV log into events.jsonl and feed.tsv by a mapping file
#[derive(clap::Args)]
#[command(
    after_help = "Example:\n  tailorbird import --mapping examples/imports/clothing.toml --out clothing clicks.csv.gz"
)]
pub struct Args {
    /// Which column means what; see examples/imports
    #[arg(long, value_name = "FILE")]
    mapping: PathBuf,
    /// Write events.jsonl and feed.tsv here
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The log, plain or gzip; - for standard input
    #[arg(value_name = "LOG")]
    log: PathBuf,
}

pub fn run(args: Args) -> Result<()> {
    let text = fs::read_to_string(&args.mapping)
        .into_diagnostic()
        .wrap_err_with(|| format!("cannot read {}", args.mapping.display()))?;
    let mapping = Mapping::parse(&text, &args.mapping.display().to_string()).into_diagnostic()?;
    fs::create_dir_all(&args.out)
        .into_diagnostic()
        .wrap_err_with(|| format!("cannot make the directory {}", args.out.display()))?;
    let create = |name: &str| {
        let path = args.out.join(name);
        File::create(&path)
            .into_diagnostic()
            .wrap_err_with(|| format!("cannot write {}", path.display()))
            .map(BufWriter::new)
    };
    let (events, feed) = (create("events.jsonl")?, create("feed.tsv")?);
    let name = args.log.display().to_string();
    let bar = progress::spinner("reading the log");
    let report = import::run(&mapping, &name, open(&args.log)?, events, feed, &mut |n| {
        bar.set_position(n)
    });
    bar.finish_and_clear();
    let report = report
        .into_diagnostic()
        .wrap_err_with(|| format!("cannot import {name}"))?;
    print_warnings(&report.warnings);
    println!(
        "{} lines: {} events, {} items, in {}",
        report.lines,
        report.events,
        report.items,
        args.out.display()
    );
    Ok(())
}

fn open(path: &Path) -> Result<Box<dyn BufRead>> {
    if path.as_os_str() == "-" {
        return Ok(Box::new(BufReader::new(io::stdin())));
    }
    let file = File::open(path)
        .into_diagnostic()
        .wrap_err_with(|| format!("cannot read {}", path.display()))?;
    Ok(Box::new(BufReader::new(file)))
}
