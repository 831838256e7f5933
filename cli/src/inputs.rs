//! Inputs that several subcommands take.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use clap::error::ErrorKind;
use miette::{IntoDiagnostic, Result, WrapErr};
use tailorbird::site::Site;
use tailorbird_trainer::FeedFile;
use tailorbird_trainer::import::Mapping;
use tailorbird_trainer::input::is_stdin;

/// Reads the flag of a feed, a file with or without its language.
pub fn feed(text: &str) -> Result<FeedFile, String> {
    let is_lang = |lang: &str| {
        !lang.is_empty()
            && lang.len() <= 16
            && lang.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    Ok(match text.split_once('=') {
        Some((lang, path)) if is_lang(lang) => FeedFile {
            lang: Some(lang.to_owned()),
            path: path.into(),
        },
        _ => FeedFile {
            lang: None,
            path: text.into(),
        },
    })
}

/// The files of feeds.
pub fn feed_paths(feeds: &[FeedFile]) -> impl Iterator<Item = &PathBuf> {
    feeds.iter().map(|feed| &feed.path)
}

/// Ends with a usage error where standard input is asked for twice: the second reader would find
/// nothing.
pub fn at_most_one_stdin<'a>(paths: impl Iterator<Item = &'a PathBuf>) {
    let count = paths.filter(|path| is_stdin(path)).count();
    if count > 1 {
        let message = format!(
            "expected `-` (standard input) for one input at most, found it {count} times; \
             write the others to files\n"
        );
        clap::Error::raw(ErrorKind::ArgumentConflict, message).exit();
    }
}

/// Reads a mapping file.
pub fn read_mapping(path: &Path) -> Result<Mapping> {
    let text = read_text(path)?;
    Mapping::parse(&text, &path.display().to_string()).into_diagnostic()
}

/// Reads and checks a site.toml.
pub fn read_site(path: &Path) -> Result<Site> {
    let text = read_text(path)?;
    tailorbird::site::parse(&path.display().to_string(), &text).map_err(|error| (*error).into())
}

fn read_text(path: &Path) -> Result<String> {
    fs::read_to_string(path)
        .into_diagnostic()
        .wrap_err_with(|| format!("cannot read {}", path.display()))
}

/// Seconds since 1970.
pub fn now() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|age| i64::try_from(age.as_secs()).ok())
        .unwrap_or(0)
}
