//! Writes what is sound in a shop's data, visitors' ids replaced.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use tailorbird::snapshot::{Availability, ItemRecord, ItemText};

use super::sessions::Who;
use super::sieve::Sieve;
use super::{CheckError, CheckInputs};
use crate::events::{self, Event, EventName, EventSource, Line, LineItem, Scalar};
use crate::feed::{Catalogue, Field, format_price, write_day, write_time};
use crate::report::{Progress, Stage, Warnings};

/// The name of the file of cleaned events.
pub const EVENTS_FILE: &str = "events.jsonl";

/// What was written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Cleaned {
    /// The files.
    pub files: Vec<String>,
    /// Events written.
    pub events: u64,
    /// Events that were read and left out.
    pub events_left_out: u64,
    /// Products written, in all languages together.
    pub feed_rows: u64,
}

/// The files that will be written.
pub(super) fn files(inputs: &CheckInputs, folder: &Path) -> Vec<PathBuf> {
    let locales = 0..inputs.site.locales.len();
    let feeds = locales.map(|locale| folder.join(feed_name(inputs, locale)));
    feeds.chain([folder.join(EVENTS_FILE)]).collect()
}

fn feed_name(inputs: &CheckInputs, locale: usize) -> String {
    match inputs.site.locales.as_slice() {
        [_] => "feed.tsv".to_owned(),
        locales => format!("feed.{}.tsv", locales[locale].lang),
    }
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> CheckError {
    let file = path.display().to_string();
    |source| CheckError::Write { file, source }
}

/// Writes the items that a locale can show, each locale's into a feed of its own.
pub(super) fn write_feeds(
    inputs: &CheckInputs,
    folder: &Path,
    catalogue: &Catalogue,
    cleaned: &mut Cleaned,
) -> Result<(), CheckError> {
    fs::create_dir_all(folder).map_err(failed(folder))?;
    for (locale, of) in inputs.site.locales.iter().enumerate() {
        let shown = catalogue.items().iter();
        let shown: Vec<&ItemRecord> = shown.filter(|item| is_shown_in(item, locale)).collect();
        if shown.is_empty() {
            continue;
        }
        let path = folder.join(feed_name(inputs, locale));
        write_feed(&path, &shown, locale, &of.currency).map_err(failed(&path))?;
        cleaned.feed_rows += shown.len() as u64;
        cleaned.files.push(path.display().to_string());
    }
    Ok(())
}

fn write_feed(path: &Path, items: &[&ItemRecord], locale: usize, currency: &str) -> io::Result<()> {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(b'\t')
        .from_writer(BufWriter::new(File::create(path)?));
    writer.write_record(Field::ALL.map(|(name, _)| name))?;
    for item in items {
        let row = row(item, locale, currency);
        writer.write_record(row.iter().map(|field| field.as_bytes()))?;
    }
    writer.flush()
}

fn is_shown_in(item: &ItemRecord, locale: usize) -> bool {
    let text = item.texts.get(locale);
    text.is_some_and(|text| !text.link.is_empty())
}

/// An item's fields in the order of [`Field::ALL`].
fn row<'a>(
    item: &'a ItemRecord,
    locale: usize,
    currency: &str,
) -> [Cow<'a, str>; Field::ALL.len()] {
    let text = &item.texts[locale];
    let price = |price: Option<u32>| price.map(|price| format_price(price, currency));
    let label = |n: usize| item.labels.get(n).map_or("", String::as_str).into();
    let availability = match item.availability {
        Availability::InStock => "in_stock",
        Availability::OutOfStock => "out_of_stock",
        Availability::Preorder => "preorder",
        Availability::Backorder => "backorder",
    };
    [
        item.id.as_str().into(),
        text.title.as_str().into(),
        text.link.as_str().into(),
        text.image.as_str().into(),
        price(text.price).unwrap_or_default().into(),
        price(text.sale_price).unwrap_or_default().into(),
        availability.into(),
        item.category.as_str().into(),
        item.brand.as_str().into(),
        item.color.as_str().into(),
        item.size.as_str().into(),
        item.material.as_str().into(),
        item.group.as_str().into(),
        item.quantity
            .map(|count| count.to_string())
            .unwrap_or_default()
            .into(),
        // Handling and transit are known by their sum.
        item.delivery_days
            .map(|days| days.to_string())
            .unwrap_or_default()
            .into(),
        "".into(),
        label(0),
        label(1),
        label(2),
        label(3),
        label(4),
        item.added_day.map(write_day).unwrap_or_default().into(),
        sale_dates(text).into(),
    ]
}

