//! What a place says, worked out when the place is written: on most pages not all places are there.

use std::sync::Arc;

use crate::page::links::in_query;
use crate::site::{Audience, LocalText, Locale, Picture, Site, Strategy, money};
use crate::snapshot::{Kind, Snapshot};

/// The values of a template's holes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fill {
    /// The place's name.
    pub name: String,
    /// Its heading.
    pub title: String,
    /// Its text.
    pub text: String,
    /// A banner's link.
    pub link: String,
    /// The page's language.
    pub lang: String,
    /// The page's language as an index into [`Site::locales`].
    pub locale: usize,
    /// Which strategy chose the items; empty for a banner.
    pub strategy: &'static str,
    /// Why these items.
    pub reason: String,
    /// Whether they come from what the visitor looked at before.
    pub from_history: bool,
    /// What the page, or a cookie of the shop, calls the visitor; empty when neither does.
    pub customer: String,
    /// Where a banner says why it is there, or a slot's item, whose id comes behind it; empty where neither does.
    pub why: String,
    /// The size of their pictures.
    pub picture: Picture,
    /// A slot's items.
    pub items: Vec<Card>,
}

/// One item in a slot.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "the fields are those of `site::template::Field`"
)]
pub struct Card {
    pub id: String,
    pub title: String,
    pub link: String,
    pub image: String,
    pub brand: String,
    pub price: String,
    pub old_price: String,
}

/// What a place will say.
#[derive(Debug, Clone)]
pub struct Filling {
    pub(super) site: Arc<Site>,
    pub(super) snapshot: Arc<Snapshot>,
    /// Index into [`Site::locales`].
    pub(super) locale: usize,
    /// Seconds since 1970: a sale price may have ended.
    pub(super) now: i64,
    /// Empty unless the place's template asks for it.
    pub(super) customer: String,
    /// What the page is about.
    pub(super) product: Option<u32>,
    pub(super) content: Content,
}

#[derive(Debug, Clone)]
pub(super) enum Content {
    /// All of it.
    Given(Box<Fill>),
    /// Index into [`Site::banners`].
    Banner(usize),
    Slot {
        /// Index into [`Site::slots`].
        slot: usize,
        /// Index into the slot's strategies.
        strategy: usize,
        /// Items; of a strategy of articles their numbers.
        chosen: Vec<u32>,
    },
}

impl Filling {
    /// For what stands in no site.toml.
    pub(crate) fn given(site: &Arc<Site>, snapshot: &Arc<Snapshot>, fill: Fill) -> Self {
        Self {
            site: Arc::clone(site),
            snapshot: Arc::clone(snapshot),
            locale: fill.locale,
            now: 0,
            customer: String::new(),
            product: None,
            content: Content::Given(Box::new(fill)),
        }
    }

    /// The items that a slot recommends, by the place's name: what the visitor looked at is no
    /// recommendation, articles are no items, and a banner has none.
    pub fn recommended(&self) -> Option<(&str, &[u32])> {
        let Content::Slot {
            slot,
            strategy,
            chosen,
        } = &self.content
        else {
            return None;
        };
        let slot = self.site.slots.get(*slot)?;
        let strategy = slot.strategies.get(*strategy)?;
        let recommends = !matches!(strategy, Strategy::RecentlyViewed) && !strategy.is_content();
        recommends.then_some((slot.name.as_str(), chosen.as_slice()))
    }

    /// The values of the template's holes.
    pub fn fill(&self) -> Fill {
        let locale = self.locale;
        let lang = self.site.locales.get(locale).map(|l| l.lang.clone());
        let fill = Fill {
            lang: lang.unwrap_or_default(),
            locale,
            customer: self.customer.clone(),
            picture: self.site.picture,
            ..Fill::default()
        };
        match &self.content {
            Content::Given(fill) => Some(fill.as_ref().clone()),
            Content::Banner(at) => self.banner(*at, fill),
            Content::Slot {
                slot,
                strategy,
                chosen,
            } => self.slot(*slot, *strategy, chosen, fill),
        }
        .unwrap_or_default()
    }

