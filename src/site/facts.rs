//! `[[fact]]`: what a site.toml says of it, and what is wrong with that.

use super::codes::Code;
use super::draft::Mark;
use super::fact::{Fact, FactName, MAX_FACTS, MAX_PROPERTIES, PropertyPath, Source};
use super::parse::Checker;
use super::pattern::MAX_PATTERN_BYTES;
use super::shape::{At, Entry};
use super::value_pattern::ValuePattern;
use super::visitors_parse;

/// The keys that say where a fact stands; one fact has one of them.
const SOURCES: [&str; 6] = [
    "path",
    "query",
    "selector",
    "json_ld",
    "microdata",
    "cookie",
];

impl Checker<'_> {
    pub(super) fn facts(&mut self, file: &Entry<'_>) {
        for entry in file.tables("fact", self.findings) {
            if let Some(fact) = self.fact(&entry) {
                self.draft.site.facts.push(fact);
                self.draft.fact_marks.push(Mark::new(&entry));
            }
        }
        let facts = self.draft.site.facts.len();
        if facts > MAX_FACTS {
            let found = format!("there are {facts} facts, more than {MAX_FACTS}");
            let help = "give one fact several pages, or leave some out";
            self.fail(Code::TooManyFacts, 0..0, &found, help);
        }
    }

    fn fact(&mut self, entry: &Entry<'_>) -> Option<Fact> {
        let pages = self.pages(entry);
        let attribute = self.attribute(entry, "attribute");
        let sources = SOURCES
            .iter()
            .filter_map(|key| Some((*key, entry.text(key)?)));
        let mut sources: Vec<(&str, At<String>)> = sources.collect();
        if sources.len() != 1 {
            let keys: Vec<&str> = sources.iter().map(|(key, _)| *key).collect();
            let (message, span) = match keys.as_slice() {
                [] => ("this fact has no source".to_owned(), entry.span.clone()),
                _ => (
                    format!("this fact has {} sources: {}", keys.len(), keys.join(", ")),
                    entry.span_of(keys.last().copied().unwrap_or("name")),
                ),
            };
            let help = "give it one of path, query, selector, json_ld, microdata, cookie; write a [[fact]] for each \
                        place, the surest first";
            self.fail(Code::FactSource, span, &message, help);
            return None;
        }
        let (key, text) = sources.pop()?;
        if !attribute.is_empty() && key != "selector" {
            let message = format!("an attribute goes with a selector, not with {key}");
            let span = entry.span_of("attribute");
            self.fail(Code::FactSource, span, &message, "take it out");
        }
        let name = entry.word("name", &FactName::ALL)?;
        if key == "cookie" && (name != FactName::Customer || entry.has("pages")) {
            let message = "a cookie tells the customer's name alone, and on all pages";
            let help =
                "for items there is [[adopt]], for a tier [[trait]]; pages say where a place is";
            self.fail(Code::FactSource, text.span.clone(), message, help);
        }
        Some(Fact {
            name,
            pages,
            source: match key {
                "cookie" => Source::Cookie(visitors_parse::cookie(entry, key, self.findings)),
                _ => self.source(key, text, attribute)?,
            },
        })
    }

    fn source(&mut self, key: &str, text: At<String>, attribute: String) -> Option<Source> {
        let At { value, span } = text;
        match key {
            "path" => {
                let pattern = ValuePattern::new(&value);
                if pattern.is_none() {
                    let message = "expected a path pattern that starts with / or * and has one {}";
                    let help = format!("at most {MAX_PATTERN_BYTES} bytes, like /p/{{}}-*.html");
                    self.fail(Code::FactPattern, span, message, &help);
                }
                pattern.map(Source::Path)
            }
            "query" => {
                let is_name = !value.is_empty() && !value.contains(['=', '&', '?', '#', ' ']);
                if !is_name {
                    let message = "expected the name of one parameter of the query";
                    self.fail(Code::FactPattern, span, message, "like q");
                    return None;
                }
                Some(Source::Query(value))
            }
            "selector" => self.selector(&value, span).then_some(Source::Element {
                selector: value,
                attribute,
            }),
            key => {
                let path = PropertyPath::new(&value);
                if path.is_none() {
                    let message = "expected a type and its properties, with dots between";
                    let help = format!("like Product.sku; at most {MAX_PROPERTIES} properties");
                    self.fail(Code::FactProperty, span, message, &help);
                }
                path.map(match key {
                    "json_ld" => Source::JsonLd,
                    _ => Source::Microdata,
                })
            }
        }
    }

    /// An attribute's name; empty when there is none.
    pub(super) fn attribute(&mut self, entry: &Entry<'_>, key: &str) -> String {
        let Some(At { value, span }) = entry.text(key) else {
            return String::new();
        };
        let is_byte = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        let is_name = value.starts_with(|c: char| c.is_ascii_alphabetic());
        if !is_name || !value.bytes().all(is_byte) {
            let message = "expected an attribute's name";
            self.fail(Code::AttributeName, span, message, "like data-product-id");
            return String::new();
        }
        value.to_ascii_lowercase()
    }
}
