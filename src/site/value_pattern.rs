//! Patterns of URL paths that hold a value.

use percent_encoding::percent_decode_str;
use wincode::{SchemaRead, SchemaWrite};

use super::pattern::{Glob, MAX_PATTERN_BYTES};

/// Where the value stands in a pattern.
const HOLE: &str = "{}";

/// The longest path that is matched, in bytes.
const MAX_PATH_BYTES: usize = 2048;

/// The most values that one path may be taken to hold.
pub const MAX_READINGS: usize = 32;

/// A glob over a URL's path, as [`PathPattern`](super::PathPattern), with one `{}` in it: at least one byte
/// within a segment, which is the value.
#[derive(Debug, Clone, Default, PartialEq, Eq, SchemaWrite, SchemaRead)]
#[cfg_attr(test, derive(bincode::Encode, bincode::Decode))]
pub struct ValuePattern(String);

impl ValuePattern {
    /// A pattern; `None` unless it starts with `/` or `*`, has one `{}` and is at most
    /// [`MAX_PATTERN_BYTES`](super::MAX_PATTERN_BYTES) long.
    pub fn new(pattern: &str) -> Option<Self> {
        let is_sound = pattern.starts_with(['/', '*'])
            && pattern.len() <= MAX_PATTERN_BYTES
            && pattern.matches(HOLE).count() == 1;
        is_sound.then(|| Self(pattern.to_owned()))
    }

    /// The pattern's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The values that a path may hold, percent-decoded, shortest first; at most [`MAX_READINGS`]. Several
    /// where a star stands beside the value: `/{}-*.html` cannot tell whether `a-b-c.html` holds `a` or
    /// `a-b`, but who knows all values can.
    pub fn values(&self, path: &str) -> Vec<String> {
        let Some((before, behind)) = self.0.split_once(HOLE) else {
            return Vec::new();
        };
        if path.len() > MAX_PATH_BYTES {
            return Vec::new();
        }
        let starts = Glob::new(before.bytes()).reach(path.bytes());
        let mut ends = Glob::new(behind.bytes().rev()).reach(path.bytes().rev());
        ends.reverse();
        let at = |reached: &[bool]| -> Vec<usize> {
            let all = reached.iter().enumerate();
            all.filter(|(_, is)| **is).map(|(at, _)| at).collect()
        };
        let (starts, ends) = (at(&starts), at(&ends));
        let mut found: Vec<&str> = Vec::new();
        for start in starts {
            let segment = path.get(start..).and_then(|rest| rest.find('/'));
            let last = segment.map_or(path.len(), |slash| start + slash);
            let here = ends.iter().filter(|end| (start + 1..=last).contains(*end));
            found.extend(
                here.filter_map(|&end| path.get(start..end))
                    .take(MAX_READINGS),
            );
            if found.len() > MAX_READINGS * MAX_READINGS {
                break;
            }
        }
        crate::sort::by_key(&mut found, |value| value.len());
        found.dedup();
        let decoded = |value: &str| percent_decode_str(value).decode_utf8_lossy().into_owned();
        found.into_iter().take(MAX_READINGS).map(decoded).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_paths() {
        for (pattern, path, expected) in [
            (
                "/artikel/{}-*.html",
                "/artikel/4711-schuh.html",
                &["4711"][..],
            ),
            ("/artikel/*-{}.html", "/artikel/schuh-4711.html", &["4711"]),
            (
                "/artikel/*-{}.html",
                "/artikel/roter-schuh-4711.html",
                &["4711", "schuh-4711"],
            ),
            ("/p/{}-*", "/p/TB-10-mug", &["TB", "TB-10"]),
            ("/**/p/{}", "/de/x/p/a%2Fb%20c", &["a/b c"]),
            ("/**/p/{}", "/p/1", &[]),
            ("**/p/{}", "/p/1", &["1"]),
            ("/p/{}", "/p/", &[]),
            ("/p/{}", "/p/1/2", &[]),
            ("/p/{}/**", "/p/1/2/3", &["1"]),
            ("/{}", "/ä", &["ä"]),
        ] {
            let compiled = ValuePattern::new(pattern).expect("a pattern");
            assert_eq!(compiled.values(path), expected, "{pattern} on {path}");
        }
    }

    #[test]
    fn patterns_have_one_hole() {
        for bad in ["/p/*", "/{}/{}", "p/{}", ""] {
            assert_eq!(ValuePattern::new(bad), None, "{bad}");
        }
        let long = format!("/{{}}{}", "x".repeat(MAX_PATTERN_BYTES));
        assert_eq!(ValuePattern::new(&long), None);
    }

    #[test]
    fn readings_are_bounded() {
        let pattern = ValuePattern::new("/**{}**").expect("a pattern");
        assert_eq!(pattern.values(&"/a".repeat(1000)).len(), 1);
        assert_eq!(
            pattern.values(&format!("/{}", "ab".repeat(1000))).len(),
            MAX_READINGS
        );
        assert!(
            pattern
                .values(&format!("/{}", "a".repeat(MAX_PATH_BYTES)))
                .is_empty()
        );
    }
}
