//! A condition as site.toml would write it, and what a field said: for people.

use std::fmt::{self, Display, Formatter, Write};

use super::{Answer, Ask, Condition, SCALE, Step, Test};

/// What holds a part of a condition together, the loosest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Bond {
    Or,
    And,
    One,
}

/// Parsed again it is the same condition. One that always holds is the empty text; for steps that no parser
/// writes it is a question mark.
impl Display for Condition {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut parts: Vec<(String, Bond)> = Vec::new();
        for step in &self.steps {
            let part = match step {
                Step::Test(test) => Some((test.to_string(), Bond::One)),
                Step::Not => parts.pop().map(|part| {
                    let one = in_brackets(part, Bond::One);
                    (format!("not {one}"), Bond::One)
                }),
                // Of equals the left one stands first without brackets.
                Step::And => joined(&mut parts, " and ", Bond::And, Bond::One),
                Step::Or => joined(&mut parts, " or ", Bond::Or, Bond::And),
            };
            let Some(part) = part else {
                return f.write_char('?');
            };
            parts.push(part);
        }
        match parts.as_slice() {
            [] => Ok(()),
            [(all, _)] => f.write_str(all),
            _ => f.write_char('?'),
        }
    }
}

fn joined(
    parts: &mut Vec<(String, Bond)>,
    word: &str,
    bond: Bond,
    right: Bond,
) -> Option<(String, Bond)> {
    let last = in_brackets(parts.pop()?, right);
    let mut both = in_brackets(parts.pop()?, bond);
    both.push_str(word);
    both.push_str(&last);
    Some((both, bond))
}

fn in_brackets((part, bond): (String, Bond), wanted: Bond) -> String {
    match bond < wanted {
        true => format!("({part})"),
        false => part,
    }
}

impl Display for Test {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.field.name())?;
        if !self.argument.is_empty() {
            write!(f, "({})", Quoted(&self.argument))?;
        }
        let number = |f: &mut Formatter<'_>, sign, number| write!(f, " {sign} {}", Decimal(number));
        match &self.ask {
            Ask::Holds => Ok(()),
            Ask::Numbers(all) => one_of(f, all, |&number| Decimal(number)),
            Ask::Less(limit) => number(f, "<", *limit),
            Ask::AtMost(limit) => number(f, "<=", *limit),
            Ask::More(limit) => number(f, ">", *limit),
            Ask::AtLeast(limit) => number(f, ">=", *limit),
            Ask::Texts(all) => one_of(f, all, |text| Quoted(text)),
            Ask::Contains(part) => write!(f, " contains {}", Quoted(part)),
        }
    }
}

fn one_of<'a, T, D: Display>(
    f: &mut Formatter<'_>,
    all: &'a [T],
    show: impl Fn(&'a T) -> D,
) -> fmt::Result {
    if let [only] = all {
        return write!(f, " == {}", show(only));
    }
    f.write_str(" in [")?;
    for (at, one) in all.iter().enumerate() {
        f.write_str(if at == 0 { "" } else { ", " })?;
        show(one).fmt(f)?;
    }
    f.write_char(']')
}

/// What a field said, without quotes.
impl Display for Answer<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Unknown => f.write_str("unknown"),
            Self::Flag(flag) => f.write_str(if flag { "true" } else { "false" }),
            Self::Number(number) => Decimal(number).fmt(f),
            Self::Text(text) | Self::Path(text) => f.write_str(text),
        }
    }
}

/// In 1/[`SCALE`].
struct Decimal(i64);

impl Display for Decimal {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (sign, size) = (if self.0 < 0 { "-" } else { "" }, self.0.unsigned_abs());
        let (whole, rest) = (
            size / SCALE.unsigned_abs(),
            format!("{:03}", size % SCALE.unsigned_abs()),
        );
        match rest.trim_end_matches('0') {
            "" => write!(f, "{sign}{whole}"),
            rest => write!(f, "{sign}{whole}.{rest}"),
        }
    }
}

