//! The order of a list's tiles: the learned base order, and what moves a tile.
#![cfg(feature = "authoring")]

mod common;

use std::sync::{Arc, LazyLock};

use common::{ITEMS, NOW, full_source};
use proptest::prelude::*;
use tailorbird::recommend::{Affinity, Known, KnownItems, Ranker};
use tailorbird::snapshot::{AttributeWeights, ItemKey, Snapshot, SnapshotSource, write};
use tailorbird::visitor::{Adoptions, Preference, PreferenceKind, ValueKey, VisitorState};

const OCTAVE: i64 = 65_536;

/// The fixture where nothing trends and attributes say a lot; item 0 sells 2^20 times as much as the last.
fn source() -> SnapshotSource {
    let mut source = full_source();
    source.trending.clear();
    source.attributes = AttributeWeights {
        brand: AttributeWeights::OCTAVE,
        color: 8 * AttributeWeights::OCTAVE,
        ..AttributeWeights::default()
    };
    source.popularity = (0..ITEMS)
        .map(|item| 2f32.powf(20.0 - item as f32 / 3.0))
        .collect();
    source
}

fn open(source: &SnapshotSource) -> Arc<Snapshot> {
    Arc::new(Snapshot::open(write(source).expect("writes")).expect("opens"))
}

static SHOP: LazyLock<Arc<Snapshot>> = LazyLock::new(|| open(&source()));

fn key(item: u32) -> ItemKey {
    ItemKey::of(&format!("F-{item}"))
}

/// All items' ranks for a visitor.
fn ranks(shop: &Arc<Snapshot>, state: &VisitorState) -> Vec<i64> {
    let items = KnownItems::of(shop, state, &Adoptions::default());
    let known = Known {
        state: Some(state),
        ..items.known()
    };
    let affinity = Affinity::of(shop, known.seen);
    let site = Arc::new(shop.site().expect("a site"));
    let ranker = Ranker::new(shop, &site, &known, &affinity, "/en/c/x");
    let rank = |item| ranker.rank_id(&format!("F-{item}")).expect("an item");
    (0..ITEMS).map(rank).collect()
}

/// What can be bought, best first.
fn order(ranks: &[i64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..ITEMS).filter(|item| item % 7 != 6).collect();
    order.sort_by_key(|&item| std::cmp::Reverse(ranks[item]));
    order
}

fn saw(items: &[u32]) -> VisitorState {
    let mut state = VisitorState::default();
    for &item in items {
        state.record_view(key(item), NOW);
    }
    state
}

#[test]
fn without_history_the_order_is_the_learned_one() {
    let ranks = ranks(&SHOP, &VisitorState::default());
    assert!(order(&ranks).is_sorted());
    let first = ranks[0];
    let orderable = (0..ITEMS).filter(|item| item % 7 != 6);
    let span = first - orderable.map(|item| ranks[item]).min().expect("items");
    assert!(span <= 4 * OCTAVE, "{span}");
    assert!(ranks[6] < ranks[59], "what cannot be bought comes last");
}

#[test]
fn what_trends_in_its_category_moves_up_a_little() {
    let mut source = source();
    source.trending = vec![0.0; ITEMS];
    source.trending[9] = 2.0;
    source.trending[30] = 1.0;
    let (before, after) = (
        ranks(&SHOP, &VisitorState::default()),
        ranks(&open(&source), &VisitorState::default()),
    );
    let moved: Vec<i64> = before.iter().zip(&after).map(|(a, b)| b - a).collect();
    assert_eq!(moved[9], OCTAVE / 2);
    assert_eq!(moved[30], OCTAVE / 2 * 11 / 12);
    assert_eq!(moved.iter().filter(|by| **by != 0).count(), 2);
}

#[test]
fn what_a_visitor_wants_passes_what_sells_best() {
    // The neighbours of 40 are 43, 46 …; 43 sells a two thousandth of what the best seller does.
    let order = order(&ranks(&SHOP, &saw(&[40])));
    let place = |item| order.iter().position(|of| *of == item).expect("an item");
    assert!(place(43) < place(0), "{order:?}");
}

