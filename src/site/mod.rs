//! A shop's rules: which places on which pages, in which order of strategies.
//!
//! `site.toml` is parsed once, on the build machine ([`parse`], feature `authoring`), into the types
//! of this module. They are stored in the snapshot in bincode's wire format, so an edge holds no TOML
//! parser, and a rule that reaches it cannot be malformed.

#[cfg(feature = "authoring")]
mod built_in;
#[cfg(feature = "authoring")]
mod codes;
#[cfg(feature = "authoring")]
mod dates;
#[cfg(feature = "authoring")]
mod draft;
#[cfg(feature = "authoring")]
mod error;
mod fact;
#[cfg(feature = "authoring")]
mod facts;
#[cfg(feature = "authoring")]
mod facts_on_page;
#[cfg(feature = "authoring")]
mod keys;
#[cfg(feature = "authoring")]
mod lint;
#[cfg(feature = "authoring")]
mod lists;
#[cfg(feature = "authoring")]
mod markup;
pub mod money;
#[cfg(feature = "authoring")]
mod offsets;
#[cfg(feature = "authoring")]
mod on_json;
#[cfg(feature = "authoring")]
mod on_page;
#[cfg(feature = "authoring")]
mod parse;
mod pattern;
#[cfg(feature = "authoring")]
mod place_keys;
#[cfg(feature = "authoring")]
mod places_parse;
mod pointer;
mod reasons;
#[cfg(feature = "authoring")]
mod rule_keys;
mod rules;
#[cfg(feature = "authoring")]
mod rules_lint;
#[cfg(feature = "authoring")]
mod rules_parse;
#[cfg(feature = "authoring")]
mod schema;
#[cfg(feature = "authoring")]
mod shape;
#[cfg(feature = "authoring")]
mod shop_keys;
mod strategy;
#[cfg(feature = "authoring")]
mod suggest;
pub mod template;
#[cfg(feature = "authoring")]
mod template_parse;
mod terms;
mod v1;
mod v2;
mod value_pattern;
mod visitors;
#[cfg(feature = "authoring")]
mod visitors_parse;
#[cfg(feature = "authoring")]
mod words;

#[cfg(feature = "authoring")]
pub use codes::{Code, Severity};
#[cfg(feature = "authoring")]
pub use draft::Draft;
#[cfg(feature = "authoring")]
pub use error::{Finding, SiteError, SiteProblem, line_and_column};
pub use fact::{Fact, FactName, MAX_FACTS, MAX_PROPERTIES, PropertyPath, Source};
#[cfg(feature = "authoring")]
pub use lint::LONG_AGO;
#[cfg(feature = "authoring")]
pub use on_json::is_json;
#[cfg(feature = "authoring")]
pub use on_page::{
    HYDRATED_HELP, PageError, Sighting, canonical_path, kind_of_path, look_for_places,
};
#[cfg(feature = "authoring")]
pub use parse::parse;
pub use pattern::{MAX_PATTERN_BYTES, PathPattern};
pub use pointer::{JsonPointer, MAX_POINTER_BYTES, MAX_POINTER_STEPS, PointerError};
pub(crate) use reasons::reason_in;
pub use rules::{
    Action, Experiment, MAX_RULES, MAX_SEGMENTS, MAX_VARIANTS, Rule, Segment, Shared, Variant,
    is_held_out,
};
#[cfg(feature = "authoring")]
pub use schema::schema;
pub use strategy::Strategy;
#[cfg(feature = "authoring")]
pub(crate) use suggest::nearest;
pub use template::Template;
pub use terms::{Moment, Terms};
pub(crate) use v1::SiteV1;
pub(crate) use v2::SiteV2;
pub use value_pattern::{MAX_READINGS, ValuePattern};
pub use visitors::{
    Adopt, Adopted, ConsentRule, GoogleRule, MAX_ADOPTS, MAX_HEADER_NAME_BYTES, MAX_TRAITS,
    TcfRule, TraitRule, TraitSource, WithoutConsent,
};