    fn banner(&self, at: usize, fill: Fill) -> Option<Fill> {
        let banner = self.site.banners.get(at)?;
        let is_for_all =
            banner.audience == Audience::Everyone && banner.place.terms.when.is_trivial();
        Some(Fill {
            why: match is_for_all {
                true => String::new(),
                false => format!("{}&banner={}", self.why(), in_query(&banner.name)),
            },
            name: banner.name.clone(),
            title: self.local(&banner.title),
            text: self.local(&banner.text),
            link: self.local(&banner.link),
            ..fill
        })
    }

    fn slot(&self, at: usize, strategy: usize, chosen: &[u32], fill: Fill) -> Option<Fill> {
        let slot = self.site.slots.get(at)?;
        let of_strategy = |texts: &[LocalText]| {
            let text = texts.get(strategy).map(|text| self.local(text));
            text.unwrap_or_default()
        };
        let (title, reason) = (of_strategy(&slot.titles), of_strategy(&slot.reasons));
        let strategy = *slot.strategies.get(strategy)?;
        let mut why = String::new();
        if !strategy.is_content() {
            why = format!("{}&strategy={}", self.why(), strategy.name());
            let product = self.product.filter(|_| strategy.is_beside_product());
            if let Some(id) = product.and_then(|item| self.snapshot.id(item)) {
                why += "&product=";
                why += &in_query(id);
            }
            why += "&item=";
        }
        let cards = chosen
            .iter()
            .filter_map(|&chosen| match strategy.is_content() {
                true => self.article(chosen),
                false => Some(card(
                    &self.site,
                    &self.snapshot,
                    (self.locale, self.now),
                    chosen,
                )),
            });
        Some(Fill {
            name: slot.name.clone(),
            title,
            text: self.local(&slot.text),
            strategy: strategy.name(),
            why,
            reason,
            from_history: strategy.is_by_history(),
            items: cards.collect(),
            ..fill
        })
    }

    fn article(&self, number: u32) -> Option<Card> {
        let number = u16::try_from(number).ok()?;
        let article = self.snapshot.article(number, self.locale)?;
        let link = |link: &str| self.site.local_link(link).to_owned();
        Some(Card {
            id: article.id.to_owned(),
            title: article.title.to_owned(),
            link: link(article.link),
            image: link(article.image),
            ..Card::default()
        })
    }

    /// Where it is said why, in the page's language.
    fn why(&self) -> String {
        let locale = self.site.locales.get(self.locale);
        let locale = locale.map_or("", Locale::in_address);
        format!("/_tailorbird/why?locale={}", in_query(locale))
    }

    fn local(&self, text: &LocalText) -> String {
        text.get(self.locale).cloned().unwrap_or_default()
    }
}

/// An item as templates show it in a locale at a time, in seconds since 1970.
pub(crate) fn card(
    site: &Site,
    snapshot: &Snapshot,
    (locale, now): (usize, i64),
    item: u32,
) -> Card {
    let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
    let money = |minor: u32| {
        site.locales
            .get(locale)
            .map(|l| money::format(minor, &l.currency, &l.lang))
            .unwrap_or_default()
    };
    let (price, sale) = (
        snapshot.price(item, locale),
        snapshot.sale_price_at(item, locale, now),
    );
    let sale = sale.filter(|&sale| price.is_some_and(|price| sale < price));
    let brand = snapshot
        .code(Kind::Brand, item)
        .and_then(|c| snapshot.code_text(Kind::Brand, c));
    Card {
        id: text(snapshot.id(item)),
        title: text(snapshot.title(item, locale)),
        link: site
            .local_link(snapshot.link(item, locale).unwrap_or_default())
            .to_owned(),
        image: site
            .local_link(snapshot.image(item, locale).unwrap_or_default())
            .to_owned(),
        brand: text(brand),
        price: sale.or(price).map(money).unwrap_or_default(),
        old_price: sale.and(price).map(money).unwrap_or_default(),
    }
}
