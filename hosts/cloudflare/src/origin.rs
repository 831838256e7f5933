//! The visitor's request, sent on to the shop.

use tailorbird::Visit;
use worker::js_sys::futures::JsFuture;
use worker::wasm_bindgen::{JsCast, JsValue};
use worker::web_sys::Response;

use crate::head::Edits;
use crate::js::Guard;
use crate::settings::Settings;

/// Sends the visitor's request for `url` on, with the engine's edits. The body goes from stream to stream.
pub(crate) async fn send(
    (url, target): (&str, &str),
    settings: &Settings,
    visit: &Visit,
    guard: &Guard,
) -> Result<Response, JsValue> {
    let asked = visit.target().unwrap_or(target);
    // Where the worker stands before the shop's own address, only a target of the engine's makes another request.
    let here = visit.target().and_then(|_| url.strip_suffix(target));
    let origin = settings.origin.as_deref().or(here);
    let elsewhere = origin.map(|origin| format!("{origin}{asked}"));
    let mut edits = Edits::default();
    edits.engines(visit.request_edits());
    let coming = guard.ask(elsewhere.as_deref(), edits.as_str())?;
    JsFuture::from(coming).await?.dyn_into()
}
