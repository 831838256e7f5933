//! The lists of a JSON document.
//!
//! A document is held as a whole: that it is JSON at all is known only at its end. What leaves is the
//! same bytes with the elements of some arrays in another order; nothing is written anew, so numbers,
//! escapes and white space stay as they are. serde_json reads it without building a tree and without
//! recursion: an element is the range of its text.

use std::fmt;
use std::ops::Range;

use serde::de::{
    DeserializeSeed, Deserializer as _, Error, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::Deserializer;
use serde_json::value::RawValue;

use super::ListExposure;
use super::list::{MAX_TILES, hold};
use super::order::{moved, order, write_ordered};
use crate::plan::JsonListPlan;
use crate::site::JsonPointer;

/// The deepest document whose lists are put in order: what serde_json, which reads it in many a shop,
/// takes by default.
pub const MAX_JSON_DEPTH: usize = 128;

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// A document on its way through.
#[derive(Debug)]
pub(super) struct Document {
    lists: Vec<JsonListPlan>,
    bytes: Vec<u8>,
}

/// An array that a list's pointer leads to.
struct Found<'d> {
    list: usize,
    range: Range<usize>,
    array: &'d RawValue,
}

impl Document {
    pub(super) fn new(lists: Vec<JsonListPlan>) -> Self {
        Self {
            lists,
            bytes: Vec::new(),
        }
    }

    /// How many bytes are held.
    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Takes a chunk in; `false` when the document would be longer than
    /// [`MAX_HELD_BYTES`](super::MAX_HELD_BYTES).
    pub(super) fn write(&mut self, chunk: &[u8]) -> bool {
        hold(&mut self.bytes, chunk)
    }

    /// What is held, as it came.
    pub(super) fn release(self) -> Vec<u8> {
        self.bytes
    }

    /// The document has ended: writes it with its lists in order. The error says why it leaves as it came.
    pub(super) fn into_ordered(
        mut self,
        out: &mut Vec<u8>,
    ) -> Result<Vec<ListExposure>, &'static str> {
        let ordered = Ordered::of(&self.bytes, &self.lists);
        match &ordered {
            Ok(ordered) if ordered.exposures.iter().any(|list| list.moved > 0) => {
                write_ordered(&self.bytes, &ordered.places, &ordered.order, out);
            }
            _ => out.append(&mut self.bytes),
        }
        ordered.map(|ordered| ordered.exposures)
    }
}

/// The elements of all lists of a document, and which of them goes where.
#[derive(Default)]
struct Ordered {
    places: Vec<Range<usize>>,
    order: Vec<usize>,
    exposures: Vec<ListExposure>,
}

impl Ordered {
    fn of(bytes: &[u8], lists: &[JsonListPlan]) -> Result<Self, &'static str> {
        let text = std::str::from_utf8(bytes).map_err(|_| "not UTF-8")?;
        let document = read(text)?;
        let mut ordered = Self::default();
        for found in outermost(document, text, lists) {
            if let Some(list) = lists.get(found.list) {
                ordered.add(list, found.array, text);
            }
        }
        Ok(ordered)
    }

    fn add(&mut self, list: &JsonListPlan, array: &RawValue, text: &str) {
        let Some(elements) = elements(array).filter(|elements| !elements.is_empty()) else {
            return;
        };
        let rank = |element: &&RawValue| {
            let value = scalar(find(element, list.at.steps())?)?;
            let target = list.ranker.target_of_json(&value, list.is_link)?;
            list.ranker.rank(target)
        };
        let ranks: Vec<_> = elements.iter().map(rank).collect();
        let order = order(&ranks, &list.order);
        self.exposures.push(ListExposure {
            place: list.name.clone(),
            tiles: elements.len(),
            moved: moved(&order),
        });
        let before = self.places.len();
        self.order
            .extend(order.into_iter().map(|from| before + from));
        self.places
            .extend(elements.iter().map(|element| range(element, text)));
    }
}

/// What stands where a list in JSON is looked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct JsonSighting {
    /// How many elements the array has; `None` when there is no array, or a longer one than is put in order.
    pub elements: Option<usize>,
    /// How many of them have a text or a number where their product or value is to stand.
    pub known: usize,
}

