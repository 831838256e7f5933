//! Conditions: whom a banner is for, who belongs to a segment, which items a rule is about.
//!
//! A merchandiser writes `visits >= 3 and viewed_brand("Nike") >= 2` in site.toml. The build machine checks it
//! against the types of the fields ([`parse`], feature `authoring`) and stores what is left: a short list of
//! tests in postfix order, so that an edge needs neither a parser nor a tree nor memory to decide.
//!
//! | | |
//! |---|---|
//! | number fields | `visits >= 3`, `price < 49.90`, `share_on_sale > 50 %`, `month in [6, 7, 8]` |
//! | text fields | `country == "DE"`, `brand in ["Nike", "Puma"]`, `search contains "rain"`; case does not matter |
//! | path fields | `category == "Shoes"`: the whole path, or any of its levels |
//! | yes or no | `buyer`, `not on_sale`, `segment("bargain hunters")` |
//! | together | `and`, `or`, `not`, brackets; `not` binds closest, then `and` |
//!
//! What is not known is not equal to, less than or greater than anything: a test of it does not hold.

mod calendar;
mod checked;
mod eval;
mod field;
#[cfg(feature = "authoring")]
mod parse;
#[cfg(feature = "authoring")]
mod prove;
mod text;
#[cfg(feature = "authoring")]
mod tokens;

pub use calendar::Calendar;
pub(crate) use calendar::date;
pub use checked::{Checked, CheckedTest};
pub use eval::{Answer, Subject, same_text};
pub(crate) use eval::{Made, evaluate, on_path};
pub use field::{Field, FieldInfo, FieldType, Scope};
#[cfg(feature = "authoring")]
pub use parse::{ConditionError, parse};
#[cfg(feature = "authoring")]
pub use prove::{are_exclusive, implies, is_always, is_never};

use wincode::{SchemaRead, SchemaWrite};

/// The most steps of one condition.
pub const MAX_STEPS: usize = 128;

/// The most values that may wait for an `and` or `or`: a bit each.
pub const MAX_DEPTH: u32 = 64;

/// What numbers are stored in: thousandths.
pub const SCALE: i64 = 1000;

/// A checked condition. The default one always holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, SchemaWrite, SchemaRead)]
#[cfg_attr(test, derive(bincode::Encode, bincode::Decode))]
pub struct Condition {
    /// In postfix order; none for a condition that always holds.
    pub steps: Vec<Step>,
}

/// A step of a condition.
#[derive(Debug, Clone, PartialEq, Eq, SchemaWrite, SchemaRead)]
#[cfg_attr(test, derive(bincode::Encode, bincode::Decode))]
pub enum Step {
    /// Looks at a field.
    Test(Test),
    /// Both of the last two hold.
    And,
    /// One of the last two holds, or both.
    Or,
    /// The last one does not hold.
    Not,
}

/// A look at a field.
#[derive(Debug, Clone, PartialEq, Eq, SchemaWrite, SchemaRead)]
#[cfg_attr(test, derive(bincode::Encode, bincode::Decode))]
pub struct Test {
    /// Which.
    pub field: Field,
    /// What stands in its brackets; empty for fields without.
    pub argument: String,
    /// What it is asked.
    pub ask: Ask,
}

/// What a field is asked. Numbers are in 1/[`SCALE`].
#[derive(Debug, Clone, PartialEq, Eq, SchemaWrite, SchemaRead)]
#[cfg_attr(test, derive(bincode::Encode, bincode::Decode))]
pub enum Ask {
    /// Is it so?
    Holds,
    /// Is it one of these numbers?
    Numbers(Vec<i64>),
    /// Is it less?
    Less(i64),
    /// Is it this much or less?
    AtMost(i64),
    /// Is it more?
    More(i64),
    /// Is it this much or more?
    AtLeast(i64),
    /// Is it one of these texts?
    Texts(Vec<String>),
    /// Does this stand in it?
    Contains(String),
}

impl Condition {
    /// Whether it holds for everybody and everything.
    pub fn is_trivial(&self) -> bool {
        self.steps.is_empty()
    }

    /// Both hold.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        if self.is_trivial() {
            return other.clone();
        }
        let mut both = self.clone();
        if !other.is_trivial() {
            both.steps.extend(other.steps.iter().cloned());
            both.steps.push(Step::And);
        }
        both
    }

    /// The tests in it.
    pub fn tests(&self) -> impl Iterator<Item = &Test> {
        self.steps.iter().filter_map(|step| match step {
            Step::Test(test) => Some(test),
            _ => None,
        })
    }
}
