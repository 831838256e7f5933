//! Pages that are looked at once and filled for many visitors.
//!
//! Where places and tiles stand in a page depends on its bytes and on which places are to be filled, not on
//! what they say. So the rewriter runs over a page that is kept, notes where it would write, and what is noted
//! serves every visitor whose plan has the same places: his page is put together from ranges of the page and
//! his own HTML, to the byte what the rewriter would have written. Where that is not sure, there is no
//! compiled page, and the page streams.

use std::ops::Range;
use std::sync::Arc;

use super::handlers::{exposure, filled};
use super::list::{MAX_HELD_BYTES, Tile};
use super::order::{self, order_of};
use super::{Exposures, Rewriter, lock};
use crate::http::BodyForm;
use crate::plan::{Insertion, ListPlan, ListRanker, ListShape, PlaceSelectors, Plan};
use crate::site::Position;

/// How much of a page is looked at at once when it is compiled, in bytes: no copy of all of it is made.
const RECORDED_AT_ONCE: usize = 64 << 10;

/// A page's places and lists for plans of one shape.
#[derive(Debug)]
pub(crate) struct Compiled {
    shape: Shape,
    holes: Vec<Hole>,
    lists: Vec<Listed>,
}

/// Which places a plan fills and which lists it puts in order, whatever they say.
#[derive(Debug)]
pub(crate) struct Shape {
    places: Vec<(Arc<PlaceSelectors>, u16, Position)>,
    lists: Vec<(Arc<ListShape>, bool)>,
}

/// What is noted while a page is compiled.
#[derive(Debug, Default)]
pub(super) struct Recording {
    pub(super) holes: Vec<Hole>,
    pub(super) lists: Vec<Listed>,
    /// What becomes of a character that is written aside.
    pub(super) probe: Option<Vec<u8>>,
    /// Something showed that the page must stream.
    pub(super) is_unsound: bool,
}

/// Where a place stands.
#[derive(Debug)]
pub(super) struct Hole {
    /// The bytes in whose stead it stands; empty where it is inserted.
    pub(super) content: Range<usize>,
    /// It stands for an element's content, which stays when there is nothing to say.
    pub(super) replaces: bool,
    /// Index of the place in the plan.
    pub(super) id: usize,
    /// The end tag of an element that has none and behind which it stands.
    pub(super) end_tag: String,
}

/// Where a list stands.
#[derive(Debug)]
pub(super) struct Listed {
    /// Index of the list in the plan.
    pub(super) plan: usize,
    /// From its first tile to its end.
    pub(super) range: Range<usize>,
    /// Its tiles; none when they are not to be put in order.
    pub(super) tiles: Vec<Tile>,
}

impl Listed {
    /// Whether something stands in a tile.
    pub(super) fn has_inner(&self, holes: &[Hole]) -> bool {
        let mut tiles = self.tiles.iter();
        tiles.any(|tile| !within(holes, &tile.range).is_empty())
    }
}

impl Shape {
    fn of(plan: &Plan) -> Self {
        let place = |it: &Insertion| (Arc::clone(&it.selectors), it.nth, it.position);
        let list = |it: &ListPlan| (Arc::clone(&it.shape), is_of_products(it));
        Self {
            places: plan.insertions.iter().map(place).collect(),
            lists: plan.lists.iter().map(list).collect(),
        }
    }

    /// Whether the plan is of this shape.
    pub(crate) fn is_of(&self, plan: &Plan) -> bool {
        let place = |((selectors, nth, position), it): (&(Arc<_>, _, _), &Insertion)| {
            Arc::ptr_eq(selectors, &it.selectors) && *nth == it.nth && *position == it.position
        };
        let list = |((shape, of_products), it): (&(Arc<_>, _), &ListPlan)| {
            Arc::ptr_eq(shape, &it.shape) && *of_products == is_of_products(it)
        };
        self.places.len() == plan.insertions.len()
            && self.lists.len() == plan.lists.len()
            && self.places.iter().zip(&plan.insertions).all(place)
            && self.lists.iter().zip(&plan.lists).all(list)
    }
}

fn is_of_products(list: &ListPlan) -> bool {
    matches!(list.ranker, ListRanker::Products(_))
}

impl Compiled {
    /// Looks at a whole page; one that has to stream is compiled, too, to know that.
    pub(crate) fn new(page: &[u8], form: BodyForm, plan: &Plan) -> Result<Self, Shape> {
        let shape = Shape::of(plan);
        match record(page, form, plan) {
            Some(Recording { holes, lists, .. }) => Ok(Self {
                shape,
                holes,
                lists,
            }),
            None => Err(shape),
        }
    }

    /// The plans that it serves.
    pub(crate) fn shape(&self) -> &Shape {
        &self.shape
    }