/// Looks for a list's array and the ids, links or values in it, as an edge does.
///
/// # Errors
/// Why an edge would not touch this document.
pub fn look_for_json(json: &[u8], array: &str, at: &str) -> Result<JsonSighting, &'static str> {
    let text = std::str::from_utf8(json).map_err(|_| "not UTF-8")?;
    let pointer = |text| JsonPointer::new(text).map_err(|_| "no JSON Pointer");
    let (array, at) = (pointer(array)?, pointer(at)?);
    let document = read(text)?;
    let found = find(document, array.steps());
    let Some(elements) = found.and_then(elements) else {
        return Ok(JsonSighting::default());
    };
    let is_known = |element: &&&RawValue| find(element, at.steps()).and_then(scalar).is_some();
    Ok(JsonSighting {
        elements: Some(elements.len()),
        known: elements.iter().filter(is_known).count(),
    })
}

/// A document, when it is JSON all through.
fn read(text: &str) -> Result<&RawValue, &'static str> {
    let json = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    if depth(json) > MAX_JSON_DEPTH {
        return Err("JSON that is nested too deeply");
    }
    serde_json::from_str(json).map_err(|_| "not JSON")
}

/// The arrays that the lists' pointers lead to, in the order of the document. A list within a list moves
/// with its element, as in HTML; of two lists of the same array the first one in the file has it.
fn outermost<'d>(document: &'d RawValue, text: &str, lists: &[JsonListPlan]) -> Vec<Found<'d>> {
    let found = lists.iter().enumerate().filter_map(|(list, plan)| {
        let array = find(document, plan.array.steps())?;
        let range = range(array, text);
        array
            .get()
            .starts_with('[')
            .then_some(Found { list, range, array })
    });
    let mut found: Vec<Found<'d>> = found.collect();
    crate::sort::by_key(&mut found, |found| found.range.start);
    // Values do not overlap but by one being in the other, and no array begins where another does.
    let mut end = 0;
    found.retain(|found| {
        let is_outside = found.range.start >= end;
        end = end.max(found.range.end);
        is_outside
    });
    found
}

/// How deeply arrays and objects stand within each other. Of what is not JSON, some number.
fn depth(json: &str) -> usize {
    let (mut depth, mut most) = (0_usize, 0);
    let mut bytes = json.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'[' | b'{' => {
                depth += 1;
                most = most.max(depth);
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            b'"' => {
                while let Some(byte) = bytes.next() {
                    match byte {
                        b'"' => break,
                        b'\\' => drop(bytes.next()),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    most
}

/// Where a part of `text` stands in it.
fn range(part: &RawValue, text: &str) -> Range<usize> {
    let part = part.get();
    let start = part.as_ptr().addr().saturating_sub(text.as_ptr().addr());
    start..start.saturating_add(part.len())
}

/// What a string says, or a number as it is written; an id may be either.
fn scalar(value: &RawValue) -> Option<String> {
    let text = value.get();
    match text.bytes().next()? {
        b'"' => serde_json::from_str(text).ok(),
        b'-' | b'0'..=b'9' => Some(text.to_owned()),
        _ => None,
    }
}

/// What stands behind some steps of a pointer.
fn find<'d>(value: &'d RawValue, steps: &[String]) -> Option<&'d RawValue> {
    steps
        .iter()
        .try_fold(value, |value, step| child(value, step))
}

fn child<'d>(value: &'d RawValue, step: &str) -> Option<&'d RawValue> {
    let text = value.get();
    let mut reader = Deserializer::from_str(text);
    match text.bytes().next()? {
        b'{' => reader.deserialize_map(Member(step)).ok()?,
        b'[' => reader.deserialize_seq(Element(number(step)?)).ok()?,
        _ => None,
    }
}

/// The number of an element: digits without leading zeroes (RFC 6901, 4).
fn number(step: &str) -> Option<usize> {
    let is_sound =
        step.bytes().all(|byte| byte.is_ascii_digit()) && (step == "0" || !step.starts_with('0'));
    step.parse().ok().filter(|_| is_sound)
}

/// The elements of an array; `None` when they are more than [`MAX_TILES`].
fn elements(array: &RawValue) -> Option<Vec<&RawValue>> {
    Deserializer::from_str(array.get())
        .deserialize_seq(Elements)
        .ok()
}

/// Finds the one member with a name. Of several with the same, none is meant (RFC 6901, 4).
struct Member<'s>(&'s str);

impl<'d> Visitor<'d> for Member<'_> {
    type Value = Option<&'d RawValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'d>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut found, mut times) = (None, 0);
        while let Some(is_it) = map.next_key_seed(Name(self.0))? {
            if is_it {
                found = Some(map.next_value()?);
                times += 1;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found.filter(|_| times == 1))
    }
}

/// Whether a member has this name, whatever is escaped in it.
struct Name<'s>(&'s str);

