//! Who of a log's visitors may like a product: for a mail to those who would want to hear of a new one.
//!
//! Each event says something of its visitor's taste: a view, more a product in the cart, most a purchase
//! ([`weight`](crate::train::weight)), each worth half after [`HALF_LIFE_DAYS`]. For each [`Reason`] the
//! share of all that a visitor did that agrees with the product is their *affinity*; [`PRIOR_EVENTS`]
//! events that agree with nothing are added, so that one view makes nobody a fan. The score is the sum of
//! the affinities, each times its [weight](Reason::weight). These weights are set by judgement; they are
//! not measured.
//!
//! The log streams: memory holds a few numbers for each visitor, at most [`MAX_VISITORS`].

mod names;
mod relevance;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use tailorbird::snapshot::{ItemKey, Snapshot};

pub use relevance::Reason;
use relevance::{REASONS, Relevance};

use crate::events::{self, Event, EventName, EventSource, ReadError};
use crate::import::Mapping;
use crate::report::{Progress, Stage, Warnings};
use crate::sessions::MAX_OWNER_INTERACTIONS;
use crate::train::weight;

/// After so many days what a visitor did counts half.
pub const HALF_LIFE_DAYS: f64 = 30.0;
/// How many events that agree with nothing each visitor has beside their own.
pub const PRIOR_EVENTS: f64 = 5.0;
/// The most visitors that are remembered, some 80 bytes each; those who come after them are counted.
pub const MAX_VISITORS: usize = 8_000_000;
/// The most visitors that are listed.
pub const MAX_LISTED: usize = 1_000_000;

const MICROSECONDS_A_DAY: f64 = 86_400e6;

/// What is asked.
#[derive(Debug)]
pub struct AudienceInputs<'a> {
    /// Has the product, and what the log's other products are.
    pub snapshot: &'a Snapshot,
    /// The product's id.
    pub item: &'a str,
    /// Event files, `-` for standard input.
    pub events: &'a [PathBuf],
    /// What the columns mean, where `events` are logs of another system.
    pub mapping: Option<&'a Mapping>,
    /// How many visitors are listed, at most [`MAX_LISTED`].
    pub top: usize,
    /// Whether visitors are named by the log's own ids instead of pseudonyms. Reads the log twice, and
    /// only logs of JSON lines.
    pub plain_ids: bool,
}

/// Why nobody could be ranked.
#[derive(Debug, thiserror::Error)]
pub enum AudienceError {
    /// The product is not there.
    #[error("expected the id of an item of the snapshot or feed, found `{found}`")]
    UnknownItem {
        /// What was asked for.
        found: String,
    },
    /// Ids are only in files of JSON lines, which can be read a second time.
    #[error(
        "plain ids: expected files of JSON lines, found standard input or another system's log"
    )]
    NoPlainIds,
    /// An event file cannot be read.
    #[error(transparent)]
    Events(#[from] ReadError),
}

/// Those who may like a product, and how many were looked at.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Audience {
    /// The product.
    pub item: String,
    /// Best first.
    pub visitors: Vec<Member>,
    /// All visitors of the log with at least one known product.
    pub seen: u64,
    /// Those who bought the product already; they are not listed.
    pub bought: u64,
    /// Those who did more than a person does; they are not listed.
    pub machines: u64,
    /// Those of whom nothing agrees with the product.
    pub indifferent: u64,
    /// Events of those who came after [`MAX_VISITORS`] others.
    pub crowded: u64,
    /// What was wrong in the log.
    pub warnings: Warnings,
}

/// One visitor, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// The log's id, or 16 hexadecimal digits in its place, the same in each run.
    pub visitor: String,
    /// Above 0; only to be compared within one list.
    pub score: f64,
    /// By [`Reason::ALL`]: the share of what this visitor did, 0 to 1, that agrees with the product.
    pub affinities: [f64; REASONS],
    /// Days from the visitor's last event to the newest one of the log.
    pub days_ago: u32,
    /// The visitor's views, products in the cart and purchases.
    pub events: u32,
}

/// What is remembered of a visitor.
#[derive(Debug, Clone, Copy)]
struct Taste {
    sums: [f64; REASONS],
    total: f64,
    last: i64,
    events: u32,
    has_bought: bool,
}

