//! The result as text for a terminal.

use std::fmt::Write;

use super::{Evaluation, ModelScores, Scores};

/// All scores, in columns, with the 95 % intervals of HR and MRR.
pub fn table(evaluation: &Evaluation) -> String {
    let mut out = String::new();
    let data = &evaluation.data;
    // Writing to a string cannot fail.
    let _ = writeln!(
        out,
        "{} cases of {} test sessions, after {} views of {} items in {} sessions",
        data.cases, data.test_sessions, data.train_views, data.items, data.train_sessions
    );
    if data.unknown_views > 0 {
        let _ = writeln!(
            out,
            "{} test views left out: the training part does not know their items",
            data.unknown_views
        );
    }
    let academic = |model: &ModelScores| model.academic;
    let shop = |model: &ModelScores| model.shop;
    for (title, of) in [
        (
            "academic: all items ranked",
            academic as fn(&ModelScores) -> Scores,
        ),
        (
            "shop: the current item left out",
            shop as fn(&ModelScores) -> Scores,
        ),
    ] {
        let _ = writeln!(out, "\n{title}");
        let _ = writeln!(
            out,
            "{:<14}{:>17}{:>17}{:>9}{:>10}{:>12}{:>10}{:>12}",
            "", "HR@20", "MRR@20", "NDCG@20", "coverage", "popularity", "fallback", "size"
        );
        for model in &evaluation.models {
            let scores = of(model);
            let _ = writeln!(
                out,
                "{:<14}{:>17}{:>17}{:>9.4}{:>10.3}{:>12.3}{:>9.2}%{:>12}",
                model.name,
                interval(&scores.hr20),
                interval(&scores.mrr20),
                scores.ndcg20.value,
                scores.coverage20,
                scores.popularity20,
                scores.fallback * 100.0,
                size(model.bytes),
            );
        }
    }
    let _ = writeln!(out, "\nsize, score (academic) and time of a query here");
    let _ = writeln!(
        out,
        "{:<14}{:>17}{:>17}{:>12}{:>11}{:>11}",
        "neighbours", "HR@20", "MRR@20", "size", "p50", "p99"
    );
    for at in &evaluation.sizes {
        let _ = writeln!(
            out,
            "{:<14}{:>17}{:>17}{:>12}{:>11}{:>11}",
            at.neighbours,
            interval(&at.academic.hr20),
            interval(&at.academic.mrr20),
            size(at.bytes),
            time(at.latency.map(|latency| latency.p50_us)),
            time(at.latency.map(|latency| latency.p99_us)),
        );
    }
    out.push_str("\n±: 95 % intervals, normal approximation over sessions\n");
    out
}

fn interval(estimate: &super::Estimate) -> String {
    let margin = (estimate.high - estimate.low) / 2.0;
    format!("{:.4} ±{:.4}", estimate.value, margin)
}

/// Microseconds for people.
pub(super) fn time(microseconds: Option<f64>) -> String {
    microseconds.map_or("unknown".into(), |time| format!("{time:.1} µs"))
}

/// A number of bytes for people.
pub(super) fn size(bytes: u64) -> String {
    match bytes as f64 {
        small if small < 10_240.0 => format!("{small} B"),
        middle if middle < 1_048_576.0 => format!("{:.0} KiB", middle / 1024.0),
        large => format!("{:.2} MiB", large / 1_048_576.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::tests::evaluation;

    #[test]
    fn every_model_has_a_line_in_both_tables() {
        let text = table(&evaluation(0.5, 0.2));
        assert_eq!(text.matches("tailorbird").count(), 2, "{text}");
        assert!(text.contains("0.5000 ±0.0100"), "{text}");
        assert!(
            text.contains("5.0 µs") && text.contains("12.0 µs"),
            "{text}"
        );
    }

    #[test]
    fn sizes_for_people() {
        assert_eq!(
            [900, 20_480, 3 << 20].map(size),
            ["900 B", "20 KiB", "3.00 MiB"]
        );
    }
}
