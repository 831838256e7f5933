//! The places of a site.toml, looked for in a real page.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

use lol_html::html_content::Element;
use lol_html::{
    ElementContentHandlers, HandlerResult, HtmlRewriter, MemorySettings, Selector, Settings,
    element,
};
use thiserror::Error;

use super::codes::Code;
use super::draft::Draft;
use super::error::{Finding, Findings};
use super::lint::{Filling, PlaceView, places};
use super::on_json::{self, is_json};
use super::{PageRule, Position, Site};

/// The longest tag of a page, in bytes: what an edge allows, too.
const MAX_PARSER_BYTES: usize = crate::rewrite::MAX_PARSER_BYTES;

/// What to do about a place inside of what a framework renders again.
pub const HYDRATED_HELP: &str = "choose an element outside of it; or, when a browser has shown that it stays, \
                                 inside_hydrated_root = true";

/// Elements whose content frameworks render again in the browser. `data-reactroot` stands not on React's root
/// but on the root's child.
const ROOTS: [(&str, &str, Reach); 8] = [
    ("#__next", "Next.js", Reach::Inside),
    ("#__nuxt", "Nuxt", Reach::Inside),
    ("#root", "React", Reach::WithScripts),
    ("[data-reactroot]", "React", Reach::Beside),
    ("[data-server-rendered]", "Vue", Reach::Inside),
    ("[data-v-app]", "Vue", Reach::Inside),
    ("[ng-version]", "Angular", Reach::Inside),
    ("app-root", "Angular", Reach::Inside),
];

/// What stands in a page that is taken over as a whole.
const WHOLE_PAGE: [(&str, &str); 3] = [
    ("__NEXT_DATA__", "Next.js"),
    ("self.__next_f", "Next.js"),
    ("window.__NUXT__", "Nuxt"),
];

#[derive(Clone, Copy, PartialEq)]
enum Reach {
    /// What stands in the element.
    Inside,
    /// Likewise, when the page has scripts at all.
    WithScripts,
    /// Also what stands before and after it.
    Beside,
}

/// Why a page cannot be looked at.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{page} cannot be read: {reason}")]
pub struct PageError {
    /// The page's name.
    pub page: String,
    /// The parser's words.
    pub reason: String,
}

/// What a page's URL says of its kind.
pub fn kind_of_path<'s>(site: &'s Site, path: &str) -> Option<&'s str> {
    let matches = |rule: &&PageRule| rule.paths.iter().any(|pattern| pattern.matches(path));
    let by_path = site.pages.iter().find(matches);
    // Which paths are products only a feed can say; what nothing else wants may be one.
    let by_product = || {
        site.pages
            .iter()
            .find(|rule| rule.product_link && rule.paths.is_empty())
    };
    by_path.or_else(by_product).map(|rule| rule.kind.as_str())
}

/// The path of the address that a page calls its own (`<link rel="canonical">`).
pub fn canonical_path(html: &[u8]) -> Option<String> {
    let found = Rc::new(RefCell::new(None));
    let shared = Rc::clone(&found);
    let link = element!("link[rel=canonical][href]", move |element: &mut Element<
        '_,
        '_,
    >| {
        let mut found = shared.borrow_mut();
        if found.is_none() {
            *found = element.get_attribute("href");
        }
        Ok(())
    });
    let read = read(html, vec![link]);
    let href: Option<String> = read.ok().and_then(|()| found.borrow_mut().take());
    let href = href?;
    let behind_host = match href.split_once("://") {
        Some((_, rest)) => rest
            .find('/')
            .and_then(|slash| rest.get(slash..))
            .unwrap_or("/"),
        None => &href,
    };
    let path = behind_host.split(['?', '#']).next().unwrap_or_default();
    path.starts_with('/').then(|| path.to_owned())
}

impl Draft {
    /// Looks for the places of pages of `kind` in such a page. `page` is its name, for messages. A file with
    /// errors has no places yet.
    ///
    /// # Errors
    /// The page is neither HTML nor JSON that an edge could read.
    pub fn check_page(
        &self,
        page: &str,
        kind: Option<&str>,
        html: &[u8],
    ) -> Result<Vec<Finding>, PageError> {
        let mut findings = Findings::default();
        if self.site().is_none() {
            return Ok(Vec::new()); // first its errors
        }
        let rule = self
            .site
            .pages
            .iter()
            .position(|rule| Some(rule.kind.as_str()) == kind);
        let Some(kind) = kind.filter(|_| rule.is_some()) else {
            let message = match kind {
                Some(kind) => {
                    format!("there is no [[page]] of kind {kind:?}, as {page} is said to be")
                }
                None => format!("no [[page]] matches {page}: nothing would be done to it"),
            };
            let help = "name its kind: --page KIND=FILE";
            findings.add(Code::UnknownPage, 0..0, message, help);
            return Ok(findings.into_sorted());
        };
        let places: Vec<PlaceView<'_>> = self
            .places()
            .filter(|place| place.terms.enabled && place.pages.iter().any(|page| page == kind))
            .collect();
        if is_json(html) {
            return self.check_json(page, &places, html);
        }
        let places = in_html(places);
        let seen = Seen::look(&places, html).map_err(|reason| PageError {
            page: page.to_owned(),
            reason,
        })?;
        for (at, place) in places.iter().enumerate() {
            self.check_place(page, at, place, &seen, &mut findings);
        }
        Ok(findings.into_sorted())
    }

