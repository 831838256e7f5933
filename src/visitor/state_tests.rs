use super::super::facts::PreferenceKind;
use super::*;

fn item(n: usize) -> ItemKey {
    ItemKey::of(&n.to_string())
}

#[test]
fn a_view_moves_to_the_front_and_the_oldest_falls_out() {
    let mut state = VisitorState::default();
    for n in 0..MAX_VIEWS + 3 {
        state.record_view(item(n), 60 * n as i64);
    }
    assert_eq!(state.views.len(), MAX_VIEWS);
    state.record_view(item(5), 6_000);
    assert_eq!(state.views.len(), MAX_VIEWS);
    let five = View {
        item: item(5),
        minute: 100,
    };
    assert_eq!(state.views[0], five);
    assert_eq!(state.views.iter().filter(|v| v.item == item(5)).count(), 1);
}

#[test]
fn every_list_is_bounded() {
    let mut state = VisitorState::default();
    for n in 0..200 {
        state.record_view(item(n), 0);
        state.record_purchase([item(n)], 0);
        state.like(item(n));
        state.dislike(item(n + 1000));
        state.record_search(ValueKey(n as u32));
        state.record_impressions(PlaceKey(1), [item(n + 2000)]);
        let value = ValueKey(n as u32);
        state.prefer(Preference {
            kind: PreferenceKind::Brand,
            value,
        });
    }
    state.record_cart((0..200).map(item), 0);
    let found = [
        state.views.len(),
        state.cart.len(),
        state.purchases.len(),
        state.likes.len(),
        state.dislikes.len(),
        state.searches.len(),
        state.impressions.len(),
        state.preferences.len(),
    ];
    let limits = [
        MAX_VIEWS,
        MAX_CART,
        MAX_PURCHASES,
        MAX_OPINIONS,
        MAX_OPINIONS,
        MAX_SEARCHES,
        MAX_IMPRESSIONS,
        MAX_PREFERENCES,
    ];
    assert_eq!(found, limits);
}

#[test]
fn a_cart_is_what_the_page_shows_and_a_purchase_empties_it() {
    let mut state = VisitorState::default();
    state.record_cart([item(1), item(2), item(2)], 3_600);
    state.record_cart([item(3), item(2)], 2 * 3_600);
    let lines: Vec<_> = state
        .cart
        .iter()
        .map(|line| (line.item, line.minute))
        .collect();
    assert_eq!(lines, [(item(3), 120), (item(2), 60)]);
    assert_eq!(
        state.abandoned_cart_hours(2 * 3_600 + 5 * 3_600 + 59),
        Some(5)
    );
    state.record_purchase([item(3), item(2)], 3 * 86_400 + 7);
    assert!(state.cart.is_empty());
    assert_eq!(state.abandoned_cart_hours(0), None);
    assert_eq!(
        state.purchases[0],
        Purchase {
            item: item(2),
            day: 3
        }
    );
}

#[test]
fn likes_and_dislikes_exclude_each_other() {
    let mut state = VisitorState::default();
    state.like(item(1));
    state.dislike(item(1));
    assert_eq!(
        (state.likes.len(), state.dislikes.as_slice()),
        (0, &[item(1)][..])
    );
    state.like(item(1));
    assert_eq!(
        (state.likes.as_slice(), state.dislikes.len()),
        (&[item(1)][..], 0)
    );
    state.clear_opinion(item(1));
    assert!(state.is_empty());
}

#[test]
fn a_look_resets_impressions_of_all_places() {
    let mut state = VisitorState::default();
    let count = |state: &VisitorState, place| {
        let found = state
            .impressions
            .iter()
            .find(|i| i.place == PlaceKey(place) && i.item == item(1));
        found.map_or(0, |found| found.count)
    };
    for _ in 0..300 {
        state.record_impressions(PlaceKey(1), [item(1), item(2)]);
    }
    state.record_impressions(PlaceKey(2), [item(1)]);
    assert_eq!((count(&state, 1), count(&state, 2)), (255, 1));
    state.record_view(item(1), 0);
    assert_eq!((count(&state, 1), count(&state, 2)), (0, 0));
    assert_eq!(state.impressions.len(), 1, "the other item's stays");
    state.record_cart([item(2)], 0);
    assert!(state.impressions.is_empty());
}

#[test]
fn a_visit_ends_after_half_an_hour() {
    const DAY: i64 = 86_400;
    let limit = i64::from(VISIT_ENDS_AFTER) * 60;
    let mut state = VisitorState::default();
    let start = 100 * DAY;
    state.touch(start, 7);
    assert_eq!(
        (state.id, state.is_new(), state.lapsed_days(start)),
        (7, true, None)
    );
    state.touch(start + limit - 60, 8);
    assert_eq!((state.id, state.visits.count), (7, 1), "the id stays");
    state.touch(start + 2 * limit - 60, 8);
    assert_eq!(state.visits.count, 2);
    let later = start + 20 * DAY;
    state.touch(later, 8);
    assert!(state.is_returning());
    assert_eq!(
        (state.visits.count, state.lapsed_days(later)),
        (3, Some(19))
    );
    state.touch(start, 8);
    assert_eq!(
        state.visits.count, 3,
        "a clock that goes back begins no visit"
    );
}

#[test]
fn what_version_1_knew_was_a_visit() {
    let mut state = VisitorState::default();
    state.record_view(item(1), 86_400);
    state.touch(3 * 86_400, 9);
    assert_eq!(
        (state.visits.count, state.lapsed_days(3 * 86_400)),
        (2, Some(2))
    );
}