    /// Fills the places and orders the lists of a page. `None` where the page has to stream this time.
    pub(crate) fn fill(
        &self,
        page: &Arc<Vec<u8>>,
        plan: &Plan,
        exposures: &mut Exposures,
    ) -> Option<Assembled> {
        let mut inserted = Vec::with_capacity(self.holes.len());
        let mut places = Vec::with_capacity(self.holes.len());
        for hole in &self.holes {
            let piece = plan.insertions.get(hole.id)?;
            let (fill, html) = filled(&piece.template, &piece.filling);
            match html.is_empty() {
                true if hole.replaces => return None,
                true => {}
                false => places.push(exposure(fill)),
            }
            inserted.push(match hole.end_tag.is_empty() {
                true => html,
                false => hole.end_tag.clone() + &html,
            });
        }
        let mut assembled = Assembled {
            page: Arc::clone(page),
            parts: Vec::with_capacity(2 * self.holes.len() + 64),
            inserted,
            next: 0,
            taken: 0,
        };
        let (mut at, mut lists) = (0, Vec::with_capacity(self.lists.len()));
        for list in &self.lists {
            let ListPlan { shape, ranker } = plan.lists.get(list.plan)?;
            if !self.fits(list, &assembled.inserted) {
                return None;
            }
            let order = order_of(&list.tiles, ranker, &shape.order);
            lists.extend(order::exposure(&shape.name, &order));
            for (place, from) in list.tiles.iter().zip(&order) {
                let tile = &list.tiles.get(*from)?.range;
                self.put(&mut assembled, at..place.range.start, between);
                self.put(&mut assembled, tile.clone(), within);
                at = place.range.end;
            }
        }
        self.put(&mut assembled, at..page.len(), between);
        exposures.places = places;
        exposures.lists = lists;
        Some(assembled)
    }

    /// Whether the list is short enough to be held back with what is inserted in it.
    fn fits(&self, list: &Listed, inserted: &[String]) -> bool {
        let held = between(&self.holes, &list.range);
        let inserted = inserted.get(held).unwrap_or_default();
        let added: usize = inserted.iter().map(String::len).sum();
        list.range.len() + added <= MAX_HELD_BYTES
    }

    fn put(
        &self,
        assembled: &mut Assembled,
        range: Range<usize>,
        holes: fn(&[Hole], &Range<usize>) -> Range<usize>,
    ) {
        let mut at = range.start;
        for index in holes(&self.holes, &range) {
            let Some(hole) = self.holes.get(index) else {
                continue;
            };
            assembled.put(Part::Page(at..hole.content.start));
            assembled.put(Part::Inserted(index));
            at = hole.content.end;
        }
        assembled.put(Part::Page(at..range.end));
    }
}

/// The holes in a gap: those at its ends are no tile's.
fn between(holes: &[Hole], range: &Range<usize>) -> Range<usize> {
    let start = holes.partition_point(|hole| hole.content.start < range.start);
    start..holes.partition_point(|hole| hole.content.start <= range.end)
}

/// The holes in a tile, behind its start tag and before its end.
fn within(holes: &[Hole], range: &Range<usize>) -> Range<usize> {
    let start = holes.partition_point(|hole| hole.content.start <= range.start);
    start..holes.partition_point(|hole| hole.content.start < range.end)
}

/// Runs the rewriter over a page, and has it note where it would write.
fn record(page: &[u8], form: BodyForm, plan: &Plan) -> Option<Recording> {
    let mut rewriter = Rewriter::new(plan.clone(), form, Exposures::default());
    let output = Arc::clone(&rewriter.output);
    lock(&output).record();
    let (mut rest, mut copy) = (page, Vec::new());
    for part in page.chunks(RECORDED_AT_ONCE) {
        rewriter.push(part, &mut copy).ok()?;
        rest = rest.strip_prefix(copy.as_slice())?;
        lock(&output).take(copy.len());
        copy.clear();
    }
    let shown = rewriter.finish(&mut copy).ok()?;
    let recording = lock(&output).recorded()?;
    (copy == rest && shown.gave_up.is_none()).then_some(recording)
}

/// A page for one visitor, put together from a page that is kept.
#[derive(Debug)]
pub struct Assembled {
    page: Arc<Vec<u8>>,
    parts: Vec<Part>,
    inserted: Vec<String>,
    /// The part that is read next, and how much of it has been.
    next: usize,
    taken: usize,
}

#[derive(Debug)]
enum Part {
    Page(Range<usize>),
    Inserted(usize),
}

impl Assembled {
    /// A page that is there as a whole.
    pub(crate) fn of(page: Arc<Vec<u8>>) -> Self {
        Self {
            parts: vec![Part::Page(0..page.len())],
            page,
            inserted: Vec::new(),
            next: 0,
            taken: 0,
        }
    }

    /// How many bytes are left to read.
    pub fn len(&self) -> usize {
        let parts = self.parts.iter().skip(self.next);
        let left: usize = parts.map(|part| self.bytes(part).len()).sum();
        left.saturating_sub(self.taken)
    }

    /// Whether all has been read.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Appends the next bytes, at most `most` of them; none at the end.
    pub fn read(&mut self, out: &mut Vec<u8>, most: usize) {
        let mut room = most;
        while room > 0
            && let Some(part) = self.parts.get(self.next)
        {
            let rest = self.bytes(part).get(self.taken..).unwrap_or_default();
            let now = rest.len().min(room);
            out.extend_from_slice(rest.get(..now).unwrap_or_default());
            room -= now;
            if now == rest.len() {
                (self.next, self.taken) = (self.next + 1, 0);
            } else {
                self.taken += now;
            }
        }
    }

    fn put(&mut self, part: Part) {
        match (self.parts.last_mut(), &part) {
            (_, Part::Page(range)) if range.is_empty() => {}
            // Tiles that stay where they are need no copy of their own.
            (Some(Part::Page(last)), Part::Page(range)) if last.end == range.start => {
                last.end = range.end;
            }
            _ => self.parts.push(part),
        }
    }

    fn bytes(&self, part: &Part) -> &[u8] {
        let bytes = match part {
            Part::Page(range) => self.page.get(range.clone()),
            Part::Inserted(index) => self.inserted.get(*index).map(String::as_bytes),
        };
        bytes.unwrap_or_default()
    }
}
