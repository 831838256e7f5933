//! A shop's own events, divided by time: learn from what came before, ask about what came after.

use std::path::{Path, PathBuf};

use super::EvaluateError;
use super::data::{Data, MAX_INTERACTIONS, Numbers, TrainSession};
use crate::events::{self, EventName, EventSource};
use crate::import::Mapping;
use crate::interactions::{Interaction, Log, Owner};
use crate::report::{Progress, Stage, Warnings};
use crate::sessions::{Rules, Sessions};

const MICROSECONDS_A_DAY: f64 = 86_400e6;

/// Reads events without a feed and takes the last days for the test. A session that the border
/// divides ends there and begins again: what came after it has taught nobody. Sessions that look like
/// a machine's are in neither part, unless `rules` keep them: they are no shopper's to be guessed.
pub(super) fn read(
    files: &[PathBuf],
    mapping: Option<&Mapping>,
    test_days: f64,
    rules: Rules,
    warnings: &mut Warnings,
    progress: &mut dyn FnMut(Progress),
) -> Result<Data, EvaluateError> {
    let mut numbers = Numbers::default();
    let mut all = Vec::new();
    for path in files {
        read_file(path, mapping, &mut numbers, &mut all, warnings, progress)?;
    }
    let ids = numbers.into_items();
    let newest = all.iter().map(|event| event.time).max().unwrap_or(0);
    let border = newest.saturating_sub((test_days * MICROSECONDS_A_DAY) as i64);
    let (mut before, mut after): (Vec<Interaction>, Vec<Interaction>) =
        all.iter().partition(|event| event.time < border);
    if before.is_empty() {
        return Err(EvaluateError::NoTraining {
            found: all.len(),
            test_days,
        });
    }
    drop(all);
    let mut data = Data::default();
    // Items that only the test has cannot be ranked by anything that learned before it.
    let mut known = Numbers::default();
    for event in &mut before {
        event.item = known.number(&ids[event.item as usize]);
    }
    after.retain_mut(|event| match known.known(&ids[event.item as usize]) {
        Some(item) => {
            event.item = item;
            true
        }
        None => {
            data.unknown_views += u64::from(event.name == EventName::ViewItem);
            false
        }
    });
    for session in Sessions::cut(&Log::of(&before), rules)?.iter() {
        data.train.push(TrainSession {
            end: session.end,
            steps: session.steps.to_vec(),
        });
    }
    for session in Sessions::cut(&Log::of(&after), rules)?.iter() {
        data.add_test_session(session.steps);
    }
    data.items = known.into_items();
    data.interactions = before;
    Ok(data)
}

fn read_file(
    path: &Path,
    mapping: Option<&Mapping>,
    numbers: &mut Numbers,
    all: &mut Vec<Interaction>,
    warnings: &mut Warnings,
    progress: &mut dyn FnMut(Progress),
) -> Result<(), EvaluateError> {
    let file = path.display().to_string();
    let mut too_many = false;
    let source = EventSource {
        path,
        mapping,
        products: None,
    };
    events::read_source(
        source,
        warnings,
        &mut |done| {
            progress(Progress {
                stage: Stage::Events,
                done,
                total: None,
            });
        },
        |event, _, _| {
            // As in training: what was merely shown teaches nothing.
            if matches!(event.name, EventName::ViewItemList | EventName::Search) || too_many {
                return;
            }
            too_many = all.len() + event.items.len() > MAX_INTERACTIONS;
            let owner = match (event.session, event.visitor) {
                (Some(session), _) => Owner::Session(session),
                (None, Some(visitor)) => Owner::Visitor(visitor),
                (None, None) => Owner::Nobody,
            };
            all.extend(event.items.iter().map(|item| Interaction {
                name: event.name,
                item: numbers.number(&item.id),
                time: event.time,
                owner,
            }));
        },
    )?;
    if too_many {
        return Err(EvaluateError::TooManyViews {
            file,
            limit: MAX_INTERACTIONS,
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_events(lines: &[(i64, &str, &str)], test_days: f64) -> Result<Data, EvaluateError> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("events.jsonl");
        let text: String = lines
            .iter()
            .map(|(hours, user, item)| {
                let time = 1_700_000_000 + hours * 3600;
                format!(
                    "{{\"event_name\":\"view_item\",\"event_timestamp\":{time},\"user_pseudo_id\":\"{user}\",\"items\":[{{\"item_id\":\"{item}\"}}]}}\n"
                )
            })
            .collect();
        std::fs::write(&path, text).expect("a file");
        read(
            &[path],
            None,
            test_days,
            Rules::default(),
            &mut Warnings::default(),
            &mut |_| (),
        )
    }

    #[test]
    fn the_last_days_are_the_test() {
        let lines = [
            (0, "u", "a"),
            (0, "u", "b"),
            (50, "v", "b"),
            (50, "v", "new"),
            (50, "v", "a"),
        ];
        let data = read_events(&lines, 1.0).expect("sound");
        assert_eq!(data.items, ["a", "b"]);
        assert_eq!(
            (data.train.len(), data.len(), data.unknown_views),
            (1, 1, 1)
        );
        let case = data.case(0);
        assert_eq!((case.views, case.target), (&[1][..], 0));
    }

    #[test]
    fn without_a_past_there_is_nothing_to_learn() {
        let error = read_events(&[(0, "u", "a")], 14.0).expect_err("no past");
        assert!(error.to_string().contains("fewer test days"), "{error}");
    }
}
