//! Conditions, segments, rules and experiments of a site.toml.

use std::collections::{BTreeMap, BTreeSet};

use super::codes::Code;
use super::draft::Mark;
use super::offsets;
use super::parse::Checker;
use super::rule_keys::{ACTIONS, SHARED};
use super::rules::{
    Action, Experiment, MAX_RULES, MAX_SEGMENTS, MAX_VARIANTS, Rule, Segment, Variant,
};
use super::shape::{Entry, did_you_mean};
use super::{Site, Terms};
use crate::condition::{self, Ask, Condition, Field, Scope, Test};

impl Checker<'_> {
    /// Reads what conditions may refer to, and rules.
    pub(super) fn rules(&mut self, file: &Entry<'_>) {
        for entry in file.tables("experiment", self.findings) {
            let read = self.experiment(&entry);
            self.draft.site.experiments.push(read);
            self.draft.experiment_marks.push(Mark::new(&entry));
        }
        for entry in file.tables("segment", self.findings) {
            let read = self.segment(&entry);
            self.draft.site.segments.push(read);
            self.draft.segment_marks.push(Mark::new(&entry));
        }
        let mut names = BTreeSet::new();
        for entry in file.tables("rule", self.findings) {
            let read = self.rule(&entry);
            self.unique(&mut names, &read.name, "rules", &entry);
            self.draft.site.rules.push(read);
            self.draft.rule_marks.push(Mark::new(&entry));
        }
        if let Some(holdout) = file.table("holdout", self.findings) {
            self.draft.site.holdout = holdout.count("percentage").unwrap_or_default();
        }
        self.layers();
        self.references();
        let site = &self.draft.site;
        let (segments, rules) = (site.segments.len(), site.rules.len());
        let experiments = site.experiments.len();
        if segments.max(experiments) > MAX_SEGMENTS || rules > MAX_RULES {
            let message = format!(
                "expected at most {MAX_SEGMENTS} segments, {MAX_SEGMENTS} experiments and {MAX_RULES} rules, found \
                 {segments}, {experiments} and {rules}"
            );
            self.fail(Code::TooManyRules, 0..0, &message, "take out what is over");
        }
    }

    /// On what terms a place or rule is on.
    pub(super) fn terms(&mut self, entry: &Entry<'_>, has_percentage: bool) -> Terms {
        let owner = entry.text("owner").map(|owner| owner.value);
        let percentage = has_percentage.then(|| entry.count("percentage")).flatten();
        Terms {
            owner: owner.unwrap_or_default(),
            enabled: entry.flag("enabled").unwrap_or(true),
            from: entry.start("from"),
            until: entry.end("until"),
            percentage: percentage.unwrap_or(100),
            when: self.condition(entry, "when", Scope::Visit),
        }
    }

    fn condition(&mut self, entry: &Entry<'_>, key: &str, scope: Scope) -> Condition {
        let Some(text) = entry.text(key) else {
            return Condition::default();
        };
        condition::parse(&text.value, scope).unwrap_or_else(|error| {
            let at =
                |byte| offsets::in_file(&self.draft.text, text.span.clone(), &text.value, byte);
            let start = at(error.at.start);
            let end = at(error.at.end).max(start);
            self.fail(Code::Condition, start..end, &error.message, &error.help);
            Condition::default()
        })
    }

    fn unique(&mut self, names: &mut BTreeSet<String>, name: &str, what: &str, entry: &Entry<'_>) {
        if !name.is_empty() && !names.insert(name.to_owned()) {
            let message = format!("there are two {what} called {name:?}");
            let span = entry.span_of("name");
            self.fail(Code::SameName, span, &message, "give it another name");
        }
    }

    fn segment(&mut self, entry: &Entry<'_>) -> Segment {
        let name = entry
            .text("name")
            .map(|name| name.value)
            .unwrap_or_default();
        let known = self.draft.site.segments.iter();
        let mut names: BTreeSet<String> = known.map(|segment| segment.name.clone()).collect();
        self.unique(&mut names, &name, "segments", entry);
        let title = match entry.local("title") {
            Some(title) => self.text(Some(title)),
            None => vec![name.clone(); self.draft.site.locales.len()],
        };
        Segment {
            title,
            when: self.condition(entry, "when", Scope::Visit),
            name,
        }
    }

    fn rule(&mut self, entry: &Entry<'_>) -> Rule {
        let action = entry.word("action", &ACTIONS);
        let needed: &[&str] = match action {
            Some(Action::Boost(_)) => &["by"],
            Some(Action::Pin(_)) => &["position"],
            Some(Action::AtMost(..)) => &["most", "per"],
            _ => &[],
        };
        for key in ["by", "position", "most", "per"] {
            if action.is_some() && entry.has(key) && !needed.contains(&key) {
                let message = format!("{key} says nothing for this action");
                self.fail(Code::RuleKeys, entry.span_of(key), &message, "take it out");
            }
        }
        let action = match action.unwrap_or_default() {
            Action::Boost(by) => Action::Boost(entry.count("by").unwrap_or(by)),
            Action::Pin(at) => Action::Pin(entry.count("position").unwrap_or(at)),
            Action::AtMost(most, per) => Action::AtMost(
                entry.count("most").unwrap_or(most),
                entry.word("per", &SHARED).unwrap_or(per),
            ),
            action => action,
        };
        let items = self.condition(entry, "items", Scope::Item);
        if items.is_trivial() && !entry.has("items") && !matches!(action, Action::AtMost(..)) {
            let message = "a rule for all items";
            let help = "say of which: items = 'brand == \"Nike\"'";
            self.fail(Code::RuleKeys, entry.span_of("action"), message, help);
        }
        let terms = self.terms(entry, true);
        Rule {
            name: entry
                .text("name")
                .map(|name| name.value)
                .unwrap_or_default(),
            action,
            items,
            when: terms.when.clone(),
            places: self.places_of_rule(entry),
            terms: Terms {
                when: Condition::default(),
                ..terms
            },
        }
    }

    fn places_of_rule(&mut self, entry: &Entry<'_>) -> Vec<String> {
        let site = &self.draft.site;
        let slots = site.slots.iter().map(|slot| slot.name.clone());
        let lists = site.lists.iter().map(|list| list.name.clone());
        let known: Vec<String> = slots.chain(lists).collect();
        let places = entry.texts("places");
        for place in places.iter().filter(|place| !known.contains(&place.value)) {
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            let message = format!("there is no slot or list called {:?}", place.value);
            let help = did_you_mean(&place.value, &known);
            self.fail(Code::UnknownName, place.span.clone(), &message, &help);
        }
        places.into_iter().map(|place| place.value).collect()
    }

    fn experiment(&mut self, entry: &Entry<'_>) -> Experiment {
        let name = entry
            .text("name")
            .map(|name| name.value)
            .unwrap_or_default();
        let known = self.draft.site.experiments.iter();
        let mut names: BTreeSet<String> = known.map(|known| known.name.clone()).collect();
        self.unique(&mut names, &name, "experiments", entry);
        let variants = entry.texts("variants");
        let weights: Vec<u16> = entry.counts("weights");
        let distinct: BTreeSet<&str> = variants.iter().map(|v| v.value.as_str()).collect();
        let is_sound = (2..=MAX_VARIANTS).contains(&variants.len())
            && distinct.len() == variants.len()
            && (weights.is_empty() || weights.len() == variants.len())
            && (weights.is_empty() || weights.iter().any(|&weight| weight > 0));
        if !is_sound && entry.has("variants") {
            let message = format!(
                "expected 2 to {MAX_VARIANTS} different variants, each with a weight or none with one"
            );
            let help = "like variants = [\"a\", \"b\"], weights = [50, 50]";
            self.fail(Code::Variants, entry.span_of("variants"), &message, help);
        }
        let weights = weights.into_iter().chain(std::iter::repeat(1));
        let variants = variants.into_iter().zip(weights);
        Experiment {
            layer: match entry.text("layer") {
                Some(layer) => layer.value,
                None => name.clone(),
            },
            percentage: entry.count("percentage").unwrap_or(100),
            first: 0,
            variants: variants
                .map(|(name, weight)| Variant {
                    name: name.value,
                    weight,
                })
                .collect(),
            when: Condition::default(),
            terms: self.terms(entry, false),
            name,
        }
    }

    /// Gives each experiment its part of its layer.
    fn layers(&mut self) {
        let mut used: BTreeMap<String, u8> = BTreeMap::new();
        let mut overfull = Vec::new();
        let experiments = self.draft.site.experiments.iter_mut();
        for (experiment, mark) in experiments.zip(&self.draft.experiment_marks) {
            experiment.when = std::mem::take(&mut experiment.terms.when);
            let used = used.entry(experiment.layer.clone()).or_default();
            experiment.first = *used;
            *used = used.saturating_add(experiment.percentage);
            if *used > 100 {
                overfull.push((mark.of("percentage"), experiment.layer.clone()));
            }
        }
        for (span, layer) in overfull {
            let message = format!("the experiments of layer {layer:?} are for more than 100 %");
            let help = "lower their percentage, or give them layers of their own";
            self.fail(Code::LayerOverfull, span, &message, help);
        }
    }

    /// Whether conditions name what there is.
    fn references(&mut self) {
        let site = &self.draft.site;
        let segments: Vec<&str> = site.segments.iter().map(|s| s.name.as_str()).collect();
        let (mut unknown, mut by_variant) = (Vec::new(), Vec::new());
        let mut look = |condition: &Condition, segments: &[&str], mark: &Mark| {
            for test in condition.tests() {
                if let Some((message, help)) = unknown_name(site, segments, test) {
                    unknown.push((mark.of("when"), message, help));
                }
            }
        };
        let marked = site.segments.iter().zip(&self.draft.segment_marks);
        for (at, (segment, mark)) in marked.enumerate() {
            look(&segment.when, segments.get(..at).unwrap_or_default(), mark);
            if segment
                .when
                .tests()
                .any(|test| test.field == Field::Variant)
            {
                let message = "a segment cannot depend on an experiment".to_owned();
                let help =
                    "an experiment may depend on a segment; ask for the variant where it counts";
                by_variant.push((mark.of("when"), message, help.to_owned()));
            }
        }
        for (rule, mark) in site.rules.iter().zip(&self.draft.rule_marks) {
            look(&rule.when, &segments, mark);
        }
        for (experiment, mark) in site.experiments.iter().zip(&self.draft.experiment_marks) {
            look(&experiment.when, &segments, mark);
        }
        for place in self.draft.places() {
            look(&place.terms.when, &segments, place.mark);
        }
        for (span, message, help) in unknown.into_iter().chain(by_variant) {
            self.fail(Code::UnknownName, span, &message, &help);
        }
    }
}