/// Ranks a log's visitors.
///
/// # Errors
///
/// [`AudienceError`]; a damaged line is a warning.
pub fn audience(
    inputs: &AudienceInputs<'_>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Audience, AudienceError> {
    let AudienceInputs { snapshot, item, .. } = *inputs;
    let is_file = |path: &PathBuf| !crate::input::is_stdin(path);
    if inputs.plain_ids && (inputs.mapping.is_some() || !inputs.events.iter().all(is_file)) {
        return Err(AudienceError::NoPlainIds);
    }
    let target = find(snapshot, item).ok_or_else(|| AudienceError::UnknownItem {
        found: item.to_owned(),
    })?;
    let relevance = Relevance::to(snapshot, target);
    let mut found = Audience {
        item: item.to_owned(),
        ..Audience::default()
    };
    let mut tastes: HashMap<u64, Taste> = HashMap::new();
    // Weights grow with time from the first event on instead of wearing off from the newest one, which a
    // stream does not know: at the end all are divided by the same number.
    let (mut first, mut newest, mut lines) = (None, i64::MIN, 0);
    for path in inputs.events {
        let before = lines;
        let counts = read(
            inputs,
            path,
            &mut found.warnings,
            &mut |done| {
                progress(Progress {
                    stage: Stage::Events,
                    done: before + done,
                    total: None,
                });
            },
            |event| {
                let Some((visitor, worth)) = event.visitor.zip(weight(event.name)) else {
                    return;
                };
                let first = *first.get_or_insert(event.time);
                newest = newest.max(event.time);
                let age = (event.time - first) as f64 / MICROSECONDS_A_DAY;
                let worth = worth * libm::exp2(age / HALF_LIFE_DAYS);
                for item in event
                    .items
                    .iter()
                    .filter_map(|item| find(snapshot, &item.id))
                {
                    if tastes.len() >= MAX_VISITORS && !tastes.contains_key(&visitor) {
                        found.crowded += 1;
                        continue;
                    }
                    let taste = tastes.entry(visitor).or_insert(Taste {
                        sums: [0.0; REASONS],
                        total: 0.0,
                        last: i64::MIN,
                        events: 0,
                        has_bought: false,
                    });
                    taste.total += worth;
                    taste.last = taste.last.max(event.time);
                    taste.events = taste.events.saturating_add(1);
                    taste.has_bought |= event.name == EventName::Purchase && item == target;
                    for (sum, agrees) in taste.sums.iter_mut().zip(relevance.of(item)) {
                        *sum += worth * f64::from(agrees);
                    }
                }
            },
        )?;
        lines += counts;
    }
    let span = newest.saturating_sub(first.unwrap_or(newest)) as f64 / MICROSECONDS_A_DAY;
    let prior = PRIOR_EVENTS * libm::exp2(span / HALF_LIFE_DAYS);
    found.seen = tastes.len() as u64;
    let mut ranked = Vec::new();
    for (visitor, taste) in tastes {
        if taste.has_bought {
            found.bought += 1;
        } else if taste.events as usize >= MAX_OWNER_INTERACTIONS {
            found.machines += 1;
        } else {
            let affinities = taste.sums.map(|sum| sum / (taste.total + prior));
            let reasons = Reason::ALL.iter().zip(affinities);
            let score: f64 = reasons.map(|(reason, share)| reason.weight() * share).sum();
            if score > 0.0 {
                ranked.push((score, visitor, taste, affinities));
            } else {
                found.indifferent += 1;
            }
        }
    }
    // Pseudonyms decide between equals: the order of a hash table is another one each time.
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    ranked.truncate(inputs.top.min(MAX_LISTED));
    let mut names = HashMap::new();
    if inputs.plain_ids {
        let wanted = ranked.iter().map(|of| of.1).collect();
        for path in inputs.events {
            names::read(path, &wanted, &mut names)?;
        }
    }
    let member = |(score, visitor, taste, affinities): (f64, u64, Taste, [f64; REASONS])| Member {
        visitor: names
            .remove(&visitor)
            .unwrap_or_else(|| format!("{visitor:016x}")),
        score,
        affinities,
        days_ago: ((newest - taste.last) as f64 / MICROSECONDS_A_DAY) as u32,
        events: taste.events,
    };
    found.visitors = ranked.into_iter().map(member).collect();
    Ok(found)
}

fn read(
    inputs: &AudienceInputs<'_>,
    path: &Path,
    warnings: &mut Warnings,
    progress: &mut dyn FnMut(u64),
    mut each: impl FnMut(Event),
) -> Result<u64, ReadError> {
    let source = EventSource {
        path,
        mapping: inputs.mapping,
        products: None,
    };
    let counts = events::read_source(source, warnings, progress, |event, _, _| each(event))?;
    Ok(counts.lines)
}

fn find(snapshot: &Snapshot, id: &str) -> Option<u32> {
    let item = snapshot.item_by_key(ItemKey::of(id))?;
    (snapshot.id(item) == Some(id)).then_some(item)
}
