//! The handlers that a plan becomes.

use std::borrow::Cow;
use std::sync::Arc;

use encoding_rs::Encoding;
use lol_html::Selector;
use lol_html::html_content::{ContentType, EndTag, StreamingHandler, StreamingHandlerSink};
use lol_html::send::{Element, ElementContentHandlers, EndTagHandler};

use super::list::HeldList;
use super::output::PROBE_CHARACTER;
use super::{Exposure, Shared, ends, lock, render};
use crate::page::implied;
use crate::plan::{Fill, Filling, Insertion, ListPlan};
use crate::site::{Position, Template};

pub(super) type Handler = (Cow<'static, Selector>, ElementContentHandlers<'static>);
pub(super) type Writer = Box<dyn StreamingHandler + Send>;

/// A banner or slot on its way to its place.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    /// Its index in the plan.
    pub(super) id: usize,
    pub(super) template: Arc<Template>,
    pub(super) filling: Filling,
}

/// What a place says, and its HTML.
pub(super) fn filled(template: &Template, filling: &Filling) -> (Fill, String) {
    let fill = filling.fill();
    let html = render::render(template, &fill);
    (fill, html)
}

/// The longest start tag whose link is read: behind it lies at most one copy of it.
pub(super) const MAX_LINK_TAG_BYTES: usize = 64 << 10;

pub(super) fn handler(
    selector: Selector,
    element: impl FnMut(&mut Element<'_, '_>) -> lol_html::HandlerResult + Send + 'static,
) -> Handler {
    (
        Cow::Owned(selector),
        ElementContentHandlers::default().element(element),
    )
}

/// Inserts a banner or slot at the n-th element that matches, and nowhere else.
pub(super) fn insertion(insertion: Insertion, id: usize, output: &Shared) -> Vec<Handler> {
    let Insertion {
        selectors,
        nth,
        position,
        template,
        filling,
    } = insertion;
    let (selector, watched) = (selectors.element.clone(), selectors.watched.clone());
    let output = Arc::clone(output);
    lock(&output).unfilled += 1;
    let mut before = nth.saturating_sub(1);
    let mut waiting = Some(Piece {
        id,
        template,
        filling,
    });
    let has_end = matches!(position, Position::After | Position::Append);
    let watched = watched.filter(|_| has_end);
    let is_watched = watched.is_some();
    let watch = watched.map(|watched| ends::watch(watched, id, &output));
    let insert = move |element: &mut Element<'_, '_>| {
        if lock(&output).is_closing() {
            return Ok(());
        }
        let can_have_content = element.can_have_content();
        let inside = !matches!(position, Position::Before | Position::After);
        if inside && !can_have_content {
            return Ok(());
        }
        if before > 0 {
            before -= 1;
            return Ok(());
        }
        if position == Position::Replace {
            return match waiting.take_if(|_| start_place(element, &output)) {
                Some(piece) => replace(element, &output, piece),
                None => Ok(()),
            };
        }
        if lock(&output).is_replacing() {
            return Ok(());
        }
        let Some(piece) = waiting.take() else {
            return Ok(());
        };
        if has_end && can_have_content {
            return ends::insert_at_end(element, &output, (position, is_watched), piece);
        }
        let writer = renderer(&output, piece, None);
        match position {
            Position::Before => element.streaming_before(writer),
            Position::Prepend => element.streaming_prepend(writer),
            _ => element.streaming_after(writer),
        }
        Ok(())
    };
    // What ends an element comes first: the same tag may begin the next one.
    let insert = handler(selector, insert);
    watch.into_iter().chain([insert]).collect()
}

/// Fills a template when its place is written, so that nobody holds the text meanwhile. `end_tag` is that of an
/// element behind which it stands and that has none.
pub(super) fn renderer(output: &Shared, piece: Piece, end_tag: Option<String>) -> Writer {
    let output = Arc::clone(output);
    Box::new(move |sink: &mut StreamingHandlerSink<'_>| {
        if lock(&output).is_recording() {
            note_charset(&output, sink);
            lock(&output).note_hole(piece.id, end_tag);
            return Ok(());
        }
        if let Some(end_tag) = end_tag {
            sink.write_str(&end_tag, ContentType::Html);
        }
        let (fill, html) = filled(&piece.template, &piece.filling);
        writer(&output, html, fill).write_all(sink)
    })
}

