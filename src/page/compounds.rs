//! Which start tags a selector can match at, or goes on below: those that one of its compounds may fit.

/// What a compound of a selector asks of a start tag, as far as its bytes tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Compound {
    /// In lower case; `None` for any.
    pub(crate) tag: Option<String>,
    /// Classes, ids and names of attributes, in lower case: they stand in the tag, in letters of any case.
    pub(crate) words: Vec<String>,
}

impl Compound {
    fn is_any(&self) -> bool {
        self.tag.is_none() && self.words.is_empty()
    }
}

/// A compound of a tag, classes, ids and names of attributes alone, so that a start tag tells whether it matches.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Plain {
    /// In lower case; `None` for any.
    tag: Option<String>,
    classes: Vec<String>,
    id: Option<String>,
    /// In lower case.
    attributes: Vec<String>,
}

impl Plain {
    /// `None` for a selector that is more than one such compound.
    pub(crate) fn of(selector: &str) -> Option<Self> {
        if selector.contains([':', '\\', '|', '=']) || !selector.is_ascii() {
            return None;
        }
        let (tag, mut rest) = match selector.strip_prefix('*') {
            Some(rest) => ("", rest),
            None => word(selector),
        };
        let mut plain = Self {
            tag: (!tag.is_empty()).then(|| tag.to_ascii_lowercase()),
            ..Self::default()
        };
        while let Some(first) = rest.chars().next() {
            let (named, behind) = word(rest.get(1..)?);
            rest = behind;
            match first {
                '.' => plain.classes.push(named.to_owned()),
                '#' if plain.id.is_none() => plain.id = Some(named.to_owned()),
                '[' => {
                    rest = rest.strip_prefix(']')?;
                    plain.attributes.push(named.to_ascii_lowercase());
                }
                _ => return None,
            }
            if named.is_empty() {
                return None;
            }
        }
        (!selector.is_empty()).then_some(plain)
    }

    /// Whether it matches a tag with this name, in lower case, and these attributes: each one's value, by its name in
    /// lower case; that of the first of a name, and empty for one without.
    pub(crate) fn matches<'a>(&self, tag: &str, value: impl Fn(&str) -> Option<&'a str>) -> bool {
        let is_space = |c: char| matches!(c, ' ' | '\n' | '\r' | '\t' | '\x0C');
        let has_class = |class: &String| {
            value("class").is_some_and(|value| value.split(is_space).any(|it| it == class))
        };
        self.tag.as_ref().is_none_or(|name| name == tag)
            && self.classes.iter().all(has_class)
            && self.id.as_deref().is_none_or(|id| value("id") == Some(id))
            && self.attributes.iter().all(|name| value(name).is_some())
    }
}

/// The compounds of a selector, or of one of its alternatives: where it can begin to match, and what it goes on with
/// below, in whatever depth.
pub(crate) type Chain = Vec<Compound>;

/// The chains of a selector; `None` when it can begin to match at every start tag, or looks at those beside it
/// (`:nth-child`).
pub(crate) fn chains_of(selector: &str) -> Option<Vec<Chain>> {
    // Pseudo-classes count siblings or negate, escapes spell names in other letters.
    if selector.contains([':', '\\']) {
        return None;
    }
    alternatives(selector)?.into_iter().map(chain).collect()
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

fn chain(alternative: &str) -> Option<Chain> {
    let (root, mut rest) = compound(alternative.trim())?;
    if root.is_any() {
        return None;
    }
    let mut chain = vec![root];
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '>');
        if rest.is_empty() {
            return Some(chain);
        }
        let (next, behind) = compound(rest)?;
        chain.push(next);
        rest = behind;
    }
}

/// The compound at a text's start, and what stands behind it; `None` where none stands.
fn compound(text: &str) -> Option<(Compound, &str)> {
    let (tag, mut rest) = match text.strip_prefix('*') {
        Some(rest) => ("", rest),
        None => word(text),
    };
    let mut words = Vec::new();
    while let Some(first) = rest.chars().next() {
        let behind = rest.get(first.len_utf8()..)?;
        let named = match first {
            '.' | '#' => {
                let (word, behind) = word(behind);
                rest = behind;
                word
            }
            // Values of attributes are compared in more than one way.
            '[' => {
                rest = behind_attribute(behind)?;
                word(behind.trim_start()).0
            }
            _ => break,
        };
        // A page may be in a charset that writes other letters otherwise.
        if !named.is_empty() && named.is_ascii() {
            words.push(named.to_ascii_lowercase());
        }
    }
    let tag = (!tag.is_empty()).then(|| tag.to_ascii_lowercase());
    (rest.len() < text.len()).then_some((Compound { tag, words }, rest))
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
    fn plain_compounds() {
        for (selector, tag, class, matches) in [
            ("li.tile", "li", "tile", Some(true)),
            ("LI.tile.b", "li", "a tile\tb", Some(true)),
            ("li.tile", "li", "Tile tiles", Some(false)),
            ("li.tile", "p", "tile", Some(false)),
            (".tile", "p", "tile", Some(true)),
            ("*[CLASS]", "p", "", Some(true)),
            ("p#x", "p", "x", Some(false)),
            ("p[href]", "p", "", Some(false)),
            ("*", "p", "", Some(true)),
            ("> li", "li", "", None),
            ("ul li", "li", "", None),
            ("a, b", "a", "", None),
            ("a[x=y]", "a", "", None),
            ("a:first-child", "a", "", None),
            ("a.", "a", "", None),
            ("a.für", "a", "", None),
            ("", "a", "", None),
        ] {
            let value = |name: &str| (name == "class").then_some(class);
            let found = Plain::of(selector).map(|plain| plain.matches(tag, value));
            assert_eq!(found, matches, "{selector} <{tag} class={class}>");
        }
    }

    #[test]
    fn what_compounds_ask() {
        let one = |compound: &Compound| {
            let words: Vec<_> = compound.words.iter().map(|it| format!("+{it}")).collect();
            compound.tag.as_deref().unwrap_or("*").to_owned() + &words.concat()
        };
        let of = |selector: &str| {
            let all = |chain: &Chain| chain.iter().map(one).collect::<Vec<_>>().join(" ");
            let chains = chains_of(selector)?;
            Some(chains.iter().map(all).collect::<Vec<_>>().join(", "))
        };
        for (selector, chains) in [
            ("main", Some("main")),
            ("UL.products", Some("ul+products")),
            ("ul.products > li.Tile", Some("ul+products li+tile")),
            ("#list .tile, div.a.b", Some("*+list *+tile, div+a+b")),
            ("ul.a, ol.b li", Some("ul+a, ol+b li")),
            ("section[data-x=\"a, b\"]", Some("section+data-x")),
            (
                "section[data-x='] > a'].hero p",
                Some("section+data-x+hero p"),
            ),
            ("div.a>p", Some("div+a p")),
            ("*.a *", Some("*+a *")),
            ("[ data-Slot ] > [x]", Some("*+data-slot *+x")),
            ("p.für", Some("p")),
            ("*", None),
            ("ul li:nth-child(2)", None),
            ("a:not(.b)", None),
            (".\\31 a", None),
            (".für", None),
            ("main, *", None),
            ("a + b", None),
        ] {
            assert_eq!(of(selector).as_deref(), chains, "{selector}");
        }
    }
}
