//! A column of codes, for those who ask it of many items.

use super::layout::u32_at;
use super::{Kind, Snapshot};

/// The codes of one column: brands, colours … or price bands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Codes<'a> {
    codes: Width<'a>,
    /// What stands for "unknown".
    none: Option<u32>,
}

#[derive(Debug, Clone, Copy)]
enum Width<'a> {
    Bytes(&'a [u8]),
    Words(&'a [u8]),
}

impl Codes<'_> {
    /// An item's code; `None` when it has none.
    pub(crate) fn get(&self, item: u32) -> Option<u32> {
        let code = match self.codes {
            Width::Bytes(bytes) => bytes.get(item as usize).copied().map(u32::from),
            Width::Words(bytes) => u32_at(bytes, item as usize),
        };
        code.filter(|&code| Some(code) != self.none)
    }
}

impl Snapshot {
    /// The codes of a dictionary's column, or the price bands; `None` when there is no such section.
    pub(crate) fn codes(&self, column: Kind) -> Option<Codes<'_>> {
        if column == Kind::PriceBand {
            return Some(Codes {
                codes: Width::Bytes(self.section(column, 0)?),
                none: Some(0),
            });
        }
        let dictionary = self.dictionary(column)?;
        // Strings ascend, so only the first can be empty.
        let has_empty = dictionary.strings.get(0).is_some_and(str::is_empty);
        Some(Codes {
            codes: Width::Words(dictionary.codes),
            none: has_empty.then_some(0),
        })
    }
}
