//! The facts of a site.toml, looked for in real pages.

use std::collections::BTreeSet;

use super::Fact;
use super::codes::Code;
use super::draft::Draft;
use super::error::{Finding, Findings};
use crate::page::facts::{MAX_HELD_HEAD_BYTES, which_stand_in};

impl Draft {
    /// Looks for facts that have to be read in pages: each page with its name, for messages, and its kind. A
    /// file with errors has no facts yet.
    pub fn check_facts(&self, pages: &[(&str, Option<&str>, &[u8])]) -> Vec<Finding> {
        let mut findings = Findings::default();
        let Some(site) = self.site() else {
            return Vec::new();
        };
        let (mut looked_for, mut found) = (BTreeSet::new(), BTreeSet::new());
        for (page, kind, html) in pages {
            let Some(kind) = kind else { continue };
            let is_here = |(_, fact): &(usize, &Fact)| {
                let is_of_kind = fact.pages.is_empty() || fact.pages.iter().any(|p| p == kind);
                is_of_kind && fact.source.is_on_page()
            };
            let facts: Vec<(usize, &Fact)> =
                site.facts.iter().enumerate().filter(is_here).collect();
            let [early, anywhere] = which_stand_in(&facts, html);
            for (at, fact) in facts {
                looked_for.insert(at);
                if early.contains(&at) || !anywhere.contains(&at) {
                    found.extend(early.contains(&at).then_some(at));
                    continue;
                }
                found.insert(at);
                let message = format!(
                    "the fact {:?} ({}) stands behind the first {} KiB of {page}: it is not seen there",
                    fact.name.name(),
                    fact.source,
                    MAX_HELD_HEAD_BYTES >> 10
                );
                let help = "name a place further up in the page: what is inserted depends on it and comes \
                            before its end";
                findings.add(Code::FactLate, self.fact_span(at), message, help);
            }
        }
        for at in looked_for.difference(&found) {
            let Some(fact) = site.facts.get(*at) else {
                continue;
            };
            let message = format!(
                "the fact {:?} ({}) stands in none of the pages of its kind",
                fact.name.name(),
                fact.source
            );
            let help = "look at the pages' markup as the server sends it; a page without the fact is held \
                        back for nothing";
            findings.add(Code::FactMissing, self.fact_span(*at), message, help);
        }
        findings.into_sorted()
    }

    fn fact_span(&self, at: usize) -> std::ops::Range<usize> {
        let keys = ["selector", "json_ld", "microdata"];
        let mark = self.fact_marks.get(at);
        let spans = keys.iter().filter_map(|key| mark?.has(key));
        spans.into_iter().next().unwrap_or(0..0)
    }
}
