//! What the models beside "viewed together" are worth, measured on public research data and on the demo
//! shop. The data are not part of the project; without them these tests say so and pass. With
//! optimisation they take half a minute:
//!
//! `cargo test --release -p tailorbird-trainer --test other_models -- --ignored --nocapture`

#[path = "common/split.rs"]
mod split;

use std::collections::{BTreeMap, HashMap};

use split::{Folder, Split, snapshot_of, split, split_with};
use tailorbird::snapshot::{Kind, Neighbours, Snapshot};
use tailorbird_demo_shop::{DEFAULT_SEED, Lang, Shop};

fn online_retail() -> Option<Split> {
    split(
        "online-retail/transactions.csv.gz",
        "online-retail.toml",
        "GBP",
    )
}

/// The gift shop's feed has no categories. The last word of an English title says what a thing is
/// ("WHITE HANGING HEART T-LIGHT HOLDER"): of these the words that at least ten products share.
fn with_nouns(feed: String) -> String {
    const LEAST_PRODUCTS: usize = 10;
    let noun = |row: &str| {
        let title = row
            .split('\t')
            .nth(1)?
            .trim_end_matches(|c: char| !c.is_alphabetic());
        title.rsplit(' ').next().map(str::to_lowercase)
    };
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for noun in feed.lines().filter_map(noun) {
        *counts.entry(noun).or_default() += 1;
    }
    let mut rows = feed.lines();
    let names = rows.next().expect("a first line");
    let at = names.split('\t').position(|name| name == "product_type");
    let at = at.expect("the column");
    let edited = rows.map(|row| {
        let noun = noun(row).filter(|noun| counts.get(noun).is_some_and(|&n| n >= LEAST_PRODUCTS));
        let mut fields: Vec<&str> = row.split('\t').collect();
        let noun = noun.unwrap_or_default();
        fields[at] = &noun;
        fields.join("\t")
    });
    let rows: Vec<String> = edited.collect();
    format!("{names}\n{}\n", rows.join("\n"))
}

/// The share of baskets' next categories, the one after each product in another category, that are among
/// the first five complements of that product's category; the same of the five categories that are
/// bought most; and how many cases there are.
fn next_categories(split: &Split) -> [f64; 3] {
    let snapshot = &split.snapshot;
    let category = |item: u32| snapshot.code(Kind::Category, item);
    let mut bought: BTreeMap<u32, u32> = BTreeMap::new();
    // By popularity, which knows nothing of the test weeks.
    for item in 0..snapshot.len() as u32 {
        if let Some(code) = category(item) {
            *bought.entry(code).or_default() += u32::from(snapshot.popularity(item));
        }
    }
    let mut popular: Vec<(u32, u32)> = bought.into_iter().collect();
    popular.sort_by_key(|&(code, count)| (std::cmp::Reverse(count), code));
    let (mut hits, mut usual, mut cases) = (0.0, 0.0, 0.0f64);
    for pair in split.baskets.iter().flat_map(|basket| basket.windows(2)) {
        let (Some(from), Some(to)) = (category(pair[0]), category(pair[1])) else {
            continue;
        };
        if from == to {
            continue;
        }
        cases += 1.0;
        let found = snapshot.complements_of(from).take(5).any(|of| of.0 == to);
        hits += f64::from(u8::from(found));
        let others = popular.iter().filter(|of| of.0 != from);
        usual += f64::from(u8::from(others.take(5).any(|of| of.0 == to)));
    }
    [hits / cases.max(1.0), usual / cases.max(1.0), cases]
}

#[test]
#[ignore = "needs research data and optimisation"]
fn categories_that_go_together() {
    let shop = split_with(
        "online-retail/transactions.csv.gz",
        "online-retail.toml",
        "GBP",
        with_nouns,
    );
    let Some(shop) = shop else { return };
    let [complements, popular, cases] = next_categories(&shop);
    println!(
        "online-retail, nouns as categories: {complements:.3} of {cases} next categories are among the \
         first 5 complements, {popular:.3} among the 5 most wanted categories"
    );
    assert!(complements > popular, "{complements} {popular}");
}

fn clothing() -> Option<Split> {
    split("clothing/clicks.csv.gz", "clothing.toml", "USD")
}

fn ranked(list: Neighbours<'_>) -> Vec<u32> {
    let mut list: Vec<_> = list.collect();
    list.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    list.into_iter().map(|(item, _)| item).collect()
}

/// HR@20 and MRR@20 of the next view, after a page that knows its own item alone.
fn next_views(split: &Split, top: impl Fn(u32) -> Vec<u32>) -> [f64; 2] {
    let (mut sums, mut cases) = ([0.0; 2], 0.0f64);
    for pair in split.views.iter().flat_map(|views| views.windows(2)) {
        let top = top(pair[0]);
        let top = top.iter().filter(|&&item| item != pair[0]).take(20);
        if let Some(rank) = top.into_iter().position(|&item| item == pair[1]) {
            sums[0] += 1.0;
            sums[1] += 1.0 / (rank + 1) as f64;
        }
        cases += 1.0;
    }
    sums.map(|sum| sum / cases.max(1.0))
}

