//! The plan for one page: what to insert where, which lists to put in order.

mod lists;

pub(crate) use lists::decide_json;
pub use lists::{JsonListPlan, ListRanker};

use std::collections::BTreeSet;
use std::sync::Arc;

use lol_html::Selector;

use crate::page::{Page, implied};
use crate::recommend::{Affinity, Context, Known, KnownValues};
use crate::site::{
    Audience, By, ListOrder, LocalText, Moment, Picture, Position, Site, Slot, Strategy, Template,
    money,
};
use crate::snapshot::{Kind, Snapshot};
use crate::visitor::PlaceKey;
use lists::JsonPlace;

/// What a rewriter is to do to one page.
#[derive(Debug, Default)]
pub struct Plan {
    /// Banners and slots.
    pub insertions: Vec<Insertion>,
    /// Lists.
    pub lists: Vec<ListPlan>,
    /// Lists of a JSON document; then there is nothing else.
    pub json: Vec<JsonListPlan>,
}

impl Plan {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.insertions.is_empty() && self.lists.is_empty() && self.json.is_empty()
    }
}

/// Something to insert at one of the elements that a selector matches.
#[derive(Debug)]
pub struct Insertion {
    /// Where.
    pub selector: Selector,
    /// Start tags below it that tell where such an element ends without an end tag.
    pub watched: Option<Selector>,
    /// At which of them, from 1; 0 counts as 1.
    pub nth: u16,
    /// Where, relative to the element.
    pub position: Position,
    /// What it looks like.
    pub template: Arc<Template>,
    /// What it says.
    pub fill: Fill,
}

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

/// A list to put in order.
#[derive(Debug)]
pub struct ListPlan {
    /// The list's name in site.toml.
    pub name: String,
    /// Its selectors.
    pub selectors: ListSelectors,
    /// Gives each tile its rank.
    pub ranker: ListRanker,
    /// The attribute that holds a tile's item; empty when links tell.
    pub item: String,
    /// Which places are filled anew.
    pub order: ListOrder,
    /// Which of the page's lists, from 1; 0 is all of them.
    pub nth: u16,
}

/// A list's selectors, compiled.
#[derive(Debug, Clone)]
pub struct ListSelectors {
    /// The element that holds the tiles.
    pub list: Selector,
    /// The tiles.
    pub tile: Selector,
    /// What tells a tile's product or value, below the list; `None` when its text does.
    pub link: Option<Selector>,
    /// The attribute of such an element that does: `href` for products.
    pub attribute: String,
    /// The elements below the list that hold an item's id, when the list has such.
    pub item: Option<Selector>,
    /// Tags below the list that tell where a tile without an end tag ends, where tiles can be such.
    pub watched: Option<Selector>,
}

/// A site with its selectors compiled: once per snapshot.
#[derive(Debug)]
pub(crate) struct SiteIndex {
    pub(crate) site: Arc<Site>,
    /// Whether there is a fact that only reading a page can tell.
    pub(crate) reads_pages: bool,
    templates: Vec<Arc<Template>>,
    banners: Vec<PlaceSelectors>,
    slots: Vec<PlaceSelectors>,
    /// By list; `None` for one in JSON.
    lists: Vec<Option<ListSelectors>>,
    /// Likewise, the other way round.
    json: Vec<Option<JsonPlace>>,
    values: KnownValues,
}

/// A place's selector and [`Insertion::watched`].
type PlaceSelectors = (Selector, Option<Selector>);

impl SiteIndex {
    /// Compiles the selectors; the error names the first one that lol_html does not understand.
    pub(crate) fn new(mut site: Site) -> Result<Self, String> {
        let compile = |selector: &str| {
            selector
                .parse::<Selector>()
                .map_err(|error| format!("selector {selector:?}: {error}"))
        };
        let place = |selector: &str| {
            let watched = implied::watched_at(selector);
            Ok::<_, String>((
                compile(selector)?,
                watched.as_deref().map(compile).transpose()?,
            ))
        };
        let banners = site.banners.iter().map(|b| place(&b.place.selector));
        let banners = banners.collect::<Result<_, _>>()?;
        let slots = site.slots.iter().map(|s| place(&s.place.selector));
        let slots = slots.collect::<Result<_, _>>()?;
        let lists = site.lists.iter().map(|list| {
            if list.json.is_some() {
                return Ok::<_, String>(None);
            }
            let (link, attribute) = match (list.by, list.value.as_str()) {
                (By::Product, _) => (Some("a[href]".to_owned()), "href"),
                (_, "") => (None, ""),
                (_, value) => (Some(format!("[{value}]")), value),
            };
            let link = link.map(|link| compile(&format!("{} {link}", list.selector)));
            Ok(Some(ListSelectors {
                list: compile(&list.selector)?,
                tile: compile(&format!("{} {}", list.selector, list.tile))?,
                link: link.transpose()?,
                attribute: attribute.to_owned(),
                item: match list.item.as_str() {
                    "" => None,
                    item => Some(compile(&format!("{} [{item}]", list.selector))?),
                },
                watched: watched(&list.selector, &list.tile, compile)?,
            }))
        });
        let lists = lists.collect::<Result<_, _>>()?;
        let json = site.lists.iter().map(JsonPlace::of);
        let json = json.collect::<Result<_, _>>()?;
        let templates = site.templates.drain(..).map(Arc::new).collect();
        let reads_pages = site.facts.iter().any(|fact| fact.source.is_on_page());
        Ok(Self {
            site: Arc::new(site),
            reads_pages,
            templates,
            banners,
            slots,
            lists,
            json,
            values: KnownValues::default(),
        })
    }

