use super::*;
use crate::events::EventName;
use crate::interactions::{Interaction, Log, Owner};

fn view(owner: Owner, minute: i64, item: u32) -> Interaction {
    Interaction {
        name: EventName::ViewItem,
        item,
        time: minute * 60_000_000,
        owner,
    }
}

fn cut(interactions: &[Interaction], rules: Rules) -> Sessions {
    Sessions::cut(&Log::of(interactions), rules).expect("in memory")
}

fn all(sessions: &Sessions) -> Vec<Vec<u32>> {
    let steps = sessions.iter().map(|session| session.steps.to_vec());
    steps.collect()
}

fn steps(interactions: &[Interaction]) -> Vec<Vec<u32>> {
    all(&cut(interactions, Rules::default()))
}

#[test]
fn visitors_are_told_apart_and_half_an_hour_divides() {
    let (a, b) = (Owner::Visitor(1), Owner::Visitor(2));
    let interleaved = [
        view(a, 0, 1),
        view(b, 1, 8),
        view(a, 2, 2),
        view(b, 3, 9),
        view(a, 31, 3),
        view(a, 61, 4),
        view(Owner::Nobody, 61, 5),
    ];
    assert_eq!(steps(&interleaved), [vec![8, 9], vec![1, 2, 3], vec![4]]);
    let patient = Rules {
        inactivity_seconds: 3600,
        ..Rules::default()
    };
    assert_eq!(
        all(&cut(&interleaved, patient)),
        [vec![8, 9], vec![1, 2, 3, 4]]
    );
}

#[test]
fn a_named_session_is_not_divided() {
    let s = Owner::Session(1);
    assert_eq!(steps(&[view(s, 0, 1), view(s, 500, 2)]), [vec![1, 2]]);
}

#[test]
fn late_lines_find_their_place_and_repeats_are_folded() {
    let a = Owner::Visitor(1);
    let mut cart = view(a, 2, 2);
    cart.name = EventName::AddToCart;
    let mut bought = view(a, 3, 7);
    bought.name = EventName::Purchase;
    assert_eq!(
        steps(&[cart, view(a, 1, 2), view(a, 0, 1), bought, view(a, 4, 1)]),
        [vec![1, 2, 1]]
    );
}

#[test]
fn reloads_can_be_kept_and_sessions_be_divided() {
    let (a, b) = (Owner::Session(1), Owner::Session(2));
    let mut cart = view(a, 1, 1);
    cart.name = EventName::AddToCart;
    let views = [
        view(a, 0, 1),
        view(a, 1, 1),
        cart,
        view(b, 2, 3),
        view(b, 3, 4),
    ];
    let rules = Rules {
        reloads: Reloads::Kept,
        ..Rules::default()
    };
    let sessions = cut(&views, rules);
    assert_eq!(all(&sessions), [vec![1, 1], vec![3, 4]]);
    let (first, second) = sessions.split(1);
    assert_eq!(
        (all(&first), all(&second)),
        (vec![vec![1, 1]], vec![vec![3, 4]])
    );
    assert_eq!(all(&sessions.newest(3)), [vec![3, 4]]);
    assert_eq!(all(&sessions.newest(4)), all(&sessions));
    assert_eq!(all(&sessions.folded()), steps(&views));
}

#[test]
fn of_a_long_session_the_last_steps_count() {
    let many: Vec<_> = (0..=MAX_COUNTED_STEPS as u32)
        .map(|item| view(Owner::Session(1), i64::from(item), item))
        .collect();
    let sessions = steps(&many);
    assert_eq!(sessions[0].len(), MAX_COUNTED_STEPS);
    assert_eq!(
        (sessions[0][0], sessions[0].last()),
        (1, Some(&(MAX_COUNTED_STEPS as u32)))
    );
}

#[test]
fn machines_are_left_out_unless_they_are_wanted() {
    let mut views: Vec<_> = (0..MAX_SESSION_STEPS as u32 + 1)
        .map(|item| view(Owner::Visitor(9), i64::from(item), item))
        .collect();
    views.extend([view(Owner::Visitor(1), 0, 1), view(Owner::Visitor(1), 1, 2)]);
    assert_eq!(steps(&views), [vec![1, 2]]);
    let rules = Rules {
        keep_machines: true,
        ..Rules::default()
    };
    assert_eq!(cut(&views, rules).len(), 2);
    let mut counted = 0;
    let log = Log::of(&views);
    for number in 0..crate::interactions::PARTITIONS {
        let partition = log.partition(number).expect("in memory");
        Cut::of(&partition, Rules::default(), |_| counted += 1);
    }
    assert_eq!(counted, 2);
}

#[test]
fn a_visitor_with_too_many_interactions_is_none() {
    // An id that many share: no session of it alone is too long.
    let shared: Vec<_> = (0..=MAX_OWNER_INTERACTIONS as i64)
        .map(|at| view(Owner::Visitor(1), at * 60, at as u32 % 7))
        .collect();
    assert!(steps(&shared).is_empty());
    assert_eq!(steps(&shared[1..]).len(), MAX_OWNER_INTERACTIONS);
}

#[test]
fn a_sessions_purchases_are_one_basket() {
    let bought = |owner, minute, item| Interaction {
        name: EventName::Purchase,
        ..view(owner, minute, item)
    };
    let a = Owner::Visitor(1);
    let events = [
        bought(a, 0, 3),
        bought(a, 0, 1),
        view(a, 1, 9),
        bought(a, 2, 3),
        bought(a, 99, 2),
    ];
    let cut = Cut::of(&events, Rules::default(), |_| ());
    assert_eq!(all(&cut.baskets), [vec![1, 3], vec![2]]);
    assert_eq!(all(&cut.sessions), [vec![9]]);
}

#[test]
fn a_resellers_basket_is_left_out() {
    let order = |lines: usize| -> Vec<Interaction> {
        let line = |item| Interaction {
            name: EventName::Purchase,
            ..view(Owner::Session(1), 0, item)
        };
        (0..lines as u32).map(line).collect()
    };
    let baskets = |lines| {
        Cut::of(&order(lines), Rules::default(), |_| ())
            .baskets
            .len()
    };
    assert_eq!(
        (baskets(MAX_BASKET_LINES), baskets(MAX_BASKET_LINES + 1)),
        (1, 0)
    );
}

#[test]
fn a_span_is_small() {
    assert_eq!(size_of::<Span>(), 16);
}
