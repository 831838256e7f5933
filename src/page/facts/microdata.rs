//! Facts in microdata (HTML, 5): `itemscope`, `itemtype`, `itemprop`.

use std::borrow::Cow;
use std::sync::{Arc, Mutex};

use lol_html::Selector;
use lol_html::html_content::{EndTag, TextChunk};
use lol_html::send::{Element, ElementContentHandlers, EndTagHandler};

use super::read::{Handler, OpenTexts, Shared, Taker, lock, plain};
use super::{MAX_FACT_TEXT_BYTES, MAX_OPEN_ELEMENTS};
use crate::site::PropertyPath;

const ITEMS: &str = "[itemscope], [itemprop]";

/// Where properties have their value, by tag (HTML, 5.2.4); others have it in their text. An attribute
/// `content` comes first everywhere, as search engines read it.
const VALUES: &[(&str, &str)] = &[
    ("a", "href"),
    ("area", "href"),
    ("data", "value"),
    ("img", "src"),
    ("link", "href"),
    ("meta", "content"),
    ("meter", "value"),
    ("object", "data"),
    ("time", "datetime"),
];

/// An element with `itemscope`.
#[derive(Debug)]
struct Scope {
    number: usize,
    /// Its types, as they are written.
    types: String,
    /// The properties of the scope around it that it is.
    properties: String,
}

#[derive(Debug)]
struct Scopes {
    open: Vec<Scope>,
    next: usize,
    texts: OpenTexts<Vec<usize>>,
}

/// Looks for facts in all items of the page.
pub(super) fn handler<T: Taker + 'static>(
    facts: Vec<(usize, PropertyPath)>,
    taker: &Shared<T>,
) -> Option<Handler> {
    let selector: Selector = ITEMS.parse().ok()?;
    let scopes = Arc::new(Mutex::new(Scopes {
        open: Vec::new(),
        next: 0,
        texts: OpenTexts::new(MAX_FACT_TEXT_BYTES),
    }));
    let texts = Arc::clone(&scopes);
    let taker = Arc::clone(taker);
    let handlers = ElementContentHandlers::default()
        .element(move |element: &mut Element<'_, '_>| start(element, &facts, &scopes, &taker))
        .text(move |chunk: &mut TextChunk<'_>| {
            lock(&texts).texts.text(chunk.as_str());
            Ok(())
        });
    Some((Cow::Owned(selector), handlers))
}

fn start<T: Taker + 'static>(
    element: &mut Element<'_, '_>,
    facts: &[(usize, PropertyPath)],
    scopes: &Arc<Mutex<Scopes>>,
    taker: &Shared<T>,
) -> lol_html::HandlerResult {
    let properties = element.get_attribute("itemprop").unwrap_or_default();
    if element.has_attribute("itemscope") {
        return open_scope(element, properties, scopes);
    }
    let all = facts.iter();
    let wanted = all.filter(|(_, path)| lock(scopes).leads(&properties, path));
    let wanted: Vec<usize> = wanted.map(|(fact, _)| *fact).collect();
    if wanted.is_empty() {
        return Ok(());
    }
    let tag = element.tag_name();
    let by_tag = VALUES.iter().find(|(known, _)| *known == tag);
    let value = element
        .get_attribute("content")
        .or_else(|| element.get_attribute(by_tag?.1));
    if let Some(value) = value {
        if let Some(text) = plain(&value) {
            let mut taker = lock(taker);
            wanted.into_iter().for_each(|fact| taker.take(fact, &text));
        }
        return Ok(());
    }
    if !element.can_have_content() {
        return Ok(());
    }
    let Some(number) = lock(scopes).texts.begin(wanted) else {
        return Ok(());
    };
    let (scopes, taker) = (Arc::clone(scopes), Arc::clone(taker));
    let end: EndTagHandler<'static> = Box::new(move |_: &mut EndTag<'_>| {
        let taken = lock(&scopes).texts.end(number);
        if let Some((wanted, text)) = taken
            && let Some(text) = plain(&text)
        {
            let mut taker = lock(&taker);
            wanted.into_iter().for_each(|fact| taker.take(fact, &text));
        }
        Ok(())
    });
    element.on_end_tag(end)
}

fn open_scope(
    element: &mut Element<'_, '_>,
    properties: String,
    scopes: &Arc<Mutex<Scopes>>,
) -> lol_html::HandlerResult {
    let types = element.get_attribute("itemtype").unwrap_or_default();
    if !element.can_have_content() {
        return Ok(());
    }
    let Some(number) = lock(scopes).open(types, properties) else {
        return Ok(());
    };
    let scopes = Arc::clone(scopes);
    let end: EndTagHandler<'static> = Box::new(move |_: &mut EndTag<'_>| {
        lock(&scopes).open.retain(|scope| scope.number != number);
        Ok(())
    });
    element.on_end_tag(end)
}

impl Scopes {
    fn open(&mut self, types: String, properties: String) -> Option<usize> {
        let is_short = types.len() + properties.len() <= MAX_FACT_TEXT_BYTES;
        if self.open.len() >= MAX_OPEN_ELEMENTS || !is_short {
            return None;
        }
        self.next += 1;
        self.open.push(Scope {
            number: self.next,
            types,
            properties,
        });
        Some(self.next)
    }

    /// Whether an element with these properties, here, is at the end of a path.
    fn leads(&self, properties: &str, path: &PropertyPath) -> bool {
        let has =
            |written: &str, wanted: &String| written.split_ascii_whitespace().any(|p| p == wanted);
        let Some((last, above)) = path.properties.split_last() else {
            return false;
        };
        if !has(properties, last) {
            return false;
        }
        let mut scopes = self.open.iter().rev();
        for wanted in above.iter().rev() {
            if !scopes
                .next()
                .is_some_and(|scope| has(&scope.properties, wanted))
            {
                return false;
            }
        }
        let kinds = scopes.next().map_or("", |scope| scope.types.as_str());
        kinds.split_ascii_whitespace().any(|kind| path.is_of(kind))
    }
}
