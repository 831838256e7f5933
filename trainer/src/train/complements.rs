//! Which categories go together.
//!
//! ```text
//! s(a, c) = n(a, c) / n(a) · ln(1 + lift),  lift = n(a, c) · N / (n(a) · n(c))
//! ```
//!
//! n counts baskets with both; `a` is a category of any level with all below it, `c` the category of a
//! product outside of it. What is in every basket has a large first factor and a small second one; what
//! was bought together once, the other way round; `LEAST_PAIRS` keeps chance out. Where a category has
//! few baskets, what is looked at in one session stands in: both lists in shares of their strongest, the
//! baskets' by n / (n + [`ENOUGH_BASKETS`]), the sessions' by the rest. What was measured:
//! `docs/models.md`.

use std::collections::{BTreeMap, BTreeSet};

use tailorbird::snapshot::{ItemRecord, MAX_COMPLEMENTS};

use crate::sessions::Sessions;

/// What was together in fewer baskets or sessions may be chance.
pub const LEAST_PAIRS: u32 = 3;
/// With so many baskets of a category they count as much as its sessions.
pub const ENOUGH_BASKETS: f64 = 50.0;
/// Of a basket or session with more categories the first ones count: pairs cost time in proportion.
const MAX_CATEGORIES: usize = 24;

const SEPARATOR: &str = " > ";

/// For each category, of any level, those that go with it, strongest (1) first.
pub fn complements(
    items: &[&ItemRecord],
    baskets: &Sessions,
    sessions: &Sessions,
) -> BTreeMap<String, Vec<(String, f32)>> {
    let categories = Categories::of(items);
    let (bought, viewed) = (
        Pairs::of(&categories, baskets),
        Pairs::of(&categories, sessions),
    );
    let mut all = BTreeMap::new();
    for (category, name) in (0u32..).zip(&categories.names) {
        let (from_baskets, from_sessions) = (bought.scores(category), viewed.scores(category));
        let seen = f64::from(bought.count(category));
        let share = match from_sessions.is_empty() {
            true => 1.0,
            false => seen / (seen + ENOUGH_BASKETS),
        };
        let mut scores: BTreeMap<u32, f64> = BTreeMap::new();
        for (list, share) in [(from_baskets, share), (from_sessions, 1.0 - share)] {
            let strongest = list.iter().map(|of| of.1).fold(0.0, f64::max);
            for (other, score) in list {
                *scores.entry(other).or_default() += share * score / strongest;
            }
        }
        let mut ranked: Vec<(u32, f64)> = scores.into_iter().filter(|of| of.1 > 0.0).collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        ranked.truncate(MAX_COMPLEMENTS);
        let Some(&(_, strongest)) = ranked.first() else {
            continue;
        };
        let named = ranked.into_iter().filter_map(|(other, score)| {
            let name = categories.names.get(other as usize)?;
            Some(((*name).to_owned(), (score / strongest) as f32))
        });
        all.insert((*name).to_owned(), named.collect());
    }
    all
}

/// All categories, of every level, by number.
struct Categories<'a> {
    names: Vec<&'a str>,
    /// For each item its category; `None` without one.
    of_item: Vec<Option<u32>>,
    /// For each category itself and those above it.
    levels: Vec<Vec<u32>>,
}

impl<'a> Categories<'a> {
    fn of(items: &[&'a ItemRecord]) -> Self {
        let levels = |category: &'a str| {
            std::iter::successors(Some(category).filter(|c| !c.is_empty()), |category| {
                category.rsplit_once(SEPARATOR).map(|(above, _)| above)
            })
        };
        let names: BTreeSet<&str> = items.iter().flat_map(|i| levels(&i.category)).collect();
        let names: Vec<&str> = names.into_iter().collect();
        let number = |name: &str| names.binary_search(&name).ok().map(|at| at as u32);
        let all_levels = |name: &&'a str| levels(name).filter_map(number).collect();
        Self {
            of_item: items.iter().map(|i| number(&i.category)).collect(),
            levels: names.iter().map(all_levels).collect(),
            names,
        }
    }

    fn levels(&self, category: u32) -> &[u32] {
        self.levels
            .get(category as usize)
            .map_or(&[], Vec::as_slice)
    }
}

/// How often categories are together.
struct Pairs {
    units: u32,
    counts: Vec<u32>,
    together: BTreeMap<(u32, u32), u32>,
}

