//! A JSON Schema of site.toml, for editors: made from the parser's own table of keys.

use serde_json::{Map, Value, json};

use super::keys::{Key, Kind, SITE, Table};

/// The schema (draft 7, which TOML editors understand).
pub fn schema() -> Value {
    let mut schema = table(&SITE);
    if let Some(map) = schema.as_object_mut() {
        map.insert(
            "$schema".into(),
            "http://json-schema.org/draft-07/schema#".into(),
        );
        map.insert("title".into(), "Tailorbird's site.toml".into());
    }
    schema
}

fn table(rule: &Table) -> Value {
    let properties: Map<String, Value> = rule
        .keys
        .iter()
        .map(|key| (key.name.to_owned(), property(key)))
        .collect();
    let required = rule.keys.iter().filter(|key| key.required);
    let required: Vec<&str> = required.map(|key| key.name).collect();
    json!({
        "type": "object",
        "description": rule.doc,
        "additionalProperties": false,
        "required": required,
        "properties": properties,
    })
}

fn property(key: &Key) -> Value {
    let mut value = kind(key.kind);
    if let Some(map) = value.as_object_mut() {
        map.insert("description".into(), key.doc.into());
    }
    value
}

fn kind(kind: Kind) -> Value {
    let array = |items: Value| json!({ "type": "array", "items": items });
    let number =
        |least: i64, most: i64| json!({ "type": "integer", "minimum": least, "maximum": most });
    let local = || {
        json!({ "anyOf": [
            { "type": "string" },
            { "type": "object", "additionalProperties": { "type": "string" } },
        ] })
    };
    match kind {
        Kind::Text | Kind::Condition => json!({ "type": "string" }),
        Kind::Texts => array(json!({ "type": "string" })),
        Kind::Word(_, words) => json!({ "enum": words() }),
        Kind::Words(_, words) => array(json!({ "enum": words() })),
        Kind::Local => local(),
        Kind::LocalByStrategy => {
            let titles = super::keys::strategies().into_iter();
            let titles: Map<String, Value> =
                titles.map(|name| (name.to_owned(), local())).collect();
            json!({ "type": "object", "additionalProperties": false, "properties": titles })
        }
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::Count(least, most) => number(least, most),
        Kind::Counts(least, most) => array(number(least, most)),
        Kind::Money => json!({ "anyOf": [{ "type": "number" }, { "type": "string" }] }),
        // Editors hand a TOML date over as a text.
        Kind::Date => json!({ "type": "string", "pattern": "^\\d{4}-\\d{2}-\\d{2}" }),
        Kind::One(rule) => table(rule),
        Kind::Many(rule) => array(table(rule)),
    }
}