    fn check_place(
        &self,
        page: &str,
        at: usize,
        place: &PlaceView<'_>,
        seen: &Seen,
        findings: &mut Findings,
    ) {
        let matches = seen.matches.get(&at).map(Vec::as_slice).unwrap_or_default();
        let nth = usize::from(place.nth.max(1));
        let (name, selector) = (place.name, place.selector);
        if matches.len() < nth {
            let found = matches.len();
            let message = match nth {
                1 => format!("{name:?}: nothing in {page} matches {selector:?}"),
                _ => {
                    format!("{name:?}: {found} elements of {page} match {selector:?}, nth is {nth}")
                }
            };
            let help = "look at the page's markup as the server sends it";
            findings.add(Code::NoMatch, place.mark.of("selector"), message, help);
            return;
        }
        if let Filling::List(tile) = place.filling
            && !seen.tiles.contains_key(&at)
        {
            let message = format!("{name:?}: in {page}, nothing in {selector:?} matches {tile:?}");
            let help = "the tiles are the elements that each hold one product";
            findings.add(Code::NoTiles, place.mark.of("tile"), message, help);
        }
        if let Some(root) = seen
            .root_of(at, place)
            .filter(|_| !place.inside_hydrated_root)
        {
            let message = format!(
                "{name:?}: in {page} its element is inside {}, which {} renders again in the browser: it \
                 would remove what was inserted, undo a new order, or throw the part away with an error",
                root.what, root.framework
            );
            let mark = place.mark.of("selector");
            findings.add(Code::HydratedRoot, mark, message, HYDRATED_HELP);
        }
    }
}

/// A place as it was found in a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting<'s> {
    /// The place's name.
    pub name: &'s str,
    /// Its selector.
    pub selector: &'s str,
    /// How many elements match it.
    pub matches: usize,
    /// How many tiles a list has.
    pub tiles: Option<usize>,
    /// What the browser renders again around it.
    pub root: Option<String>,
    /// Whether that is why nothing may be done here: site.toml does not say `inside_hydrated_root = true`.
    pub is_refused: bool,
}

/// Looks for the places of pages of `kind` in such a page.
///
/// # Errors
/// The page is not HTML that an edge could read, or a selector cannot be matched while streaming. `page` is
/// its name, for messages.
pub fn look_for_places<'s>(
    site: &'s Site,
    page: &str,
    kind: &str,
    html: &[u8],
) -> Result<Vec<Sighting<'s>>, PageError> {
    let places: Vec<PlaceView<'_>> = places(site)
        .filter(|place| place.pages.iter().any(|page| page == kind))
        .collect();
    if is_json(html) {
        return on_json::sightings(page, &places, html);
    }
    let places = in_html(places);
    let seen = Seen::look(&places, html).map_err(|reason| PageError {
        page: page.to_owned(),
        reason,
    })?;
    let sighting = |(at, place): (usize, &PlaceView<'s>)| {
        let matches = seen.matches.get(&at).map(Vec::as_slice).unwrap_or_default();
        let root = seen.root_of(at, place);
        let is_list = matches!(place.filling, Filling::List(_));
        Sighting {
            name: place.name,
            selector: place.selector,
            matches: matches.len(),
            tiles: is_list.then(|| seen.tiles.get(&at).copied().unwrap_or(0)),
            root: root.map(|root| format!("{}, {}", root.what, root.framework)),
            is_refused: root.is_some() && place.terms.enabled && !place.inside_hydrated_root,
        }
    };
    Ok(places.iter().enumerate().map(sighting).collect())
}

