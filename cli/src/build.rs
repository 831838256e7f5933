//! `tailorbird build`: feed, events and site.toml become a snapshot.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use miette::{IntoDiagnostic, Result, WrapErr};
use tailorbird::site::Site;
use tailorbird::snapshot::{MAX_NEIGHBOURS, Snapshot, write};
use tailorbird_trainer::train::{MIN_CASES, NEIGHBOURS, Settings};
use tailorbird_trainer::{BuildInputs, BuildReport, FeedFile, Fit, build, fit};

use crate::inputs::{self, feed_paths, now, read_site};
use crate::progress::{Bars, print_warnings};
use crate::session_flags::SessionFlags;
use crate::{idle_rules, size, snapshots};

const SECONDS_A_DAY: i64 = 86_400;

/// The longest life of a snapshot in days: a hundred years.
const MAX_DAYS: i64 = 36_500;

/// Train on events and feed, and write the snapshot that an edge loads
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    tailorbird build --site site.toml --feed feed.tsv --events events.jsonl\n  \
    tailorbird build --site site.toml --feed en=feed.en.tsv --feed de=feed.de.tsv --events mon.jsonl --events tue.jsonl\n  \
    tailorbird build --site site.toml --feed feed.xml.gz --events clicks.csv --mapping mapping.toml\n  \
    bq extract … | tailorbird build --site site.toml --feed feed.tsv --events -\n\n\
    Formats and compression (gzip, Zstandard) are told by content. Without --feed the items are those that\n\
    the events name, which trains the models; pages get nothing until a feed names title, link and price.\n\n\
    The same inputs with the same --created and --sequence give the same bytes.")]
pub struct Args {
    /// The shop's rules
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
    /// The snapshot that is live: what it knows of former prices, of what was sold out and of what is new
    /// is carried on
    #[arg(long, value_name = "FILE")]
    previous: Option<PathBuf>,
    /// What the shop tells beside what it sells: a TSV or CSV with the columns id, title, link, and perhaps
    /// image_link, topics and items (divided by |); with its language where there are several
    #[arg(long, value_name = "[LANG=]FILE", value_parser = inputs::feed)]
    content: Vec<FeedFile>,
    /// What the weather is like: a CSV with the columns country, region (may be empty), date and class
    #[arg(long, value_name = "FILE")]
    weather: Option<PathBuf>,
    /// The directory that gets the snapshot and the file `current`, which names it
    #[arg(long, default_value = "model-snapshots", value_name = "DIR")]
    out: PathBuf,
    /// Creation time, seconds since 1970 [default: now]
    #[arg(long, env = "SOURCE_DATE_EPOCH", value_name = "SECONDS")]
    created: Option<i64>,
    /// The snapshot's number; grows with each one [default: the creation time]
    #[arg(long, value_name = "N")]
    sequence: Option<u64>,
    /// After so many days the snapshot is not used any more [default: never]
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(i64).range(1..=MAX_DAYS))]
    expires_after: Option<i64>,
    /// The most that the snapshot may take, 2MiB or 750KiB for instance: of all neighbours those that
    /// help least are left out, their weights are made as coarse as pays, and what that costs is
    /// measured [default: what 40 neighbours an item take]
    #[arg(long, value_name = "SIZE", value_parser = size::parse)]
    max_size: Option<usize>,
    #[command(flatten)]
    sessions: SessionFlags,
}

pub fn run(args: Args) -> Result<()> {
    let started = Instant::now();
    let inputs = feed_paths(&args.feed).chain(&args.events);
    inputs::at_most_one_stdin(inputs.chain(&args.weather).chain(feed_paths(&args.content)));
    let site = read_site(&args.site)?;
    let mapping = args.mapping.as_deref().map(inputs::read_mapping);
    if !args.feed.is_empty() {
        warn_of_locales_without_feed(&site, &args.feed);
    }
    let previous = args.previous.as_deref().map(snapshots::open).transpose()?;
    let previous = previous.map(|(_, snapshot)| Arc::new(snapshot));
    let created = args.created.unwrap_or_else(now);
    let inputs = BuildInputs {
        feeds: args.feed,
        events: args.events,
        mapping: mapping.transpose()?,
        previous,
        content: args.content,
        weather: args.weather,
        site,
        sequence: args.sequence.unwrap_or(u64::try_from(created).unwrap_or(0)),
        created,
        expires: args
            .expires_after
            .map_or(0, |days| created + days * SECONDS_A_DAY),
        settings: Settings {
            sessions: args.sessions.rules(),
            neighbours: args.max_size.map_or(NEIGHBOURS, |_| MAX_NEIGHBOURS),
            hold_back: args.max_size.is_some(),
            ..Settings::default()
        },
    };
    let mut bars = Bars::new();
    let built = build(&inputs, &mut |progress| bars.show(progress));
    bars.finish();
    let mut built = built.into_diagnostic()?;
    print_warnings(&built.report.warnings);
    let held_back = built.held_back.take();
    let fitted = args.max_size;
    let fitted = fitted.map(|most| fit(&mut built.source, held_back.as_ref(), most));
    let fitted = fitted.transpose().into_diagnostic()?;
    let bytes = write(&built.source)
        .into_diagnostic()
        .wrap_err("cannot write the snapshot")?;
    let path = snapshots::publish(&args.out, &bytes)?;
    let snapshot = Snapshot::open(bytes.clone()).into_diagnostic()?;
    idle_rules::warn(&inputs.site, &snapshot);
    print_summary(&built.report, &path, bytes.len());
    if let Some(fitted) = fitted {
        print_fit(&fitted);
    }
    eprintln!(
        "took {:.1} s{}",
        started.elapsed().as_secs_f64(),
        peak_memory()
    );
    Ok(())
}

