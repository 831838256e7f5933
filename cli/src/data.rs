//! `tailorbird data`: looks at a shop's data before anything is built from them.

use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{Subcommand, ValueEnum};
use miette::{IntoDiagnostic, Result, miette};
use tailorbird_trainer::FeedFile;
use tailorbird_trainer::check::{CheckError, CheckInputs, check, text};

use crate::inputs::{self, feed_paths, now, read_site};
use crate::progress::Bars;

/// Look at feeds and events before anything is built from them
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Check(CheckArgs),
}

/// Say what is wrong with feeds and events, how much of it, where, and what to do
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    tailorbird data check --site site.toml --feed feed.tsv --events events.jsonl\n  \
    tailorbird data check --site site.toml --feed en=feed.en.xml --feed de=feed.de.xml --events events.jsonl.gz --clean clean\n  \
    tailorbird data check --site site.toml --events clicks.csv --mapping mapping.toml --format json\n\n\
    Exit code 1 when a finding is FAIL. Cleaned data have what a build uses without a warning, and\n\
    pseudonyms in place of visitors' ids.")]
struct CheckArgs {
    /// The shop's rules, for languages and currencies
    #[arg(long, value_name = "FILE")]
    site: PathBuf,
    /// A Google Merchant feed (TSV, CSV, XML), with its language where the shop has several:
    /// de=feed.de.tsv; - for standard input; several files of a language are one feed
    #[arg(long, required_unless_present = "events", value_name = "[LANG=]FILE", value_parser = inputs::feed)]
    feed: Vec<FeedFile>,
    /// Events (JSONL with GA4's names, also as exported to BigQuery); - for standard input
    #[arg(long, value_name = "FILE")]
    events: Vec<PathBuf>,
    /// The events are another system's CSV: which column means what; see examples/imports
    #[arg(long, value_name = "FILE", requires = "events")]
    mapping: Option<PathBuf>,
    /// How the report is written to standard output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Write cleaned events.jsonl and feed.tsv (feed.LANG.tsv for several languages) here
    #[arg(long, value_name = "DIR")]
    clean: Option<PathBuf>,
    /// The time from which events are the future, seconds since 1970 [default: now]
    #[arg(long, value_name = "SECONDS")]
    now: Option<i64>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
}

pub fn run(args: Args) -> Result<()> {
    let Command::Check(args) = args.command;
    inputs::at_most_one_stdin(feed_paths(&args.feed).chain(&args.events));
    let mapping = args.mapping.as_deref().map(inputs::read_mapping);
    let wants_clean = args.clean.is_some();
    let what = CheckInputs {
        site: read_site(&args.site)?,
        feeds: args.feed,
        events: args.events,
        mapping: mapping.transpose()?,
        now: args.now.unwrap_or_else(now),
        clean: args.clean,
    };
    let mut bars = Bars::new();
    let checked = check(&what, &mut |progress| bars.show(progress));
    bars.finish();
    if let Err(error @ (CheckError::CleanNeedsFiles | CheckError::OverInput { .. })) = &checked {
        clap::Error::raw(ErrorKind::ArgumentConflict, format!("{error}\n")).exit();
    }
    let report = checked.into_diagnostic()?;
    match args.format {
        Format::Text => print!("{}", text(&report)),
        Format::Json => {
            let json = serde_json::to_string_pretty(&report).into_diagnostic()?;
            println!("{json}");
        }
    }
    if wants_clean && report.cleaned.is_none() {
        eprintln!("warning: nothing was cleaned, since an input cannot be read");
    }
    if report.failed > 0 {
        let findings = if report.failed == 1 {
            "finding"
        } else {
            "findings"
        };
        return Err(miette!("{} {findings} failed", report.failed));
    }
    Ok(())
}
