//! The visitor's request, sent on to the shop.

use tailorbird::Visit;
use worker::js_sys::futures::JsFuture;
use worker::wasm_bindgen::{JsCast, JsValue};
use worker::web_sys::{Request, RequestInit, RequestRedirect, Response};

use crate::head;
use crate::js::Guard;
use crate::settings::Settings;

/// Fields of one connection that the runtime itself does not keep back (RFC 9110, 7.6.1).
const HOP_BY_HOP: [&str; 2] = ["keep-alive", "proxy-connection"];

/// Sends a visitor's request on, with the engine's edits. The body goes from stream to stream.
pub(crate) async fn send(
    request: &Request,
    target: &str,
    settings: &Settings,
    visit: &Visit,
    guard: &Guard,
) -> Result<Response, JsValue> {
    let url = request.url();
    let asked = visit.target().unwrap_or(target);
    // Where the worker stands before the shop's own address, only a target of the engine's makes another request.
    let here = visit.target().and_then(|_| url.strip_suffix(target));
    let outgoing = match settings.origin.as_deref().or(here) {
        Some(origin) => elsewhere(request, &format!("{origin}{asked}"))?,
        None => {
            let init = RequestInit::new();
            init.set_redirect(RequestRedirect::Manual);
            Request::new_with_request_and_init(request, &init)?
        }
    };
    let headers = outgoing.headers();
    for name in HOP_BY_HOP {
        headers.delete(name)?;
    }
    head::edit(&headers, visit.request_edits());
    JsFuture::from(guard.ask(&outgoing)?).await?.dyn_into()
}

/// The same request to another server, which is told of the visitor's host and scheme.
fn elsewhere(request: &Request, url: &str) -> Result<Request, JsValue> {
    // A request's properties are those of a RequestInit, its body included. Requests that arrive
    // from a visitor have the redirect mode "manual" already.
    let outgoing = Request::new_with_str_and_init(url, request.unchecked_ref::<RequestInit>())?;
    let headers = outgoing.headers();
    if !headers.has("x-forwarded-host")?
        && let Some(host) = request.headers().get("host")?
    {
        headers.set("x-forwarded-host", &host)?;
    }
    if !headers.has("x-forwarded-proto")? {
        let scheme = if crate::handler::is_secure(request) {
            "https"
        } else {
            "http"
        };
        headers.set("x-forwarded-proto", scheme)?;
    }
    Ok(outgoing)
}
