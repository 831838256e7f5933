//! A mapping bound to a log's columns, and what it makes of a line.

use csv::ByteRecord;

use super::ImportError;
use super::gather::{Facts, Gather, Out};
use super::mapping::{Case, Emit, Mapping, Per, Rule, Test, Then};
use super::products::{Describe, Products};
use super::template::{Bound, Escape, Header, Template};
use crate::events::{EventName, microseconds};
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
pub(super) struct Importer<'m> {
    mapping: &'m Mapping,
    user: Option<Bound<'m>>,
    session: Option<Bound<'m>>,
    item: Bound<'m>,
    quantity: Option<Bound<'m>>,
    time: Bound<'m>,
    order: Option<Bound<'m>>,
    emit: Vec<(Bound<'m>, Per)>,
    rules: Vec<(usize, &'m Test, Then)>,
    describe: Describe<'m>,
    events: Gather,
}

impl<'m> Importer<'m> {
    pub(super) fn new(mapping: &'m Mapping, header: &Header<'_>) -> Result<Self, ImportError> {
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
            describe: Describe::new(mapping, header)?,
            events: Gather::default(),
        })
    }

    /// Hands on a line's events and lets `products` take over what it says of its item.
    pub(super) fn line(
        &mut self,
        record: &ByteRecord,
        products: Option<&mut Products>,
        out: &mut Out<'_>,
    ) -> Result<Fate, ImportError> {
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
        self.events.session_is(&facts.user, &facts.session, out)?;
        if let Some(event) = instead {
            let quantity = facts.quantity.map(f64::abs);
            self.events.emit(event, &Facts { quantity, ..facts }, out)?;
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
        let price = match self.describe.price(record, &facts.item) {
            Ok(price) => price,
            Err(error) => return Ok(Fate::Unfit(error.to_string())),
        };
        if let Some(products) = products
            && !self
                .describe
                .take_over(products, record, &facts.item, price)
        {
            return Ok(Fate::TooManyItems);
        }
        for (name, per) in names {
            if per == Per::Session && !facts.session.is_empty() {
                self.events.collect(name, &facts, out)?;
            } else {
                self.events.emit(name, &facts, out)?;
            }
        }
        Ok(Fate::Used)
    }

    /// Hands on what waits and returns how many events there were.
    pub(super) fn finish(self, out: &mut Out<'_>) -> Result<u64, ImportError> {
        self.events.finish(out)
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
            // Before 1973 a number of microseconds passes for milliseconds when it is read again.
            .filter(|&time| microseconds(time) == Some(time))
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
            line: record.position().map_or(0, csv::Position::line),
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
