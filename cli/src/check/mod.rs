//! `tailorbird check`: is a site.toml sound, and does it fit the shop's pages?

mod located;
mod sarif;
mod text;

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::ValueEnum;
use miette::{IntoDiagnostic, Result, WrapErr, miette};
use tailorbird::site::{Draft, Severity, canonical_path, kind_of_path, schema};

use crate::inputs::now;
use crate::pages::{self, PageSource};
use located::Located;

/// Look for errors and likely mistakes in a site.toml, and for its places in real pages
#[derive(clap::Args)]
#[command(
    after_help = "Exit codes: 0 sound, 1 errors (or warnings with --deny-warnings), 2 something cannot be read.\n\n\
    Examples:\n  \
    tailorbird check\n  \
    tailorbird check --site site.toml --page https://shop.example/en/ --page product=mug.html\n  \
    tailorbird check --format sarif --deny-warnings > site.sarif\n\n\
    docs/check.md explains each code."
)]
pub struct Args {
    /// The shop's rules
    #[arg(long, default_value = "site.toml", value_name = "FILE")]
    site: PathBuf,
    /// A page to look for the places in: a URL or a file, with its kind where its address does not tell:
    /// product=mug.html
    #[arg(long, value_name = "[KIND=]URL|FILE", value_parser = pages::source)]
    page: Vec<PageSource>,
    /// How findings are written to standard output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Warnings fail, too
    #[arg(long)]
    deny_warnings: bool,
    /// The time that dates are held against, seconds since 1970 [default: now]
    #[arg(long, value_name = "SECONDS")]
    now: Option<i64>,
    /// Print the JSON Schema of site.toml, for editors
    #[arg(long)]
    schema: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
    Sarif,
}

pub fn run(args: &Args) -> ExitCode {
    let checked = if args.schema {
        to_json(&schema()).map(|json| {
            print(&json);
            true
        })
    } else {
        check(args)
    };
    match checked {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(report) => {
            eprintln!("{report:?}");
            ExitCode::from(2)
        }
    }
}

/// Whether all is well.
fn check(args: &Args) -> Result<bool> {
    let file = args.site.display().to_string();
    let text = fs::read_to_string(&args.site)
        .into_diagnostic()
        .wrap_err_with(|| format!("cannot read {file}"))?;
    let draft = Draft::read(&file, &text);
    let mut findings = draft.errors().to_vec();
    findings.extend(draft.warnings(args.now.unwrap_or_else(now)));
    // Pages are read even where the file is wrong, so that a wrong flag is always told.
    let mut read = Vec::new();
    for source in &args.page {
        let page = pages::read(source)?;
        let Some(site) = draft.site() else { continue };
        let canonical = || canonical_path(&page.html);
        let target = page.target.clone().or_else(canonical);
        let by_path = || kind_of_path(site, target.as_deref()?.split('?').next()?);
        let kind = source.kind.as_deref().or_else(by_path);
        let found = draft.check_page(&page.name, kind, &page.html);
        findings.extend(found.into_diagnostic()?);
        read.push((page, kind));
    }
    let read: Vec<_> = read
        .iter()
        .map(|(page, kind)| (page.name.as_str(), *kind, page.html.as_slice()))
        .collect();
    findings.extend(draft.check_facts(&read));
    findings.sort_by_key(|finding| finding.span.start);
    let findings: Vec<Located> = findings
        .into_iter()
        .map(|finding| Located::new(&file, &text, finding))
        .collect();
    match args.format {
        Format::Text => print(&text::render(&text, &findings)),
        Format::Json => print(&to_json(&findings)?),
        Format::Sarif => print(&to_json(&sarif::log(&findings))?),
    }
    let is_fatal = |found: &Located| args.deny_warnings || found.severity() == Severity::Error;
    Ok(!findings.iter().any(is_fatal))
}

/// Writes to standard output; whoever closed it wants no more of it, and the exit code still counts.
fn print(text: &str) {
    let end = if text.ends_with('\n') { "" } else { "\n" };
    let _ = write!(io::stdout(), "{text}{end}");
}

fn to_json(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string_pretty(value).map_err(|error| miette!("{error}"))
}
