//! The large tables of the double-byte encodings, made by the platform's own decoder.
//!
//! Not part of encoding_rs: see ../README.md. On `wasm32-unknown-unknown` a module is fetched and compiled anew in
//! every isolate, and there is a `TextDecoder` that knows these tables. A table is made when the first page needs
//! it and held to a checksum. Where the platform's differs or there is none, the encoding has no label
//! ([`crate::Encoding::for_label`]), as if nobody knew it.

extern crate std;

use std::ops::Deref;
use std::prelude::v1::*;
use std::sync::OnceLock;
use std::vec;

/// Decodes `bytes` from the encoding with this label, as the Encoding Standard says and without a byte order mark;
/// `None` where the platform cannot.
pub type PlatformDecoder = fn(label: &str, bytes: &[u8]) -> Option<String>;

static DECODER: OnceLock<PlatformDecoder> = OnceLock::new();

/// Says how tables are made. The first one counts, and only those tables that nobody has read yet.
pub fn set_platform_decoder(decoder: PlatformDecoder) {
    let _ = DECODER.set(decoder);
}

/// Which characters of which encoding a table has.
#[derive(Clone, Copy)]
pub(crate) enum Place {
    /// Of Big5 from pointer 942 on; 0 where it has none.
    Big5,
    /// Rows of 94 from this lead byte on.
    Rows {
        label: &'static str,
        prefix: Option<u8>,
        lead: u8,
    },
    /// Characters that mostly follow each other: where runs of them begin.
    Runs(Runs, Part),
}

/// Pointers as gb18030.rs and euc_kr.rs count them.
#[derive(Clone, Copy)]
pub(crate) enum Runs {
    GbkTop,
    GbkLeft,
    Cp949Top,
    Cp949Left,
}

/// Which half of a pair of tables.
#[derive(Clone, Copy)]
pub(crate) enum Part {
    Pointers,
    Offsets,
}

impl Runs {
    /// Pointers, pointers of a row and the first lead byte.
    fn shape(self) -> (usize, usize, u8) {
        match self {
            Runs::GbkTop => (0x20 * 190, 190, 0x81),
            Runs::GbkLeft => ((0x7D - 0x29) * 96 - 5, 96, 0xAA),
            Runs::Cp949Top => (0x20 * 178, 178, 0x81),
            Runs::Cp949Left => ((0x45 - 0x20) * 84 + 0x12, 84, 0xA1),
        }
    }

    fn push(self, pointer: usize, bytes: &mut Vec<u8>) {
        let (_, row, lead) = self.shape();
        let trail = (pointer % row) as u8;
        let offset = match (self, trail) {
            (Runs::GbkTop | Runs::GbkLeft, 0..0x3F) => 0x40,
            (Runs::GbkTop | Runs::GbkLeft, _) => 0x41,
            (_, 0..0x1A) => 0x41,
            (_, 0x1A..0x34) => 0x47,
            _ => 0x4D,
        };
        bytes.push(lead + (pointer / row) as u8);
        bytes.push(trail + offset);
    }
}

impl Place {
    /// How many characters are decoded for a table of this length.
    fn decoded(self, length: usize) -> usize {
        match self {
            Place::Runs(runs, _) => runs.shape().0,
            _ => length,
        }
    }

    fn label(self) -> &'static str {
        match self {
            Place::Big5 => "big5",
            Place::Rows { label, .. } => label,
            Place::Runs(Runs::GbkTop | Runs::GbkLeft, _) => "gbk",
            Place::Runs(Runs::Cp949Top | Runs::Cp949Left, _) => "euc-kr",
        }
    }

    /// The bytes of the character at `index`.
    fn push(self, index: usize, bytes: &mut Vec<u8>) {
        match self {
            Place::Big5 => {
                let pointer = index + 942;
                let trail = (pointer % 157) as u8;
                bytes.push((pointer / 157) as u8 + 0x81);
                bytes.push(trail + if trail < 0x3F { 0x40 } else { 0x62 });
            }
            Place::Rows { prefix, lead, .. } => {
                bytes.extend(prefix);
                bytes.push(lead + (index / 94) as u8);
                bytes.push(0xA1 + (index % 94) as u8);
            }
            Place::Runs(runs, _) => runs.push(index, bytes),
        }
    }
}

/// What stands for an unknown table; nobody gets as far as using it.
const UNKNOWN: u16 = 0xFFFD;

/// A table's values: the low 16 bits of each character.
pub(crate) fn made(place: Place, length: usize, sum: u64, decoder: Option<PlatformDecoder>) -> Vec<u16> {
    let mut bytes = Vec::with_capacity(length * 4);
    for index in 0..place.decoded(length) {
        place.push(index, &mut bytes);
        // Ends what is no character, so that the next one is read from its own first byte.
        bytes.push(b'\n');
    }
    let text = decoder.and_then(|decode| decode(place.label(), &bytes));
    let values: Vec<u16> = text.iter().flat_map(|text| text.lines()).map(value).collect();
    let values = match place {
        Place::Runs(_, part) => starts(&values, part),
        _ => values,
    };
    let is_known = values.len() == length && checksum(&values) == sum;
    if is_known { values } else { vec![UNKNOWN; length] }
}

