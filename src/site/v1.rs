//! The site as snapshots of format version 1 hold it.
//!
//! A record's fields cannot be told apart by a reader, so a new field is a new version. What version 1 did
//! not know gets the value that changes nothing.

use wincode::SchemaRead;

use super::v2::{
    BannerV2, ConsentRuleV2, ListV2, LocaleV2, PageRuleV2, PlaceV2, SiteV2, SlotV2, TermsV2,
};
use super::{Audience, ListOrder, LocalText, Position, Strategy, Template};

/// [`Site`](super::Site) of version 1.
#[derive(SchemaRead)]
pub(crate) struct SiteV1 {
    shop: String,
    url: String,
    locales: Vec<LocaleV2>,
    consent: ConsentRuleV2,
    pages: Vec<PageRuleV2>,
    banners: Vec<BannerV1>,
    slots: Vec<SlotV1>,
    lists: Vec<ListV1>,
    templates: Vec<Template>,
}

#[derive(SchemaRead)]
struct PlaceV1 {
    pages: Vec<String>,
    selector: String,
    position: Position,
}

#[derive(SchemaRead)]
struct BannerV1 {
    name: String,
    place: PlaceV1,
    audience: Audience,
    template: u16,
    title: LocalText,
    text: LocalText,
    link: LocalText,
}

#[derive(SchemaRead)]
struct SlotV1 {
    name: String,
    place: PlaceV1,
    strategies: Vec<Strategy>,
    min: u8,
    max: u8,
    template: u16,
    text: LocalText,
    titles: Vec<LocalText>,
}

#[derive(SchemaRead)]
struct ListV1 {
    name: String,
    pages: Vec<String>,
    selector: String,
    tile: String,
}

impl From<SiteV1> for SiteV2 {
    fn from(old: SiteV1) -> Self {
        Self {
            shop: old.shop,
            url: old.url,
            locales: old.locales,
            consent: old.consent,
            pages: old.pages,
            banners: old.banners.into_iter().map(BannerV2::from).collect(),
            slots: old.slots.into_iter().map(SlotV2::from).collect(),
            lists: old.lists.into_iter().map(ListV2::from).collect(),
            templates: old.templates,
        }
    }
}

impl From<PlaceV1> for PlaceV2 {
    fn from(old: PlaceV1) -> Self {
        Self {
            pages: old.pages,
            selector: old.selector,
            nth: 1,
            position: old.position,
            terms: TermsV2::default(),
        }
    }
}

impl From<BannerV1> for BannerV2 {
    fn from(old: BannerV1) -> Self {
        Self {
            name: old.name,
            place: old.place.into(),
            audience: old.audience,
            template: old.template,
            title: old.title,
            text: old.text,
            link: old.link,
        }
    }
}

impl From<SlotV1> for SlotV2 {
    fn from(old: SlotV1) -> Self {
        Self {
            name: old.name,
            place: old.place.into(),
            strategies: old.strategies,
            min: old.min,
            max: old.max,
            template: old.template,
            text: old.text,
            titles: old.titles,
        }
    }
}

impl From<ListV1> for ListV2 {
    fn from(old: ListV1) -> Self {
        Self {
            name: old.name,
            pages: old.pages,
            selector: old.selector,
            tile: old.tile,
            order: ListOrder::default(),
            terms: TermsV2::default(),
        }
    }
}
