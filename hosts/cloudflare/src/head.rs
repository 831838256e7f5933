//! Heads: the runtime's `Headers` on one side, the engine's values on the other.
//!
//! The runtime reads a header's bytes as UTF-8 and writes UTF-8 (what is none becomes U+FFFD), where
//! the engine has one char for each byte.

use std::borrow::Cow;

use tailorbird::HeadEdits;
use tailorbird::http::{isomorphic_decode, isomorphic_encode};
use worker::js_sys::{Array, try_iter};
use worker::wasm_bindgen::JsValue;
use worker::web_sys::Headers;

/// The headers that the engine reads; the runtime has joined the lines of each.
pub(crate) fn lines(headers: &Headers, names: &[&'static str]) -> Vec<(&'static str, String)> {
    names
        .iter()
        .filter_map(|&name| {
            let value = headers.get(name).ok().flatten()?;
            Some((name, isomorphic_decode(value.as_bytes())))
        })
        .collect()
}

/// All lines of a head; `None` when they cannot be read.
pub(crate) fn all_lines(headers: &Headers) -> Option<Vec<(String, String)>> {
    let entries = try_iter(headers).ok()??;
    let line = |entry: Result<JsValue, JsValue>| {
        let entry = Array::from(&entry.ok()?);
        let value = entry.get(1).as_string()?;
        Some((
            entry.get(0).as_string()?,
            isomorphic_decode(value.as_bytes()),
        ))
    };
    entries.map(line).collect()
}

/// Applies the engine's edits in their order: remove, set, append.
///
/// A value that the runtime refuses is left out: a page without one of our headers is better than
/// none.
pub(crate) fn edit(headers: &Headers, edits: &HeadEdits) {
    for name in &edits.remove {
        let _ = headers.delete(name);
    }
    for (name, value) in &edits.set {
        let _ = headers.set(name, &to_value(value));
    }
    for (name, value) in &edits.append {
        let _ = headers.append(name, &to_value(value));
    }
}

/// The runtime's string of an isomorphic one.
pub(crate) fn to_value(value: &str) -> String {
    match isomorphic_encode(value) {
        Cow::Borrowed(_) => value.to_owned(),
        Cow::Owned(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
    }
}
