//! Checks beyond checksums. Opening checks each section's frame; [`Snapshot::verify`] every record.

use super::articles::Articles;
use super::clusters::Centroids;
use super::layout::{SortedMap, split_offsets};
use super::weather::Weather;
use super::{Kind, OpenError, PRICE_BANDS, Snapshot, VerifyError};

/// Six weights of section 50.
const ATTRIBUTE_BYTES: usize = 24;
const BLEND_BYTES: usize = 12;

impl Snapshot {
    /// Checks that each section's own lengths fit. Cost: a constant for each section.
    pub(super) fn check_frames(&self) -> Result<(), OpenError> {
        for required in [
            Kind::Site,
            Kind::ItemIds,
            Kind::ItemKeys,
            Kind::Availability,
        ] {
            self.section(required, 0)
                .ok_or(OpenError::Missing(required.name()))?;
        }
        for info in self.sections() {
            let bad = |expected| self.bad_section(info.kind, info.locale, expected);
            let locale = usize::from(info.locale);
            let length = info.range.len();
            match info.kind {
                Kind::Meta | Kind::Site => {}
                Kind::ItemIds | Kind::Title | Kind::Link | Kind::Image => {
                    self.strings(info.kind, locale)
                        .filter(|strings| strings.len() == self.len())
                        .ok_or_else(|| bad("one string for each item"))?;
                }
                Kind::ItemKeys => {
                    if length != self.len() * 12 {
                        return Err(bad("12 bytes for each item"));
                    }
                }
                Kind::LinkIndex => {
                    self.section(info.kind, locale)
                        .and_then(SortedMap::new)
                        .ok_or_else(|| bad("12 bytes for each link"))?;
                }
                Kind::Price | Kind::SalePrice | Kind::SaleEnds => {
                    if length != self.len() * 4 {
                        return Err(bad("4 bytes for each item"));
                    }
                }
                Kind::Availability | Kind::PriceBand | Kind::DeliveryDays => {
                    if length != self.len() {
                        return Err(bad("1 byte for each item"));
                    }
                }
                Kind::Popularity | Kind::Quantity | Kind::Added => {
                    if length != self.len() * 2 {
                        return Err(bad("2 bytes for each item"));
                    }
                }
                Kind::Brand
                | Kind::Category
                | Kind::Color
                | Kind::Size
                | Kind::Material
                | Kind::ItemGroup
                | Kind::Label0
                | Kind::Label1
                | Kind::Label2
                | Kind::Label3
                | Kind::Label4 => {
                    self.dictionary(info.kind)
                        .ok_or_else(|| bad("codes and their strings"))?;
                }
                Kind::ViewedTogether => {
                    if length < (self.len() + 1) * 4 {
                        return Err(bad("an offset for each item"));
                    }
                }
                Kind::PackedViewedTogether => {
                    self.packed_views()
                        .ok_or_else(|| bad("a position and a length for each item"))?;
                }
                Kind::BoughtTogether | Kind::SimilarByContent => {
                    self.lists_beside(info.kind)
                        .ok_or_else(|| bad("a length for each item, and section 31 beside it"))?;
                }
                Kind::CategoryTops
                | Kind::BrandTops
                | Kind::TrendingByCategory
                | Kind::TrendingByBrand
                | Kind::NewArrivalsByCategory
                | Kind::OnSaleByCategory => {
                    self.section(info.kind, locale)
                        .and_then(|section| split_offsets(section, self.top_lists(info.kind)))
                        .ok_or_else(|| bad("an offset for each category or brand"))?;
                }
                Kind::Trending
                | Kind::NewArrivals
                | Kind::OnSale
                | Kind::PriceDrops
                | Kind::BackInStock
                | Kind::LowStock => {
                    if !length.is_multiple_of(4) {
                        return Err(bad("4 bytes for each item of the list"));
                    }
                }
                Kind::PriceBefore | Kind::BackInStockDay => {
                    if !self.is_before_framed(info.kind, length) {
                        return Err(bad("rows of 10 bytes for prices, of 6 for days"));
                    }
                }
                Kind::CategoryComplements => {
                    self.section(info.kind, locale)
                        .and_then(|section| split_offsets(section, self.top_lists(info.kind)))
                        .ok_or_else(|| bad("an offset for each category"))?;
                }
                Kind::Weather => {
                    self.weather_table()
                        .ok_or_else(|| bad("rows of 12 bytes and their classes"))?;
                }
                Kind::Articles => {
                    self.article_table()
                        .ok_or_else(|| bad("references and texts of each article"))?;
                }
                Kind::Clusters => {
                    self.centroids()
                        .ok_or_else(|| bad("centroids and their names"))?;
                }
                Kind::AttributeWeights => {
                    if length != ATTRIBUTE_BYTES {
                        return Err(bad("6 weights of 4 bytes"));
                    }
                }
                Kind::BlendWeights => {
                    if length != BLEND_BYTES {
                        return Err(bad("3 weights of 4 bytes"));
                    }
                }
            }
        }
        Ok(())
    }

