//! A site made ready for its pages.

use std::sync::Arc;

use lol_html::Selector;

use super::lists::JsonPlace;
use super::{Interest, ListSelectors, ListShape, Matters, PlaceSelectors, PlainList};
use crate::condition::{Condition, Field};
use crate::page::compounds::Plain;
use crate::page::implied;
use crate::recommend::{KnownValues, ReadyRules};
use crate::site::{By, List, Moment, Site, Template};

/// A site with its selectors compiled: once per snapshot.
#[derive(Debug)]
pub(crate) struct SiteIndex {
    pub(crate) site: Arc<Site>,
    /// Whether there is a fact that only reading a page can tell.
    pub(crate) reads_pages: bool,
    pub(super) templates: Vec<Arc<Template>>,
    pub(super) banners: Vec<Arc<PlaceSelectors>>,
    pub(super) slots: Vec<Arc<PlaceSelectors>>,
    /// By list; `None` for one in JSON.
    pub(super) lists: Vec<Option<Arc<ListShape>>>,
    /// Likewise, the other way round.
    pub(super) json: Vec<Option<JsonPlace>>,
    pub(super) values: KnownValues,
    pub(super) rules: Arc<ReadyRules>,
    /// Whether a condition asks for the URL's parameters.
    pub(super) asks_query: bool,
    /// A condition asks where the visitor is.
    pub(crate) asks_place: bool,
}

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
            let all = [Some(selector), watched.as_deref()].into_iter().flatten();
            Ok::<_, String>(Arc::new(PlaceSelectors {
                element: compile(selector)?,
                watched: watched.as_deref().map(compile).transpose()?,
                interests: Interest::all(all.map(|selector| (selector, Matters::Always))),
            }))
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
            let below = |selector: &str| format!("{} {selector}", list.selector);
            let tile = below(&list.tile);
            let plain = plain(list, link.as_deref());
            let link = link.map(|link| below(&link));
            let item = Some(&list.item).filter(|item| !item.is_empty());
            let item = item.map(|item| below(&format!("[{item}]")));
            let watched = watched(&list.selector, &list.tile);
            let all = [
                (Some(&list.selector), Matters::Always),
                (Some(&tile), Matters::InLists),
                (watched.as_ref(), Matters::InLists),
                (link.as_ref(), Matters::AsLink),
                (item.as_ref(), Matters::AsName),
            ];
            let all = all.into_iter();
            let all = all.filter_map(|(selector, matters)| Some((selector?.as_str(), matters)));
            let compiled = |selector: &Option<String>| selector.as_deref().map(compile).transpose();
            let selectors = ListSelectors {
                list: compile(&list.selector)?,
                tile: compile(&tile)?,
                link: compiled(&link)?,
                attribute: attribute.to_owned(),
                item: compiled(&item)?,
                watched: compiled(&watched)?,
                interests: Interest::all(all),
                plain,
            };
            Ok(Some(Arc::new(ListShape {
                name: list.name.clone(),
                selectors,
                item: list.item.clone(),
                order: list.order.clone(),
                nth: list.nth,
            })))
        });
        let lists = lists.collect::<Result<_, _>>()?;
        let json = site.lists.iter().map(JsonPlace::of);
        let json = json.collect::<Result<_, _>>()?;
        let templates = site.templates.drain(..).map(Arc::new).collect();
        let reads_pages = site.facts.iter().any(|fact| fact.source.is_on_page());
        let rules = Arc::new(ReadyRules::new(&site));
        let asks = |fields: &[Field]| {
            let mut tests = site.conditions().flat_map(Condition::tests);
            tests.any(|test| fields.contains(&test.field))
        };
        let asks_query = asks(&[Field::Query]);
        let asks_place = asks(&[Field::Country, Field::Region, Field::Weather]);
        Ok(Self {
            site: Arc::new(site),
            reads_pages,
            templates,
            banners,
            slots,
            lists,
            json,
            values: KnownValues::default(),
            rules,
            asks_query,
            asks_place,
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

/// What a list asks of start tags below it; `None` where these do not tell.
fn plain(list: &List, link: Option<&str>) -> Option<PlainList> {
    // All that is below the element is below what one selector finds, but not what one of several does.
    let is_one = !list.selector.contains(',');
    let item = list.item.to_ascii_lowercase();
    is_one.then_some(PlainList {
        tile: Plain::of(list.tile.trim())?,
        link: match link {
            Some(link) => Some(Plain::of(link)?),
            None => None,
        },
        item,
        watched: implied::watched(&list.tile),
    })
}

/// The start tags to watch below a list, as a selector; `None` where its tiles need their end tags.
fn watched(list: &str, tile: &str) -> Option<String> {
    let tags = implied::watched(tile);
    let below = tags.iter().map(|tag| format!("{list} {tag}"));
    (!tags.is_empty()).then(|| below.collect::<Vec<_>>().join(", "))
}
