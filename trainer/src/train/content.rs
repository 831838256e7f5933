//! Which items the feed describes alike: for what nobody has looked at yet.
//!
//! The cosine of tf-idf vectors (Salton and Buckley, "Term-weighting approaches in automatic text
//! retrieval", 1988) over words of the title, levels of the category, brand, colour, material and size
//! ([`features`](super::features)), times how close the prices are. Each word counts once: titles repeat
//! words to be found, not to mean more.
//!
//! Candidates come from an inverted index, the rarest feature first. To keep a large catalogue's time in
//! proportion to its items, each feature shows its [`MAX_POSTINGS`] best sellers at most, and after
//! [`MAX_VISITS`] an item's search ends. The [`CANDIDATES`] best are then scored exactly, with all
//! features.

use rayon::prelude::*;
use tailorbird::snapshot::{ItemRecord, Neighbour};

use super::features::Features;
use super::sums::{Sums, in_shares, strongest};

/// The most neighbours of an item: a slot's worth, and one for each that is out of stock.
pub const CONTENT_NEIGHBOURS: usize = 24;
/// A feature that more items have finds only the best sellers among them.
pub const MAX_POSTINGS: usize = 1024;
/// After so many places of the index the search for an item's neighbours ends.
pub const MAX_VISITS: usize = 8192;
/// So many of those found are scored with all features.
pub const CANDIDATES: usize = 192;
/// What is less alike is not alike: 1 is the same words, values and price.
pub const LEAST_SIMILARITY: f64 = 0.05;
/// What a product of a quite different price loses; of twice the price, half of that.
pub const PRICE_SHARE: f64 = 0.25;
/// The power that is stored of a similarity: a list's cosines lie within an octave or two, and a
/// snapshot has steps of half an octave.
pub const CONTRAST: i32 = 3;

/// How many items pass between two reports of progress.
const PROGRESS_ITEMS: usize = 4096;

/// For each of `items`, in index order, those most alike, strongest first (weight 1), ties by number.
///
/// Items of one group are variants of one product: they are not each other's neighbours, and of
/// another product the closest variant alone is one.
///
/// `progress` is told how many items are done.
pub fn similar_by_content(
    items: &[&ItemRecord],
    progress: &mut dyn FnMut(u64),
) -> Vec<Vec<Neighbour>> {
    let catalogue = Described::of(items);
    let mut all = Vec::with_capacity(items.len());
    while all.len() < items.len() {
        progress(all.len() as u64);
        let next = all.len()..items.len().min(all.len() + PROGRESS_ITEMS);
        all.par_extend(next.into_par_iter().map_init(
            || Sums::new(items.len()),
            |sums, item| catalogue.neighbours(item as u32, sums),
        ));
    }
    progress(items.len() as u64);
    all
}

struct Described {
    features: Features,
    groups: Vec<u32>,
    /// The binary logarithm of what each item costs.
    prices: Vec<Option<f64>>,
}

impl Described {
    fn of(items: &[&ItemRecord]) -> Self {
        Self {
            features: Features::of(items),
            groups: groups(items),
            prices: items.iter().map(|item| price(item)).collect(),
        }
    }

    fn neighbours(&self, item: u32, sums: &mut Sums) -> Vec<Neighbour> {
        let features = &self.features;
        let mut visits = MAX_VISITS;
        for &feature in features.of_item(item) {
            let known = features.items_of(feature);
            let shown = &known[..known.len().min(MAX_POSTINGS).min(visits)];
            visits -= shown.len();
            for &other in shown {
                if !self.are_variants(item, other) {
                    sums.add(other, features.gains[feature as usize]);
                }
            }
        }
        let found = sums.drain(|other| features.norms[other as usize]);
        let mut scored = strongest(found, CANDIDATES);
        scored.retain_mut(|other| {
            let similarity =
                features.cosine(item, other.item) * self.price_factor(item, other.item);
            other.weight = similarity.powi(CONTRAST) as f32;
            similarity >= LEAST_SIMILARITY
        });
        let mut scored = strongest(scored, CANDIDATES);
        self.keep_one_of_each_group(&mut scored);
        in_shares(scored)
    }

    fn keep_one_of_each_group(&self, ranked: &mut Vec<Neighbour>) {
        let mut kept: Vec<Neighbour> = Vec::with_capacity(CONTENT_NEIGHBOURS);
        for &other in ranked.iter() {
            if kept.len() == CONTENT_NEIGHBOURS {
                break;
            }
            if !kept.iter().any(|k| self.are_variants(k.item, other.item)) {
                kept.push(other);
            }
        }
        *ranked = kept;
    }

