//! Where the output goes: straight out, or into what is being held back.

use super::compiled::{Hole, Listed, Recording};
use super::ends::OpenPlace;
use super::list::{HeldList, hold};
use super::skim::{Ends, HandedOver};
use super::{Counts, Exposures};
use crate::plan::Matters;

/// A character that every charset but UTF-8 writes in other bytes, or in a reference.
pub(super) const PROBE_CHARACTER: &str = "\u{E9}";

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
    /// Places at the end of an element that is open.
    open_places: Vec<OpenPlace>,
    /// The page has ended: what lol_html is given now is not a part of it.
    is_closing: bool,
    /// How many insertions have not been written.
    pub(super) unfilled: usize,
    /// How many of the plan's lists may still be found.
    pub(super) awaited_lists: usize,
    pub(super) exposures: Exposures,
    pub(super) counts: Counts,
    /// Places are noted instead of filled: the page is compiled.
    recording: Option<Box<Recording>>,
    /// How many bytes of such a page have been taken out of `ready`.
    taken: usize,
    /// So many bytes of what lol_html gives next are no part of the page.
    pub(super) unheard: usize,
    /// What the elements end that lol_html is told of.
    pub(super) handed_over: Vec<HandedOver>,
    /// How many elements there were whose end lol_html has to see.
    pub(super) awaited_ends: usize,
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

    /// Has places noted instead of filled, and lists left as they are.
    pub(super) fn record(&mut self) {
        self.recording = Some(Box::default());
    }

    pub(super) fn is_recording(&self) -> bool {
        self.recording.is_some()
    }

    /// What was noted; `None` when the page's bytes would not be those of a page that streams.
    pub(super) fn recorded(&mut self) -> Option<Recording> {
        let recording = self.recording.take()?;
        (!recording.is_unsound).then_some(*recording)
    }

    /// The caller has taken so many bytes of a page that is compiled.
    pub(super) fn take(&mut self, bytes: usize) {
        self.taken += bytes;
    }

    /// Where in the page that is compiled the next byte stands.
    fn at(&self) -> usize {
        self.taken + self.ready.len() + self.list.as_ref().map_or(0, HeldList::len)
    }

    /// What is written now is no part of the page.
    pub(super) fn start_probe(&mut self) {
        if let Some(recording) = &mut self.recording {
            recording.probe = Some(Vec::new());
        }
    }

    /// The probe has been written: what is inserted is UTF-8, or the page is in another charset.
    pub(super) fn end_probe(&mut self) {
        if let Some(recording) = &mut self.recording {
            let probe = recording.probe.take();
            recording.is_unsound |= probe.as_deref() != Some(PROBE_CHARACTER.as_bytes());
        }
    }

    /// Place `id` stands here.
    pub(super) fn note_hole(&mut self, id: usize, end_tag: Option<String>) {
        self.unfilled -= 1;
        let at = self.at();
        let is_replaced = self.is_replacing();
        if let Some(recording) = &mut self.recording {
            // What stands in a replaced content depends on whether that is.
            recording.is_unsound |= is_replaced;
            let end_tag = end_tag.unwrap_or_default();
            recording.holes.push(Hole {
                content: at..at,
                replaces: false,
                id,
                end_tag,
            });
        }
    }

    /// The end tag of an element whose content place `id` is to replace; `false` when it keeps its content.
    pub(super) fn note_replaced(&mut self, element: usize, id: usize, is_own: bool) -> bool {
        self.unfilled -= 1;
        let content = self.held_place().map_or(0, Vec::len);
        let start = self.at();
        let held = self.place.take_if(|it| it.element == element && is_own);
        match held {
            Some(held) => {
                self.replaced = Some(element);
                self.write_below(&held.content.unwrap_or_default());
            }
            // Another place stands for this content already, or it stays.
            None if !self.end_place(element, false) => return false,
            None => {}
        }
        if let Some(recording) = &mut self.recording {
            recording.holes.push(Hole {
                content: start..start + content,
                replaces: true,
                id,
                end_tag: String::new(),
            });
        }
        true
    }

    pub(super) fn write(&mut self, chunk: &[u8]) {
        let (unheard, chunk) = chunk.split_at(chunk.len().min(self.unheard));
        self.unheard -= unheard.len();
        if let Some(probe) = self.recording.as_mut().and_then(|it| it.probe.as_mut()) {
            return probe.extend_from_slice(chunk);
        }
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
            // This list goes through as it came. Behind one over a limit no other is looked for.
            let is_over_limit = list.is_over_limit();
            let passed = list.pass();
            self.emit(&passed);
            if is_over_limit {
                self.awaited_lists = 0;
                self.note("a list of more than 1 MiB, 1,024 tiles or 64 lists within a tile");
            }
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

    /// Whether nothing more of the page will change.
    pub(super) fn is_done(&self) -> bool {
        self.unfilled == 0
            && self.awaited_lists == 0
            && self.list.as_ref().is_none_or(HeldList::is_passed)
    }

    /// When lol_html is told of an element that began before: `Some`, and what its end means where that is of this kind and
    /// this plan's, and lol_html is to notice it from now on.
    pub(super) fn taken_over(&mut self, plan: usize, is_scope: bool) -> Option<Option<Ends>> {
        if self.unheard == 0 {
            return None;
        }
        let list = self.list.as_ref().filter(|list| list.plan == plan);
        let (list, left) = (list.map(|list| list.id), self.unheard);
        let mut ends = self.handed_over.iter();
        // What came before a tag has been written, so what is left tells which one it is.
        let ends = ends.find(|it| it.left == left && it.ends.is_scope == is_scope);
        Some(ends.map(|it| it.ends).filter(|it| Some(it.list) == list))
    }

    /// The open list, where its tags need not be shown to lol_html.
    pub(super) fn plain_list(&mut self) -> Option<&mut HeldList> {
        if self.is_replacing() {
            return None;
        }
        let list = self.list.as_mut();
        list.filter(|list| !list.is_passed() && list.is_plain())
    }

    /// Whether what a start tag fits changes anything now.
    pub(super) fn wants(&self, matters: Matters) -> bool {
        let list = || self.list.as_ref().filter(|list| !list.is_passed());
        match matters {
            Matters::Always => true,
            Matters::InLists => list().is_some(),
            Matters::AsLink => list().is_some_and(HeldList::wants_link),
            Matters::AsName => list().is_some_and(HeldList::wants_name),
        }
    }

    /// Whether a list may start: not within one, since that moves with its tile, nor behind one over a
    /// limit.
    pub(super) fn may_start_list(&self) -> bool {
        let is_within = self.list.is_some() || self.place.is_some();
        !is_within && self.awaited_lists > 0 && !self.is_closing
    }

    /// Starts a list and gives its id.
    pub(super) fn start_list(&mut self, list: impl FnOnce(usize) -> HeldList) -> usize {
        self.lists += 1;
        self.list = Some(list(self.lists));
        self.lists
    }

    /// The open list of this plan, unless it is let through or what is seen now is to be replaced.
    pub(super) fn list_of_plan(&mut self, plan: usize) -> Option<&mut HeldList> {
        // Neither in what is to be replaced, nor in a tag that is shown once more.
        if self.is_replacing() || self.unheard > 0 {
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
            self.awaited_lists = self.awaited_lists.saturating_sub(usize::from(list.is_last));
            let Some(recording) = &mut self.recording else {
                let exposure = list.into_ordered(&mut self.ready);
                return self.exposures.lists.extend(exposure);
            };
            let start = self.taken + self.ready.len();
            let (plan, is_by_text) = (list.plan, list.is_by_text());
            let mut tiles = list.into_tiles(&mut self.ready);
            for tile in &mut tiles {
                tile.range = start + tile.range.start..start + tile.range.end;
            }
            let listed = Listed {
                plan,
                range: start..self.taken + self.ready.len(),
                tiles,
            };
            // A text would be another with what is inserted in it.
            recording.is_unsound |= is_by_text && listed.has_inner(&recording.holes);
            recording.lists.push(listed);
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

    /// A place at the end of an element that has begun.
    pub(super) fn open_place(&mut self, place: OpenPlace) {
        self.open_places.push(place);
    }

    /// The open place with this id.
    pub(super) fn place_mut(&mut self, id: usize) -> Option<&mut OpenPlace> {
        self.open_places.iter_mut().find(|place| place.id() == id)
    }

    /// The end of the element of an open place.
    pub(super) fn close_place(&mut self, id: usize) -> Option<OpenPlace> {
        let at = self.open_places.iter().position(|place| place.id() == id)?;
        Some(self.open_places.remove(at))
    }

    /// The page has ended: lets go of what is held. Gives whether places wait for this.
    pub(super) fn start_closing(&mut self) -> bool {
        self.open_places.retain(OpenPlace::ends_with_the_page);
        self.is_closing = !self.open_places.is_empty();
        if self.is_closing {
            self.release_held();
        }
        self.is_closing
    }

    /// Whether the page has ended.
    pub(super) fn is_closing(&self) -> bool {
        self.is_closing
    }

    /// The end of all open places that `ends` chooses: gives them as they are to stand there.
    pub(super) fn close_places(&mut self, ends: impl Fn(&OpenPlace) -> bool) -> Vec<OpenPlace> {
        let mut places: Vec<_> = self
            .open_places
            .extract_if(.., |place| ends(place))
            .collect();
        crate::sort::by_key(&mut places, OpenPlace::rank);
        places
    }

    /// Whether places are open.
    pub(super) fn has_open_places(&self) -> bool {
        !self.open_places.is_empty()
    }

    /// Notes why the rest of the page goes through unchanged, and lets go of what is held.
    pub(super) fn give_up(&mut self, reason: &str) {
        self.release_held();
        self.note(reason);
    }

    fn note(&mut self, reason: &str) {
        self.exposures
            .gave_up
            .get_or_insert_with(|| reason.to_owned());
    }
}