/// HR@20 of each item of a basket by the lists of all others, and how many of the first six of an item's
/// own list are in its basket.
fn baskets(split: &Split, list: impl Fn(u32) -> Vec<(u32, u32)>) -> [f64; 2] {
    let (mut sums, mut cases) = ([0.0; 2], 0.0f64);
    for basket in split
        .baskets
        .iter()
        .filter(|b| (2..=100).contains(&b.len()))
    {
        let mut scores: HashMap<u32, u64> = HashMap::new();
        let lists: Vec<_> = basket.iter().map(|&item| list(item)).collect();
        for (item, weight) in lists.iter().flatten() {
            *scores.entry(*item).or_default() += u64::from(*weight);
        }
        for (&target, own) in basket.iter().zip(&lists) {
            let own: HashMap<u32, u64> = own.iter().map(|&(i, w)| (i, u64::from(w))).collect();
            let score = |item: u32| {
                scores.get(&item).copied().unwrap_or(0) - own.get(&item).copied().unwrap_or(0)
            };
            let wanted = score(target);
            let is_before = |item: &&u32| {
                let is_other = **item == target || !basket.contains(item);
                is_other && (score(**item) > wanted || score(**item) == wanted && **item < target)
            };
            if wanted > 0 && scores.keys().filter(is_before).count() < 20 {
                sums[0] += 1.0;
            }
            let mut first: Vec<_> = own.into_iter().collect();
            first.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
            let right = first
                .iter()
                .take(6)
                .filter(|(item, _)| basket.contains(item));
            sums[1] += right.count() as f64 / 6.0;
            cases += 1.0;
        }
    }
    sums.map(|sum| sum / cases.max(1.0))
}

/// What a neighbour takes, all included.
fn print_sizes(name: &str, snapshot: &Snapshot) {
    for (kind, list) in [
        (
            Kind::PackedViewedTogether,
            Snapshot::viewed_together as fn(&Snapshot, u32) -> Neighbours<'_>,
        ),
        (Kind::BoughtTogether, Snapshot::bought_together),
        (Kind::SimilarByContent, Snapshot::similar_by_content),
    ] {
        let edges: usize = (0..snapshot.len() as u32)
            .map(|item| list(snapshot, item).count())
            .sum();
        let section = snapshot.sections().iter().find(|s| s.kind == kind);
        let bytes = section.map_or(0, |s| s.range.len());
        println!(
            "{name:14} {:24} {bytes:7} bytes, {edges:6} neighbours of {:.1} bits",
            kind.name(),
            bytes as f64 * 8.0 / edges.max(1) as f64
        );
    }
}

fn measure_next_views(name: &str, split: &Split) -> [[f64; 2]; 3] {
    let snapshot = &split.snapshot;
    let found = [
        next_views(split, |_| (0..21).collect()),
        next_views(split, |item| ranked(snapshot.similar_by_content(item))),
        next_views(split, |item| ranked(snapshot.viewed_together(item))),
    ];
    for (what, [hits, ranks]) in ["popularity", "content", "viewed together"]
        .iter()
        .zip(found)
    {
        println!("{name:14} next view by {what:16} {hits:.4} / {ranks:.4}");
    }
    print_sizes(name, snapshot);
    found
}

#[test]
#[ignore = "takes minutes without optimisation"]
fn content_finds_next_views() {
    for (name, split) in [("clothing", clothing()), ("online-retail", online_retail())] {
        let Some(split) = split else { continue };
        let [popularity, content, _] = measure_next_views(name, &split);
        assert!(
            content[0] > popularity[0] && content[1] > popularity[1],
            "{name}"
        );
    }
}

#[test]
#[ignore = "takes minutes without optimisation"]
fn baskets_are_completed() {
    let Some(split) = online_retail() else { return };
    let snapshot = &split.snapshot;
    let bought = baskets(&split, |item| snapshot.bought_together(item).collect());
    let viewed = baskets(&split, |item| snapshot.viewed_together(item).collect());
    println!("rest of the basket, bought together: {bought:.4?}; viewed together: {viewed:.4?}");
    assert!(bought[0] >= 0.35 && bought[1] >= 0.21, "{bought:?}");
}

/// Not ignored: the demo shop is made in a moment.
#[test]
fn the_demo_shops_content_keeps_to_its_categories() {
    let folder = Folder::new();
    let shop = Shop::generate(DEFAULT_SEED);
    shop.write_feed(Lang::En, folder.create("feed.tsv"))
        .expect("a feed");
    let snapshot = snapshot_of(folder.0.join("feed.tsv"), Vec::new(), "EUR");
    print_sizes("demo shop", &snapshot);
    let (mut same, mut edges) = (0.0, 0.0);
    for item in 0..snapshot.len() as u32 {
        let list = ranked(snapshot.similar_by_content(item));
        assert!(list.len() >= 20, "item {item}: {} neighbours", list.len());
        let of = |item| snapshot.code(Kind::Category, item);
        same += list
            .iter()
            .take(6)
            .filter(|&&other| of(other) == of(item))
            .count() as f64;
        edges += list.len().min(6) as f64;
        let group = |item| snapshot.code(Kind::ItemGroup, item);
        assert!(list.iter().all(|&other| group(other) != group(item)));
    }
    println!(
        "demo shop: {:.3} of the first six in the same category",
        same / edges
    );
    assert!(same / edges > 0.98);
}
