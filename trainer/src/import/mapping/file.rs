//! The mapping file's tables, and their check.

use serde::Deserialize;

use super::{Case, Emit, FEED_TEXTS, Mapping, Per, Rule, Test, Then};
use crate::events::EventName;
use crate::import::ImportError;
use crate::import::template::{Template, Values};
use crate::import::time::TimeFormat;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    input: InputTable,
    event: EventTable,
    #[serde(default)]
    rule: Vec<RuleTable>,
    #[serde(default)]
    values: Values,
    feed: FeedTable,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct InputTable {
    delimiter: Option<char>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EventTable {
    user: Option<String>,
    session: Option<String>,
    item: String,
    #[serde(default)]
    item_case: Case,
    quantity: Option<String>,
    time: String,
    time_format: String,
    order: Option<String>,
    emit: Vec<EmitTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EmitTable {
    event: String,
    #[serde(default)]
    per: Per,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleTable {
    column: String,
    starts_with: Option<Vec<String>>,
    equals: Option<Vec<String>>,
    below: Option<f64>,
    then: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FeedTable {
    title: String,
    link: String,
    currency: String,
    price: Option<String>,
    image_link: Option<String>,
    availability: Option<String>,
    product_type: Option<String>,
    brand: Option<String>,
    color: Option<String>,
    quantity: Option<String>,
    max_handling_time: Option<String>,
    max_transit_time: Option<String>,
    custom_label_0: Option<String>,
    custom_label_1: Option<String>,
    custom_label_2: Option<String>,
    custom_label_3: Option<String>,
    custom_label_4: Option<String>,
    date_added: Option<String>,
}

impl Mapping {
    /// Reads a mapping; `file` is its name for messages.
    ///
    /// # Errors
    ///
    /// [`ImportError::Mapping`] and [`ImportError::Value`], which name the key. Whether the columns
    /// exist shows when a log is read.
    pub fn parse(text: &str, file: &str) -> Result<Self, ImportError> {
        let parsed: File = toml::from_str(text).map_err(|source| ImportError::Mapping {
            file: file.to_owned(),
            source: Box::new(source),
        })?;
        let wrong = |key: &str, expected, found: String| {
            Err(ImportError::Value {
                file: file.to_owned(),
                key: key.to_owned(),
                expected,
                found,
            })
        };
        let template = |key: &str, text: String| Template::parse(&text, file, key);
        let optional =
            |key: &str, text: Option<String>| text.map(|text| template(key, text)).transpose();
        let (event, feed) = (parsed.event, parsed.feed);
        let delimiter = parsed.input.delimiter.unwrap_or(',');
        let Some(delimiter) = u8::try_from(delimiter)
            .ok()
            .filter(|byte| byte.is_ascii() && !b"\"\r\n".contains(byte))
        else {
            return wrong(
                "input.delimiter",
                "one ASCII character such as \",\", \";\" or \"\\t\"",
                delimiter.into(),
            );
        };
        if event.emit.is_empty() {
            return wrong("event.emit", "at least one event", "[]".into());
        }
        if !(feed.currency.len() == 3
            && feed.currency.bytes().all(|byte| byte.is_ascii_uppercase()))
        {
            return wrong(
                "feed.currency",
                "an ISO 4217 code such as \"EUR\"",
                feed.currency,
            );
        }
        let mut emit = Vec::new();
        for (at, line) in event.emit.into_iter().enumerate() {
            let key = format!("event.emit[{at}].event");
            if !line.event.contains('{') && EventName::parse(&line.event).is_none() {
                return wrong(&key, EVENT_NAMES, line.event);
            }
            if line.per == Per::Session && event.session.is_none() {
                return wrong(&key, "`event.session` for `per = \"session\"`", line.event);
            }
            emit.push(Emit {
                event: template(&key, line.event)?,
                per: line.per,
            });
        }
        let rules = parsed.rule.into_iter().enumerate();
        let rules = rules
            .map(|(at, rule)| rule.parse(file, format!("rule[{at}]")))
            .collect::<Result<_, _>>()?;
        let availability = feed.availability.unwrap_or_else(|| "in_stock".to_owned());
        let texts = [
            Some(feed.title),
            Some(feed.link),
            feed.image_link,
            Some(availability),
            feed.product_type,
            feed.brand,
            feed.color,
            feed.quantity,
            feed.max_handling_time,
            feed.max_transit_time,
            feed.custom_label_0,
            feed.custom_label_1,
            feed.custom_label_2,
            feed.custom_label_3,
            feed.custom_label_4,
            feed.date_added,
        ];
        let texts = texts
            .into_iter()
            .zip(FEED_TEXTS)
            .map(|(text, name)| optional(&format!("feed.{name}"), text));
        Ok(Self {
            delimiter,
            user: optional("event.user", event.user)?,
            session: optional("event.session", event.session)?,
            item: template("event.item", event.item)?,
            item_case: event.item_case,
            quantity: optional("event.quantity", event.quantity)?,
            time: template("event.time", event.time)?,
            time_format: TimeFormat::parse(&event.time_format, file)?,
            order: optional("event.order", event.order)?,
            emit,
            rules,
            values: parsed.values,
            currency: feed.currency,
            price: optional("feed.price", feed.price)?,
            texts: texts.collect::<Result<_, _>>()?,
            file: file.to_owned(),
        })
    }
}

const EVENT_NAMES: &str =
    "view_item, view_item_list, select_item, add_to_cart, remove_from_cart, purchase or search";

impl RuleTable {
    fn parse(self, file: &str, key: String) -> Result<Rule, ImportError> {
        let wrong = |key, expected, found| {
            Err(ImportError::Value {
                file: file.to_owned(),
                key,
                expected,
                found,
            })
        };
        let test = match (self.starts_with, self.equals, self.below) {
            (Some(starts), None, None) => Test::StartsWith(starts),
            (None, Some(values), None) => Test::Equals(values),
            (None, None, Some(limit)) => Test::Below(limit),
            _ => {
                return wrong(
                    key,
                    "exactly one of starts_with, equals and below",
                    self.column,
                );
            }
        };
        let then = match (self.then.as_str(), EventName::parse(&self.then)) {
            ("skip", _) => Then::Skip,
            (_, Some(event)) => Then::Emit(event),
            _ => {
                return wrong(
                    format!("{key}.then"),
                    "\"skip\" or an event's name",
                    self.then,
                );
            }
        };
        Ok(Rule {
            key: format!("{key}.column"),
            column: self.column,
            test,
            then,
        })
    }
}