/// Writes a character aside, to see what becomes of it in the page's charset.
fn note_charset(output: &Shared, sink: &mut StreamingHandlerSink<'_>) {
    lock(output).start_probe();
    sink.write_str(PROBE_CHARACTER, ContentType::Html);
    lock(output).end_probe();
}

/// Counts a place as shown when it is written, which one without an end tag may never be.
fn writer(output: &Shared, html: String, fill: Fill) -> Writer {
    let output = Arc::clone(output);
    Box::new(move |sink: &mut StreamingHandlerSink<'_>| {
        sink.write_str(&html, ContentType::Html);
        let mut output = lock(&output);
        output.unfilled -= 1;
        if !html.is_empty() {
            output.exposures.places.push(exposure(fill));
        }
        Ok(())
    })
}

pub(super) fn exposure(fill: Fill) -> Exposure {
    Exposure {
        place: fill.name,
        strategy: fill.strategy,
        items: fill.items.into_iter().map(|card| card.id).collect(),
    }
}

fn start_place(element: &Element<'_, '_>, output: &Shared) -> bool {
    lock(output).start_place(element.source_location().bytes().start)
}

/// Inserts in place of an element's content, once it is sure where that ends.
fn replace(
    element: &mut Element<'_, '_>,
    output: &Shared,
    piece: Piece,
) -> lol_html::HandlerResult {
    let (id, tag) = (element.source_location().bytes().start, element.tag_name());
    let shared = Arc::clone(output);
    element.streaming_prepend(Box::new(move |_: &mut StreamingHandlerSink<'_>| {
        lock(&shared).hold_place(id);
        Ok(())
    }));
    let shared = Arc::clone(output);
    let end: EndTagHandler<'static> = Box::new(move |end: &mut EndTag<'_>| {
        let is_own = end.name() == tag;
        if lock(&shared).is_recording() {
            if lock(&shared).note_replaced(id, piece.id, is_own) {
                let shared = Arc::clone(&shared);
                end.streaming_before(Box::new(move |sink: &mut StreamingHandlerSink<'_>| {
                    note_charset(&shared, sink);
                    Ok(())
                }));
            }
            return Ok(());
        }
        let (fill, html) = filled(&piece.template, &piece.filling);
        let mut out = lock(&shared);
        if out.end_place(id, is_own && !html.is_empty()) {
            end.streaming_before(writer(&shared, html, fill));
        } else {
            // It keeps its content, and nothing more is to come.
            out.unfilled -= 1;
        }
        Ok(())
    });
    lock(output).awaited_ends += 1;
    element.on_end_tag(end)
}

/// Holds a list back and notes its tiles and their products.
pub(super) fn list(
    list: ListPlan,
    plan: usize,
    charset: Option<&'static Encoding>,
    output: &Shared,
) -> Vec<Handler> {
    let ListPlan { shape, ranker } = list;
    let selectors = shape.selectors.clone();
    let (ranker, nth) = (Arc::new(ranker), shape.nth);
    let shared = Arc::clone(output);
    lock(output).awaited_lists += 1;
    let mut number = 0;
    let start_list = move |element: &mut Element<'_, '_>| {
        let mut out = lock(&shared);
        if !element.can_have_content() || !out.may_start_list() {
            return Ok(());
        }
        number += u16::from(number < u16::MAX);
        if nth != 0 && nth != number {
            return Ok(());
        }
        let id = out.start_list(|id| HeldList::new(id, plan, &shape, &ranker, charset));
        out.awaited_ends += 1;
        drop(out);
        let (shared, tag) = (Arc::clone(&shared), element.tag_name());
        let end: EndTagHandler<'static> = Box::new(move |end: &mut EndTag<'_>| {
            let name = end.name();
            let is_sure = name == tag || implied::ends_others(&name);
            lock(&shared).close_list(id, is_sure);
            Ok(())
        });
        element.on_end_tag(end)
    };

    let shared = Arc::clone(output);
    let link = move |element: &mut Element<'_, '_>| {
        if let Some(held) = lock(&shared).list_of_plan(plan) {
            held.link(values(element));
        }
        Ok(())
    };

    let shared = Arc::clone(output);
    let item = move |element: &mut Element<'_, '_>| {
        if let Some(held) = lock(&shared).list_of_plan(plan) {
            held.item(values(element));
        }
        Ok(())
    };

    let mut handlers = vec![handler(selectors.list, start_list)];
    handlers.extend(
        selectors
            .watched
            .map(|watched| handler(watched, watch(plan, output))),
    );
    let tile = start_tile(plan, output);
    handlers.push(handler(selectors.tile, tile));
    handlers.extend(selectors.link.map(|selector| handler(selector, link)));
    // Behind the tile's own, for a tile may itself name its item.
    handlers.extend(selectors.item.map(|selector| handler(selector, item)));
    handlers
}

