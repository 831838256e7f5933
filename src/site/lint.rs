//! What a site.toml says that is likely not meant: rules that can do nothing, or contradict each other.

use std::ops::Range;

use super::codes::Code;
use super::draft::{Draft, Mark};
use super::error::{Finding, Findings};
use super::{Audience, Banner, By, ConsentRule, PageRule, Position, Site, Strategy, Terms};
use crate::visitor::is_grant;

/// A place is long over when it ended so many seconds ago: 30 days.
pub const LONG_AGO: i64 = 30 * 86_400;

impl Draft {
    /// Likely mistakes, in file order, at a time in seconds since 1970. A file with errors has none yet.
    pub fn warnings(&self, now: i64) -> Vec<Finding> {
        let mut findings = Findings::default();
        if let Some(site) = self.site() {
            if let Some(mark) = &self.consent_mark {
                nobody_consents(&site.consent, mark, &mut findings);
            }
            shadowed_pages(site, &self.page_marks, &mut findings);
            for place in self.places() {
                terms(&place, now, &mut findings);
                broad_selector(&place, &mut findings);
            }
            for (banner, mark) in site.banners.iter().zip(&self.place_marks) {
                loose_link(banner, mark, &mut findings);
            }
            for (slot, mark) in site.slots.iter().zip(self.slot_marks()) {
                unreachable(&slot.name, &slot.strategies, mark, &mut findings);
            }
            if self.consent_mark.is_none() {
                self.needs_history(site, &mut findings);
            }
            self.same_places(site, now, &mut findings);
            self.rule_warnings(site, now, &mut findings);
        }
        findings.into_sorted()
    }

    /// What only known views could bring on, in a shop that asks nobody.
    fn needs_history(&self, site: &Site, findings: &mut Findings) {
        for place in self.places() {
            let slot = site.slots.iter().find(|slot| slot.name == place.name);
            let by_history = |strategy: &Strategy| strategy.is_by_history();
            let list = site.lists.iter().find(|list| list.name == place.name);
            let (key, what) = match place.filling {
                Filling::Banner(_, Audience::Returning) => {
                    ("audience", "an audience of returning visitors")
                }
                _ if slot.is_some_and(|slot| slot.strategies.iter().all(by_history)) => {
                    ("strategies", "strategies that all need known views")
                }
                _ if list.is_some_and(|list| list.by != By::Product) => {
                    ("by", "an order by what was looked at")
                }
                _ if (1..100).contains(&place.terms.percentage) => {
                    ("percentage", "a share of visitors with known views")
                }
                _ => continue,
            };
            let name = place.name;
            let message = format!("{name:?} is never on: it has {what}, and nobody can consent");
            let help = "add [consent] with the shop's consent cookie";
            findings.add(Code::NeverOn, place.mark.of(key), message, help);
        }
    }

    fn slot_marks(&self) -> &[Mark] {
        let first = self.site.banners.len();
        let marks = self.place_marks.get(first..);
        marks.unwrap_or_default()
    }

    /// All places, in the order of their marks.
    pub(super) fn places(&self) -> impl Iterator<Item = PlaceView<'_>> {
        places(&self.site)
            .zip(&self.place_marks)
            .map(|(place, mark)| PlaceView { mark, ..place })
    }

    fn same_places(&self, site: &Site, now: i64, findings: &mut Findings) {
        let places: Vec<PlaceView<'_>> =
            self.places().filter(|place| place.terms.enabled).collect();
        for (at, later) in places.iter().enumerate() {
            let before = places.get(..at).unwrap_or_default();
            let Some((earlier, kind)) = before.iter().find_map(|earlier| {
                let kind = earlier
                    .pages
                    .iter()
                    .find(|kind| later.pages.contains(kind))?;
                let at_one = earlier.selector == later.selector && earlier.nth == later.nth;
                (at_one && earlier.disputes(later)).then_some((earlier, kind))
            }) else {
                continue;
            };
            let is_over = |place: &PlaceView<'_>| place.terms.until.is_some_and(|end| end <= now);
            if is_over(earlier) || is_over(later) || !site.pages.iter().any(|p| p.kind == *kind) {
                continue;
            }
            let message = format!(
                "{:?} and {:?} want the same element of pages of kind {kind:?}",
                earlier.name, later.name
            );
            let help = match later.filling {
                Filling::List(_) => "the first list takes the tiles; take one of them out",
                Filling::Banner(..) => {
                    "visitors would get both, one beside the other; give them audiences or dates of \
                     their own, or nth"
                }
                Filling::Slot(_) => {
                    "only the last one would stay; insert before or after, or take one out"
                }
                Filling::Json(_) => "the first list takes the array; take one of them out",
            };
            let key = match later.filling {
                Filling::Json(_) => "json",
                _ => "selector",
            };
            findings.add(Code::SamePlace, later.mark.of(key), message, help);
        }
    }
}

static NOWHERE: Mark = Mark::NOWHERE;