    /// Checks every record: items within range, lists in order, strings in UTF-8, maps sorted.
    /// Cost: linear in the file.
    pub fn verify(&self) -> Result<(), VerifyError> {
        self.site()?;
        let items = self.len();
        let fail = |section: Kind, index, expected| VerifyError::Record {
            section: section.name(),
            index,
            expected,
        };
        for info in self.sections() {
            let locale = usize::from(info.locale);
            match info.kind {
                Kind::ItemIds | Kind::Title | Kind::Link | Kind::Image => {
                    let strings = self.strings(info.kind, locale);
                    for item in 0..items {
                        strings
                            .and_then(|s| s.get(item))
                            .ok_or_else(|| fail(info.kind, item, "UTF-8 text"))?;
                    }
                }
                Kind::ItemKeys | Kind::LinkIndex => self.verify_map(info.kind)?,
                Kind::Brand
                | Kind::Category
                | Kind::Color
                | Kind::Size
                | Kind::Material
                | Kind::ItemGroup
                | Kind::Label0
                | Kind::Label1
                | Kind::Label2
                | Kind::Label3
                | Kind::Label4 => {
                    let dictionary = self.dictionary(info.kind);
                    for item in 0..items {
                        dictionary
                            .and_then(|d| d.strings.get(d.code(item)? as usize))
                            .ok_or_else(|| fail(info.kind, item, "a code of the dictionary"))?;
                    }
                }
                Kind::ViewedTogether => {
                    for item in 0..items {
                        let expected = "neighbours in ascending order and within the items";
                        let list = self
                            .plain_list(item as u32)
                            .ok_or_else(|| fail(info.kind, item, expected))?;
                        let promised = list.promised();
                        if list.filter(|&(id, _)| (id as usize) < items).count() != promised {
                            return Err(fail(info.kind, item, expected));
                        }
                    }
                }
                Kind::PackedViewedTogether | Kind::BoughtTogether | Kind::SimilarByContent => {
                    self.verify_packed(info.kind)?;
                }
                Kind::CategoryTops
                | Kind::BrandTops
                | Kind::TrendingByCategory
                | Kind::TrendingByBrand
                | Kind::NewArrivalsByCategory
                | Kind::OnSaleByCategory => {
                    let is_wrong = |code: &usize| {
                        let mut list = self.tops(info.kind, *code as u32);
                        list.any(|item| item as usize >= items)
                    };
                    if let Some(code) = (0..self.top_lists(info.kind)).find(is_wrong) {
                        return Err(fail(info.kind, code, "items within range"));
                    }
                }
                Kind::PriceBefore | Kind::BackInStockDay => {
                    if !self.is_before_right(info.kind, locale) {
                        return Err(fail(info.kind, 0, "ascending items within range"));
                    }
                }
                Kind::Trending
                | Kind::NewArrivals
                | Kind::OnSale
                | Kind::PriceDrops
                | Kind::BackInStock
                | Kind::LowStock => {
                    let mut list = self.shelf(info.kind);
                    if let Some(index) = list.position(|item| item as usize >= items) {
                        return Err(fail(info.kind, index, "an item within range"));
                    }
                }
                Kind::CategoryComplements => {
                    let is_wrong = |code: &usize| !self.are_complements_right(*code as u32);
                    if let Some(code) = (0..self.top_lists(info.kind)).find(is_wrong) {
                        return Err(fail(info.kind, code, "other categories"));
                    }
                }
                Kind::Weather => {
                    if !self.weather_table().is_some_and(Weather::is_right) {
                        return Err(fail(info.kind, 0, "ascending keys, each with a class"));
                    }
                }
                Kind::Articles => {
                    if !self.article_table().is_some_and(Articles::is_right) {
                        return Err(fail(info.kind, 0, "ascending references to articles"));
                    }
                }
                Kind::Clusters => {
                    if !self.centroids().is_some_and(Centroids::is_right) {
                        return Err(fail(info.kind, 0, "ascending features, and names"));
                    }
                }
                Kind::PriceBand => {
                    let bands = self.section(info.kind, locale).unwrap_or_default();
                    if let Some(item) = bands.iter().position(|&band| band > PRICE_BANDS) {
                        return Err(fail(info.kind, item, "a price band from 0 to 5"));
                    }
                }
                Kind::Popularity => {
                    let falls = |item| self.popularity(item) >= self.popularity(item + 1);
                    if let Some(item) = (0..items.saturating_sub(1)).find(|&i| !falls(i as u32)) {
                        return Err(fail(info.kind, item + 1, "no more than the item before"));
                    }
                }
                Kind::Meta
                | Kind::Site
                | Kind::Price
                | Kind::SalePrice
                | Kind::Availability
                | Kind::Quantity
                | Kind::DeliveryDays
                | Kind::Added
                | Kind::SaleEnds
                | Kind::AttributeWeights
                | Kind::BlendWeights => {}
            }
        }
        Ok(())
    }

