//! Places at an element's end, which may come without an end tag of the element's own: an item ends where
//! the next one begins, or with its list, and whatever is open ends with the page.

use std::cmp::Reverse;
use std::sync::{Arc, LazyLock};

use lol_html::Selector;
use lol_html::html_content::EndTag;
use lol_html::send::{Element, EndTagHandler};

use super::handlers::{Handler, Piece, Writer, handler, renderer};
use super::{Shared, lock};
use crate::page::implied::{Implied, Open, Seen};
use crate::site::Position;

/// Fed to lol_html behind a page in which a place is open, and taken out again. It is a tag only where one
/// may stand: not within a script, a comment or a tag that the page does not end.
pub(super) const PROBE: &[u8] = b"<tbend>";

static PROBE_SELECTOR: LazyLock<Option<Selector>> = LazyLock::new(|| "tbend".parse().ok());

/// A place at the end of an element that has begun.
#[derive(Debug)]
pub(super) struct OpenPlace {
    /// Where in the origin's body the element begins.
    pub(super) element: usize,
    tag: String,
    is_after: bool,
    piece: Piece,
    end: Open,
    /// Start tags in the element are watched for one that ends it.
    is_watched: bool,
}

impl OpenPlace {
    /// Its index in the plan.
    pub(super) fn id(&self) -> usize {
        self.piece.id
    }

    /// Whether the element is sure to be open still when the page ends.
    pub(super) fn ends_with_the_page(&self) -> bool {
        self.is_watched || !self.end.may_be_unclosed()
    }

    /// The order in which places stand that end at one point: those of inner elements first, within an
    /// element before behind it, and that of the file.
    pub(super) fn rank(&self) -> (Reverse<usize>, bool, usize) {
        (Reverse(self.element), self.is_after, self.piece.id)
    }

    /// Writes the place where its element ends without an end tag. Behind it, it gets one.
    fn into_writer(self, output: &Shared, at_page_end: bool) -> Writer {
        // The whole page's end is the body's: nothing may stand behind that.
        let is_page = matches!(self.tag.as_str(), "body" | "html");
        let is_sure = self.end.may_be_unclosed() || at_page_end && !is_page;
        let end_tag = (self.is_after && is_sure).then(|| format!("</{}>", self.tag));
        renderer(output, self.piece, end_tag)
    }
}

/// Inserts at the end of `element`: within it or behind it.
pub(super) fn insert_at_end(
    element: &mut Element<'_, '_>,
    output: &Shared,
    (position, is_watched): (Position, bool),
    piece: Piece,
) -> lol_html::HandlerResult {
    let id = piece.id;
    let (tag, start) = (element.tag_name(), element.source_location().bytes().start);
    let mut out = lock(output);
    out.awaited_ends += 1;
    out.open_place(OpenPlace {
        piece,
        element: start,
        is_after: position == Position::After,
        end: Open::new(Implied::of_place(&tag)),
        is_watched,
        tag: tag.clone(),
    });
    drop(out);
    let output = Arc::clone(output);
    let end: EndTagHandler<'static> = Box::new(move |end: &mut EndTag<'_>| {
        if end.name() != tag {
            // An element without an end tag ends before the one of an element around it.
            for place in lock_and_close(&output, start) {
                end.streaming_before(place.into_writer(&output, false));
            }
            return Ok(());
        }
        let Some(place) = lock(&output).close_place(id) else {
            return Ok(());
        };
        let is_after = place.is_after;
        let writer = renderer(&output, place.piece, None);
        if is_after {
            end.streaming_after(writer);
        } else {
            end.streaming_before(writer);
        }
        Ok(())
    });
    element.on_end_tag(end)
}

fn lock_and_close(output: &Shared, element: usize) -> Vec<OpenPlace> {
    lock(output).close_places(|place| place.element == element)
}

/// Notes the start tags that end the element of place `id`.
pub(super) fn watch(watched: Selector, id: usize, output: &Shared) -> Handler {
    let output = Arc::clone(output);
    handler(watched, move |element| {
        let mut out = lock(&output);
        let Some(place) = out.place_mut(id) else {
            return Ok(());
        };
        let start = place.element;
        match place.end.start_tag(&element.tag_name()) {
            Seen::Inside => {}
            Seen::Scope if !element.can_have_content() => place.end.end_scope(),
            Seen::Scope => {
                out.awaited_ends += 1;
                drop(out);
                let output = Arc::clone(&output);
                let end: EndTagHandler<'static> = Box::new(move |_: &mut EndTag<'_>| {
                    if let Some(place) = lock(&output).place_mut(id) {
                        place.end.end_scope();
                    }
                    Ok(())
                });
                element.on_end_tag(end)?;
            }
            Seen::Closer => {
                let places = out.close_places(|place| place.element == start);
                drop(out);
                for place in places {
                    element.streaming_before(place.into_writer(&output, false));
                }
            }
        }
        Ok(())
    })
}

/// Writes the places that are open when the page ends; none without places at an element's end.
pub(super) fn at_page_end(output: &Shared) -> Option<Handler> {
    let selector = PROBE_SELECTOR.clone()?;
    let output = Arc::clone(output);
    Some(handler(selector, move |element| {
        if !lock(&output).is_closing() {
            return Ok(());
        }
        let places = lock(&output).close_places(|_| true);
        for place in places {
            element.streaming_before(place.into_writer(&output, true));
        }
        element.remove_and_keep_content();
        Ok(())
    }))
}
