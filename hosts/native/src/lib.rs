//! Tailorbird as a reverse proxy: a [`serve`] that any Tokio program can call.
//!
//! It speaks HTTP/1.1 on both sides and streams both ways. What it does with each message:
//!
//! | part | how |
//! |---|---|
//! | heads | names keep their case, duplicates their order, reason phrases their text; only hop-by-hop fields go |
//! | bodies | frame by frame; the visitor's pace is the origin's pace, and a visitor who leaves ends the origin's stream |
//! | trailers | passed on to whoever said `TE: trailers` and when the sender announced them with `Trailer` |
//! | `Upgrade` | WebSockets and the like are tunnelled once the origin has answered 101 |
//! | `CONNECT` | answered with 501: this is a gateway to one shop, not a forward proxy |
//! | redirects | passed on, never followed |
//! | `1xx` of the origin | swallowed; hyper's client does not report them |
//! | `Via` | not added: web servers commonly stop compressing for requests that carry it |
//!
//! The snapshot directory is looked at again every [`Options::reload`]. A request keeps the engine
//! that it began with.

mod body;
mod exposures;
mod head;
mod known;
mod origin;
mod proxy;
mod server;
mod snapshot;
mod upgrade;

pub use hyper::Uri;
pub use server::{Options, ServeError, bind, serve};
