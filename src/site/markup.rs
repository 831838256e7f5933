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
}

impl State {
    /// Reads on; the error says what a template must not contain, and at which byte of the text.
    pub(super) fn read(self, text: &str) -> Result<Self, (usize, String)> {
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
            let at = text.len() - rest.len();
            state = state.step(c).map_err(|message| (at, message))?;
            rest = &rest[c.len_utf8()..];
        }
        Ok(state)
    }

    fn step(self, c: char) -> Result<Self, String> {
        Ok(match self {
            Self::Text if c == '<' => Self::TagOpen,
            Self::Text => Self::Text,
            Self::TagOpen if c == '/' => Self::TagName("/".into()),
            Self::TagOpen if c.is_ascii_alphabetic() => {
                Self::TagName(c.to_ascii_lowercase().into())
            }
            Self::TagOpen => return Err(format!("expected a tag's name after `<`, found {c:?}")),
            Self::TagName(name) if c.is_whitespace() || c == '>' || (c == '/' && name != "/") => {
                if UNSAFE_ELEMENTS.contains(&name.trim_start_matches('/')) {
                    return Err(format!("<{name}> may not be inserted"));
                }
                if c == '>' { Self::Text } else { Self::InTag }
            }
            Self::TagName(mut name) => {
                name.push(c.to_ascii_lowercase());
                Self::TagName(name)
            }
            Self::InTag if c == '>' => Self::Text,
            Self::InTag if c.is_whitespace() || c == '/' => Self::InTag,
            Self::InTag => Self::AttributeName(c.to_ascii_lowercase().into()),
            Self::AttributeName(name) if c.is_whitespace() => Self::AfterName(checked(name)?),
            Self::AttributeName(name) if c == '=' => Self::BeforeValue(checked(name)?),
            Self::AttributeName(name) if c == '>' => checked(name).map(|_| Self::Text)?,
            Self::AttributeName(name) if c == '/' => checked(name).map(|_| Self::InTag)?,
            Self::AttributeName(mut name) => {
                name.push(c.to_ascii_lowercase());
                Self::AttributeName(name)
            }
            Self::AfterName(name) if c.is_whitespace() => Self::AfterName(name),
            Self::AfterName(name) if c == '=' => Self::BeforeValue(name),
            Self::AfterName(_) => return Self::InTag.step(c),
            Self::BeforeValue(name) if c.is_whitespace() => Self::BeforeValue(name),
            Self::BeforeValue(attribute) if c == '"' || c == '\'' => Self::Value {
                attribute,
                quote: c,
                empty: true,
            },
            Self::BeforeValue(name) => return Err(format!("the value of {name} must be quoted")),
            Self::Value { quote, .. } if c == quote => Self::InTag,
            Self::Value {
                attribute, quote, ..
            } => Self::Value {
                attribute,
                quote,
                empty: false,
            },
            Self::Comment => Self::Comment,
        })
    }

    /// How a hole that stands here is escaped, and the state behind it.
    pub(super) fn hole(self) -> Result<(Escape, Self), String> {
        match self {
            Self::Text => Ok((Escape::Text, Self::Text)),
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

fn checked(name: String) -> Result<String, String> {
    if name.starts_with("on") || UNSAFE_ATTRIBUTES.contains(&name.as_str()) {
        return Err(format!("the attribute {name} may not be inserted"));
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hole_after(text: &str) -> Result<Escape, String> {
        let state = State::Text.read(text).map_err(|(_, message)| message)?;
        state.hole().map(|(escape, _)| escape)
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
