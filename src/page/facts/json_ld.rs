//! Facts in JSON-LD: `<script type="application/ld+json">`.

use std::borrow::Cow;
use std::sync::{Arc, Mutex};

use lol_html::Selector;
use lol_html::html_content::{EndTag, TextChunk};
use lol_html::send::{Element, ElementContentHandlers, EndTagHandler};
use serde_json::{Map, Value};

use super::read::{Handler, OpenTexts, Shared, Taker, lock};
use super::{MAX_FACT_TEXT_BYTES, MAX_FACT_TEXTS, MAX_HELD_HEAD_BYTES};
use crate::site::PropertyPath;

const SCRIPTS: &str = "script[type^='application/ld+json' i]";

/// The longest script that is read, in bytes of UTF-8: one byte of the page may become three.
const MAX_SCRIPT_BYTES: usize = 3 * MAX_HELD_HEAD_BYTES;

/// Looks for facts in each script.
pub(super) fn handler<T: Taker + 'static>(
    facts: Vec<(usize, PropertyPath)>,
    taker: &Shared<T>,
) -> Option<Handler> {
    let selector: Selector = SCRIPTS.parse().ok()?;
    let facts = Arc::new(facts);
    let open = Arc::new(Mutex::new(OpenTexts::new(MAX_SCRIPT_BYTES)));
    let texts = Arc::clone(&open);
    let taker = Arc::clone(taker);
    let handlers = ElementContentHandlers::default()
        .element(move |element: &mut Element<'_, '_>| {
            let Some(number) = lock(&open).begin(()) else {
                return Ok(());
            };
            let (open, facts, taker) = (Arc::clone(&open), Arc::clone(&facts), Arc::clone(&taker));
            let end: EndTagHandler<'static> = Box::new(move |_: &mut EndTag<'_>| {
                if let Some(((), script)) = lock(&open).end(number) {
                    read(&script, &facts, &mut *lock(&taker));
                }
                Ok(())
            });
            element.on_end_tag(end)
        })
        .text(move |chunk: &mut TextChunk<'_>| {
            lock(&texts).text(chunk.as_str());
            Ok(())
        });
    Some((Cow::Owned(selector), handlers))
}

/// Reads a script; what is no JSON, or is nested deeper than serde_json goes, tells nothing.
fn read(script: &str, facts: &[(usize, PropertyPath)], taker: &mut impl Taker) {
    // Some shops wrap it in a comment or CDATA, or break lines within texts.
    let start = script.find(['{', '[']).unwrap_or(script.len());
    let end = script.rfind(['}', ']']).map_or(0, |end| end + 1);
    let json = script.get(start..end).unwrap_or_default();
    let json = json.replace(|c: char| c.is_ascii_control(), " ");
    let Ok(value) = serde_json::from_str::<Value>(&json) else {
        return;
    };
    for (fact, path) in facts {
        let mut texts = Vec::new();
        for object in objects(&value, path) {
            follow(object, &path.properties, &mut texts);
        }
        for text in texts
            .iter()
            .filter(|text| text.len() <= MAX_FACT_TEXT_BYTES)
        {
            taker.take(*fact, text);
        }
        taker.end_block(*fact);
    }
}

/// The objects of a type that stand least deep: products deeper down are variants and recommendations.
fn objects<'v>(value: &'v Value, path: &PropertyPath) -> Vec<&'v Map<String, Value>> {
    let mut level = vec![value];
    while !level.is_empty() {
        let (mut found, mut below) = (Vec::new(), Vec::new());
        // Arrays and graphs are no level of their own.
        while let Some(value) = level.pop() {
            match value {
                Value::Array(all) => level.extend(all.iter().rev()),
                Value::Object(object) => {
                    if is_of(object, path) {
                        found.push(object);
                    }
                    let graph = object.get("@graph");
                    level.extend(graph);
                    below.extend(
                        object
                            .iter()
                            .filter(|(k, _)| *k != "@graph")
                            .map(|(_, v)| v),
                    );
                }
                _ => {}
            }
        }
        if !found.is_empty() {
            return found;
        }
        below.reverse();
        level = below;
    }
    Vec::new()
}

fn is_of(object: &Map<String, Value>, path: &PropertyPath) -> bool {
    match object.get("@type") {
        Some(Value::String(kind)) => path.is_of(kind),
        Some(Value::Array(kinds)) => kinds
            .iter()
            .filter_map(Value::as_str)
            .any(|k| path.is_of(k)),
        _ => false,
    }
}

/// The texts at the end of a path of properties, through arrays.
fn follow(object: &Map<String, Value>, properties: &[String], texts: &mut Vec<String>) {
    let Some((property, rest)) = properties.split_first() else {
        return;
    };
    let mut values: Vec<&Value> = object.get(property).into_iter().collect();
    while let Some(value) = values.pop() {
        if texts.len() >= MAX_FACT_TEXTS {
            return;
        }
        match value {
            Value::Array(all) => values.extend(all.iter().rev()),
            Value::Object(below) if rest.is_empty() => {
                let named = below.get("@value").or(below.get("name"));
                texts.extend(named.and_then(text));
            }
            Value::Object(below) => follow(below, rest, texts),
            value if rest.is_empty() => texts.extend(text(value)),
            _ => {}
        }
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
