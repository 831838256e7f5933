//! What is known of a visitor: all of it in the visitor's own first-party cookie.

mod codec;
mod consent;
mod cookies;

pub use codec::{MAX_COOKIE_BYTES, MAX_VIEWS, decode, encode};
pub use consent::Consent;
pub use cookies::{cookie_value, without_cookie};

use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::snapshot::ItemKey;

/// The name of the visitor's cookie.
pub const COOKIE_NAME: &str = "tailorbird";

/// How long the cookie lives after the last recorded view, in seconds: 180 days.
pub const COOKIE_MAX_AGE: i64 = 180 * 24 * 60 * 60;

/// One product view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct View {
    /// Which item.
    pub item: ItemKey,
    /// When, in minutes since 1970.
    pub minute: u32,
}

/// What the cookie says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VisitorState {
    /// Recent views, newest first, each item once; at most [`MAX_VIEWS`].
    pub views: Vec<View>,
}

impl VisitorState {
    /// Records a view of `item` at `now` (seconds since 1970). The oldest view goes when it is full.
    pub fn record_view(&mut self, item: ItemKey, now: i64) {
        let minute = u32::try_from(now / 60).unwrap_or(0);
        self.views.retain(|view| view.item != item);
        self.views.insert(0, View { item, minute });
        self.views.truncate(MAX_VIEWS);
    }

    /// A number that tells this visitor from others, for places that only a share of visitors get: there
    /// is no id, so it is made from the oldest view. It changes when that one falls out of a full history,
    /// or is looked at again.
    pub fn lot(&self) -> Option<u64> {
        let oldest = self.views.last()?;
        let minute = u64::from(oldest.minute);
        Some(xxh3_64_with_seed(
            &minute.to_le_bytes(),
            oldest.item.as_u64(),
        ))
    }

    /// Whether anything is known.
    pub fn is_empty(&self) -> bool {
        self.views.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_moves_to_the_front_and_the_oldest_falls_out() {
        let mut state = VisitorState::default();
        for n in 0..MAX_VIEWS + 3 {
            state.record_view(ItemKey::of(&n.to_string()), 60 * n as i64);
        }
        assert_eq!(state.views.len(), MAX_VIEWS);
        let lot = state.lot();
        state.record_view(ItemKey::of("5"), 6_000);
        assert_eq!(state.views.len(), MAX_VIEWS);
        assert_eq!(
            state.views[0],
            View {
                item: ItemKey::of("5"),
                minute: 100
            }
        );
        assert_eq!(state.lot(), lot, "the oldest is another's");
        assert_eq!(
            state
                .views
                .iter()
                .filter(|v| v.item == ItemKey::of("5"))
                .count(),
            1
        );
    }
}
