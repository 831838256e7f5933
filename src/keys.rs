//! Secrets of the shop, with which a worker tells what it wrote from what somebody else did.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The most secrets at a time.
pub const MAX_KEYS: usize = 4;
/// The least bytes of a secret.
pub const MIN_KEY_BYTES: usize = 16;
/// How much of an HMAC-SHA256 is kept: 96 bits, which RFC 2104 (section 5) still calls sound.
pub const TAG_BYTES: usize = 12;
/// A tag's length in base64url.
pub const TAG_CHARS: usize = TAG_BYTES / 3 * 4;

/// What a signature is for. One that was made for something else does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Domain {
    /// The visitor's cookie.
    Cookie,
    /// A token that lets somebody look into decisions.
    Debug,
}

impl Domain {
    /// Signed in front of the bytes; none is the beginning of another.
    fn prefix(self) -> &'static [u8] {
        match self {
            Self::Cookie => b"tailorbird cookie\0",
            Self::Debug => b"tailorbird debug\0",
        }
    }
}

/// One to [`MAX_KEYS`] secrets. The first one signs and all of them verify, so that a new one can be put in
/// front and the old one be taken out when what it signed has expired.
#[derive(Clone)]
pub struct Keys {
    secrets: Vec<Hmac<Sha256>>,
}

/// Why secrets cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeysError {
    /// None, or too many.
    #[error("expected 1 to {MAX_KEYS} secrets, one a line, the newest first; found {0}")]
    Count(usize),
    /// A secret that could be guessed.
    #[error(
        "secret {number} has {bytes} bytes; expected at least {MIN_KEY_BYTES}: `openssl rand -base64 32` makes one"
    )]
    Short {
        /// Which secret, from 1.
        number: usize,
        /// How long it is.
        bytes: usize,
    },
}

impl Keys {
    /// Reads secrets: words between white space or commas, the one that signs first. A secret is its own
    /// text; it is not decoded.
    ///
    /// # Errors
    /// There are none, too many, or one is too short.
    pub fn parse(text: &str) -> Result<Self, KeysError> {
        let words = text.split(|c: char| c.is_whitespace() || c == ',');
        let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        if words.is_empty() || words.len() > MAX_KEYS {
            return Err(KeysError::Count(words.len()));
        }
        let secrets = words.iter().zip(1..).map(|(word, number)| {
            let short = KeysError::Short {
                number,
                bytes: word.len(),
            };
            // An HMAC takes keys of any length, so the second error never comes.
            let key = (word.len() >= MIN_KEY_BYTES).then_some(word).ok_or(short)?;
            Hmac::new_from_slice(key.as_bytes()).map_err(|_| short)
        });
        Ok(Self {
            secrets: secrets.collect::<Result<_, _>>()?,
        })
    }

    /// Reads an operator's setting, in which nothing but white space means no keys.
    ///
    /// # Errors
    /// As [`Keys::parse`]. An engine should be closed then: without the keys that were meant, it would
    /// believe every cookie.
    pub fn of_setting(text: &str) -> Result<Option<Arc<Self>>, KeysError> {
        if text.trim().is_empty() {
            return Ok(None);
        }
        Self::parse(text).map(|keys| Some(Arc::new(keys)))
    }

    /// The signature of some bytes, in base64url.
    pub fn sign(&self, domain: Domain, bytes: &[u8]) -> String {
        let tag = self
            .secrets
            .first()
            .map(|secret| tag(secret, domain, bytes));
        URL_SAFE_NO_PAD.encode(tag.unwrap_or_default())
    }

    /// Whether one of the secrets made this signature of these bytes.
    pub fn verify(&self, domain: Domain, bytes: &[u8], signature: &str) -> bool {
        let Ok(found) = URL_SAFE_NO_PAD.decode(signature) else {
            return false;
        };
        found.len() == TAG_BYTES
            && self.secrets.iter().any(|secret| {
                // In constant time, so that nobody can learn a tag byte by byte.
                mac(secret, domain, bytes)
                    .verify_truncated_left(&found)
                    .is_ok()
            })
    }
}

impl std::fmt::Debug for Keys {
    /// How many, and nothing else.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Keys({})", self.secrets.len())
    }
}

fn mac(secret: &Hmac<Sha256>, domain: Domain, bytes: &[u8]) -> Hmac<Sha256> {
    secret
        .clone()
        .chain_update(domain.prefix())
        .chain_update(bytes)
}

fn tag(secret: &Hmac<Sha256>, domain: Domain, bytes: &[u8]) -> [u8; TAG_BYTES] {
    let whole = mac(secret, domain, bytes).finalize().into_bytes();
    let mut tag = [0; TAG_BYTES];
    tag.iter_mut().zip(whole).for_each(|(to, from)| *to = from);
    tag
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "0123456789abcdef";
    const TWO: &str = "fedcba9876543210";

    #[test]
    fn the_first_signs_and_all_verify() {
        let keys = |text: &str| Keys::parse(text).unwrap();
        let (old, new) = (keys(ONE), keys(&format!("{TWO}\n{ONE}\n")));
        let signature = old.sign(Domain::Cookie, b"x");
        assert_eq!(signature.len(), TAG_CHARS);
        assert!(new.verify(Domain::Cookie, b"x", &signature));
        assert!(!old.verify(Domain::Cookie, b"x", &new.sign(Domain::Cookie, b"x")));
        assert!(!old.verify(Domain::Cookie, b"y", &signature));
        assert!(!old.verify(Domain::Debug, b"x", &signature));
        for wrong in ["", "A", &signature[..8], &format!("{signature}AAAA"), "!!"] {
            assert!(!old.verify(Domain::Cookie, b"x", wrong), "{wrong}");
        }
        assert_eq!(format!("{new:?}"), "Keys(2)");
    }

    /// `printf 'tailorbird cookie\0x' | openssl dgst -sha256 -hmac 0123456789abcdef`
    #[test]
    fn what_is_signed_is_written_down() {
        let keys = Keys::parse(ONE).unwrap();
        assert_eq!(keys.sign(Domain::Cookie, b"x"), "Cz-gteJGfA-8xS28");
    }

    #[test]
    fn secrets_that_cannot_be_used() {
        assert_eq!(Keys::parse(" \n").unwrap_err(), KeysError::Count(0));
        let five = [ONE; 5].join(",");
        assert_eq!(Keys::parse(&five).unwrap_err(), KeysError::Count(5));
        let short = KeysError::Short {
            number: 2,
            bytes: 15,
        };
        assert_eq!(
            Keys::parse(&format!("{ONE},{}", &TWO[1..])).unwrap_err(),
            short
        );
        assert!(short.to_string().contains("openssl rand"));
        assert!(
            Keys::of_setting(" \n").unwrap().is_none(),
            "none were meant"
        );
        assert!(Keys::of_setting("x").is_err());
    }
}