    /// Whether any place that is on at this moment names this kind of page.
    pub(crate) fn has_place(&self, kind: &str, moment: &Moment) -> bool {
        let Site {
            banners,
            slots,
            lists,
            ..
        } = self.site.as_ref();
        let banners = banners
            .iter()
            .map(|b| (&b.name, &b.place.pages, &b.place.terms));
        let slots = slots
            .iter()
            .map(|s| (&s.name, &s.place.pages, &s.place.terms));
        let lists = lists.iter().map(|l| (&l.name, &l.pages, &l.terms));
        let mut places = banners.chain(slots).chain(lists);
        places.any(|(name, pages, terms)| {
            pages.iter().any(|page| page == kind) && terms.allow(name, moment)
        })
    }
}

fn watched(
    list: &str,
    tile: &str,
    compile: impl Fn(&str) -> Result<Selector, String>,
) -> Result<Option<Selector>, String> {
    let tags = implied::watched(tile);
    let below = tags.iter().map(|tag| format!("{list} {tag}"));
    let selector = below.collect::<Vec<_>>().join(", ");
    match tags.is_empty() {
        true => Ok(None),
        false => compile(&selector).map(Some),
    }
}

/// Decides what a visitor's page gets. Without consent nothing is known, and the plan depends on the page
/// and the snapshot alone.
pub(crate) fn decide(
    index: &SiteIndex,
    snapshot: &Arc<Snapshot>,
    page: &Page<'_>,
    known: &Known<'_>,
    moment: &Moment,
) -> Plan {
    let Some(kind) = page.kind else {
        return Plan::default();
    };
    let is_here = |pages: &[String]| pages.iter().any(|page| page == kind);
    let affinity = Affinity::of(snapshot, known.seen);
    let context = Context {
        snapshot,
        locale: page.locale,
        product: page.product,
        known: *known,
        affinity: &affinity,
    };
    let mut plan = Plan::default();
    for (banner, (selector, watched)) in index.site.banners.iter().zip(&index.banners) {
        let is_for_visitor = match banner.audience {
            Audience::Everyone => true,
            Audience::New => known.seen.is_empty(),
            Audience::Returning => !known.seen.is_empty(),
        };
        let template = index.templates.get(usize::from(banner.template));
        let is_on = is_for_visitor
            && is_here(&banner.place.pages)
            && banner.place.terms.allow(&banner.name, moment);
        let Some(template) = template.filter(|_| is_on) else {
            continue;
        };
        plan.insertions.push(Insertion {
            selector: selector.clone(),
            watched: watched.clone(),
            nth: banner.place.nth,
            position: banner.place.position,
            template: Arc::clone(template),
            fill: Fill {
                name: banner.name.clone(),
                title: local(&banner.title, page.locale),
                text: local(&banner.text, page.locale),
                link: local(&banner.link, page.locale),
                lang: lang(&index.site, page.locale),
                locale: page.locale,
                picture: index.site.picture,
                ..Fill::default()
            },
        });
    }
    let mut taken: BTreeSet<u32> = page.facts.cart.iter().copied().collect();
    for (slot, (selector, watched)) in index.site.slots.iter().zip(&index.slots) {
        let template = index.templates.get(usize::from(slot.template));
        let is_on = is_here(&slot.place.pages) && slot.place.terms.allow(&slot.name, moment);
        let Some(template) = template.filter(|_| is_on) else {
            continue;
        };
        let Some(fill) = fill_slot(&index.site, slot, &context, &mut taken) else {
            continue;
        };
        plan.insertions.push(Insertion {
            selector: selector.clone(),
            watched: watched.clone(),
            nth: slot.place.nth,
            position: slot.place.position,
            template: Arc::clone(template),
            fill,
        });
    }
    for (list, selectors) in index.site.lists.iter().zip(&index.lists) {
        let is_on = is_here(&list.pages) && list.terms.allow(&list.name, moment);
        let Some(selectors) = selectors.as_ref().filter(|_| is_on) else {
            continue;
        };
        let ranker = ListRanker::new(index, list, snapshot, (known.seen, &affinity), page);
        plan.lists.extend(ranker.map(|ranker| ListPlan {
            name: list.name.clone(),
            selectors: selectors.clone(),
            ranker,
            item: list.item.clone(),
            order: list.order.clone(),
            nth: list.nth,
        }));
    }
    plan
}