use wincode::{SchemaRead, SchemaWrite};

use crate::condition::Condition;

/// The most places (banners, slots, lists) that one site.toml may name.
pub const MAX_PLACES: usize = 256;

/// The most items that one slot may show.
pub const MAX_SLOT_ITEMS: usize = 24;

/// The most CSS pixels of a side of [`Picture`].
pub const MAX_PICTURE_SIDE: u16 = 4096;

/// Where the worker serves [`Site::style`].
pub const STYLE_PATH: &str = "/_tailorbird/style.css";

/// A compiled site.toml.
#[derive(Debug, Clone, Default, PartialEq, Eq, SchemaWrite, SchemaRead)]
#[cfg_attr(test, derive(bincode::Encode, bincode::Decode))]
pub struct Site {
    /// The shop's name.
    pub shop: String,
    /// The shop's public address without a path, `https://shop.example` for instance, or empty.
    /// Links below it are inserted without it, so that they work on every host the shop is seen at.
    pub url: String,
    /// At least one; the first is the default.
    pub locales: Vec<Locale>,
    /// When history may be used.
    pub consent: ConsentRule,
    /// Page kinds, tried in order; the first match names the page.
    pub pages: Vec<PageRule>,
    /// Banners, in file order.
    pub banners: Vec<Banner>,
    /// Slots, in file order: earlier ones choose their items first.
    pub slots: Vec<Slot>,
    /// Lists to re-order.
    pub lists: Vec<List>,
    /// Templates, referred to by index.
    pub templates: Vec<Template>,
    /// Groups of visitors; each may refer to those before it.
    pub segments: Vec<Segment>,
    /// Merchandising rules, in file order.
    pub rules: Vec<Rule>,
    /// Experiments.
    pub experiments: Vec<Experiment>,
    /// How many of a hundred visitors with a known id get the origin's bytes, at most 100.
    pub holdout: u8,
    /// What the shop itself remembers of a visitor.
    pub adopts: Vec<Adopt>,
    /// What the shop calls a visitor.
    pub traits: Vec<TraitRule>,
    /// What pages tell, in file order: the first of a name that yields a value counts.
    pub facts: Vec<Fact>,
    /// The size of products' pictures; 0 by 0 where no template says it.
    pub picture: Picture,
    /// The style of Tailorbird's own templates, served at [`STYLE_PATH`]; empty when none is used.
    pub style: String,
}

impl Site {
    /// Whether an element may tell a page's kind.
    pub fn tells_kinds(&self) -> bool {
        self.facts.iter().any(|fact| fact.name == FactName::Page)
    }

    /// All conditions of visits: of places, segments, rules and experiments.
    pub fn conditions(&self) -> impl Iterator<Item = &Condition> {
        let banners = self.banners.iter().map(|banner| &banner.place.terms);
        let slots = self.slots.iter().map(|slot| &slot.place.terms);
        let lists = self.lists.iter().map(|list| &list.terms);
        let places = banners.chain(slots).chain(lists).map(|terms| &terms.when);
        places
            .chain(self.segments.iter().map(|segment| &segment.when))
            .chain(self.rules.iter().map(|rule| &rule.when))
            .chain(self.experiments.iter().map(|experiment| &experiment.when))
    }

    /// A link of the feed as it is inserted into a page.
    pub fn local_link<'a>(&self, link: &'a str) -> &'a str {
        let local = link
            .strip_prefix(self.url.as_str())
            .filter(|rest| rest.starts_with('/'));
        match local {
            Some(path) if !self.url.is_empty() && !path.starts_with("//") => path,
            _ => link,
        }
    }
}

