//! Session files of research data, in the two forms that most of it comes in.
//!
//! | form | training | test |
//! |---|---|---|
//! | text (SR-GNN) | a session a line: item ids, oldest first, sessions in order of time | a case a line: the last id is the target |
//! | TSV (Serenade) | a header, then SessionId, ItemId, Time in seconds | the same; each view but a session's first is a target |
//!
//! A file that starts with `SessionId` is of the second form. In the text form a line that is the one
//! before without its last id belongs to the same session.

use std::collections::HashMap;
use std::io::BufRead;
use std::path::Path;

use super::EvaluateError;
use super::data::{Data, MAX_INTERACTIONS, Numbers, TrainSession};
use crate::events::{EventName, MAX_LINE_BYTES};
use crate::input::{self, Line, read_line};
use crate::interactions::{Interaction, Owner};
use crate::report::found;

/// How many days a file without times is taken to span, its sessions evenly spread: five months, as
/// Diginetica's training part does. It decides how much newer sessions count for the product's model.
pub const SPAN_DAYS: i64 = 150;

const MICROSECONDS_A_DAY: i64 = 86_400_000_000;
const HEADER: [&str; 3] = ["SessionId", "ItemId", "Time"];

/// A session as a file has it.
struct Raw {
    /// Absent in the text form.
    end: Option<i64>,
    steps: Vec<String>,
}

/// Reads both files.
pub(super) fn read(train: &Path, test: &Path) -> Result<Data, EvaluateError> {
    let mut data = Data::default();
    let mut numbers = Numbers::default();
    let sessions = File::open(train)?.sessions()?.into_sessions();
    let total = sessions.len().max(1) as i64;
    for (place, session) in (0i64..).zip(sessions) {
        let spread = SPAN_DAYS * MICROSECONDS_A_DAY / total * (place + 1);
        let end = session.end.unwrap_or(spread);
        let steps: Vec<u32> = session.steps.iter().map(|id| numbers.number(id)).collect();
        data.interactions
            .extend(steps.iter().map(|&item| Interaction {
                name: EventName::ViewItem,
                item,
                time: end,
                owner: Owner::Session(place as u64),
            }));
        data.train.push(TrainSession { end, steps });
    }
    let mut unknown = 0;
    match File::open(test)?.sessions()? {
        Form::Timed(sessions) => {
            for session in sessions {
                let known = session.steps.iter().filter_map(|id| numbers.known(id));
                let known: Vec<u32> = known.collect();
                unknown += session.steps.len() - known.len();
                data.add_test_session(&known);
            }
        }
        Form::Text(cases) => {
            let mut before: &[String] = &[];
            for case in &cases {
                let Some((target, views)) = case.steps.split_last() else {
                    continue;
                };
                let same = before
                    .split_last()
                    .is_some_and(|(_, rest)| rest == case.steps);
                before = &case.steps;
                let known: Vec<u32> = views.iter().filter_map(|id| numbers.known(id)).collect();
                unknown += views.len() - known.len();
                match numbers.known(target) {
                    Some(target) => data.add_case(&known, target, same),
                    None => unknown += 1,
                }
            }
        }
    }
    data.unknown_views = unknown as u64;
    data.items = numbers.into_items();
    Ok(data)
}

enum Form {
    Text(Vec<Raw>),
    Timed(Vec<Raw>),
}

impl Form {
    fn into_sessions(self) -> Vec<Raw> {
        match self {
            Self::Text(sessions) | Self::Timed(sessions) => sessions,
        }
    }
}

struct File {
    name: String,
    input: Box<dyn BufRead>,
    line: Vec<u8>,
    number: u64,
    ids: usize,
}

impl File {
    fn open(path: &Path) -> Result<Self, EvaluateError> {
        let name = path.display().to_string();
        let input = input::open(path).map_err(|source| EvaluateError::Read {
            file: name.clone(),
            source,
        })?;
        Ok(Self {
            name,
            input,
            line: Vec::new(),
            number: 0,
            ids: 0,
        })
    }

    /// The next line that is not empty.
    fn next(&mut self) -> Result<Option<String>, EvaluateError> {
        loop {
            self.number += 1;
            let line = read_line(&mut *self.input, &mut self.line, MAX_LINE_BYTES);
            match line.map_err(|source| EvaluateError::Read {
                file: self.name.clone(),
                source,
            })? {
                Line::End => return Ok(None),
                Line::TooLong => return Err(self.wrong("a shorter line", "more than 1 MiB")),
                Line::Whole if self.line.trim_ascii().is_empty() => (),
                Line::Whole => return Ok(Some(input::text_of(self.line.trim_ascii()))),
            }
        }
    }

    fn wrong(&self, expected: &'static str, text: &str) -> EvaluateError {
        EvaluateError::Line {
            file: self.name.clone(),
            line: self.number,
            expected,
            found: found(text),
        }
    }

