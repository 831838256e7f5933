//! What viewed items have in common, and how far an item shares it.

use super::MAX_SEEDS;
use crate::snapshot::{AttributeWeights, BlendWeights, Codes, Kind, Snapshot};

/// The most that shared attributes multiply a score by.
pub const MAX_TASTE: u32 = 16;
const ONE: u64 = BlendWeights::ONE as u64;

/// One attribute of the viewed items.
#[derive(Debug, Clone, Copy)]
struct Column<'a> {
    codes: Codes<'a>,
    /// Codes of viewed items, each with the share of them that has it, times what the attribute says.
    gains: [(u32, u64); MAX_SEEDS],
    len: usize,
}

/// Attributes of viewed items: at most one column for each of [`AttributeWeights`].
#[derive(Debug, Clone, Copy)]
pub(super) struct Taste<'a> {
    columns: [Option<Column<'a>>; 6],
}

impl<'a> Taste<'a> {
    /// What `seeds` have in common; `None` when that says nothing in this shop.
    pub(super) fn of(snapshot: &'a Snapshot, seeds: &[u32]) -> Option<Self> {
        let scale = u64::from(snapshot.blend_weights().taste);
        if scale == 0 || seeds.is_empty() {
            return None;
        }
        let AttributeWeights {
            brand,
            category,
            color,
            size,
            material,
            price,
        } = snapshot.attribute_weights();
        let column = |kind, weight: u32| {
            let most = scale * u64::from(weight) / ONE;
            let codes = snapshot.codes(kind).filter(|_| most > 0)?;
            Some(Column::of(codes, seeds, most))
        };
        Some(Self {
            columns: [
                column(Kind::Brand, brand),
                column(Kind::Category, category),
                column(Kind::Color, color),
                column(Kind::Size, size),
                column(Kind::Material, material),
                column(Kind::PriceBand, price),
            ],
        })
    }

    /// What an item's score is multiplied by, in 1/65536: from 1, when it shares nothing, to [`MAX_TASTE`].
    pub(super) fn factor(&self, item: u32) -> u64 {
        let gains = self.columns.iter().flatten().map(|c| c.gain(item));
        (ONE + gains.sum::<u64>()).min(u64::from(MAX_TASTE) * ONE)
    }
}

impl<'a> Column<'a> {
    fn of(codes: Codes<'a>, seeds: &[u32], most: u64) -> Self {
        let mut gains = [(0, 0); MAX_SEEDS];
        let (mut len, mut known) = (0, 0u64);
        for code in seeds.iter().filter_map(|&seed| codes.get(seed)) {
            known += 1;
            let found = gains.iter_mut().take(len).find(|gain| gain.0 == code);
            if let Some(gain) = found {
                gain.1 += most;
            } else if let Some(gain) = gains.get_mut(len) {
                *gain = (code, most);
                len += 1;
            }
        }
        gains.iter_mut().for_each(|gain| gain.1 /= known.max(1));
        Self { codes, gains, len }
    }

    fn gain(&self, item: u32) -> u64 {
        let Some(code) = self.codes.get(item) else {
            return 0;
        };
        let gains = self.gains.iter().take(self.len);
        gains.filter(|gain| gain.0 == code).map(|gain| gain.1).sum()
    }
}
