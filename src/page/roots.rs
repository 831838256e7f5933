//! Which start tags a selector can begin to match at: those that its first compound may fit.

/// What the first compound of a selector asks of a start tag, as far as its bytes tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Root {
    /// In lower case; `None` for any.
    pub(crate) tag: Option<String>,
    /// Classes and ids, which stand in the tag as they are.
    pub(crate) words: Vec<String>,
    /// Whether the selector goes on below the element.
    pub(crate) goes_on: bool,
}

/// The roots of a selector, one for each of its alternatives; `None` when every start tag may matter, or those
/// beside it (`:nth-child`).
pub(crate) fn roots_of(selector: &str) -> Option<Vec<Root>> {
    // Pseudo-classes count siblings or negate, escapes spell names in other letters.
    if selector.contains([':', '\\']) {
        return None;
    }
    alternatives(selector)?.into_iter().map(root).collect()
}

/// The parts between commas that stand in no attribute's value.
fn alternatives(selector: &str) -> Option<Vec<&str>> {
    let (mut found, mut start, mut quote, mut is_attribute) = (Vec::new(), 0, None, false);
    for (at, c) in selector.char_indices() {
        match (quote, c) {
            (Some(open), _) => quote = (c != open).then_some(open),
            (None, '"' | '\'') => quote = Some(c),
            (None, '[') => is_attribute = true,
            (None, ']') => is_attribute = false,
            (None, ',') if !is_attribute => {
                found.push(selector.get(start..at)?);
                start = at + 1;
            }
            _ => {}
        }
    }
    found.push(selector.get(start..)?);
    Some(found)
}

fn root(alternative: &str) -> Option<Root> {
    let rest = alternative.trim();
    let (tag, mut rest) = match rest.strip_prefix('*') {
        Some(rest) => ("", rest),
        None => word(rest),
    };
    let mut words = Vec::new();
    while let Some(first) = rest.chars().next() {
        let behind = rest.get(first.len_utf8()..)?;
        match first {
            '.' | '#' => {
                let (word, behind) = word(behind);
                // A page may be in a charset that writes other letters otherwise.
                if word.is_empty() || !word.is_ascii() {
                    return None;
                }
                words.push(word.to_owned());
                rest = behind;
            }
            // Names and values of attributes are compared in more than one way.
            '[' => rest = behind_attribute(behind)?,
            _ => break,
        }
    }
    (!tag.is_empty() || !words.is_empty()).then(|| Root {
        tag: (!tag.is_empty()).then(|| tag.to_ascii_lowercase()),
        words,
        goes_on: !rest.is_empty(),
    })
}

/// The name at a text's start, and what stands behind it.
fn word(text: &str) -> (&str, &str) {
    let is_name = |c: char| c.is_alphanumeric() || !c.is_ascii() || matches!(c, '-' | '_');
    text.split_at(text.find(|c| !is_name(c)).unwrap_or(text.len()))
}

fn behind_attribute(text: &str) -> Option<&str> {
    let mut quote = None;
    let end = text.find(|c: char| match quote {
        Some(open) => {
            quote = (c != open).then_some(open);
            false
        }
        None => {
            quote = matches!(c, '"' | '\'').then_some(c);
            c == ']'
        }
    })?;
    text.get(end + 1..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_first_compound_asks() {
        let of = |selector: &str| {
            let roots = roots_of(selector)?;
            let one = |root: Root| {
                let words: Vec<_> = root.words.iter().map(|word| format!("+{word}")).collect();
                let tag = root.tag.unwrap_or_else(|| "*".into());
                format!(
                    "{tag}{}{}",
                    words.concat(),
                    if root.goes_on { "…" } else { "" }
                )
            };
            Some(roots.into_iter().map(one).collect::<Vec<_>>().join(" "))
        };
        for (selector, roots) in [
            ("main", Some("main")),
            ("UL.products", Some("ul+products")),
            ("ul.products > li.tile", Some("ul+products…")),
            ("#list .tile, div.a.b", Some("*+list… div+a+b")),
            ("ul.a, ol.b li", Some("ul+a ol+b…")),
            ("section[data-x=\"a, b\"]", Some("section")),
            ("section[data-x='] > a'].hero p", Some("section+hero…")),
            ("div.a>p", Some("div+a…")),
            ("*.a", Some("*+a")),
            ("[data-slot]", None),
            ("*", None),
            ("ul li:nth-child(2)", None),
            ("a:not(.b)", None),
            (".\\31 a", None),
            (".für", None),
            ("main, [x]", None),
        ] {
            assert_eq!(of(selector).as_deref(), roots, "{selector}");
        }
    }
}
