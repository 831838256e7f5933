//! What can be said of conditions without any visitor or item: that one never holds, always holds, or holds
//! whenever another does.
//!
//! A condition becomes a choice of terms (its disjunctive normal form). A term that asks one field for two
//! things that exclude each other cannot hold. The proofs are one-sided: "yes" is certain, "no" may be that
//! it was not found out.

use std::collections::BTreeMap;

use super::{Ask, Condition, Field, FieldType, Step, Test, same_text};

/// The most terms that are looked at; beyond, nothing is proved.
const MAX_TERMS: usize = 512;

/// A test and whether it must hold.
type Literal<'c> = (&'c Test, bool);

/// Whether a condition can never hold.
pub fn is_never(condition: &Condition) -> bool {
    let terms = terms(condition, true);
    terms.is_some_and(|terms| terms.iter().all(|term| is_impossible(term)))
}

/// Whether a condition always holds.
pub fn is_always(condition: &Condition) -> bool {
    let terms = terms(condition, false);
    terms.is_some_and(|terms| terms.iter().all(|term| is_impossible(term)))
}

/// Whether `second` holds whenever `first` does.
pub fn implies(first: &Condition, second: &Condition) -> bool {
    let (Some(first), Some(against)) = (terms(first, true), terms(second, false)) else {
        return false;
    };
    product(&first, &against).is_some_and(|terms| terms.iter().all(|term| is_impossible(term)))
}

/// Whether two conditions can never hold at once.
pub fn are_exclusive(first: &Condition, second: &Condition) -> bool {
    is_never(&first.and(second))
}

/// The terms of a condition, or of its opposite; `None` when there are too many.
fn terms(condition: &Condition, holds: bool) -> Option<Vec<Vec<Literal<'_>>>> {
    // Each with its opposite.
    let mut stack: Vec<[Vec<Vec<Literal<'_>>>; 2]> = Vec::new();
    for step in &condition.steps {
        let made = match step {
            Step::Test(test) => [vec![vec![(test, false)]], vec![vec![(test, true)]]],
            Step::Not => {
                let [no, yes] = stack.pop()?;
                [yes, no]
            }
            Step::And | Step::Or => {
                let ([last_no, last_yes], [no, yes]) = (stack.pop()?, stack.pop()?);
                match step {
                    Step::And => [sum(no, last_no)?, product(&yes, &last_yes)?],
                    _ => [product(&no, &last_no)?, sum(yes, last_yes)?],
                }
            }
        };
        stack.push(made);
    }
    match stack.pop() {
        Some([no, yes]) => Some(if holds { yes } else { no }),
        // Always: one term that asks nothing; and its opposite, none.
        None => Some(if holds { vec![Vec::new()] } else { Vec::new() }),
    }
}

fn sum<'c>(
    mut one: Vec<Vec<Literal<'c>>>,
    other: Vec<Vec<Literal<'c>>>,
) -> Option<Vec<Vec<Literal<'c>>>> {
    one.extend(other);
    (one.len() <= MAX_TERMS).then_some(one)
}

fn product<'c>(
    one: &[Vec<Literal<'c>>],
    other: &[Vec<Literal<'c>>],
) -> Option<Vec<Vec<Literal<'c>>>> {
    if one.len().checked_mul(other.len())? > MAX_TERMS {
        return None;
    }
    let pairs = one
        .iter()
        .flat_map(|a| other.iter().map(move |b| [a.as_slice(), b].concat()));
    Some(pairs.collect())
}

fn is_impossible(term: &[Literal<'_>]) -> bool {
    let mut by_field: BTreeMap<(Field, String), Vec<Literal<'_>>> = BTreeMap::new();
    for &(test, holds) in term {
        let key = (test.field, test.argument.to_lowercase());
        by_field.entry(key).or_default().push((test, holds));
    }
    let asks = |field| {
        let of = by_field.get(&(field, String::new()));
        of.is_some_and(|all: &Vec<_>| all.iter().any(|(_, holds)| *holds))
    };
    (asks(Field::New) && asks(Field::Returning)) || by_field.values().any(|all| excludes(all))
}

/// Whether what one field is asked cannot all be so.
fn excludes(asked: &[Literal<'_>]) -> bool {
    // What is not known fails every test, so tests that must fail can always be met together.
    if !asked.iter().any(|(_, holds)| *holds) {
        return false;
    }
    let Some((first, _)) = asked.first() else {
        return false;
    };
    let contradicts = asked.iter().any(|(test, holds)| {
        *holds
            && asked
                .iter()
                .any(|(other, no)| !*no && test.ask == other.ask)
    });
    contradicts
        || match first.field.info().kind {
            FieldType::Flag => false,
            FieldType::Number => no_number(asked),
            FieldType::Text => no_text(asked),
            // A path can have many levels.
            FieldType::Path => false,
        }
}

fn no_number(asked: &[Literal<'_>]) -> bool {
    let (mut least, mut most) = (i64::MIN, i64::MAX);
    let mut only: Option<Vec<i64>> = None;
    let mut never: Vec<i64> = Vec::new();
    for (test, holds) in asked {
        match (&test.ask, holds) {
            (Ask::Less(n), true) | (Ask::AtLeast(n), false) => most = most.min(n - 1),
            (Ask::AtMost(n), true) | (Ask::More(n), false) => most = most.min(*n),
            (Ask::More(n), true) | (Ask::AtMost(n), false) => least = least.max(n + 1),
            (Ask::AtLeast(n), true) | (Ask::Less(n), false) => least = least.max(*n),
            (Ask::Numbers(all), true) => match &mut only {
                Some(only) => only.retain(|n| all.contains(n)),
                None => only = Some(all.clone()),
            },
            (Ask::Numbers(all), false) => never.extend(all),
            _ => {}
        }
    }
    let is_possible = |n: &i64| (least..=most).contains(n) && !never.contains(n);
    match only {
        Some(only) => !only.iter().any(is_possible),
        None => least > most || least == most && never.contains(&least),
    }
}

fn no_text(asked: &[Literal<'_>]) -> bool {
    let mut only: Option<Vec<&String>> = None;
    for (test, holds) in asked {
        if let (Ask::Texts(all), true) = (&test.ask, holds) {
            match &mut only {
                Some(only) => only.retain(|text| all.iter().any(|other| same_text(text, other))),
                None => only = Some(all.iter().collect()),
            }
        }
    }
    let Some(only) = only else { return false };
    let is_never = |text: &&&String| {
        asked.iter().any(|(test, holds)| match (&test.ask, holds) {
            (Ask::Texts(all), false) => all.iter().any(|other| same_text(text, other)),
            _ => false,
        })
    };
    only.iter().filter(|text| !is_never(text)).count() == 0
}
