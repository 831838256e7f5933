//! Reading all feeds and all event files.

use tailorbird::site::Locale;

use super::before::FirstSeen;
use super::feeds::{by_locale, describe};
use super::{BuildInputs, BuildReport, FeedFile, TrainError};
use crate::events::{self, Event, EventName, EventSource};
use crate::feed::{Catalogue, FeedError, FeedName, MAX_ITEMS};
use crate::import::Products;
use crate::input;
use crate::interactions::{Interaction, Log, MEMORY_INTERACTIONS, Owner, Store, StoreError};
use crate::report::{Progress, Stage, WarningKind, Warnings};

/// How far after the snapshot's creation an event may lie, in microseconds: a day, for clocks and
/// time zones that are set wrongly. A single later event would make all others look old.
pub(crate) const MAX_CLOCK_SKEW: i64 = 86_400_000_000;

/// The catalogue of all feeds, the first locale's first; without a feed one that takes any item.
pub(super) fn read_feeds(
    inputs: &BuildInputs,
    report: &mut BuildReport,
    progress: &mut dyn FnMut(Progress),
) -> Result<Catalogue, TrainError> {
    let locales = &inputs.site.locales;
    if locales.is_empty() {
        return Err(TrainError::NoLocale);
    }
    if inputs.feeds.is_empty() {
        if inputs.events.is_empty() {
            return Err(TrainError::NoInput);
        }
        return Ok(Catalogue::growing(locales.len()));
    }
    let (catalogue, rows) = read_catalogue(&inputs.feeds, locales, &mut report.warnings, progress)?;
    report.feed_rows = rows;
    Ok(catalogue)
}

/// The catalogue of one feed, for a shop with one locale.
///
/// # Errors
///
/// [`TrainError`] when the feed as a whole cannot be used.
pub fn read_feed(
    feed: &FeedFile,
    locale: &Locale,
    warnings: &mut Warnings,
) -> Result<Catalogue, TrainError> {
    let (feeds, locales) = (std::slice::from_ref(feed), std::slice::from_ref(locale));
    Ok(read_catalogue(feeds, locales, warnings, &mut |_| ())?.0)
}

/// The catalogue of feeds, and how many rows they have.
pub(crate) fn read_catalogue(
    feeds: &[FeedFile],
    locales: &[Locale],
    warnings: &mut Warnings,
    progress: &mut dyn FnMut(Progress),
) -> Result<(Catalogue, u64), TrainError> {
    let feeds = by_locale(feeds, locales)?;
    let mut rows = 0;
    let mut catalogue = Catalogue::new(locales.len());
    for (locale, feed) in feeds {
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
        let before = rows;
        rows += catalogue.read(name, input, warnings, &mut |rows| {
            progress(Progress {
                stage: Stage::Feed,
                done: before + rows,
                total: None,
            });
        })?;
    }
    progress(Progress {
        stage: Stage::Feed,
        done: rows,
        total: Some(rows),
    });
    Ok((catalogue, rows))
}

/// What happened to the catalogue's items, and when first.
pub(super) fn read_events(
    inputs: &BuildInputs,
    catalogue: &mut Catalogue,
    report: &mut BuildReport,
    progress: &mut dyn FnMut(Progress),
) -> Result<(Log, FirstSeen), TrainError> {
    let latest = inputs
        .created
        .saturating_mul(1_000_000)
        .saturating_add(MAX_CLOCK_SKEW);
    let mut store = Store::new(MEMORY_INTERACTIONS);
    let mut first_seen = FirstSeen::default();
    // Without a feed the products are what a foreign log says of them.
    let mut products = inputs.feeds.is_empty().then(Products::default);
    for path in &inputs.events {
        let file = path.display().to_string();
        let before = report.event_lines;
        let mut used = 0;
        let mut kept = Ok(());
        let source = EventSource {
            path,
            mapping: inputs.mapping.as_ref(),
            products: products.as_mut(),
        };
        let counts = events::read_source(
            source,
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
                    first_seen.event(event.time);
                    let to = (&mut store, &mut first_seen);
                    match add(event, catalogue, to, &file, line, warnings) {
                        Ok(is_used) => used += u64::from(is_used),
                        Err(error) => kept = Err(error),
                    }
                }
            },
        )?;
        kept?;
        if catalogue.is_full() {
            let limit = MAX_ITEMS;
            return Err(TrainError::TooManyItems { file, limit });
        }
        report.event_lines += counts.lines;
        report.other_events += counts.other;
        report.events += used;
    }
    progress(Progress {
        stage: Stage::Events,
        done: report.event_lines,
        total: Some(report.event_lines),
    });
    if let (Some(products), Some(mapping)) = (products, &inputs.mapping) {
        let currency = &inputs.site.locales[0].currency;
        let warnings = &mut report.warnings;
        report.feed_rows = describe(
            mapping,
            &products,
            currency,
            catalogue,
            warnings,
            &mut |_, _| (),
        )?;
    }
    Ok((store.finish(), first_seen))
}

/// Adds an event's known items and says whether there were any.
fn add(
    event: Event,
    catalogue: &mut Catalogue,
    (store, first_seen): (&mut Store, &mut FirstSeen),
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
        match catalogue.place(&item.id) {
            Some(item) => {
                is_known = true;
                first_seen.item(item, event.time);
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
