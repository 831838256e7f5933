//! The words of templates: built in for English and German, and a shop's own.

use std::collections::BTreeSet;

use super::codes::Code;
use super::error::Findings;
use super::shape::{Entry, Text};
use super::{LocalText, Locale};

/// A word in a template, `{{words.why}}` for instance: its name, in English, in German.
pub(super) const WORDS: [(&str, &str, &str); 6] = [
    ("why", "Why this?", "Warum sehe ich das?"),
    (
        "forget",
        "Forget what I looked at",
        "Vergessen, was ich angesehen habe",
    ),
    ("now", "Now", "Jetzt"),
    ("was", "Was", "Statt"),
    (
        "rail",
        "Products, scrolls sideways",
        "Produkte, seitlich scrollbar",
    ),
    ("more", "Learn more", "Mehr erfahren"),
];

/// The words of a site, for each of its locales.
#[derive(Debug, Default)]
pub(super) struct Words {
    all: Vec<(&'static str, LocalText)>,
    /// Locales in which a word is neither built in nor in site.toml.
    pub(super) foreign: BTreeSet<usize>,
}

impl Words {
    /// What site.toml says, and what is built in where it says nothing.
    pub(super) fn read(
        entry: Option<&Entry<'_>>,
        locales: &[Locale],
        findings: &mut Findings,
    ) -> Self {
        let is_foreign = |at: &usize| locales.get(*at).is_some_and(|l| !is_built_in(&l.lang));
        let mut foreign = BTreeSet::new();
        let words = WORDS.iter().map(|&(name, english, german)| {
            let mut text = built_in(locales, english, german);
            let mut unsaid: BTreeSet<usize> = (0..locales.len()).filter(is_foreign).collect();
            match entry.and_then(|entry| entry.local(name)).map(|at| at.value) {
                Some(Text::Same(same)) => {
                    unsaid.clear();
                    text.fill(same);
                }
                Some(Text::ByLang(by_lang)) => {
                    for (lang, word) in by_lang {
                        let of_lang = |locale: &Locale| locale.lang == lang.value;
                        let at = locales.iter().position(of_lang);
                        match at.and_then(|at| Some((at, text.get_mut(at)?))) {
                            Some((at, text)) => {
                                unsaid.remove(&at);
                                *text = word;
                            }
                            None => {
                                let message =
                                    format!("there is no [[locale]] with lang {:?}", lang.value);
                                findings.add(Code::TextForOther, lang.span, message, "");
                            }
                        }
                    }
                }
                None => {}
            }
            foreign.append(&mut unsaid);
            (name, text)
        });
        let all = words.collect();
        Self { all, foreign }
    }

    /// A word in each locale.
    pub(super) fn get(&self, name: &str) -> Option<&LocalText> {
        let found = self.all.iter().find(|(known, _)| *known == name);
        found.map(|(_, text)| text)
    }
}

/// A built-in text in each locale: German where that is spoken, English elsewhere.
pub(super) fn built_in(locales: &[Locale], english: &str, german: &str) -> LocalText {
    let of = |locale: &Locale| match language(&locale.lang) {
        "de" => german.to_owned(),
        _ => english.to_owned(),
    };
    locales.iter().map(of).collect()
}

/// `de` of `de-AT`.
fn language(lang: &str) -> &str {
    lang.split('-').next().unwrap_or_default()
}

fn is_built_in(lang: &str) -> bool {
    matches!(language(lang), "de" | "en")
}
