//! The order of what is no product but what products have: categories, brands, colours, sizes, materials.

use std::sync::{Arc, OnceLock};

use xxhash_rust::xxh3::xxh3_64;

use super::MAX_SEEDS;
use crate::site::By;
use crate::snapshot::{Kind, QueryWeights, Snapshot};

/// The longest value that is looked up, in bytes.
pub const MAX_VALUE_BYTES: usize = 256;

/// The largest dictionary whose values are known: beyond it nothing moves.
pub const MAX_VALUES: usize = 1 << 16;

/// The most levels of a category that are told apart.
pub const MAX_LEVELS: usize = 12;

/// What the newest view gives each of its values in a [`ValueRanker`]; each one before it gives a share of that, as in
/// [`Query`](super::Query).
pub const NEWEST_VIEW: i64 = 1 << 20;

/// The snapshot's column of an attribute; `None` for products.
fn column(by: By) -> Option<Kind> {
    match by {
        By::Product => None,
        By::Category => Some(Kind::Category),
        By::Brand => Some(Kind::Brand),
        By::Color => Some(Kind::Color),
        By::Size => Some(Kind::Size),
        By::Material => Some(Kind::Material),
    }
}

/// The values that a snapshot knows, as hashes in ascending order: made when a page first needs them, so
/// that no tile's text is compared with a whole dictionary.
#[derive(Debug, Default)]
pub struct KnownValues {
    columns: [OnceLock<Arc<[u64]>>; 5],
}

impl KnownValues {
    /// Those of an attribute. Always of the same snapshot.
    fn of(&self, snapshot: &Snapshot, column: Kind) -> Option<Arc<[u64]>> {
        let kinds = [
            Kind::Category,
            Kind::Brand,
            Kind::Color,
            Kind::Size,
            Kind::Material,
        ];
        let at = kinds.iter().position(|kind| *kind == column)?;
        let known = self.columns.get(at)?;
        Some(Arc::clone(known.get_or_init(|| index(snapshot, column))))
    }
}

fn index(snapshot: &Snapshot, column: Kind) -> Arc<[u64]> {
    let mut known = Vec::new();
    if snapshot.code_count(column) <= MAX_VALUES {
        let mut name = String::new();
        let codes = 0..u32::try_from(snapshot.code_count(column)).unwrap_or(0);
        for text in codes.filter_map(|code| snapshot.code_text(column, code)) {
            keys(column, text, &mut name, &mut known);
        }
    }
    known.sort_unstable();
    known.dedup();
    known.into()
}

/// Gives each value its rank: how much of what the visitor looked at lately has it.
#[derive(Debug, Clone)]
pub struct ValueRanker {
    known: Arc<[u64]>,
    weights: Vec<(u64, i64)>,
}

impl ValueRanker {
    /// For a visitor who looked at `seen`, newest first. `None` when that says nothing of this attribute: then
    /// nothing moves.
    pub fn new(snapshot: &Snapshot, known: &KnownValues, by: By, seen: &[u32]) -> Option<Self> {
        let column = column(by)?;
        let decay = u64::from(snapshot.query_weights().decay);
        let mut seeds: Vec<u32> = Vec::with_capacity(MAX_SEEDS);
        let (mut view, mut weights) = (NEWEST_VIEW as u64, Vec::<(u64, i64)>::new());
        let (mut name, mut found) = (String::new(), Vec::new());
        for &seed in seen {
            if seeds.len() == MAX_SEEDS {
                break;
            }
            if seeds.contains(&seed) {
                continue;
            }
            seeds.push(seed);
            let code = snapshot.code(column, seed);
            if let Some(text) = code.and_then(|code| snapshot.code_text(column, code)) {
                found.clear();
                keys(column, text, &mut name, &mut found);
                // A category of one level is that level and the whole path.
                crate::sort::dedup(&mut found);
                let weight = i64::try_from(view).unwrap_or(0);
                for key in &found {
                    match weights.iter_mut().find(|(known, _)| known == key) {
                        Some((_, sum)) => *sum += weight,
                        None => weights.push((*key, weight)),
                    }
                }
            }
            view = view * decay / u64::from(QueryWeights::ONE);
        }
        if weights.is_empty() {
            return None;
        }
        let known = known.of(snapshot, column)?;
        (!known.is_empty()).then_some(Self { known, weights })
    }

    /// The hash by which a value is known; `None` when the shop has no such value. Upper and lower case,
    /// white space and a number behind it (`Mugs (12)`) do not matter.
    pub fn value(&self, text: &str) -> Option<u64> {
        if text.len() > MAX_VALUE_BYTES {
            return None;
        }
        let mut name = String::with_capacity(text.len());
        normalise(text, &mut name);
        let known = |name: &str| {
            let key = xxh3_64(name.as_bytes());
            self.known.binary_search(&key).is_ok().then_some(key)
        };
        known(&name).or_else(|| known(without_count(&name)?))
    }

    /// The first of `texts` that is a value; all of them together are tried first.
    pub fn first_value(&self, texts: &[String]) -> Option<u64> {
        let whole = (texts.len() > 1).then(|| texts.join(" "));
        let mut all = whole.iter().chain(texts);
        all.find_map(|text| self.value(text))
    }

