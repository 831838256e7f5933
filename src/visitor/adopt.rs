//! What the shop itself tells, in cookies and headers: items it remembers, and what it calls a visitor.
//!
//! Only with consent, and never written into our cookie: what the shop forgets is forgotten here, too.

use percent_encoding::percent_decode;

use super::consent::MAX_FOREIGN_COOKIE_BYTES;
use super::cookie_value;
use crate::site::{Adopt, Adopted, TraitRule, TraitSource};
use crate::snapshot::ItemKey;

/// The most items that are taken from one cookie.
pub const MAX_ADOPTED: usize = 40;
/// The longest value of a trait, in bytes; a longer one is none.
pub const MAX_TRAIT_BYTES: usize = 64;

/// What the shop itself remembers of a visitor, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Adoptions {
    /// Looked at.
    pub views: Vec<ItemKey>,
    /// In the cart.
    pub cart: Vec<ItemKey>,
    /// Liked.
    pub likes: Vec<ItemKey>,
}

impl Adoptions {
    /// Reads the cookies that `rules` name, at most [`MAX_ADOPTS`](crate::site::MAX_ADOPTS).
    pub fn read<'a>(cookie_lines: impl Iterator<Item = &'a str> + Clone, rules: &[Adopt]) -> Self {
        let mut found = Self::default();
        for rule in rules.iter().take(crate::site::MAX_ADOPTS) {
            let items = adopted(cookie_lines.clone(), rule);
            match rule.what {
                Adopted::Views => found.views.extend(items),
                Adopted::Cart => found.cart.extend(items),
                Adopted::Likes => found.likes.extend(items),
            }
        }
        found
    }
}

/// What a visitor is called by the shop: names with values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Traits(Vec<(String, String)>);

impl Traits {
    /// Reads the cookies and headers that `rules` name, at most [`MAX_TRAITS`](crate::site::MAX_TRAITS).
    /// `header` gives the value of a request header by its name in lower case, several lines joined by `, `.
    pub fn read<'a>(
        cookie_lines: impl Iterator<Item = &'a str> + Clone,
        header: impl Fn(&str) -> Option<String>,
        rules: &[TraitRule],
    ) -> Self {
        let read = |rule: &TraitRule| {
            let value = match &rule.source {
                TraitSource::Cookie(name) => foreign_text(cookie_lines.clone(), name),
                TraitSource::Header(name) => text_of(header(name)?.trim()),
            }?;
            let sound = !value.is_empty() && value.len() <= MAX_TRAIT_BYTES;
            sound.then(|| (rule.name.clone(), value))
        };
        let rules = rules.iter().take(crate::site::MAX_TRAITS);
        Self(rules.filter_map(read).collect())
    }

    /// The value of a trait.
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// The items in a shop's cookie, newest first, at most [`MAX_ADOPTED`].
fn adopted<'a>(cookie_lines: impl Iterator<Item = &'a str> + Clone, rule: &Adopt) -> Vec<ItemKey> {
    let Some(value) = foreign_text(cookie_lines, &rule.cookie) else {
        return Vec::new();
    };
    let separator = rule.separator.as_str();
    if separator.is_empty() {
        return Vec::new();
    }
    let ids = value.split(separator).map(str::trim);
    let ids: Vec<&str> = ids.filter(|id| !id.is_empty()).collect();
    let key = |id: &&str| ItemKey::of(id);
    match rule.newest_first {
        true => ids.iter().take(MAX_ADOPTED).map(key).collect(),
        false => ids.iter().rev().take(MAX_ADOPTED).map(key).collect(),
    }
}

/// The text of one of the shop's cookies, percent-decoded; `None` for a damaged one, and for one longer than
/// [`MAX_FOREIGN_COOKIE_BYTES`].
pub(crate) fn foreign_text<'a>(lines: impl Iterator<Item = &'a str>, name: &str) -> Option<String> {
    text_of(cookie_value(lines, name)?)
}

