//! Debug tokens: whoever holds one sees how decisions about pages come about, as the visitor that it says.
//!
//! ```text
//! token = base64url(payload) "." signature          at most MAX_TOKEN_BYTES; the signature is over the first part
//!
//! payload
//! 0  1  version, 1
//! 1  8  when it expires, seconds since 1970, little-endian
//! 9  …  entries: u8 tag, u8 length, UTF-8
//!         1  a segment that the visitor is in
//!         2  a variant that the visitor has: EXPERIMENT=NAME
//!         3  an item that the visitor looked at, by its id; the newest one last
//! ```
//!
//! An entry with another tag is skipped: it can only add.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::http::RequestHead;
use crate::keys::{Domain, Keys};
use crate::snapshot::ItemKey;
use crate::visitor::{Adoptions, Traits, VisitorState};

use super::{Ambient, Visitor};

/// The query parameter that holds a token.
pub const DEBUG_PARAMETER: &str = "tailorbird_debug";

/// The longest token.
pub const MAX_TOKEN_BYTES: usize = 1024;

const VERSION: u8 = 1;
const SEGMENT: u8 = 1;
const VARIANT: u8 = 2;
const VIEWED: u8 = 3;

/// What a debug token says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DebugToken {
    /// From when on it is none, in seconds since 1970.
    pub expires: i64,
    /// Segments that the visitor is in.
    pub segments: Vec<String>,
    /// Variants that the visitor has: an experiment's name, an equals sign, the variant's name.
    pub variants: Vec<String>,
    /// Ids of items that the visitor looked at, the newest one last.
    pub viewed: Vec<String>,
}

/// Why a token cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// A name or an id is too long.
    #[error("expected names and ids of at most 255 bytes, found one of {0}")]
    Entry(usize),
    /// All of it is too long.
    #[error("expected a token of at most {MAX_TOKEN_BYTES} bytes, found {0}: name fewer items")]
    Long(usize),
}

impl DebugToken {
    /// The signed token.
    ///
    /// # Errors
    /// It would be too long.
    pub fn sign(&self, keys: &Keys) -> Result<String, TokenError> {
        let mut payload = vec![VERSION];
        payload.extend(self.expires.to_le_bytes());
        let lists = [
            (SEGMENT, &self.segments),
            (VARIANT, &self.variants),
            (VIEWED, &self.viewed),
        ];
        for (tag, entries) in lists {
            for entry in entries {
                let length = u8::try_from(entry.len());
                let length = length.map_err(|_| TokenError::Entry(entry.len()))?;
                payload.extend([tag, length]);
                payload.extend(entry.as_bytes());
            }
        }
        let payload = URL_SAFE_NO_PAD.encode(payload);
        let signature = keys.sign(Domain::Debug, payload.as_bytes());
        let token = format!("{payload}.{signature}");
        match token.len() {
            0..=MAX_TOKEN_BYTES => Ok(token),
            length => Err(TokenError::Long(length)),
        }
    }

    /// Reads a token; `None` when there is anything wrong with it, or it has expired at `now`.
    pub fn read(token: &str, keys: &Keys, now: i64) -> Option<Self> {
        let (payload, signature) = token.split_once('.')?;
        let is_ours = token.len() <= MAX_TOKEN_BYTES
            && keys.verify(Domain::Debug, payload.as_bytes(), signature);
        let payload = URL_SAFE_NO_PAD.decode(is_ours.then_some(payload)?).ok()?;
        let (version, rest) = payload.split_first()?;
        let (expires, mut rest) = rest.split_first_chunk::<8>()?;
        let mut token = Self {
            expires: i64::from_le_bytes(*expires),
            ..Self::default()
        };
        if *version != VERSION || now >= token.expires {
            return None;
        }
        while let [tag, length, entries @ ..] = rest {
            let (entry, after) = entries.split_at_checked(usize::from(*length))?;
            let entry = String::from_utf8(entry.to_vec()).ok()?;
            match *tag {
                SEGMENT => token.segments.push(entry),
                VARIANT => token.variants.push(entry),
                VIEWED => token.viewed.push(entry),
                _ => {}
            }
            rest = after;
        }
        rest.is_empty().then_some(token)
    }

    /// The visitor that a token stands for.
    pub(super) fn visitor(&self, ambient: &Ambient) -> Visitor {
        let mut state = VisitorState::default();
        for id in &self.viewed {
            state.record_view(ItemKey::of(id), ambient.now);
        }
        state.touch(ambient.now, 1);
        Visitor {
            state,
            lot: None,
            adopted: Adoptions::default(),
            traits: Traits::default(),
            customer: None,
        }
    }
}

