//! Tailorbird as a component for Spin 4, or any host of `wasi:http/service@0.3.0`.
//!
//! It uses WASI alone, none of Spin's own interfaces. Where messages need not change, the host's own
//! stream and trailers go from one side to the other, and no byte of them enters the component.
//!
//! | setting | what |
//! |---|---|
//! | mount `/model-snapshots` | the snapshot directory, where `tailorbird embed` put none inside; opened once per instance |
//! | `ORIGIN` | the shop: scheme and authority, for instance `https://origin.shop.example` |
//! | `TAILORBIRD_KEYS` | secrets that sign the visitor's cookie, the newest first |
//! | `KEPT_PAGES` | `off` keeps no pages of the origin's |
//! | `EXPOSURES` | `log` prints one line of JSON per changed page to standard output |
//!
//! What the platform decides, and no component can change:
//!
//! - Header names arrive in lower case and leave so; a reason phrase is the standard one.
//! - The host owns `Connection`, `Keep-Alive`, `Transfer-Encoding`, `Upgrade` and `Proxy-*`: they do
//!   not pass, so neither do WebSockets, and fields that only `Connection` names are not recognised.
//! - The visitor's `Host` arrives as the request's authority. Wasmtime's `serve` gives none for
//!   HTTP/1.1, and `X-Forwarded-Host` is missing there; Spin gives it.
//! - A new snapshot in a mounted directory is seen by new instances only. How long an instance lives is the host's affair;
//!   `spin deploy` and a restart of `spin up` begin with new ones.
//! - Trailers reach visitors who said `TE: trailers`, if the host passes that field on.
//! - A stream cannot be continued by another one, so the rest of a page passes through the component even
//!   where nothing of it changes any more.
//! - A body is read while it is sent, so the time that rewriting took is known only at its end: it
//!   goes into a `Server-Timing` trailer.

mod body;
mod handler;
mod head;
mod known;
mod origin;
mod settings;
mod snapshot;

use spin_sdk::wasip3;
use spin_sdk::wasip3::http::types::{ErrorCode, Request, Response};

struct Tailorbird;

wasip3::http::service::export!(Tailorbird);

impl wasip3::exports::http::handler::Guest for Tailorbird {
    async fn handle(request: Request) -> Result<Response, ErrorCode> {
        handler::answer(request).await
    }
}
