use proptest::collection::vec;
use proptest::prelude::*;

use super::super::facts::{
    Impression, PlaceKey, Preference, PreferenceKind, Purchase, ValueKey, View,
};
use super::super::state::{
    MAX_CART, MAX_IMPRESSIONS, MAX_OPINIONS, MAX_PREFERENCES, MAX_PURCHASES, MAX_SEARCHES,
    MAX_VIEWS, Visits,
};
use super::*;
use crate::snapshot::ItemKey;

fn key(number: u64) -> ItemKey {
    ItemKey::from_u64(number)
}

/// A state with something of everything.
fn all() -> VisitorState {
    let mut state = VisitorState {
        id: 0x0102_0304_0506_0708,
        visits: Visits {
            count: 3,
            first: 28_000_000,
            previous: 28_990_000,
            last: 29_000_000,
        },
        ..VisitorState::default()
    };
    state.record_view(key(7), 60 * 28_999_000);
    state.record_view(key(0x1234_5678_9abc), 60 * 29_000_000);
    state.record_purchase([key(8)], 86_400 * 20_000);
    state.record_cart([key(9), key(10)], 60 * 28_999_999);
    state.like(key(11));
    state.dislike(key(12));
    state.record_search(ValueKey(0xaabb_ccdd));
    state.record_impressions(PlaceKey(0x1122), [key(13)]);
    let value = ValueKey(5);
    let kind = PreferenceKind::Size;
    state.prefer(Preference { kind, value });
    state
}

#[test]
fn golden_vectors_of_version_2() {
    assert_eq!(encode(&VisitorState::default()), "Av_fk54");
    assert_eq!(decode("Av_fk54"), VisitorState::default());
    assert_eq!(
        encode(&all()),
        "AgEICAcGBQQDAgECCwOA_qwNwIQ9sbY8AxPAguoNvJp4VjQSAAcAAAAAAOgHBBK_guoNCQAAAAAAAAoAAAAAAAAFCqCcAQgAAAAAAAAGBgsAAAAAAAcGDAAAAAAACATdzLuqCQkiEQ0AAAAAAAEKBQQFAAAAHuhMNQ"
    );
    assert_eq!(
        decode(
            "AgEICAcGBQQDAgECCwOA_qwNwIQ9sbY8AxPAguoNvJp4VjQSAAcAAAAAAOgHBBK_guoNCQAAAAAAAAoAAAAAAAAFCqCcAQgAAAAAAAAGBgsAAAAAAAcGDAAAAAAACATdzLuqCQkiEQ0AAAAAAAEKBQQFAAAAHuhMNQ"
        ),
        all()
    );
}

#[test]
fn foreign_values_are_an_empty_state() {
    for value in ["", "x", "GA1.2.3", "AgAAAAAA", "%00", "AwAAAAAA90Jz_w"] {
        assert!(decode(value).is_empty(), "{value}");
    }
}

/// A value of these bytes with the checksum that belongs to them.
fn checked(mut bytes: Vec<u8>) -> String {
    let sum = checksum(&bytes);
    bytes.extend(sum);
    URL_SAFE_NO_PAD.encode(bytes)
}

#[test]
fn sections_of_newer_workers_are_handed_back() {
    let mut bytes = URL_SAFE_NO_PAD.decode(encode(&all())).unwrap();
    bytes.truncate(bytes.len() - CHECKSUM_BYTES);
    bytes.extend([77, 3, 1, 2, 3]);
    let newer = checked(bytes.clone());
    let mut state = decode(&newer);
    assert_eq!(encode(&state), newer);
    state.record_view(key(99), 60 * 29_000_001);
    let again = decode(&encode(&state));
    assert_eq!(again.foreign, [(77, vec![1, 2, 3])]);
    // More of it than is kept is skipped, and the rest is read.
    bytes.extend([78, MAX_FOREIGN_BYTES as u8]);
    bytes.extend([0; MAX_FOREIGN_BYTES]);
    let state = decode(&checked(bytes));
    assert_eq!(state.foreign, [(77, vec![1, 2, 3])]);
    assert_eq!(state.views, all().views);
}

