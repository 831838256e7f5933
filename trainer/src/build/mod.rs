//! Feeds and events in, the source of a snapshot out.

mod before;
mod error;
mod feeds;
mod read;

use std::path::PathBuf;
use std::sync::Arc;

use serde::Serialize;
use tailorbird::site::Site;
use tailorbird::snapshot::{ItemRecord, Meta, Precision, Snapshot, SnapshotSource};

pub use before::{BACK_IN_STOCK_DAYS, LOG_BEFORE_DAYS, PRICE_BEFORE_DAYS};
pub use error::TrainError;
pub(crate) use feeds::{MAPPED_FEED, by_locale, describe};
pub(crate) use read::MAX_CLOCK_SKEW;

use crate::content::read_content;
use crate::import::Mapping;
use crate::report::{Progress, Stage, Warnings};
use crate::train::{HeldBack, Settings, train};
use crate::weather::read_weather;
pub(crate) use read::read_catalogue;
pub use read::read_feed;
use read::{read_events, read_feeds};

/// A feed and its locale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedFile {
    /// The language, as in [`Site::locales`]. `None` for a shop's only feed: the first locale.
    pub lang: Option<String>,
    /// The file; `-` for standard input.
    pub path: PathBuf,
}

/// What a snapshot is built from.
#[derive(Debug, Clone, Default)]
pub struct BuildInputs {
    /// Feeds; several files of one locale are one feed. With none the items are those that the events
    /// name, described by the mapping where there is one.
    pub feeds: Vec<FeedFile>,
    /// Event files, `-` for standard input. With none the snapshot is a cold one.
    pub events: Vec<PathBuf>,
    /// What the columns mean, where `events` are logs of another system.
    pub mapping: Option<Mapping>,
    /// The snapshot that is live: what it knows of earlier prices, stock and age is carried on.
    pub previous: Option<Arc<Snapshot>>,
    /// Content feeds: what the shop tells beside what it sells.
    pub content: Vec<FeedFile>,
    /// A table of the weather; see [`read_weather`](crate::read_weather).
    pub weather: Option<PathBuf>,
    /// The compiled site.toml.
    pub site: Site,
    /// The snapshot's number.
    pub sequence: u64,
    /// Creation, seconds since 1970. A value, so that the same inputs give the same bytes.
    pub created: i64,
    /// The end of its use, seconds since 1970; 0 for never.
    pub expires: i64,
    /// What can be tuned.
    pub settings: Settings,
}

/// A built snapshot's source, and what to tell of it.
#[derive(Debug, Clone)]
pub struct Built {
    /// Ready for the snapshot's writer.
    pub source: SnapshotSource,
    /// Counts and warnings.
    pub report: BuildReport,
    /// What a size is fitted by, where [`Settings::hold_back`] asked for it and there is enough of it.
    pub held_back: Option<HeldBack>,
}

/// Counts of a run, and what was left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct BuildReport {
    /// Rows of all feeds.
    pub feed_rows: u64,
    /// Different items.
    pub items: u64,
    /// Items that some locale can show: those with title and link there.
    pub described_items: u64,
    /// Items that the previous snapshot has, too.
    pub items_before: u64,
    /// Items with at least one neighbour.
    pub items_with_neighbours: u64,
    /// Items with at least one event.
    pub items_with_events: u64,
    /// Lines of all event files.
    pub event_lines: u64,
    /// Events with at least one known item, on which the models were trained.
    pub events: u64,
    /// Events of names that say nothing about items, `page_view` for instance.
    pub other_events: u64,
    /// Sessions with at least one view.
    pub sessions: u64,
    /// Sessions that were left out as a machine's.
    pub machines: u64,
    /// Interactions that were left out because their visitor id had too many already.
    pub crowded: u64,
    /// What was left out.
    pub warnings: Warnings,
}

/// Reads everything and trains the models.
///
/// # Errors
///
/// [`TrainError`] when an input cannot be used as a whole. What is wrong in single lines is in the
/// report.
pub fn build(
    inputs: &BuildInputs,
    progress: &mut dyn FnMut(Progress),
) -> Result<Built, TrainError> {
    let mut report = BuildReport::default();
    let previous = inputs.previous.as_deref();
    if let Some(found) = previous.map(|previous| previous.meta().created)
        && found > inputs.created
    {
        let created = inputs.created;
        return Err(TrainError::LaterPrevious { created, found });
    }
    let weather = inputs.weather.as_deref();
    let weather = weather.map(|path| read_weather(path, inputs.created, &mut report.warnings));
    let weather = weather.transpose()?.unwrap_or_default();
    let locales = &inputs.site.locales;
    let content = match inputs.content.as_slice() {
        [] => Vec::new(),
        content => by_locale(content, locales)?,
    };
    let articles = read_content(&content, locales.len(), &mut report.warnings)?;
    let mut catalogue = read_feeds(inputs, &mut report, progress)?;
    let (log, first_seen) = read_events(inputs, &mut catalogue, &mut report, progress)?;
    if catalogue.items().is_empty() {
        return Err(TrainError::NoItems);
    }
    let items = catalogue.items_mut();
    for text in items.iter_mut().flat_map(|item| &mut item.texts) {
        text.settle_sale(inputs.created);
    }
    if !before::knows_age(previous) {
        first_seen.tell(items);
    }
    if let Some(previous) = previous {
        let locales = &inputs.site.locales;
        report.items_before = before::carry_on(items, locales, previous, inputs.created);
    }
    progress(Progress {
        stage: Stage::Sessions,
        done: 0,
        total: Some(log.len()),
    });
    let model = train(
        catalogue.items(),
        &log,
        &inputs.settings,
        &mut |done, total| {
            progress(Progress {
                stage: Stage::Neighbours,
                done,
                total: Some(total),
            });
        },
    )?;
    report.items = catalogue.items().len() as u64;
    report.described_items = described(catalogue.items());
    report.items_with_neighbours = model
        .viewed_together
        .iter()
        .filter(|of| !of.is_empty())
        .count() as u64;
    report.items_with_events = model
        .popularity
        .iter()
        .filter(|&&wanted| wanted > 0.0)
        .count() as u64;
    report.sessions = model.sessions;
    report.machines = model.machines;
    report.crowded = log.left_out();
    let mut items = catalogue.into_items();
    let items = model
        .order
        .iter()
        .map(|&position| std::mem::take(&mut items[position as usize]))
        .collect();
    let source = SnapshotSource {
        meta: Meta {
            sequence: inputs.sequence,
            created: inputs.created,
            expires: inputs.expires,
            events: report.events,
            sessions: report.sessions,
        },
        items,
        viewed_together: model.viewed_together,
        bought_together: model.bought_together,
        similar_by_content: model.similar_by_content,
        trending: model.trending,
        attributes: model.attributes,
        blend: model.blend,
        neighbour_order: model.neighbour_order,
        query: model.query,
        precision: Precision::default(),
        popularity: model.popularity,
        complements: model.complements,
        clusters: model.clusters,
        weather,
        articles,
        site: inputs.site.clone(),
    };
    Ok(Built {
        source,
        report,
        held_back: model.held_back,
    })
}

fn described(items: &[ItemRecord]) -> u64 {
    let is_described = |item: &&ItemRecord| item.texts.iter().any(|text| !text.link.is_empty());
    items.iter().filter(is_described).count() as u64
}
