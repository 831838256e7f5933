//! A visitor's history on the way in: consent, our cookie, and what the shop remembers.

use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::Ambient;
use crate::http::RequestHead;
use crate::http::head::{all, first, joined};
use crate::keys::Keys;
use crate::page::Facts;
use crate::page::facts::customer_name;
use crate::recommend::{Known, KnownItems};
use crate::site::{Moment, Site, Source};
use crate::snapshot::{ItemKey, Kind, Snapshot};
use crate::visitor::{
    self, Adoptions, COOKIE_MAX_AGE, COOKIE_NAME, Consent, Traits, ValueKey, VisitorState,
    cookie_value, foreign_text,
};

const ID_SEED: u64 = 0x7461_696c_6f72_6264;

/// What is known of a visitor who consented.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// Our cookie's state, with this visit noted.
    pub state: VisitorState,
    /// What places for a share of visitors draw by: that of the cookie that came, for a visitor who is not
    /// known yet must see what everybody sees.
    pub lot: Option<u64>,
    /// What the shop remembers.
    pub adopted: Adoptions,
    /// What the shop calls the visitor.
    pub traits: Traits,
    /// The visitor's name, where a cookie of the shop's tells it.
    pub customer: Option<String>,
}

impl Visitor {
    /// Reads what may be read; `None` without consent.
    pub fn read(
        site: &Site,
        head: &RequestHead,
        ambient: &Ambient,
        keys: Option<&Keys>,
    ) -> Option<Self> {
        if !consent(site, head).is_granted() {
            return None;
        }
        let cookies = || all(&head.headers, "cookie");
        let value = cookie_value(cookies(), COOKIE_NAME);
        let mut state = value
            .map(|value| visitor::open(value, keys))
            .unwrap_or_default();
        let lot = state.lot();
        state.touch(ambient.now, visitor_id(ambient.random));
        Some(Self {
            state,
            lot,
            adopted: Adoptions::read(cookies(), &site.adopts),
            traits: Traits::read(cookies(), |name| joined(&head.headers, name), &site.traits),
            customer: customer(site, cookies()),
        })
    }

    /// What is known in a snapshot's items, for [`Visitor::known`].
    pub fn items(&self, snapshot: &Snapshot) -> KnownItems {
        KnownItems::of(snapshot, &self.state, &self.adopted)
    }

    /// What strategies may know.
    pub fn known<'a>(&'a self, items: &'a KnownItems) -> Known<'a> {
        Known {
            state: Some(&self.state),
            traits: Some(&self.traits),
            customer: self.customer.as_deref(),
            ..items.known()
        }
    }
}

/// What cookies of the shop's call the visitor: the first that site.toml names and that has a name. White space of
/// other kinds than blanks has no place in a cookie, so it is a control character there.
fn customer<'a>(site: &Site, cookies: impl Iterator<Item = &'a str> + Clone) -> Option<String> {
    site.facts.iter().find_map(|fact| match &fact.source {
        Source::Cookie(name) => foreign_text(cookies.clone(), name)
            .filter(|text| !text.contains(char::is_control))
            .and_then(|text| customer_name(&text)),
        _ => None,
    })
}

/// The id of a visitor whose first page drew this number. Reports name page views by the number itself, and
/// no report shall hold a visitor's id.
fn visitor_id(random: u64) -> u64 {
    xxh3_64_with_seed(&random.to_le_bytes(), ID_SEED)
}

/// What places' terms are held against.
pub fn moment(now: i64, visitor: Option<&Visitor>) -> Moment {
    Moment {
        now,
        lot: visitor.and_then(|visitor| visitor.lot),
    }
}

/// Whether this request's visitor consents.
pub(super) fn consent(site: &Site, head: &RequestHead) -> Consent {
    let sec_gpc = first(&head.headers, "sec-gpc");
    Consent::read(all(&head.headers, "cookie"), sec_gpc, &site.consent)
}

/// Whether our cookie came with the request.
pub(super) fn has_cookie(head: &RequestHead) -> bool {
    cookie_value(all(&head.headers, "cookie"), COOKIE_NAME).is_some()
}

/// The value of the header that writes our cookie.
pub(super) fn cookie(state: &VisitorState, keys: Option<&Keys>, is_secure: bool) -> String {
    let value = visitor::seal(state, keys);
    let secure = if is_secure { "; Secure" } else { "" };
    format!(
        "{COOKIE_NAME}={value}; Path=/; Max-Age={COOKIE_MAX_AGE}; HttpOnly; SameSite=Lax{secure}"
    )
}

/// The header that deletes our cookie.
pub(super) fn deletion() -> (&'static str, String) {
    let value = format!("{COOKIE_NAME}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
    ("set-cookie", value)
}

/// Notes what a page tells of the visitor's doings: a cart, an order, a search.
pub(super) fn record_facts(state: &mut VisitorState, facts: &Facts, snapshot: &Snapshot, now: i64) {
    let key = |item: &u32| snapshot.id(*item).map(ItemKey::of);
    if facts.is_order || !facts.ordered.is_empty() {
        // A page that confirms an order without naming its products: what was in the cart.
        let ordered: Vec<ItemKey> = match facts.ordered.as_slice() {
            [] => state.cart.iter().map(|line| line.item).collect(),
            ordered => ordered.iter().filter_map(key).collect(),
        };
        state.record_purchase(ordered, now);
    } else if !facts.cart.is_empty() {
        state.record_cart(facts.cart.iter().filter_map(key), now);
    }
    let category = facts.category.filter(|_| facts.search.is_some());
    let category = category.and_then(|code| snapshot.code_text(Kind::Category, code));
    if let Some(category) = category {
        state.record_search(ValueKey::of(category));
    }
}
