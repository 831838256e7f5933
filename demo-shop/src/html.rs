//! Putting text into markup.

use std::fmt::{self, Display, Write};

/// `text`, safe in element content and in quoted attribute values.
pub(crate) fn escape(text: &str) -> impl Display + '_ {
    fmt::from_fn(move |out| {
        let mut rest = text;
        while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
            out.write_str(&rest[..at])?;
            out.write_str(match rest.as_bytes()[at] {
                b'&' => "&amp;",
                b'<' => "&lt;",
                b'>' => "&gt;",
                b'"' => "&quot;",
                _ => "&#39;",
            })?;
            rest = &rest[at + 1..];
        }
        out.write_str(rest)
    })
}

/// `text` as one value of a query: everything but unreserved characters (RFC 3986, 2.3) is percent-encoded.
pub(crate) fn query_value(text: &str) -> impl Display + '_ {
    fmt::from_fn(move |out| {
        for byte in text.bytes() {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                    out.write_char(char::from(byte))?
                }
                _ => write!(out, "%{byte:02X}")?,
            }
        }
        Ok(())
    })
}

/// `text` as a JSON string with its quotes. `<` is escaped too, so that the result may stand in a `<script>`.
pub(crate) fn json(text: &str) -> impl Display + '_ {
    fmt::from_fn(move |out| {
        out.write_char('"')?;
        for character in text.chars() {
            match character {
                '"' => out.write_str("\\\"")?,
                '\\' => out.write_str("\\\\")?,
                '<' | '\0'..='\u{1f}' => write!(out, "\\u{:04x}", u32::from(character))?,
                _ => out.write_char(character)?,
            }
        }
        out.write_char('"')
    })
}

/// What `write` wrote. Writing to memory cannot fail; should a `Display` claim so, what it wrote until then is kept.
pub(crate) fn text_of(write: impl FnOnce(&mut String) -> fmt::Result) -> String {
    let mut out = String::new();
    let result = write(&mut out);
    debug_assert!(result.is_ok());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_breaks_out() {
        assert_eq!(
            escape("a<b>&\"c\"'é").to_string(),
            "a&lt;b&gt;&amp;&quot;c&quot;&#39;é"
        );
        assert_eq!(escape("plain").to_string(), "plain");
        assert_eq!(
            query_value("tea & ä/x").to_string(),
            "tea%20%26%20%C3%A4%2Fx"
        );
        assert_eq!(
            json("a\"\\</script>\n").to_string(),
            "\"a\\\"\\\\\\u003c/script>\\u000a\""
        );
    }
}
