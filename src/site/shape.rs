//! The shape of site.toml: every key is known, has a value of its type, and none is missing.
//!
//! What is said here is said for the whole file at once. Behind it, [`Entry`] gives the values that are
//! sound, so that their meaning can be checked even where others are not.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::codes::Code;
use super::dates;
use super::error::Findings;
use super::keys::{self, Key, Kind, Table};
use super::suggest::nearest;

/// A table of the file, with the rule that it was checked by.
#[derive(Clone)]
pub(super) struct Entry<'t> {
    values: BTreeMap<&'t str, (Range<usize>, &'t Spanned<DeValue<'t>>)>,
    /// Its header.
    pub(super) span: Range<usize>,
    /// Keys that are there, sound or not, and those that were likely meant.
    named: Vec<&'static str>,
    rule: &'static Table,
}

/// A sound value, and where it stands.
pub(super) struct At<T> {
    pub(super) value: T,
    pub(super) span: Range<usize>,
}

/// A text for all languages, or one for each.
pub(super) enum Text {
    Same(String),
    ByLang(Vec<(At<String>, String)>),
}

/// Checks a table and all below it.
pub(super) fn check<'t>(
    table: &'t DeTable<'t>,
    span: Range<usize>,
    rule: &'static Table,
    findings: &mut Findings,
) -> Entry<'t> {
    let mut values = BTreeMap::new();
    let mut named = Vec::new();
    for (key, value) in table {
        let name: &str = key.get_ref();
        match rule.keys.iter().find(|known| known.name == name) {
            Some(known) => {
                named.push(known.name);
                let what = format!("{} of {}", known.name, rule.name);
                if check_value(value, known, &what, findings) {
                    values.insert(known.name, (key.span(), value));
                }
            }
            None => named.extend(unknown_key(name, key.span(), rule, findings)),
        }
    }
    for key in rule.keys.iter().filter(|key| key.required) {
        // Of one that is misspelt, enough has been said.
        if !named.contains(&key.name) {
            let message = format!("{} has no {}", rule.name, key.name);
            findings.add(Code::MissingKey, span.clone(), message, key.doc);
        }
    }
    Entry {
        values,
        span,
        named,
        rule,
    }
}

/// Gives the key that was likely meant.
fn unknown_key(
    name: &str,
    span: Range<usize>,
    rule: &Table,
    findings: &mut Findings,
) -> Option<&'static str> {
    let known: Vec<&'static str> = rule.keys.iter().map(|key| key.name).collect();
    let help = did_you_mean(name, &known);
    let message = format!("{} has no key {name:?}", rule.name);
    findings.add(Code::UnknownKey, span, message, &help);
    nearest(name, known)
}

/// The nearest word, and all that are known.
pub(super) fn did_you_mean(found: &str, known: &[&str]) -> String {
    let all = known.join(", ");
    match nearest(found, known.iter().copied()) {
        Some(word) => format!("did you mean {word:?}? Known: {all}"),
        None if known.is_empty() => String::new(),
        None => format!("known: {all}"),
    }
}

