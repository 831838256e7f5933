//! Whether history may be used. Silence means no.

use percent_encoding::percent_decode_str;

use super::cookie_value;

/// The answer to "may this visitor's history be read and written?".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consent {
    /// Yes, the visitor said so.
    Granted,
    /// No, or nobody asked.
    Denied,
}

impl Consent {
    /// Reads the shop's own consent cookie.
    ///
    /// `cookie` is its name, `grants` the word that its percent-decoded value must contain; words are
    /// runs of letters, digits, `_` and `-`. `Sec-GPC: 1` (Global Privacy Control) overrules.
    pub fn read<'a>(
        cookie_lines: impl Iterator<Item = &'a str>,
        sec_gpc: Option<&str>,
        cookie: &str,
        grants: &str,
    ) -> Self {
        if sec_gpc.is_some_and(|value| value.trim() == "1") || cookie.is_empty() {
            return Self::Denied;
        }
        let Some(value) = cookie_value(cookie_lines, cookie) else {
            return Self::Denied;
        };
        let value = percent_decode_str(value).decode_utf8_lossy();
        let granted = !grants.is_empty()
            && value
                .split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-'))
                .any(|word| word == grants);
        if granted { Self::Granted } else { Self::Denied }
    }

    /// Whether the answer is yes.
    pub fn is_granted(self) -> bool {
        self == Self::Granted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn consent(cookie: &str, gpc: Option<&str>) -> bool {
        Consent::read([cookie].into_iter(), gpc, "consent", "personalisation").is_granted()
    }

    #[test]
    fn only_the_word_itself_grants() {
        assert!(consent("consent=personalisation", None));
        assert!(consent("a=b; consent=statistics%2Cpersonalisation", None));
        assert!(consent(
            "consent={%22ok%22:[%22personalisation%22]}",
            Some("0")
        ));
        assert!(!consent("", None));
        assert!(!consent("consent=essential", None));
        assert!(!consent("consent=no-personalisation", None));
        assert!(!consent("consent2=personalisation", None));
    }

    #[test]
    fn global_privacy_control_overrules() {
        assert!(!consent("consent=personalisation", Some("1")));
    }
}
