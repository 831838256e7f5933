//! Where in the markup a template's hole stands, so that it is escaped for that place.
//!
//! A small part of HTML's tokenizer (HTML, 13.2.5): enough to tell text from attribute values, and to
//! refuse the places where no escaping is safe.

use super::template::Escape;

/// Attributes whose value is an address.
const URL_ATTRIBUTES: &[&str] = &[
    "action",
    "background",
    "cite",
    "data",
    "formaction",
    "href",
    "longdesc",
    "manifest",
    "ping",
    "poster",
    "src",
    "xlink:href",
];
/// Attributes whose value is code, or markup, or a list that a URL could break out of.
const UNSAFE_ATTRIBUTES: &[&str] = &["style", "srcdoc", "srcset"];
/// Elements that would run, or whose content is not plain text.
const UNSAFE_ELEMENTS: &[&str] = &[
    "base",
    "embed",
    "iframe",
    "link",
    "math",
    "meta",
    "noscript",
    "object",
    "plaintext",
    "script",
    "style",
    "svg",
    "template",
    "textarea",
    "title",
    "xmp",
];

/// Elements whose content is no markup: what stands in a refused one is not looked at.
const RAW_ELEMENTS: &[&str] = &[
    "iframe", "noscript", "script", "style", "textarea", "title", "xmp",
];

/// A place in the markup. Equal states mean that what follows is read the same way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum State {
    Text,
    TagOpen,
    TagName(String),
    InTag,
    AttributeName(String),
    AfterName(String),
    BeforeValue(String),
    Value {
        attribute: String,
        quote: char,
        empty: bool,
    },
    Comment,
    /// A value without quotes, which was refused.
    Unquoted,
    /// The start tag of an element that was refused, whose content is no markup.
    RawTag(String),
    /// The content of such an element.
    Raw(String),
}

impl State {
    /// Reads on, and puts what a template must not contain into `errors`, with its byte in the text.
    /// Behind such a place it is read as if that were right, so that one mistake is told once.
    pub(super) fn read(self, text: &str, errors: &mut Vec<(usize, String)>) -> Self {
        let mut state = self;
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            if state == Self::Text && rest.starts_with("<!--") {
                state = Self::Comment;
                rest = &rest[4..];
                continue;
            }
            if state == Self::Comment {
                match rest.find("-->") {
                    Some(end) => {
                        state = Self::Text;
                        rest = &rest[end + 3..];
                    }
                    None => rest = "",
                }
                continue;
            }
            if let Self::Raw(name) = &state {
                let mut ends = rest.match_indices("</").map(|(at, _)| at + 2);
                let is_own = |at: &usize| {
                    let found = rest.as_bytes().get(*at..at + name.len());
                    found.is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
                };
                match ends.find(is_own) {
                    Some(end) => {
                        rest = &rest[end + name.len()..];
                        state = Self::InTag;
                    }
                    None => rest = "",
                }
                continue;
            }
            let at = text.len() - rest.len();
            state = state.step(c, &mut |message| errors.push((at, message)));
            rest = &rest[c.len_utf8()..];
        }
        state
    }

    fn step(self, c: char, refuse: &mut dyn FnMut(String)) -> Self {
        match self {
            Self::Text if c == '<' => Self::TagOpen,
            Self::Text => Self::Text,
            Self::TagOpen if c == '/' => Self::TagName("/".into()),
            Self::TagOpen if c.is_ascii_alphabetic() => {
                Self::TagName(c.to_ascii_lowercase().into())
            }
            Self::TagOpen => {
                refuse(format!("expected a tag's name after `<`, found {c:?}"));
                Self::Text
            }
            Self::TagName(name) if c.is_whitespace() || c == '>' || (c == '/' && name != "/") => {
                let is_unsafe = UNSAFE_ELEMENTS.contains(&name.trim_start_matches('/'));
                if is_unsafe {
                    refuse(format!("<{name}> may not be inserted"));
                }
                match (is_unsafe && RAW_ELEMENTS.contains(&name.as_str()), c) {
                    (true, '>') => Self::Raw(name),
                    (true, _) => Self::RawTag(name),
                    (false, '>') => Self::Text,
                    (false, _) => Self::InTag,
                }
            }
            Self::TagName(mut name) => {
                name.push(c.to_ascii_lowercase());
                Self::TagName(name)
            }
            Self::RawTag(name) if c == '>' => Self::Raw(name),
            Self::InTag if c == '>' => Self::Text,
            Self::InTag if c.is_whitespace() || c == '/' => Self::InTag,
            Self::InTag => Self::AttributeName(c.to_ascii_lowercase().into()),
            Self::AttributeName(name) if c.is_whitespace() => {
                Self::AfterName(checked(name, refuse))
            }
            Self::AttributeName(name) if c == '=' => Self::BeforeValue(checked(name, refuse)),
            Self::AttributeName(name) if c == '>' => {
                checked(name, refuse);
                Self::Text
            }
            Self::AttributeName(name) if c == '/' => {
                checked(name, refuse);
                Self::InTag
            }
            Self::AttributeName(mut name) => {
                name.push(c.to_ascii_lowercase());
                Self::AttributeName(name)
            }
            Self::AfterName(name) if c.is_whitespace() => Self::AfterName(name),
            Self::AfterName(name) if c == '=' => Self::BeforeValue(name),
            Self::AfterName(_) => Self::InTag.step(c, refuse),
            Self::BeforeValue(name) if c.is_whitespace() => Self::BeforeValue(name),
            Self::BeforeValue(attribute) if c == '"' || c == '\'' => Self::Value {
                attribute,
                quote: c,
                empty: true,
            },
            Self::BeforeValue(name) => {
                refuse(format!("the value of {name} must be quoted"));
                Self::Unquoted.step(c, refuse)
            }
            Self::Unquoted if c == '>' => Self::Text,
            Self::Unquoted if c.is_whitespace() => Self::InTag,
            Self::Value { quote, .. } if c == quote => Self::InTag,
            Self::Value {
                attribute, quote, ..
            } => Self::Value {
                attribute,
                quote,
                empty: false,
            },
            other @ (Self::Comment | Self::Unquoted | Self::RawTag(_) | Self::Raw(_)) => other,
        }
    }

    /// How a hole that stands here is escaped, and the state behind it.
    pub(super) fn hole(self) -> Result<(Escape, Self), String> {
        match self {
            Self::Text => Ok((Escape::Text, Self::Text)),
            // It was refused before, and enough has been said.
            refused @ (Self::Unquoted | Self::RawTag(_) | Self::Raw(_)) => {
                Ok((Escape::Attribute, refused))
            }
            Self::Value {
                attribute,
                quote,
                empty,
            } => {
                let is_url = URL_ATTRIBUTES.contains(&attribute.as_str());
                if is_url && !empty {
                    return Err(format!("a hole in {attribute} must be its whole beginning"));
                }
                let escape = if is_url {
                    Escape::Url
                } else {
                    Escape::Attribute
                };
                Ok((
                    escape,
                    Self::Value {
                        attribute,
                        quote,
                        empty: false,
                    },
                ))
            }
            Self::Comment => Err("a hole may not stand in a comment".into()),
            _ => Err("a hole may only stand between tags or in a quoted attribute".into()),
        }
    }
}