impl<'d> DeserializeSeed<'d> for Name<'_> {
    type Value = bool;

    fn deserialize<D: serde::Deserializer<'d>>(self, reader: D) -> Result<bool, D::Error> {
        reader.deserialize_str(self)
    }
}

impl Visitor<'_> for Name<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<bool, E> {
        Ok(name == self.0)
    }
}

struct Element(usize);

impl<'d> Visitor<'d> for Element {
    type Value = Option<&'d RawValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'d>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        let mut at = 0_usize;
        loop {
            if at == self.0 {
                found = seq.next_element()?;
            } else if seq.next_element::<IgnoredAny>()?.is_none() {
                return Ok(found);
            }
            at += 1;
        }
    }
}

struct Elements;

impl<'d> Visitor<'d> for Elements {
    type Value = Vec<&'d RawValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of at most 4096 elements")
    }

    fn visit_seq<A: SeqAccess<'d>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut all = Vec::new();
        while let Some(one) = seq.next_element()? {
            if all.len() == MAX_TILES {
                return Err(A::Error::invalid_length(all.len() + 1, &self));
            }
            all.push(one);
        }
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at<'d>(document: &'d str, pointer: &str) -> Option<&'d str> {
        let document: &RawValue = serde_json::from_str(document).expect("JSON");
        let pointer = JsonPointer::new(pointer).expect("a pointer");
        find(document, pointer.steps()).map(RawValue::get)
    }

    #[test]
    fn pointers_lead_to_values() {
        // The document of RFC 6901, 5, and what it does not have.
        let document = r#" {"foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4,
            "i\\j": 5, "k\"l": 6, " ": 7, "m~n": 8, "\u00fc": [[ ], { "x" : null }], "two": 1, "two": 2} "#;
        for (pointer, expected) in [
            ("", Some(document.trim())),
            ("/foo", Some(r#"["bar", "baz"]"#)),
            ("/foo/0", Some(r#""bar""#)),
            ("/foo/1", Some(r#""baz""#)),
            ("/", Some("0")),
            ("/a~1b", Some("1")),
            ("/c%d", Some("2")),
            ("/e^f", Some("3")),
            ("/g|h", Some("4")),
            ("/i\\j", Some("5")),
            ("/k\"l", Some("6")),
            ("/ ", Some("7")),
            ("/m~0n", Some("8")),
            ("/ü/1/x", Some("null")),
            ("/ü/0", Some("[ ]")),
            ("/ü/0/0", None),
            ("/foo/2", None),
            ("/foo/00", None),
            ("/foo/01", None),
            ("/foo/-", None),
            ("/foo/+1", None),
            ("/foo/bar", None),
            ("/foo/99999999999999999999", None),
            ("/two", None),
            ("/c%d/x", None),
            ("/nothing", None),
        ] {
            assert_eq!(at(document, pointer), expected, "{pointer}");
        }
    }

    #[test]
    fn the_depth_is_counted_outside_of_strings() {
        for (json, expected) in [
            ("1", 0),
            ("[]", 1),
            (r#"[{"a[[": "]\"[{", "b": [1]}, []]"#, 3),
            ("\"\\", 0),
        ] {
            assert_eq!(depth(json), expected, "{json}");
        }
    }

    #[test]
    fn the_limits_are_limits() {
        let array = |length: usize| format!("[{}1]", "1,".repeat(length - 1));
        for (length, is_read) in [(MAX_TILES, true), (MAX_TILES + 1, false)] {
            let array = array(length);
            let array: &RawValue = serde_json::from_str(&array).expect("JSON");
            assert_eq!(elements(array).is_some(), is_read, "{length}");
        }
        for (depth, is_read) in [
            (MAX_JSON_DEPTH, true),
            (MAX_JSON_DEPTH + 1, false),
            (500_000, false),
        ] {
            let json = "[".repeat(depth) + &"]".repeat(depth);
            assert_eq!(
                Ordered::of(json.as_bytes(), &[]).is_ok(),
                is_read,
                "{depth}"
            );
        }
    }

    #[test]
    fn ids_are_strings_or_numbers() {
        for (json, expected) in [
            (r#""T\u00e4-1""#, Some("Tä-1")),
            ("4711", Some("4711")),
            ("-0.50e3", Some("-0.50e3")),
            (r#""\ud800""#, None),
            ("true", None),
            ("[1]", None),
        ] {
            let value: &RawValue = serde_json::from_str(json).expect("JSON");
            assert_eq!(scalar(value).as_deref(), expected, "{json}");
        }
    }
}