#[test]
fn what_cannot_have_been_written_is_an_empty_state() {
    for sections in [
        &[1, 8, 0, 0, 0, 0, 0, 0, 0, 0][..],
        &[1, 7, 1, 0, 0, 0, 0, 0, 0],
        &[6, 0],
        &[6, 6, 1, 0, 0, 0, 0, 0, 6, 6, 2, 0, 0, 0, 0, 0],
        &[7, 6, 1, 0, 0, 0, 0, 0, 6, 6, 2, 0, 0, 0, 0, 0],
        &[6, 12, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0],
        &[6, 6, 1, 0, 0, 0, 0, 0, 7, 6, 1, 0, 0, 0, 0, 0],
        &[6, 7, 1, 0, 0, 0, 0, 0],
        &[3, 8, 5, 1, 0, 0, 0, 0, 0, 6],
        &[2, 5, 1, 1, 1, 1, 1],
        &[10, 5, 9, 0, 0, 0, 0],
        &[200, 0xff, 0xff, 0xff, 0xff, 0x0f],
    ] {
        let mut bytes = vec![VERSION];
        bytes.extend(sections);
        assert!(decode(&checked(bytes)).is_empty(), "{sections:?}");
    }
    let sound = checked(vec![VERSION, 6, 6, 1, 0, 0, 0, 0, 0]);
    assert_eq!(decode(&sound).likes, [key(1)]);
}

/// A state with every list at its limit and times so far apart that they take many bytes.
fn full() -> VisitorState {
    let mut state = all();
    let dated = |n: usize| View {
        item: key(ItemKey::MASK - n as u64),
        minute: u32::MAX - n as u32 * 100_000_000,
    };
    state.views = (0..MAX_VIEWS).map(dated).collect();
    state.cart = (0..MAX_CART).map(dated).collect();
    let bought = (0..MAX_PURCHASES).map(dated);
    state.purchases = bought
        .map(|View { item, minute: day }| Purchase { item, day })
        .collect();
    state.likes = (0..MAX_OPINIONS as u64).map(key).collect();
    state.dislikes = (100..100 + MAX_OPINIONS as u64).map(key).collect();
    state.searches = (0..MAX_SEARCHES as u32).map(ValueKey).collect();
    let impression = |n| Impression {
        place: PlaceKey(1),
        item: key(n),
        count: 1,
    };
    state.impressions = (0..MAX_IMPRESSIONS as u64).map(impression).collect();
    let kind = PreferenceKind::Brand;
    let values = (0..MAX_PREFERENCES as u32).map(ValueKey);
    state.preferences = values.map(|value| Preference { kind, value }).collect();
    state.foreign = vec![(200, vec![1; MAX_FOREIGN_BYTES - 2])];
    state
}

#[test]
fn what_does_not_fit_gives_way_in_the_tables_order() {
    let full = full();
    let kept = decode(&encode(&full));
    assert!(full.views.starts_with(&kept.views), "the newest stay");
    assert!(full.likes.starts_with(&kept.likes));
    assert_eq!((kept.id, kept.visits), (full.id, full.visits));
    let left = |state: &VisitorState, tag: Tag| match tag {
        Tag::Id | Tag::Visits => 0,
        Tag::Views => state.views.len(),
        Tag::Cart => state.cart.len(),
        Tag::Purchases => state.purchases.len(),
        Tag::Likes => state.likes.len(),
        Tag::Dislikes => state.dislikes.len(),
        Tag::Searches => state.searches.len(),
        Tag::Impressions => state.impressions.len(),
        Tag::Preferences => state.preferences.len(),
    };
    // Of the rows up to one all was taken, of that one a part, of those behind it nothing.
    let mut expected = full.clone();
    let stopped = GIVES_WAY.iter().position(|&(tag, least)| {
        while expected.pop_oldest(tag, least) {
            if expected == kept {
                return true;
            }
        }
        false
    });
    let stopped = stopped.expect("a state on the way");
    assert!(
        stopped >= 5,
        "the table is long enough to matter: {stopped}"
    );
    assert!(left(&kept, Tag::Cart) >= 8 && left(&kept, Tag::Dislikes) >= 8);
    // One entry more would not have fitted.
    assert!(encode(&kept).len() + 16 + 1 + TAG_CHARS > MAX_COOKIE_BYTES);
}

#[test]
fn an_ordinary_visitor_keeps_every_view() {
    let mut state = VisitorState::default();
    for n in 0..MAX_VIEWS as u64 {
        state.touch(1_790_000_000 + n as i64 * 5_000, 1);
        state.record_view(key(n), 1_790_000_000 + n as i64 * 5_000);
    }
    state.record_cart((0..4).map(key), 1_790_300_000);
    state.record_impressions(PlaceKey(1), (100..116).map(key));
    assert_eq!(decode(&encode(&state)), state);
}

fn items(most: usize) -> impl Strategy<Value = Vec<ItemKey>> {
    vec(0u64..1 << 48, 0..=most).prop_map(|mut numbers| {
        numbers.sort();
        numbers.dedup();
        numbers.into_iter().map(key).collect()
    })
}