fn checked(name: String, refuse: &mut dyn FnMut(String)) -> String {
    if name.starts_with("on") || UNSAFE_ATTRIBUTES.contains(&name.as_str()) {
        refuse(format!("the attribute {name} may not be inserted"));
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hole_after(text: &str) -> Result<Escape, String> {
        let mut errors = Vec::new();
        let state = State::Text.read(text, &mut errors);
        match errors.pop() {
            Some((_, message)) => Err(message),
            None => state.hole().map(|(escape, _)| escape),
        }
    }

    #[test]
    fn places() {
        assert_eq!(hole_after("<p>"), Ok(Escape::Text));
        assert_eq!(hole_after("<p title=\""), Ok(Escape::Attribute));
        assert_eq!(
            hole_after("<a class=x href='").unwrap_err(),
            "the value of class must be quoted"
        );
        assert_eq!(hole_after("<a class='x' HREF='"), Ok(Escape::Url));
        assert_eq!(hole_after("<img alt=\"a>b\" src=\""), Ok(Escape::Url));
        assert_eq!(hole_after("<!-- <a href=\" --><b>"), Ok(Escape::Text));
    }

    #[test]
    fn one_mistake_is_told_once() {
        for (text, expected) in [
            ("<script>if (a < 1) b(\"<i onclick=x>\")</script><p>", 1),
            ("<style>p > a {}</STYLE><p onclick=\"x\" style=''>", 3),
            ("<p class=x id=y>a < b", 3),
            ("<svg><path d=\"m\"/></svg>", 2),
            ("<textarea>< <", 1),
        ] {
            let mut errors = Vec::new();
            State::Text.read(text, &mut errors);
            assert_eq!(errors.len(), expected, "{text}: {errors:?}");
        }
    }

    #[test]
    fn places_that_no_escaping_makes_safe() {
        for text in [
            "<script>",
            "<style>",
            "<p onclick=\"",
            "<p style=\"",
            "<",
            "<p ",
            "<p a",
            "<p a=",
            "<!-- ",
            "<a href=\"/x/",
            "<svg>",
            "<img srcset=\"",
        ] {
            assert!(hole_after(text).is_err(), "{text}");
        }
    }
}
