//! What events look like, one by one.

use jiff::Timestamp;

use super::finding::{Bounds, Finding, NEVER, Tally, Verdict, finding, grouped};
use super::recent::MAX_RECENT_EVENTS;
use super::sessions::{Sessions, Who};
use super::sieve::{Refused, Sieve};
use crate::events::{Event, EventName};
use crate::feed::Catalogue;
use crate::report::{WarningKind, Warnings, found};

/// The least time, in days, from which the models have enough to learn.
pub const MIN_DAYS: i64 = 14;
/// Events that are older than so many days tell of another range and other tastes.
pub const MAX_AGE_DAYS: i64 = 730;
/// An event may come so long after a later one, in microseconds: systems write with delay, a day at
/// most.
pub const MAX_DELAY: i64 = DAY;

const DAY: i64 = 86_400_000_000;

/// Lines that cannot be read.
const LINES: Bounds = Bounds {
    warn: 0.0,
    fail: 0.05,
};
/// The same event twice. Each of them counts, so many of them make the numbers wrong.
const DUPLICATES: Bounds = Bounds {
    warn: 0.0,
    fail: 0.2,
};
/// Items that no feed has. Shops stop selling things, so some are no mistake.
const UNKNOWN: Bounds = Bounds {
    warn: 0.05,
    fail: 0.3,
};
const WITHOUT_ITEMS: Bounds = Bounds {
    warn: 0.01,
    fail: 0.5,
};
const FUTURE: Bounds = Bounds {
    warn: 0.0,
    fail: 0.05,
};
const OWNERLESS: Bounds = Bounds {
    warn: 0.05,
    fail: 0.5,
};
const ODD: Bounds = Bounds {
    warn: 0.0,
    fail: NEVER,
};

/// Counts over all inputs of events.
pub(super) struct Events {
    sieve: Sieve,
    oldest_allowed: i64,
    kinds: [u64; EventName::ALL.len()],
    total: u64,
    duplicates: Tally,
    future: Tally,
    old: Tally,
    delayed: Tally,
    ownerless: Tally,
    without_items: Tally,
    unknown: Tally,
    first: i64,
    last: i64,
    newest_of_file: i64,
    pub(super) sessions: Sessions,
    /// By position in the catalogue.
    pub(super) seen: Vec<bool>,
}

impl Events {
    pub(super) fn new(now: i64, latest: i64) -> Self {
        Self {
            sieve: Sieve::new(latest),
            oldest_allowed: now.saturating_sub(MAX_AGE_DAYS * DAY),
            kinds: [0; EventName::ALL.len()],
            total: 0,
            duplicates: Tally::default(),
            future: Tally::default(),
            old: Tally::default(),
            delayed: Tally::default(),
            ownerless: Tally::default(),
            without_items: Tally::default(),
            unknown: Tally::default(),
            first: i64::MAX,
            last: i64::MIN,
            newest_of_file: i64::MIN,
            sessions: Sessions::default(),
            seen: Vec::new(),
        }
    }

    /// The next events are of this file.
    pub(super) fn begin_file(&mut self, file: &str) {
        self.newest_of_file = i64::MIN;
        self.sessions.begin_file(file);
    }

    pub(super) fn look(&mut self, event: &Event, file: &str, line: u64, catalogue: &mut Catalogue) {
        self.total += 1;
        for (count, (_, name)) in self.kinds.iter_mut().zip(EventName::ALL) {
            *count += u64::from(name == event.name);
        }
        let refused = self.sieve.look(event).err();
        let is_future = refused == Some(Refused::Future);
        let what = || format!("{} is more than a day from now", date(event.time));
        self.future.look(file, line, is_future.then_some(what));
        let is_duplicate = refused == Some(Refused::Duplicate);
        let name = event.name.name();
        let what = || format!("{name} at {} came before", date(event.time));
        self.duplicates
            .look(file, line, is_duplicate.then_some(what));
        let is_ownerless = Who::of(event).is_none();
        let what = || "neither user_pseudo_id nor ga_session_id".to_owned();
        self.ownerless
            .look(file, line, is_ownerless.then_some(what));
        if event.name != EventName::Search {
            let what = || format!("{name} without an item_id");
            let is_without = event.items.iter().all(|item| item.id.is_empty());
            self.without_items
                .look(file, line, is_without.then_some(what));
        }
        for item in &event.items {
            let position = catalogue.place(&item.id);
            if item.id.is_empty() {
                continue;
            }
            let what = || format!("no feed has {}", found(&item.id));
            self.unknown
                .look(file, line, position.is_none().then_some(what));
            if let Some(position) = position {
                let position = position as usize;
                if self.seen.len() <= position {
                    self.seen.resize(position + 1, false);
                }
                self.seen[position] = true;
            }
        }
        if is_future {
            return;
        }
        let what = || format!("{name} at {}", date(event.time));
        self.old.look(
            file,
            line,
            (event.time < self.oldest_allowed).then_some(what),
        );
        let newest = self.newest_of_file;
        let what = || format!("{} comes after {}", date(event.time), date(newest));
        let is_delayed = event.time < newest.saturating_sub(MAX_DELAY);
        self.delayed.look(file, line, is_delayed.then_some(what));
        self.newest_of_file = newest.max(event.time);
        self.first = self.first.min(event.time);
        self.last = self.last.max(event.time);
        if refused.is_none() {
            self.sessions.add(event, line);
        }
    }

