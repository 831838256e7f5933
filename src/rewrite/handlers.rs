//! The handlers that a plan becomes.

use std::borrow::Cow;
use std::sync::Arc;

use lol_html::Selector;
use lol_html::html_content::{ContentType, EndTag};
use lol_html::send::{Element, ElementContentHandlers, EndTagHandler};

use super::list::HeldList;
use super::{Exposure, Shared, lock, render};
use crate::plan::{Fill, Insertion, ListPlan};
use crate::site::Position;

type Handler = (Cow<'static, Selector>, ElementContentHandlers<'static>);

/// Inserts a banner or slot at the n-th element that matches, and nowhere else.
pub(super) fn insertion(insertion: Insertion, output: &Shared) -> Handler {
    let Insertion {
        selector,
        nth,
        position,
        template,
        fill,
    } = insertion;
    let output = Arc::clone(output);
    let mut fill = Some(fill);
    let mut before = nth.saturating_sub(1);
    let handler = move |element: &mut Element<'_, '_>| {
        let inside = !matches!(position, Position::Before | Position::After);
        if inside && !element.can_have_content() {
            return Ok(());
        }
        if before > 0 {
            before -= 1;
            return Ok(());
        }
        let Some(fill) = fill.take() else {
            return Ok(());
        };
        let html = render::render(&template, &fill);
        match position {
            Position::Before => element.before(&html, ContentType::Html),
            Position::After => element.after(&html, ContentType::Html),
            Position::Prepend => element.prepend(&html, ContentType::Html),
            Position::Append => element.append(&html, ContentType::Html),
            Position::Replace => element.set_inner_content(&html, ContentType::Html),
        }
        lock(&output).exposures.places.push(exposure(fill));
        Ok(())
    };
    (
        Cow::Owned(selector),
        ElementContentHandlers::default().element(handler),
    )
}

fn exposure(fill: Fill) -> Exposure {
    Exposure {
        place: fill.name,
        strategy: fill.strategy,
        items: fill.items.into_iter().map(|card| card.id).collect(),
    }
}

/// Holds a list back and notes its tiles and their products.
pub(super) fn list(list: ListPlan, index: usize, output: &Shared) -> [Handler; 3] {
    let ListPlan {
        name,
        selectors,
        ranker,
        order,
    } = list;
    let shared = Arc::clone(output);
    let start_list = move |element: &mut Element<'_, '_>| {
        if lock(&shared).held.is_some() || element.end_tag_handlers().is_none() {
            return Ok(()); // a list within a list moves with its tile
        }
        lock(&shared).held = Some(HeldList::new(index, &name, &order));
        let shared = Arc::clone(&shared);
        let end: EndTagHandler<'static> = Box::new(move |_: &mut EndTag<'_>| {
            lock(&shared).close_list();
            Ok(())
        });
        element.on_end_tag(end)
    };

    let ranker = Arc::new(ranker);
    let (shared, tile_ranker) = (Arc::clone(output), Arc::clone(&ranker));
    let start_tile = move |element: &mut Element<'_, '_>| {
        if element.end_tag_handlers().is_none() {
            return Ok(());
        }
        let mut out = lock(&shared);
        let Some(held) = out.held.as_mut().filter(|held| held.plan == index) else {
            return Ok(());
        };
        let Some(id) = held.start_tile(&element.tag_name()) else {
            return Ok(());
        };
        // A tile may itself be the link.
        if let Some(rank) = element
            .get_attribute("href")
            .and_then(|href| tile_ranker.rank(&href))
        {
            held.set_rank(rank);
        }
        drop(out);
        let shared = Arc::clone(&shared);
        let end: EndTagHandler<'static> = Box::new(move |end: &mut EndTag<'_>| {
            let length = end.source_location().bytes().len();
            if let Some(held) = lock(&shared)
                .held
                .as_mut()
                .filter(|held| held.plan == index)
            {
                held.end_tile(id, &end.name(), length);
            }
            Ok(())
        });
        element.on_end_tag(end)
    };

    let shared = Arc::clone(output);
    let link = move |element: &mut Element<'_, '_>| {
        let mut out = lock(&shared);
        let held = out
            .held
            .as_mut()
            .filter(|held| held.plan == index && held.wants_link());
        if let Some(held) = held
            && let Some(rank) = element
                .get_attribute("href")
                .and_then(|href| ranker.rank(&href))
        {
            held.set_rank(rank);
        }
        Ok(())
    };

    [
        (
            Cow::Owned(selectors.list),
            ElementContentHandlers::default().element(start_list),
        ),
        (
            Cow::Owned(selectors.tile),
            ElementContentHandlers::default().element(start_tile),
        ),
        (
            Cow::Owned(selectors.link),
            ElementContentHandlers::default().element(link),
        ),
    ]
}
