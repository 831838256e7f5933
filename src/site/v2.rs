//! The site as snapshots of format version 2 hold it, and what it is called today.

use wincode::SchemaRead;

use super::{
    Audience, Banner, ConsentRule, List, ListOrder, LocalText, Locale, PageRule, PathPattern,
    Place, Position, Site, Slot, Strategy, Template, Terms, WithoutConsent,
};

/// [`Site`] of version 2.
#[derive(SchemaRead)]
pub(crate) struct SiteV2 {
    pub(super) shop: String,
    pub(super) url: String,
    pub(super) locales: Vec<LocaleV2>,
    pub(super) consent: ConsentRuleV2,
    pub(super) pages: Vec<PageRuleV2>,
    pub(super) banners: Vec<BannerV2>,
    pub(super) slots: Vec<SlotV2>,
    pub(super) lists: Vec<ListV2>,
    pub(super) templates: Vec<Template>,
}

#[derive(SchemaRead)]
pub(super) struct LocaleV2 {
    lang: String,
    prefix: String,
    currency: String,
}

#[derive(SchemaRead)]
pub(super) struct ConsentRuleV2 {
    cookie: String,
    grants: String,
    without: WithoutConsent,
}

#[derive(SchemaRead)]
pub(super) struct PageRuleV2 {
    kind: String,
    paths: Vec<PathPattern>,
    product_link: bool,
}

#[derive(SchemaRead)]
pub(super) struct PlaceV2 {
    pub(super) pages: Vec<String>,
    pub(super) selector: String,
    pub(super) nth: u16,
    pub(super) position: Position,
    pub(super) terms: TermsV2,
}

#[derive(SchemaRead)]
pub(super) struct TermsV2 {
    owner: String,
    enabled: bool,
    from: Option<i64>,
    until: Option<i64>,
    percentage: u8,
}

#[derive(SchemaRead)]
pub(super) struct BannerV2 {
    pub(super) name: String,
    pub(super) place: PlaceV2,
    pub(super) audience: Audience,
    pub(super) template: u16,
    pub(super) title: LocalText,
    pub(super) text: LocalText,
    pub(super) link: LocalText,
}

#[derive(SchemaRead)]
pub(super) struct SlotV2 {
    pub(super) name: String,
    pub(super) place: PlaceV2,
    pub(super) strategies: Vec<Strategy>,
    pub(super) min: u8,
    pub(super) max: u8,
    pub(super) template: u16,
    pub(super) text: LocalText,
    pub(super) titles: Vec<LocalText>,
}

#[derive(SchemaRead)]
pub(super) struct ListV2 {
    pub(super) name: String,
    pub(super) pages: Vec<String>,
    pub(super) selector: String,
    pub(super) tile: String,
    pub(super) order: ListOrder,
    pub(super) terms: TermsV2,
}

impl From<SiteV2> for Site {
    fn from(old: SiteV2) -> Self {
        Self {
            shop: old.shop,
            url: old.url,
            locales: old.locales.into_iter().map(Locale::from).collect(),
            consent: ConsentRule {
                cookie: old.consent.cookie,
                grants: old.consent.grants,
                without: old.consent.without,
                ..ConsentRule::default()
            },
            pages: old.pages.into_iter().map(PageRule::from).collect(),
            banners: old.banners.into_iter().map(Banner::from).collect(),
            slots: old.slots.into_iter().map(Slot::from).collect(),
            lists: old.lists.into_iter().map(List::from).collect(),
            templates: old.templates,
            ..Self::default()
        }
    }
}

impl From<LocaleV2> for Locale {
    fn from(old: LocaleV2) -> Self {
        Self {
            lang: old.lang,
            prefix: old.prefix,
            currency: old.currency,
            ..Self::default()
        }
    }
}

impl From<PageRuleV2> for PageRule {
    fn from(old: PageRuleV2) -> Self {
        Self {
            kind: old.kind,
            paths: old.paths,
            product_link: old.product_link,
        }
    }
}

impl From<PlaceV2> for Place {
    fn from(old: PlaceV2) -> Self {
        Self {
            pages: old.pages,
            selector: old.selector,
            nth: old.nth,
            position: old.position,
            terms: old.terms.into(),
            ..Self::default()
        }
    }
}

impl From<TermsV2> for Terms {
    fn from(old: TermsV2) -> Self {
        Self {
            owner: old.owner,
            enabled: old.enabled,
            from: old.from,
            until: old.until,
            percentage: old.percentage,
            ..Self::default()
        }
    }
}

impl Default for TermsV2 {
    fn default() -> Self {
        Self {
            owner: String::new(),
            enabled: true,
            from: None,
            until: None,
            percentage: 100,
        }
    }
}

impl From<BannerV2> for Banner {
    fn from(old: BannerV2) -> Self {
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

impl From<SlotV2> for Slot {
    fn from(old: SlotV2) -> Self {
        Self {
            name: old.name,
            place: old.place.into(),
            strategies: old.strategies,
            min: old.min,
            max: old.max,
            template: old.template,
            text: old.text,
            titles: old.titles,
            ..Self::default()
        }
    }
}

impl From<ListV2> for List {
    fn from(old: ListV2) -> Self {
        Self {
            name: old.name,
            pages: old.pages,
            selector: old.selector,
            tile: old.tile,
            order: old.order,
            terms: old.terms.into(),
            ..Self::default()
        }
    }
}
