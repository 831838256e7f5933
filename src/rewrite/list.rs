//! A list that is held back until its order is known.
//!
//! Held are the bytes from the first tile to the end of the list. Each tile is a byte range of them;
//! what leaves is the same ranges, permuted, with what stood between them where it was.

use std::ops::Range;
use std::sync::Arc;

use encoding_rs::Encoding;

use super::ListExposure;
use super::order::{exposure, moved, order_of, write_ordered};
use super::skim::Ends;
use crate::page::implied::{Implied, Open, Seen, ends_others};
use crate::plan::{ListRanker, ListShape, Target};

/// The most bytes of a list that are held back. A longer list goes through unchanged.
pub const MAX_HELD_BYTES: usize = 1 << 20;

/// Room for the first bytes of a list.
const FIRST_HELD_BYTES: usize = 16 << 10;

/// The most tiles of a list that is put in order. A longer list goes through unchanged. Real pages have
/// up to 64, and with more than a KiB each as many as this are over [`MAX_HELD_BYTES`], too.
pub const MAX_TILES: usize = 1024;

/// The most lists and tables that are open at once in a tile. A list with more goes through unchanged.
pub const MAX_NESTED_LISTS: usize = 64;

/// A list whose start tag has been seen.
#[derive(Debug)]
pub(super) struct HeldList {
    /// Tells this list from all others of the page.
    pub(super) id: usize,
    /// Index of the list in the plan.
    pub(super) plan: usize,
    shape: Arc<ListShape>,
    ranker: Arc<ListRanker>,
    /// Nothing else of its plan follows on the page.
    pub(super) is_last: bool,
    bytes: Vec<u8>,
    tiles: Vec<Tile>,
    state: State,
    open: Option<OpenTile>,
    next_tile: usize,
    /// Something showed that the tiles' ranges cannot be trusted.
    unsound: bool,
    /// The page's charset, where its head tells it.
    charset: Option<&'static Encoding>,
    /// More than [`MAX_HELD_BYTES`], [`MAX_TILES`] or [`MAX_NESTED_LISTS`].
    is_over_limit: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// No tile has been seen: nothing has to be held.
    Waiting,
    Holding,
    /// Over a limit: the list goes through as it came. It is kept until its end, so that no list in it
    /// is taken for one of its own.
    Passed,
}

/// A tile of a held list.
#[derive(Debug, Clone)]
pub(super) struct Tile {
    /// Its bytes.
    pub(super) range: Range<usize>,
    /// What it shows.
    pub(super) target: Option<Target>,
}

#[derive(Debug)]
struct OpenTile {
    id: usize,
    end: Open,
    /// `None` until the start tag is written, and for good when it never is.
    start: Option<usize>,
    target: Option<Target>,
    /// Whether that is the item which the tile names, and so no link's.
    is_named: bool,
}

impl HeldList {
    pub(super) fn new(
        id: usize,
        plan: usize,
        shape: &Arc<ListShape>,
        ranker: &Arc<ListRanker>,
        charset: Option<&'static Encoding>,
    ) -> Self {
        Self {
            id,
            plan,
            is_last: shape.nth != 0,
            shape: Arc::clone(shape),
            ranker: Arc::clone(ranker),
            bytes: Vec::new(),
            tiles: Vec::new(),
            state: State::Waiting,
            open: None,
            next_tile: 0,
            unsound: false,
            charset,
            is_over_limit: false,
        }
    }

    /// From the first tile on, output belongs to the list.
    pub(super) fn is_holding(&self) -> bool {
        self.state == State::Holding
    }

    pub(super) fn is_passed(&self) -> bool {
        self.state == State::Passed
    }

    /// How many bytes are held.
    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Takes output in; `false` when that would be more than [`MAX_HELD_BYTES`], or when there is
    /// nothing to hold it for.
    pub(super) fn write(&mut self, chunk: &[u8]) -> bool {
        if self.unsound {
            return false;
        }
        self.is_over_limit = !hold(&mut self.bytes, chunk);
        !self.is_over_limit
    }

    /// Whether it is let through because of a limit.
    pub(super) fn is_over_limit(&self) -> bool {
        self.is_over_limit
    }

    /// Gives up on this list: gives what is held, as it came.
    pub(super) fn pass(&mut self) -> Vec<u8> {
        self.state = State::Passed;
        self.open = None;
        self.tiles = Vec::new();
        std::mem::take(&mut self.bytes)
    }

