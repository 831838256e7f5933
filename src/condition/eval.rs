//! Deciding.

use super::{Ask, Condition, Field, MAX_DEPTH, Step, Test};

/// What a field says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer<'a> {
    /// Nothing is known.
    Unknown,
    /// Yes or no.
    Flag(bool),
    /// In 1/[`SCALE`](super::SCALE).
    Number(i64),
    /// A text.
    Text(&'a str),
    /// Levels with ` > ` between them.
    Path(&'a str),
}

impl<'a> From<Option<&'a str>> for Answer<'a> {
    fn from(text: Option<&'a str>) -> Self {
        text.map_or(Answer::Unknown, Answer::Text)
    }
}

/// What a condition is held against.
pub trait Subject {
    /// What a field says; `argument` is what stands in its brackets.
    fn answer(&self, field: Field, argument: &str) -> Answer<'_>;
}

/// A step of a condition whose tests have been made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Made {
    Value(bool),
    And,
    Or,
    Not,
}

/// The value of a condition in postfix order; `false` for what no parser writes. Does not allocate.
pub(crate) fn evaluate(steps: impl Iterator<Item = Made>) -> bool {
    // The newest value is the lowest bit.
    let (mut values, mut depth, mut is_empty) = (0u64, 0u32, true);
    for step in steps {
        is_empty = false;
        match step {
            Made::Value(value) if depth < MAX_DEPTH => {
                values = values << 1 | u64::from(value);
                depth += 1;
            }
            Made::Not if depth > 0 => values ^= 1,
            Made::And | Made::Or if depth > 1 => {
                let (last, before) = (values & 1, values >> 1 & 1);
                let both = match step {
                    Made::And => last & before,
                    _ => last | before,
                };
                values = values >> 2 << 1 | both;
                depth -= 1;
            }
            _ => return false,
        }
    }
    is_empty || depth == 1 && values & 1 == 1
}

impl Condition {
    /// Whether it holds. Does not allocate.
    pub fn holds(&self, subject: &impl Subject) -> bool {
        evaluate(self.steps.iter().map(|step| match step {
            Step::Test(test) => Made::Value(test.holds(subject)),
            Step::And => Made::And,
            Step::Or => Made::Or,
            Step::Not => Made::Not,
        }))
    }
}

impl Test {
    /// Whether the field says so.
    pub fn holds(&self, subject: &impl Subject) -> bool {
        match (&self.ask, subject.answer(self.field, &self.argument)) {
            (Ask::Holds, Answer::Flag(flag)) => flag,
            (Ask::Numbers(numbers), Answer::Number(found)) => numbers.contains(&found),
            (Ask::Less(limit), Answer::Number(found)) => found < *limit,
            (Ask::AtMost(limit), Answer::Number(found)) => found <= *limit,
            (Ask::More(limit), Answer::Number(found)) => found > *limit,
            (Ask::AtLeast(limit), Answer::Number(found)) => found >= *limit,
            (Ask::Texts(texts), Answer::Text(found)) => texts.iter().any(|t| same_text(t, found)),
            (Ask::Texts(texts), Answer::Path(found)) => texts.iter().any(|t| on_path(t, found)),
            (Ask::Contains(part), Answer::Text(found) | Answer::Path(found)) => {
                contains(found, part)
            }
            _ => false,
        }
    }
}

/// Whether two texts are the same but for case.
pub fn same_text(a: &str, b: &str) -> bool {
    a == b || lower(a).eq(lower(b))
}

fn lower(text: &str) -> impl Iterator<Item = char> {
    text.chars().flat_map(char::to_lowercase)
}

/// Whether a text is a path, or one of its levels.
pub(crate) fn on_path(text: &str, path: &str) -> bool {
    same_text(text, path) || path.split(" > ").any(|level| same_text(text, level))
}

fn contains(text: &str, part: &str) -> bool {
    let begins_here = |(at, _): (usize, char)| {
        let mut rest = lower(text.get(at..).unwrap_or_default());
        lower(part).all(|c| rest.next() == Some(c))
    };
    part.is_empty() || text.char_indices().any(begins_here)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_without_case() {
        assert!(same_text("Größe", "GRÖßE"));
        assert!(!same_text("a", "ab"));
        assert!(on_path("shoes", "Clothing > Shoes > Boots"));
        assert!(on_path("clothing > shoes", "Clothing > Shoes"));
        assert!(!on_path("Shoe", "Clothing > Shoes"));
        assert!(contains("Rain Jacket", "jACK"));
        assert!(!contains("Rain", "rainy"));
        assert!(contains("", ""));
    }

    #[test]
    fn forged_steps_hold_for_nobody() {
        struct Nothing;
        impl Subject for Nothing {
            fn answer(&self, _: Field, _: &str) -> Answer<'_> {
                Answer::Flag(true)
            }
        }
        let test = Step::Test(Test {
            field: Field::New,
            argument: String::new(),
            ask: Ask::Holds,
        });
        let holds = |steps: Vec<Step>| Condition { steps }.holds(&Nothing);
        assert!(holds(vec![]));
        assert!(holds(vec![test.clone()]));
        assert!(!holds(vec![test.clone(), test.clone()]));
        assert!(!holds(vec![Step::And]));
        assert!(!holds(vec![Step::Not, test.clone()]));
        assert!(!holds(vec![test.clone(); 65]));
    }
}
