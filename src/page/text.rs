//! What a piece of markup says to those who read it: enough to know a tile's value by its text.

/// How much of a tile is read for its text, in bytes.
pub(crate) const MAX_TEXT_BYTES: usize = 16 << 10;

/// The most runs of text that a tile may have; of one with more, the first ones are read.
pub(crate) const MAX_RUNS: usize = 16;

/// Elements whose content is not for reading.
const OPAQUE: &[&str] = &["noscript", "script", "style", "svg", "template"];

/// Tags that stand within a word as well as around it. All others end a run of text.
const WITHIN_WORDS: &[&str] = &["b", "em", "font", "i", "mark", "strong", "u", "wbr"];

/// The runs of text of a piece of markup, entities decoded; at most [`MAX_RUNS`].
pub(crate) fn runs(html: &str) -> Vec<String> {
    let mut runs = vec![String::new()];
    let mut rest = html;
    loop {
        let (text, markup) = rest.split_at(rest.find('<').unwrap_or(rest.len()));
        if let Some(run) = runs.last_mut() {
            run.push_str(text);
        }
        let Some((behind, ends_run)) = skip(markup) else {
            break;
        };
        if behind.len() + 1 == markup.len()
            && let Some(run) = runs.last_mut()
        {
            run.push('<');
        }
        let is_empty = |run: &String| run.trim().is_empty();
        if ends_run && !runs.last().is_none_or(is_empty) {
            if runs.len() == MAX_RUNS {
                break;
            }
            runs.push(String::new());
        }
        rest = behind;
    }
    runs.retain(|run| !run.trim().is_empty());
    runs.into_iter().map(|run| decode(&run)).collect()
}

/// What stands behind the tag or comment at the start, and whether it ends a run. `None` at the end.
fn skip(markup: &str) -> Option<(&str, bool)> {
    let behind = |from: &'_ str, end: &str| -> Option<usize> { Some(from.find(end)? + end.len()) };
    let inner = markup.strip_prefix('<')?;
    if inner.starts_with("!--") {
        let at = behind(markup, "-->").unwrap_or(markup.len());
        return Some((markup.get(at..)?, false));
    }
    let is_end = inner.starts_with('/');
    let named = inner.strip_prefix('/').unwrap_or(inner);
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let name = named.get(..named.find(|c| !is_name(c)).unwrap_or(named.len()))?;
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        // `a < b` is text; `<!`, `<?` and `</ ` begin comments (HTML, 13.2.5.6).
        let at = match inner.starts_with(['!', '?', '/']) {
            true => behind(markup, ">").unwrap_or(markup.len()),
            false => 1,
        };
        return Some((markup.get(at..)?, false));
    }
    let after = markup.get(tag_end(markup)..)?;
    let is = |known: &&str| known.eq_ignore_ascii_case(name);
    if !is_end && OPAQUE.iter().any(is) {
        return Some((after_element(after, name), true));
    }
    Some((after, !WITHIN_WORDS.iter().any(is)))
}

/// Behind a tag's `>`, which may stand in quotes, too.
fn tag_end(tag: &str) -> usize {
    let mut quote = None;
    for (at, byte) in tag.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at + 1,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    tag.len()
}

/// Behind the element's end tag; nothing when it has none.
fn after_element<'h>(html: &'h str, name: &str) -> &'h str {
    let is_end = |at: &usize| {
        let tag = html.get(at + 2..at + 2 + name.len());
        tag.is_some_and(|tag| tag.eq_ignore_ascii_case(name))
    };
    let mut ends = html.match_indices("</").map(|(at, _)| at);
    let end = ends.find(is_end).and_then(|at| html.get(at..));
    end.and_then(|end| end.get(tag_end(end)..))
        .unwrap_or_default()
}