fn starts(values: &[u16], part: Part) -> Vec<u16> {
    let mut next = None;
    let mut starts = Vec::new();
    for (&value, pointer) in values.iter().zip(0u16..) {
        if next != Some(value) {
            starts.push(match part {
                Part::Pointers => pointer,
                Part::Offsets => value,
            });
        }
        next = Some(value.wrapping_add(1));
    }
    starts
}

fn value(line: &str) -> u16 {
    let mut chars = line.chars();
    match (chars.next(), chars.next()) {
        (Some(one), None) if one != '\u{FFFD}' => one as u32 as u16,
        _ => 0,
    }
}

/// FNV-1a, of values and not of bytes.
fn checksum(values: &[u16]) -> u64 {
    values.iter().fold(0xCBF2_9CE4_8422_2325, |sum, &value| {
        (sum ^ u64::from(value)).wrapping_mul(0x100_0000_01B3)
    })
}

/// Reads as the array that it stands for.
pub struct Table {
    values: OnceLock<Vec<u16>>,
    place: Place,
    length: usize,
    sum: u64,
}

impl Table {
    const fn new(place: Place, length: usize, sum: u64) -> Self {
        Self {
            values: OnceLock::new(),
            place,
            length,
            sum,
        }
    }
}

/// Whether the platform knows the tables of `encoding`; makes them.
#[cfg(all(target_family = "wasm", target_os = "unknown"))]
pub(crate) fn has(encoding: &'static crate::Encoding) -> bool {
    use tables::*;
    let tables: &[&Table] = if encoding == crate::BIG5 {
        &[&BIG5_LOW_BITS]
    } else if encoding == crate::EUC_JP
        || encoding == crate::SHIFT_JIS
        || encoding == crate::ISO_2022_JP
    {
        &[
            &JIS0208_LEVEL1_KANJI,
            &JIS0208_LEVEL2_AND_ADDITIONAL_KANJI,
            &JIS0212_KANJI,
        ]
    } else if encoding == crate::EUC_KR {
        &[
            &KSX1001_HANGUL,
            &KSX1001_HANJA,
            &CP949_TOP_HANGUL_POINTERS,
            &CP949_TOP_HANGUL_OFFSETS,
            &CP949_LEFT_HANGUL_POINTERS,
            &CP949_LEFT_HANGUL_OFFSETS,
        ]
    } else if encoding == crate::GBK || encoding == crate::GB18030 {
        &[
            &GB2312_HANZI,
            &GBK_TOP_IDEOGRAPH_POINTERS,
            &GBK_TOP_IDEOGRAPH_OFFSETS,
            &GBK_LEFT_IDEOGRAPH_POINTERS,
            &GBK_LEFT_IDEOGRAPH_OFFSETS,
        ]
    } else {
        &[]
    };
    tables.iter().all(|table| table.first() != Some(&UNKNOWN))
}

impl Deref for Table {
    type Target = [u16];

    fn deref(&self) -> &[u16] {
        self.values
            .get_or_init(|| made(self.place, self.length, self.sum, DECODER.get().copied()))
    }
}

/// In the place of the arrays in data.rs.
#[cfg_attr(not(all(target_family = "wasm", target_os = "unknown")), allow(dead_code))]
pub(crate) mod tables {
    use super::{Part, Place, Runs, Table};

    pub static BIG5_LOW_BITS: Table = Table::new(
        Place::Big5,
        18840,
        0x54DFF2EBB0F50701,
    );
    pub static JIS0208_LEVEL1_KANJI: Table = Table::new(
        Place::Rows { label: "euc-jp", prefix: None, lead: 0xB0 },
        2965,
        0x76FFD6BC803B09C9,
    );
    pub static JIS0208_LEVEL2_AND_ADDITIONAL_KANJI: Table = Table::new(
        Place::Rows { label: "euc-jp", prefix: None, lead: 0xD0 },
        3390,
        0xAB1B46C0158F6D24,
    );
    pub static KSX1001_HANGUL: Table = Table::new(
        Place::Rows { label: "euc-kr", prefix: None, lead: 0xB0 },
        2350,
        0x41DAD3BDED011CDB,
    );
    pub static KSX1001_HANJA: Table = Table::new(
        Place::Rows { label: "euc-kr", prefix: None, lead: 0xCA },
        4888,
        0xF4E28AE3C38786F2,
    );
    pub static JIS0212_KANJI: Table = Table::new(
        Place::Rows { label: "euc-jp", prefix: Some(0x8F), lead: 0xB0 },
        5801,
        0x64E6BF382B74345F,
    );
    pub static GB2312_HANZI: Table = Table::new(
        Place::Rows { label: "gbk", prefix: None, lead: 0xB0 },
        6768,
        0xB1903E86DB100283,
    );

