//! Reading all feeds and all event files.

use super::{BuildInputs, BuildReport, FeedFile, TrainError};
use crate::events::{self, Event, EventName};
use crate::feed::{Catalogue, FeedError, FeedName};
use crate::input;
use crate::interactions::{Interaction, Log, MEMORY_INTERACTIONS, Owner, Store, StoreError};
use crate::report::{Progress, Stage, WarningKind, Warnings};

/// How far after the snapshot's creation an event may lie, in microseconds: a day, for clocks and
/// time zones that are set wrongly. A single later event would make all others look old.
const MAX_CLOCK_SKEW: i64 = 86_400_000_000;

/// The catalogue of all feeds, the first locale's first.
pub(super) fn read_feeds(
    inputs: &BuildInputs,
    report: &mut BuildReport,
    progress: &mut dyn FnMut(Progress),
) -> Result<Catalogue, TrainError> {
    let locales = &inputs.site.locales;
    let primary = locales.first().ok_or(TrainError::NoLocale)?;
    if inputs.feeds.is_empty() {
        return Err(TrainError::NoFeed);
    }
    let mut by_locale: Vec<Option<&FeedFile>> = vec![None; locales.len()];
    for feed in &inputs.feeds {
        let lang = feed.lang.as_deref().unwrap_or(&primary.lang);
        let file = || feed.path.display().to_string();
        let Some(position) = locales
            .iter()
            .position(|locale| locale.lang.eq_ignore_ascii_case(lang))
        else {
            let expected = locales
                .iter()
                .map(|locale| locale.lang.as_str())
                .collect::<Vec<_>>()
                .join(", ");
            return Err(TrainError::UnknownLocale {
                file: file(),
                expected,
                found: lang.to_owned(),
            });
        };
        if by_locale[position].replace(feed).is_some() {
            return Err(TrainError::SecondFeed {
                file: file(),
                lang: lang.to_owned(),
            });
        }
    }
    let mut catalogue = Catalogue::new(locales.len());
    for (locale, feed) in by_locale.iter().enumerate() {
        let Some(feed) = feed else { continue };
        let file = feed.path.display().to_string();
        let input = input::open(&feed.path).map_err(|source| FeedError::Open {
            file: file.clone(),
            source,
        })?;
        let name = FeedName {
            file: &file,
            locale,
            currency: &locales[locale].currency,
        };
        let before = report.feed_rows;
        report.feed_rows += catalogue.read(name, input, &mut report.warnings, &mut |rows| {
            progress(Progress {
                stage: Stage::Feed,
                done: before + rows,
                total: None,
            });
        })?;
    }
    progress(Progress {
        stage: Stage::Feed,
        done: report.feed_rows,
        total: Some(report.feed_rows),
    });
    Ok(catalogue)
}

/// What happened to the catalogue's items.
pub(super) fn read_events(
    inputs: &BuildInputs,
    catalogue: &Catalogue,
    report: &mut BuildReport,
    progress: &mut dyn FnMut(Progress),
) -> Result<Log, TrainError> {
    let latest = inputs
        .created
        .saturating_mul(1_000_000)
        .saturating_add(MAX_CLOCK_SKEW);
    let mut store = Store::new(MEMORY_INTERACTIONS);
    for path in &inputs.events {
        let file = path.display().to_string();
        let failed = |source| TrainError::Events {
            file: file.clone(),
            source,
        };
        let mut input = input::open(path).map_err(failed)?;
        let before = report.event_lines;
        let mut used = 0;
        let mut kept = Ok(());
        let counts = events::read(
            &mut *input,
            &file,
            &mut report.warnings,
            &mut |lines| {
                progress(Progress {
                    stage: Stage::Events,
                    done: before + lines,
                    total: None,
                })
            },
            |event, line, warnings| {
                if event.time > latest {
                    warnings.add(WarningKind::FutureEvent, &file, line, || {
                        let time = event.time / 1_000_000;
                        format!(
                            "expected a time before {}, found {time}, in seconds since 1970",
                            latest / 1_000_000
                        )
                    });
                } else if kept.is_ok() {
                    match add(event, catalogue, &mut store, &file, line, warnings) {
                        Ok(is_used) => used += u64::from(is_used),
                        Err(error) => kept = Err(error),
                    }
                }
            },
        )
        .map_err(failed)?;
        kept?;
        report.event_lines += counts.lines;
        report.other_events += counts.other;
        report.events += used;
    }
    progress(Progress {
        stage: Stage::Events,
        done: report.event_lines,
        total: Some(report.event_lines),
    });
    Ok(store.finish())
}

/// Adds an event's known items and says whether there were any.
fn add(
    event: Event,
    catalogue: &Catalogue,
    store: &mut Store,
    file: &str,
    line: u64,
    warnings: &mut Warnings,
) -> Result<bool, StoreError> {
    // What was merely shown teaches these models nothing and would be the bulk of all memory.
    if matches!(event.name, EventName::ViewItemList | EventName::Search) {
        return Ok(false);
    }
    let owner = match (event.session, event.visitor) {
        (Some(session), _) => Owner::Session(session),
        (None, Some(visitor)) => Owner::Visitor(visitor),
        (None, None) => Owner::Nobody,
    };
    let mut is_known = false;
    for item in event.items {
        match catalogue.position(&item.id) {
            Some(item) => {
                is_known = true;
                store.push(Interaction {
                    name: event.name,
                    item,
                    time: event.time,
                    owner,
                })?;
            }
            None => warnings.add(WarningKind::UnknownItem, file, line, || {
                format!(
                    "expected an id of a feed, found {}",
                    crate::report::found(&item.id)
                )
            }),
        }
    }
    Ok(is_known)
}
