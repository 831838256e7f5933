//! What can be wrong with a site.toml: where, what was expected, what to do.

use std::ops::Range;

use miette::{Diagnostic, NamedSource, SourceSpan};
use thiserror::Error;

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

/// One thing that is wrong.
#[derive(Debug, Error, Diagnostic)]
#[error("{message}")]
#[diagnostic(code(tailorbird::site))]
pub struct SiteProblem {
    /// What was expected and what was found.
    pub message: String,
    /// What to do.
    #[help]
    pub help: Option<String>,
    /// Where.
    #[label("here")]
    pub span: SourceSpan,
    /// The file.
    #[source_code]
    pub file: NamedSource<String>,
}

/// Collects problems while a file is read.
pub(super) struct Problems {
    name: String,
    text: String,
    found: Vec<SiteProblem>,
}

impl Problems {
    pub(super) fn new(name: &str, text: &str) -> Self {
        Self {
            name: name.to_owned(),
            text: text.to_owned(),
            found: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, span: Range<usize>, message: String, help: Option<String>) {
        self.found.push(SiteProblem {
            message,
            help,
            span: span.into(),
            file: NamedSource::new(&self.name, self.text.clone()),
        });
    }

    /// The value, unless something was wrong.
    pub(super) fn into_result<T>(mut self, value: T) -> Result<T, Box<SiteError>> {
        if self.found.is_empty() {
            return Ok(value);
        }
        self.found.sort_by_key(|problem| problem.span.offset());
        Err(Box::new(SiteError {
            name: self.name,
            errors: self.found,
        }))
    }
}