/// Notes the start tags that tell where a tile without an end tag ends.
fn watch(
    plan: usize,
    output: &Shared,
) -> impl FnMut(&mut Element<'_, '_>) -> lol_html::HandlerResult + Send + 'static {
    let shared = Arc::clone(output);
    move |element| {
        if !element.can_have_content() {
            return Ok(());
        }
        let mut out = lock(&shared);
        let begun = match out.taken_over(plan, true) {
            Some(ends) => ends.map(|ends| (ends.list, ends.tile)),
            None => out.list_of_plan(plan).and_then(|held| {
                let tile = held.start_tag(&element.tag_name())?;
                Some((held.id, tile))
            }),
        };
        let Some((list, tile)) = begun else {
            return Ok(());
        };
        out.awaited_ends += 1;
        drop(out);
        let shared = Arc::clone(&shared);
        let end: EndTagHandler<'static> = Box::new(move |_: &mut EndTag<'_>| {
            if let Some(held) = lock(&shared).list(list) {
                held.end_scope(tile);
            }
            Ok(())
        });
        element.on_end_tag(end)
    }
}

fn start_tile(
    plan: usize,
    output: &Shared,
) -> impl FnMut(&mut Element<'_, '_>) -> lol_html::HandlerResult + Send + 'static {
    let shared = Arc::clone(output);
    move |element| {
        if !element.can_have_content() {
            return Ok(());
        }
        let tag = element.tag_name();
        let mut out = lock(&shared);
        let (list, tile) = match out.taken_over(plan, false) {
            Some(Some(ends)) => (ends.list, ends.tile),
            Some(None) => return Ok(()),
            None => {
                let Some(held) = out.list_of_plan(plan) else {
                    return Ok(());
                };
                let list = held.id;
                let Some(tile) = held.begin_tile(&tag, values(element)) else {
                    return Ok(());
                };
                // Where the tile begins and ends is noted when its tags are written, since something may be
                // inserted right before or behind them. These marks come last, so they stand next to the tags.
                let marked = Arc::clone(&shared);
                element.streaming_before(Box::new(move |_: &mut StreamingHandlerSink<'_>| {
                    if let Some(held) = lock(&marked).list(list) {
                        held.mark_start(tile);
                    }
                    Ok(())
                }));
                (list, tile)
            }
        };
        out.awaited_ends += 1;
        drop(out);
        let shared = Arc::clone(&shared);
        let end: EndTagHandler<'static> = Box::new(move |end: &mut EndTag<'_>| {
            let name = end.name();
            let ends_behind = lock(&shared)
                .list(list)
                .is_some_and(|held| held.end_tile(tile, &name, name == tag));
            if ends_behind {
                end.streaming_after(Box::new(move |_: &mut StreamingHandlerSink<'_>| {
                    if let Some(held) = lock(&shared).list(list) {
                        held.mark_end(tile);
                    }
                    Ok(())
                }));
            }
            Ok(())
        });
        element.on_end_tag(end)
    }
}

/// The values of an element's attributes, by name. Not of a tag that would be copied in vain.
fn values(element: &Element<'_, '_>) -> impl Fn(&str) -> Option<String> {
    let is_short = element.source_location().bytes().len() <= MAX_LINK_TAG_BYTES;
    move |name| is_short.then(|| element.get_attribute(name))?
}
