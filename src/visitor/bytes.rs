//! Numbers of any length, and a reader that cannot read too far.

use crate::snapshot::ItemKey;

pub(super) const KEY_BYTES: usize = (ItemKey::BITS / 8) as usize;

/// Appends a number in LEB128: seven bits a byte, the lowest first.
pub(super) fn write_leb128(out: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

pub(super) fn write_key(out: &mut Vec<u8>, item: ItemKey) {
    out.extend(item.as_u64().to_le_bytes().iter().take(KEY_BYTES));
}

/// What is left to be read. Every method is `None` when there is too little.
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn bytes(&mut self, count: usize) -> Option<&'a [u8]> {
        let (found, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(found)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (found, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*found)
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    pub(super) fn key(&mut self) -> Option<ItemKey> {
        let mut number = [0; 8];
        let found = self.bytes(KEY_BYTES)?;
        number
            .iter_mut()
            .zip(found)
            .for_each(|(to, from)| *to = *from);
        Some(ItemKey::from_u64(u64::from_le_bytes(number)))
    }

    pub(super) fn leb128(&mut self) -> Option<u32> {
        let mut value = 0u32;
        for shift in [0, 7, 14, 21, 28] {
            let byte = self.byte()?;
            let part = u32::from(byte & 0x7f);
            if shift == 28 && part > 0x0f {
                return None;
            }
            value |= part << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }
}