    pub static GBK_TOP_IDEOGRAPH_POINTERS: Table = Table::new(
        Place::Runs(Runs::GbkTop, Part::Pointers),
        1916,
        0x282711243FA1D1B9,
    );
    pub static GBK_TOP_IDEOGRAPH_OFFSETS: Table = Table::new(
        Place::Runs(Runs::GbkTop, Part::Offsets),
        1916,
        0x3AFCF14E2CAB5A18,
    );
    pub static GBK_LEFT_IDEOGRAPH_POINTERS: Table = Table::new(
        Place::Runs(Runs::GbkLeft, Part::Pointers),
        1627,
        0xE8E47537CBBEE2A5,
    );
    pub static GBK_LEFT_IDEOGRAPH_OFFSETS: Table = Table::new(
        Place::Runs(Runs::GbkLeft, Part::Offsets),
        1627,
        0xA20001BC1FCA1BA0,
    );
    pub static CP949_TOP_HANGUL_POINTERS: Table = Table::new(
        Place::Runs(Runs::Cp949Top, Part::Pointers),
        1079,
        0x7D06107E652082D6,
    );
    pub static CP949_TOP_HANGUL_OFFSETS: Table = Table::new(
        Place::Runs(Runs::Cp949Top, Part::Offsets),
        1079,
        0xF684FB7E3276783D,
    );
    pub static CP949_LEFT_HANGUL_POINTERS: Table = Table::new(
        Place::Runs(Runs::Cp949Left, Part::Pointers),
        535,
        0x4A7081C2F5D4DD3B,
    );
    pub static CP949_LEFT_HANGUL_OFFSETS: Table = Table::new(
        Place::Runs(Runs::Cp949Left, Part::Offsets),
        535,
        0x6F2F9E136F37D60E,
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Encoding, data};

    fn decode(label: &str, bytes: &[u8]) -> Option<String> {
        let encoding = Encoding::for_label(label.as_bytes())?;
        let (text, _) = encoding.decode_without_bom_handling(bytes);
        Some(text.into_owned())
    }

    /// As an old platform might.
    fn damaged(label: &str, bytes: &[u8]) -> Option<String> {
        Some(decode(label, bytes)?.replacen('\u{5F0C}', "\u{5F0D}", 1).replacen('\u{AC00}', "", 1))
    }

    #[test]
    fn the_tables_are_those_of_the_crate() {
        for (expected, found) in [
            (&data::BIG5_LOW_BITS[..], &tables::BIG5_LOW_BITS),
            (&data::JIS0208_LEVEL1_KANJI[..], &tables::JIS0208_LEVEL1_KANJI),
            (&data::JIS0208_LEVEL2_AND_ADDITIONAL_KANJI[..], &tables::JIS0208_LEVEL2_AND_ADDITIONAL_KANJI),
            (&data::KSX1001_HANGUL[..], &tables::KSX1001_HANGUL),
            (&data::KSX1001_HANJA[..], &tables::KSX1001_HANJA),
            (&data::JIS0212_KANJI[..], &tables::JIS0212_KANJI),
            (&data::GB2312_HANZI[..], &tables::GB2312_HANZI),
            (&data::GBK_TOP_IDEOGRAPH_POINTERS[..], &tables::GBK_TOP_IDEOGRAPH_POINTERS),
            (&data::GBK_TOP_IDEOGRAPH_OFFSETS[..], &tables::GBK_TOP_IDEOGRAPH_OFFSETS),
            (&data::GBK_LEFT_IDEOGRAPH_POINTERS[..], &tables::GBK_LEFT_IDEOGRAPH_POINTERS),
            (&data::GBK_LEFT_IDEOGRAPH_OFFSETS[..], &tables::GBK_LEFT_IDEOGRAPH_OFFSETS),
            (&data::CP949_TOP_HANGUL_POINTERS[..], &tables::CP949_TOP_HANGUL_POINTERS),
            (&data::CP949_TOP_HANGUL_OFFSETS[..], &tables::CP949_TOP_HANGUL_OFFSETS),
            (&data::CP949_LEFT_HANGUL_POINTERS[..], &tables::CP949_LEFT_HANGUL_POINTERS),
            (&data::CP949_LEFT_HANGUL_OFFSETS[..], &tables::CP949_LEFT_HANGUL_OFFSETS),
        ] {
            assert_eq!(expected.len(), found.length);
            let values = made(found.place, found.length, found.sum, Some(decode));
            assert_eq!(expected, values, "{}", found.place.label());
        }
    }

    #[test]
    fn another_table_than_the_crates_is_none() {
        let table = &tables::KSX1001_HANGUL;
        for decoder in [None, Some(damaged as PlatformDecoder), Some(|_: &str, _: &[u8]| None)] {
            let values = made(table.place, table.length, table.sum, decoder);
            assert_eq!(values, vec![UNKNOWN; table.length]);
        }
    }
}
