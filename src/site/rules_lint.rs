//! Conditions and rules that can do nothing, or undo each other.

use super::codes::Code;
use super::draft::{Draft, Mark};
use super::error::Findings;
use super::lint::{Filling, PlaceView, terms};
use super::{Action, Position, Rule, Site};
use crate::condition::{Condition, are_exclusive, implies, is_always, is_never};

impl Draft {
    pub(super) fn rule_warnings(&self, site: &Site, now: i64, findings: &mut Findings) {
        for place in self.places() {
            proved(place.name, &place.terms.when, place.mark, "when", findings);
        }
        for (segment, mark) in site.segments.iter().zip(&self.segment_marks) {
            proved(&segment.name, &segment.when, mark, "when", findings);
        }
        for (experiment, mark) in site.experiments.iter().zip(&self.experiment_marks) {
            proved(&experiment.name, &experiment.when, mark, "when", findings);
            terms(
                &view(&experiment.name, &experiment.terms, mark),
                now,
                findings,
            );
        }
        for (at, (rule, mark)) in site.rules.iter().zip(&self.rule_marks).enumerate() {
            proved(&rule.name, &rule.when, mark, "when", findings);
            proved(&rule.name, &rule.items, mark, "items", findings);
            terms(&view(&rule.name, &rule.terms, mark), now, findings);
            let others = site.rules.iter().enumerate();
            let idle = others
                .filter(|(other, _)| *other != at)
                .find_map(|(_, other)| Some((other, makes_idle(other, rule)?)));
            if let Some((other, why)) = idle {
                let message = format!("{:?} does nothing: {:?} {why}", rule.name, other.name);
                let help = "take one of them out, or narrow its items, when or places";
                findings.add(Code::DeadRule, mark.of("action"), message, help);
            }
        }
    }
}

fn view<'d>(name: &'d str, terms: &'d super::Terms, mark: &'d Mark) -> PlaceView<'d> {
    PlaceView {
        name,
        pages: &[],
        selector: "",
        nth: 1,
        terms,
        inside_hydrated_root: false,
        filling: Filling::Slot(Position::After),
        mark,
    }
}

fn proved(name: &str, condition: &Condition, mark: &Mark, key: &str, findings: &mut Findings) {
    if condition.is_trivial() {
        return;
    }
    let (code, message, help) = if is_never(condition) {
        let message = format!("{name:?}: {key} never holds");
        let help = "its parts exclude each other; did you mean or?";
        (Code::NeverHolds, message, help)
    } else if is_always(condition) {
        let message = format!("{name:?}: {key} always holds");
        (Code::AlwaysHolds, message, "take it out; did you mean and?")
    } else {
        return;
    };
    findings.add(code, mark.of(key), message, help);
}

/// Why `rule` never changes anything when `other` is there.
fn makes_idle(other: &Rule, rule: &Rule) -> Option<&'static str> {
    let covers_places = other.places.is_empty()
        || !rule.places.is_empty() && rule.places.iter().all(|p| other.places.contains(p));
    let is_always_on = other.terms.enabled
        && other.terms.percentage >= 100
        && other
            .terms
            .from
            .is_none_or(|from| rule.terms.from.is_some_and(|own| own >= from))
        && other
            .terms
            .until
            .is_none_or(|until| rule.terms.until.is_some_and(|own| own <= until));
    if !covers_places || !is_always_on || !rule.terms.enabled || !implies(&rule.when, &other.when) {
        return None;
    }
    let changes_order = !matches!(rule.action, Action::Hide | Action::Sensitive);
    match other.action {
        Action::Hide if changes_order && implies(&rule.items, &other.items) => {
            Some("hides all of its items")
        }
        Action::Only if changes_order && are_exclusive(&rule.items, &other.items) => {
            Some("shows none of its items")
        }
        action if action == rule.action && is_same(other, rule) => Some("says the same"),
        _ => None,
    }
}

fn is_same(other: &Rule, rule: &Rule) -> bool {
    other.name < rule.name && other.items == rule.items && other.when == rule.when
}
