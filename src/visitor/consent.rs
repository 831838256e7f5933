//! Whether history may be used. Silence means no. `docs/consent.md` is the table of what follows from what.

use percent_encoding::percent_decode_str;

use super::{cookie_value, tcf};
use crate::site::{ConsentRule, GoogleRule, TcfRule};

/// The longest value of a shop's cookie that is looked at, in bytes: as long as browsers keep one.
pub const MAX_FOREIGN_COOKIE_BYTES: usize = 4096;

/// The answer to "may this visitor's history be read and written?".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consent {
    /// Yes, the visitor said so.
    Granted,
    /// No, or nobody asked.
    Denied,
}

impl Consent {
    /// Reads the shop's own consent cookies.
    ///
    /// All that `rule` asks for must say yes: the shop's word, the purposes of a TC string, the types of
    /// Google's consent mode. Asking for nothing is no. `Sec-GPC: 1` (Global Privacy Control) overrules.
    pub fn read<'a>(
        cookie_lines: impl Iterator<Item = &'a str> + Clone,
        sec_gpc: Option<&str>,
        rule: &ConsentRule,
    ) -> Self {
        if sec_gpc.is_some_and(|value| value.trim() == "1") {
            return Self::Denied;
        }
        let value = |name: &str| {
            let value = cookie_value(cookie_lines.clone(), name)?;
            (!name.is_empty() && value.len() <= MAX_FOREIGN_COOKIE_BYTES).then_some(value)
        };
        let ConsentRule {
            cookie,
            grants,
            tcf,
            google,
            ..
        } = rule;
        let word = (!cookie.is_empty() || !grants.is_empty())
            .then(|| value(cookie).is_some_and(|value| has_word(value, grants)));
        let tcf = (*tcf != TcfRule::default())
            .then(|| value(&tcf.cookie).is_some_and(|value| tcf::consents(value, &tcf.purposes)));
        let google = (*google != GoogleRule::default())
            .then(|| value(&google.cookie).is_some_and(|value| google_grants(value, google)));
        let mut asked = [word, tcf, google].into_iter().flatten().peekable();
        if asked.peek().is_some() && asked.all(|yes| yes) {
            Self::Granted
        } else {
            Self::Denied
        }
    }

    /// Whether the answer is yes.
    pub fn is_granted(self) -> bool {
        self == Self::Granted
    }
}

/// Whether `text` may be what a consent cookie says yes by: a word, or a word, a colon and a word.
pub fn is_grant(text: &str) -> bool {
    let mut words = text.split(':');
    let sound = |word: Option<&str>| word.is_some_and(|w| !w.is_empty() && w.chars().all(is_part));
    sound(words.next())
        && words.next().is_none_or(|word| sound(Some(word)))
        && words.next().is_none()
}

fn is_part(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '-'
}

/// Whether a cookie's value has the word, or says so of the name before the colon.
fn has_word(value: &str, grants: &str) -> bool {
    let value = percent_decode_str(value).decode_utf8_lossy();
    if !is_grant(grants) {
        return false;
    }
    match grants.split_once(':') {
        Some((name, wanted)) => says(&value, name, wanted),
        None => value.split(|c| !is_part(c)).any(|word| word == grants),
    }
}

/// Whether Google's consent types are all granted: JSON, or `type:granted` between commas.
fn google_grants(value: &str, rule: &GoogleRule) -> bool {
    let value = percent_decode_str(value).decode_utf8_lossy();
    let mut types = rule.requires.iter();
    !rule.requires.is_empty() && types.all(|name| says(&value, name, "granted"))
}

/// Whether `name` stands there with the value `wanted`, and nowhere with another. Between the two stands a
/// colon or an equals sign; quotes and spaces around them count nothing, so JSON can be read, too.
fn says(text: &str, name: &str, wanted: &str) -> bool {
    let mut found = false;
    let mut rest = text;
    while let Some(at) = rest.find(is_part) {
        let from = rest.get(at..).unwrap_or_default();
        let (word, after) = split_word(from);
        rest = after;
        if word != name {
            continue;
        }
        let unquoted = |text: &'_ str| -> usize {
            text.len() - text.trim_start_matches(['"', '\'', ' ']).len()
        };
        let after = after.get(unquoted(after)..).unwrap_or_default();
        if let Some(value) = after.strip_prefix([':', '=']) {
            let value = value.get(unquoted(value)..).unwrap_or_default();
            if split_word(value).0 != wanted {
                return false;
            }
            found = true;
        }
    }
    found
}