    /// A tile's start tag. Gives the tile's id, by which the calls that follow name it; `None` for a
    /// tile within a tile, which is part of it, and for one too many.
    pub(super) fn start_tile(&mut self, tag: &str) -> Option<usize> {
        self.start_tag(tag);
        if self.open.is_some() {
            return None;
        }
        if self.tiles.len() == MAX_TILES {
            self.give_up();
            return None;
        }
        self.state = State::Holding;
        let id = self.next_tile;
        self.next_tile += 1;
        self.open = Some(OpenTile {
            id,
            end: Open::new(Implied::of(tag)),
            start: None,
            target: None,
            is_named: false,
        });
        Some(id)
    }

    /// A start tag below the list, for who knows what its selectors find: what the element's end means. `value` gives
    /// those of attributes, by name.
    pub(super) fn tag<'a>(
        &mut self,
        tag: &str,
        is_void: bool,
        value: impl Fn(&str) -> Option<&'a str>,
    ) -> Option<Ends> {
        let shape = Arc::clone(&self.shape);
        let plain = shape.selectors.plain.as_ref()?;
        let owned = |name: &str| value(name).map(str::to_owned);
        let mut ends = None;
        // In the order of handlers.
        if !is_void && plain.watched.contains(&tag) {
            ends = self.start_tag(tag).map(|tile| (tile, true));
        }
        if !is_void
            && plain.tile.matches(tag, &value)
            && let Some(tile) = self.begin_tile(tag, owned)
        {
            self.mark_start(tile);
            ends = Some((tile, false));
        }
        if plain
            .link
            .as_ref()
            .is_some_and(|it| it.matches(tag, &value))
        {
            self.link(owned);
        }
        if !plain.item.is_empty() && value(&plain.item).is_some() {
            self.item(owned);
        }
        let list = self.id;
        ends.map(|(tile, is_scope)| Ends {
            list,
            tile,
            is_scope,
        })
    }

    /// A tile's start tag, with the link that it may be itself.
    pub(super) fn begin_tile(
        &mut self,
        tag: &str,
        value: impl Fn(&str) -> Option<String>,
    ) -> Option<usize> {
        let tile = self.start_tile(tag)?;
        let attribute = &self.shape.selectors.attribute;
        // Others' attributes are not read: that costs as much as the rest.
        if tag == "a" || attribute != "href" {
            self.link(value);
        }
        Some(tile)
    }

    /// A tag below the list that may tell what the open tile shows.
    pub(super) fn link(&mut self, value: impl Fn(&str) -> Option<String>) {
        if self.wants_link()
            && let Some(value) = value(&self.shape.selectors.attribute)
            && let Some(target) = self.ranker.target_of_attribute(&value)
        {
            self.set_target(target);
        }
    }

    /// A tag below the list that may name the open tile's item.
    pub(super) fn item(&mut self, value: impl Fn(&str) -> Option<String>) {
        if self.wants_name()
            && let Some(name) = value(&self.shape.item)
            && let Some(target) = self.ranker.target_of_name(&name)
        {
            self.name_item(target);
        }
    }

    /// Whether its selectors can be matched without lol_html.
    pub(super) fn is_plain(&self) -> bool {
        self.shape.selectors.plain.is_some()
    }

    /// Any watched start tag: it may end the open tile. Gives the tile's id when it opens a scope
    /// in it, whose end [`HeldList::end_scope`] has to be told.
    pub(super) fn start_tag(&mut self, tag: &str) -> Option<usize> {
        let open = self.open.as_mut()?;
        match open.end.start_tag(tag) {
            Seen::Inside => {}
            Seen::Scope if open.end.scopes() > MAX_NESTED_LISTS => self.give_up(),
            Seen::Scope => return Some(open.id),
            Seen::Closer => self.end_open_tile(),
        }
        None
    }

    /// Over a limit.
    fn give_up(&mut self) {
        self.unsound = true;
        self.is_over_limit = true;
    }

    /// The end of an element that opened a scope in tile `id`.
    pub(super) fn end_scope(&mut self, id: usize) {
        if let Some(open) = self.open.as_mut().filter(|open| open.id == id) {
            open.end.end_scope();
        }
    }

    /// Tile `id` begins with the byte that is written next.
    pub(super) fn mark_start(&mut self, id: usize) {
        let at = self.bytes.len();
        if let Some(open) = self.open.as_mut().filter(|open| open.id == id) {
            open.start = Some(at);
        }
    }

    /// The end tag that ends the element of tile `id`: its own, or that of an element around it. Gives
    /// whether [`HeldList::mark_end`] will follow, behind it.
    pub(super) fn end_tile(&mut self, id: usize, tag: &str, is_own: bool) -> bool {
        match self.open.as_ref().filter(|open| open.id == id) {
            Some(_) if is_own => return true,
            Some(open) => {
                self.unsound |= !open.end.may_be_unclosed() || !ends_others(tag);
                self.end_open_tile();
            }
            // It was ended by a start tag, yet has an end tag of its own: so that one was inside it.
            None => self.unsound |= is_own,
        }
        false
    }

    /// Tile `id` ended with the byte that was written last.
    pub(super) fn mark_end(&mut self, id: usize) {
        if self.open.as_ref().is_some_and(|open| open.id == id) {
            self.end_open_tile();
        }
    }

    fn end_open_tile(&mut self) {
        if let Some(open) = self.open.take()
            && let Some(start) = open.start
        {
            self.tiles.push(Tile {
                range: start..self.bytes.len(),
                target: open.target,
            });
        }
    }

    /// The tiles' ranges cannot be trusted: the list leaves as it came.
    pub(super) fn distrust(&mut self) {
        self.unsound = true;
    }

    /// Whether the open tile still waits for a link that leads to a product.
    pub(super) fn wants_link(&self) -> bool {
        self.open.as_ref().is_some_and(|open| open.target.is_none())
    }

    /// Whether the open tile has not named its item yet.
    pub(super) fn wants_name(&self) -> bool {
        self.open.as_ref().is_some_and(|open| !open.is_named)
    }

    /// The item that the open tile names, whatever its links say.
    fn name_item(&mut self, target: Target) {
        if let Some(open) = &mut self.open {
            open.target = Some(target);
            open.is_named = true;
        }
    }

    /// What the open tile shows.
    fn set_target(&mut self, target: Target) {
        if let Some(open) = &mut self.open {
            open.target = Some(target);
        }
    }

    /// The list's end tag: writes the tiles in their new order.
    pub(super) fn into_ordered(mut self, out: &mut Vec<u8>) -> Option<ListExposure> {
        let tiles = self.end();
        let order = match tiles.is_empty() {
            true => Vec::new(),
            false => order_of(&tiles, &self.ranker, &self.shape.order),
        };
        if moved(&order) == 0 {
            out.append(&mut self.bytes);
        } else {
            let places: Vec<_> = tiles.iter().map(|tile| tile.range.clone()).collect();
            write_ordered(&self.bytes, &places, &order, out);
        }
        exposure(&self.shape.name, &order)
    }

    /// The list's end tag: writes the list as it came, and gives its tiles; none when they are not to be put in
    /// order.
    pub(super) fn into_tiles(mut self, out: &mut Vec<u8>) -> Vec<Tile> {
        let tiles = self.end();
        out.append(&mut self.bytes);
        tiles
    }

    /// Whether its tiles tell by their text what they show.
    pub(super) fn is_by_text(&self) -> bool {
        self.shape.selectors.link.is_none()
    }

    fn end(&mut self) -> Vec<Tile> {
        self.end_open_tile();
        let mut tiles = std::mem::take(&mut self.tiles);
        if self.unsound {
            tiles.clear();
        }
        if self.is_by_text() {
            for tile in &mut tiles {
                let text = self.bytes.get(tile.range.clone()).unwrap_or_default();
                let by_text = || self.ranker.target_of_text(text, self.charset);
                tile.target = tile.target.or_else(by_text);
            }
        }
        tiles
    }
}

/// Takes `chunk` in; `false` when that would be more than [`MAX_HELD_BYTES`]. Never reserves more.
pub(super) fn hold(bytes: &mut Vec<u8>, chunk: &[u8]) -> bool {
    let needed = bytes.len() + chunk.len();
    if needed > MAX_HELD_BYTES {
        return false;
    }
    if needed > bytes.capacity() {
        let doubled = (2 * bytes.capacity()).max(FIRST_HELD_BYTES);
        let capacity = doubled.clamp(needed, MAX_HELD_BYTES);
        bytes.reserve_exact(capacity - bytes.len());
    }
    bytes.extend_from_slice(chunk);
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_a_limit() {
        let mut bytes = Vec::new();
        for part in [MAX_HELD_BYTES / 2, 1, MAX_HELD_BYTES / 2 - 1] {
            assert!(hold(&mut bytes, &vec![b'x'; part]));
        }
        assert!(!hold(&mut bytes, b"y"));
        assert_eq!(bytes.len(), MAX_HELD_BYTES);
        assert_eq!(bytes.capacity(), MAX_HELD_BYTES);
    }
}
