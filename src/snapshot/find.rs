//! What a page calls things, found in the feed's columns.

use super::{ItemKey, Kind, Snapshot};

impl Snapshot {
    /// The item with this feed id.
    pub fn item_of_id(&self, id: &str) -> Option<u32> {
        self.item_by_key(ItemKey::of(id))
            .filter(|&item| self.id(item) == Some(id))
    }

    /// The best-selling item of a group of variants, by the feed's `item_group_id`.
    pub fn item_of_group(&self, group: &str) -> Option<u32> {
        let code = self
            .code_of(Kind::ItemGroup, group)
            .filter(|_| !group.is_empty())?;
        let codes = self.codes(Kind::ItemGroup)?;
        // Best sellers come first.
        (0..u32::try_from(self.len()).ok()?).find(|&item| codes.get(item) == Some(code))
    }

    /// The code of a brand or category by what a page calls it: the whole text or, of a path like
    /// `Kitchen > Mugs`, its last part. Case and what stands between words do not count, so that
    /// `kitchen-mugs` in a URL is found, too.
    pub fn code_like(&self, column: Kind, text: &str) -> Option<u32> {
        let wanted = words(text);
        if wanted.is_empty() {
            return None;
        }
        if let Some(code) = self.code_of(column, text) {
            return Some(code);
        }
        let strings = self.dictionary(column)?.strings;
        let all = || (0..strings.len()).filter_map(|at| Some((at, strings.get(at)?)));
        let whole = all().find(|(_, known)| words(known) == wanted);
        let last_part = |path: &str| path.rsplit('>').next().map(words);
        let found = whole.or_else(|| {
            let wanted = last_part(text);
            all().find(|(_, known)| last_part(known) == wanted)
        });
        found.and_then(|(at, _)| u32::try_from(at).ok())
    }
}

/// A text's words in lower case, one blank between them.
fn words(text: &str) -> String {
    let words = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ").to_lowercase()
}