fn sale_dates(text: &ItemText) -> String {
    let time = |seconds: Option<i64>| seconds.map(write_time).unwrap_or_default();
    match (text.sale_starts, text.sale_ends) {
        (None, None) => String::new(),
        (start, end) => format!("{}/{}", time(start), time(end)),
    }
}

/// Reads all events again and writes those that count.
pub(super) fn write_events(
    inputs: &CheckInputs,
    folder: &Path,
    catalogue: &Catalogue,
    bots: &HashSet<Who>,
    cleaned: &mut Cleaned,
    progress: &mut dyn FnMut(Progress),
) -> Result<(), CheckError> {
    fs::create_dir_all(folder).map_err(failed(folder))?;
    let locales = 0..inputs.site.locales.len();
    let is_shown = |item: &ItemRecord| locales.clone().any(|locale| is_shown_in(item, locale));
    let known: Vec<bool> = catalogue.items().iter().map(is_shown).collect();
    // Where nothing is described, all that has an id counts.
    let has_feed = known.contains(&true);
    let is_known = |id: &str| {
        let position = catalogue.position(id);
        position.is_some_and(|at| !has_feed || known.get(at as usize) == Some(&true))
    };
    let path = folder.join(EVENTS_FILE);
    let file = File::create(&path).map_err(failed(&path))?;
    let mut out = BufWriter::new(file);
    let mut sieve = Sieve::new(inputs.latest());
    let mut result = Ok(());
    for input in &inputs.events {
        let source = EventSource {
            path: input,
            mapping: inputs.mapping.as_ref(),
            products: None,
        };
        let mut done = |lines| {
            progress(Progress {
                stage: Stage::Events,
                done: lines,
                total: None,
            });
        };
        let each = |mut event: Event, _: u64, _: &mut Warnings| {
            let is_bot = Who::of(&event).is_some_and(|who| bots.contains(&who));
            let counts = sieve.look(&event).is_ok() && !is_bot && result.is_ok();
            event.items.retain(|item| is_known(&item.id));
            if !counts || (event.items.is_empty() && event.name != EventName::Search) {
                cleaned.events_left_out += 1;
                return;
            }
            cleaned.events += 1;
            result = write_event(&mut out, &event);
        };
        events::read_source(source, &mut Warnings::default(), &mut done, each)?;
    }
    result.and_then(|()| out.flush()).map_err(failed(&path))?;
    cleaned.files.push(path.display().to_string());
    Ok(())
}

fn write_event(out: &mut impl Write, event: &Event) -> io::Result<()> {
    let pseudonym = |id: Option<u64>| id.map(|id| Scalar::Text(format!("{id:016x}").into()));
    let items = event.items.iter().map(|item| LineItem {
        item_id: Some(Scalar::Text(Cow::Borrowed(&item.id))),
        quantity: (item.quantity != 1.0).then(|| Scalar::of(f64::from(item.quantity))),
    });
    let term = event.search_term.as_deref();
    let line = Line {
        event_name: Cow::Borrowed(event.name.name()),
        event_timestamp: Scalar::Int(event.time),
        user_pseudo_id: pseudonym(event.visitor),
        ga_session_id: pseudonym(event.session),
        items: Some(items.collect()),
        search_term: term.map(|term| Scalar::Text(Cow::Borrowed(term))),
        event_params: Default::default(),
    };
    serde_json::to_writer(&mut *out, &line)?;
    out.write_all(b"\n")
}