/// Asks a slot's strategies one after the other until one has enough items; gives what each of them had.
fn walk(slot: &Slot, context: &Context<'_>, taken: &BTreeSet<u32>) -> Vec<(Strategy, Vec<u32>)> {
    let (min, max) = (usize::from(slot.min.max(1)), usize::from(slot.max));
    let place = PlaceKey::of(&slot.name);
    let mut asked = Vec::with_capacity(1);
    for &strategy in &slot.strategies {
        let items = context.choose(strategy, place, max, taken);
        let is_enough = items.len() >= min;
        asked.push((strategy, items));
        if is_enough {
            break;
        }
    }
    asked
}

/// How a slot of a page came to its items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Index into [`Site::slots`].
    pub slot: usize,
    /// The strategies that were asked, in order, and what each of them had.
    pub strategies: Vec<(Strategy, Vec<u32>)>,
    /// Whether the last of them fills the slot; if not, it is left out.
    pub is_filled: bool,
}

/// How the slots of a page that are on at this moment come to their items.
pub fn explain(
    site: &Site,
    snapshot: &Snapshot,
    page: &Page<'_>,
    known: &Known<'_>,
    moment: &Moment,
) -> Vec<Asked> {
    let affinity = Affinity::of(snapshot, known.seen);
    let context = Context {
        snapshot,
        locale: page.locale,
        product: page.product,
        known: *known,
        affinity: &affinity,
    };
    let mut taken: BTreeSet<u32> = page.facts.cart.iter().copied().collect();
    let mut asked = Vec::new();
    for (at, slot) in site.slots.iter().enumerate() {
        let is_here = slot
            .place
            .pages
            .iter()
            .any(|kind| Some(kind.as_str()) == page.kind);
        if !is_here || !slot.place.terms.allow(&slot.name, moment) {
            continue;
        }
        let strategies = walk(slot, &context, &taken);
        let last = strategies.last().map(|(_, items)| items.as_slice());
        let last = last.unwrap_or_default();
        let is_filled = last.len() >= usize::from(slot.min.max(1));
        if is_filled {
            taken.extend(last);
        }
        asked.push(Asked {
            slot: at,
            strategies,
            is_filled,
        });
    }
    asked
}

/// Walks the fallback chain; `None` when no strategy has enough items.
fn fill_slot(
    site: &Site,
    slot: &Slot,
    context: &Context<'_>,
    taken: &mut BTreeSet<u32>,
) -> Option<Fill> {
    let mut asked = walk(slot, context, taken);
    let (strategy, items) = asked.pop()?;
    if items.len() < usize::from(slot.min.max(1)) {
        return None;
    }
    let at = asked.len();
    taken.extend(&items);
    let of_strategy = |texts: &[LocalText]| {
        let text = texts.get(at).map(|text| local(text, context.locale));
        text.unwrap_or_default()
    };
    Some(Fill {
        name: slot.name.clone(),
        title: of_strategy(&slot.titles),
        text: local(&slot.text, context.locale),
        lang: lang(site, context.locale),
        locale: context.locale,
        strategy: strategy.name(),
        reason: of_strategy(&slot.reasons),
        from_history: strategy.is_by_history(),
        picture: site.picture,
        items: items
            .iter()
            .map(|&item| card(site, item, context))
            .collect(),
        ..Fill::default()
    })
}

/// An item as a locale's page shows it.
pub(crate) fn card(site: &Site, item: u32, context: &Context<'_>) -> Card {
    let Context {
        snapshot, locale, ..
    } = *context;
    let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
    let money = |minor: u32| {
        site.locales
            .get(locale)
            .map(|l| money::format(minor, &l.currency, &l.lang))
            .unwrap_or_default()
    };
    let (price, sale) = (
        snapshot.price(item, locale),
        snapshot.sale_price(item, locale),
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

fn local(text: &LocalText, locale: usize) -> String {
    text.get(locale).cloned().unwrap_or_default()
}

fn lang(site: &Site, locale: usize) -> String {
    site.locales
        .get(locale)
        .map(|l| l.lang.clone())
        .unwrap_or_default()
}