/// The value of the token's parameter, and the target without it. A token needs no percent-encoding.
pub(super) fn of_target(target: &str) -> Option<(&str, String)> {
    let (path, query) = target.split_once('?')?;
    let is_token = |pair: &&str| {
        let name = pair.split_once('=').map(|(name, _)| name);
        name == Some(DEBUG_PARAMETER)
    };
    let (_, token) = query.split('&').find(is_token)?.split_once('=')?;
    let kept = query.split('&').filter(|pair| !is_token(pair));
    let kept: Vec<&str> = kept.collect();
    let target = match kept.is_empty() {
        true => path.to_owned(),
        false => format!("{path}?{}", kept.join("&")),
    };
    Some((token, target))
}

/// The token in a request, if it is one, and the request without it.
pub(super) fn of_request(
    head: &RequestHead,
    keys: Option<&Keys>,
    now: i64,
) -> Option<(DebugToken, RequestHead)> {
    let (token, target) = of_target(&head.target)?;
    let token = DebugToken::read(token, keys?, now)?;
    let head = RequestHead {
        target,
        ..head.clone()
    };
    Some((token, head))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: i64 = 1_790_000_000;

    fn keys() -> Keys {
        Keys::parse("0123456789abcdef").unwrap()
    }

    fn token() -> DebugToken {
        DebugToken {
            expires: NOW,
            segments: vec!["bargain hunters".into()],
            variants: vec!["order=b".into()],
            viewed: vec!["A-1".into(), "ä".into()],
        }
    }

    #[test]
    fn a_token_is_what_was_signed_until_it_expires() {
        let signed = token().sign(&keys()).unwrap();
        assert_eq!(DebugToken::read(&signed, &keys(), NOW - 1), Some(token()));
        assert_eq!(DebugToken::read(&signed, &keys(), NOW), None);
        let others = Keys::parse("fedcba9876543210").unwrap();
        assert_eq!(DebugToken::read(&signed, &others, NOW - 1), None);
        let (payload, _) = signed.split_once('.').unwrap();
        let cookie = keys().sign(Domain::Cookie, payload.as_bytes());
        for wrong in [
            "",
            ".",
            payload,
            &format!("{payload}.{cookie}"),
            &format!("A{signed}"),
        ] {
            assert_eq!(DebugToken::read(wrong, &keys(), 0), None, "{wrong}");
        }
    }

    #[test]
    fn a_payload_that_was_signed_but_is_none() {
        let read = |payload: &[u8]| {
            let payload = URL_SAFE_NO_PAD.encode(payload);
            let signature = keys().sign(Domain::Debug, payload.as_bytes());
            DebugToken::read(&format!("{payload}.{signature}"), &keys(), 0)
        };
        let soon = [1, 9, 0, 0, 0, 0, 0, 0, 0];
        assert!(read(&soon).is_some());
        let with = |more: &[u8]| read(&[&soon, more].concat());
        assert_eq!(
            with(&[9, 1, b'x']),
            read(&soon),
            "an unknown tag is skipped"
        );
        for wrong in [&[1][..], &[1, 1], &[1, 2, b'x'], &[1, 1, 0xff]] {
            assert_eq!(with(wrong), None, "{wrong:?}");
        }
        assert_eq!(read(&[2, 9, 0, 0, 0, 0, 0, 0, 0]), None);
        assert_eq!(read(&soon[..8]), None);
    }

    #[test]
    fn tokens_have_limits() {
        let mut long = token();
        long.viewed = vec!["x".repeat(256)];
        assert_eq!(long.sign(&keys()), Err(TokenError::Entry(256)));
        long.viewed = vec!["x".repeat(255); 3];
        assert!(matches!(long.sign(&keys()), Err(TokenError::Long(_))));
    }

    #[test]
    fn the_parameter_leaves_the_rest_of_a_target_as_it_is() {
        for (target, expected) in [
            ("/a?tailorbird_debug=x", Some(("x", "/a"))),
            ("/a?b=%20&tailorbird_debug=x&&c", Some(("x", "/a?b=%20&&c"))),
            (
                "/a?tailorbird_debug=x&tailorbird_debug=y",
                Some(("x", "/a")),
            ),
            ("/a?tailorbird_debug", None),
            ("/a?xtailorbird_debug=x", None),
            ("/tailorbird_debug=x", None),
        ] {
            let found = of_target(target);
            let found = found
                .as_ref()
                .map(|(token, target)| (*token, target.as_str()));
            assert_eq!(found, expected, "{target}");
        }
    }

    proptest! {
        #[test]
        fn any_token_is_read_without_panic(payload: Vec<u8>, now: i64) {
            let payload = URL_SAFE_NO_PAD.encode(payload);
            let signature = keys().sign(Domain::Debug, payload.as_bytes());
            DebugToken::read(&format!("{payload}.{signature}"), &keys(), now);
        }
    }
}
