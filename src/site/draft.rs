//! A site.toml on the bench: read, with all that is wrong with it and where everything stands.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::de::DeTable;

use super::codes::{Code, Severity};
use super::error::{Finding, Findings};
use super::shape::{self, Entry};
use super::{Site, keys, parse};

/// A site.toml on the bench: what is wrong with it, what it says as far as that is sound, and where.
#[derive(Debug)]
pub struct Draft {
    /// The file's name.
    pub name: String,
    /// The file's text.
    pub text: String,
    pub(super) site: Site,
    pub(super) errors: Vec<Finding>,
    /// Where `[consent]` stands.
    pub(super) consent_mark: Option<Mark>,
    /// Where each of [`Site::pages`] stands.
    pub(super) page_marks: Vec<Mark>,
    /// Where the banners, slots and lists stand, in this order.
    pub(super) place_marks: Vec<Mark>,
    /// Where each of [`Site::segments`], [`Site::rules`] and [`Site::experiments`] stands.
    pub(super) segment_marks: Vec<Mark>,
    pub(super) rule_marks: Vec<Mark>,
    pub(super) experiment_marks: Vec<Mark>,
    /// Where each of [`Site::facts`] stands.
    pub(super) fact_marks: Vec<Mark>,
}

/// Where a table and its values stand.
#[derive(Debug, Clone, Default)]
pub(super) struct Mark {
    span: Range<usize>,
    values: BTreeMap<String, Range<usize>>,
}

impl Mark {
    pub(super) fn new(entry: &Entry<'_>) -> Self {
        Self {
            span: entry.span.clone(),
            values: entry.spans(),
        }
    }

    /// Of what was not read from a file.
    pub(super) const NOWHERE: Self = Self {
        span: 0..0,
        values: BTreeMap::new(),
    };

    /// Where a key's value stands, when it is there.
    pub(super) fn has(&self, key: &str) -> Option<Range<usize>> {
        self.values.get(key).cloned()
    }

    /// Where a key's value stands; the header when it is not there.
    pub(super) fn of(&self, key: &str) -> Range<usize> {
        self.values.get(key).unwrap_or(&self.span).clone()
    }
}

impl Draft {
    /// Reads a site.toml. `name` is the file's name, for messages.
    pub fn read(name: &str, text: &str) -> Self {
        let mut draft = Self {
            name: name.to_owned(),
            text: text.to_owned(),
            site: Site::default(),
            errors: Vec::new(),
            consent_mark: None,
            page_marks: Vec::new(),
            place_marks: Vec::new(),
            segment_marks: Vec::new(),
            rule_marks: Vec::new(),
            experiment_marks: Vec::new(),
            fact_marks: Vec::new(),
        };
        let mut findings = Findings::default();
        let (table, errors) = DeTable::parse_recoverable(text);
        for error in &errors {
            let span = error.span().unwrap_or(0..0);
            findings.add(Code::Syntax, span, error.message().to_owned(), "");
        }
        // What stands behind such an error may have been lost, so nothing is said of the rest.
        if errors.is_empty() {
            let file = shape::check(table.get_ref(), 0..0, &keys::SITE, &mut findings);
            parse::fill(&mut draft, &file, &mut findings);
        }
        draft.errors = findings.into_sorted();
        draft
    }

    /// All that is wrong, in file order, and warnings that come up while the file is read.
    pub fn errors(&self) -> &[Finding] {
        &self.errors
    }

    /// The site, when nothing is wrong.
    pub fn site(&self) -> Option<&Site> {
        let is_error = |finding: &Finding| finding.code.severity() == Severity::Error;
        (!self.errors.iter().any(is_error)).then_some(&self.site)
    }
}
