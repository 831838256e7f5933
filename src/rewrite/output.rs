//! Where the output goes: straight out, or into what is being held back.

use super::list::{HeldList, hold};
use super::{Counts, Exposures};
use crate::site::ListOrder;

/// How much the output's buffer grows at least, in bytes.
const GROWTH_BYTES: usize = 16 << 10;

/// Appends to a caller's buffer, which has room for the chunk that came. It grows by little when more
/// is inserted: doubling would cost as much as the chunk.
pub(super) fn append(out: &mut Vec<u8>, bytes: &[u8]) {
    if out.capacity() - out.len() < bytes.len() {
        out.reserve_exact(bytes.len().max(GROWTH_BYTES));
    }
    out.extend_from_slice(bytes);
}

/// What the handlers and the sink share.
#[derive(Debug, Default)]
pub(super) struct Output {
    /// What may leave. While a chunk is pushed it is the caller's own buffer.
    pub(super) ready: Vec<u8>,
    list: Option<HeldList>,
    lists: usize,
    place: Option<HeldPlace>,
    /// The element whose content was replaced last.
    replaced: Option<usize>,
    /// How many insertions have not been written.
    pub(super) unfilled: usize,
    pub(super) exposures: Exposures,
    pub(super) counts: Counts,
}

/// The content of an element that is to be replaced: kept until its end tag is seen, because without
/// one the rest of the page would be it.
#[derive(Debug)]
struct HeldPlace {
    /// Where in the origin's body the element begins.
    element: usize,
    /// `None` until its start tag is written.
    content: Option<Vec<u8>>,
}

impl Output {
    pub(super) fn new(exposures: Exposures) -> Self {
        Self {
            exposures,
            ..Self::default()
        }
    }

    pub(super) fn write(&mut self, chunk: &[u8]) {
        // lol_html's last piece is empty.
        self.counts.pieces += usize::from(!chunk.is_empty());
        if let Some(content) = self.place.as_mut().and_then(|place| place.content.as_mut()) {
            if hold(content, chunk) {
                return self.note_held();
            }
            // Over the limit: the element keeps its content.
            self.keep_place();
        }
        self.write_below(chunk);
    }

    /// Writes past the place that is held, if any.
    fn write_below(&mut self, chunk: &[u8]) {
        if let Some(list) = self.list.as_mut().filter(|list| list.is_holding()) {
            if list.write(chunk) {
                return self.note_held();
            }
            // Over a limit: this list goes through as it came.
            let passed = list.pass();
            self.emit(&passed);
        }
        self.emit(chunk);
    }

    fn emit(&mut self, bytes: &[u8]) {
        append(&mut self.ready, bytes);
    }

    fn note_held(&mut self) {
        let held =
            self.held_place().map_or(0, Vec::len) + self.list.as_ref().map_or(0, HeldList::len);
        self.counts.held_bytes = self.counts.held_bytes.max(held);
    }

    /// Starts a list, unless one is open already: a list within a list moves with its tile.
    pub(super) fn start_list(
        &mut self,
        plan: usize,
        name: &str,
        order: &ListOrder,
    ) -> Option<usize> {
        if self.list.is_some() || self.place.is_some() {
            return None;
        }
        self.lists += 1;
        self.list = Some(HeldList::new(self.lists, plan, name, order));
        Some(self.lists)
    }

    /// The open list of this plan, unless it is let through or what is seen now is to be replaced.
    pub(super) fn list_of_plan(&mut self, plan: usize) -> Option<&mut HeldList> {
        if self.is_replacing() {
            return None;
        }
        self.list
            .as_mut()
            .filter(|list| list.plan == plan && !list.is_passed())
    }

    /// The open list with this id.
    pub(super) fn list(&mut self, id: usize) -> Option<&mut HeldList> {
        self.list.as_mut().filter(|list| list.id == id)
    }

    /// A list's end tag: lets go of it, in its new order when it is sure that it ends here.
    pub(super) fn close_list(&mut self, id: usize, is_sure: bool) {
        if let Some(mut list) = self.list.take_if(|list| list.id == id) {
            if !is_sure {
                list.distrust();
            }
            let exposure = list.into_ordered(&mut self.ready);
            self.exposures.lists.extend(exposure);
        }
    }

    /// Whether what is seen now is to be replaced.
    pub(super) fn is_replacing(&self) -> bool {
        self.held_place().is_some()
    }

    fn held_place(&self) -> Option<&Vec<u8>> {
        self.place.as_ref().and_then(|place| place.content.as_ref())
    }

    /// An element whose content is to be replaced; `false` inside of another one.
    pub(super) fn start_place(&mut self, element: usize) -> bool {
        let place = self.place.get_or_insert(HeldPlace {
            element,
            content: None,
        });
        place.element == element
    }

    /// Its start tag has been written.
    pub(super) fn hold_place(&mut self, element: usize) {
        if let Some(place) = self.place.as_mut().filter(|p| p.element == element) {
            place.content.get_or_insert_default();
        }
    }

    /// Its end tag: whether the content may be replaced. It may not without an end tag of its own, or
    /// when it was too long to be held.
    pub(super) fn end_place(&mut self, element: usize, is_own: bool) -> bool {
        if self.place.as_ref().is_some_and(|p| p.element == element) {
            if is_own {
                self.place = None;
                self.replaced = Some(element);
            } else {
                self.keep_place();
            }
        }
        self.replaced == Some(element)
    }

    fn keep_place(&mut self) {
        let Some(place) = self.place.take() else {
            return;
        };
        // Tiles in it were not looked at.
        if let Some(list) = &mut self.list {
            list.distrust();
        }
        self.write_below(&place.content.unwrap_or_default());
    }

    /// Lets go of what is held, in the origin's order.
    pub(super) fn release_held(&mut self) {
        self.keep_place();
        if let Some(mut list) = self.list.take() {
            self.emit(&list.pass());
        }
    }

    /// Notes why the rest of the page goes through unchanged, and lets go of what is held.
    pub(super) fn give_up(&mut self, reason: &str) {
        self.release_held();
        self.exposures
            .gave_up
            .get_or_insert_with(|| reason.to_owned());
    }
}
