//! What the order of lists is worth, measured on a real log with categories, colours and prices. The data are not
//! part of the project; without them this test says so and passes.
//!
//! `cargo test --release -p tailorbird-trainer --test list_order -- --ignored --nocapture`

#[path = "common/split.rs"]
mod split;

use std::collections::BTreeMap;
use std::sync::Arc;

use split::{Split, split};
use tailorbird::recommend::{Affinity, Known, Ranker};
use tailorbird::snapshot::{Kind, Snapshot};

/// An octave of ranks.
const OCTAVE: i64 = 65_536;

/// Gives an item its rank for who looked at these, newest first.
type Rank<'r> = &'r dyn Fn(&[u32]) -> Box<dyn Fn(u32) -> i64 + 'r>;

/// The mean reciprocal place of what a visitor looks at next in the list of its category, of all cases and of those
/// where it was not looked at before; and how many of each there are.
fn next_in_list(snapshot: &Snapshot, sessions: &[Vec<u32>], rank: Rank<'_>) -> [f64; 4] {
    let mut lists: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for item in 0..snapshot.len() as u32 {
        let category = snapshot.code(Kind::Category, item).unwrap_or(u32::MAX);
        lists.entry(category).or_default().push(item);
    }
    let mut sums = [0.0; 4];
    for views in sessions {
        for at in 1..views.len() {
            let (seen, next) = (&views[..at], views[at]);
            let mut newest: Vec<u32> = Vec::new();
            for item in seen.iter().rev() {
                if !newest.contains(item) {
                    newest.push(*item);
                }
            }
            let rank = rank(&newest);
            let category = snapshot.code(Kind::Category, next).unwrap_or(u32::MAX);
            let wanted = rank(next);
            let before = |item: &&u32| (-rank(**item), **item) < (-wanted, next);
            let place = 1 + lists[&category].iter().filter(before).count();
            let is_new = !seen.contains(&next);
            sums[0] += 1.0 / place as f64;
            sums[1] += 1.0;
            if is_new {
                sums[2] += 1.0 / place as f64;
                sums[3] += 1.0;
            }
        }
    }
    [sums[0] / sums[1], sums[2] / sums[3], sums[1], sums[3]]
}

/// What lists did before: popularity in full, four octaves for closeness, one for the brand, half of one for the colour.
fn fixed<'s>(snapshot: &'s Snapshot, seen: &[u32]) -> Box<dyn Fn(u32) -> i64 + 's> {
    let affinity = Affinity::of(snapshot, seen);
    let newest: Vec<u32> = seen.iter().copied().take(10).collect();
    Box::new(move |item| {
        let share = |kind| {
            let code = snapshot.code(kind, item);
            let same = |of: &&u32| code.is_some() && snapshot.code(kind, **of) == code;
            OCTAVE * newest.iter().filter(same).count() as i64 / newest.len().max(1) as i64
        };
        16 * i64::from(snapshot.popularity(item))
            + 4 * affinity.score(item) as i64
            + share(Kind::Brand)
            + share(Kind::Color) / 2
    })
}

#[test]
#[ignore = "needs research data and optimisation"]
fn lists_by_category() {
    let shop = split("clothing/clicks.csv.gz", "clothing.toml", "USD");
    let Some(Split {
        snapshot, views, ..
    }) = shop
    else {
        return;
    };
    let snapshot = Arc::new(snapshot);
    let site = Arc::new(snapshot.site().expect("a site"));
    println!("{:?}", snapshot.attribute_weights());
    let ranker = |seen: &[u32]| {
        let known = Known {
            seen,
            ..Known::default()
        };
        Ranker::new(
            &snapshot,
            &site,
            &known,
            &Affinity::of(&snapshot, seen),
            "/",
        )
    };
    let ids: Vec<String> = (0..snapshot.len() as u32)
        .map(|item| snapshot.id(item).expect("an id").to_owned())
        .collect();
    let ours = |seen: &[u32]| -> Box<dyn Fn(u32) -> i64> {
        let ranker = ranker(seen);
        let ids = &ids;
        Box::new(move |item| ranker.rank_id(&ids[item as usize]).expect("an item"))
    };
    let everybody = ranker(&[]);
    let base = |_: &[u32]| -> Box<dyn Fn(u32) -> i64> {
        Box::new(|item| everybody.rank_id(&ids[item as usize]).expect("an item"))
    };
    let before = |seen: &[u32]| fixed(&snapshot, seen);
    // Without what keeps position bias in check.
    let in_full = |seen: &[u32]| -> Box<dyn Fn(u32) -> i64> {
        let (ours, base) = (ours(seen), base(seen));
        let popularity = |item| snapshot.popularity(item);
        Box::new(move |item| ours(item) - base(item) + 16 * i64::from(popularity(item)))
    };
    let all: [Rank<'_>; 4] = [&base, &before, &in_full, &ours];
    let [base, before, in_full, ours] = all.map(|rank| next_in_list(&snapshot, &views, rank));
    println!("MRR of the next view in its category's list: all, new to the visitor; cases");
    for (name, [all, new, cases, new_cases]) in [
        ("base order", base),
        ("fixed constants", before),
        ("popularity in full", in_full),
        ("lists", ours),
    ] {
        println!("{name:<18} {all:.4} {new:.4}  {cases} {new_cases}");
    }
    assert!(ours[0] > base[0] && ours[1] > base[1], "history must help");
}
