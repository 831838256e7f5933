//! The kinds of sections.

/// What a section holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u16)]
#[expect(missing_docs, reason = "the format's page in `mod.rs` describes each")]
pub enum Kind {
    Meta = 1,
    Site = 2,
    ItemIds = 3,
    ItemKeys = 4,
    Title = 10,
    Link = 11,
    Image = 12,
    Price = 13,
    SalePrice = 14,
    Availability = 15,
    Brand = 16,
    Category = 17,
    Color = 18,
    Size = 19,
    LinkIndex = 20,
    Material = 21,
    ItemGroup = 22,
    PriceBand = 23,
    Quantity = 24,
    DeliveryDays = 25,
    Added = 26,
    SaleEnds = 27,
    PriceBefore = 28,
    BackInStockDay = 29,
    ViewedTogether = 30,
    PackedViewedTogether = 31,
    BoughtTogether = 32,
    SimilarByContent = 33,
    Popularity = 40,
    CategoryTops = 41,
    BrandTops = 42,
    Trending = 43,
    TrendingByCategory = 44,
    TrendingByBrand = 45,
    AttributeWeights = 50,
    BlendWeights = 51,
    Label0 = 60,
    Label1 = 61,
    Label2 = 62,
    Label3 = 63,
    Label4 = 64,
    NewArrivals = 70,
    OnSale = 71,
    PriceDrops = 72,
    BackInStock = 73,
    LowStock = 74,
    NewArrivalsByCategory = 75,
    OnSaleByCategory = 76,
    CategoryComplements = 80,
    Weather = 81,
    Clusters = 82,
    Articles = 83,
}

impl Kind {
    /// All kinds with their names.
    pub const ALL: [(Self, &'static str); 52] = [
        (Self::Meta, "meta"),
        (Self::Site, "site"),
        (Self::ItemIds, "item ids"),
        (Self::ItemKeys, "item keys"),
        (Self::Title, "title"),
        (Self::Link, "link"),
        (Self::Image, "image"),
        (Self::Price, "price"),
        (Self::SalePrice, "sale price"),
        (Self::Availability, "availability"),
        (Self::Brand, "brand"),
        (Self::Category, "category"),
        (Self::Color, "colour"),
        (Self::Size, "size"),
        (Self::LinkIndex, "link index"),
        (Self::Material, "material"),
        (Self::ItemGroup, "item group"),
        (Self::PriceBand, "price band"),
        (Self::Quantity, "quantity"),
        (Self::DeliveryDays, "delivery days"),
        (Self::Added, "added"),
        (Self::SaleEnds, "sale ends"),
        (Self::PriceBefore, "price before"),
        (Self::BackInStockDay, "back in stock since"),
        (Self::ViewedTogether, "viewed together"),
        (Self::PackedViewedTogether, "viewed together, packed"),
        (Self::BoughtTogether, "bought together"),
        (Self::SimilarByContent, "similar by content"),
        (Self::Popularity, "popularity"),
        (Self::CategoryTops, "category tops"),
        (Self::BrandTops, "brand tops"),
        (Self::Trending, "trending"),
        (Self::TrendingByCategory, "trending by category"),
        (Self::TrendingByBrand, "trending by brand"),
        (Self::AttributeWeights, "attribute weights"),
        (Self::BlendWeights, "blend weights"),
        (Self::Label0, "label 0"),
        (Self::Label1, "label 1"),
        (Self::Label2, "label 2"),
        (Self::Label3, "label 3"),
        (Self::Label4, "label 4"),
        (Self::NewArrivals, "new arrivals"),
        (Self::OnSale, "on sale"),
        (Self::PriceDrops, "price drops"),
        (Self::BackInStock, "back in stock"),
        (Self::LowStock, "low stock"),
        (Self::NewArrivalsByCategory, "new arrivals by category"),
        (Self::OnSaleByCategory, "on sale by category"),
        (Self::CategoryComplements, "category complements"),
        (Self::Weather, "weather"),
        (Self::Clusters, "clusters"),
        (Self::Articles, "articles"),
    ];

    /// The columns of the feed's `custom_label_0` to `custom_label_4`.
    pub const LABELS: [Self; 5] = [
        Self::Label0,
        Self::Label1,
        Self::Label2,
        Self::Label3,
        Self::Label4,
    ];

    /// Whether there is one of it for each locale.
    pub fn is_local(self) -> bool {
        matches!(
            self,
            Self::Title
                | Self::Link
                | Self::Image
                | Self::Price
                | Self::SalePrice
                | Self::SaleEnds
                | Self::PriceBefore
        )
    }

    /// The section's name.
    pub fn name(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(kind, _)| *kind == self)
            .map_or("?", |(_, name)| name)
    }

    pub(super) fn from_number(number: u16) -> Option<Self> {
        Self::ALL
            .iter()
            .map(|(kind, _)| *kind)
            .find(|kind| *kind as u16 == number)
    }
}
