//! The report's plots, as SVG whose colours the page's style sheet chooses: each series is drawn in a
//! colour that stands for its number, which the style sheet replaces, for light and for dark.

use std::ops::Range;

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::ReportError;
use crate::evaluate::table::size;
use crate::evaluate::{Estimate, Evaluation, ModelScores, PRODUCT, Scores};

/// Stands for the text's colour.
pub(super) const INK: RGBColor = RGBColor(10, 0, 240);
/// Stands for the grid's colour.
pub(super) const GRID: RGBColor = RGBColor(10, 0, 241);

const WIDTH: u32 = 760;
const LABELS: u32 = 130;
const TEXT: u32 = 17;

/// Stands for a series' colour.
pub(super) fn series(number: usize) -> RGBColor {
    RGBColor(10, 0, u8::try_from(number + 1).unwrap_or(u8::MAX))
}

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

fn draw(
    height: u32,
    paint: impl FnOnce(&Area<'_>) -> Result<(), String>,
) -> Result<String, ReportError> {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, (WIDTH, height)).into_drawing_area();
        paint(&area).map_err(ReportError)?;
        area.present()
            .map_err(|error| ReportError(error.to_string()))?;
    }
    // The page decides how wide it is; the view box keeps the shape.
    Ok(svg.replacen(
        &format!("width=\"{WIDTH}\" height=\"{height}\""),
        "aria-hidden=\"true\"",
        1,
    ))
}

