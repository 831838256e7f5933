//! The visitor's request, sent on to the shop.

use tailorbird::Visit;
use worker::js_sys::futures::JsFuture;
use worker::wasm_bindgen::{JsCast, JsValue};
use worker::web_sys::Response;

use crate::head::Edits;
use crate::js::{Guard, milliseconds};
use crate::settings::Settings;

/// Sends the visitor's request for `url` on, with the engine's edits; meanwhile what the visitor gets is decided. The body
/// goes from stream to stream. Gives the milliseconds, too, that deciding took.
pub(crate) async fn send(
    (url, target): (&str, &str),
    settings: &Settings,
    visit: &mut Visit,
    guard: &Guard,
) -> Result<(Response, f64), JsValue> {
    let asked = visit.target().unwrap_or(target);
    // Where the worker stands before the shop's own address, only a target of the engine's makes another request.
    let here = visit.target().and_then(|_| url.strip_suffix(target));
    let origin = settings.origin.as_deref().or(here);
    let elsewhere = origin.map(|origin| format!("{origin}{asked}"));
    let mut edits = Edits::default();
    edits.engines(visit.request_edits());
    let coming = JsFuture::from(guard.ask(elsewhere.as_deref(), edits.as_str())?);
    let mut deciding = 0.0;
    if visit.may_decide_ahead() {
        // The runtime sends nothing while we compute. If it cannot be let, that is a request which is sent later.
        let _ = JsFuture::from(guard.breathe()).await;
        let started = milliseconds();
        visit.decide_ahead();
        deciding = milliseconds() - started;
    }
    Ok((coming.await?.dyn_into()?, deciding))
}
