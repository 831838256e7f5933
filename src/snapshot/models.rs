//! Reading what the models say beyond neighbours: best sellers, trends, bands, attributes.

use super::layout::{split_offsets, u32_at};
use super::{AttributeWeights, BlendWeights, Kind, Snapshot};

impl Snapshot {
    /// The best sellers of a category and of those below it, best first.
    pub fn category_tops(&self, category: u32) -> impl Iterator<Item = u32> + '_ {
        self.tops(Kind::CategoryTops, category)
    }

    /// The best sellers of a brand, best first.
    pub fn brand_tops(&self, brand: u32) -> impl Iterator<Item = u32> + '_ {
        self.tops(Kind::BrandTops, brand)
    }

    /// What is wanted more than it usually is, in the whole shop, best first.
    pub fn trending(&self) -> impl Iterator<Item = u32> + '_ {
        let section = self.section(Kind::Trending, 0).unwrap_or_default();
        (0..section.len() / 4).map_while(|index| u32_at(section, index))
    }

    /// The same in a category and in those below it.
    pub fn trending_by_category(&self, category: u32) -> impl Iterator<Item = u32> + '_ {
        self.tops(Kind::TrendingByCategory, category)
    }

    /// The same of a brand.
    pub fn trending_by_brand(&self, brand: u32) -> impl Iterator<Item = u32> + '_ {
        self.tops(Kind::TrendingByBrand, brand)
    }

    /// Which fifth of its top-level category's prices an item's price is in, from 1, the cheapest, to
    /// [`PRICE_BANDS`](super::PRICE_BANDS); `None` when that is not known.
    pub fn price_band(&self, item: u32) -> Option<u8> {
        let bands = self.section(Kind::PriceBand, 0)?;
        bands.get(item as usize).copied().filter(|&band| band > 0)
    }

    /// What a view says about the next one's attributes.
    pub fn attribute_weights(&self) -> AttributeWeights {
        let mut weights = AttributeWeights::default();
        if let Some(section) = self.section(Kind::AttributeWeights, 0) {
            for (index, field) in weights.fields().into_iter().enumerate() {
                *field = u32_at(section, index)
                    .unwrap_or(0)
                    .min(AttributeWeights::MAX);
            }
        }
        weights
    }

    /// What adds to a score beside what is viewed together.
    pub fn blend_weights(&self) -> BlendWeights {
        let mut weights = BlendWeights::default();
        if let Some(section) = self.section(Kind::BlendWeights, 0) {
            for (index, field) in weights.fields().into_iter().enumerate() {
                *field = u32_at(section, index).unwrap_or(0).min(BlendWeights::MAX);
            }
        }
        weights
    }

    /// How many lists a section of tops has: one for each code of its column.
    pub(super) fn top_lists(&self, kind: Kind) -> usize {
        let column = match kind {
            Kind::BrandTops | Kind::TrendingByBrand => Kind::Brand,
            _ => Kind::Category,
        };
        self.dictionary(column).map_or(0, |d| d.strings.len())
    }

    pub(super) fn tops(&self, kind: Kind, code: u32) -> impl Iterator<Item = u32> + '_ {
        let list = || {
            let lists = self.top_lists(kind);
            let (offsets, items) = split_offsets(self.section(kind, 0)?, lists)?;
            let start = u32_at(offsets, code as usize)? as usize;
            let end = u32_at(offsets, (code as usize).checked_add(1)?)? as usize;
            ((code as usize) < lists).then_some((items, start..end))
        };
        let (items, range) = list().unwrap_or((&[], 0..0));
        range.map_while(move |index| u32_at(items, index))
    }
}