fn said(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// Each model's academic (first series) and shop score (second), with intervals.
pub(super) fn dots(
    evaluation: &Evaluation,
    of: fn(&Scores) -> Estimate,
) -> Result<String, ReportError> {
    let models = &evaluation.models;
    let both = |model: &ModelScores| [of(&model.academic), of(&model.shop)];
    let highest = models
        .iter()
        .flat_map(both)
        .map(|e| e.high)
        .fold(0.0, f64::max);
    let rows = models.len() as f64;
    draw(70 + 46 * models.len() as u32, |area| {
        let mut chart = ChartBuilder::on(area)
            .margin(10)
            .margin_right(24)
            .x_label_area_size(34)
            .y_label_area_size(LABELS)
            .build_cartesian_2d(0.0..nice(highest), 0.0..rows)
            .map_err(said)?;
        mesh(
            &mut chart,
            &|x| format!("{x:.2}"),
            &|_| String::new(),
            "",
            true,
        )?;
        for (row, model) in models.iter().enumerate() {
            let middle = rows - row as f64 - 0.5;
            name(&mut chart, &model.name, (0.0, middle), HPos::Right)?;
            for (number, estimate) in both(model).into_iter().enumerate() {
                let y = middle + 0.16 - 0.32 * number as f64;
                let style = series(number).stroke_width(3);
                let line = PathElement::new([(estimate.low, y), (estimate.high, y)], style);
                let dot = Circle::new((estimate.value, y), 5, series(number).filled());
                chart.draw_series([line]).map_err(said)?;
                chart.draw_series([dot]).map_err(said)?;
            }
        }
        Ok(())
    })
}

/// HR@20 by number of views, a line a model, in shop scores.
pub(super) fn lengths(evaluation: &Evaluation) -> Result<String, ReportError> {
    let all = evaluation.models.iter().flat_map(|m| &m.shop_by_length);
    let highest = all.map(|l| l.hr20).fold(0.0, f64::max);
    draw(380, |area| {
        let mut chart = ChartBuilder::on(area)
            .margin(10)
            .x_label_area_size(52)
            .y_label_area_size(52)
            .build_cartesian_2d(0.7..10.3, 0.0..nice(highest))
            .map_err(said)?;
        let views = |x: &f64| match x.round() {
            x if x >= 10.0 => "10+".to_owned(),
            x => format!("{x}"),
        };
        mesh(
            &mut chart,
            &views,
            &|y| format!("{y:.2}"),
            "views before",
            false,
        )?;
        // The product last, so that it lies on top.
        for (number, model) in evaluation.models.iter().enumerate().rev() {
            let points = model
                .shop_by_length
                .iter()
                .map(|l| (f64::from(l.views), l.hr20));
            let style = series(number).stroke_width(if number == 0 { 3 } else { 2 });
            chart
                .draw_series(LineSeries::new(points.clone(), style))
                .map_err(said)?;
            chart
                .draw_series(points.map(|at| Circle::new(at, 4, series(number).filled())))
                .map_err(said)?;
        }
        Ok(())
    })
}

/// Academic HR@20 over bytes (logarithmic): the product at its sizes, and the baselines.
pub(super) fn sizes(evaluation: &Evaluation) -> Result<String, ReportError> {
    let log = |bytes: u64| (bytes.max(1) as f64).log2();
    let mut baselines = evaluation.models.iter().enumerate().skip(1);
    let places = evaluation.models.iter().map(|m| log(m.bytes));
    let places = places.chain(evaluation.sizes.iter().map(|s| log(s.bytes)));
    let range = places.fold(f64::MAX..0.0, |Range { start, end }, x| {
        start.min(x)..end.max(x)
    });
    let highest = evaluation.models.iter().map(|m| m.academic.hr20.value);
    let highest = highest.fold(0.0, f64::max);
    draw(400, |area| {
        let mut chart = ChartBuilder::on(area)
            .margin(10)
            .x_label_area_size(52)
            .y_label_area_size(52)
            .build_cartesian_2d(range.start - 1.0..range.end + 3.0, 0.0..nice(highest))
            .map_err(said)?;
        let bytes = |x: &f64| size(x.exp2().round() as u64);
        mesh(&mut chart, &bytes, &|y| format!("{y:.2}"), "size", false)?;
        let curve: Vec<(f64, f64)> = evaluation
            .sizes
            .iter()
            .map(|s| (log(s.bytes), s.academic.hr20.value))
            .collect();
        chart
            .draw_series(LineSeries::new(curve.clone(), series(0).stroke_width(3)))
            .map_err(said)?;
        chart
            .draw_series(
                curve
                    .iter()
                    .map(|&at| Circle::new(at, 5, series(0).filled())),
            )
            .map_err(said)?;
        if let Some(&last) = curve.last() {
            name(&mut chart, PRODUCT, last, HPos::Left)?;
        }
        let mut named: Vec<(f64, f64)> = Vec::new();
        baselines.try_for_each(|(number, model)| {
            let at = (log(model.bytes), model.academic.hr20.value);
            // Where a name stands on the right already, the next one stands on the left.
            let is_near = |&(x, y): &(f64, f64)| (x - at.0).abs() < 1.0 && (y - at.1).abs() < 0.04;
            let side = if named.iter().any(is_near) {
                HPos::Right
            } else {
                HPos::Left
            };
            named.push(at);
            chart
                .draw_series([Circle::new(at, 5, series(number).filled())])
                .map_err(said)?;
            name(&mut chart, &model.name, at, side)
        })
    })
}

/// Median and 99th percentile of a query's time over bytes (logarithmic).
pub(super) fn times(evaluation: &Evaluation) -> Result<String, ReportError> {
    let timed = evaluation.sizes.iter();
    let timed: Vec<(f64, [f64; 2])> = timed
        .filter_map(|s| {
            let latency = s.latency?;
            let at = (s.bytes.max(1) as f64).log2();
            Some((at, [latency.p50_us, latency.p99_us]))
        })
        .collect();
    let range = timed.iter().fold(f64::MAX..0.0, |range, &(x, _)| Range {
        start: x.min(range.start),
        end: x.max(range.end),
    });
    let highest = timed.iter().map(|(_, [_, p99])| *p99).fold(1.0, f64::max);
    draw(320, |area| {
        let mut chart = ChartBuilder::on(area)
            .margin(10)
            .x_label_area_size(52)
            .y_label_area_size(64)
            .build_cartesian_2d(range.start - 0.3..range.end + 0.3, 0.0..highest * 1.15)
            .map_err(said)?;
        let bytes = |x: &f64| size(x.exp2().round() as u64);
        mesh(&mut chart, &bytes, &|y| format!("{y:.0} µs"), "size", false)?;
        for of in [0, 1] {
            let points = timed.iter().map(|(x, times)| (*x, times[of]));
            let style = series(of).stroke_width(3);
            chart
                .draw_series(LineSeries::new(points.clone(), style))
                .map_err(said)?;
            chart
                .draw_series(points.map(|at| Circle::new(at, 5, series(of).filled())))
                .map_err(said)?;
        }
        Ok(())
    })
}

type Chart<'a, 'b> = ChartContext<
    'a,
    SVGBackend<'b>,
    Cartesian2d<plotters::coord::types::RangedCoordf64, plotters::coord::types::RangedCoordf64>,
>;

fn mesh(
    chart: &mut Chart<'_, '_>,
    x: &dyn Fn(&f64) -> String,
    y: &dyn Fn(&f64) -> String,
    below: &str,
    rows: bool,
) -> Result<(), String> {
    let text = ("sans-serif", TEXT).into_font().color(&INK);
    let mut mesh = chart.configure_mesh();
    mesh.x_label_formatter(x)
        .y_label_formatter(y)
        .x_labels(10)
        .y_labels(8)
        .label_style(text.clone())
        .axis_desc_style(text)
        .axis_style(GRID)
        .bold_line_style(GRID)
        .light_line_style(TRANSPARENT)
        .x_desc(below);
    if rows {
        mesh.disable_y_mesh().disable_y_axis();
    } else {
        mesh.disable_x_mesh();
    }
    mesh.draw().map_err(said)
}

/// Writes a name to the left or to the right of a point.
fn name(chart: &mut Chart<'_, '_>, name: &str, at: (f64, f64), side: HPos) -> Result<(), String> {
    let style = ("sans-serif", TEXT).into_font().color(&INK);
    let end = matches!(side, HPos::Right);
    let style = style.pos(Pos::new(side, VPos::Center));
    let text = Text::new(name.to_owned(), (if end { -8 } else { 10 }, 0), style);
    chart
        .draw_series([EmptyElement::at(at) + text])
        .map_err(said)?;
    Ok(())
}

/// Where an axis ends: somewhat above the highest value.
fn nice(highest: f64) -> f64 {
    ((highest * 1.05 * 20.0).ceil() / 20.0).clamp(0.05, 1.0)
}
