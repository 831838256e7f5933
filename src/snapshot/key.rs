//! Items as they are called outside of one snapshot.

use xxhash_rust::xxh3::xxh3_64;

/// An item as a cookie names it: 48 bits of its id's hash, so that it means the same item in every
/// snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemKey(u64);

impl ItemKey {
    /// How many bits a key has.
    pub const BITS: u32 = 48;
    /// The bits that a key may have.
    pub(crate) const MASK: u64 = (1 << Self::BITS) - 1;

    /// The key of the item with this feed id.
    pub fn of(id: &str) -> Self {
        Self(xxh3_64(id.as_bytes()) & Self::MASK)
    }

    /// A key from its number; bits above [`ItemKey::BITS`] are dropped.
    pub fn from_u64(number: u64) -> Self {
        Self(number & Self::MASK)
    }

    /// The key as a number.
    pub fn as_u64(self) -> u64 {
        self.0
    }
}