    fn are_variants(&self, a: u32, b: u32) -> bool {
        self.groups[a as usize] == self.groups[b as usize]
    }

    fn price_factor(&self, a: u32, b: u32) -> f64 {
        let prices = self.prices[a as usize].zip(self.prices[b as usize]);
        let octaves = prices.map_or(0.0, |(a, b)| (a - b).abs());
        1.0 - PRICE_SHARE * octaves / (1.0 + octaves)
    }
}

/// A number for each item; variants have the same.
fn groups(items: &[&ItemRecord]) -> Vec<u32> {
    let mut first_of = std::collections::HashMap::new();
    let number = |(item, number): (&&ItemRecord, u32)| {
        if item.group.is_empty() {
            number
        } else {
            *first_of.entry(item.group.clone()).or_insert(number)
        }
    };
    items.iter().zip(0..).map(number).collect()
}

fn price(item: &ItemRecord) -> Option<f64> {
    let paid = item.texts.iter().find_map(|text| text.paid())?;
    (paid > 0).then(|| libm::log2(f64::from(paid)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tailorbird::snapshot::ItemText;

    fn item(title: &str, group: &str, price: u32) -> ItemRecord {
        ItemRecord {
            group: group.into(),
            texts: vec![ItemText {
                title: title.into(),
                price: Some(price),
                ..ItemText::default()
            }],
            ..ItemRecord::default()
        }
    }

    fn similar(items: &[ItemRecord]) -> Vec<Vec<Neighbour>> {
        similar_by_content(&items.iter().collect::<Vec<_>>(), &mut |_| ())
    }

    fn numbers(list: &[Neighbour]) -> Vec<u32> {
        list.iter().map(|n| n.item).collect()
    }

    #[test]
    fn closer_words_and_prices_come_first() {
        let items = [
            item("red enamel mug", "", 1000),
            item("red enamel plate", "", 2000),
            item("red enamel plate", "", 1000),
            item("red spoon", "", 1000),
            item("glass bowl", "", 1000),
            item("glass vase", "", 1000),
        ];
        let found = similar(&items);
        assert_eq!(numbers(&found[0]), [2, 1, 3]);
        assert_eq!(found[0][0].weight, 1.0);
        assert!(found.iter().flatten().all(|n| n.weight > 0.0));
        assert_eq!(numbers(&found[4]), [5]);
    }

    #[test]
    fn variants_are_one_product() {
        let items = [
            item("mug red", "m", 10),
            item("mug blue", "m", 10),
            item("jug red", "j", 10),
            item("jug blue", "j", 10),
            item("mug big", "", 10),
            item("spoon", "", 10),
        ];
        let found = similar(&items);
        // The red jug for the red mug, and never the blue mug.
        assert!(numbers(&found[0]).contains(&2) && numbers(&found[0]).contains(&4));
        assert!(!numbers(&found[0]).contains(&1) && !numbers(&found[0]).contains(&3));
        assert!(found[5].is_empty());
    }

    #[test]
    fn lists_keep_their_limit() {
        let mut items: Vec<_> = (0..CONTENT_NEIGHBOURS + 6)
            .map(|_| item("mug", "", 10))
            .collect();
        items.push(item("else", "", 10));
        let found = similar(&items);
        assert_eq!(found[0].len(), CONTENT_NEIGHBOURS);
        // Of equals those that sell better.
        assert_eq!(numbers(&found[29])[..3], [0, 1, 2]);
    }

    #[test]
    fn common_features_find_best_sellers_and_score_all() {
        let common = MAX_POSTINGS + 100;
        let mut items: Vec<_> = (0..common).map(|_| item("mug", "", 10)).collect();
        items.push(item("mug rare", "", 10));
        items.push(item("rare", "", 10));
        items.extend((0..common).map(|_| item("jug", "", 10)));
        let found = similar(&items);
        let last = common - 1;
        assert_eq!(numbers(&found[last])[..2], [0, 1]);
        assert_eq!(numbers(&found[common])[0], common as u32 + 1);
    }

    #[test]
    fn the_number_of_threads_changes_nothing() {
        let words = ["red", "blue", "mug", "jug", "big", "small", "glass", "wood"];
        let items: Vec<_> = (0..300usize)
            .map(|i| {
                let title = [words[i % 8], words[i * i % 7], words[i / 5 % 6]].join(" ");
                item(&title, "", 100 + i as u32)
            })
            .collect();
        let run = |threads| {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .expect("a pool");
            pool.install(|| similar(&items))
        };
        assert_eq!(run(1), run(3));
    }
}