fn in_html(mut places: Vec<PlaceView<'_>>) -> Vec<PlaceView<'_>> {
    places.retain(|place| !matches!(place.filling, Filling::Json(_)));
    places
}

/// What was seen in a page.
#[derive(Default)]
struct Seen {
    /// By place: the bytes at which its matches start.
    matches: BTreeMap<usize, Vec<usize>>,
    /// Lists that have tiles.
    tiles: BTreeMap<usize, usize>,
    roots: Vec<Root>,
    has_scripts: bool,
}

struct Root {
    what: String,
    framework: &'static str,
    range: Range<usize>,
    reach: Reach,
}

impl Seen {
    fn look(places: &[PlaceView<'_>], html: &[u8]) -> Result<Self, String> {
        let seen = Rc::new(RefCell::new(Self::default()));
        let mut handlers = Vec::new();
        for (at, place) in places.iter().enumerate() {
            let inside = match place.filling {
                Filling::Banner(position, _) | Filling::Slot(position) => {
                    !matches!(position, Position::Before | Position::After)
                }
                Filling::List(_) | Filling::Json(_) => true,
            };
            let shared = Rc::clone(&seen);
            let note = move |element: &mut Element<'_, '_>| {
                if !inside || element.can_have_content() {
                    let start = element.source_location().bytes().start;
                    let mut seen = shared.borrow_mut();
                    seen.matches.entry(at).or_default().push(start);
                }
                Ok(())
            };
            handlers.push(on(place.selector, note)?);
            if let Filling::List(tile) = place.filling {
                let shared = Rc::clone(&seen);
                let count = move |_: &mut Element<'_, '_>| {
                    *shared.borrow_mut().tiles.entry(at).or_default() += 1;
                    Ok(())
                };
                handlers.push(on(&format!("{} {tile}", place.selector), count)?);
            }
        }
        for (selector, framework, reach) in ROOTS {
            let shared = Rc::clone(&seen);
            handlers.push(element!(selector, move |element: &mut Element<'_, '_>| {
                let start = element.source_location().bytes().start;
                let at = shared.borrow().roots.len();
                shared.borrow_mut().roots.push(Root {
                    what: format!("<{}> ({selector})", element.tag_name()),
                    framework,
                    range: start..usize::MAX,
                    reach,
                });
                if let Some(ends) = element.end_tag_handlers() {
                    let shared = Rc::clone(&shared);
                    ends.push(Box::new(move |end| {
                        let behind = end.source_location().bytes().end;
                        if let Some(root) = shared.borrow_mut().roots.get_mut(at) {
                            root.range.end = behind;
                        }
                        Ok(())
                    }));
                }
                Ok(())
            }));
        }
        let shared = Rc::clone(&seen);
        handlers.push(element!("script", move |_: &mut Element<'_, '_>| {
            shared.borrow_mut().has_scripts = true;
            Ok(())
        }));
        read(html, handlers)?;
        let mut seen = std::mem::take(&mut *seen.borrow_mut());
        if seen.roots.is_empty() {
            seen.roots.extend(whole_page(html));
        }
        Ok(seen)
    }

    /// What the browser renders again around the elements at which a place changes something.
    fn root_of(&self, at: usize, place: &PlaceView<'_>) -> Option<&Root> {
        let matches = self.matches.get(&at)?;
        let nth = usize::from(place.nth.max(1)) - 1;
        let targets = match place.filling {
            // A list is put in order wherever it matches.
            Filling::List(_) => matches.as_slice(),
            _ => matches.get(nth..=nth)?,
        };
        let mut roots = targets.iter();
        roots.find_map(|&target| self.root_around(target, &place.filling))
    }

    fn root_around(&self, target: usize, filling: &Filling<'_>) -> Option<&Root> {
        let inside = match filling {
            Filling::Banner(position, _) | Filling::Slot(position) => {
                !matches!(position, Position::Before | Position::After)
            }
            Filling::List(_) | Filling::Json(_) => true,
        };
        self.roots.iter().find(|root| {
            let counts = root.reach != Reach::WithScripts || self.has_scripts;
            let is_root = target == root.range.start && (inside || root.reach == Reach::Beside);
            let is_in = target > root.range.start && target < root.range.end;
            counts && (is_root || is_in)
        })
    }
}

/// A page that a framework takes over without a root that could be told by its markup.
fn whole_page(html: &[u8]) -> Option<Root> {
    let has = |text: &str| html.windows(text.len()).any(|part| part == text.as_bytes());
    let (mark, framework) = WHOLE_PAGE.into_iter().find(|(mark, _)| has(mark))?;
    Some(Root {
        what: format!("the page ({mark})"),
        framework,
        range: 0..usize::MAX,
        reach: Reach::Inside,
    })
}

type Handler = (Cow<'static, Selector>, ElementContentHandlers<'static>);
type Handlers = Vec<Handler>;

/// A handler for a selector that is not known to be sound.
fn on(
    selector: &str,
    handler: impl FnMut(&mut Element<'_, '_>) -> HandlerResult + 'static,
) -> Result<Handler, String> {
    let parsed = selector.parse::<Selector>();
    let parsed = parsed.map_err(|error| format!("selector {selector:?}: {error}"))?;
    let handlers = ElementContentHandlers::default().element(handler);
    Ok((Cow::Owned(parsed), handlers))
}

fn read(html: &[u8], handlers: Handlers) -> Result<(), String> {
    let mut settings = Settings::new()
        .with_memory_settings(MemorySettings::new().with_max_allowed_memory_usage(MAX_PARSER_BYTES))
        .with_strict(false);
    for handler in handlers {
        settings = settings.append_element_content_handler(handler);
    }
    let mut rewriter = HtmlRewriter::new(settings, |_: &[u8]| {});
    let read = rewriter.write(html);
    read.and_then(|()| rewriter.end())
        .map_err(|error| error.to_string())
}
