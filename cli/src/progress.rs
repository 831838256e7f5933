//! Progress bars for long work, on standard error, and only where somebody watches.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use tailorbird_trainer::{Progress, Stage, Warnings};

/// Shows the steps of a run, one bar after the other.
pub struct Bars {
    stage: Option<Stage>,
    bar: ProgressBar,
}

impl Bars {
    pub fn new() -> Self {
        Self {
            stage: None,
            bar: ProgressBar::hidden(),
        }
    }

    /// Takes a step of the run in.
    pub fn show(&mut self, progress: Progress) {
        if self.stage != Some(progress.stage) {
            self.bar.finish_and_clear();
            self.stage = Some(progress.stage);
            self.bar = bar(progress.total).with_message(label(progress.stage));
        }
        if let Some(total) = progress.total {
            self.bar.set_length(total);
        }
        self.bar.set_position(progress.done);
    }

    /// Takes the bars away.
    pub fn finish(self) {
        self.bar.finish_and_clear();
    }
}

/// A count without an end, for work whose length is not known.
pub fn spinner(label: &'static str) -> ProgressBar {
    bar(None).with_message(label)
}

fn bar(total: Option<u64>) -> ProgressBar {
    let (bar, template) = match total {
        Some(total) => (
            ProgressBar::new(total),
            "{msg:20} {bar:40} {human_pos}/{human_len}",
        ),
        None => (ProgressBar::new_spinner(), "{msg:20} {spinner} {human_pos}"),
    };
    bar.enable_steady_tick(Duration::from_millis(120));
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

fn label(stage: Stage) -> &'static str {
    match stage {
        Stage::Feed => "reading feeds",
        Stage::Events => "reading events",
        Stage::Sessions => "cutting sessions",
        Stage::Neighbours => "finding neighbours",
        Stage::Cases => "asking the models",
    }
}

/// Tells on standard error what was left out, with examples.
pub fn print_warnings(warnings: &Warnings) {
    for (kind, group) in warnings.iter() {
        eprintln!("warning: {} {kind}", group.count);
        for example in &group.examples {
            eprintln!("  {example}");
        }
    }
}
