//! Heads: the runtime's `Headers` on one side, the engine's values on the other, and one string between them
//! (`heads.js`).
//!
//! The runtime reads a header's bytes as UTF-8 and writes UTF-8 (what is none becomes U+FFFD), where
//! the engine has one char for each byte.

use std::borrow::Cow;
use std::cell::RefCell;

use tailorbird::HeadEdits;
use tailorbird::http::{isomorphic_decode, isomorphic_encode};
use worker::js_sys::Array;
use worker::wasm_bindgen::JsValue;
use worker::web_sys::Headers;

use crate::js::heads;

/// What tells how long a body is.
const LENGTH_HEADERS: [&str; 2] = ["content-encoding", "content-length"];

/// Names of headers, and the same in JavaScript.
type Names = (Vec<&'static str>, Array);

thread_local! {
    /// The few lists of names that this isolate asks for.
    static NAMES: RefCell<Vec<Names>> = const { RefCell::new(Vec::new()) };
}

/// Those of some headers that are there; the runtime has joined the lines of each.
pub(crate) fn lines(headers: &Headers, names: &[&'static str]) -> Vec<(&'static str, String)> {
    let values = heads::values(headers, &in_javascript(names));
    let named = names.iter().zip(values.split('\n'));
    named
        .filter_map(|(&name, line)| Some((name, from_value(line.strip_prefix('=')?))))
        .collect()
}

fn in_javascript(names: &[&'static str]) -> Array {
    NAMES.with_borrow_mut(|known| {
        if let Some((_, array)) = known.iter().find(|(list, _)| list == names) {
            return array.clone();
        }
        let array: Array = names.iter().map(|name| JsValue::from(*name)).collect();
        known.push((names.to_vec(), array.clone()));
        array
    })
}

/// All lines of a head.
pub(crate) fn all_lines(headers: &Headers) -> Vec<(String, String)> {
    let all = heads::all(headers);
    let mut lines = all.split('\n');
    let pairs = std::iter::from_fn(|| lines.next().zip(lines.next()));
    pairs
        .map(|(name, value)| (name.to_owned(), from_value(value)))
        .collect()
}

/// Edits of a head, for JavaScript.
#[derive(Debug, Default)]
pub(crate) struct Edits(String);

impl Edits {
    /// The engine's, in their order: remove, set, append.
    pub(crate) fn engines(&mut self, edits: &HeadEdits) {
        for name in &edits.remove {
            self.remove(name);
        }
        for (name, value) in &edits.set {
            self.line('=', name, value);
        }
        for (name, value) in &edits.append {
            self.append(name, value);
        }
    }

    pub(crate) fn remove(&mut self, name: &str) {
        let Self(lines) = self;
        lines.push('-');
        lines.push_str(name);
        lines.push('\n');
    }

    pub(crate) fn append(&mut self, name: &str, value: &str) {
        self.line('+', name, value);
    }

    /// Appends where the head has no such header yet; lines like this one do not count.
    pub(crate) fn append_missing(&mut self, name: &str, value: &str) {
        self.line('?', name, value);
    }

    fn line(&mut self, what: char, name: &str, value: &str) {
        // The runtime would refuse it.
        if value.contains('\n') {
            return;
        }
        let Self(lines) = self;
        lines.push(what);
        lines.push_str(name);
        lines.push('\n');
        lines.push_str(&to_value(value));
        lines.push('\n');
    }

    pub(crate) fn as_str(&self) -> &str {
        let Self(lines) = self;
        lines
    }
}

fn from_value(value: &str) -> String {
    isomorphic_decode(value.as_bytes())
}

/// The runtime's string of an isomorphic one.
fn to_value(value: &str) -> Cow<'_, str> {
    match isomorphic_encode(value) {
        Cow::Borrowed(_) => value.into(),
        Cow::Owned(bytes) => String::from_utf8_lossy(&bytes).into_owned().into(),
    }
}

/// [`length`] of a head of which nothing else is wanted.
pub(crate) fn body_length(headers: &Headers) -> Option<u64> {
    length(&lines(headers, &LENGTH_HEADERS))
}

/// The length of the body that the Worker reads, if the head tells it: an encoded one's tells the
/// length before decoding.
pub(crate) fn length(headers: &[(&str, String)]) -> Option<u64> {
    match value(headers, "content-encoding") {
        Some(_) => None,
        None => value(headers, "content-length")?.parse().ok(),
    }
}

/// The first line of this name.
pub(crate) fn value<'a>(headers: &'a [(&str, String)], name: &str) -> Option<&'a str> {
    let (_, value) = headers.iter().find(|(known, _)| *known == name)?;
    Some(value)
}
