//! A mapping bound to a log's columns, and what it makes of a line.

use std::io::Write;

use csv::ByteRecord;

use super::ImportError;
use super::events_out::{EventsOut, Facts};
use super::feed_out::FeedOut;
use super::mapping::{Case, Emit, Mapping, Per, Rule, Test, Then};
use super::template::{Bound, Escape, Header, Template};
use crate::events::EventName;
use crate::feed::MAX_ID_BYTES;
use crate::input::text_of;
use crate::report::found;

pub(super) fn bind<'m>(
    template: &'m Option<Template>,
    mapping: &'m Mapping,
    header: &Header<'_>,
    with_item: bool,
) -> Result<Option<Bound<'m>>, ImportError> {
    template
        .as_ref()
        .map(|template| template.bind(header, &mapping.values, with_item))
        .transpose()
}

/// What became of a line.
pub(super) enum Fate {
    Used,
    Skipped,
    Unfit(String),
    TooManyItems,
}

/// A mapping bound to a log's columns.
pub(super) struct Importer<'m, W> {
    mapping: &'m Mapping,
    user: Option<Bound<'m>>,
    session: Option<Bound<'m>>,
    item: Bound<'m>,
    quantity: Option<Bound<'m>>,
    time: Bound<'m>,
    order: Option<Bound<'m>>,
    emit: Vec<(Bound<'m>, Per)>,
    rules: Vec<(usize, &'m Test, Then)>,
    feed: FeedOut<'m>,
    events: EventsOut<W>,
}

impl<'m, W: Write> Importer<'m, W> {
    pub(super) fn new(
        mapping: &'m Mapping,
        header: &Header<'_>,
        out: W,
    ) -> Result<Self, ImportError> {
        for column in mapping.values.keys() {
            header.find(column, "values")?;
        }
        let some = |template: &'m Template| template.bind(header, &mapping.values, false);
        let optional = |template: &'m Option<Template>| bind(template, mapping, header, false);
        let rule =
            |rule: &'m Rule| Ok((header.find(&rule.column, &rule.key)?, &rule.test, rule.then));
        let emit = |emit: &'m Emit| Ok((some(&emit.event)?, emit.per));
        Ok(Self {
            mapping,
            user: optional(&mapping.user)?,
            session: optional(&mapping.session)?,
            item: some(&mapping.item)?,
            quantity: optional(&mapping.quantity)?,
            time: some(&mapping.time)?,
            order: optional(&mapping.order)?,
            emit: mapping
                .emit
                .iter()
                .map(emit)
                .collect::<Result<_, ImportError>>()?,
            rules: mapping
                .rules
                .iter()
                .map(rule)
                .collect::<Result<_, ImportError>>()?,
            feed: FeedOut::new(mapping, header)?,
            events: EventsOut::new(out),
        })
    }

    /// Writes a line's events and takes over what it says of its item.
    pub(super) fn line(&mut self, record: &ByteRecord) -> Result<Fate, ImportError> {
        let rule = self
            .rules
            .iter()
            .find(|(column, test, _)| fits(test, record.get(*column).unwrap_or_default()));
        let instead = match rule {
            Some((_, _, Then::Skip)) => return Ok(Fate::Skipped),
            Some((_, _, Then::Emit(event))) => Some(*event),
            None => None,
        };
        let facts = match self.facts(record) {
            Ok(facts) => facts,
            Err(what) => return Ok(Fate::Unfit(what)),
        };
        self.events.session_is(&facts.user, &facts.session)?;
        if let Some(event) = instead {
            self.events.write(
                event,
                &Facts {
                    quantity: facts.quantity.map(f64::abs),
                    ..facts
                },
            )?;
            return Ok(Fate::Used);
        }
        let mut names = Vec::with_capacity(self.emit.len());
        for (template, per) in &self.emit {
            let name = template.fill(record, "", Escape::Plain);
            match EventName::parse(&name) {
                Some(name) => names.push((name, *per)),
                None => {
                    return Ok(Fate::Unfit(format!(
                        "expected an event's name, found {}",
                        found(&name)
                    )));
                }
            }
        }
        let price = match self.feed.price(record, &facts.item) {
            Ok(price) => price,
            Err(error) => return Ok(Fate::Unfit(error.to_string())),
        };
        if !self.feed.add(record, &facts.item, price) {
            return Ok(Fate::TooManyItems);
        }
        for (name, per) in names {
            if per == Per::Session && !facts.session.is_empty() {
                self.events.collect(name, &facts)?;
            } else {
                self.events.write(name, &facts)?;
            }
        }
        Ok(Fate::Used)
    }

    /// Writes what waits and the feed; returns how many items and events there were.
    pub(super) fn finish(self, feed_out: impl Write) -> Result<(u64, u64), ImportError> {
        self.feed.write(feed_out)?;
        Ok((self.feed.len() as u64, self.events.finish()?))
    }

    fn facts(&self, record: &ByteRecord) -> Result<Facts, String> {
        let text = |template: &Bound<'_>| template.fill(record, "", Escape::Plain);
        let number = |template: &Option<Bound<'_>>, what: &str| {
            let Some(text) = template.as_ref().map(text) else {
                return Ok(None);
            };
            let number = text.parse().ok().filter(|number: &f64| number.is_finite());
            number
                .map(Some)
                .ok_or_else(|| format!("expected a number as {what}, found {}", found(&text)))
        };
        let item = text(&self.item);
        let item = match self.mapping.item_case {
            Case::Keep => item,
            Case::Upper => item.to_uppercase(),
            Case::Lower => item.to_lowercase(),
        };
        if item.is_empty() || item.len() > MAX_ID_BYTES {
            return Err(format!(
                "expected an item of 1 to {MAX_ID_BYTES} bytes, found {}",
                found(&item)
            ));
        }
        let time = text(&self.time);
        let second = number(&self.order, "order")?.unwrap_or(0.0);
        let time = self
            .mapping
            .time_format
            .read(&time)
            .map(|time| time.saturating_add((second * 1e6) as i64))
            .ok_or_else(|| {
                format!(
                    "expected a time as by event.time_format, found {}",
                    found(&time)
                )
            })?;
        let optional =
            |template: &Option<Bound<'_>>| template.as_ref().map(text).unwrap_or_default();
        let (user, session) = (optional(&self.user), optional(&self.session));
        Ok(Facts {
            user,
            session,
            item,
            quantity: number(&self.quantity, "quantity")?,
            time,
        })
    }
}

fn fits(test: &Test, field: &[u8]) -> bool {
    let field = text_of(field);
    let field = field.trim();
    match test {
        Test::StartsWith(starts) => starts.iter().any(|start| field.starts_with(start)),
        Test::Equals(values) => values.iter().any(|value| field == value),
        Test::Below(limit) => field.parse().is_ok_and(|number: f64| number < *limit),
    }
}
