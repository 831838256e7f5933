//! What visitors did with the catalogue's items: many more than fit into memory.
//!
//! [`Store`] takes interactions in any order. Each goes into one of [`PARTITIONS`] by its owner, so that
//! all of an owner's stand in one partition and sessions can be cut partition by partition. When more
//! than a given number are held in memory, all partitions' are written behind what their files already
//! have. Whether anything was written to disk changes nothing about what comes back.

mod store;

pub use store::{Log, MAX_PARTITION, PARTITIONS, Store, StoreError};

use crate::events::EventName;

/// One item of one event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interaction {
    /// What happened.
    pub name: EventName,
    /// The item's position in the catalogue.
    pub item: u32,
    /// When, in microseconds since 1970.
    pub time: i64,
    /// Whose session.
    pub owner: Owner,
}

/// To whom an interaction belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owner {
    /// To nobody known: it counts for popularity alone.
    Nobody,
    /// To a visitor; sessions are told by inactivity.
    Visitor(u64),
    /// To a session that the events name.
    Session(u64),
}

/// How many interactions are held in memory, [`INTERACTION_BYTES`] each, before they are written to disk.
pub const MEMORY_INTERACTIONS: usize = 1 << 23;

/// The size of an interaction in memory.
pub const INTERACTION_BYTES: usize = 32;

const _: () = assert!(size_of::<Interaction>() == INTERACTION_BYTES);
