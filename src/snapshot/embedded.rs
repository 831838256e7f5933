//! The place in a component's memory where its build notes which bytes are the snapshot.
//!
//! Files are read into memory of an instance's own; what is part of a component is shared between all of its instances,
//! copied on write. `tailorbird embed` puts a snapshot behind the memory that a component was linked with, and notes
//! it here.

use std::ops::Range;

/// What a place begins with, so that it is found in a component's data. The number is this layout's version.
pub const PLACE_MARK: [u8; 16] = *b"tailorbird.tbs@1";

/// 24 bytes in a component's data: [`PLACE_MARK`]; the snapshot's address and its length, both u32, little-endian.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    mark: [u8; 16],
    address: [u8; 4],
    length: [u8; 4],
}

impl Place {
    /// A place with no snapshot, as a component is linked.
    pub const EMPTY: Self = Self::of(0, 0);

    /// A place that names these bytes.
    pub const fn of(address: u32, length: u32) -> Self {
        Self {
            mark: PLACE_MARK,
            address: address.to_le_bytes(),
            length: length.to_le_bytes(),
        }
    }

    /// Its bytes in memory.
    pub fn bytes(&self) -> Vec<u8> {
        [&self.mark[..], &self.address, &self.length].concat()
    }

    /// Which bytes of the memory are the snapshot; `None` where none was put in.
    pub fn range(&self) -> Option<Range<usize>> {
        let number = |bytes| usize::try_from(u32::from_le_bytes(bytes)).ok();
        let (address, length) = (number(self.address)?, number(self.length)?);
        let end = address.checked_add(length)?;
        (length > 0).then_some(address..end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_bytes_are_its_layout() {
        let place = Place::of(0x0102_0304, 5);
        assert_eq!(place.range(), Some(0x0102_0304..0x0102_0309));
        assert_eq!(place.bytes().len(), size_of::<Place>());
        assert_eq!(place.bytes()[16..], [4, 3, 2, 1, 5, 0, 0, 0]);
        assert_eq!(Place::EMPTY.range(), None);
    }
}
