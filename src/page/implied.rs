//! Elements whose end tag may be left out (HTML, 13.1.2.4), as far as lists are made of them: which
//! start tags end them, and inside which elements those tags belong to something else.

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

impl Implied {
    /// What is known of elements with this tag; `None` when they need their end tag.
    pub(crate) fn of(tag: &str) -> Option<&'static Self> {
        IMPLIED.iter().find(|kind| kind.tags.contains(&tag))
    }

    pub(crate) fn is_closed_by(&self, tag: &str) -> bool {
        self.closers.contains(&tag)
    }

    pub(crate) fn is_scope(&self, tag: &str) -> bool {
        self.scopes.contains(&tag)
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
    let compound = tile.rsplit([' ', '>', '+', '~']).next().unwrap_or_default();
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let end = compound.find(|c| !is_name(c)).unwrap_or(compound.len());
    let tag = compound[..end].to_ascii_lowercase();
    // A blank inside an attribute's value makes a compound that is none.
    let is_known = !tag.is_empty() && !tile.contains(['"', '\'']);
    let kinds = IMPLIED
        .iter()
        .filter(|kind| !is_known || kind.tags.contains(&tag.as_str()));
    let mut tags: Vec<_> = kinds
        .flat_map(|kind| kind.closers.iter().chain(kind.scopes).copied())
        .collect();
    tags.sort_unstable();
    tags.dedup();
    tags
}

#[cfg(test)]
mod tests {
    use super::*;

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
