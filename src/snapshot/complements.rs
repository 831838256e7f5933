//! Which categories go together: a lamp with a shade, shoes with socks.

use std::collections::{BTreeMap, BTreeSet};

use super::layout::{split_offsets, u32_at};
use super::write::Sections;
use super::{Kind, MAX_COMPLEMENTS, Snapshot, SnapshotSource};

/// What the strongest complement of a category weighs.
const ONE: f64 = 65_536.0;

/// Adds the lists that have anything in them. `categories` is the dictionary.
pub(super) fn add(source: &SnapshotSource, categories: &BTreeSet<&str>, sections: &mut Sections) {
    let codes: BTreeMap<&str, u32> = categories.iter().copied().zip(0..).collect();
    let mut end = 0u32;
    let mut offsets = end.to_le_bytes().to_vec();
    let mut entries = Vec::new();
    for category in categories {
        let list = source.complements.get(*category);
        let list = list.into_iter().flatten().filter_map(|(other, weight)| {
            let code = *codes.get(other.as_str()).filter(|_| other != category)?;
            Some((code, (f64::from(*weight) * ONE).round() as u32))
        });
        for (code, weight) in list.take(MAX_COMPLEMENTS) {
            entries.extend(code.to_le_bytes());
            entries.extend(weight.min(ONE as u32).to_le_bytes());
            end += 1;
        }
        offsets.extend(end.to_le_bytes());
    }
    if !entries.is_empty() {
        offsets.extend(entries);
        sections.insert((Kind::CategoryComplements, 0), offsets);
    }
}

impl Snapshot {
    /// The categories of what is bought or looked at with things of a category and those below it,
    /// strongest first, each with its weight in 1/65536 of the strongest. Never the category itself or
    /// one below it.
    pub fn complements_of(&self, category: u32) -> impl Iterator<Item = (u32, u32)> + '_ {
        let kind = Kind::CategoryComplements;
        let list = || {
            let lists = self.top_lists(kind);
            let (offsets, entries) = split_offsets(self.section(kind, 0)?, lists)?;
            let at = category as usize;
            let range =
                u32_at(offsets, at)? as usize..u32_at(offsets, at.checked_add(1)?)? as usize;
            (at < lists).then_some((entries, range))
        };
        let (entries, range) = list().unwrap_or((&[], 0..0));
        range.map_while(move |index| {
            let at = index.checked_mul(2)?;
            Some((u32_at(entries, at)?, u32_at(entries, at.checked_add(1)?)?))
        })
    }

    /// Whether a category's list has codes of categories alone.
    pub(super) fn are_complements_right(&self, category: u32) -> bool {
        let lists = self.top_lists(Kind::CategoryComplements);
        let mut list = self.complements_of(category);
        list.all(|(code, _)| (code as usize) < lists && code != category)
    }
}
