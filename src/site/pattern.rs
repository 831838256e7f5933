//! Patterns of URL paths.

use wincode::{SchemaRead, SchemaWrite};

/// The longest pattern, in bytes.
pub const MAX_PATTERN_BYTES: usize = 512;

/// A glob over a URL's path: `*` is any text within a segment, `**` any text at all; all else is
/// itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, SchemaWrite, SchemaRead)]
#[cfg_attr(test, derive(bincode::Encode, bincode::Decode))]
pub struct PathPattern(String);

#[derive(Clone, Copy, PartialEq)]
enum Token {
    Byte(u8),
    Segment,
    Anything,
}

impl PathPattern {
    /// A pattern; `None` unless it starts with `/` or `*` and is at most [`MAX_PATTERN_BYTES`] long.
    pub fn new(pattern: &str) -> Option<Self> {
        let sound = pattern.starts_with(['/', '*']) && pattern.len() <= MAX_PATTERN_BYTES;
        sound.then(|| Self(pattern.to_owned()))
    }

    /// The pattern's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the whole path matches. Cost: at most path length times pattern length, whatever the
    /// pattern, because all ways to match are followed at once.
    pub fn matches(&self, path: &str) -> bool {
        let mut walk = Walk::new(Glob::new(self.0.bytes()));
        path.bytes().for_each(|byte| walk.step(byte));
        walk.is_through()
    }
}

/// A pattern taken apart.
pub(super) struct Glob(Vec<Token>);

impl Glob {
    pub(super) fn new(pattern: impl Iterator<Item = u8>) -> Self {
        let mut tokens = Vec::new();
        for byte in pattern {
            match (byte, tokens.last()) {
                (b'*', Some(Token::Segment)) => {
                    tokens.pop();
                    tokens.push(Token::Anything);
                }
                (b'*', Some(Token::Anything)) => {}
                (b'*', _) => tokens.push(Token::Segment),
                _ => tokens.push(Token::Byte(byte)),
            }
        }
        Self(tokens)
    }

    /// Of each border between bytes, the two ends included: whether the pattern matches all before it.
    pub(super) fn reach(self, path: impl Iterator<Item = u8>) -> Vec<bool> {
        let mut walk = Walk::new(self);
        let mut reached = vec![walk.is_through()];
        for byte in path {
            walk.step(byte);
            reached.push(walk.is_through());
        }
        reached
    }
}

/// All ways to match what came so far.
struct Walk {
    tokens: Vec<Token>,
    here: Vec<bool>,
}

impl Walk {
    fn new(Glob(tokens): Glob) -> Self {
        let mut here = vec![false; tokens.len() + 1];
        here[0] = true;
        skip_stars(&tokens, &mut here);
        Self { tokens, here }
    }

    fn step(&mut self, byte: u8) {
        let Self { tokens, here } = self;
        let mut next = vec![false; here.len()];
        for (at, token) in tokens.iter().enumerate().filter(|(at, _)| here[*at]) {
            match token {
                Token::Byte(wanted) if *wanted == byte => next[at + 1] = true,
                Token::Segment if byte != b'/' => next[at] = true,
                Token::Anything => next[at] = true,
                Token::Byte(_) | Token::Segment => {}
            }
        }
        skip_stars(tokens, &mut next);
        *here = next;
    }

    fn is_through(&self) -> bool {
        self.here[self.tokens.len()]
    }
}

/// A star may match nothing.
fn skip_stars(tokens: &[Token], states: &mut [bool]) {
    for (at, token) in tokens.iter().enumerate() {
        if states[at] && !matches!(token, Token::Byte(_)) {
            states[at + 1] = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs() {
        for (pattern, path, expected) in [
            ("/", "/", true),
            ("/", "/x", false),
            ("/en/", "/en/", true),
            ("/*/c/**", "/en/c/kitchen/mugs", true),
            ("/*/c/**", "/en/x/c/kitchen", false),
            ("/*/c/**", "/en/c/", true),
            ("/**/c", "/a/b/c", true),
            ("/p-*.html", "/p-12.html", true),
            ("/p-*.html", "/p-/12.html", false),
            ("**", "", true),
            ("/a*b*c", "/axxbxxc", true),
            ("/a*b*c", "/axxbxx", false),
        ] {
            let compiled = PathPattern::new(pattern).expect("a pattern");
            assert_eq!(compiled.matches(path), expected, "{pattern} on {path}");
        }
    }

    #[test]
    fn patterns_are_bounded() {
        assert_eq!(PathPattern::new("en/"), None);
        assert_eq!(PathPattern::new(&"/x".repeat(MAX_PATTERN_BYTES)), None);
    }

    #[test]
    fn many_stars_stay_cheap() {
        let pattern = PathPattern::new(&"/*a".repeat(100)).expect("a pattern");
        assert!(!pattern.matches(&"/aaaaaaaa".repeat(200)));
    }
}
