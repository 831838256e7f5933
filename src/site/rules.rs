//! Segments, merchandising rules and experiments.

use wincode::{SchemaRead, SchemaWrite};

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