/// All places of a site, without their marks.
pub(super) fn places(site: &Site) -> impl Iterator<Item = PlaceView<'_>> {
    let banners = site.banners.iter().map(|banner| PlaceView {
        name: &banner.name,
        pages: &banner.place.pages,
        selector: &banner.place.selector,
        nth: banner.place.nth,
        terms: &banner.place.terms,
        inside_hydrated_root: banner.place.inside_hydrated_root,
        filling: Filling::Banner(banner.place.position, banner.audience),
        mark: &NOWHERE,
    });
    let slots = site.slots.iter().map(|slot| PlaceView {
        name: &slot.name,
        pages: &slot.place.pages,
        selector: &slot.place.selector,
        nth: slot.place.nth,
        terms: &slot.place.terms,
        inside_hydrated_root: slot.place.inside_hydrated_root,
        filling: Filling::Slot(slot.place.position),
        mark: &NOWHERE,
    });
    let lists = site.lists.iter().map(|list| PlaceView {
        name: &list.name,
        pages: &list.pages,
        selector: list.json.as_ref().unwrap_or(&list.selector),
        nth: 1,
        terms: &list.terms,
        filling: match list.json {
            Some(_) => Filling::Json(list.link.as_ref().unwrap_or(&list.item)),
            None => Filling::List(&list.tile),
        },
        inside_hydrated_root: list.inside_hydrated_root,
        mark: &NOWHERE,
    });
    banners.chain(slots).chain(lists)
}

/// What all places have in common.
#[derive(Clone, Copy)]
pub(super) struct PlaceView<'d> {
    pub(super) name: &'d str,
    pub(super) pages: &'d [String],
    /// A selector; of a list in JSON, the pointer to its array.
    pub(super) selector: &'d str,
    pub(super) nth: u16,
    pub(super) terms: &'d Terms,
    pub(super) inside_hydrated_root: bool,
    pub(super) filling: Filling<'d>,
    pub(super) mark: &'d Mark,
}

/// And what they have not.
#[derive(Clone, Copy)]
pub(super) enum Filling<'d> {
    Banner(Position, Audience),
    Slot(Position),
    /// With the tiles' selector.
    List(&'d str),
    /// With the pointer to what an element's product, or its value, is told by.
    Json(&'d str),
}

impl PlaceView<'_> {
    /// Whether two places at one element are likely a mistake. Slots one after the other are not: later in
    /// the file is later in the page.
    fn disputes(&self, later: &Self) -> bool {
        let starts = |place: &Self| place.terms.from.unwrap_or(i64::MIN);
        let ends = |place: &Self| place.terms.until.unwrap_or(i64::MAX);
        let at_one_time = starts(self) < ends(later) && starts(later) < ends(self);
        // Conditions of their own tell visitors apart, as far as can be told here.
        let (one, other) = (&self.terms.when, &later.terms.when);
        let is_told_apart = !one.steps.is_empty() && !other.steps.is_empty() && one != other;
        at_one_time
            && !is_told_apart
            && match (self.filling, later.filling) {
                (Filling::List(_), Filling::List(_)) | (Filling::Json(_), Filling::Json(_)) => true,
                (Filling::Banner(position, one), Filling::Banner(other_position, other)) => {
                    let everyone = Audience::Everyone;
                    let share = one == other || one == everyone || other == everyone;
                    position == other_position && share
                }
                (Filling::Slot(one) | Filling::Banner(one, _), Filling::Slot(other))
                | (Filling::Slot(one), Filling::Banner(other, _)) => {
                    one == Position::Replace && other == Position::Replace
                }
                _ => false,
            }
    }
}

pub(super) fn terms(place: &PlaceView<'_>, now: i64, findings: &mut Findings) {
    let PlaceView {
        name, terms, mark, ..
    } = place;
    if let (Some(from), Some(until)) = (terms.from, terms.until)
        && from >= until
    {
        let message = format!("{name:?} is never on: it ends before it starts");
        let help = "until must be later than from";
        findings.add(Code::NeverOn, mark.of("until"), message, help);
    } else if let Some(until) = terms.until
        && until.saturating_add(LONG_AGO) <= now
    {
        let days = (now - until) / 86_400;
        let message = format!("{name:?} ended {days} days ago");
        findings.add(Code::LongOver, mark.of("until"), message, "take it out");
    }
    if terms.percentage == 0 {
        let message = format!("{name:?} is never on: it is for 0 of a hundred visitors");
        let help = "to switch it off, write enabled = false";
        findings.add(Code::NeverOn, mark.of("percentage"), message, help);
    }
}

