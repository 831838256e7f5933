//! What the feed says of each item, as numbers: words of the title, levels of the category, brand,
//! colour, material, size.

use std::collections::HashMap;

use tailorbird::snapshot::ItemRecord;

/// What a shared word counts; the unit.
pub const TITLE_WEIGHT: f64 = 1.0;
/// What each shared level of the category path counts. It says what a thing is; two red things are alike
/// in little else, two things of size M in nothing.
pub const CATEGORY_WEIGHT: f64 = 2.0;
/// What the same brand counts.
pub const BRAND_WEIGHT: f64 = 0.5;
/// What the same colour counts: little, for titles tend to name it, too.
pub const COLOR_WEIGHT: f64 = 0.25;
/// What the same material counts.
pub const MATERIAL_WEIGHT: f64 = 0.5;
/// What the same size counts.
pub const SIZE_WEIGHT: f64 = 0.2;

/// The most words of a title that count; the feed's limit on a title is of the same order.
pub const MAX_TITLE_WORDS: usize = 64;

/// What joins the levels of a category path.
const SEPARATOR: &str = " > ";

/// Numbers, the rarest feature first, for all that at least two items have and not all have.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Features {
    /// By feature: what two items that share it get for that, the square of its tf-idf weight.
    pub(super) gains: Vec<f64>,
    /// By item: the length of its vector; 0 when it has no features.
    pub(super) norms: Vec<f64>,
    of_items: Table,
    items_of: Table,
}

/// Lists of numbers, one behind the other.
#[derive(Debug, Default, PartialEq)]
struct Table {
    starts: Vec<usize>,
    numbers: Vec<u32>,
}

impl Table {
    fn row(&self, index: usize) -> &[u32] {
        &self.numbers[self.starts[index]..self.starts[index + 1]]
    }

    fn push(&mut self, row: impl IntoIterator<Item = u32>) {
        if self.starts.is_empty() {
            self.starts.push(0);
        }
        self.numbers.extend(row);
        self.starts.push(self.numbers.len());
    }
}

impl Features {
    pub(super) fn of(items: &[&ItemRecord]) -> Self {
        let mut names = Names::default();
        let mut named = Table::default();
        let mut row = Vec::new();
        for item in items {
            row.clear();
            names.read(item, &mut row);
            row.sort_unstable();
            row.dedup();
            named.push(row.iter().copied());
        }
        let mut counts = vec![0u32; names.weights.len()];
        named.numbers.iter().for_each(|&f| counts[f as usize] += 1);
        // What one item has alone joins it to nothing, and what all have tells none from another.
        let tells = |&feature: &u32| {
            let count = counts[feature as usize] as usize;
            count > 1 && count < items.len()
        };
        let mut kept: Vec<u32> = (0..counts.len() as u32).filter(tells).collect();
        kept.sort_by_key(|&feature| (counts[feature as usize], feature));
        let mut number_of = vec![u32::MAX; counts.len()];
        for (&feature, number) in kept.iter().zip(0..) {
            number_of[feature as usize] = number;
        }
        let gains: Vec<f64> = kept
            .iter()
            .map(|&feature| {
                let count = f64::from(counts[feature as usize]);
                let weight =
                    names.weights[feature as usize] * libm::log(items.len() as f64 / count);
                weight * weight
            })
            .collect();
        let mut features = Self {
            items_of: Table {
                starts: starts(
                    kept.iter()
                        .map(|&feature| counts[feature as usize] as usize),
                ),
                numbers: Vec::new(),
            },
            ..Self::default()
        };
        features.items_of.numbers = vec![0; features.items_of.starts[kept.len()]];
        let mut next = features.items_of.starts.clone();
        for item in 0..items.len() {
            let numbers = named.row(item).iter().map(|&f| number_of[f as usize]);
            row.clear();
            row.extend(numbers.filter(|&number| number != u32::MAX));
            row.sort_unstable();
            for &number in &row {
                let slot = &mut next[number as usize];
                features.items_of.numbers[*slot] = item as u32;
                *slot += 1;
            }
            let square: f64 = row.iter().map(|&number| gains[number as usize]).sum();
            features.norms.push(square.sqrt());
            features.of_items.push(row.iter().copied());
        }
        features.gains = gains;
        features
    }

    /// An item's features, the rarest first.
    pub(super) fn of_item(&self, item: u32) -> &[u32] {
        self.of_items.row(item as usize)
    }

