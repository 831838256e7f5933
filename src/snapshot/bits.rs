//! Bits, the lowest of each byte first: how packed lists are written and read.

/// The most bits that one [`BitReader::peek`] is sure to hold.
pub(super) const WINDOW_BITS: u32 = 57;

/// Reads bits in place. What lies beyond the end reads as anything; whoever reads checks
/// [`is_within`](Self::is_within) afterwards.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct BitReader<'a> {
    bytes: &'a [u8],
    at: usize,
    end: usize,
}

impl<'a> BitReader<'a> {
    /// Reads the first `length` bytes. Those behind them are no part of it, but let a whole word be
    /// loaded near the end.
    pub(super) fn new(bytes: &'a [u8], length: usize) -> Self {
        let end = length.min(bytes.len()).saturating_mul(8);
        Self { bytes, at: 0, end }
    }

    /// The next [`WINDOW_BITS`] bits or more.
    #[inline]
    pub(super) fn peek(&self) -> u64 {
        let rest = self.bytes.get(self.at / 8..).unwrap_or_default();
        let word = match rest.first_chunk::<8>() {
            Some(chunk) => u64::from_le_bytes(*chunk),
            None => rest
                .iter()
                .rev()
                .fold(0, |word, &byte| word << 8 | u64::from(byte)),
        };
        word >> (self.at % 8)
    }

    #[inline]
    pub(super) fn skip(&mut self, bits: u32) {
        self.at = self.at.saturating_add(bits as usize);
    }

    /// The next `bits` bits, at most 32.
    #[inline]
    pub(super) fn take(&mut self, bits: u32) -> u32 {
        let value = self.peek() & ((1 << bits.min(32)) - 1);
        self.skip(bits);
        value as u32
    }

    /// Whether everything that was read was there.
    #[inline]
    pub(super) fn is_within(&self) -> bool {
        self.at <= self.end
    }

    /// Whether all that is left is the zeroes that fill the last byte.
    pub(super) fn is_at_end(&self) -> bool {
        let left = self.end.checked_sub(self.at);
        left.is_some_and(|left| left < 8 && self.peek() & ((1 << left) - 1) == 0)
    }
}

/// The `width`-bit number at `index` of a packed array.
#[inline]
pub(super) fn packed_at(bytes: &[u8], width: u32, index: u32) -> Option<u32> {
    let mut reader = BitReader {
        bytes,
        at: (index as usize).checked_mul(width as usize)?,
        end: bytes.len().saturating_mul(8),
    };
    let value = reader.take(width);
    reader.is_within().then_some(value)
}

/// How many bits the numbers below `count` take.
pub(super) fn width_below(count: usize) -> u32 {
    usize::BITS - count.saturating_sub(1).leading_zeros()
}

/// Writes bits.
#[derive(Debug, Default)]
pub(super) struct BitWriter {
    bytes: Vec<u8>,
    last: u64,
    used: u32,
}

impl BitWriter {
    /// Appends the lowest `bits` bits of `value`, at most 32.
    pub(super) fn put(&mut self, value: u32, bits: u32) {
        self.last |= (u64::from(value) & ((1 << bits) - 1)) << self.used;
        self.used += bits;
        while self.used >= 8 {
            self.bytes.push(self.last as u8);
            self.last >>= 8;
            self.used -= 8;
        }
    }

    /// Appends `zeroes` zeroes and a one.
    pub(super) fn put_unary(&mut self, zeroes: u32) {
        (0..zeroes).for_each(|_| self.put(0, 1));
        self.put(1, 1);
    }

    /// The bytes, the last one filled up with zeroes.
    pub(super) fn finish(mut self) -> Vec<u8> {
        if self.used > 0 {
            self.bytes.push(self.last as u8);
        }
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn widths() {
        for (count, width) in [(0, 0), (1, 0), (2, 1), (3, 2), (256, 8), (257, 9)] {
            assert_eq!(width_below(count), width, "{count}");
        }
    }

    proptest! {
        #[test]
        fn what_was_put_is_taken(fields in prop::collection::vec((any::<u32>(), 0u32..=32), 0..50)) {
            let mut writer = BitWriter::default();
            for &(value, bits) in &fields {
                writer.put(value, bits);
            }
            let bytes = writer.finish();
            let mut reader = BitReader::new(&bytes, bytes.len());
            for &(value, bits) in &fields {
                prop_assert_eq!(u64::from(reader.take(bits)), u64::from(value) & ((1u64 << bits) - 1));
            }
            prop_assert!(reader.is_at_end());
        }
    }
}
