//! JSON Pointers (RFC 6901): where in a JSON document something stands.

use std::fmt;

/// The longest pointer, in bytes.
pub const MAX_POINTER_BYTES: usize = 512;

/// The most steps of a pointer: how often a part of a document is read anew, each time a smaller one.
pub const MAX_POINTER_STEPS: usize = 16;

/// A JSON Pointer, read once. Without steps it is the document itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JsonPointer {
    steps: Vec<String>,
}

/// Why a text is no pointer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PointerError {
    /// Neither empty nor with a slash at its start.
    NoSlash,
    /// `~` before something other than 0 and 1.
    Tilde,
    /// Longer than [`MAX_POINTER_BYTES`], or with more than [`MAX_POINTER_STEPS`] steps.
    TooLong,
}

impl fmt::Display for PointerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSlash => {
                f.write_str("expected a JSON Pointer, which starts with / or is empty")
            }
            Self::Tilde => {
                f.write_str("expected ~0 (which means ~) or ~1 (which means /) behind ~")
            }
            Self::TooLong => write!(
                f,
                "expected at most {MAX_POINTER_BYTES} bytes and {MAX_POINTER_STEPS} steps"
            ),
        }
    }
}

impl JsonPointer {
    /// Reads a pointer: `/data/products`, `/a~1b/0`, or nothing for the whole document.
    ///
    /// # Errors
    /// What RFC 6901 does not know, and what is over a limit.
    pub fn new(text: &str) -> Result<Self, PointerError> {
        if text.len() > MAX_POINTER_BYTES {
            return Err(PointerError::TooLong);
        }
        if text.is_empty() {
            return Ok(Self::default());
        }
        let rest = text.strip_prefix('/').ok_or(PointerError::NoSlash)?;
        if rest.split('/').count() > MAX_POINTER_STEPS {
            return Err(PointerError::TooLong);
        }
        let steps = rest.split('/').map(step).collect::<Result<_, _>>()?;
        Ok(Self { steps })
    }

    /// The names of members and the numbers of elements on the way, with nothing escaped.
    pub fn steps(&self) -> &[String] {
        &self.steps
    }
}

/// Section 4: `~1` is read before `~0`, so that `~01` is `~1`.
fn step(escaped: &str) -> Result<String, PointerError> {
    let mut parts = escaped.split('~');
    let first = parts.next().unwrap_or_default();
    parts.try_fold(first.to_owned(), |mut step, part| {
        let (is, rest) = match part.split_at_checked(1) {
            Some(("0", rest)) => ('~', rest),
            Some(("1", rest)) => ('/', rest),
            _ => return Err(PointerError::Tilde),
        };
        step.push(is);
        step.push_str(rest);
        Ok(step)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_the_standard() {
        for (text, steps) in [
            ("", &[][..]),
            ("/foo", &["foo"]),
            ("/foo/0", &["foo", "0"]),
            ("/", &[""]),
            ("/a~1b", &["a/b"]),
            ("/c%d", &["c%d"]),
            ("/m~0n", &["m~n"]),
            ("/~01", &["~1"]),
            ("/ ", &[" "]),
            ("/ü//", &["ü", "", ""]),
        ] {
            let pointer = JsonPointer::new(text).expect(text);
            assert_eq!(pointer.steps(), steps, "{text}");
        }
    }

    #[test]
    fn what_is_no_pointer() {
        for (text, expected) in [
            ("foo", PointerError::NoSlash),
            ("#/foo", PointerError::NoSlash),
            ("/a~", PointerError::Tilde),
            ("/a~2", PointerError::Tilde),
            ("/~é", PointerError::Tilde),
        ] {
            assert_eq!(JsonPointer::new(text), Err(expected), "{text}");
        }
    }

    #[test]
    fn the_limits_are_limits() {
        let long = |bytes: usize| format!("/{}", "x".repeat(bytes - 1));
        assert!(JsonPointer::new(&long(MAX_POINTER_BYTES)).is_ok());
        let error = JsonPointer::new(&long(MAX_POINTER_BYTES + 1));
        assert_eq!(error, Err(PointerError::TooLong));
        assert!(JsonPointer::new(&"/a".repeat(MAX_POINTER_STEPS)).is_ok());
        let error = JsonPointer::new(&"/a".repeat(MAX_POINTER_STEPS + 1));
        assert_eq!(error, Err(PointerError::TooLong));
    }
}
