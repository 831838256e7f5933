//! Tailorbird's engine: it personalises a shop's pages while they stream through a CDN's edge.
//!
//! The engine does no I/O, reads no clock and draws no random numbers. A host (Cloudflare Workers,
//! Spin, the native proxy) owns the sockets and drives it:
//!
//! ```text
//! Engine::open(snapshot bytes)            once per isolate or instance
//! engine.visit(&RequestHead, &Ambient)    -> Decision::Forward(Visit) | Decision::Respond(LocalResponse)
//!                                            | Decision::Read(pending): pending.respond(body) -> LocalResponse
//! visit.decide_ahead()                    while the origin is asked: what origin_head would do else
//! visit.origin_head(&ResponseHead)        -> Outcome::PassThrough(reason) | Outcome::Rewrite(edits, Rewriter)
//!                                            | Outcome::Hold(held): held.push(chunk) until true, held.decide()
//! rewriter.push(chunk, &mut out)          for each chunk of the origin's body
//! rewriter.finish(&mut out)               -> Exposures
//! ```
//!
//! The same inputs give the same bytes on every host.

#![forbid(unsafe_code)]

pub mod condition;
pub mod engine;
pub mod http;
pub mod keys;
pub mod page;
pub mod plan;
pub mod recommend;
pub mod rewrite;
pub mod site;
pub mod snapshot;
mod sort;
pub mod visitor;

pub use engine::{Ambient, Decision, Engine, Held, Known, LocalResponse, Outcome, Visit};
pub use http::{HeadEdits, PassReason, RequestHead, ResponseHead};
pub use keys::Keys;
pub use rewrite::{BrokenBody, Exposures, Rewriter};
