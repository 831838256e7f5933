//! What a view says about the next one's attributes.
//!
//! Over all views of something new, an attribute's hits are counted: which share of the up to
//! [`MAX_SEEDS`] different items viewed before have the same brand, the same colour … as the next one.
//! Beside them stands what chance would give: the same share for a next item drawn by popularity, of
//! those not viewed yet. The weight is the binary logarithm of the quotient, as
//! [`AttributeWeights`] says.

use std::collections::HashMap;

use tailorbird::recommend::MAX_SEEDS;
use tailorbird::snapshot::{AttributeWeights, ItemRecord, price_bands};

use crate::sessions::Sessions;

/// With fewer next views that have an attribute, as the ones before them do, its weight is 0.
pub const LEAST_CASES: u64 = 500;
/// What is added to both the hits and what chance would give: pulls towards "says nothing" while there
/// are few hits.
pub const PRIOR_HITS: f64 = 20.0;

/// No value.
pub(super) const NONE: u32 = u32::MAX;

/// The attributes of items, in the order of [`AttributeWeights`]' fields: a code for each value.
#[derive(Debug, Clone)]
pub struct Columns([Vec<u32>; 6]);

impl Columns {
    /// Those of `items`, in index order.
    pub fn of(items: &[&ItemRecord]) -> Self {
        let column = |pick: fn(&ItemRecord) -> &str| codes(items.iter().map(|item| pick(item)));
        let band = |band: u8| if band == 0 { NONE } else { u32::from(band) };
        Self([
            column(|item| &item.brand),
            column(|item| &item.category),
            column(|item| &item.color),
            column(|item| &item.size),
            column(|item| &item.material),
            price_bands(items).into_iter().map(band).collect(),
        ])
    }

    /// The columns that say something, each with its weight in octaves.
    pub(super) fn telling(&self, weights: AttributeWeights) -> Vec<(&[u32], f64)> {
        let fields = [
            weights.brand,
            weights.category,
            weights.color,
            weights.size,
            weights.material,
            weights.price,
        ];
        let octaves = |weight| f64::from(weight) / f64::from(AttributeWeights::OCTAVE);
        let columns = self.0.iter().zip(fields).filter(|(_, weight)| *weight > 0);
        columns
            .map(|(codes, weight)| (&codes[..], octaves(weight)))
            .collect()
    }
}

/// The weights of the attributes of items, as `sessions` bear them out.
pub fn affinities(columns: &Columns, sessions: &Sessions) -> AttributeWeights {
    let mut views = vec![0u32; columns.0[0].len()];
    for &item in sessions.iter().flat_map(|session| session.steps) {
        views[item as usize] += 1;
    }
    let [brand, category, color, size, material, price] = columns
        .0
        .each_ref()
        .map(|codes| weight(codes, &views, sessions));
    AttributeWeights {
        brand,
        category,
        color,
        size,
        material,
        price,
    }
}

fn codes<'a>(values: impl Iterator<Item = &'a str>) -> Vec<u32> {
    let mut codes = HashMap::new();
    values
        .map(|value| {
            let next = codes.len() as u32;
            match value {
                "" => NONE,
                value => *codes.entry(value).or_insert(next),
            }
        })
        .collect()
}

fn weight(codes: &[u32], views: &[u32], sessions: &Sessions) -> u32 {
    let known = |item: u32| Some(codes[item as usize]).filter(|&code| code != NONE);
    // How often each value, and any value, was looked at.
    let mut by_code: HashMap<u32, f64> = HashMap::new();
    let mut total = 0.0;
    for (item, &count) in (0..).zip(views) {
        if let Some(code) = known(item) {
            *by_code.entry(code).or_default() += f64::from(count);
            total += f64::from(count);
        }
    }
    let (mut hits, mut chance, mut cases) = (0.0, 0.0, 0);
    for session in sessions.iter() {
        // Viewed before, newest last.
        let mut before: Vec<u32> = Vec::with_capacity(MAX_SEEDS + 1);
        for &item in session.steps {
            if let Some(at) = before.iter().position(|&seen| seen == item) {
                before.remove(at);
                before.push(item);
                continue;
            }
            let seen: Vec<(u32, u32)> = before
                .iter()
                .filter_map(|&i| Some((i, known(i)?)))
                .collect();
            if let Some(code) = known(item).filter(|_| !seen.is_empty()) {
                let share = 1.0 / seen.len() as f64;
                let popularity = |item: u32| f64::from(views[item as usize]);
                let left = total - seen.iter().map(|s| popularity(s.0)).sum::<f64>();
                for &(_, other) in &seen {
                    let same = seen.iter().filter(|s| s.1 == other);
                    let same = by_code[&other] - same.map(|s| popularity(s.0)).sum::<f64>();
                    chance += share * same / left.max(1.0);
                    hits += if other == code { share } else { 0.0 };
                }
                cases += 1;
            }
            before.push(item);
            if before.len() > MAX_SEEDS {
                before.remove(0);
            }
        }
    }
    if cases < LEAST_CASES {
        return 0;
    }
    let octaves = libm::log2((hits + PRIOR_HITS) / (chance + PRIOR_HITS));
    // `as` saturates: less likely than by chance is 0.
    ((octaves * f64::from(AttributeWeights::OCTAVE)).round() as u32).min(AttributeWeights::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::EventName;
    use crate::interactions::{Interaction, Log, Owner};
    use crate::sessions::Rules;

    /// 40 items: brands and colours of ten each, cut across each other; sizes on four items.
    fn items() -> Vec<ItemRecord> {
        (0..40u32)
            .map(|item| ItemRecord {
                brand: format!("b{}", item / 10),
                color: format!("c{}", item % 4),
                size: if item < 4 { "M".into() } else { String::new() },
                ..ItemRecord::default()
            })
            .collect()
    }

    fn measured(sessions: u64, next: impl Fn(u32, u32) -> u32) -> AttributeWeights {
        let view = |session, at, item| Interaction {
            name: EventName::ViewItem,
            item,
            time: at,
            owner: Owner::Session(session),
        };
        let views: Vec<_> = (0..sessions)
            .flat_map(|session| {
                let noise = (session.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 33) as u32;
                let first = noise % 40;
                [
                    view(session, 0, first),
                    view(session, 1, next(first, noise / 40)),
                ]
            })
            .collect();
        let items = items();
        let items: Vec<&ItemRecord> = items.iter().collect();
        let sessions = Sessions::cut(&Log::of(&views), Rules::default()).expect("in memory");
        affinities(&Columns::of(&items), &sessions)
    }

    #[test]
    fn what_is_kept_to_is_told_from_what_is_not() {
        // The same brand each time, any colour.
        let weights = measured(4000, |first, noise| {
            first / 10 * 10 + (first + 1 + noise % 9) % 10
        });
        // A quarter by chance, less the item itself: two octaves and a little.
        let octaves = f64::from(weights.brand) / 65_536.0;
        assert!((1.9..2.3).contains(&octaves), "{weights:?}");
        assert!(weights.color < 20_000, "{weights:?}");
        assert_eq!((weights.size, weights.material, weights.price), (0, 0, 0));
    }

    #[test]
    fn with_little_to_learn_from_nothing_is_said() {
        let weights = measured(400, |first, _| first / 10 * 10 + (first + 1) % 10);
        assert_eq!(weights, AttributeWeights::default());
    }
}