    /// What there is to say. `warnings` are those of reading, `lines` all lines that were read.
    pub(super) fn findings(&self, lines: u64, warnings: &Warnings, has_feed: bool) -> Vec<Finding> {
        let damaged = [WarningKind::DamagedEvent, WarningKind::ImportLine];
        let damaged = damaged.map(|kind| warnings.group(kind));
        let bad = damaged.into_iter().find(|group| group.count > 0);
        let bad = bad.unwrap_or_default();
        let mut findings = vec![
            Tally { bad, of: lines }.finding(
                "event lines",
                LINES,
                "lines damaged",
                "each example says what was expected; every other line is used",
            ),
            self.duplicate_finding(),
        ];
        if has_feed {
            findings.push(self.unknown.finding(
                "unknown items",
                UNKNOWN,
                "items of events that no feed has",
                "events and feed must write ids alike: compare item_id with the feed's id (upper case, prefixes, variants)",
            ));
        }
        findings.extend([
            self.without_items.finding(
                "events without items",
                WITHOUT_ITEMS,
                "events without an item",
                "send items[].item_id with every event but search",
            ),
            self.future.finding(
                "future events",
                FUTURE,
                "events in the future; they are left out",
                "check the clock and the unit of event_timestamp: microseconds",
            ),
            self.old.finding(
                "old events",
                ODD,
                &format!("events older than {MAX_AGE_DAYS} days"),
                "train on newer events; for old research data say --now",
            ),
            self.delayed.finding(
                "order of time",
                ODD,
                "events more than a day behind later ones in their file",
                "check that files are not mixed up; the order within a day does not matter",
            ),
            self.ownerless.finding(
                "visitors",
                OWNERLESS,
                "events without visitor and session",
                "they count for best sellers alone: send user_pseudo_id or ga_session_id",
            ),
            self.views(),
        ]);
        // Where there is nothing at all, one finding says so.
        if self.total > 0 {
            findings.extend([self.purchases(), self.span()]);
        }
        findings
    }

    fn duplicate_finding(&self) -> Finding {
        let mut what = "events repeated (same visitor, time, name and items)".to_owned();
        if self.total > MAX_RECENT_EVENTS as u64 / 2 {
            // Not all events are held in memory, so the count may be too low.
            what += &format!(
                ", looked for among the last {}",
                grouped(MAX_RECENT_EVENTS as u64 / 2)
            );
        }
        self.duplicates.finding(
            "event duplicates",
            DUPLICATES,
            &what,
            "find the tag that fires twice or the file that is given twice, or use --clean",
        )
    }

    fn count(&self, name: EventName) -> u64 {
        let mut counts = self.kinds.iter().zip(EventName::ALL);
        counts
            .find(|(_, (_, of))| *of == name)
            .map_or(0, |(count, _)| *count)
    }

    fn views(&self) -> Finding {
        let count = self.count(EventName::ViewItem);
        let kinds = self.kinds.iter().zip(EventName::ALL);
        let kinds = kinds.filter(|(count, _)| **count > 0);
        let kinds: Vec<String> = kinds
            .map(|(count, (name, _))| format!("{} {name}", grouped(*count)))
            .collect();
        let verdict = if count > 0 {
            Verdict::Pass
        } else {
            Verdict::Fail
        };
        let what = match kinds.is_empty() {
            true => "no events that say anything about items".to_owned(),
            false => kinds.join(", "),
        };
        let advice = "without view_item nothing can be learned of what goes together: send it from every product page";
        finding("views", verdict, count, self.total, what, advice)
    }

    fn purchases(&self) -> Finding {
        let count = self.count(EventName::Purchase);
        let verdict = if count > 0 {
            Verdict::Pass
        } else {
            Verdict::Warn
        };
        let what = format!("{} of {} events", grouped(count), grouped(self.total));
        let advice = "best sellers are then what is looked at most: send purchase";
        finding("purchases", verdict, count, self.total, what, advice)
    }

    fn span(&self) -> Finding {
        let days = self.last.saturating_sub(self.first).max(0) as f64 / DAY as f64;
        let days = if self.first > self.last { 0.0 } else { days };
        let verdict = if days < MIN_DAYS as f64 {
            Verdict::Warn
        } else {
            Verdict::Pass
        };
        let what = format!("{days:.1} days from the first event to the last");
        let advice =
            "give at least two weeks of events, so that weekdays and seldom seen products count";
        finding("time span", verdict, days as u64, 0, what, advice)
    }
}

/// A time as people read it, in UTC.
fn date(microseconds: i64) -> String {
    let time = Timestamp::from_second(microseconds.div_euclid(1_000_000));
    time.map_or_else(
        |_| format!("{microseconds} microseconds"),
        |time| time.to_string(),
    )
}
