//! Where a byte of a TOML string's value stands in the file.

use std::ops::Range;

/// The byte of `text` at which byte `at` of the value begins that the string at `span` stands for. When the
/// two do not fit together, the string's beginning.
pub(super) fn in_file(text: &str, span: Range<usize>, value: &str, at: usize) -> usize {
    find(text, span.clone(), value, at).unwrap_or(span.start)
}

fn find(text: &str, span: Range<usize>, value: &str, at: usize) -> Option<usize> {
    let written = text.get(span.clone())?;
    let quote = ["\"\"\"", "'''", "\"", "'"]
        .into_iter()
        .find(|quote| written.starts_with(quote))?;
    let is_long = quote.len() == 3;
    let mut rest = written.get(quote.len()..)?;
    if is_long {
        // A line's end right behind the quotes is not part of the value.
        rest = rest
            .strip_prefix("\r\n")
            .or(rest.strip_prefix('\n'))
            .unwrap_or(rest);
    }
    let mut seen = 0;
    for c in value.chars() {
        rest = match quote.starts_with('"') {
            true => behind_folds(rest, is_long),
            false => rest,
        };
        if seen >= at {
            break;
        }
        seen += c.len_utf8();
        let escape = rest.strip_prefix('\\').filter(|_| quote.starts_with('"'));
        rest = match escape.and_then(|escape| escape.chars().next()) {
            Some('x') => rest.get(4..)?,
            Some('u') => rest.get(6..)?,
            Some('U') => rest.get(10..)?,
            Some(_) => rest.get(2..)?,
            None if rest.starts_with(c) => rest.get(c.len_utf8()..)?,
            // A parser may write all line ends alike.
            None if c == '\n' => rest.strip_prefix("\r\n")?,
            None => return None,
        };
    }
    let rest_bytes = rest.len();
    Some(span.start + written.len() - rest_bytes)
}

/// A backslash at a line's end folds all white space up to the next character.
fn behind_folds(mut text: &str, is_long: bool) -> &str {
    while is_long
        && let Some(fold) = text.strip_prefix('\\')
        && let trimmed = fold.trim_start_matches([' ', '\t', '\r'])
        && trimmed.starts_with('\n')
    {
        text = trimmed.trim_start_matches([' ', '\t', '\r', '\n']);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_string() {
        for written in [
            "\"a{{x}}\"",
            "'a{{x}}'",
            "\"\"\"\na{{x}}\"\"\"",
            "'''\r\na{{x}}'''",
            "\"\"\"\\\n   a\\\n  {{x}}\"\"\"",
            "\"\\u0061{{x}}\"",
            "\"\\t\\\"ä{{x}}\"",
            "\"\\x61\\\\{{x}}\"",
        ] {
            let file = format!("k = {written}\n");
            let table = toml::de::DeTable::parse(&file).expect("TOML");
            let value = table.get_ref().get("k").expect("there");
            let text = value.get_ref().as_str().expect("a text");
            let at = text.find("{{").expect("a hole");
            let found = in_file(&file, value.span(), text, at);
            assert!(file[found..].starts_with("{{"), "{written}: {found}");
            assert_eq!(in_file(&file, 2..4, text, at), 2, "no string at all");
        }
    }
}
