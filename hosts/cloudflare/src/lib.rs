//! Tailorbird as a Cloudflare Worker.
//!
//! The engine lives as long as its isolate and is opened by the isolate's first request, from the
//! static assets behind the binding `SNAPSHOTS`. A page that passes through is answered with the
//! origin's own `Response`, so none of its bytes enters the isolate. Before its first request, the
//! isolate has rehearsed (`warm_up.rs`).
//!
//! A trap ends the instance; its requests are answered with the shop's own pages, and the next request
//! has a new instance (`guard.js`).
//!
//! | setting | what |
//! |---|---|
//! | route | the shop: without `ORIGIN` each request goes on to its own URL |
//! | `ORIGIN` | for development: the shop's scheme and authority |
//! | `TAILORBIRD_KEYS` | a secret: what signs the visitor's cookie, the newest first |
//! | `KEPT_PAGES` | `off` keeps no pages of the origin's in the isolate |
//! | `EXPOSURES` | `log` prints one line of JSON per changed page to the console |
//!
//! What the platform decides, and no Worker can change:
//!
//! - `fetch` has no trailers: neither the origin's nor a `Server-Timing` of ours at a page's end. The
//!   time that rewriting took is in the head when the page was there at once, else nowhere.
//! - In production the clock stands still while a Worker computes, so times in `Server-Timing` are
//!   those of waiting; under `wrangler dev` they are real.
//! - `Host` follows the URL that is fetched and cannot be set beside it. Cloudflare owns
//!   `Connection` and its kin, so fields that only `Connection` names are not recognised.
//! - An origin that breaks off in mid-page breaks the page off here; but the runtime's HTTP/1.1 server
//!   then ends a chunked body as if it were complete, changed or not.
//! - An origin that sends trailers costs the next request on that connection a 502 under
//!   `wrangler dev`: the runtime takes them for a response.
//! - Several `Cookie` lines arrive joined by a comma. Browsers send one.
//! - WebSockets pass; `CONNECT` is refused before a Worker sees it.
//! - Cloudflare decodes a gzip or br body for a Worker that reads it, and compresses the changed page
//!   anew for the visitor as the zone's settings say.
//! - A path is kept as the URL standard writes it: `/a/../b` has become `/b` before a Worker sees it.

mod body;
mod handler;
mod head;
mod js;
mod known;
mod origin;
mod settings;
mod snapshot;
mod warm_up;

use worker::js_sys::Promise;
use worker::js_sys::futures::future_to_promise;
use worker::wasm_bindgen::{self, prelude::wasm_bindgen};
use worker::{Env, web_sys, worker_sys};

use js::Guard;
use settings::Settings;

/// Answers a request: what the macro `event(fetch)` of the crate `worker` does, and the shop's own answer where the
/// instance traps.
#[wasm_bindgen]
pub fn fetch(request: web_sys::Request, env: Env, context: worker_sys::Context) -> Promise {
    let guard = Guard::new(&request, &env, &context);
    let coming = {
        let guard = guard.clone();
        future_to_promise(async move {
            let engine = snapshot::engine(&env).await;
            let answer = handler::answer(&engine, &Settings::of(&env), request, &guard).await;
            answer.map(Into::into)
        })
    };
    guard.answer(&coming)
}
