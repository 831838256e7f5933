//! A finding with its line and column.

use serde::Serialize;
use tailorbird::site::{Code, Finding, Severity, line_and_column};

/// A finding as it is told to people and machines.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Located {
    #[serde(serialize_with = "as_text")]
    pub code: Code,
    severity: &'static str,
    pub message: String,
    pub help: Option<String>,
    pub file: String,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    pub end_line: usize,
    /// Behind the last character.
    pub end_column: usize,
}

impl Located {
    pub fn new(file: &str, text: &str, finding: Finding) -> Self {
        let (line, column) = line_and_column(text, finding.span.start);
        let (end_line, end_column) = line_and_column(text, finding.span.end);
        Self {
            code: finding.code,
            severity: finding.code.severity().name(),
            message: finding.message,
            help: finding.help,
            file: file.to_owned(),
            line,
            column,
            end_line,
            end_column,
        }
    }

    pub fn severity(&self) -> Severity {
        self.code.severity()
    }
}

fn as_text<S: serde::Serializer>(code: &Code, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(code.as_str())
}
