//! `tailorbird import`: foreign CSV logs become events and a feed.

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::PathBuf;

use miette::{IntoDiagnostic, Result, WrapErr};
use tailorbird_trainer::import::Import;
use tailorbird_trainer::input;

use crate::inputs;
use crate::progress::{self, print_warnings};

/// Turn another system's CSV logs into events.jsonl and feed.tsv by a mapping file
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
    /// The logs, plain or compressed; - for standard input
    #[arg(value_name = "LOG", required = true)]
    logs: Vec<PathBuf>,
}

pub fn run(args: Args) -> Result<()> {
    inputs::at_most_one_stdin(args.logs.iter());
    let mapping = inputs::read_mapping(&args.mapping)?;
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
    let bar = progress::spinner("reading the log");
    let mut import = Import::new(&mapping, events);
    for log in &args.logs {
        let name = log.display().to_string();
        let input = input::open(log)
            .into_diagnostic()
            .wrap_err_with(|| format!("cannot read {name}"))?;
        import
            .read(&name, input, &mut |lines| bar.set_position(lines))
            .into_diagnostic()
            .wrap_err_with(|| format!("cannot import {name}"))?;
    }
    bar.finish_and_clear();
    let report = import.finish(feed).into_diagnostic()?;
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
