//! Banners and slots of site.toml, and the templates that they use.

use std::collections::{BTreeMap, BTreeSet};

use super::codes::Code;
use super::keys::{self, AUDIENCES, POSITIONS};
use super::parse::Checker;
use super::shape::{At, Entry, did_you_mean};
use super::template::Field;
use super::{Banner, LocalText, Locale, Place, Site, Slot, Strategy, built_in, reasons};

const DEFAULT_MIN_ITEMS: u8 = 1;
const DEFAULT_MAX_ITEMS: u8 = 8;

impl Checker<'_> {
    pub(super) fn banner(&mut self, entry: &Entry<'_>) -> Banner {
        Banner {
            name: self.name(entry),
            place: self.place(entry),
            audience: entry.word("audience", &AUDIENCES).unwrap_or_default(),
            template: self.template(entry),
            title: self.text(entry.local("title")),
            text: self.text(entry.local("text")),
            link: self.text(entry.local("link")),
        }
    }

    pub(super) fn slot(&mut self, entry: &Entry<'_>) -> Slot {
        let (min, max) = self.limits(entry);
        let names = entry.texts("strategies");
        let span = entry.span_of("strategies");
        if names.is_empty() && span != entry.span {
            let help = did_you_mean("", &keys::strategies());
            let message = "expected at least one strategy";
            self.fail(Code::NoStrategy, span, message, &help);
        }
        let strategies: Vec<Strategy> = names
            .iter()
            .filter_map(|name| Strategy::ALL.iter().find(|(known, _)| *known == name.value))
            .map(|(_, strategy)| *strategy)
            .collect();
        let template = self.template(entry);
        // What is not shown is not in the snapshot.
        let shows = |site: &Site, field| {
            let template = site.templates.get(usize::from(template));
            template.is_some_and(|template| template.uses(field))
        };
        let has_title = shows(&self.draft.site, Field::Title);
        let has_reason = shows(&self.draft.site, Field::Reason);
        let of_slot = entry.local("title").map(|title| self.text(Some(title)));
        let is_named = of_slot.is_some() || entry.has("titles");
        self.uses_words |= has_reason || (has_title && !is_named);
        let titles =
            self.by_strategy(
                entry,
                "titles",
                &names,
                &strategies,
                |strategy, all| match &of_slot {
                    Some(title) => title.clone(),
                    None if has_title => reasons::title(strategy, all),
                    None => vec![String::new(); all.len()],
                },
            );
        let mut reasons = self.by_strategy(entry, "reasons", &names, &strategies, reasons::reason);
        reasons.retain(|_| has_reason);
        Slot {
            name: self.name(entry),
            place: self.place(entry),
            titles,
            reasons,
            strategies,
            min,
            max,
            template,
            text: self.text(entry.local("text")),
        }
    }

    /// A text for each of a slot's strategies; `default` gives those that site.toml does not.
    fn by_strategy(
        &mut self,
        entry: &Entry<'_>,
        key: &str,
        names: &[At<String>],
        strategies: &[Strategy],
        default: impl Fn(Strategy, &[Locale]) -> LocalText,
    ) -> Vec<LocalText> {
        let mut own = BTreeMap::new();
        for (name, text) in entry.locals(key) {
            let is_known = keys::strategies().contains(&name.value.as_str());
            if is_known && !names.iter().any(|used| used.value == name.value) {
                let message = "a text for a strategy that this slot does not use";
                self.fail(Code::TitleOfOther, name.span, message, "take it out");
            }
            let text = self.text(Some(text));
            own.insert(name.value, text);
        }
        let locales = &self.draft.site.locales;
        let of = |strategy: &Strategy| match own.get(strategy.name()) {
            Some(text) => text.clone(),
            None => default(*strategy, locales),
        };
        strategies.iter().map(of).collect()
    }

    fn limits(&mut self, entry: &Entry<'_>) -> (u8, u8) {
        let least = entry.count("min").unwrap_or(DEFAULT_MIN_ITEMS);
        let most = entry.count("max").unwrap_or(DEFAULT_MAX_ITEMS.max(least));
        if least > most {
            let message = format!("expected 1 <= min <= max, found min {least}, max {most}");
            self.fail(Code::MinMax, entry.span_of("min"), &message, "");
        }
        (least, most)
    }

    fn place(&mut self, entry: &Entry<'_>) -> Place {
        let selector = entry.text("selector");
        if let Some(selector) = &selector {
            self.selector(&selector.value, selector.span.clone());
        }
        Place {
            pages: self.pages(entry),
            selector: selector.map(|text| text.value).unwrap_or_default(),
            nth: entry.count("nth").unwrap_or(1),
            position: entry.word("position", &POSITIONS).unwrap_or_default(),
            terms: self.terms(entry, true),
            inside_hydrated_root: entry.flag("inside_hydrated_root").unwrap_or_default(),
        }
    }

    fn template(&mut self, entry: &Entry<'_>) -> u16 {
        let Some(name) = entry.text("template") else {
            return 0;
        };
        let find = |site: &Site| site.templates.iter().position(|t| t.name == name.value);
        let at = find(&self.draft.site).or_else(|| self.built_in(&name.value));
        let place = entry
            .text("name")
            .filter(|name| name.value.contains(char::is_whitespace));
        if let Some(place) = place.filter(|_| built_in::NAMES.contains(&name.value.as_str())) {
            let message = format!("{:?} has white space in its name", place.value);
            let help = "Tailorbird's own templates make it part of an element's id; write for-you";
            self.fail(Code::SpacedName, place.span, &message, help);
        }
        // Of one that is there but cannot be read, enough has been said.
        if at.is_none() && !self.broken_templates.contains(&name.value) {
            let own = self.draft.site.templates.iter().map(|t| t.name.as_str());
            let all = own.chain(built_in::NAMES);
            let known: BTreeSet<&str> = all.collect();
            let help = did_you_mean(&name.value, &known.into_iter().collect::<Vec<_>>());
            let message = format!("there is no [[template]] called {:?}", name.value);
            self.fail(Code::UnknownTemplate, name.span, &message, &help);
        }
        at.and_then(|at| u16::try_from(at).ok()).unwrap_or(0)
    }

    /// Adds one of Tailorbird's own templates, and the style that they share; gives its index.
    fn built_in(&mut self, name: &str) -> Option<usize> {
        let style = match self.links_style {
            true => built_in::style(self.draft.site.picture),
            false => String::new(),
        };
        let template = built_in::template(name, &self.words, &style)?;
        self.uses_words = true;
        let site = &mut self.draft.site;
        site.style = style;
        site.templates.push(template);
        Some(site.templates.len() - 1)
    }
}