/// Pages in such a locale get no slots, for nothing can be shown there.
fn warn_of_locales_without_feed(site: &Site, feeds: &[FeedFile]) {
    for (index, locale) in site.locales.iter().enumerate() {
        let has_feed = feeds.iter().any(|feed| match &feed.lang {
            Some(lang) => lang.eq_ignore_ascii_case(&locale.lang),
            None => index == 0,
        });
        if !has_feed {
            let lang = &locale.lang;
            eprintln!(
                "warning: no feed for {lang}: its pages get no slots; add --feed {lang}=FILE"
            );
        }
    }
}

fn print_summary(report: &BuildReport, path: &Path, bytes: usize) {
    println!("{}", path.display());
    println!(
        "  items      {}, of them {} with neighbours",
        report.items, report.items_with_neighbours
    );
    println!(
        "  events     {} in {} sessions",
        report.events, report.sessions
    );
    if report.crowded > 0 {
        eprintln!(
            "warning: {} events left out: one visitor id has more than memory holds; check that ids are told apart",
            report.crowded
        );
    }
    if report.machines > 0 {
        println!(
            "  left out   {} sessions that look like a machine's (--keep-bots keeps them)",
            report.machines
        );
    }
    println!("  size       {bytes} bytes");
    if report.described_items == 0 {
        eprintln!(
            "warning: no item has a title and a link: pages get no slots and lists keep their order until \
             a --feed names title, link and price"
        );
    }
    if report.events == 0 {
        eprintln!("warning: no events: nothing is known yet of what sells and what goes together");
    }
}

fn print_fit(fit: &Fit) {
    println!(
        "  neighbours {} of {} kept, with {:.1} % of their weight; {} bytes, {:.1} bits each, {} weights",
        fit.kept,
        fit.trained,
        fit.weight_kept * 100.0,
        fit.list_bytes,
        fit.bits_per_neighbour(),
        fit.precision.weights()
    );
    println!("  {}", cost(fit));
}

fn cost(fit: &Fit) -> String {
    let Some(cost) = fit.cost else {
        if fit.kept == fit.trained {
            return "costs      nothing: all of it fits".into();
        }
        return format!(
            "costs      not measured: the newest tenth of the sessions has fewer than {MIN_CASES} next views"
        );
    };
    let loss = |all: f64, fitted: f64| {
        // Less can be more: what is left out may have been chance.
        let change = (fitted / all.max(f64::MIN_POSITIVE) - 1.0) * 100.0;
        let verb = if change < 0.0 { "costs" } else { "gains" };
        (verb, change.abs(), all, fitted)
    };
    let part = |name: &str, (verb, change, all, fitted): (&str, f64, f64, f64)| {
        format!("{verb} {change:.1} % of {name} ({all:.3} -> {fitted:.3})")
    };
    format!(
        "{}, {} on the newest tenth of the sessions",
        part("HR@20", loss(cost.all.hr20(), cost.fitted.hr20())),
        part("MRR@20", loss(cost.all.mrr20(), cost.fitted.mrr20()))
    )
}

/// The most memory that this process has used, where the system tells.
fn peak_memory() -> String {
    let peak = || {
        let status = fs::read_to_string("/proc/self/status").ok()?;
        let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
        line.split_whitespace().nth(1)?.parse::<u64>().ok()
    };
    peak()
        .map(|kib| format!(", at most {} MiB of memory", kib / 1024))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use tailorbird::snapshot::Precision;
    use tailorbird_trainer::Cost;
    use tailorbird_trainer::train::Found;

    #[test]
    fn a_size_says_what_it_costs() {
        let found = |hits| Found {
            cases: 1000,
            hits,
            reciprocals: hits * 400_000,
        };
        let mut fit = Fit {
            trained: 20,
            kept: 10,
            weight_kept: 0.7,
            precision: Precision::Octave,
            list_bytes: 100,
            cost: Some(Cost {
                all: found(512),
                fitted: found(509),
            }),
        };
        assert_eq!(
            cost(&fit),
            "costs 0.6 % of HR@20 (0.512 -> 0.509), costs 0.6 % of MRR@20 (0.205 -> 0.204) \
             on the newest tenth of the sessions"
        );
        fit.cost = None;
        assert!(cost(&fit).contains("not measured"));
        fit.kept = 20;
        assert!(cost(&fit).contains("nothing"));
    }
}