/// The size of products' pictures in templates, in CSS pixels. A feed does not tell it, and a page that
/// does not say it jumps when pictures come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, SchemaWrite, SchemaRead)]
#[cfg_attr(test, derive(bincode::Encode, bincode::Decode))]
pub struct Picture {
    /// From 1 to [`MAX_PICTURE_SIDE`].
    pub width: u16,
    /// From 1 to [`MAX_PICTURE_SIDE`].
    pub height: u16,
}

/// A language and currency of the shop, told by the start of the URL's path.
#[derive(Debug, Clone, Default, PartialEq, Eq, SchemaWrite, SchemaRead)]
#[cfg_attr(test, derive(bincode::Encode, bincode::Decode))]
pub struct Locale {
    /// BCP 47 language, `de` for instance.
    pub lang: String,
    /// Paths of this locale start with it, `/de/` for instance. Empty matches every path.
    pub prefix: String,
    /// ISO 4217 code of its prices, `EUR` for instance.
    pub currency: String,
    /// From which sum on delivery is free, in minor units, above 0; `None` when that is not said.
    pub free_shipping: Option<u32>,
}

impl Locale {
    /// What it is called in the worker's own addresses.
    pub(crate) fn in_address(&self) -> &str {
        match self.prefix.as_str() {
            "" => &self.lang,
            prefix => prefix,
        }
    }
}

/// A rule that names a page by its path.
#[derive(Debug, Clone, Default, PartialEq, Eq, SchemaWrite, SchemaRead)]
#[cfg_attr(test, derive(bincode::Encode, bincode::Decode))]
pub struct PageRule {
    /// The page kind's name, to which places refer: `home`, `listing`, `product`, …
    pub kind: String,
    /// Any of these must match; with none, [`PageRule::product_link`] decides alone.
    pub paths: Vec<PathPattern>,
    /// The page must be some product's link.
    pub product_link: bool,
}

/// Where something is inserted, relative to the element that the selector matches.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, SchemaWrite, SchemaRead)]
#[cfg_attr(test, derive(bincode::Encode, bincode::Decode))]
pub enum Position {
    /// Before its start tag.
    Before,
    /// After its end tag.
    #[default]
    After,
    /// As its first content.
    Prepend,
    /// As its last content.
    Append,
    /// In place of its content.
    Replace,
}

/// A place in the page.
#[derive(Debug, Clone, Default, PartialEq, Eq, SchemaWrite, SchemaRead)]
#[cfg_attr(test, derive(bincode::Encode, bincode::Decode))]
pub struct Place {
    /// Page kinds it is for.
    pub pages: Vec<String>,
    /// A CSS selector that lol_html understands.
    pub selector: String,
    /// Which of the elements that match, from 1; 0 counts as 1.
    pub nth: u16,
    /// Where relative to that element.
    pub position: Position,
    /// When, and for how many visitors.
    pub terms: Terms,
    /// It may stand inside what a framework renders again in the browser.
    pub inside_hydrated_root: bool,
}

/// A text in each locale, in the order of [`Site::locales`].
pub type LocalText = Vec<String>;

/// A banner.
#[derive(Debug, Clone, Default, PartialEq, Eq, SchemaWrite, SchemaRead)]
#[cfg_attr(test, derive(bincode::Encode, bincode::Decode))]
pub struct Banner {
    /// Unique among all places.
    pub name: String,
    /// Where.
    pub place: Place,
    /// For whom.
    pub audience: Audience,
    /// Index into [`Site::templates`].
    pub template: u16,
    /// `{{title}}`.
    pub title: LocalText,
    /// `{{text}}`.
    pub text: LocalText,
    /// `{{link}}`: relative, or http(s).
    pub link: LocalText,
}

/// Whom a banner is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, SchemaWrite, SchemaRead)]
#[cfg_attr(test, derive(bincode::Encode, bincode::Decode))]
pub enum Audience {
    /// Everybody.
    #[default]
    Everyone,
    /// Visitors without known views, and all without consent.
    New,
    /// Visitors with known views.
    Returning,
}

