//! Which start tags lol_html has to see.

use memchr::memchr2;

use super::kind::Key;
use super::tags::Tag;
use crate::plan::{Interest, Matters};

/// What a start tag may fit.
#[derive(Debug, Clone)]
struct Asked {
    /// `None` for any name.
    name: Option<Key>,
    interest: Interest,
}

/// What start tags are looked for.
#[derive(Debug)]
pub(super) struct Interests {
    /// Where selectors begin to match.
    roots: Named,
    /// These, and where they go on.
    all: Named,
}

/// Those of any name first, then by their names.
#[derive(Debug)]
struct Named {
    asked: Vec<Asked>,
    /// A bit for each name: most tags fit nothing, and one look tells.
    names: u64,
}

impl Named {
    fn new(asked: Vec<Asked>) -> Self {
        let bit = |asked: &Asked| asked.name.map_or(u64::MAX, Key::bit);
        Self {
            names: asked.iter().map(bit).fold(0, |names, bit| names | bit),
            asked,
        }
    }
}

/// What a start tag fits.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Fit {
    /// One bit for each of [`Matters`].
    matters: u8,
    /// Whether a selector goes on below it.
    pub(super) goes_on: bool,
}

impl Fit {
    /// Whether it fits anything.
    pub(super) fn is_any(self) -> bool {
        self.matters != 0
    }

    /// Whether it fits only what matters to lists.
    pub(super) fn is_of_list(self) -> bool {
        self.matters & bit(Matters::Always) == 0
    }

    /// Whether it fits what is wanted now.
    pub(super) fn is_wanted(self, wants: impl Fn(Matters) -> bool) -> bool {
        use Matters::{Always, AsLink, AsName, InLists};
        let fits = |matters: Matters| self.matters & bit(matters) != 0;
        [Always, InLists, AsLink, AsName]
            .into_iter()
            .any(|matters| fits(matters) && wants(matters))
    }
}

fn bit(matters: Matters) -> u8 {
    1 << matters as u8
}

impl Interests {
    pub(super) fn new(interests: &[Interest]) -> Self {
        let asked = |interest: &Interest| Asked {
            name: interest
                .compound
                .tag
                .as_ref()
                .map(|tag| Key::of(tag.as_bytes())),
            interest: interest.clone(),
        };
        let mut all: Vec<_> = interests.iter().map(asked).collect();
        crate::sort::by_key(&mut all, |asked| asked.name);
        let roots = all.iter().filter(|asked| asked.interest.is_root).cloned();
        Self {
            roots: Named::new(roots.collect()),
            all: Named::new(all),
        }
    }

    /// What a start tag fits: one where selectors have begun to match further up, or one where they may begin.
    #[inline(always)]
    pub(super) fn fit(&self, bytes: &[u8], tag: Tag, is_below: bool) -> Fit {
        let named = if is_below { &self.all } else { &self.roots };
        match named.names & tag.key.bit() {
            0 => Fit::default(),
            _ => named.fit(bytes, tag),
        }
    }
}

impl Named {
    fn fit(&self, bytes: &[u8], tag: Tag) -> Fit {
        let all = &self.asked;
        let attributes = bytes.get(tag.name_end..tag.end).unwrap_or_default();
        let named = all.partition_point(|asked| asked.name < Some(tag.key));
        let of_name = all.get(named..).unwrap_or_default().iter();
        let of_name = of_name.take_while(|asked| asked.name == Some(tag.key));
        let of_any = all.iter().take_while(|asked| asked.name.is_none());
        let mut fit = Fit::default();
        for Asked { interest, .. } in of_any.chain(of_name) {
            let has = |word: &String| contains(attributes, word.as_bytes());
            if interest.compound.words.iter().all(has) {
                fit.matters |= bit(interest.matters);
                fit.goes_on |= interest.is_root && interest.goes_on;
            }
        }
        fit
    }
}

/// Whether a word in lower case stands in a text, in letters of any case.
fn contains(text: &[u8], word: &[u8]) -> bool {
    let Some((&first, _)) = word.split_first() else {
        return true;
    };
    let mut rest = text;
    while let Some(at) = memchr2(first, first.to_ascii_uppercase(), rest) {
        rest = rest.get(at..).unwrap_or_default();
        let here = rest.get(..word.len());
        if here.is_some_and(|here| here.eq_ignore_ascii_case(word)) {
            return true;
        }
        rest = rest.get(1..).unwrap_or_default();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_in_any_case() {
        for (text, is_in) in [
            (" class=\"a products\"", true),
            (" CLASS=Products", true),
            (" class=pproducts", true),
            (" class=product", false),
            ("", false),
        ] {
            assert_eq!(contains(text.as_bytes(), b"products"), is_in, "{text}");
        }
    }
}