/// What is wrong with the names that a test of a condition refers to, and what to do.
fn unknown_name(site: &Site, segments: &[&str], test: &Test) -> Option<(String, String)> {
    let asked = match &test.ask {
        Ask::Texts(texts) => texts.as_slice(),
        _ => &[],
    };
    let experiment = site.experiments.iter().find(|e| e.name == test.argument);
    let (what, names, known): (_, _, Vec<&str>) = match (test.field, experiment) {
        (Field::Segment, _) => (
            "segment before this",
            std::slice::from_ref(&test.argument),
            segments.to_vec(),
        ),
        (Field::Variant, None) => (
            "experiment",
            std::slice::from_ref(&test.argument),
            site.experiments.iter().map(|e| e.name.as_str()).collect(),
        ),
        (Field::Variant, Some(experiment)) => (
            "variant",
            asked,
            experiment
                .variants
                .iter()
                .map(|v| v.name.as_str())
                .collect(),
        ),
        (Field::Page, _) => (
            "[[page]] of kind",
            asked,
            site.pages.iter().map(|page| page.kind.as_str()).collect(),
        ),
        _ => return None,
    };
    let name = names.iter().find(|name| !known.contains(&name.as_str()))?;
    Some((
        format!("there is no {what} {name:?}"),
        did_you_mean(name, &known),
    ))
}
