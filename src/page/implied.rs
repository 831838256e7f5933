//! Elements whose end tag may be left out (HTML, 13.1.2.4), as far as lists are made of them or places
//! stand at them: which start tags end them, and inside which elements those tags belong to something
//! else.

/// One kind of element whose end tag may be left out.
#[derive(Debug)]
pub(crate) struct Implied {
    tags: &'static [&'static str],
    /// Start tags that end it.
    closers: &'static [&'static str],
    /// Inside of these, closers are of a list or table of its own.
    scopes: &'static [&'static str],
}

const IMPLIED: &[Implied] = &[
    Implied {
        tags: &["li"],
        closers: &["li"],
        scopes: &["ul", "ol", "menu", "table", "template"],
    },
    Implied {
        tags: &["dd", "dt"],
        closers: &["dd", "dt"],
        scopes: &["dl", "ul", "ol", "table", "template"],
    },
    Implied {
        tags: &["td", "th"],
        closers: &["td", "th", "tr", "tbody", "thead", "tfoot"],
        scopes: &["table", "template"],
    },
    Implied {
        tags: &["tr"],
        closers: &["tr", "tbody", "thead", "tfoot"],
        scopes: &["table", "template"],
    },
];

/// Paragraphs: no list's tiles, so that lists need not look at most of a page's tags.
const PARAGRAPH: Implied = Implied {
    tags: &["p"],
    closers: &[
        "address",
        "article",
        "aside",
        "blockquote",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "search",
        "section",
        "summary",
        "table",
        "ul",
    ],
    scopes: &["button", "marquee", "object", "template"],
};

impl Implied {
    /// What is known of elements with this tag; `None` when they need their end tag.
    pub(crate) fn of(tag: &str) -> Option<&'static Self> {
        IMPLIED.iter().find(|kind| kind.tags.contains(&tag))
    }

    /// [`Implied::of`], and paragraphs.
    pub(crate) fn of_place(tag: &str) -> Option<&'static Self> {
        let paragraph = Some(&PARAGRAPH).filter(|kind| kind.tags.contains(&tag));
        Self::of(tag).or(paragraph)
    }
}

/// An open element, as far as start tags may end it.
#[derive(Debug)]
pub(crate) struct Open {
    kind: Option<&'static Implied>,
    /// How many elements are open in it inside of which no start tag ends it.
    scopes: usize,
}

/// What a start tag is to an open element.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    /// A part of it.
    Inside,
    /// A part of it inside of which nothing ends it; [`Open::end_scope`] has to be told of its end.
    Scope,
    /// Its end.
    Closer,
}

impl Open {
    pub(crate) fn new(kind: Option<&'static Implied>) -> Self {
        Self { kind, scopes: 0 }
    }

    /// Whether it may have no end tag of its own.
    pub(crate) fn may_be_unclosed(&self) -> bool {
        self.kind.is_some()
    }

    /// How many elements are open in it inside of which no start tag ends it.
    pub(crate) fn scopes(&self) -> usize {
        self.scopes
    }

    /// Any watched start tag behind the element's own.
    pub(crate) fn start_tag(&mut self, tag: &str) -> Seen {
        match self.kind {
            Some(kind) if kind.scopes.contains(&tag) => {
                self.scopes += 1;
                Seen::Scope
            }
            Some(kind) if self.scopes == 0 && kind.closers.contains(&tag) => Seen::Closer,
            _ => Seen::Inside,
        }
    }

    /// The end of an element that was a [`Seen::Scope`].
    pub(crate) fn end_scope(&mut self) {
        self.scopes = self.scopes.saturating_sub(1);
    }
}

/// End tags that end an element around a list, and so the list. Others, `</b>` for instance, end
/// nothing but their own element in a browser (HTML, 13.2.6.4.7), while lol_html takes all elements in
/// theirs to end with them.
const BLOCKS: &[&str] = &[
    "article", "aside", "body", "center", "details", "dialog", "div", "dl", "fieldset", "figure",
    "footer", "header", "html", "main", "menu", "nav", "ol", "search", "section", "table", "tbody",
    "td", "tfoot", "th", "thead", "tr", "ul",
];

/// Whether this end tag ends what it is not the end tag of.
pub(crate) fn ends_others(tag: &str) -> bool {
    BLOCKS.contains(&tag)
}

/// The tags to watch inside a list whose tiles a selector finds. None for tiles that need their end
/// tag; all when the selector does not say what they are.
pub(crate) fn watched(tile: &str) -> Vec<&'static str> {
    let tag = tag_of(tile);
    let kinds = IMPLIED.iter().filter(|kind| {
        tag.as_ref()
            .is_none_or(|tag| kind.tags.contains(&tag.as_str()))
    });
    let mut tags: Vec<_> = kinds
        .flat_map(|kind| kind.closers.iter().chain(kind.scopes).copied())
        .collect();
    crate::sort::dedup(&mut tags);
    tags
}

/// A selector for the start tags that tell where an element ends at which a place stands; `None` where
/// that needs its end tag, or where its selector does not say what it is.
pub(crate) fn watched_at(selector: &str) -> Option<String> {
    if selector.contains(',') {
        return None;
    }
    let kind = Implied::of_place(&tag_of(selector)?)?;
    let tags = kind.closers.iter().chain(kind.scopes);
    let below: Vec<_> = tags.map(|tag| format!("{selector} {tag}")).collect();
    Some(below.join(", "))
}

/// The tag of the elements that a selector finds, where it says so.
fn tag_of(selector: &str) -> Option<String> {
    // A blank inside an attribute's value makes a compound that is none.
    if selector.contains(['"', '\'']) {
        return None;
    }
    let compound = selector.trim_end().rsplit([' ', '>', '+', '~']).next()?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let tag = compound.split(|c| !is_name(c)).next()?;
    (!tag.is_empty()).then(|| tag.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_watched_where_their_element_is_known() {
        assert_eq!(
            watched_at("ul > LI.x").as_deref(),
            Some(
                "ul > LI.x li, ul > LI.x ul, ul > LI.x ol, ul > LI.x menu, ul > LI.x table, ul > LI.x template"
            )
        );
        assert!(watched_at("main p").is_some_and(|below| below.contains("main p h1, ")));
        for selector in [
            ".x",
            "body",
            "li, .x",
            "li[title='a p']",
            "div.x",
            "p > [a]",
        ] {
            assert_eq!(watched_at(selector), None, "{selector}");
        }
    }

    #[test]
    fn only_what_a_tile_needs_is_watched() {
        assert!(watched("div.tile").is_empty());
        assert!(watched("x-tile").is_empty());
        assert_eq!(
            watched("ul > li.tile"),
            ["li", "menu", "ol", "table", "template", "ul"]
        );
        assert_eq!(watched("LI"), watched("li"));
        for unknown in [".tile", "*", "[data-x='a b']", "#a", "li[title=\"a div\"]"] {
            assert!(watched(unknown).contains(&"dd"), "{unknown}");
            assert!(watched(unknown).contains(&"td"), "{unknown}");
        }
    }
}
