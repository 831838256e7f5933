//! A condition's words.

use std::ops::Range;

use super::{ConditionError, SCALE};

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// A field or a word of the language.
    Word(String),
    /// In 1/[`SCALE`].
    Number(i64),
    Text(String),
    Sign(&'static str),
}

const SIGNS: [&str; 12] = [
    "==", "!=", "<=", ">=", "<", ">", "=", "(", ")", "[", "]", ",",
];

/// The largest number that may be written.
const MAX_NUMBER: i64 = 1_000_000_000;

pub(super) fn tokens(text: &str) -> Result<Vec<(Token, Range<usize>)>, ConditionError> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let c = rest.chars().next().unwrap_or_default();
        if c.is_whitespace() {
            at += c.len_utf8();
            continue;
        }
        let (token, bytes) = if c == '"' || c == '\'' {
            quoted(rest, c).ok_or_else(|| {
                let help = "put the same quote behind the text";
                ConditionError::new(at..text.len(), "a text without its end".into(), help)
            })?
        } else if c.is_ascii_digit() {
            number(rest).map_err(|bytes| {
                let message = format!("not a number: {}", &rest[..bytes]);
                let help = "like 3, 49.90 or 50 %; at most 1,000,000,000 and three decimals";
                ConditionError::new(at..at + bytes, message, help)
            })?
        } else if c.is_alphabetic() || c == '_' {
            let is_word = |c: char| c.is_alphanumeric() || c == '_';
            let bytes = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            (Token::Word(rest[..bytes].to_owned()), bytes)
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            (Token::Sign(sign), sign.len())
        } else {
            let help = "texts stand in quotes; for && and || write and, or";
            let message = format!("{c:?} means nothing here");
            return Err(ConditionError::new(at..at + c.len_utf8(), message, help));
        };
        found.push((token, at..at + bytes));
        at += bytes;
    }
    Ok(found)
}

fn quoted(text: &str, quote: char) -> Option<(Token, usize)> {
    let inner = text.get(1..)?;
    let end = inner.find(quote)?;
    Some((Token::Text(inner.get(..end)?.to_owned()), end + 2))
}

/// A number and how long it is; the length alone when it is none.
fn number(text: &str) -> Result<(Token, usize), usize> {
    let bytes = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let (whole, decimals) = text[..bytes]
        .split_once('.')
        .unwrap_or((&text[..bytes], ""));
    let is_written_so = decimals.len() <= 3 && decimals.bytes().all(|b| b.is_ascii_digit());
    let whole: i64 = whole.parse().map_err(|_| bytes)?;
    let thousandths: i64 = format!("{decimals:0<3}").parse().map_err(|_| bytes)?;
    if !is_written_so || whole > MAX_NUMBER {
        return Err(bytes);
    }
    let number = whole * SCALE + thousandths;
    let behind = &text[bytes..];
    let percent = behind.trim_start().strip_prefix('%');
    Ok(match percent {
        Some(rest) => (Token::Number(number / 100), text.len() - rest.len()),
        None => (Token::Number(number), bytes),
    })
}
