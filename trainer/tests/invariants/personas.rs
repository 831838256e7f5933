//! Twelve kinds of visitors.

use tailorbird::snapshot::ItemKey;
use tailorbird::visitor::{COOKIE_NAME, MAX_VIEWS, VisitorState, encode};
use tailorbird_demo_shop::EVENTS_NOW;

use super::facts::{Fact, Facts};
use super::shop::{HIDDEN_BRAND, PINNED};

const NOW: i64 = EVENTS_NOW + 3_600;
const DAY: i64 = 86_400;

/// A visitor: the cookies that come, and what must be kept from the visitor for them.
pub struct Persona {
    pub name: &'static str,
    /// Lines of `Cookie`.
    pub cookies: Vec<String>,
    pub cart: Vec<String>,
    pub dislikes: Vec<String>,
    /// Seconds since 1970.
    pub now: i64,
}

impl Persona {
    fn new(name: &'static str, cookie: impl Into<Option<String>>) -> Self {
        let cookie = cookie.into();
        let ours = cookie.map(|value| format!("consent=personalisation; {COOKIE_NAME}={value}"));
        Self {
            name,
            cookies: ours.into_iter().collect(),
            cart: Vec::new(),
            dislikes: Vec::new(),
            now: NOW,
        }
    }

    fn known(name: &'static str, state: &VisitorState) -> Self {
        Self::new(name, encode(state))
    }
}

/// All of them; none is like another.
pub fn all(facts: &Facts) -> Vec<Persona> {
    let reduced = facts.which(Fact::is_reduced);
    let brand = facts.which(|fact| fact.brand == "Avelund");
    let first = facts.get(&facts.ids[0]).expect("an item");
    let category = facts.which(|fact| fact.product_type == first.product_type);
    let sold_out = facts.which(|fact| !fact.in_stock);
    let hidden = facts.which(|fact| fact.brand == HIDDEN_BRAND);
    let some = every(&facts.ids, 17);
    let liked = facts.which(|fact| fact.in_stock && fact.product_type == first.product_type);
    let pinned = [PINNED.to_owned()];
    // Sold out and hidden ones among them: looked at, they would be what is recently viewed.
    let mixed: Vec<String> = [&sold_out[..4], &hidden[..4], &some[..]].concat();

    let mut with_cart = viewed(&mixed[..12], NOW - DAY);
    let cart = [&liked[..2], &pinned].concat();
    with_cart.record_cart(keys(&cart), NOW - 7_200);
    let mut with_dislikes = viewed(&liked[2..], NOW - DAY);
    let dislikes = [&liked[2..6], &some[..2]].concat();
    keys(&dislikes).for_each(|item| with_dislikes.dislike(item));
    keys(&liked[7..9]).for_each(|item| with_dislikes.like(item));
    let mut buyer = viewed(&some[..6], NOW - 40 * DAY);
    buyer.record_purchase(keys(&some[..3]), NOW - 39 * DAY);
    buyer.touch(NOW - DAY, 1);
    let full = viewed(&every(&facts.ids, 19)[..MAX_VIEWS], NOW - DAY);
    let mut damaged = encode(&full);
    damaged.replace_range(40..44, "AAAA");

    vec![
        Persona {
            cookies: vec!["consent=essential".into()],
            ..Persona::new("no consent", None)
        },
        Persona {
            cookies: vec!["consent=personalisation".into()],
            ..Persona::new("new", None)
        },
        Persona::known("one view", &viewed(&some[..1], NOW - 60)),
        Persona::known("bargain hunter", &viewed(&reduced, NOW - DAY)),
        Persona::known("brand lover", &viewed(&brand, NOW - DAY)),
        Persona::known("category lover", &viewed(&category, NOW - DAY)),
        Persona::known("full cookie", &full),
        Persona {
            cart,
            ..Persona::known("with a cart", &with_cart)
        },
        Persona {
            dislikes,
            ..Persona::known("with dislikes", &with_dislikes)
        },
        Persona::known("buyer", &buyer),
        Persona::known("lapsed", &viewed(&mixed, NOW - 60 * DAY)),
        Persona::new("damaged cookie", damaged),
    ]
}

/// A visitor who looked at these, a minute after the other, up to `last`.
fn viewed(ids: &[String], last: i64) -> VisitorState {
    let mut state = VisitorState::default();
    let ids = &ids[..ids.len().min(MAX_VIEWS)];
    for (before, item) in keys(ids)
        .enumerate()
        .rev()
        .map(|(n, item)| (n as i64, item))
    {
        state.touch(last - before * 60, 0x5eed);
        state.record_view(item, last - before * 60);
    }
    state
}

fn keys(ids: &[String]) -> impl DoubleEndedIterator<Item = ItemKey> + ExactSizeIterator {
    ids.iter().map(|id| ItemKey::of(id))
}

fn every(ids: &[String], step: usize) -> Vec<String> {
    ids.iter().step_by(step).cloned().collect()
}
