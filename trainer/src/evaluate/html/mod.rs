//! The report: one page that needs no script, no network and no other file.

mod plots;

use std::fmt::Write;

use plotters::style::RGBColor;

use super::table::{size, time};
use super::{Estimate, Evaluation, ModelScores, Scores};

const STYLE: &str = include_str!("style.css");

/// A plot that cannot be drawn: an error in this program, or values that no plot can show.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("cannot draw a plot of the report: {0}")]
pub struct ReportError(pub(super) String);

/// The whole page.
///
/// # Errors
///
/// [`ReportError`] when a plot cannot be drawn.
pub fn html(evaluation: &Evaluation) -> Result<String, ReportError> {
    let data = &evaluation.data;
    let protocols = ["academic", "shop"];
    let names: Vec<&str> = evaluation.models.iter().map(|m| m.name.as_str()).collect();
    let mut page = String::from(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>Tailorbird: evaluation</title>\n<style>\n",
    );
    page.push_str(STYLE);
    page.push_str(&colours(names.len()));
    page.push_str("</style></head><body>\n<h1>How good the recommendations are</h1>\n");
    // Writing to a string cannot fail.
    let _ = writeln!(
        page,
        "<p>{} cases of {} test sessions: what was looked at next? Learned from {} views of {} items in {} \
         sessions; {} test views of items unknown there were left out.</p>",
        data.cases,
        data.test_sessions,
        data.train_views,
        data.items,
        data.train_sessions,
        data.unknown_views
    );
    page.push_str(
        "<p class=\"soft\">Academic scores rank all items; shop scores leave out the one being looked at. \
         Lines and ± show 95 % intervals: normal approximations over sessions.</p>\n",
    );
    section(
        &mut page,
        "Hits",
        "HR@20: how often the next item is among the first twenty.",
        &protocols,
        &plots::dots(evaluation, |s| s.hr20)?,
    );
    section(
        &mut page,
        "Ranks",
        "MRR@20: one over the next item's place, nothing beyond twenty.",
        &protocols,
        &plots::dots(evaluation, |s| s.mrr20)?,
    );
    section(
        &mut page,
        "By length of session",
        "HR@20, shop scores, by how much was known of the visitor.",
        &names,
        &plots::lengths(evaluation)?,
    );
    section(
        &mut page,
        "Coverage",
        "The share of all items that were recommended to anybody.",
        &protocols,
        &plots::dots(evaluation, |s| point(s.coverage20))?,
    );
    section(
        &mut page,
        "Size and score",
        "Academic HR@20 over what a model needs to answer. The line is the product with 4, 8, 16, … \
         neighbours an item.",
        &[],
        &plots::sizes(evaluation)?,
    );
    if evaluation.sizes.iter().any(|size| size.latency.is_some()) {
        section(
            &mut page,
            "Size and time",
            "Microseconds that a query of the product takes, list decoding included, at each of these \
             sizes: one thread of the machine that evaluated.",
            &["median", "99th percentile"],
            &plots::times(evaluation)?,
        );
    }
    page.push_str("<h2>All figures</h2>\n");
    figures(&mut page, "Academic", evaluation, |m| &m.academic);
    figures(&mut page, "Shop", evaluation, |m| &m.shop);
    sizes(&mut page, evaluation);
    let vmis = &evaluation.vmis;
    let _ = writeln!(
        page,
        "<p class=\"soft\">Popularity is the mean place of recommended items in the order of views: 0.5 \
         is no bias, 1 is nothing but the best seller. Fallback is the share of cases for which a model \
         knew nothing. VMIS-kNN with m={} k={}, last {} views.</p>\n</body></html>",
        vmis.m, vmis.k, vmis.last
    );
    Ok(page)
}

fn point(value: f64) -> Estimate {
    Estimate {
        value,
        low: value,
        high: value,
    }
}

/// What makes the plots' numbers for colours into colours.
fn colours(models: usize) -> String {
    let rule = |colour: RGBColor, variable: &str| {
        let RGBColor(r, g, b) = colour;
        let hex = format!("#{r:02X}{g:02X}{b:02X}");
        format!(
            "[fill=\"{hex}\"]{{fill:var({variable})}}[stroke=\"{hex}\"]{{stroke:var({variable})}}\n"
        )
    };
    let series = (0..models).map(|n| rule(plots::series(n), &format!("--s{}", n + 1)));
    series
        .chain([rule(plots::INK, "--ink"), rule(plots::GRID, "--grid")])
        .collect()
}

