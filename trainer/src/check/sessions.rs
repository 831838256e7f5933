//! What sessions look like: machines, and visits of a single view.

use std::collections::{HashMap, HashSet};

use super::finding::{Bounds, Finding, NEVER, Tally};
use crate::events::{Event, EventName};
use crate::report::WarningGroup;
use crate::sessions::{INACTIVITY_SECONDS, MACHINE_STEPS, MAX_SESSION_STEPS, is_machine};

/// The most sessions that are looked at at one time. Beyond, those that have ended are counted and
/// forgotten, and if none has, all.
pub const MAX_OPEN_SESSIONS: usize = 1 << 22;
/// When memory is short, a session without a step for so long, in microseconds, is taken to be over.
const ENDED: i64 = 86_400_000_000;

const BOTS: Bounds = Bounds {
    warn: 0.0,
    fail: 0.05,
};
const SINGLE: Bounds = Bounds {
    warn: 0.9,
    fail: NEVER,
};

#[derive(Debug, Clone, Copy)]
struct Open {
    first: i64,
    last: i64,
    steps: u32,
    file: u32,
    line: u64,
}

/// Follows the steps of all sessions.
#[derive(Debug)]
pub(super) struct Sessions {
    /// [`MAX_OPEN_SESSIONS`].
    most: usize,
    open: HashMap<Who, Open>,
    newest: i64,
    sessions: u64,
    single: u64,
    bots: HashSet<Who>,
    bot_sessions: WarningGroup,
    files: Vec<String>,
}

/// To whom an event belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Who {
    Visitor(u64),
    Session(u64),
}

impl Who {
    pub(super) fn of(event: &Event) -> Option<Self> {
        let session = event.session.map(Self::Session);
        session.or(event.visitor.map(Self::Visitor))
    }
}

impl Default for Sessions {
    fn default() -> Self {
        Self::new(MAX_OPEN_SESSIONS)
    }
}

impl Sessions {
    fn new(most: usize) -> Self {
        Self {
            most,
            open: HashMap::new(),
            newest: i64::MIN,
            sessions: 0,
            single: 0,
            bots: HashSet::new(),
            bot_sessions: WarningGroup::default(),
            files: Vec::new(),
        }
    }

    /// The next events are of this file.
    pub(super) fn begin_file(&mut self, file: &str) {
        self.files.push(file.to_owned());
    }

    pub(super) fn add(&mut self, event: &Event, line: u64) {
        let is_step = matches!(event.name, EventName::ViewItem | EventName::AddToCart);
        let Some(owner) = Who::of(event).filter(|_| is_step && !event.items.is_empty()) else {
            return;
        };
        self.newest = self.newest.max(event.time);
        let steps = event.items.len() as u32;
        let fresh = Open {
            first: event.time,
            last: event.time,
            steps,
            file: self.files.len().saturating_sub(1) as u32,
            line,
        };
        match self.open.get_mut(&owner) {
            Some(open) if !is_over(owner, open, event.time) => {
                open.first = open.first.min(event.time);
                open.last = open.last.max(event.time);
                open.steps = open.steps.saturating_add(steps);
            }
            Some(open) => {
                let ended = std::mem::replace(open, fresh);
                self.end(owner, ended);
            }
            None => {
                if self.open.len() >= self.most {
                    self.make_room();
                }
                self.open.insert(owner, fresh);
            }
        }
    }

    fn make_room(&mut self) {
        let before = self.newest.saturating_sub(ENDED);
        let is_ended = |open: &Open| open.last < before;
        let ended = self.open.values().filter(|open| is_ended(open)).count();
        // To free a few at a time would mean to look through all of them again and again.
        let all = ended < self.most / 4;
        let mut over = Vec::new();
        self.open.retain(|&owner, open| {
            let ends = all || is_ended(open);
            if ends {
                over.push((owner, *open));
            }
            !ends
        });
        self.end_all(over);
    }

    /// In the order of the files, so that examples are the same in every run.
    fn end_all(&mut self, mut over: Vec<(Who, Open)>) {
        over.sort_unstable_by_key(|(_, open)| (open.file, open.line));
        for (owner, open) in over {
            self.end(owner, open);
        }
    }

    fn end(&mut self, owner: Who, open: Open) {
        self.sessions += 1;
        self.single += u64::from(open.steps == 1);
        if !is_machine(open.steps as usize, open.last - open.first) {
            return;
        }
        self.bots.insert(owner);
        let file = self.files.get(open.file as usize);
        let file = file.map_or("", String::as_str);
        self.bot_sessions.add(file, open.line, || {
            let seconds = (open.last - open.first) as f64 / 1e6;
            format!("a session of {} steps in {seconds:.0} s", open.steps)
        });
    }

    /// Ends all sessions. Those of machines, and what there is to say.
    pub(super) fn finish(mut self) -> (HashSet<Who>, [Finding; 2]) {
        let open = std::mem::take(&mut self.open);
        self.end_all(open.into_iter().collect());
        let bots = Tally {
            bad: self.bot_sessions,
            of: self.sessions,
        };
        let single = Tally {
            bad: WarningGroup {
                count: self.single,
                examples: Vec::new(),
            },
            of: self.sessions,
        };
        let what = format!(
            "sessions of more than {MAX_SESSION_STEPS} views and cart steps, or of {MACHINE_STEPS} with less than a second for each"
        );
        let findings = [
            bots.finding(
                "bot-like sessions",
                BOTS,
                &what,
                "leave out robots, monitoring and your own tests where events are collected, or use --clean",
            ),
            single.finding(
                "single views",
                SINGLE,
                "sessions of a single view",
                "only sessions of several views teach what goes together: check that session and visitor ids stay the same from page to page",
            ),
        ];
        (self.bots, findings)
    }
}

fn is_over(owner: Who, open: &Open, time: i64) -> bool {
    let gap = INACTIVITY_SECONDS * 1_000_000;
    let is_after = time.saturating_sub(open.last) >= gap;
    let is_before = open.first.saturating_sub(time) >= gap;
    matches!(owner, Who::Visitor(_)) && (is_after || is_before)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(visitor: u64, minute: i64, session: Option<u64>) -> Event {
        Event {
            name: EventName::ViewItem,
            time: minute * 60_000_000,
            visitor: Some(visitor),
            session,
            items: vec![crate::events::EventItem {
                id: "a".into(),
                quantity: 1.0,
            }],
            search_term: None,
        }
    }

    #[test]
    fn a_visitor_who_comes_back_has_two_sessions() {
        let mut sessions = Sessions::default();
        sessions.begin_file("f");
        for minute in [0, 10, 100] {
            sessions.add(&view(1, minute, None), 1);
            sessions.add(&view(1, minute, Some(2)), 1);
        }
        let (bots, [_, single]) = sessions.finish();
        assert!(bots.is_empty());
        assert_eq!((single.count, single.of), (1, 3));
    }

    #[test]
    fn memory_is_bounded_and_no_session_is_lost() {
        // Two visitors an hour: those of a day before make room. All at once: there is none to spare.
        for hours in [1, 0] {
            let mut sessions = Sessions::new(100);
            sessions.begin_file("f");
            for visitor in 0..1000 {
                let minute = 60 * hours * (visitor as i64 / 2);
                sessions.add(&view(visitor, minute, None), visitor + 1);
                assert!(sessions.open.len() <= 100);
            }
            let (_, [_, single]) = sessions.finish();
            assert_eq!((single.count, single.of), (1000, 1000));
        }
    }
}
