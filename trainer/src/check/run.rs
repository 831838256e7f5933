//! The two passes.

use std::path::Path;

use super::clean::{Cleaned, files, write_events, write_feeds};
use super::finding::Verdict;
use super::pass::Pass;
use super::{CheckError, CheckInputs, CheckReport, FORMAT};
use crate::build::{TrainError, by_locale};
use crate::import::Products;
use crate::input::is_stdin;
use crate::report::Progress;

/// Looks at everything, and writes cleaned data where [`CheckInputs::clean`] says so.
///
/// # Errors
///
/// [`CheckError`] when the inputs do not fit together or cleaned data cannot be written. What is wrong
/// with the data is in the report.
pub fn check(
    inputs: &CheckInputs,
    progress: &mut dyn FnMut(Progress),
) -> Result<CheckReport, CheckError> {
    refuse(inputs)?;
    let mut pass = Pass::new(inputs);
    let mut rows = 0;
    for (locale, feed) in by_locale(&inputs.feeds, &inputs.site.locales)? {
        rows += pass.read_feed(locale, feed, rows, progress);
    }
    let mut products = inputs.feeds.is_empty().then(Products::default);
    for path in &inputs.events {
        pass.read_events(path, products.as_mut(), progress);
    }
    pass.describe(products.as_ref())?;
    let catalogue = std::mem::take(&mut pass.catalogue);
    let sessions = pass.take_sessions();
    let (bots, session_findings) = sessions.finish();
    let findings = pass.findings(&catalogue, session_findings);
    // Half of the data would not be what was asked for, so nothing is cleaned where an input is missing.
    let clean = inputs.clean.as_ref().filter(|_| pass.is_readable());
    let cleaned = match clean {
        None => None,
        Some(folder) => {
            let mut cleaned = Cleaned::default();
            write_feeds(inputs, folder, &catalogue, &mut cleaned)?;
            if !inputs.events.is_empty() {
                write_events(inputs, folder, &catalogue, &bots, &mut cleaned, progress)?;
            }
            Some(cleaned)
        }
    };
    let count = |verdict| findings.iter().filter(|of| of.verdict == verdict).count() as u32;
    Ok(CheckReport {
        format: FORMAT,
        passed: count(Verdict::Pass),
        warnings: count(Verdict::Warn),
        failed: count(Verdict::Fail),
        findings,
        cleaned,
    })
}

/// Refuses what cannot be done, before minutes of work.
fn refuse(inputs: &CheckInputs) -> Result<(), CheckError> {
    if inputs.site.locales.is_empty() {
        return Err(TrainError::NoLocale.into());
    }
    if inputs.feeds.is_empty() && inputs.events.is_empty() {
        return Err(TrainError::NoInput.into());
    }
    let Some(folder) = &inputs.clean else {
        return Ok(());
    };
    if inputs.events.iter().any(|path| is_stdin(path)) {
        return Err(CheckError::CleanNeedsFiles);
    }
    let feeds = inputs.feeds.iter().map(|feed| &feed.path);
    let sources: Vec<_> = feeds
        .chain(&inputs.events)
        .filter_map(|path| path.canonicalize().ok())
        .collect();
    for file in files(inputs, folder) {
        let is_source = |file: &Path| {
            file.canonicalize()
                .is_ok_and(|file| sources.contains(&file))
        };
        if is_source(&file) {
            let file = file.display().to_string();
            return Err(CheckError::OverInput { file });
        }
    }
    Ok(())
}