#[test]
fn attributes_count_by_their_measured_weight() {
    let nothing = ranks(&SHOP, &VisitorState::default());
    // 1 has Brand 1 and no colour, 30 has Brand 0 and red: neither is a neighbour of the other.
    let both = ranks(&SHOP, &saw(&[30, 1]));
    // 21 has Brand 1 and red, 50 has Brand 0 and blue, 23 Brand 3 and blue.
    let moved = |item: usize| both[item] - nothing[item] - neighbour(&[1, 30], item);
    assert_eq!(moved(50), OCTAVE / 2, "half of the views have its brand");
    assert_eq!(
        moved(21),
        OCTAVE / 2 + OCTAVE,
        "no attribute counts for more than 2 octaves"
    );
    assert_eq!(moved(23), 0);
    let mut unmeasured = source();
    unmeasured.attributes = AttributeWeights::default();
    let unmeasured = open(&unmeasured);
    let (nothing, both) = (
        ranks(&unmeasured, &VisitorState::default()),
        ranks(&unmeasured, &saw(&[30, 1])),
    );
    let by = both[50] - nothing[50] - neighbour(&[1, 30], 50);
    assert_eq!(by, 0, "what was not measured says nothing");
}

/// What an item gets for going with what was looked at.
fn neighbour(seen: &[u32], item: usize) -> i64 {
    4 * Affinity::of(&SHOP, seen).score(item as u32) as i64
}

#[test]
fn what_was_said_counts() {
    let nothing = ranks(&SHOP, &VisitorState::default());
    let mut state = VisitorState::default();
    for (kind, text) in [
        (PreferenceKind::Brand, "Brand 2"),
        (PreferenceKind::Category, "Kitchen"),
        (PreferenceKind::Size, "none has it"),
    ] {
        state.prefer(Preference {
            kind,
            value: ValueKey::of(text),
        });
    }
    let said = ranks(&SHOP, &state);
    // Every third is of the garden.
    for (item, octaves) in [(2, 2), (7, 4), (3, 2), (5, 0)] {
        assert_eq!(said[item] - nothing[item], octaves * OCTAVE, "{item}");
    }
    state.like(key(5));
    let liked = ranks(&SHOP, &state);
    // Itself, and for having its own brand and colour.
    assert_eq!(liked[5] - said[5], (2 + 1 + 2) * OCTAVE);
    state.dislike(key(0));
    let disliked = ranks(&SHOP, &state);
    let least = disliked.iter().min().expect("items");
    assert_eq!(disliked[0], *least, "behind what cannot be bought");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_base_order_never_turns_two_items_round(mut counts in prop::collection::vec(0f32..1e6, ITEMS)) {
        counts.sort_by(|a, b| b.total_cmp(a));
        let source = SnapshotSource { popularity: counts, ..source() };
        let shop = open(&source);
        let ranks = ranks(&shop, &VisitorState::default());
        for (a, b) in (0..ITEMS).zip(1..ITEMS).filter(|(a, b)| a % 7 != 6 && b % 7 != 6) {
            let (popular, less) = (shop.popularity(a as u32), shop.popularity(b as u32));
            prop_assert_eq!(popular > less, ranks[a] > ranks[b], "{} {}", a, b);
            prop_assert!(ranks[a] >= ranks[b] && ranks[0] - ranks[b] <= 4 * OCTAVE);
        }
    }

    #[test]
    fn any_visitor_gets_some_order(views in prop::collection::vec(0..ITEMS as u32, 0..12), liked in 0..ITEMS as u32) {
        let mut state = saw(&views);
        state.like(key(liked));
        let ranks = ranks(&SHOP, &state);
        let worst = order(&ranks).last().map(|item| ranks[*item]).expect("items");
        prop_assert!((0..ITEMS).filter(|item| item % 7 == 6).all(|item| ranks[item] < worst));
    }
}
