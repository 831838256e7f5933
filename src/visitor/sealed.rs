//! The cookie's value as it travels: signed when the operator gave keys.
//!
//! ```text
//! payload                    without keys
//! payload "." signature      with keys; the signature is over the payload's text (`keys`)
//! ```
//!
//! With keys, a value without a signature that holds is an empty state: nobody can make one up, or give one
//! visitor's cookie parts of another's. Without keys the payload is believed in either case, so that keys
//! that are taken away make no visitor forgotten; there is nothing to be gained by refusing it, for one
//! without a signature is believed, too.

use super::{MAX_COOKIE_BYTES, VisitorState, decode, encode};
use crate::keys::{Domain, Keys};

/// The cookie value of a state.
pub fn seal(state: &VisitorState, keys: Option<&Keys>) -> String {
    let payload = encode(state);
    match keys {
        Some(keys) => {
            let signature = keys.sign(Domain::Cookie, payload.as_bytes());
            format!("{payload}.{signature}")
        }
        None => payload,
    }
}

/// The state that a cookie value holds; empty when there is anything wrong with it.
pub fn open(value: &str, keys: Option<&Keys>) -> VisitorState {
    if value.len() > MAX_COOKIE_BYTES {
        return VisitorState::default();
    }
    let (payload, signature) = value.split_once('.').unwrap_or((value, ""));
    let is_ours =
        keys.is_none_or(|keys| keys.verify(Domain::Cookie, payload.as_bytes(), signature));
    if is_ours {
        decode(payload)
    } else {
        VisitorState::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::ItemKey;

    #[test]
    fn with_keys_only_what_was_signed_counts() {
        let keys = Keys::parse("0123456789abcdef").unwrap();
        let mut state = VisitorState::default();
        state.record_view(ItemKey::of("a"), 600);
        let signed = seal(&state, Some(&keys));
        let plain = seal(&state, None);
        assert_eq!(open(&signed, Some(&keys)), state);
        assert_eq!(
            open(&signed, None),
            state,
            "without keys it is read all the same"
        );
        assert_eq!(open(&plain, None), state);
        assert!(open(&plain, Some(&keys)).is_empty());
        assert!(open(&format!("{plain}."), Some(&keys)).is_empty());
        let mut other = state.clone();
        other.like(ItemKey::of("b"));
        let forged = signed.replace(&plain, &seal(&other, None));
        assert!(open(&forged, Some(&keys)).is_empty());
        let rotated = Keys::parse("fedcba9876543210 0123456789abcdef").unwrap();
        assert_eq!(open(&signed, Some(&rotated)), state);
    }

    #[test]
    fn a_full_cookie_fits_with_its_signature() {
        let keys = Keys::parse("0123456789abcdef").unwrap();
        let mut state = VisitorState::default();
        state.touch(1 << 40, u64::MAX);
        for n in 0..100 {
            state.record_view(ItemKey::from_u64(n), 1 << 30);
            state.like(ItemKey::from_u64(n));
            state.dislike(ItemKey::from_u64(1000 + n));
            state.record_purchase([ItemKey::from_u64(2000 + n)], 1 << 36);
        }
        let value = seal(&state, Some(&keys));
        assert!(value.len() <= MAX_COOKIE_BYTES, "{}", value.len());
        assert_eq!(open(&value, Some(&keys)).views.first(), state.views.first());
    }
}