impl Pairs {
    fn of(categories: &Categories<'_>, units: &Sessions) -> Self {
        let mut pairs = Self {
            units: 0,
            counts: vec![0; categories.names.len()],
            together: BTreeMap::new(),
        };
        for unit in units.iter() {
            let mut leaves: Vec<u32> = Vec::new();
            for &item in unit.steps {
                let category = categories.of_item.get(item as usize).copied().flatten();
                if let Some(category) = category
                    && leaves.len() < MAX_CATEGORIES
                    && !leaves.contains(&category)
                {
                    leaves.push(category);
                }
            }
            if leaves.is_empty() {
                continue;
            }
            pairs.units += 1;
            let levels = leaves.iter().flat_map(|&leaf| categories.levels(leaf));
            let levels: BTreeSet<u32> = levels.copied().collect();
            for &level in &levels {
                if let Some(count) = pairs.counts.get_mut(level as usize) {
                    *count += 1;
                }
                let outside = |leaf: &&u32| !categories.levels(**leaf).contains(&level);
                for &other in leaves.iter().filter(outside) {
                    *pairs.together.entry((level, other)).or_default() += 1;
                }
            }
        }
        pairs
    }

    fn count(&self, category: u32) -> u32 {
        self.counts.get(category as usize).copied().unwrap_or(0)
    }

    fn scores(&self, category: u32) -> Vec<(u32, f64)> {
        let own = f64::from(self.count(category));
        let row = self.together.range((category, 0)..=(category, u32::MAX));
        let score = |(&(_, other), &together): (&(u32, u32), &u32)| {
            let (both, others) = (f64::from(together), f64::from(self.count(other)));
            let lift = both * f64::from(self.units) / (own * others);
            (together >= LEAST_PAIRS).then(|| (other, both / own * libm::log1p(lift)))
        };
        row.filter_map(score).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(categories: &[&str]) -> Vec<ItemRecord> {
        let item = |category: &&str| ItemRecord {
            category: (*category).to_owned(),
            ..ItemRecord::default()
        };
        categories.iter().map(item).collect()
    }

    fn units(of: &[(&[u32], usize)]) -> Sessions {
        let mut all = Sessions::default();
        for (steps, times) in of {
            (0..*times).for_each(|_| all.push(0, steps));
        }
        all
    }

    fn names(all: &BTreeMap<String, Vec<(String, f32)>>, of: &str) -> Vec<String> {
        let list = all.get(of).into_iter().flatten();
        list.map(|(name, _)| name.clone()).collect()
    }

    #[test]
    fn what_is_bought_together_goes_together() {
        let items = items(&[
            "Home > Lamps",
            "Home > Bulbs",
            "Bags",
            "Gifts",
            "",
            "Home > Lamps",
        ]);
        let items: Vec<&ItemRecord> = items.iter().collect();
        // Lamps go with bulbs; the bag goes with everything and gifts were with lamps by chance.
        let baskets = units(&[
            (&[0, 1], 30),
            (&[0, 2], 10),
            (&[1, 2], 10),
            (&[3, 2], 20),
            (&[0, 5, 3], 2),
            (&[4, 4], 9),
            (&[2], 9),
        ]);
        let all = complements(&items, &baskets, &Sessions::default());
        assert_eq!(names(&all, "Home > Lamps"), ["Home > Bulbs", "Bags"]);
        assert_eq!(all["Home > Lamps"][0].1, 1.0);
        assert_eq!(names(&all, "Home"), ["Bags"], "never what is below it");
        assert!(!all.contains_key(""));
    }

    #[test]
    fn views_stand_in_where_baskets_are_few() {
        let items = items(&["A", "B", "C"]);
        let items: Vec<&ItemRecord> = items.iter().collect();
        let views = units(&[(&[0, 2], 40), (&[1], 40), (&[0, 1], 4)]);
        let of = |baskets: usize| {
            let baskets = units(&[(&[0, 1], baskets), (&[2], baskets)]);
            names(&complements(&items, &baskets, &views), "A")
        };
        assert_eq!(of(0), ["C", "B"]);
        assert_eq!(of(10), ["C", "B"]);
        assert_eq!(of(500), ["B", "C"]);
        let none = complements(&items, &Sessions::default(), &Sessions::default());
        assert!(none.is_empty());
    }
}
