//! What is wrong with a site.toml, or likely a mistake: where, what was expected, what to do.

use std::fmt;
use std::ops::Range;

use miette::{Diagnostic, LabeledSpan, NamedSource, SourceCode};
use thiserror::Error;

use super::codes::{Code, Severity};

/// Something that was found, in bytes of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What kind of thing.
    pub code: Code,
    /// What was expected and what was found.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// Where in site.toml.
    pub span: Range<usize>,
}

/// All that is wrong with a site.toml.
#[derive(Debug, Error, Diagnostic)]
#[error("{name} has {} error{}", errors.len(), if errors.len() == 1 { "" } else { "s" })]
pub struct SiteError {
    /// The file's name.
    pub name: String,
    /// Each of them, in file order.
    #[related]
    pub errors: Vec<SiteProblem>,
}

/// One thing that is wrong, with the file's text, so that it can be shown.
#[derive(Debug, Error)]
#[error("{}", finding.message)]
pub struct SiteProblem {
    /// What and where.
    pub finding: Finding,
    file: NamedSource<String>,
}

impl Diagnostic for SiteProblem {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.finding.code))
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let help = self.finding.help.as_ref()?;
        Some(Box::new(help))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.file)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let label = LabeledSpan::new_with_span(Some("here".into()), self.finding.span.clone());
        Some(Box::new(std::iter::once(label)))
    }
}

impl SiteError {
    /// The errors among findings; `None` when there are none.
    pub(super) fn of(name: &str, text: &str, findings: &[Finding]) -> Option<Box<Self>> {
        let errors = findings
            .iter()
            .filter(|f| f.code.severity() == Severity::Error);
        let errors: Vec<SiteProblem> = errors
            .map(|finding| SiteProblem {
                finding: finding.clone(),
                file: NamedSource::new(name, text.to_owned()),
            })
            .collect();
        let name = name.to_owned();
        (!errors.is_empty()).then(|| Box::new(Self { name, errors }))
    }
}

/// Collects findings while a file is read.
#[derive(Debug, Default)]
pub(super) struct Findings(Vec<Finding>);

impl Findings {
    pub(super) fn add(&mut self, code: Code, span: Range<usize>, message: String, help: &str) {
        self.0.push(Finding {
            code,
            message,
            help: (!help.is_empty()).then(|| help.to_owned()),
            span,
        });
    }

    /// All of them, in file order.
    pub(super) fn into_sorted(mut self) -> Vec<Finding> {
        self.0.sort_by_key(|finding| finding.span.start);
        self.0
    }
}

/// Line and column of a byte, from 1; columns count characters.
pub fn line_and_column(text: &str, byte: usize) -> (usize, usize) {
    let before = text.get(..byte).unwrap_or(text);
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let column = before.get(start..).unwrap_or_default().chars().count();
    (before.matches('\n').count() + 1, column + 1)
}
