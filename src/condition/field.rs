//! What conditions may speak of.

use wincode::{SchemaRead, SchemaWrite};

/// Where a field is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// In `when`: the visitor, the page, the moment.
    Visit,
    /// In `items`: a product of the feed.
    Item,
}

/// What a field's values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldType {
    /// Yes or no.
    Flag,
    /// A number.
    Number,
    /// A text.
    Text,
    /// A text with levels, of which each counts.
    Path,
}

/// A field, as site.toml and the documentation name it.
#[derive(Debug, Clone, Copy)]
pub struct FieldInfo {
    /// The field.
    pub field: Field,
    /// Its name.
    pub name: &'static str,
    /// Where it is known.
    pub scope: Scope,
    /// What it is.
    pub kind: FieldType,
    /// What stands in its brackets; empty for fields without.
    pub argument: &'static str,
    /// What it says.
    pub doc: &'static str,
}

macro_rules! fields {
    ($($variant:ident $name:literal $scope:ident $kind:ident $argument:literal $doc:literal,)*) => {
        /// What a condition may look at. Snapshots hold the numbers of these: new ones stand at the end.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, SchemaWrite, SchemaRead)]
        #[cfg_attr(test, derive(bincode::Encode, bincode::Decode))]
        pub enum Field {
            $(#[doc = $doc] $variant,)*
        }

        impl Field {
            /// All fields.
            pub const ALL: &'static [FieldInfo] = &[$(FieldInfo {
                field: Self::$variant,
                name: $name,
                scope: Scope::$scope,
                kind: FieldType::$kind,
                argument: $argument,
                doc: $doc,
            },)*];

            /// Its name in conditions. The table has more, which an edge need not hold.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

fields! {
    // The visitor. Without consent nothing is known but that the visitor may be new.
    New "new" Visit Flag "" "No earlier visit is known.",
    Returning "returning" Visit Flag "" "An earlier visit is known.",
    Buyer "buyer" Visit Flag "" "A purchase is known.",
    Visits "visits" Visit Number "" "Visits, this one included.",
    DaysSinceFirstVisit "days_since_first_visit" Visit Number "" "Days since the first visit.",
    DaysSinceLastVisit "days_since_last_visit" Visit Number "" "Days since the visit before this one.",
    Views "views" Visit Number "" "Products looked at lately, of 40 at most.",
    ViewsOnSale "views_on_sale" Visit Number "" "How many of them are reduced.",
    ShareOnSale "share_on_sale" Visit Number "" "Which share of them is reduced: 0 to 1, or in %.",
    PriceLevel "price_level" Visit Number "" "Where their prices stand in their categories: 0 the cheapest, 1 the dearest.",
    ViewedBrand "viewed_brand" Visit Number "brand" "How many of them have this brand.",
    ViewedCategory "viewed_category" Visit Number "category" "How many of them are in this category.",
    ViewedColor "viewed_color" Visit Number "colour" "How many of them have this colour.",
    ViewedSize "viewed_size" Visit Number "size" "How many of them have this size.",
    ViewedMaterial "viewed_material" Visit Number "material" "How many of them are of this material.",
    Purchases "purchases" Visit Number "" "Products bought.",
    DaysSincePurchase "days_since_purchase" Visit Number "" "Days since something was bought.",
    BoughtBrand "bought_brand" Visit Number "brand" "How many products of this brand were bought.",
    BoughtCategory "bought_category" Visit Number "category" "How many products of this category were bought.",
    CartItems "cart_items" Visit Number "" "Different products in the cart.",
    CartSum "cart_sum" Visit Number "" "What the cart's products cost, in the page's currency.",
    CartHours "cart_hours" Visit Number "" "Hours since something was put into the cart that is still there.",
    Likes "likes" Visit Number "" "Products liked.",
    Segment "segment" Visit Flag "segment" "The visitor belongs to this segment.",
    Variant "variant" Visit Text "experiment" "The visitor's variant in this experiment.",
    Trait "trait" Visit Text "trait" "What the shop says of the visitor; see [[trait]].",
    // The page and the moment.
    Page "page" Visit Text "" "The page's kind.",
    PageCategory "category" Visit Path "" "The category of the page, or of its product.",
    PageBrand "brand" Visit Text "" "The brand of the page, or of its product.",
    Search "search" Visit Text "" "What is searched for.",
    Query "query" Visit Text "parameter" "A parameter of the URL.",
    Lang "lang" Visit Text "" "The page's language.",
    Country "country" Visit Text "" "The visitor's country, as the platform tells it: DE.",
    Region "region" Visit Text "" "The visitor's region, as the platform tells it: BY.",
    Weather "weather" Visit Text "" "Today's weather there: a class from the snapshot's table.",
    Season "season" Visit Text "" "spring, summer, autumn or winter, where the visitor is.",
    Month "month" Visit Number "" "1 to 12, in UTC.",
    Weekday "weekday" Visit Number "" "1 for Monday to 7, in UTC.",
    Hour "hour" Visit Number "" "0 to 23, in UTC.",
    // An item.
    Id "id" Item Text "" "The feed's id.",
    Title "title" Item Text "" "The title.",
    Brand "brand" Item Text "" "The brand.",
    Category "category" Item Path "" "The category.",
    Color "color" Item Text "" "The colour.",
    Size "size" Item Text "" "The size.",
    Material "material" Item Text "" "The material.",
    Availability "availability" Item Text "" "in_stock, out_of_stock, preorder or backorder.",
    Price "price" Item Number "" "What it costs now, in the page's currency.",
    OnSale "on_sale" Item Flag "" "It is reduced.",
    Discount "discount" Item Number "" "By how much it is reduced: 0 to 1, or in %.",
    AgeDays "age_days" Item Number "" "Days since the feed first had it.",
    Quantity "quantity" Item Number "" "How many are in stock, where the feed says so.",
    DeliveryDays "delivery_days" Item Number "" "How long delivery takes at most, where the feed says so.",
    Cluster "cluster" Visit Text "" "The group of visitors, learned from the shop's own log, that this one is most like.",
    Label "label" Item Text "number" "A custom_label_0 to custom_label_4 of the feed.",
}

impl Field {
    /// What is known of it.
    pub fn info(self) -> &'static FieldInfo {
        // The table is written in the order of the variants.
        Self::ALL
            .get(self as usize)
            .unwrap_or(const { &Self::ALL[0] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_in_their_scope() {
        for (at, info) in Field::ALL.iter().enumerate() {
            assert_eq!(info.field.info().name, info.name);
            assert_eq!(info.field.name(), info.name);
            let same = |other: &&FieldInfo| other.name == info.name && other.scope == info.scope;
            assert_eq!(Field::ALL.iter().position(|other| same(&other)), Some(at));
        }
    }
}