/// Names of U+00A0 to U+00FF (HTML, 13.5).
const LATIN_1: [&str; 96] = [
    "nbsp", "iexcl", "cent", "pound", "curren", "yen", "brvbar", "sect", "uml", "copy", "ordf",
    "laquo", "not", "shy", "reg", "macr", "deg", "plusmn", "sup2", "sup3", "acute", "micro",
    "para", "middot", "cedil", "sup1", "ordm", "raquo", "frac14", "frac12", "frac34", "iquest",
    "Agrave", "Aacute", "Acirc", "Atilde", "Auml", "Aring", "AElig", "Ccedil", "Egrave", "Eacute",
    "Ecirc", "Euml", "Igrave", "Iacute", "Icirc", "Iuml", "ETH", "Ntilde", "Ograve", "Oacute",
    "Ocirc", "Otilde", "Ouml", "times", "Oslash", "Ugrave", "Uacute", "Ucirc", "Uuml", "Yacute",
    "THORN", "szlig", "agrave", "aacute", "acirc", "atilde", "auml", "aring", "aelig", "ccedil",
    "egrave", "eacute", "ecirc", "euml", "igrave", "iacute", "icirc", "iuml", "eth", "ntilde",
    "ograve", "oacute", "ocirc", "otilde", "ouml", "divide", "oslash", "ugrave", "uacute", "ucirc",
    "uuml", "yacute", "thorn", "yuml",
];

const OTHERS: [(&str, char); 12] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("ndash", '–'),
    ("mdash", '—'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("hellip", '…'),
    ("euro", '€'),
    ("trade", '™'),
];

/// Decodes numeric character references and the named ones that names of brands and categories have; others
/// stay as they are.
pub(crate) fn decode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, reference) = rest.split_at(at);
        out.push_str(before);
        let end = reference.bytes().take(12).position(|byte| byte == b';');
        let name = end.and_then(|end| reference.get(1..end));
        match name.and_then(character) {
            Some(character) => {
                out.push(character);
                rest = reference.get(end.unwrap_or(0) + 1..).unwrap_or_default();
            }
            None => {
                out.push('&');
                rest = reference.get(1..).unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    out
}

fn character(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let hex = number.strip_prefix(['x', 'X']);
        let code = match hex {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => number.parse(),
        };
        return char::from_u32(code.ok()?);
    }
    let latin = (0xA0..).zip(LATIN_1).find(|(_, known)| *known == name);
    let other = || OTHERS.iter().find(|(known, _)| *known == name);
    latin
        .and_then(|(code, _)| char::from_u32(code))
        .or_else(|| other().map(|(_, character)| *character))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_text() {
        for (html, expected) in [
            ("Mugs", &["Mugs"][..]),
            (
                "<li><a href='/c?a>b'> Mugs <b>&amp;</b> Cups</a></li>",
                &[" Mugs & Cups"],
            ),
            ("<a>M<b>ug</b>s<span>12</span></a>", &["Mugs", "12"]),
            (
                "<!-- a > b --><script>if (a<b) '</p>'</SCRIPT >x<style>y",
                &["x"],
            ),
            (
                "<svg><title>icon</title></svg> Mugs<br/>new",
                &[" Mugs", "new"],
            ),
            ("a < b<", &["a < b<"]),
            ("a <!x> <?y> </ > b", &["a    b"]),
            ("<a title=\"x", &[]),
            ("<script>x", &[]),
            ("", &[]),
            ("é<p>字", &["é", "字"]),
        ] {
            assert_eq!(runs(html), expected, "{html}");
        }
        assert_eq!(runs(&"<p>x".repeat(MAX_RUNS + 1)).len(), MAX_RUNS);
    }

    #[test]
    fn references() {
        for (text, expected) in [
            ("K&uuml;che &amp; Bad &#8364;&#x20aC;", "Küche & Bad €€"),
            ("&nbsp;&yuml;&rsquo;", "\u{a0}ÿ’"),
            (
                "&amp;lt; &unknown; & &; &#xD800; &#99999999; &é;",
                "&lt; &unknown; & &; &#xD800; &#99999999; &é;",
            ),
        ] {
            assert_eq!(decode(text), expected, "{text}");
        }
    }
}
