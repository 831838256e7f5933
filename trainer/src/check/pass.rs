//! The first pass: reading everything and counting what is wrong with it.

use std::path::Path;

use super::events::Events;
use super::feeds::Feeds;
use super::finding::{Bounds, NEVER, Tally, Verdict, finding, grouped};
use super::sessions::Sessions;
use super::{CheckError, CheckInputs, Finding};
use crate::build::{FeedFile, MAPPED_FEED, TrainError, describe};
use crate::events::{EventSource, read_source};
use crate::feed::{Catalogue, FeedError, FeedName, MAX_ITEMS};
use crate::import::Products;
use crate::input;
use crate::report::{Progress, Stage, WarningKind, Warnings, found};

/// An input that cannot be read makes all the rest doubtful.
const READABLE: Bounds = Bounds {
    warn: 0.0,
    fail: 0.0,
};
const EMPTY: Bounds = Bounds {
    warn: 0.0,
    fail: NEVER,
};
/// Items without any event. New and seldom sold ones are no mistake.
const QUIET: Bounds = Bounds {
    warn: 0.5,
    fail: NEVER,
};

/// The first pass.
pub(super) struct Pass<'a> {
    inputs: &'a CheckInputs,
    pub(super) catalogue: Catalogue,
    warnings: Warnings,
    readable: Tally,
    feeds: Feeds,
    events: Events,
    lines: u64,
}

impl<'a> Pass<'a> {
    pub(super) fn new(inputs: &'a CheckInputs) -> Self {
        let locales = inputs.site.locales.len();
        Self {
            inputs,
            catalogue: match inputs.feeds.is_empty() {
                true => Catalogue::growing(locales),
                false => Catalogue::new(locales),
            },
            warnings: Warnings::default(),
            readable: Tally::default(),
            feeds: Feeds::default(),
            events: Events::new(inputs.now.saturating_mul(1_000_000), inputs.latest()),
            lines: 0,
        }
    }

    /// Whether all inputs could be read.
    pub(super) fn is_readable(&self) -> bool {
        self.readable.bad.count == 0
    }

    /// The sessions, which are over now.
    pub(super) fn take_sessions(&mut self) -> Sessions {
        std::mem::take(&mut self.events.sessions)
    }

    pub(super) fn read_feed(
        &mut self,
        locale: usize,
        feed: &FeedFile,
        before: u64,
        progress: &mut dyn FnMut(Progress),
    ) -> u64 {
        let file = feed.path.display().to_string();
        let currency = &self.inputs.site.locales[locale].currency;
        self.feeds.begin(&file, locale, currency);
        let name = FeedName {
            file: &file,
            locale,
            currency,
        };
        let opened = input::open(&feed.path).map_err(|source| FeedError::Open {
            file: file.clone(),
            source,
        });
        let read = opened.and_then(|input| {
            self.catalogue.read_with(
                name,
                input,
                &mut self.warnings,
                &mut |rows| {
                    progress(Progress {
                        stage: Stage::Feed,
                        done: before + rows,
                        total: None,
                    });
                },
                &mut |record, fate| self.feeds.look(record, fate),
            )
        });
        let rows = read.as_ref().copied().unwrap_or(0);
        self.tell_readable(&file, read.err().map(|error| chain(&error)));
        rows
    }

    pub(super) fn read_events(
        &mut self,
        path: &Path,
        products: Option<&mut Products>,
        progress: &mut dyn FnMut(Progress),
    ) {
        let file = path.display().to_string();
        self.events.begin_file(&file);
        let before = self.lines;
        let source = EventSource {
            path,
            mapping: self.inputs.mapping.as_ref(),
            products,
        };
        let (events, catalogue) = (&mut self.events, &mut self.catalogue);
        let read = read_source(
            source,
            &mut self.warnings,
            &mut |lines| {
                progress(Progress {
                    stage: Stage::Events,
                    done: before + lines,
                    total: None,
                });
            },
            |event, line, _| events.look(&event, &file, line, catalogue),
        );
        self.lines += read.as_ref().map_or(0, |counts| counts.lines);
        self.tell_readable(&file, read.err().map(|error| chain(&error)));
    }