    /// The values of what was looked at, each once with its rank: for people. Of a category, the paths to its
    /// levels.
    pub(crate) fn values<'a>(
        &self,
        snapshot: &'a Snapshot,
        by: By,
        seen: &[u32],
    ) -> Vec<(&'a str, i64)> {
        let Some(column) = column(by) else {
            return Vec::new();
        };
        let mut found: Vec<(&str, i64)> = Vec::new();
        for text in seen.iter().filter_map(|&item| {
            let code = snapshot.code(column, item)?;
            snapshot.code_text(column, code)
        }) {
            let levels = text.match_indices(" > ").filter(|_| by == By::Category);
            let levels = levels.filter_map(|(end, _)| text.get(..end));
            for value in levels.chain([text]) {
                let rank = self.value(value).map(|key| self.rank(key));
                let is_new = found.iter().all(|(known, _)| *known != value);
                if let Some(rank) = rank.filter(|rank| *rank > 0 && is_new) {
                    found.push((value, rank));
                }
            }
        }
        found
    }

    /// The rank of a value, higher first; 0 for one that the visitor has nothing to do with.
    pub fn rank(&self, value: u64) -> i64 {
        let weight = self.weights.iter().find(|(known, _)| *known == value);
        weight.map_or(0, |(_, weight)| *weight)
    }
}

/// The keys under which a value of the dictionary is known: a category's levels and the paths to them, else
/// the value itself. `name` is only there to be used again.
fn keys(column: Kind, text: &str, name: &mut String, keys: &mut Vec<u64>) {
    normalise(text, name);
    if name.is_empty() {
        return;
    }
    if column != Kind::Category {
        return keys.push(xxh3_64(name.as_bytes()));
    }
    let mut end = 0;
    for level in name.split('>').take(MAX_LEVELS) {
        end += level.len();
        let path = name.get(..end).unwrap_or_default();
        keys.extend([level, path].map(|key| xxh3_64(key.as_bytes())));
        end += 1;
    }
}

/// In lower case, white space as one space and none at the ends and around `>`, without what is not seen.
fn normalise(text: &str, name: &mut String) {
    name.clear();
    let mut space = false;
    for c in text.chars() {
        if c.is_whitespace() {
            space = true;
        } else if !matches!(c, '\u{ad}' | '\u{200b}' | '\u{feff}') {
            if space && c != '>' && !name.is_empty() && !name.ends_with('>') {
                name.push(' ');
            }
            space = false;
            match c.is_ascii() {
                true => name.push(c.to_ascii_lowercase()),
                false => name.extend(c.to_lowercase()),
            }
        }
    }
}

/// What stands before a number of products: `mugs (1,234)`, `mugs [12]`, `mugs 12`.
fn without_count(name: &str) -> Option<&str> {
    let is_number = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '\'' | ' ');
    let bare = name.strip_suffix([')', ']']).unwrap_or(name);
    let rest = bare.trim_end_matches(is_number);
    let has_digit = bare
        .get(rest.len()..)?
        .contains(|c: char| c.is_ascii_digit());
    let rest = match bare.len() < name.len() {
        true => rest.strip_suffix(['(', '[']),
        // Without brackets it must stand apart: "shirt2" is a name.
        false => bare.get(rest.len()..)?.starts_with(' ').then_some(rest),
    };
    rest.map(str::trim_end)
        .filter(|rest| has_digit && !rest.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_to_write_a_value() {
        let mut name = String::new();
        for (text, expected) in [
            ("  Mugs\u{a0}\n &  CUPS ", "mugs & cups"),
            ("Kitchen  >  Mugs", "kitchen>mugs"),
            ("KÜCHE>Becher", "küche>becher"),
            ("Ta\u{ad}sse\u{200b}", "tasse"),
            ("", ""),
        ] {
            normalise(text, &mut name);
            assert_eq!(name, expected);
        }
    }

    #[test]
    fn numbers_behind_a_value() {
        for (name, expected) in [
            ("mugs (12)", Some("mugs")),
            ("mugs(1,234)", Some("mugs")),
            ("mugs [ 1.234 ]", Some("mugs")),
            ("mugs 12", Some("mugs")),
            ("size 9 (3)", Some("size 9")),
            ("mugs", None),
            ("mugs()", None),
            ("mugs (new)", None),
            ("shirt2", None),
            ("(12)", None),
            ("12", None),
            ("", None),
        ] {
            assert_eq!(without_count(name), expected, "{name}");
        }
    }

    #[test]
    fn a_category_is_known_by_its_levels_and_their_paths() {
        let (mut name, mut found) = (String::new(), Vec::new());
        keys(
            Kind::Category,
            "Home > Kitchen > Mugs",
            &mut name,
            &mut found,
        );
        let hash = |text: &str| xxh3_64(text.as_bytes());
        for key in [
            "home",
            "kitchen",
            "mugs",
            "home>kitchen",
            "home>kitchen>mugs",
        ] {
            assert!(found.contains(&hash(key)), "{key}");
        }
        assert!(!found.contains(&hash("kitchen>mugs")));
        found.clear();
        let deep = vec!["x"; MAX_LEVELS + 3].join(" > ");
        keys(Kind::Category, &deep, &mut name, &mut found);
        assert_eq!(found.len(), 2 * MAX_LEVELS);
        found.clear();
        keys(Kind::Brand, "a > b", &mut name, &mut found);
        assert_eq!(found, [hash("a>b")]);
    }
}
