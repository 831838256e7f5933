//! The report for people.

use std::fmt::Write;

use super::finding::{Verdict, grouped};
use super::{CheckReport, Finding};

/// How far the lines below a finding are indented.
const INDENT: &str = "        ";

/// One line for each finding, examples and advice below it, and a summary.
pub fn text(report: &CheckReport) -> String {
    let names = report.findings.iter().map(|finding| finding.check.len());
    let width = names.max().unwrap_or(0);
    let mut text = String::new();
    for finding in &report.findings {
        line(&mut text, finding, width);
    }
    if let Some(cleaned) = &report.cleaned {
        let (events, left_out) = (grouped(cleaned.events), grouped(cleaned.events_left_out));
        let rows = grouped(cleaned.feed_rows);
        let _ = writeln!(
            text,
            "\ncleaned: {events} events ({left_out} left out), {rows} feed rows"
        );
        for file in &cleaned.files {
            let _ = writeln!(text, "  {file}");
        }
    }
    let warnings = match report.warnings {
        1 => "1 warning".to_owned(),
        more => format!("{more} warnings"),
    };
    let _ = writeln!(
        text,
        "\n{} passed, {warnings}, {} failed",
        report.passed, report.failed
    );
    text
}

fn line(text: &mut String, finding: &Finding, width: usize) {
    let verdict = match finding.verdict {
        Verdict::Pass => "PASS",
        Verdict::Warn => "WARN",
        Verdict::Fail => "FAIL",
    };
    let (check, what) = (finding.check, &finding.what);
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{verdict}  {check:width$}  {what}");
    for example in &finding.examples {
        let _ = writeln!(text, "{INDENT}{example}");
    }
    if !finding.advice.is_empty() {
        let _ = writeln!(text, "{INDENT}-> {}", finding.advice);
    }
}