    fn count(&mut self, ids: usize) -> Result<(), EvaluateError> {
        self.ids += ids;
        if self.ids > MAX_INTERACTIONS {
            return Err(EvaluateError::TooManyViews {
                file: self.name.clone(),
                limit: MAX_INTERACTIONS,
            });
        }
        Ok(())
    }

    fn sessions(mut self) -> Result<Form, EvaluateError> {
        let Some(first) = self.next()? else {
            return Ok(Form::Text(Vec::new()));
        };
        if first.starts_with(HEADER[0]) {
            return self.timed(&first).map(Form::Timed);
        }
        let mut sessions = Vec::new();
        let mut line = Some(first);
        while let Some(text) = line {
            let steps: Vec<String> = text.split_ascii_whitespace().map(str::to_owned).collect();
            self.count(steps.len())?;
            sessions.push(Raw { end: None, steps });
            line = self.next()?;
        }
        Ok(Form::Text(sessions))
    }

    fn timed(mut self, header: &str) -> Result<Vec<Raw>, EvaluateError> {
        if !header.split('\t').eq(HEADER) {
            let expected = "the columns SessionId, ItemId and Time with tabs between them";
            return Err(self.wrong(expected, header));
        }
        let mut places: HashMap<String, usize> = HashMap::new();
        let mut sessions: Vec<Vec<(i64, String)>> = Vec::new();
        while let Some(text) = self.next()? {
            let mut fields = text.split('\t');
            let (Some(session), Some(item), Some(time), None) =
                (fields.next(), fields.next(), fields.next(), fields.next())
            else {
                return Err(self.wrong("three fields with tabs between them", &text));
            };
            let Some(time) = microseconds(time) else {
                return Err(self.wrong("a time in seconds since 1970", time));
            };
            self.count(1)?;
            let place = *places.entry(session.to_owned()).or_insert(sessions.len());
            if place == sessions.len() {
                sessions.push(Vec::new());
            }
            sessions[place].push((time, item.to_owned()));
        }
        let mut sessions: Vec<Raw> = sessions
            .into_iter()
            .map(|mut views| {
                views.sort_by_key(|(time, _)| *time);
                let end = views.last().map(|(time, _)| *time);
                let steps = views.into_iter().map(|(_, item)| item).collect();
                Raw { end, steps }
            })
            .collect();
        sessions.sort_by_key(|session| session.end);
        Ok(sessions)
    }
}

fn microseconds(seconds: &str) -> Option<i64> {
    let seconds: f64 = seconds.trim().parse().ok()?;
    (0.0..1e11)
        .contains(&seconds)
        .then_some((seconds * 1e6) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_texts(train: &str, test: &str) -> Result<Data, EvaluateError> {
        let folder = tempfile::tempdir().expect("a folder");
        let (a, b) = (folder.path().join("train"), folder.path().join("test"));
        std::fs::write(&a, train).expect("a file");
        std::fs::write(&b, test).expect("a file");
        read(&a, &b)
    }

    fn cases(data: &Data) -> Vec<(u32, Vec<&str>, &str)> {
        let id = |item: u32| data.items[item as usize].as_str();
        (0..data.len())
            .map(|n| data.case(n))
            .map(|c| {
                (
                    c.session,
                    c.views.iter().map(|&v| id(v)).collect(),
                    id(c.target),
                )
            })
            .collect()
    }

    #[test]
    fn text_form() {
        let data = read_texts("a b\n\nc a\r\n", "a b c\na b\nb c a\nx a b\na x\n").expect("sound");
        assert_eq!(data.items, ["a", "b", "c"]);
        assert_eq!(data.train[1].steps, [2, 0]);
        assert!(data.train[0].end < data.train[1].end);
        let expected = [
            (0, vec!["a", "b"], "c"),
            (0, vec!["a"], "b"),
            (1, vec!["b", "c"], "a"),
            (2, vec!["a"], "b"),
        ];
        assert_eq!((cases(&data), data.unknown_views), (expected.to_vec(), 2));
    }

    #[test]
    fn tsv_form_orders_by_time() {
        let header = "SessionId\tItemId\tTime\n";
        let train = format!("{header}9\tb\t20.0\n9\ta\t10.5\n4\tc\t5\n");
        let test = format!("{header}1\tc\t3\n1\ta\t1\n1\tx\t2\n1\tb\t4\n");
        let data = read_texts(&train, &test).expect("sound");
        assert_eq!(data.items, ["c", "a", "b"]);
        assert_eq!(
            (data.train[1].end, data.train[1].steps.len()),
            (20_000_000, 2)
        );
        assert_eq!(
            (cases(&data), data.unknown_views),
            (vec![(0, vec!["a"], "c"), (0, vec!["a", "c"], "b")], 1)
        );
    }

    #[test]
    fn a_wrong_line_is_named() {
        let error = read_texts("SessionId\tItemId\tTime\n1\t2\tnoon\n", "").expect_err("no time");
        assert!(
            error
                .to_string()
                .ends_with("train:2: expected a time in seconds since 1970, found \"noon\""),
            "{error}"
        );
    }
}