/// Says what is wrong with a value; `true` when it can be used.
fn check_value(
    value: &Spanned<DeValue<'_>>,
    key: &Key,
    what: &str,
    findings: &mut Findings,
) -> bool {
    let span = value.span();
    let value = value.get_ref();
    let mut each = |all: &[Spanned<DeValue<'_>>], kind: Kind| {
        let of_one = Key { kind, ..*key };
        let sound = all
            .iter()
            .map(|one| check_value(one, &of_one, what, findings));
        sound.fold(true, |all, one| all & one)
    };
    match (key.kind, value) {
        (Kind::Text | Kind::Condition, DeValue::String(_))
        | (Kind::Flag, DeValue::Boolean(_))
        | (Kind::Money, DeValue::String(_) | DeValue::Integer(_) | DeValue::Float(_))
        | (Kind::Local, DeValue::String(_)) => true,
        (Kind::Texts, DeValue::Array(all)) => each(all, Kind::Text),
        (Kind::Words(called, words), DeValue::Array(all)) => each(all, Kind::Word(called, words)),
        (Kind::Counts(least, most), DeValue::Array(all)) => each(all, Kind::Count(least, most)),
        (Kind::Word(called, words), DeValue::String(found)) => {
            let is_known = words().contains(&found.as_ref());
            if !is_known {
                let message = format!("there is no {called} {found:?}");
                findings.add(
                    Code::UnknownWord,
                    span,
                    message,
                    &did_you_mean(found, &words()),
                );
            }
            is_known
        }
        (Kind::Local, DeValue::Table(texts)) => local(texts, key, what, findings),
        (Kind::LocalByStrategy, DeValue::Table(titles)) => {
            let known = keys::strategies();
            for (strategy, title) in titles {
                let name: &str = strategy.get_ref();
                if !known.contains(&name) {
                    let help = did_you_mean(name, &known);
                    let message = format!("there is no strategy {name:?}");
                    findings.add(Code::UnknownWord, strategy.span(), message, &help);
                }
                let of_one = Key {
                    kind: Kind::Local,
                    ..*key
                };
                check_value(title, &of_one, what, findings);
            }
            true
        }
        (Kind::Count(least, most), DeValue::Integer(_)) => {
            let is_sound = integer(value).is_some_and(|n| (least..=most).contains(&n));
            if !is_sound {
                let message = format!("{what}: expected a number from {least} to {most}");
                findings.add(Code::OutOfRange, span, message, "");
            }
            is_sound
        }
        (Kind::Date, DeValue::Datetime(_) | DeValue::String(_)) => {
            let is_sound = dates::start(value).is_some();
            if !is_sound {
                let message =
                    format!("{what}: expected a date, or a date and time with its offset");
                let help = "like 2026-12-01, or 2026-12-01T08:00:00+01:00";
                findings.add(Code::BadDate, span, message, help);
            }
            is_sound
        }
        (Kind::One(_), DeValue::Table(_)) => true,
        (Kind::Many(_), DeValue::Array(all)) if all.iter().all(|one| one.get_ref().is_table()) => {
            true
        }
        (kind, found) => {
            let found = found.type_str();
            let message = format!("{what}: expected {}, found {found}", expected(kind));
            findings.add(Code::WrongType, span, message, key.doc);
            false
        }
    }
}

fn local(texts: &DeTable<'_>, key: &Key, what: &str, findings: &mut Findings) -> bool {
    let mut is_sound = true;
    for (_, text) in texts {
        if !text.get_ref().is_str() {
            let found = text.get_ref().type_str();
            let message = format!("{what}: expected a text for each language, found {found}");
            findings.add(Code::WrongType, text.span(), message, key.doc);
            is_sound = false;
        }
    }
    is_sound
}

fn expected(kind: Kind) -> &'static str {
    match kind {
        Kind::Text | Kind::Word(..) => "a text in quotes",
        Kind::Texts | Kind::Words(..) => "a list of texts in brackets",
        Kind::Local => "a text, or { en = \"…\", de = \"…\" }",
        Kind::LocalByStrategy => "a text for some strategies",
        Kind::Flag => "true or false",
        Kind::Count(..) => "a whole number",
        Kind::Counts(..) => "a list of whole numbers in brackets",
        Kind::Date => "a date",
        Kind::Money => "a number, or a price in quotes",
        Kind::Condition => "a condition in quotes",
        Kind::One(_) => "a table",
        Kind::Many(_) => "tables in double brackets",
    }
}

fn integer(value: &DeValue<'_>) -> Option<i64> {
    let found = value.as_integer()?;
    i64::from_str_radix(found.as_str(), found.radix()).ok()
}

impl<'t> Entry<'t> {
    fn get(&self, key: &str) -> Option<&'t Spanned<DeValue<'t>>> {
        debug_assert!(
            self.rule.keys.iter().any(|known| known.name == key),
            "{} has no {key}",
            self.rule.name
        );
        self.values.get(key).map(|(_, value)| *value)
    }

    /// Whether a key has a sound value.
    pub(super) fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// Whether the key is there, sound or not, or was likely meant by another.
    pub(super) fn names(&self, key: &str) -> bool {
        self.named.contains(&key)
    }

    /// Where the value of a key stands; the header when it is not there.
    pub(super) fn span_of(&self, key: &str) -> Range<usize> {
        self.get(key).map_or(self.span.clone(), Spanned::span)
    }

    /// Where the values of all keys stand.
    pub(super) fn spans(&self) -> BTreeMap<String, Range<usize>> {
        let spans = self.values.iter();
        spans
            .map(|(key, (_, value))| ((*key).to_owned(), value.span()))
            .collect()
    }

    pub(super) fn text(&self, key: &str) -> Option<At<String>> {
        text(self.get(key)?)
    }

