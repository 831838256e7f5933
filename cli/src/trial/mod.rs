//! `tailorbird try`: what an edge would make of a page.

mod diff;
mod explain;
mod side_by_side;
mod visit;

use std::fmt::Write as _;
use std::fs;
use std::io::{self, IsTerminal, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use miette::{IntoDiagnostic, Result, WrapErr, miette};
use tailorbird::site::canonical_path;
use tailorbird::{Engine, Exposures};

use crate::inputs::now;
use crate::pages::{self, PageSource};
use crate::snapshots;

/// Show what an edge would change on a page, in HTML or JSON, as a diff
#[derive(clap::Args)]
#[command(
    after_help = "Exit codes: 0 done, 1 failed, or a place inside what the browser renders again, 2 wrong flags.\n\n\
    The diff's lines end before tags, too, so that what stands in one line of the page can be told apart.\n\n\
    Examples:\n  \
    tailorbird try https://shop.example/en/ --viewed TB-10234,TB-10008 --explain\n  \
    tailorbird try search.json --path '/en/search.json?q=mug' --viewed TB-10234\n  \
    tailorbird try listing.html --path /en/c/mugs --cookie 'consent=personalisation' --html out.html"
)]
pub struct Args {
    /// A URL, or a file
    #[arg(value_name = "URL|FILE", value_parser = pages::source)]
    page: PageSource,
    /// A snapshot file, or a directory with its `current` one
    #[arg(long, default_value = "model-snapshots", value_name = "DIR|FILE")]
    snapshot: PathBuf,
    /// The visitor consented and looked at these products, the newest last
    #[arg(long, value_name = "ID,…", value_delimiter = ',')]
    viewed: Vec<String>,
    /// What the visitor's browser sends: name=value; name=value
    #[arg(long, value_name = "COOKIES")]
    cookie: Option<String>,
    /// The page's path, for a file [default: that of its canonical link]
    #[arg(long, value_name = "PATH", value_parser = path)]
    path: Option<String>,
    /// Say why: which selectors match, which strategies were asked, and from which views items come
    #[arg(long)]
    explain: bool,
    /// Write a page with the shop's page and the changed one side by side, and why
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Write the changed page alone, to the byte
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
    /// The time on the edge's clock, seconds since 1970 [default: now]
    #[arg(long, value_name = "SECONDS")]
    now: Option<i64>,
}

fn path(text: &str) -> Result<String, String> {
    let sound = text.starts_with('/') && !text.starts_with("//");
    sound
        .then(|| text.to_owned())
        .ok_or_else(|| "expected a path that starts with /, like /en/c/mugs".to_owned())
}

/// What became of the page.
struct Rewritten {
    html: Vec<u8>,
    exposures: Exposures,
    /// Deciding what to do.
    decided: Duration,
    /// Carrying it out.
    rewritten: Duration,
    /// The most bytes that came in one after the other while none left.
    held: usize,
}

/// Runs the page, and gives the exit code: what the browser renders again is refused as `check` does.
pub fn run(args: Args) -> ExitCode {
    match show(args) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(report) => {
            eprintln!("{report:?}");
            ExitCode::FAILURE
        }
    }
}

/// Whether no place of the page is refused.
fn show(args: Args) -> Result<bool> {
    let (file, bytes) = snapshots::read(&args.snapshot)?;
    let engine = Engine::open(bytes)
        .into_diagnostic()
        .wrap_err_with(|| format!("{} cannot be used", file.display()))?;
    let (_, snapshot) = snapshots::open(&file)?;
    let snapshot = Arc::new(snapshot);
    let site = snapshot.site().into_diagnostic()?;
    let page = pages::read(&args.page)?;
    let target = args.path.clone().or_else(|| page.target.clone());
    let target = target
        .or_else(|| canonical_path(&page.html))
        .ok_or_else(|| miette!("{}: say which page it is: --path /en/c/mugs", page.name))?;
    let cookies = visit::cookies(&snapshot, &site, &args.viewed, args.cookie.as_deref())?;
    let visit = visit::Visit {
        target,
        cookies,
        content_type: page.content_type.clone(),
        now: args.now.unwrap_or_else(now),
    };
    let mut out = String::new();
    let changed = visit::rewrite(&engine, &visit, &page.html)?;
    let _ = writeln!(
        out,
        "{} as {} with {}",
        page.name,
        visit.target,
        file.display()
    );
    match &changed {
        Ok(changed) => summary(changed, page.html.len(), &mut out),
        Err(reason) => {
            let _ = writeln!(out, "nothing changes: {reason}");
        }
    }
    explain::facts(&snapshot, &site, &visit, &page, &mut out);
    let is_sound = explain::refuse_roots(&snapshot, &site, &visit, &page, &mut out)?;
    if args.explain {
        explain::explain(&snapshot, &site, &visit, &page, &mut out)?;
    }
    if let Ok(changed) = &changed {
        out.push('\n');
        out.push_str(&diff::render(&page.html, &changed.html, colours()));
    }
    // Whoever closed standard output wants no more of it.
    let _ = io::stdout().write_all(out.as_bytes());
    if let Some(file) = &args.html {
        let seen = side_by_side::Seen {
            snapshot: &snapshot,
            site: &site,
            visit: &visit,
            page: &page,
            changed: changed.as_ref().map_err(String::as_str),
        };
        write(file, side_by_side::render(&seen)?.as_bytes())?;
    }
    if let Some(file) = &args.write {
        let html = changed.as_ref().map_or(&page.html, |changed| &changed.html);
        write(file, html)?;
    }
    Ok(is_sound)
}

fn write(file: &Path, bytes: &[u8]) -> Result<()> {
    fs::write(file, bytes)
        .into_diagnostic()
        .wrap_err_with(|| format!("cannot write {}", file.display()))
}

fn summary(changed: &Rewritten, before: usize, out: &mut String) {
    let Rewritten {
        html,
        exposures,
        decided,
        rewritten,
        held,
    } = changed;
    for place in &exposures.places {
        let _ = match place.strategy {
            "" => writeln!(out, "  {:<20} inserted", place.place),
            strategy => writeln!(
                out,
                "  {:<20} {} items by {strategy}: {}",
                place.place,
                place.items.len(),
                place.items.join(", ")
            ),
        };
    }
    for list in &exposures.lists {
        let _ = writeln!(
            out,
            "  {:<20} {} of {} tiles stand elsewhere",
            list.place, list.moved, list.tiles
        );
    }
    if let Some(reason) = &exposures.gave_up {
        let _ = writeln!(out, "  gave up on the rest of the page: {reason}");
    }
    let micros = |time: &Duration| time.as_micros();
    let _ = writeln!(
        out,
        "  {before} bytes in, {} out; at most {held} held back; decided in {} µs, rewritten in {} µs",
        html.len(),
        micros(decided),
        micros(rewritten)
    );
}

/// Whether somebody watches who did not ask for plain text (no-color.org).
fn colours() -> bool {
    io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}