    /// The items that have a feature, ascending.
    pub(super) fn items_of(&self, feature: u32) -> &[u32] {
        self.items_of.row(feature as usize)
    }

    /// The cosine of the angle between two items, from 0 to 1.
    pub(super) fn cosine(&self, a: u32, b: u32) -> f64 {
        let (mut left, mut right) = (self.of_item(a), self.of_item(b));
        let mut product = 0.0;
        while let ([l, more_left @ ..], [r, more_right @ ..]) = (left, right) {
            if l == r {
                product += self.gains[*l as usize];
            }
            if l <= r {
                left = more_left;
            }
            if r <= l {
                right = more_right;
            }
        }
        product / (self.norms[a as usize] * self.norms[b as usize]).max(f64::MIN_POSITIVE)
    }
}

fn starts(lengths: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut starts = vec![0];
    let mut end = 0;
    starts.extend(lengths.map(|length| {
        end += length;
        end
    }));
    starts
}

/// Numbers for names, in the order in which they first appear.
#[derive(Default)]
struct Names {
    numbers: HashMap<String, u32>,
    weights: Vec<f64>,
    buffer: String,
}

impl Names {
    /// All features of an item, some of them perhaps twice.
    fn read(&mut self, item: &ItemRecord, row: &mut Vec<u32>) {
        let title = item.texts.iter().map(|text| text.title.as_str());
        let title = title.into_iter().find(|title| !title.is_empty());
        let words = title
            .unwrap_or_default()
            .split(|c: char| !c.is_alphanumeric());
        for word in words.filter(|word| !word.is_empty()).take(MAX_TITLE_WORDS) {
            row.push(self.number('t', word, TITLE_WEIGHT));
        }
        // A level counts with the levels above it: there are accessories of everything.
        let mut path = Some(item.category.as_str()).filter(|path| !path.is_empty());
        while let Some(category) = path {
            row.push(self.number('c', category, CATEGORY_WEIGHT));
            path = category.rsplit_once(SEPARATOR).map(|(parent, _)| parent);
        }
        for (field, value, weight) in [
            ('b', &item.brand, BRAND_WEIGHT),
            ('f', &item.color, COLOR_WEIGHT),
            ('m', &item.material, MATERIAL_WEIGHT),
            ('s', &item.size, SIZE_WEIGHT),
        ] {
            if !value.is_empty() {
                row.push(self.number(field, value, weight));
            }
        }
    }

    fn number(&mut self, field: char, value: &str, weight: f64) -> u32 {
        self.buffer.clear();
        self.buffer.push(field);
        self.buffer
            .extend(value.chars().flat_map(char::to_lowercase));
        if let Some(&number) = self.numbers.get(&self.buffer) {
            return number;
        }
        let number = self.weights.len() as u32;
        self.numbers.insert(self.buffer.clone(), number);
        self.weights.push(weight);
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tailorbird::snapshot::ItemText;

    fn item(title: &str, category: &str) -> ItemRecord {
        ItemRecord {
            category: category.into(),
            texts: vec![ItemText {
                title: title.into(),
                ..ItemText::default()
            }],
            ..ItemRecord::default()
        }
    }

    #[test]
    fn rare_words_say_more_than_common_ones() {
        let items = [
            item("Blue mug, 30cm", "A > B"),
            item("BLUE plate mug mug", "A > B"),
            item("blue plate", "A"),
            item("Spoon", ""),
        ];
        let features = Features::of(&items.iter().collect::<Vec<_>>());
        // Shared by two: mug, plate, "A > B"; by three: blue, "A".
        assert_eq!(features.gains.len(), 5);
        assert_eq!(features.of_item(3), [0u32; 0]);
        assert_eq!(features.norms[3], 0.0);
        assert_eq!(features.items_of(4).len(), 3);
        let gain = |count: f64| (4.0 / count).ln().powi(2);
        let shared = (gain(2.0) + gain(3.0)) * (1.0 + CATEGORY_WEIGHT.powi(2));
        let expected = shared / (shared.sqrt() * (shared + gain(2.0)).sqrt());
        assert!((features.cosine(0, 1) - expected).abs() < 1e-12);
        assert_eq!(features.cosine(0, 3), 0.0);
        assert!((features.cosine(1, 1) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn nothing_has_no_features() {
        assert!(Features::of(&[]).gains.is_empty());
        assert!(Features::of(&[&item("Mug", "")]).gains.is_empty());
    }
}