    pub(super) fn texts(&self, key: &str) -> Vec<At<String>> {
        let all = self.get(key).and_then(|value| value.get_ref().as_array());
        all.into_iter()
            .flat_map(|all| all.iter())
            .filter_map(text)
            .collect()
    }

    /// The value that a word stands for.
    pub(super) fn word<T: Copy>(&self, key: &str, all: &[(&str, T)]) -> Option<T> {
        let found = self.get(key)?.get_ref().as_str()?;
        all.iter()
            .find(|(name, _)| *name == found)
            .map(|(_, value)| *value)
    }

    pub(super) fn flag(&self, key: &str) -> Option<bool> {
        self.get(key)?.get_ref().as_bool()
    }

    pub(super) fn count<T: TryFrom<i64>>(&self, key: &str) -> Option<T> {
        T::try_from(integer(self.get(key)?.get_ref())?).ok()
    }

    pub(super) fn counts<T: TryFrom<i64>>(&self, key: &str) -> Vec<T> {
        let all = self.get(key).and_then(|value| value.get_ref().as_array());
        all.into_iter()
            .flat_map(|all| all.iter())
            .filter_map(|one| T::try_from(integer(one.get_ref())?).ok())
            .collect()
    }

    /// An amount of money in words: a number with two decimals, or the text as it is.
    pub(super) fn money(&self, key: &str) -> Option<At<String>> {
        let value = self.get(key)?;
        let number = match value.get_ref() {
            DeValue::Float(number) => number.as_str().parse::<f64>().ok()?,
            whole => match integer(whole) {
                Some(number) => number as f64,
                None => return text(value),
            },
        };
        Some(At {
            value: format!("{number:.2}"),
            span: value.span(),
        })
    }

    /// A date's first second, since 1970.
    pub(super) fn start(&self, key: &str) -> Option<i64> {
        dates::start(self.get(key)?.get_ref())
    }

    /// The first second after a date.
    pub(super) fn end(&self, key: &str) -> Option<i64> {
        dates::end(self.get(key)?.get_ref())
    }

    pub(super) fn local(&self, key: &str) -> Option<At<Text>> {
        local_text(self.get(key)?)
    }

    /// Texts by a name, with where the name stands.
    pub(super) fn locals(&self, key: &str) -> Vec<(At<String>, At<Text>)> {
        let all = self.get(key).and_then(|value| value.get_ref().as_table());
        let all = all.into_iter().flat_map(|all| all.iter());
        all.filter_map(|(name, text)| {
            let name = At {
                value: name.get_ref().to_string(),
                span: name.span(),
            };
            Some((name, local_text(text)?))
        })
        .collect()
    }

    /// The table below a key; checked here.
    pub(super) fn table(&self, key: &str, findings: &mut Findings) -> Option<Entry<'t>> {
        let rule = self.rule.keys.iter().find(|known| known.name == key)?;
        let value = self.get(key)?;
        match (rule.kind, value.get_ref()) {
            (Kind::One(rule), DeValue::Table(table)) => {
                Some(check(table, value.span(), rule, findings))
            }
            _ => None,
        }
    }

    /// The tables below a key; checked here.
    pub(super) fn tables(&self, key: &str, findings: &mut Findings) -> Vec<Entry<'t>> {
        let rule = self.rule.keys.iter().find(|known| known.name == key);
        let Some(Kind::Many(rule)) = rule.map(|rule| rule.kind) else {
            return Vec::new();
        };
        let all = self.get(key).and_then(|value| value.get_ref().as_array());
        let all = all.into_iter().flat_map(|all| all.iter());
        all.filter_map(|one| {
            let table = one.get_ref().as_table()?;
            Some(check(table, one.span(), rule, findings))
        })
        .collect()
    }
}

fn text(value: &Spanned<DeValue<'_>>) -> Option<At<String>> {
    let text = value.get_ref().as_str()?;
    Some(At {
        value: text.to_owned(),
        span: value.span(),
    })
}

fn local_text(value: &Spanned<DeValue<'_>>) -> Option<At<Text>> {
    let text = match value.get_ref() {
        DeValue::String(same) => Text::Same(same.to_string()),
        DeValue::Table(by_lang) => Text::ByLang(
            by_lang
                .iter()
                .filter_map(|(lang, text)| {
                    let lang = At {
                        value: lang.get_ref().to_string(),
                        span: lang.span(),
                    };
                    Some((lang, text.get_ref().as_str()?.to_owned()))
                })
                .collect(),
        ),
        _ => return None,
    };
    Some(At {
        value: text,
        span: value.span(),
    })
}
