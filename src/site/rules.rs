//! Segments, merchandising rules and experiments.

use std::fmt::{self, Display, Formatter};

use wincode::{SchemaRead, SchemaWrite};
use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::{LocalText, Terms};
use crate::condition::Condition;

/// The most segments, and the most experiments, of one site.toml.
pub const MAX_SEGMENTS: usize = 64;

/// The most merchandising rules of one site.toml.
pub const MAX_RULES: usize = 128;

/// The most variants of one experiment.
pub const MAX_VARIANTS: usize = 8;

/// A group of visitors.
#[derive(Debug, Clone, Default, PartialEq, Eq, SchemaWrite, SchemaRead)]
#[cfg_attr(test, derive(bincode::Encode, bincode::Decode))]
pub struct Segment {
    /// Unique among segments; conditions refer to it.
    pub name: String,
    /// What it is called where people read it.
    pub title: LocalText,
    /// Who belongs to it. It may refer to segments before this one.
    pub when: Condition,
}

/// What a merchandiser wants of some items, whatever a model says.
#[derive(Debug, Clone, Default, PartialEq, Eq, SchemaWrite, SchemaRead)]
#[cfg_attr(test, derive(bincode::Encode, bincode::Decode))]
pub struct Rule {
    /// Unique among rules.
    pub name: String,
    /// What.
    pub action: Action,
    /// Of which items; all of them when it always holds.
    pub items: Condition,
    /// For whom, where and when.
    pub when: Condition,
    /// Names of slots and lists; none for all.
    pub places: Vec<String>,
    /// When, and for how many visitors.
    pub terms: Terms,
}

/// What a rule does with its items.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, SchemaWrite, SchemaRead)]
#[cfg_attr(test, derive(bincode::Encode, bincode::Decode))]
pub enum Action {
    /// Slots never show them; in lists they go to the end.
    #[default]
    Hide,
    /// Slots show nothing else; in lists they come first.
    Only,
    /// They rank as if they stood so many times further ahead: at 2, the tenth becomes the fifth.
    Boost(u16),
    /// They come behind all others.
    Bury,
    /// They stand at this place, from 1, and behind it when there are several: in slots even where no
    /// strategy thought of them.
    Pin(u16),
    /// A slot shows at most so many of them that share an attribute.
    AtMost(u8, Shared),
    /// They are never a reason: views of them count for nothing, are not recorded and not shown again.
    Sensitive,
}

/// In the words of site.toml.
impl Display for Action {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hide => f.write_str("hide"),
            Self::Only => f.write_str("only"),
            Self::Boost(by) => write!(f, "boost by {by}"),
            Self::Bury => f.write_str("bury"),
            Self::Pin(position) => write!(f, "pin at position {position}"),
            Self::AtMost(most, Shared::Brand) => write!(f, "at_most {most} per brand"),
            Self::AtMost(most, Shared::Category) => write!(f, "at_most {most} per category"),
            Self::Sensitive => f.write_str("sensitive"),
        }
    }
}

/// What items can share.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, SchemaWrite, SchemaRead)]
#[cfg_attr(test, derive(bincode::Encode, bincode::Decode))]
pub enum Shared {
    /// The brand.
    #[default]
    Brand,
    /// The category at its lowest level.
    Category,
}

/// A comparison of variants on visitors who are told apart by their random id.
#[derive(Debug, Clone, Default, PartialEq, Eq, SchemaWrite, SchemaRead)]
#[cfg_attr(test, derive(bincode::Encode, bincode::Decode))]
pub struct Experiment {
    /// Unique among experiments; conditions refer to it: `variant("name") == "b"`.
    pub name: String,
    /// Experiments of one layer never share a visitor.
    pub layer: String,
    /// For how many of a hundred visitors of the layer; those of a layer add up to at most 100.
    pub percentage: u8,
    /// Which of the layer's hundred parts is its first: those of the experiments before it lie below.
    pub first: u8,
    /// At least two.
    pub variants: Vec<Variant>,
    /// Who takes part at all.
    pub when: Condition,
    /// When.
    pub terms: Terms,
}

