//! Tailorbird as a Cloudflare Worker.
//!
//! The engine lives as long as its isolate and is opened by the isolate's first request, from the
//! static assets behind the binding `SNAPSHOTS`. A page that passes through is answered with the
//! origin's own `Response`, so none of its bytes enters the isolate.
//!
//! | setting | what |
//! |---|---|
//! | route | the shop: without `ORIGIN` each request goes on to its own URL |
//! | `ORIGIN` | for development: the shop's scheme and authority |
//! | `TAILORBIRD_KEYS` | a secret: what signs the visitor's cookie, the newest first |
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
mod charsets;
mod handler;
mod head;
mod js;
mod origin;
mod settings;
mod snapshot;

use worker::{Context, Env, event, web_sys};

#[event(fetch)]
async fn fetch(
    request: web_sys::Request,
    env: Env,
    context: Context,
) -> worker::Result<web_sys::Response> {
    // A panic in the isolate, too, must leave the visitor with the shop's own page.
    context.pass_through_on_exception();
    handler::answer(request, &env, &context).await
}
