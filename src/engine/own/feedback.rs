//! `POST feedback`: what a visitor says of an item.
//!
//! | field | what |
//! |---|---|
//! | `item` | an item's id |
//! | `verdict` | `like`, `dislike`, or `none` to take either back |
//! | `back` | a path of this shop to lead back to; the page that the form stood on otherwise |
//!
//! Without consent nothing is stored; `profile` tells the visitor so.

use super::request::Request;
use super::{LocalResponse, text};
use crate::snapshot::ItemKey;

pub(super) fn save(request: &Request<'_>) -> LocalResponse {
    let (id, verdict) = (request.params.get("item"), request.params.get("verdict"));
    let (Some(id), Some(verdict @ ("like" | "dislike" | "none"))) = (id, verdict) else {
        return text(400, "Expected item=ID and verdict=like, dislike or none.\n");
    };
    let item = ItemKey::of(id);
    if verdict != "none" && request.item_of(item).is_none() {
        return text(400, "There is no such item.\n");
    }
    let visitor = request.visitor();
    let state = visitor.map(|visitor| {
        let mut state = visitor.state;
        match verdict {
            "like" => state.like(item),
            "dislike" => state.dislike(item),
            _ => state.clear_opinion(item),
        }
        state
    });
    request.saved(state.as_ref())
}
