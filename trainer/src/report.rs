//! What a run tells while it works and when it is done.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

/// The most examples that are kept of one kind of warning.
pub const MAX_EXAMPLES: usize = 5;

/// The step that a run is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Reading feeds; counted in rows.
    Feed,
    /// Reading events; counted in lines.
    Events,
    /// Cutting events into sessions; counted in events.
    Sessions,
    /// Finding each item's neighbours; counted in items.
    Neighbours,
    /// Asking the models that are evaluated; counted in cases, over all models.
    Cases,
}

/// How far a run has come. Given to the caller's closure now and then, never from another thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The step.
    pub stage: Stage,
    /// How much of the step is done, in the unit that [`Stage`] names.
    pub done: u64,
    /// Of how much, where that is known beforehand.
    pub total: Option<u64>,
}

/// What is wrong with a line, a row or a field that was left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WarningKind {
    /// A feed's row that cannot be used at all.
    FeedRow,
    /// A feed's row whose id came before in the same feed; the first one counts.
    DuplicateId,
    /// A field of a feed that is left out; the rest of the row is used.
    FeedField,
    /// A line of events that cannot be read.
    DamagedEvent,
    /// An event whose time is more than a day after the snapshot's creation.
    FutureEvent,
    /// An event's item that no feed has.
    UnknownItem,
    /// A line of a foreign log that does not fit its mapping.
    ImportLine,
    /// A row of a content feed that cannot be used.
    ContentRow,
    /// A row of a table of the weather that cannot be used.
    WeatherRow,
    /// An input that is sound and says nothing.
    EmptyFile,
}

impl fmt::Display for WarningKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::FeedRow => "feed rows skipped",
            Self::DuplicateId => "feed rows with an id that came before",
            Self::FeedField => "feed fields left out",
            Self::DamagedEvent => "event lines damaged",
            Self::FutureEvent => "events from the future",
            Self::UnknownItem => "events with items that no feed has",
            Self::ImportLine => "log lines that do not fit the mapping",
            Self::ContentRow => "articles skipped",
            Self::WeatherRow => "weather rows skipped",
            Self::EmptyFile => "inputs without content",
        })
    }
}

/// One thing that was left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// The file's path; `-` for standard input.
    pub file: String,
    /// The line, from 1.
    pub line: u64,
    /// What was expected and what was found.
    pub what: String,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.what)
    }
}

/// All warnings of one kind: how many, and the first of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct WarningGroup {
    /// How many there were.
    pub count: u64,
    /// The first [`MAX_EXAMPLES`], in the order in which they were met.
    pub examples: Vec<Warning>,
}

impl WarningGroup {
    /// Counts one; `what` is only asked for while examples are still kept.
    pub(crate) fn add(&mut self, file: &str, line: u64, what: impl FnOnce() -> String) {
        self.count += 1;
        if self.examples.len() < MAX_EXAMPLES {
            let file = file.to_owned();
            let what = what();
            self.examples.push(Warning { file, line, what });
        }
    }
}

/// Warnings by kind. Takes the same memory however damaged an input is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Warnings {
    groups: BTreeMap<WarningKind, WarningGroup>,
}

impl Warnings {
    /// Counts a warning; `what` is only asked for while examples are still kept.
    pub fn add(&mut self, kind: WarningKind, file: &str, line: u64, what: impl FnOnce() -> String) {
        self.groups.entry(kind).or_default().add(file, line, what);
    }

    /// How many warnings of a kind there were.
    pub fn count(&self, kind: WarningKind) -> u64 {
        self.groups.get(&kind).map_or(0, |group| group.count)
    }

    /// Whether there was nothing to warn of.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// All warnings of a kind.
    pub(crate) fn group(&self, kind: WarningKind) -> WarningGroup {
        self.groups.get(&kind).cloned().unwrap_or_default()
    }

    /// The kinds that were met, in a fixed order.
    pub fn iter(&self) -> impl Iterator<Item = (WarningKind, &WarningGroup)> {
        self.groups.iter().map(|(&kind, group)| (kind, group))
    }
}

/// Quotes what was found for a message: one line, at most 60 characters.
pub(crate) fn found(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut quoted: String = text.chars().take(LONGEST).collect();
    if quoted.len() < text.len() {
        quoted.push('…');
    }
    format!("{quoted:?}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_all_and_keeps_the_first() {
        let mut warnings = Warnings::default();
        for line in 1..=9 {
            warnings.add(WarningKind::DamagedEvent, "e.jsonl", line, || "no".into());
        }
        assert_eq!(warnings.count(WarningKind::DamagedEvent), 9);
        let (_, group) = warnings.iter().next().expect("one kind");
        assert_eq!(group.examples.len(), MAX_EXAMPLES);
        assert_eq!(group.examples[4].to_string(), "e.jsonl:5: no");
    }

    #[test]
    fn long_finds_are_cut() {
        assert_eq!(found("a\nb"), "\"a\\nb\"");
        assert_eq!(found(&"ä".repeat(100)).chars().count(), 63);
    }
}