/// The word at the start, and what is behind it.
fn split_word(text: &str) -> (&str, &str) {
    let end = text.find(|c| !is_part(c)).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rule(cookie: &str, grants: &str) -> ConsentRule {
        ConsentRule {
            cookie: cookie.into(),
            grants: grants.into(),
            ..ConsentRule::default()
        }
    }

    fn read(cookies: &str, gpc: Option<&str>, rule: &ConsentRule) -> bool {
        Consent::read([cookies].into_iter(), gpc, rule).is_granted()
    }

    fn consent(cookies: &str, gpc: Option<&str>) -> bool {
        read(cookies, gpc, &rule("consent", "personalisation"))
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

    #[test]
    fn a_name_with_its_value_grants() {
        for (cookies, grants, expected) in [
            // OneTrust.
            (
                "c=isGpcEnabled=0&datestamp=x&groups=C0001%3A1%2CC0003%3A1&hosts=",
                "C0003:1",
                true,
            ),
            (
                "c=isGpcEnabled=0&groups=C0001%3A1%2CC0003%3A0",
                "C0003:1",
                false,
            ),
            ("c=groups=C0001%3A1%2CC00031%3A1", "C0003:1", false),
            ("c=groups=C0003%3A10", "C0003:1", false),
            ("c=groups=C0003%3A1%2CC0003%3A0", "C0003:1", false),
            // Cookiebot.
            (
                "c={stamp:%27x==%27%2Cnecessary:true%2Cpreferences:true%2Cstatistics:false%2Cver:1}",
                "preferences:true",
                true,
            ),
            (
                "c={stamp:%27x%27%2Cnecessary:true%2Cpreferences:false}",
                "preferences:true",
                false,
            ),
            ("c={%22preferences%22: true}", "preferences:true", true),
            ("c=preferences", "preferences:true", false),
            ("c=preferences:true", "preferences:", false),
            ("c=a:b:c", "a:b:c", false),
            ("c=a:b:c", "a:b", true),
        ] {
            assert_eq!(
                read(cookies, None, &rule("c", grants)),
                expected,
                "{cookies} {grants}"
            );
        }
    }

    #[test]
    fn googles_types_must_all_be_granted() {
        let google = GoogleRule {
            cookie: "g".into(),
            requires: vec!["personalization_storage".into(), "ad_storage".into()],
        };
        let rule = ConsentRule {
            google,
            ..ConsentRule::default()
        };
        for (value, expected) in [
            (
                r#"{"ad_storage":"granted","personalization_storage":"granted"}"#,
                true,
            ),
            (
                r#"%7B%22ad_storage%22%3A%20%22granted%22%2C%22personalization_storage%22%3A%22granted%22%7D"#,
                true,
            ),
            ("ad_storage:granted,personalization_storage:granted", true),
            ("ad_storage=granted&personalization_storage=granted", true),
            ("ad_storage:granted,personalization_storage:denied", false),
            ("ad_storage:granted", false),
            ("personalization_storage:granted,ad_storage", false),
            ("xad_storage:granted,personalization_storage:granted", false),
            ("granted", false),
            ("", false),
        ] {
            assert_eq!(
                read(&format!("g={value}"), None, &rule),
                expected,
                "{value}"
            );
        }
    }

    #[test]
    fn half_a_rule_is_no() {
        assert!(!read("c=x", None, &ConsentRule::default()));
        assert!(!read("c=x", None, &rule("c", "")));
        assert!(!read("=x", None, &rule("", "x")));
        let tcf = TcfRule {
            cookie: "c".into(),
            purposes: Vec::new(),
        };
        let empty = ConsentRule {
            tcf,
            ..ConsentRule::default()
        };
        assert!(!read(
            "c=COxR03kOxR1CqBcABCENAgCMAP_AAH_AAAqI",
            None,
            &empty
        ));
    }

    #[test]
    fn a_value_that_no_browser_keeps_is_not_looked_at() {
        let long = |bytes: usize| format!("consent=personalisation,{}", "x".repeat(bytes));
        let fits = MAX_FOREIGN_COOKIE_BYTES - "personalisation,".len();
        assert!(consent(&long(fits), None));
        assert!(!consent(&long(fits + 1), None));
    }

    proptest! {
        #[test]
        fn any_value_is_read_without_panic(value in ".{0,200}", grants in "[a-z:]{0,8}") {
            read(&format!("c={value}"), None, &rule("c", &grants));
        }
    }
}
