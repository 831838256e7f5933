//! For a search without hits.

use super::picks::Picks;
use super::strongest_first;
use crate::recommend::Context;
use crate::snapshot::Kind;

/// So many best sellers are held against a search's words.
pub const MAX_SEARCH_SCAN: usize = 2048;

/// So many words of a search are looked for.
pub const MAX_SEARCH_WORDS: usize = 6;

/// Shorter words stand in nearly every text.
const LEAST_WORD_CHARS: usize = 3;

impl Context<'_> {
    /// Best sellers whose title or category has the search's words, those with more of them first; then what
    /// goes with views; then what sells best.
    pub(super) fn offer_zero_results(&self, picks: &mut Picks<'_, '_>) {
        let found = self.found(self.facts.search.as_deref().unwrap_or_default());
        picks.offer_all(super::items(&found));
        self.offer_affine(picks);
        self.offer_top_sellers(picks);
    }

    fn found(&self, search: &str) -> Vec<(u32, u64)> {
        let words = search.split_whitespace().map(str::to_lowercase);
        let words = words.filter(|word| word.chars().count() >= LEAST_WORD_CHARS);
        let words: Vec<String> = words.take(MAX_SEARCH_WORDS).collect();
        if words.is_empty() {
            return Vec::new();
        }
        let hits = |item: u32| {
            let title = self.snapshot.title(item, self.locale).unwrap_or_default();
            let category = self.snapshot.code(Kind::Category, item);
            let category = category.and_then(|code| self.snapshot.code_text(Kind::Category, code));
            let is_there = |word: &&String| {
                contains(title, word) || contains(category.unwrap_or_default(), word)
            };
            words.iter().filter(is_there).count() as u64
        };
        let all = 0..u32::try_from(self.snapshot.len().min(MAX_SEARCH_SCAN)).unwrap_or(0);
        let hits = all.map(|item| (item, hits(item)));
        let mut found: Vec<(u32, u64)> = hits.filter(|(_, hits)| *hits > 0).collect();
        strongest_first(&mut found);
        found
    }
}

/// Whether a text has a word, which is in lower case, in either case: anywhere, for languages that join words.
fn contains(text: &str, word: &str) -> bool {
    text.char_indices().any(|(at, _)| {
        let rest = text.get(at..).unwrap_or_default();
        let mut lower = rest.chars().flat_map(char::to_lowercase);
        word.chars().all(|c| lower.next() == Some(c))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_either_case_and_within_words() {
        for (text, word, is_there) in [
            ("Red Mug", "mug", true),
            ("TEEKÄNNCHEN", "kännchen", true),
            ("Teekanne", "kanne", true),
            ("Mug", "mugs", false),
            ("", "mug", false),
        ] {
            assert_eq!(contains(text, word), is_there, "{text} {word}");
        }
    }
}