    fn verify_packed(&self, kind: Kind) -> Result<(), VerifyError> {
        let fail = |index, expected| VerifyError::Record {
            section: kind.name(),
            index,
            expected,
        };
        let lists = if kind == Kind::PackedViewedTogether {
            let lists = self.packed_views().map(|views| views.lists);
            if !lists.is_none_or(|lists| lists.positions.are_right()) {
                return Err(fail(0, "one position for each item"));
            }
            lists
        } else {
            self.lists_beside(kind)
        };
        let lists = lists.ok_or_else(|| fail(0, "lists"))?;
        if !lists.are_offsets_right() {
            return Err(fail(0, "offsets that fit the lengths"));
        }
        match (0..self.len()).find(|&item| !lists.is_list_right(item as u32)) {
            Some(item) => Err(fail(item, "neighbours within the items, to the last bit")),
            None => Ok(()),
        }
    }

    fn verify_map(&self, kind: Kind) -> Result<(), VerifyError> {
        let fail = |index, expected| VerifyError::Record {
            section: kind.name(),
            index,
            expected,
        };
        let map = self
            .section(kind, 0)
            .and_then(SortedMap::new)
            .ok_or_else(|| fail(0, "a map"))?;
        let mut previous = None;
        for index in 0..map.len() {
            let (key, item) = map.entry(index).ok_or_else(|| fail(index, "an entry"))?;
            if item as usize >= self.len() {
                return Err(fail(index, "an item within range"));
            }
            if previous.is_some_and(|previous| previous >= key) {
                return Err(fail(index, "ascending keys"));
            }
            previous = Some(key);
        }
        Ok(())
    }
}