fn section(page: &mut String, title: &str, caption: &str, key: &[&str], svg: &str) {
    let _ = write!(
        page,
        "<h2>{title}</h2>\n<figure>\n<figcaption>{caption}</figcaption>\n"
    );
    if !key.is_empty() {
        page.push_str("<ul class=\"key\">");
        for (number, name) in (1..).zip(key) {
            let _ = write!(
                page,
                "<li><i style=\"background:var(--s{number})\"></i>{}</li>",
                escaped(name)
            );
        }
        page.push_str("</ul>\n");
    }
    let _ = writeln!(page, "{svg}</figure>");
}

fn figures(
    page: &mut String,
    title: &str,
    evaluation: &Evaluation,
    of: fn(&ModelScores) -> &Scores,
) {
    head(
        page,
        &[
            title,
            "HR@20",
            "MRR@20",
            "NDCG@20",
            "coverage",
            "popularity",
            "fallback",
            "size",
        ],
    );
    for model in &evaluation.models {
        let scores = of(model);
        let _ = writeln!(
            page,
            "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td><td>{:.3}</td><td>{:.3}</td>\
             <td>{:.2} %</td><td>{}</td></tr>",
            escaped(&model.name),
            estimate(&scores.hr20),
            estimate(&scores.mrr20),
            estimate(&scores.ndcg20),
            scores.coverage20,
            scores.popularity20,
            scores.fallback * 100.0,
            size(model.bytes)
        );
    }
    page.push_str("</tbody></table></div>\n");
}

/// The product at its sizes.
fn sizes(page: &mut String, evaluation: &Evaluation) {
    head(
        page,
        &[
            "Neighbours",
            "HR@20",
            "MRR@20",
            "shop HR@20",
            "shop MRR@20",
            "size",
            "median",
            "p99",
        ],
    );
    for at in &evaluation.sizes {
        let _ = writeln!(
            page,
            "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td>\
             <td>{}</td><td>{}</td></tr>",
            at.neighbours,
            estimate(&at.academic.hr20),
            estimate(&at.academic.mrr20),
            estimate(&at.shop.hr20),
            estimate(&at.shop.mrr20),
            size(at.bytes),
            time(at.latency.map(|latency| latency.p50_us)),
            time(at.latency.map(|latency| latency.p99_us)),
        );
    }
    page.push_str("</tbody></table></div>\n");
}

fn head(page: &mut String, columns: &[&str]) {
    page.push_str("<div class=\"wide\"><table><thead><tr>");
    for column in columns {
        let _ = write!(page, "<th scope=\"col\">{column}</th>");
    }
    page.push_str("</tr></thead><tbody>\n");
}

fn estimate(estimate: &Estimate) -> String {
    let margin = (estimate.high - estimate.low) / 2.0;
    format!("{:.4} ±{margin:.4}", estimate.value)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::tests::evaluation;

    #[test]
    fn the_page_stands_alone() {
        let page = html(&evaluation(0.5, 0.2)).expect("a page");
        assert_eq!(page.matches("<svg").count(), 6);
        for foreign in ["<script", "<link", "<img", "src=", "url(", "@import"] {
            assert!(!page.contains(foreign), "{foreign}");
        }
        // Each colour of the plots is one that the style sheet knows.
        for attribute in page.split("fill=\"#").skip(1) {
            assert!(attribute.starts_with("0A00"), "{attribute:.20}");
        }
    }

    #[test]
    fn without_times_there_is_no_plot_of_them() {
        let mut older = evaluation(0.5, 0.2);
        older.sizes.iter_mut().for_each(|size| size.latency = None);
        let page = html(&older).expect("a page");
        assert_eq!(page.matches("<svg").count(), 5);
        assert!(page.contains("unknown"));
    }

    #[test]
    fn names_are_escaped() {
        assert_eq!(escaped("a<b & c"), "a&lt;b &amp; c");
    }
}
