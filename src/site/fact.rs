//! What a page tells, and where it stands: `[[fact]]`.

use wincode::{SchemaRead, SchemaWrite};

use super::ValuePattern;

/// The most facts that one site.toml may name.
pub const MAX_FACTS: usize = 64;

/// The most properties that one follows from a type to a value.
pub const MAX_PROPERTIES: usize = 8;

/// Something that a page tells, and one place where it stands. Of several with one name, the first that
/// yields a value counts.
#[derive(Debug, Clone, PartialEq, Eq, SchemaWrite, SchemaRead)]
#[cfg_attr(test, derive(bincode::Encode, bincode::Decode))]
pub struct Fact {
    /// What it tells.
    pub name: FactName,
    /// The kinds of pages that tell it; empty for all.
    pub pages: Vec<String>,
    /// Where it stands.
    pub source: Source,
}

/// What a page may tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, SchemaWrite, SchemaRead)]
#[cfg_attr(test, derive(bincode::Encode, bincode::Decode))]
pub enum FactName {
    /// The product that the page is about: an item's id, its group's, or a link of the feed.
    Product,
    /// The category that the page shows, as the feed calls it.
    Category,
    /// The brand that the page shows, as the feed calls it.
    Brand,
    /// What was searched for.
    Search,
    /// A product in the cart, as [`FactName::Product`].
    CartItem,
    /// What the cart comes to.
    CartSum,
    /// An order's number: the page confirms an order.
    Order,
    /// A product that was ordered, as [`FactName::Product`].
    OrderItem,
    /// What the page, or a cookie of the shop's, calls the visitor.
    Customer,
    /// The page's kind, where no path tells it.
    Page,
}

impl FactName {
    /// All facts with the names that site.toml uses.
    pub const ALL: [(&'static str, Self); 10] = [
        ("product", Self::Product),
        ("category", Self::Category),
        ("brand", Self::Brand),
        ("search", Self::Search),
        ("cart_item", Self::CartItem),
        ("cart_sum", Self::CartSum),
        ("order", Self::Order),
        ("order_item", Self::OrderItem),
        ("customer", Self::Customer),
        ("page", Self::Page),
    ];

    /// The name that site.toml uses.
    pub fn name(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(_, fact)| *fact == self)
            .map_or("", |(name, _)| name)
    }

    /// Whether a page may have several of it.
    pub fn is_list(self) -> bool {
        matches!(self, Self::CartItem | Self::OrderItem)
    }

    /// Whether it is remembered of a visitor who consents, so that it is worth reading where a page has no
    /// place, too.
    pub(crate) fn is_remembered(self) -> bool {
        matches!(
            self,
            Self::Product | Self::CartItem | Self::Order | Self::OrderItem
        )
    }
}

/// Where a fact stands.
#[derive(Debug, Clone, PartialEq, Eq, SchemaWrite, SchemaRead)]
#[cfg_attr(test, derive(bincode::Encode, bincode::Decode))]
pub enum Source {
    /// In the URL's path.
    Path(ValuePattern),
    /// In this parameter of the URL's query.
    Query(String),
    /// In the elements that a selector matches.
    Element {
        /// The selector.
        selector: String,
        /// The attribute's name; empty for the element's text.
        attribute: String,
    },
    /// In JSON-LD.
    JsonLd(PropertyPath),
    /// In microdata.
    Microdata(PropertyPath),
    /// An element that a selector matches is there: then it is this.
    Mark {
        /// The selector.
        selector: String,
        /// What it tells.
        value: String,
    },
    /// In this cookie of the shop's, which is read with consent alone: [`FactName::Customer`].
    Cookie(String),
}

impl Source {
    /// Whether the page itself has to be read for it.
    pub fn is_on_page(&self) -> bool {
        !matches!(self, Self::Path(_) | Self::Query(_) | Self::Cookie(_))
    }
}

/// A type of schema.org and the properties that lead from it to a value: `Product.offers.sku`.
#[derive(Debug, Clone, PartialEq, Eq, SchemaWrite, SchemaRead)]
#[cfg_attr(test, derive(bincode::Encode, bincode::Decode))]
pub struct PropertyPath {
    /// The type, without schema.org's address.
    pub kind: String,
    /// At least one, at most [`MAX_PROPERTIES`].
    pub properties: Vec<String>,
}

impl PropertyPath {
    /// `Type.property.property`; `None` when it is not of this form.
    pub fn new(text: &str) -> Option<Self> {
        let mut parts = text.split('.').map(str::to_owned);
        let kind = parts.next()?;
        let properties: Vec<String> = parts.collect();
        let is_name = |part: &String| {
            !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || c == '/')
        };
        let is_sound = is_name(&kind)
            && (1..=MAX_PROPERTIES).contains(&properties.len())
            && properties.iter().all(is_name);
        is_sound.then_some(Self { kind, properties })
    }

    /// Whether a type, as a page writes it, is this one: `Product`, `https://schema.org/Product`,
    /// `schema:Product`.
    pub(crate) fn is_of(&self, written: &str) -> bool {
        written.rsplit(['/', ':', '#']).next() == Some(self.kind.as_str())
    }
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let path = |path: &PropertyPath| format!("{}.{}", path.kind, path.properties.join("."));
        match self {
            Self::Mark { selector, .. } => write!(f, "selector {selector:?}"),
            Self::Path(pattern) => write!(f, "path {:?}", pattern.as_str()),
            Self::Query(name) => write!(f, "query {name:?}"),
            Self::Cookie(name) => write!(f, "cookie {name:?}"),
            Self::Element {
                selector,
                attribute,
            } if attribute.is_empty() => write!(f, "selector {selector:?}"),
            Self::Element {
                selector,
                attribute,
            } => write!(f, "selector {selector:?}, attribute {attribute:?}"),
            Self::JsonLd(at) => write!(f, "json_ld {:?}", path(at)),
            Self::Microdata(at) => write!(f, "microdata {:?}", path(at)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_properties() {
        let path = PropertyPath::new("Product.offers.sku").expect("a path");
        assert_eq!(path.kind, "Product");
        assert_eq!(path.properties, ["offers", "sku"]);
        for written in [
            "Product",
            "https://schema.org/Product",
            "http://schema.org/Product",
            "schema:Product",
        ] {
            assert!(path.is_of(written), "{written}");
        }
        assert!(!path.is_of("ProductGroup"));
        for bad in [
            "",
            "Product",
            "Product.",
            ".sku",
            "Product..sku",
            "Product. sku",
            "a/Product.sku",
            "P.1.2.3.4.5.6.7.8.9",
        ] {
            assert_eq!(PropertyPath::new(bad), None, "{bad}");
        }
    }
}
