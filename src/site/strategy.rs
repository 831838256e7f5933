//! How a slot chooses its items: the names of the strategies.

use wincode::{SchemaRead, SchemaWrite};

/// How a slot chooses its items. Snapshots hold the numbers of these variants, so new ones come last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, SchemaWrite, SchemaRead)]
#[cfg_attr(test, derive(bincode::Encode, bincode::Decode))]
pub enum Strategy {
    /// What this visitor looked at, newest first.
    RecentlyViewed,
    /// What goes with all that this visitor looked at lately.
    RecommendedForYou,
    /// What is seen together with the product of this page.
    SimilarItems,
    /// What sells best: in the product's category on a product page, else in the whole shop.
    TopSellers,
    /// What is bought together with the page's product, or with what is in the cart.
    BoughtTogether,
    /// What goes with the page's product, or with the cart, and is of another category.
    Complements,
    /// One item of each category that goes with the page's product, or with the cart, matched to it.
    CompleteTheSet,
    /// What is like the page's product and a little dearer.
    Upsell,
    /// What sells best in the page's category.
    TopSellersInCategory,
    /// What sells best of the page's brand.
    TopSellersOfBrand,
    /// What is wanted more than it usually is.
    Trending,
    /// The same in the page's category.
    TrendingInCategory,
    /// The same of the page's brand.
    TrendingOfBrand,
    /// What the shop added lately: in the page's category first.
    NewArrivals,
    /// What is reduced: in the page's category first.
    OnSale,
    /// What this visitor liked or looked at and costs less than before.
    PriceDrops,
    /// What can be ordered again: what this visitor liked or looked at first, then the shop's.
    BackInStock,
    /// What sells and is nearly sold out: in the page's category first.
    LowStock,
    /// Best sellers of the category that this visitor likes most.
    FavouriteCategory,
    /// Best sellers of the brand that this visitor likes most.
    FavouriteBrand,
    /// Best sellers in the colour that this visitor likes most.
    FavouriteColor,
    /// Best sellers of the material that this visitor likes most.
    FavouriteMaterial,
    /// Best sellers in the size that this visitor takes most.
    FavouriteSize,
    /// Best sellers of the brand and category that this visitor likes most together.
    TopOfMyWorld,
    /// What takes the cart over the sum from which on delivery is free.
    FreeShippingGap,
    /// [`CompleteTheSet`](Self::CompleteTheSet) for what this visitor bought last.
    LastBoughtSet,
    /// Articles and theme worlds that fit the page; no items.
    Content,
    /// For a search without hits: what its words name, what goes with views, what sells best.
    ZeroResults,
    /// [`Content`](Self::Content) without theme worlds.
    Articles,
    /// [`Content`](Self::Content): theme worlds alone.
    Themes,
}

impl Strategy {
    /// All strategies with the names that site.toml uses.
    pub const ALL: [(&'static str, Self); 30] = [
        ("recently_viewed", Self::RecentlyViewed),
        ("recommended_for_you", Self::RecommendedForYou),
        ("similar_items", Self::SimilarItems),
        ("top_sellers", Self::TopSellers),
        ("bought_together", Self::BoughtTogether),
        ("complements", Self::Complements),
        ("complete_the_set", Self::CompleteTheSet),
        ("upsell", Self::Upsell),
        ("top_sellers_in_category", Self::TopSellersInCategory),
        ("top_sellers_of_brand", Self::TopSellersOfBrand),
        ("trending", Self::Trending),
        ("trending_in_category", Self::TrendingInCategory),
        ("trending_of_brand", Self::TrendingOfBrand),
        ("new_arrivals", Self::NewArrivals),
        ("on_sale", Self::OnSale),
        ("price_drops", Self::PriceDrops),
        ("back_in_stock", Self::BackInStock),
        ("low_stock", Self::LowStock),
        ("favourite_category", Self::FavouriteCategory),
        ("favourite_brand", Self::FavouriteBrand),
        ("favourite_color", Self::FavouriteColor),
        ("favourite_material", Self::FavouriteMaterial),
        ("favourite_size", Self::FavouriteSize),
        ("top_of_my_world", Self::TopOfMyWorld),
        ("free_shipping_gap", Self::FreeShippingGap),
        ("last_bought_set", Self::LastBoughtSet),
        ("content", Self::Content),
        ("zero_results", Self::ZeroResults),
        ("articles", Self::Articles),
        ("themes", Self::Themes),
    ];

    /// Whether all its items come from what this visitor looked at, bought or liked before: without that it
    /// has none.
    pub fn is_by_history(self) -> bool {
        matches!(
            self,
            Self::RecentlyViewed
                | Self::RecommendedForYou
                | Self::PriceDrops
                | Self::FavouriteCategory
                | Self::FavouriteBrand
                | Self::FavouriteColor
                | Self::FavouriteMaterial
                | Self::FavouriteSize
                | Self::TopOfMyWorld
                | Self::LastBoughtSet
        )
    }

    /// Whether it has items on every page and for every visitor, since it ends with the shop's best sellers.
    pub fn always_has_items(self) -> bool {
        matches!(self, Self::TopSellers | Self::ZeroResults)
    }

    /// Whether it chooses articles and theme worlds, and no items.
    pub fn is_content(self) -> bool {
        matches!(self, Self::Content | Self::Articles | Self::Themes)
    }

    /// Whether it speaks of the page's product, where the page has one.
    pub fn is_beside_product(self) -> bool {
        matches!(
            self,
            Self::SimilarItems
                | Self::BoughtTogether
                | Self::Complements
                | Self::CompleteTheSet
                | Self::Upsell
        )
    }

    /// The name that site.toml uses.
    pub fn name(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(_, strategy)| *strategy == self)
            .map_or("", |(name, _)| name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_are_in_the_order_of_the_numbers() {
        for (number, (name, strategy)) in (0u32..).zip(Strategy::ALL) {
            assert_eq!(strategy as u32, number, "{name}");
            assert_eq!(strategy.name(), name);
        }
    }
}