    fn tell_readable(&mut self, file: &str, error: Option<String>) {
        let Some(error) = error else {
            return self.readable.look(file, 1, None::<fn() -> String>);
        };
        // A message begins with file and line, as the example will.
        let rest = error.strip_prefix(file).unwrap_or(&error);
        let rest = rest.strip_prefix(':').unwrap_or(rest).trim_start();
        let (line, what) = match rest.split_once(": ") {
            Some((line, what)) => (line.parse().ok(), what),
            None => (None, rest),
        };
        let what = if line.is_some() { what } else { rest };
        self.readable
            .look(file, line.unwrap_or(1), Some(|| what.to_owned()));
    }

    /// Where there is no feed, a foreign log's own products are one.
    pub(super) fn describe(&mut self, products: Option<&Products>) -> Result<(), CheckError> {
        let (Some(products), Some(mapping)) = (products, &self.inputs.mapping) else {
            return Ok(());
        };
        if products.is_empty() {
            return Ok(());
        }
        let currency = &self.inputs.site.locales[0].currency;
        self.feeds.begin(MAPPED_FEED, 0, currency);
        let observe = &mut |record: &_, fate| self.feeds.look(record, fate);
        let (catalogue, warnings) = (&mut self.catalogue, &mut self.warnings);
        describe(mapping, products, currency, catalogue, warnings, observe)
            .map_err(TrainError::from)?;
        Ok(())
    }

    pub(super) fn findings(&self, catalogue: &Catalogue, sessions: [Finding; 2]) -> Vec<Finding> {
        let empty = Tally {
            bad: self.warnings.group(WarningKind::EmptyFile),
            of: self.readable.of,
        };
        let mut findings = vec![
            self.readable.finding(
                "inputs",
                READABLE,
                "inputs unreadable as a whole",
                "nothing that is said below counts before they can",
            ),
            empty.finding(
                "empty inputs",
                EMPTY,
                "inputs with nothing in them",
                "check the export that wrote them",
            ),
        ];
        let has_feed = self.feeds.has_items();
        if has_feed {
            findings.extend(self.feeds.findings(&self.warnings));
        } else {
            findings.push(missing(
                "feed",
                "no products described",
                "pages get no slots and lists keep their order until a --feed names title, link and price",
            ));
        }
        if self.inputs.events.is_empty() {
            findings.push(missing(
                "events",
                "no events given",
                "nothing is known of what sells and what goes together until --events tell",
            ));
            return findings;
        }
        if catalogue.is_full() {
            findings.push(finding(
                "items",
                Verdict::Fail,
                MAX_ITEMS as u64,
                0,
                format!(
                    "events name more than {} different items",
                    grouped(MAX_ITEMS as u64)
                ),
                "give a --feed that names what is sold",
            ));
        }
        let has_own_feed = !self.inputs.feeds.is_empty();
        findings.extend(
            self.events
                .findings(self.lines, &self.warnings, has_own_feed),
        );
        findings.extend(sessions);
        if has_feed {
            findings.push(self.quiet_items(catalogue));
        }
        findings
    }

    fn quiet_items(&self, catalogue: &Catalogue) -> Finding {
        let mut quiet = Tally::default();
        for (position, item) in catalogue.items().iter().enumerate() {
            let is_quiet = self.events.seen.get(position) != Some(&true);
            let (file, line) = self.feeds.place(position).unwrap_or_default();
            let what = || format!("{} has no event", found(&item.id));
            quiet.look(file, line, is_quiet.then_some(what));
        }
        quiet.finding(
            "items without events",
            QUIET,
            "items without any event",
            "give events of a longer time, or leave out what is not sold any more",
        )
    }
}

fn missing(check: &'static str, what: &str, advice: &'static str) -> Finding {
    finding(check, Verdict::Warn, 0, 0, what.to_owned(), advice)
}

/// An error and its causes on one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let message = error.to_string();
        if !text.contains(&message) {
            text = format!("{text}: {message}");
        }
        cause = error.source();
    }
    text
}