/// One side of an experiment.
#[derive(Debug, Clone, Default, PartialEq, Eq, SchemaWrite, SchemaRead)]
#[cfg_attr(test, derive(bincode::Encode, bincode::Decode))]
pub struct Variant {
    /// Unique within the experiment.
    pub name: String,
    /// Its share is this in relation to the sum of all.
    pub weight: u16,
}

/// The parts that a layer is divided into.
const PARTS: u64 = 100;

impl Experiment {
    /// The variant of the visitor with this id, whoever takes part; `None` for those of the layer's other
    /// experiments. It depends on the names of layer, experiment and variants, the weights and the id
    /// alone, so it is the same on every host and under every snapshot.
    pub fn variant_of(&self, id: u64) -> Option<&Variant> {
        let part = xxh3_64_with_seed(self.layer.as_bytes(), id) % PARTS;
        let first = u64::from(self.first);
        if !(first..first + u64::from(self.percentage)).contains(&part) {
            return None;
        }
        let sum: u64 = self.variants.iter().map(|v| u64::from(v.weight)).sum();
        let mut lot = xxh3_64_with_seed(self.name.as_bytes(), id).checked_rem(sum)?;
        self.variants.iter().find(|variant| {
            let weight = u64::from(variant.weight);
            let is_drawn = lot < weight;
            lot = lot.saturating_sub(weight);
            is_drawn
        })
    }
}

/// Whether the visitor with this id is one of the `percentage` of a hundred who get the origin's bytes.
pub fn is_held_out(percentage: u8, id: u64) -> bool {
    xxh3_64_with_seed(b"tailorbird holdout", id) % PARTS < u64::from(percentage)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn experiment(name: &str, first: u8, percentage: u8, weights: &[u16]) -> Experiment {
        let names = ["a", "b", "c"].into_iter().zip(weights);
        Experiment {
            name: name.into(),
            layer: "layer".into(),
            first,
            percentage,
            variants: names
                .map(|(name, &weight)| Variant {
                    name: name.into(),
                    weight,
                })
                .collect(),
            ..Experiment::default()
        }
    }

    fn count(of: impl Fn(u64) -> bool) -> usize {
        (0u64..20_000)
            .filter(|&id| of(id.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
            .count()
    }

    #[test]
    fn shares_are_those_asked_for() {
        let first = experiment("first", 0, 40, &[1, 1]);
        let second = experiment("second", 40, 60, &[2, 1, 0]);
        let is = |e: &Experiment, id, name: &str| e.variant_of(id).is_some_and(|v| v.name == name);
        for (found, expected) in [
            (count(|id| is(&first, id, "a")), 4_000),
            (count(|id| is(&first, id, "b")), 4_000),
            (count(|id| is(&second, id, "a")), 8_000),
            (count(|id| is(&second, id, "b")), 4_000),
            (count(|id| is_held_out(5, id)), 1_000),
        ] {
            assert!(found.abs_diff(expected) < 250, "{found}, not {expected}");
        }
        assert_eq!(count(|id| is(&second, id, "c")), 0);
        let both = |id| first.variant_of(id).is_some() && second.variant_of(id).is_some();
        assert_eq!(count(both), 0, "a layer's experiments share nobody");
        assert_eq!(count(|id| is_held_out(0, id)), 0);
    }

    #[test]
    fn the_assignment_is_frozen() {
        let drawn: String = (0..24)
            .map(|id| {
                let found = experiment("frozen", 0, 80, &[1, 2]);
                found
                    .variant_of(id)
                    .map_or("-".to_owned(), |v| v.name.clone())
            })
            .collect();
        assert_eq!(drawn, "baab-bbb--aaaabaaababbab");
    }

    #[test]
    fn weights_of_nothing_draw_nobody() {
        assert_eq!(experiment("x", 0, 100, &[0, 0]).variant_of(1), None);
        assert_eq!(experiment("x", 0, 100, &[]).variant_of(1), None);
    }
}
