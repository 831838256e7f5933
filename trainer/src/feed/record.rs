//! One product as a feed's reader finds it, the same for all formats.

/// The fields of a feed that are read, in the order of [`Record::fields`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Field {
    Id,
    Title,
    Link,
    ImageLink,
    Price,
    SalePrice,
    Availability,
    ProductType,
    Brand,
    Color,
    Size,
    Material,
    ItemGroupId,
    Quantity,
    MaxHandlingTime,
    MaxTransitTime,
    CustomLabel0,
    CustomLabel1,
    CustomLabel2,
    CustomLabel3,
    CustomLabel4,
    DateAdded,
    SaleDates,
}

impl Field {
    /// All fields with Google's names.
    pub(crate) const ALL: [(&'static str, Self); 23] = [
        ("id", Self::Id),
        ("title", Self::Title),
        ("link", Self::Link),
        ("image_link", Self::ImageLink),
        ("price", Self::Price),
        ("sale_price", Self::SalePrice),
        ("availability", Self::Availability),
        ("product_type", Self::ProductType),
        ("brand", Self::Brand),
        ("color", Self::Color),
        ("size", Self::Size),
        ("material", Self::Material),
        ("item_group_id", Self::ItemGroupId),
        ("quantity", Self::Quantity),
        ("max_handling_time", Self::MaxHandlingTime),
        ("max_transit_time", Self::MaxTransitTime),
        ("custom_label_0", Self::CustomLabel0),
        ("custom_label_1", Self::CustomLabel1),
        ("custom_label_2", Self::CustomLabel2),
        ("custom_label_3", Self::CustomLabel3),
        ("custom_label_4", Self::CustomLabel4),
        ("date_added", Self::DateAdded),
        ("sale_price_effective_date", Self::SaleDates),
    ];

    /// What other systems call some of them: Meta's catalogue, Google's local inventory, shops' own
    /// exports. `availability_date` is not among them: it says when what is ordered now will be sent.
    const ALIASES: [(&'static str, Self); 5] = [
        ("inventory", Self::Quantity),
        ("quantity_to_sell_on_facebook", Self::Quantity),
        ("sell_on_google_quantity", Self::Quantity),
        ("created_at", Self::DateAdded),
        ("published_at", Self::DateAdded),
    ];

    /// The labels, by number.
    pub(crate) const LABELS: [Self; 5] = [
        Self::CustomLabel0,
        Self::CustomLabel1,
        Self::CustomLabel2,
        Self::CustomLabel3,
        Self::CustomLabel4,
    ];

    /// What every feed must have.
    pub(crate) const NEEDED: [Self; 3] = [Self::Id, Self::Title, Self::Link];

    /// Google's name.
    pub(crate) fn name(self) -> &'static str {
        Self::ALL[self as usize].0
    }

    /// The field of a column or an element; like Google, takes `image link` for `image_link`, in any
    /// case.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        let name = name.trim().to_lowercase().replace(' ', "_");
        let mut names = Self::ALL.iter().chain(&Self::ALIASES);
        let known = names.find(|(known, _)| *known == name);
        known.map(|&(_, field)| field)
    }
}

/// A row or an element, its fields as the file has them.
#[derive(Debug, Default)]
pub(crate) struct Record {
    fields: [Vec<u8>; Field::ALL.len()],
    /// The line on which it begins, from 1.
    pub(crate) line: u64,
    /// How many columns were expected and found, where these differ.
    pub(crate) odd_width: Option<(usize, usize)>,
}

impl Record {
    /// Forgets all fields and keeps their memory.
    pub(super) fn clear(&mut self) {
        for field in &mut self.fields {
            field.clear();
        }
        self.odd_width = None;
    }

    /// A field's bytes; empty when the feed lacks it.
    pub(crate) fn get(&self, field: Field) -> &[u8] {
        &self.fields[field as usize]
    }

    pub(super) fn get_mut(&mut self, field: Field) -> &mut Vec<u8> {
        &mut self.fields[field as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_stands_where_its_number_says() {
        for (name, field) in Field::ALL {
            assert_eq!((field.name(), Field::parse(name)), (name, Some(field)));
        }
        assert_eq!(Field::parse(" Image Link "), Some(Field::ImageLink));
        assert_eq!(Field::parse("Inventory"), Some(Field::Quantity));
        assert_eq!(Field::parse("gtin"), None);
    }
}