impl Audience {
    /// Whether a visitor who looked at `seen` belongs to it.
    pub(crate) fn has(self, seen: &[u32]) -> bool {
        match self {
            Self::Everyone => true,
            Self::New => seen.is_empty(),
            Self::Returning => !seen.is_empty(),
        }
    }
}

/// A product slot.
#[derive(Debug, Clone, Default, PartialEq, Eq, SchemaWrite, SchemaRead)]
#[cfg_attr(test, derive(bincode::Encode, bincode::Decode))]
pub struct Slot {
    /// Unique among all places.
    pub name: String,
    /// Where.
    pub place: Place,
    /// The fallback chain: the first strategy that yields [`Slot::min`] items fills the slot.
    pub strategies: Vec<Strategy>,
    /// With fewer items the next strategy is tried; after the last one the slot is left out.
    pub min: u8,
    /// The most items shown, at most [`MAX_SLOT_ITEMS`].
    pub max: u8,
    /// Index into [`Site::templates`].
    pub template: u16,
    /// `{{text}}`.
    pub text: LocalText,
    /// Headings, one for each of [`Slot::strategies`]: what the slot is called when that one fills it.
    pub titles: Vec<LocalText>,
    /// `{{reason}}`, one for each of [`Slot::strategies`]: why the slot has its items. None where its
    /// template does not say it.
    pub reasons: Vec<LocalText>,
}

/// A list to be put in order: of product tiles, or of what [`List::by`] says; in HTML, or in JSON.
#[derive(Debug, Clone, Default, PartialEq, Eq, SchemaWrite, SchemaRead)]
#[cfg_attr(test, derive(bincode::Encode, bincode::Decode))]
pub struct List {
    /// Unique among all places.
    pub name: String,
    /// Page kinds it is for.
    pub pages: Vec<String>,
    /// The element that holds the tiles.
    pub selector: String,
    /// The tiles: a selector below [`List::selector`].
    pub tile: String,
    /// In HTML: an attribute of a tile, or of an element in it, that holds its item's id; empty when links
    /// tell. In JSON: a [`JsonPointer`] within an element to the product's id, or to the value of
    /// [`List::by`]; empty for the element itself.
    pub item: String,
    /// Which of its places are filled anew.
    pub order: ListOrder,
    /// Which of the lists that match, from 1; 0 is all of them.
    pub nth: u16,
    /// When, and for how many visitors.
    pub terms: Terms,
    /// In JSON, in place of the selectors: a [`JsonPointer`] to the array.
    pub json: Option<String>,
    /// In JSON: a [`JsonPointer`] within an element to the product's link, in place of its id.
    pub link: Option<String>,
    /// What the list is made of.
    pub by: By,
    /// In HTML: the attribute that holds a tile's value of [`List::by`]; empty for the tile's text.
    pub value: String,
    /// It may stand inside what a framework renders again in the browser.
    pub inside_hydrated_root: bool,
}

/// What a list is made of: products, or values of an attribute that products have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, SchemaWrite, SchemaRead)]
#[cfg_attr(test, derive(bincode::Encode, bincode::Decode))]
pub enum By {
    /// Products.
    #[default]
    Product,
    /// Categories: a whole path, or one level of it.
    Category,
    /// Brands.
    Brand,
    /// Colours.
    Color,
    /// Sizes.
    Size,
    /// Materials.
    Material,
}

/// Which places of a list are filled anew.
#[derive(Debug, Clone, Default, PartialEq, Eq, SchemaWrite, SchemaRead)]
#[cfg_attr(test, derive(bincode::Encode, bincode::Decode))]
pub struct ListOrder {
    /// Only the first so many places get the tiles that rank best; the rest keep the shop's order.
    /// 0: all of them.
    pub first: u16,
    /// Places, from 1, whose tile stays: for an advertisement, or what a merchandiser put there.
    pub pinned: Vec<u16>,
}
