//! Facts in elements that a selector finds: an attribute, or the text.

use std::borrow::Cow;
use std::sync::{Arc, Mutex};

use lol_html::Selector;
use lol_html::html_content::{EndTag, TextChunk};
use lol_html::send::{Element, ElementContentHandlers, EndTagHandler};

use super::MAX_FACT_TEXT_BYTES;
use super::read::{Handler, OpenTexts, Shared, Taker, lock, plain};

/// Looks for a fact. A selector that lol_html does not understand finds nothing.
pub(super) fn handler<T: Taker + 'static>(
    fact: usize,
    selector: &str,
    attribute: &str,
    taker: &Shared<T>,
) -> Option<Handler> {
    let selector: Selector = selector.parse().ok()?;
    let taker = Arc::clone(taker);
    let handlers = ElementContentHandlers::default();
    let handlers = if attribute.is_empty() {
        let open = Arc::new(Mutex::new(OpenTexts::new(MAX_FACT_TEXT_BYTES)));
        let texts = Arc::clone(&open);
        handlers
            .element(move |element: &mut Element<'_, '_>| {
                take_text(element, &open, &taker, move |(), text, taker: &mut T| {
                    taker.take(fact, &text);
                })
            })
            .text(move |chunk: &mut TextChunk<'_>| {
                lock(&texts).text(chunk.as_str());
                Ok(())
            })
    } else {
        let attribute = attribute.to_owned();
        handlers.element(move |element: &mut Element<'_, '_>| {
            let text = element.get_attribute(&attribute);
            if let Some(text) = text.as_deref().and_then(plain) {
                lock(&taker).take(fact, &text);
            }
            Ok(())
        })
    };
    Some((Cow::Owned(selector), handlers))
}

/// Looks for an element that tells a fact by being there.
pub(super) fn mark<T: Taker + 'static>(
    fact: usize,
    selector: &str,
    value: &str,
    taker: &Shared<T>,
) -> Option<Handler> {
    let selector: Selector = selector.parse().ok()?;
    let (taker, value) = (Arc::clone(taker), value.to_owned());
    let handlers = ElementContentHandlers::default();
    let handlers = handlers.element(move |_: &mut Element<'_, '_>| {
        lock(&taker).take(fact, &value);
        Ok(())
    });
    Some((Cow::Owned(selector), handlers))
}

/// Hands over an element's text when it ends.
fn take_text<T: Taker + 'static>(
    element: &mut Element<'_, '_>,
    open: &Shared<OpenTexts<()>>,
    taker: &Shared<T>,
    then: impl FnOnce((), String, &mut T) + Send + 'static,
) -> lol_html::HandlerResult {
    if !element.can_have_content() {
        return Ok(());
    }
    let Some(number) = lock(open).begin(()) else {
        return Ok(());
    };
    let (open, taker) = (Arc::clone(open), Arc::clone(taker));
    let end: EndTagHandler<'static> = Box::new(move |_: &mut EndTag<'_>| {
        let text = lock(&open).end(number);
        if let Some(text) = text.and_then(|((), text)| plain(&text)) {
            then((), text, &mut lock(&taker));
        }
        Ok(())
    });
    element.on_end_tag(end)
}

/// Named character references that texts of shops are written with. Others stay as they are.
const NAMED: &[(&str, &str)] = &[
    ("amp", "&"),
    ("apos", "'"),
    ("auml", "ä"),
    ("Auml", "Ä"),
    ("ccedil", "ç"),
    ("eacute", "é"),
    ("egrave", "è"),
    ("euro", "€"),
    ("gt", ">"),
    ("lt", "<"),
    ("middot", "·"),
    ("nbsp", "\u{a0}"),
    ("ndash", "–"),
    ("ouml", "ö"),
    ("Ouml", "Ö"),
    ("pound", "£"),
    ("quot", "\""),
    ("rsquo", "’"),
    ("shy", ""),
    ("szlig", "ß"),
    ("uuml", "ü"),
    ("Uuml", "Ü"),
    ("yen", "¥"),
];

/// The longest character reference that is looked for, in bytes, without its `&`.
const MAX_REFERENCE_BYTES: usize = 10;

/// Resolves character references (HTML, 13.5) as far as they are known and end in a semicolon.
pub(super) fn unescape(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('&') {
        let (before, reference) = rest.split_at(at);
        out.push_str(before);
        let body = reference.get(1..).unwrap_or_default();
        let end = body
            .bytes()
            .take(MAX_REFERENCE_BYTES)
            .position(|b| b == b';');
        let resolved = end.and_then(|end| Some((resolve(body.get(..end)?)?, end)));
        match resolved {
            Some((text, end)) => {
                out.push_str(&text);
                rest = body.get(end + 1..).unwrap_or_default();
            }
            None => {
                out.push('&');
                rest = body;
            }
        }
    }
    out.push_str(rest);
    out
}

fn resolve(name: &str) -> Option<Cow<'static, str>> {
    let Some(number) = name.strip_prefix('#') else {
        let found = NAMED.iter().find(|(known, _)| *known == name);
        return found.map(|(_, text)| Cow::Borrowed(*text));
    };
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => number.parse(),
    };
    let c = char::from_u32(code.ok()?)?;
    Some(Cow::Owned(c.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn character_references() {
        for (html, text) in [
            ("K&uuml;che &amp; Bad", "Küche & Bad"),
            ("&#252;&#xFC;&#XfC;", "üüü"),
            ("49,90&nbsp;&euro;", "49,90\u{a0}€"),
            ("a & b &unknown; &amp", "a & b &unknown; &amp"),
            ("&#1114112;&#;&;&", "&#1114112;&#;&;&"),
            ("&ä;", "&ä;"),
        ] {
            assert_eq!(unescape(html), text, "{html}");
        }
    }
}
