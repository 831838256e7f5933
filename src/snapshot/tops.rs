//! Writing lists of best items: of each category, of each brand, and of what trends.

use std::collections::{BTreeMap, BTreeSet};

use super::ItemRecord;
use super::write::CATEGORY_SEPARATOR;

/// The best `most` orderable items of each category and of those below it. `ranked` is best first;
/// `categories` is the dictionary.
pub(super) fn by_category(
    items: &[ItemRecord],
    ranked: &[u32],
    categories: &BTreeSet<&str>,
    most: usize,
) -> Vec<u8> {
    by_key(items, ranked, categories, most, |item| {
        std::iter::successors(Some(item.category.as_str()), |category| {
            let (parent, _) = category.rsplit_once(CATEGORY_SEPARATOR)?;
            Some(parent)
        })
    })
}

/// The best `most` orderable items of each brand; none for what has no brand.
pub(super) fn by_brand(items: &[ItemRecord], ranked: &[u32], most: usize) -> Vec<u8> {
    let brands: BTreeSet<&str> = items.iter().map(|item| item.brand.as_str()).collect();
    by_key(items, ranked, &brands, most, |item| {
        Some(item.brand.as_str()).filter(|brand| !brand.is_empty())
    })
}

/// (k+1) × u32 offsets in items, then the items: k lists in the order of the keys.
fn by_key<'a, K: IntoIterator<Item = &'a str>>(
    items: &'a [ItemRecord],
    ranked: &[u32],
    keys: &BTreeSet<&'a str>,
    most: usize,
    keys_of: impl Fn(&'a ItemRecord) -> K,
) -> Vec<u8> {
    let mut tops: BTreeMap<&str, Vec<u32>> = keys.iter().map(|key| (*key, Vec::new())).collect();
    for &index in ranked {
        let Some(item) = items.get(index as usize) else {
            continue;
        };
        if !item.availability.is_orderable() {
            continue;
        }
        for key in keys_of(item) {
            if let Some(list) = tops.get_mut(key)
                && list.len() < most
            {
                list.push(index);
            }
        }
    }
    let mut end = 0u32;
    let mut bytes = end.to_le_bytes().to_vec();
    for list in tops.values() {
        end += list.len() as u32;
        bytes.extend(end.to_le_bytes());
    }
    let listed = tops.values().flatten();
    bytes.extend(listed.flat_map(|item| item.to_le_bytes()));
    bytes
}

/// What trends and can be ordered, best first; of equals the more popular one first.
pub(super) fn trending(items: &[ItemRecord], scores: &[f32]) -> Vec<u32> {
    let trends = (0u32..)
        .zip(items.iter().zip(scores))
        .filter(|(_, (item, score))| **score > 0.0 && item.availability.is_orderable());
    let mut ranked: Vec<(u32, f32)> = trends.map(|(index, (_, score))| (index, *score)).collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    ranked.into_iter().map(|(index, _)| index).collect()
}
