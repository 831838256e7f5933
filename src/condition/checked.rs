//! A condition with what it was held against: for people.

use std::fmt::{self, Display, Formatter};

use serde::Serialize;

use super::{Condition, Subject};

/// A condition and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// As site.toml would write it; empty for one that always holds.
    pub text: String,
    /// Whether it holds.
    pub holds: bool,
    /// Its tests, from left to right.
    pub tests: Vec<CheckedTest>,
}

/// A test of a condition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckedTest {
    /// As site.toml would write it.
    pub text: String,
    /// Whether it holds.
    pub holds: bool,
    /// What the field said.
    pub found: String,
}

impl Condition {
    /// Holds it against something, and tells how that came out.
    pub fn check(&self, subject: &impl Subject) -> Checked {
        let tests = self.tests().map(|test| CheckedTest {
            text: test.to_string(),
            holds: test.holds(subject),
            found: subject.answer(test.field, &test.argument).to_string(),
        });
        Checked {
            text: self.to_string(),
            holds: self.holds(subject),
            tests: tests.collect(),
        }
    }
}

/// `views >= 2: false (views >= 2 is false, found 1)`.
impl Display for Checked {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} (", self.text, self.holds)?;
        for (at, test) in self.tests.iter().enumerate() {
            f.write_str(if at == 0 { "" } else { ", " })?;
            write!(f, "{} is {}, found {}", test.text, test.holds, test.found)?;
        }
        f.write_str(")")
    }
}

#[cfg(all(test, feature = "authoring"))]
mod tests {
    use super::super::{Answer, Field, Scope, parse};
    use super::*;

    struct One;

    impl Subject for One {
        fn answer(&self, field: Field, _: &str) -> Answer<'_> {
            match field {
                Field::Views => Answer::Number(1000),
                Field::Buyer => Answer::Flag(true),
                _ => Answer::Unknown,
            }
        }
    }

    #[test]
    fn each_test_is_told_with_what_was_found() {
        for (text, expected) in [
            (
                "views >= 2",
                "views >= 2: false (views >= 2 is false, found 1)",
            ),
            (
                "buyer and not country == \"DE\"",
                "buyer and not country == \"DE\": true (buyer is true, found true, country == \"DE\" is false, found unknown)",
            ),
        ] {
            let checked = parse(text, Scope::Visit).expect("sound").check(&One);
            assert_eq!(checked.to_string(), expected);
        }
        let checked = Condition::default().check(&One);
        assert!(checked.holds && checked.text.is_empty() && checked.tests.is_empty());
    }
}