/// A text has no quote of the one kind or of the other, for there is nothing to escape it by.
struct Quoted<'a>(&'a str);

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let quote = if self.0.contains('"') { '\'' } else { '"' };
        write!(f, "{quote}{}{quote}", self.0)
    }
}

#[cfg(all(test, feature = "authoring"))]
mod tests {
    use super::super::{Scope, parse};
    use super::*;

    #[test]
    fn a_condition_is_written_as_it_was_read() {
        for (text, written) in [
            (
                "visits>=3 and share_on_sale > 50 %",
                "visits >= 3 and share_on_sale > 0.5",
            ),
            (
                "not (buyer or new) and views<1.25",
                "not (buyer or new) and views < 1.25",
            ),
            (
                "buyer and (new and views <= 1)",
                "buyer and (new and views <= 1)",
            ),
            (
                "(buyer and new) and likes != 2",
                "buyer and new and not likes == 2",
            ),
            (
                "buyer or (new or views == 1)",
                "buyer or (new or views == 1)",
            ),
            (
                "viewed_brand('7\" Co') in [1, 2] or country in ['DE','AT']",
                "viewed_brand('7\" Co') in [1, 2] or country in [\"DE\", \"AT\"]",
            ),
            ("search contains \"rain\"", "search contains \"rain\""),
        ] {
            let condition = parse(text, Scope::Visit).expect("sound");
            assert_eq!(condition.to_string(), written);
            assert_eq!(parse(written, Scope::Visit), Ok(condition));
        }
        assert_eq!(Condition::default().to_string(), "");
    }

    #[test]
    fn forged_steps_are_a_question_mark() {
        for steps in [
            vec![Step::And],
            vec![Step::Not],
            vec![Step::Test(test()), Step::Or],
            vec![Step::Test(test()); 2],
        ] {
            assert_eq!(Condition { steps }.to_string(), "?");
        }
    }

    fn test() -> Test {
        Test {
            field: super::super::Field::Views,
            argument: String::new(),
            ask: Ask::Less(-1500),
        }
    }

    #[test]
    fn what_a_field_said() {
        assert_eq!(test().to_string(), "views < -1.5");
        for (answer, text) in [
            (Answer::Unknown, "unknown"),
            (Answer::Flag(true), "true"),
            (Answer::Number(12_050), "12.05"),
            (Answer::Path("a > b"), "a > b"),
        ] {
            assert_eq!(answer.to_string(), text);
        }
    }

    /// Any condition of up to 6 tests, in postfix order.
    fn conditions() -> impl proptest::strategy::Strategy<Value = Condition> {
        use proptest::prelude::*;
        let number = || 0i64..2_000_000;
        let test = prop_oneof![
            Just(("buyer", Ask::Holds)),
            number().prop_map(|n| ("views", Ask::AtLeast(n))),
            proptest::collection::vec(number(), 1..4).prop_map(|all| ("visits", Ask::Numbers(all))),
            proptest::collection::vec("[a-z'ä ]{0,6}", 1..3)
                .prop_map(|all| ("country", Ask::Texts(all))),
            "[a-z\" ]{1,6}".prop_map(|part| ("search", Ask::Contains(part))),
        ];
        let leaf = test.prop_map(|(name, ask)| {
            let info = super::super::Field::ALL.iter().find(|i| i.name == name);
            vec![Step::Test(Test {
                field: info.expect("a field").field,
                argument: String::new(),
                ask,
            })]
        });
        let tree = leaf.prop_recursive(5, 6, 2, |inner| {
            let two = (inner.clone(), inner.clone(), any::<bool>());
            prop_oneof![
                inner.prop_map(|steps| [steps, vec![Step::Not]].concat()),
                two.prop_map(|(a, b, is_and)| {
                    let join = if is_and { Step::And } else { Step::Or };
                    [a, b, vec![join]].concat()
                }),
            ]
        });
        tree.prop_map(|steps| Condition { steps })
    }

    proptest::proptest! {
        #[test]
        fn what_is_written_is_read_again(condition in conditions()) {
            let text = condition.to_string();
            proptest::prop_assert_eq!(parse(&text, Scope::Visit), Ok(condition), "{}", text);
        }
    }
}
