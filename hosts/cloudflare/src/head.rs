//! Heads: the runtime's `Headers` on one side, the engine's values on the other.

use tailorbird::HeadEdits;
use tailorbird::http::isomorphic_decode;
use worker::web_sys::Headers;

/// The headers that the engine reads; the runtime has joined the lines of each.
pub(crate) fn lines(headers: &Headers, names: &[&'static str]) -> Vec<(&'static str, String)> {
    names
        .iter()
        .filter_map(|&name| {
            // The runtime reads header bytes as UTF-8.
            let value = headers.get(name).ok().flatten()?;
            Some((name, isomorphic_decode(value.as_bytes())))
        })
        .collect()
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
        let _ = headers.set(name, value);
    }
    for (name, value) in &edits.append {
        let _ = headers.append(name, value);
    }
}