fn dated(most: usize, longest: u32) -> impl Strategy<Value = Vec<(ItemKey, u32)>> {
    (items(most), vec(0..longest, most), any::<u32>()).prop_map(|(items, ages, newest)| {
        let mut time = newest;
        let entries = items.into_iter().zip(ages).map(|(item, age)| {
            time = time.saturating_sub(age);
            (item, time)
        });
        entries.collect()
    })
}

prop_compose! {
    /// Any state that methods can make, with lists up to `most` entries.
    fn any_state(most: usize)(
        id in any::<u64>(),
        visits in (0u32.., any::<u32>(), any::<u32>(), any::<u32>()),
        views in dated(most.min(MAX_VIEWS), 1 << 28),
        cart in dated(most.min(MAX_CART), 1 << 28),
        purchases in dated(most.min(MAX_PURCHASES), 1 << 28),
        likes in items(most.min(MAX_OPINIONS)),
        dislikes in items(most.min(MAX_OPINIONS)),
        searches in vec(any::<u32>(), 0..=most.min(MAX_SEARCHES)),
        impressions in items(most.min(MAX_IMPRESSIONS)),
        counts in vec((any::<u16>(), any::<u8>()), MAX_IMPRESSIONS),
        preferences in vec((0usize..5, any::<u32>()), 0..=most.min(MAX_PREFERENCES)),
    ) -> VisitorState {
        let (count, first, previous, last) = visits;
        let last = first.max(last);
        let previous = if count > 1 { previous.clamp(first.max(1), last.max(1)) } else { 0 };
        let view = |(item, minute)| View { item, minute };
        let mut state = VisitorState {
            id,
            visits: if count == 0 { Visits::default() } else { Visits { count, first, previous, last } },
            views: views.into_iter().map(view).collect(),
            cart: cart.into_iter().map(view).collect(),
            purchases: purchases.into_iter().map(|(item, day)| Purchase { item, day }).collect(),
            impressions: impressions
                .into_iter()
                .zip(counts)
                .map(|(item, (place, count))| Impression { place: PlaceKey(place), item, count })
                .collect(),
            ..VisitorState::default()
        };
        likes.into_iter().for_each(|item| state.like(item));
        dislikes.into_iter().for_each(|item| state.dislike(item));
        searches.into_iter().for_each(|value| state.record_search(ValueKey(value)));
        for (kind, value) in preferences {
            state.prefer(Preference { kind: PreferenceKind::ALL[kind], value: ValueKey(value) });
        }
        state
    }
}

proptest! {
    #[test]
    fn round_trip(before in any_state(6)) {
        prop_assert_eq!(decode(&encode(&before)), before);
    }

    #[test]
    fn no_state_is_too_long(before in any_state(40)) {
        let value = encode(&before);
        prop_assert!(value.len() + 1 + TAG_CHARS <= MAX_COOKIE_BYTES, "{}", value.len());
        let after = decode(&value);
        prop_assert_eq!(after.id, before.id);
        prop_assert!(before.views.starts_with(&after.views));
        prop_assert!(before.cart.starts_with(&after.cart));
        prop_assert_eq!(encode(&after), value);
    }

    #[test]
    fn a_flipped_bit_is_noticed(bit in 0usize..4096) {
        let mut bytes = URL_SAFE_NO_PAD.decode(encode(&all())).unwrap();
        let bit = bit % (bytes.len() * 8);
        bytes[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(decode(&URL_SAFE_NO_PAD.encode(bytes)).is_empty());
    }

    #[test]
    fn any_text_is_read_without_panic(value in ".{0,2000}") {
        decode(&value);
    }

    /// With a sound checksum, so that what is behind it is reached.
    #[test]
    fn any_sections_are_read_without_panic(sections in vec(any::<u8>(), 0..200), version in 1u8..3) {
        let mut bytes = vec![version];
        bytes.extend(sections);
        let state = decode(&checked(bytes));
        prop_assert_eq!(decode(&encode(&state)), state);
    }

    #[test]
    fn methods_make_states_that_are_read_back(steps in vec((0u8..8, 0u64..30, 0i64..10_000_000), 0..120)) {
        let mut state = VisitorState::default();
        let mut now = 1_700_000_000;
        for (what, item, later) in steps {
            now += later;
            match what {
                0 => state.touch(now, item),
                1 => state.record_view(key(item), now),
                2 => state.record_cart([key(item), key(item + 1)], now),
                3 => state.record_purchase([key(item)], now),
                4 => state.like(key(item)),
                5 => state.dislike(key(item)),
                6 => state.record_impressions(PlaceKey(item as u16 % 3), [key(item)]),
                _ => state.record_search(ValueKey(item as u32)),
            }
        }
        let value = encode(&state);
        let after = decode(&value);
        prop_assert!(!after.is_empty() || state.is_empty());
        prop_assert_eq!(encode(&after), value);
    }
}