/// A browser reads such a link beside the page that it stands on.
fn loose_link(banner: &Banner, mark: &Mark, findings: &mut Findings) {
    let is_loose = |link: &&String| {
        let has_scheme = link
            .split('/')
            .next()
            .is_some_and(|part| part.contains(':'));
        !link.is_empty() && !link.starts_with(['/', '#', '?']) && !has_scheme
    };
    let Some(link) = banner.link.iter().find(is_loose) else {
        return;
    };
    let message = format!("{link:?} leads elsewhere from each page that it stands on");
    let help = format!("begin it with a slash: /{link}");
    findings.add(Code::LooseLink, mark.of("link"), message, &help);
}

/// Attributes are only looked at where the tag's name fits; of a selector without one, that is everywhere.
fn broad_selector(place: &PlaceView<'_>, findings: &mut Findings) {
    if matches!(place.filling, Filling::Json(_)) {
        return;
    }
    let mut parts = place
        .selector
        .split(|c: char| c.is_whitespace() || c == '>')
        .filter(|part| !part.is_empty())
        // Everything is in there.
        .skip_while(|part| matches!(*part, "html" | "body"));
    let Some(first) = parts.next() else { return };
    if first.starts_with(|c: char| c.is_alphabetic()) {
        return;
    }
    let message = format!("{first:?} has no tag's name: the attributes of every tag are read");
    let name = first.trim_start_matches('*');
    let help = format!("name the tag: div{name}, for instance");
    findings.add(
        Code::BroadSelector,
        place.mark.of("selector"),
        message,
        &help,
    );
}

fn unreachable(name: &str, strategies: &[Strategy], mark: &Mark, findings: &mut Findings) {
    for (at, strategy) in strategies.iter().enumerate() {
        let before = strategies.get(..at).unwrap_or_default();
        let always = before.iter().find(|before| before.always_has_items());
        if always.is_none() && !before.contains(strategy) {
            continue;
        }
        let strategy = strategy.name();
        let message = format!("{name:?} never asks its strategy {} ({strategy})", at + 1);
        let help = match always {
            Some(always) => format!("{} before it always has items", always.name()),
            None => "it was asked before, and will have as few items again".to_owned(),
        };
        findings.add(
            Code::UnreachableStrategy,
            mark.of("strategies"),
            message,
            &help,
        );
    }
}

fn shadowed_pages(site: &Site, marks: &[Mark], findings: &mut Findings) {
    for (at, (page, mark)) in site.pages.iter().zip(marks).enumerate() {
        let before = site.pages.get(..at).unwrap_or_default();
        if let Some(earlier) = before.iter().find(|earlier| covers(earlier, page)) {
            let message = format!(
                "the [[page]] of kind {:?} is never reached: that of kind {:?} matches all of it",
                page.kind, earlier.kind
            );
            let help = "the first rule that matches names the page: put the narrower one first";
            findings.add(Code::ShadowedPage, span_of_page(mark), message, help);
        }
    }
}

/// Whether what is asked for can be said at all.
fn nobody_consents(rule: &ConsentRule, mark: &Mark, findings: &mut Findings) {
    let has_word = !rule.cookie.is_empty() || !rule.grants.is_empty();
    let asks_others = !rule.tcf.cookie.is_empty() || !rule.google.cookie.is_empty();
    let (key, help) = if rule.cookie.is_empty() && (has_word || !asks_others) {
        ("cookie", "name the shop's own consent cookie")
    } else if has_word && rule.grants.is_empty() {
        (
            "grants",
            "name the word in the cookie's value that means yes",
        )
    } else if has_word && !is_grant(&rule.grants) {
        (
            "grants",
            "expected one word of letters, digits, _ and -, or two with a colon between: C0003:1",
        )
    } else if !rule.tcf.cookie.is_empty() && rule.tcf.purposes.is_empty() {
        (
            "tcf_purposes",
            "name the purposes that must be consented to",
        )
    } else if !rule.google.cookie.is_empty() && rule.google.requires.is_empty() {
        ("google", "name the types that must be granted")
    } else {
        return;
    };
    let message = "nobody can consent, so nothing is ever remembered".to_owned();
    findings.add(Code::NobodyConsents, mark.of(key), message, help);
}

fn span_of_page(mark: &Mark) -> Range<usize> {
    mark.of("kind")
}

/// Whether all that `later` matches is matched by `earlier`.
fn covers(earlier: &PageRule, later: &PageRule) -> bool {
    if earlier.product_link && !later.product_link {
        return false;
    }
    // A text that no pattern spells out can only be matched by a star, so a few of them stand for all.
    const TEXTS: [(&str, &str); 3] = [("\u{1}", "\u{1}/\u{1}"), ("", ""), ("\u{1}\u{2}", "\u{2}")];
    let covered = |pattern: &str| {
        TEXTS.iter().all(|(segment, anything)| {
            let path = pattern
                .replace("**", "\u{3}")
                .replace('*', segment)
                .replace('\u{3}', anything);
            earlier.paths.iter().any(|earlier| earlier.matches(&path))
        })
    };
    earlier.paths.is_empty()
        || !later.paths.is_empty() && later.paths.iter().all(|path| covered(path.as_str()))
}
