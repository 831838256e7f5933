//! `tailorbird evaluate`: how good the model is, beside baselines, and whether that is enough.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::error::ErrorKind;
use miette::{IntoDiagnostic, Result, WrapErr, miette};
use tailorbird_trainer::evaluate::{
    EvaluateInputs, Evaluation, Feed, Requirement, RequirementError, Source, VmisSettings,
    evaluate, html, parse_requirements, table,
};
use tailorbird_trainer::train::Settings;
use tailorbird_trainer::{FeedFile, Warnings};

use crate::inputs;
use crate::progress::{Bars, print_warnings};
use crate::session_flags::SessionFlags;

/// The longest test in days.
const MAX_TEST_DAYS: f64 = 3650.0;

/// Measure the model on held-out sessions, beside baselines
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    tailorbird evaluate --events events.jsonl --html report.html\n  \
    tailorbird evaluate --site site.toml --feed feed.tsv --events events.jsonl\n  \
    tailorbird evaluate --events events.jsonl --json new.json --previous old.json --require 'hr20>=0.5,vs-previous>=-1%'\n  \
    tailorbird evaluate --sessions train.txt.gz --test test.txt.gz\n\n\
    Requirements: hr20, mrr20, ndcg20, coverage20, popularity20, fallback, each also with shop- before it\n\
    (the current item left out); bytes; vs-previous, the worst relative change of hr20, mrr20, shop-hr20\n\
    and shop-mrr20. Comparisons: >= <= > <. Exit code 1 when one is not met.")]
pub struct Args {
    /// Events (JSONL with GA4's names, also as exported to BigQuery); - for standard input
    #[arg(
        long,
        value_name = "FILE",
        required_unless_present = "sessions",
        conflicts_with = "sessions"
    )]
    events: Vec<PathBuf>,
    /// The events are another system's CSV: which column means what; see examples/imports
    #[arg(long, value_name = "FILE", requires = "events")]
    mapping: Option<PathBuf>,
    /// What the shop knows of its items, for the models that need it; with --site for its languages and
    /// currencies
    #[arg(long, requires_all = ["events", "site"], value_name = "[LANG=]FILE", value_parser = inputs::feed)]
    feed: Vec<FeedFile>,
    /// The shop's rules
    #[arg(long, requires = "feed", value_name = "FILE")]
    site: Option<PathBuf>,
    /// The last so many days of the events are the test
    #[arg(long, value_name = "DAYS", default_value_t = 14.0, value_parser = test_days)]
    test_days: f64,
    /// Training sessions instead of events: SR-GNN's text or Serenade's TSV
    #[arg(long, value_name = "FILE", requires = "test")]
    sessions: Option<PathBuf>,
    /// Test cases or sessions, in the same form
    #[arg(long, value_name = "FILE", requires = "sessions")]
    test: Option<PathBuf>,
    /// VMIS-kNN: so many of an item's newest sessions are looked at
    #[arg(long, value_name = "M", default_value_t = VmisSettings::default().m)]
    vmis_m: usize,
    /// VMIS-kNN: so many sessions vote
    #[arg(long, value_name = "K", default_value_t = VmisSettings::default().k)]
    vmis_k: usize,
    /// VMIS-kNN: so many of the newest views count
    #[arg(long, value_name = "VIEWS", default_value_t = VmisSettings::default().last)]
    vmis_last: usize,
    /// Write a report with plots, one page without scripts
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Write the result as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// An earlier result, written by --json
    #[arg(long, value_name = "FILE")]
    previous: Option<PathBuf>,
    /// What the model must reach, with commas between: hr20>=0.5,mrr20>=0.18,vs-previous>=-1%
    #[arg(long, value_name = "LIST", value_parser = requirements)]
    require: Option<Requirements>,
    #[command(flatten)]
    sessions_are: SessionFlags,
}

/// A type of its own, since to clap a vector is several arguments.
#[derive(Clone)]
struct Requirements(Vec<Requirement>);

fn requirements(text: &str) -> Result<Requirements, RequirementError> {
    parse_requirements(text).map(Requirements)
}

fn test_days(text: &str) -> Result<f64, String> {
    let days: f64 = text
        .parse()
        .map_err(|_| "expected a number of days".to_owned())?;
    let sound = days > 0.0 && days <= MAX_TEST_DAYS;
    sound
        .then_some(days)
        .ok_or_else(|| format!("expected more than 0, at most {MAX_TEST_DAYS}"))
}

pub fn run(args: Args) -> Result<()> {
    let started = Instant::now();
    let required = args.require.map_or_else(Vec::new, |list| list.0);
    if args.previous.is_none() && required.iter().any(Requirement::needs_previous) {
        // A usage error, told before minutes of work.
        clap::Error::raw(
            ErrorKind::MissingRequiredArgument,
            format!("{}\n", RequirementError::NoPrevious),
        )
        .exit();
    }
    let files = args.events.iter().chain(&args.sessions).chain(&args.test);
    inputs::at_most_one_stdin(files.chain(inputs::feed_paths(&args.feed)));
    let mapping = args.mapping.as_deref().map(inputs::read_mapping);
    let previous = args.previous.as_deref().map(read_previous).transpose()?;
    let source = match (args.sessions, args.test) {
        (Some(train), Some(test)) => Source::Sessions { train, test },
        _ => Source::Events {
            files: args.events,
            mapping: mapping.transpose()?.map(Box::new),
            test_days: args.test_days,
        },
    };
    let feed = match &args.site {
        Some(site) => Some(Feed {
            locales: inputs::read_site(site)?.locales,
            files: args.feed,
        }),
        None => None,
    };
    let what = EvaluateInputs {
        feed,
        source,
        settings: Settings {
            sessions: args.sessions_are.rules(),
            ..Settings::default()
        },
        vmis: VmisSettings {
            m: args.vmis_m,
            k: args.vmis_k,
            last: args.vmis_last,
        },
    };
    let mut warnings = Warnings::default();
    let mut bars = Bars::new();
    let evaluation = evaluate(&what, &mut warnings, &mut |progress| bars.show(progress));
    bars.finish();
    let evaluation = evaluation.into_diagnostic()?;
    print_warnings(&warnings);
    print!("{}", table(&evaluation));
    if let Some(path) = &args.html {
        write(path, &html(&evaluation).into_diagnostic()?)?;
    }
    if let Some(path) = &args.json {
        let json = serde_json::to_string_pretty(&evaluation).into_diagnostic()?;
        write(path, &format!("{json}\n"))?;
    }
    eprintln!("took {:.1} s", started.elapsed().as_secs_f64());
    judge(&required, &evaluation, previous.as_ref())
}

fn judge(
    required: &[Requirement],
    evaluation: &Evaluation,
    previous: Option<&Evaluation>,
) -> Result<()> {
    let mut unmet = 0;
    for requirement in required {
        let verdict = requirement.check(evaluation, previous).into_diagnostic()?;
        println!("{}", verdict.line);
        unmet += usize::from(!verdict.met);
    }
    if unmet > 0 {
        return Err(miette!(
            "{unmet} of {} requirements not met",
            required.len()
        ));
    }
    Ok(())
}

fn read_previous(path: &Path) -> Result<Evaluation> {
    let name = path.display();
    let text = fs::read_to_string(path)
        .into_diagnostic()
        .wrap_err_with(|| format!("cannot read {name}"))?;
    serde_json::from_str(&text)
        .into_diagnostic()
        .wrap_err_with(|| format!("{name}: expected a result that `evaluate --json` wrote"))
}

fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text)
        .into_diagnostic()
        .wrap_err_with(|| format!("cannot write {}", path.display()))
}