/// The text of a value in a head, whose chars are bytes: UTF-8, percent-encoded or as it is. A damaged one is
/// none, and so is one longer than [`MAX_FOREIGN_COOKIE_BYTES`].
fn text_of(value: &str) -> Option<String> {
    let value = (value.len() <= MAX_FOREIGN_COOKIE_BYTES).then_some(value)?;
    let bytes: Vec<u8> = value
        .chars()
        .map(|byte| u8::try_from(byte).ok())
        .collect::<Option<_>>()?;
    let text = percent_decode(&bytes).decode_utf8().ok()?;
    Some(text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(separator: &str, newest_first: bool) -> Adopt {
        Adopt {
            cookie: "seen".into(),
            separator: separator.into(),
            newest_first,
            what: Adopted::Views,
        }
    }

    fn keys(ids: &[&str]) -> Vec<ItemKey> {
        ids.iter().map(|id| ItemKey::of(id)).collect()
    }

    #[test]
    fn ids_between_separators() {
        let read = |cookies: &str, rule: &Adopt| adopted([cookies].into_iter(), rule);
        assert_eq!(
            read("a=1; seen=12%7C7||3", &rule("|", false)),
            keys(&["3", "7", "12"])
        );
        assert_eq!(read("seen=12,%C3%A4", &rule(",", true)), keys(&["12", "ä"]));
        assert_eq!(read("seen=1.2", &rule(".", true)), keys(&["1", "2"]));
        assert_eq!(read("other=1", &rule("|", true)), keys(&[]));
        assert_eq!(read("seen=%FF", &rule("|", true)), keys(&[]));
        let many: Vec<String> = (0..MAX_ADOPTED + 5).map(|n| n.to_string()).collect();
        let cookies = format!("seen={}", many.join("|"));
        let newest = read(&cookies, &rule("|", false));
        assert_eq!((newest.len(), newest[0]), (MAX_ADOPTED, ItemKey::of("44")));
        assert_eq!(read(&cookies, &rule("|", true))[0], ItemKey::of("0"));
    }

    #[test]
    fn traits_are_short_and_few() {
        let named = |n: usize| TraitRule {
            name: format!("t{n}"),
            source: TraitSource::Cookie(format!("c{n}")),
        };
        let rules: Vec<TraitRule> = (0..12).map(named).collect();
        let long = "x".repeat(MAX_TRAIT_BYTES + 1);
        let cookies = format!("c0=gold%20tier; c1={long}; c2=; c11=y");
        let traits = Traits::read([cookies.as_str()].into_iter(), |_| None, &rules);
        assert_eq!(traits.get("t0"), Some("gold tier"));
        assert_eq!(
            (traits.get("t1"), traits.get("t2"), traits.get("t11")),
            (None, None, None)
        );
    }

    #[test]
    fn traits_of_headers() {
        let rules = [TraitRule {
            name: "tier".into(),
            source: TraitSource::Header("x-tier".into()),
        }];
        let read = |value: Option<&str>| {
            let header = |name: &str| {
                assert_eq!(name, "x-tier");
                value.map(str::to_owned)
            };
            let traits = Traits::read(["x-tier=cookie"].into_iter(), header, &rules);
            traits.get("tier").map(str::to_owned)
        };
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(read(Some(" gold ")), some("gold"));
        assert_eq!(read(Some("gr%C3%BCn")), some("grün"));
        // UTF-8 as it stands in a head: a char is a byte.
        assert_eq!(read(Some("gr\u{c3}\u{bc}n")), some("grün"));
        assert_eq!(read(Some("gold, silver")), some("gold, silver"));
        assert_eq!(
            read(Some(&"x".repeat(MAX_TRAIT_BYTES))),
            some(&"x".repeat(MAX_TRAIT_BYTES))
        );
        for none in [
            "",
            " ",
            "gr%FCn",
            "gr\u{fc}n",
            "\u{20ac}",
            &"x".repeat(MAX_TRAIT_BYTES + 1),
        ] {
            assert_eq!(read(Some(none)), None, "{none:?}");
        }
        assert_eq!(read(None), None);
    }
}
