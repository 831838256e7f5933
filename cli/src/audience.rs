//! `tailorbird audience`: who may like a product.

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use miette::{IntoDiagnostic, Result, WrapErr, miette};
use tailorbird::snapshot::{Snapshot, write};
use tailorbird_trainer::audience::{
    Audience, AudienceInputs, MAX_LISTED, Member, Reason, audience,
};
use tailorbird_trainer::{BuildInputs, FeedFile, build};

use crate::inputs::{self, feed_paths, now, read_site};
use crate::progress::{Bars, print_warnings};
use crate::snapshots;

/// Rank a log's visitors by how much they may like a product, with reasons
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    tailorbird audience --item TB-10234 --events events.jsonl --snapshot model-snapshots\n  \
    tailorbird audience --item NEW-1 --events events.jsonl --site site.toml --feed feed.tsv --top 5000 --format csv\n\n\
    For a mail to those who would want to hear of a new product. A snapshot knows what is viewed and\n\
    bought together; a feed has products that no snapshot has yet, and then what is described alike counts.\n\
    Who bought the product already is not listed. Visitors are named by the pseudonyms that `data check\n\
    --clean` writes, too. Whether they agreed to such a mail is for the shop to know.\n\n\
    Exit code 1 when nobody did anything that agrees with the product.")]
pub struct Args {
    /// The product's id
    #[arg(long, value_name = "ID")]
    item: String,
    /// Events (JSONL with GA4's names, also as exported to BigQuery); - for standard input
    #[arg(long, required = true, value_name = "FILE")]
    events: Vec<PathBuf>,
    /// The events are another system's CSV: which column means what; see examples/imports
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// A snapshot file, or a directory with its `current` one
    #[arg(
        long,
        value_name = "FILE",
        required_unless_present = "feed",
        conflicts_with = "feed"
    )]
    snapshot: Option<PathBuf>,
    /// A feed that has the product, with its language where the shop has several: de=feed.de.tsv
    #[arg(long, requires = "site", value_name = "[LANG=]FILE", value_parser = inputs::feed)]
    feed: Vec<FeedFile>,
    /// The shop's rules, for a feed's languages and currencies
    #[arg(long, value_name = "FILE", conflicts_with = "snapshot")]
    site: Option<PathBuf>,
    /// How many visitors are listed
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=MAX_LISTED as i64))]
    top: u32,
    /// How the list is written to standard output
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Name visitors by the log's own ids; reads the files twice
    #[arg(long, conflicts_with = "mapping")]
    plain_ids: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Json,
    Csv,
}

pub fn run(args: Args) -> Result<()> {
    inputs::at_most_one_stdin(feed_paths(&args.feed).chain(&args.events));
    let mapping = args.mapping.as_deref().map(inputs::read_mapping);
    let mapping = mapping.transpose()?;
    let mut bars = Bars::new();
    let snapshot = match (&args.snapshot, &args.site) {
        (Some(path), _) => snapshots::open(path)?.1,
        (None, Some(site)) => from_feed(args.feed, site, &mut bars)?,
        (None, None) => return Err(miette!("expected --snapshot, or --feed with --site")),
    };
    let what = AudienceInputs {
        snapshot: &snapshot,
        item: &args.item,
        events: &args.events,
        mapping: mapping.as_ref(),
        top: args.top as usize,
        plain_ids: args.plain_ids,
    };
    let found = audience(&what, &mut |progress| bars.show(progress));
    bars.finish();
    let found = found.into_diagnostic()?;
    print_warnings(&found.warnings);
    if found.crowded > 0 {
        let crowded = found.crowded;
        eprintln!("warning: {crowded} events left out: more visitors than memory holds");
    }
    match args.format {
        Format::Table => print_table(&found),
        Format::Json => {
            let json = serde_json::json!({
                "item": found.item,
                "visitors": found.visitors.iter().map(json).collect::<Vec<_>>(),
                "seen": found.seen,
                "bought": found.bought,
                "machines": found.machines,
                "indifferent": found.indifferent,
            });
            println!("{}", serde_json::to_string_pretty(&json).into_diagnostic()?);
        }
        Format::Csv => print_csv(&found),
    }
    match found.visitors.is_empty() {
        true => Err(miette!(
            "of {} visitors nobody did anything that agrees with {}",
            found.seen,
            found.item
        )),
        false => Ok(()),
    }
}

/// A snapshot of what a feed alone says.
fn from_feed(feeds: Vec<FeedFile>, site: &Path, bars: &mut Bars) -> Result<Snapshot> {
    let inputs = BuildInputs {
        feeds,
        site: read_site(site)?,
        created: now(),
        ..BuildInputs::default()
    };
    let built = build(&inputs, &mut |progress| bars.show(progress)).into_diagnostic()?;
    print_warnings(&built.report.warnings);
    let bytes = write(&built.source)
        .into_diagnostic()
        .wrap_err("cannot hold the feed")?;
    Snapshot::open(bytes).into_diagnostic()
}

fn print_table(found: &Audience) {
    println!("{:<4} {:<20} {:>6}  why", "", "visitor", "score");
    for (rank, member) in (1..).zip(&found.visitors) {
        println!(
            "{rank:<4} {:<20} {:>6.3}  {}",
            // An id is whatever a browser sent: nothing in it may steer a terminal.
            member.visitor.replace(char::is_control, "?"),
            member.score,
            why(member)
        );
    }
    println!(
        "{} visitors seen; {} have it already, {} did nothing that agrees with it, {} look like machines",
        found.seen, found.bought, found.indifferent, found.machines
    );
}

/// The affinities worth telling, the strongest first.
fn why(member: &Member) -> String {
    let mut parts: Vec<(&str, f64)> = Reason::ALL
        .iter()
        .zip(member.affinities)
        .map(|(reason, share)| (reason.name(), share))
        .collect();
    parts.sort_by(|a, b| b.1.total_cmp(&a.1));
    let parts = parts.iter().filter(|(_, share)| *share >= 0.005);
    let parts: Vec<String> = parts
        .map(|(name, share)| format!("{name} {:.0} %", share * 100.0))
        .collect();
    let ago = match member.days_ago {
        0 => "here on the last day".to_owned(),
        1 => "here 1 day before".to_owned(),
        days => format!("here {days} days before"),
    };
    format!("{}; {ago}", parts.join(", "))
}

fn json(member: &Member) -> serde_json::Value {
    let reasons = Reason::ALL.iter().zip(member.affinities);
    let reasons: serde_json::Map<String, serde_json::Value> = reasons
        .map(|(reason, share)| (reason.name().to_owned(), share.into()))
        .collect();
    serde_json::json!({
        "visitor": member.visitor,
        "score": member.score,
        "affinities": reasons,
        "days_ago": member.days_ago,
        "events": member.events,
    })
}

fn print_csv(found: &Audience) {
    let names = Reason::ALL.map(Reason::name).join(",");
    println!("visitor,score,{names},days_ago,events");
    for member in &found.visitors {
        let shares = member
            .affinities
            .map(|share| format!("{share:.4}"))
            .join(",");
        println!(
            "{},{:.4},{shares},{},{}",
            quoted(&member.visitor),
            member.score,
            member.days_ago,
            member.events
        );
    }
}

/// A CSV field. A text that a spreadsheet would run gets a quote before it.
fn quoted(text: &str) -> String {
    let safe = match text.starts_with(['=', '+', '-', '@']) {
        true => format!("'{text}"),
        false => text.to_owned(),
    };
    if safe.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", safe.replace('"', "\"\""))
    } else {
        safe
    }
}
