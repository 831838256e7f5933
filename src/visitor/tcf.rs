//! Consent to purposes in a TC string of IAB Europe's Transparency and Consent Framework, version 2.
//!
//! ```text
//! a TC string: segments in base64url, between dots; the first one is the core string
//!
//! bit  bits  field of the core string (most significant bit first)
//! 0    6     version, 2
//! 6    146   times, the CMP, its screen and language, versions, two flags, special features
//! 152  24    PurposesConsent: purpose 1 is the first bit
//! 176  ...   legitimate interests, vendors, restrictions: not read
//! ```
//!
//! Source: IAB Tech Lab, "Consent string and vendor list formats", version 2.2, "The core string".

/// Purposes that a core string has bits for; eleven of them have a meaning in version 2.2.
pub const MAX_PURPOSE: u8 = 24;
const VERSION: u8 = 2;
const VERSION_BITS: u32 = 6;
const PURPOSES_AT: usize = 152;
/// How much of the core string is read: up to the last purpose, in sixths of a byte.
const CHARS: usize = (PURPOSES_AT + MAX_PURPOSE as usize).div_ceil(6);

/// Whether a TC string consents to all of `purposes`; `false` for anything that is no such string.
pub(super) fn consents(tc_string: &str, purposes: &[u8]) -> bool {
    let Some(core) = tc_string
        .split('.')
        .next()
        .and_then(|core| core.get(..CHARS))
    else {
        return false;
    };
    let Some(sextets) = core.bytes().map(sextet).collect::<Option<Vec<u8>>>() else {
        return false;
    };
    let bit = |at: usize| {
        let sextet = sextets.get(at / 6).copied().unwrap_or(0);
        sextet >> (5 - at % 6) & 1 == 1
    };
    const { assert!(VERSION_BITS == 6) };
    let is_version = sextets.first() == Some(&VERSION);
    let is_given = |purpose: &u8| {
        (1..=MAX_PURPOSE).contains(purpose) && bit(PURPOSES_AT + usize::from(*purpose) - 1)
    };
    is_version && !purposes.is_empty() && purposes.iter().all(is_given)
}

/// The six bits of a character in base64url.
fn sextet(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'-' => Some(62),
        b'_' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// As a CMP writes it when everything is allowed: purposes 1 to 10.
    const ALL: &str = "COxR03kOxR1CqBcABCENAgCMAP_AAH_AAAqIF3EXySoGY2thI2YVFxBEIYwfJxyigMgChgQIsSwNQIeFLBoGLiAAHBGYJAQAGBAEEACBAQIkHGBMCQAAgAgBiRCMQEGMCzNIBIBAggEbY0FACCVmHkHSmZCY7064O__QLuIJEFQMAkSBAIACLECIQwAQDiAAAYAl";
    /// As IAB's own library writes the defaults: nothing.
    const NONE: &str = "CPSG_8APSG_8AAAAAAENAACAAAAAAAAAAAAAAAAAAAAA.QAAA.IAAA";

    /// [`NONE`] with consent to one purpose.
    fn only(purpose: usize) -> String {
        let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let at = PURPOSES_AT + purpose - 1;
        let mut chars: Vec<u8> = NONE.bytes().collect();
        let bits = sextet(chars[at / 6]).unwrap() | 1 << (5 - at % 6);
        chars[at / 6] = alphabet[usize::from(bits)];
        String::from_utf8(chars).unwrap()
    }

    #[test]
    fn strings_of_others() {
        assert!(consents(ALL, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]));
        assert!(!consents(ALL, &[1, 11]));
        for purpose in 1..=MAX_PURPOSE {
            assert!(!consents(NONE, &[purpose]), "{purpose}");
        }
    }

    #[test]
    fn every_purpose_has_its_bit() {
        for purpose in 1..=MAX_PURPOSE {
            let string = only(usize::from(purpose));
            for asked in 1..=MAX_PURPOSE {
                assert_eq!(consents(&string, &[asked]), asked == purpose);
            }
        }
    }

    #[test]
    fn what_is_no_tc_string_consents_to_nothing() {
        let first = |c: char| format!("{c}{}", &ALL[1..]);
        for wrong in [
            "",
            "C",
            &ALL[..CHARS - 1],
            &first('B'),
            &first('D'),
            &first('%'),
        ] {
            assert!(!consents(wrong, &[1]), "{wrong}");
        }
        assert!(consents(&ALL[..CHARS], &[1]), "the rest is not read");
        assert!(!consents(ALL, &[]), "nothing asked, nothing granted");
        assert!(!consents(ALL, &[0]) && !consents(ALL, &[25, 255]));
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in ".{0,80}", purposes in prop::collection::vec(any::<u8>(), 0..4)) {
            consents(&text, &purposes);
        }
    }
}
