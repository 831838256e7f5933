//! HTTP as the engine sees it: heads, cookies, which responses may be touched, and what a changed
//! response's head must say.

pub(crate) mod cache;
pub mod head;
mod policy;

pub use head::{
    HeadEdits, REQUEST_HEADERS, RESPONSE_HEADERS, RequestHead, ResponseHead, isomorphic_decode,
    isomorphic_encode,
};
pub(crate) use head::{RequestHeaders, USUAL};
pub(crate) use policy::{
    BodyForm, BodyKind, Coding, OWN_PREFIX, body_form, changed_head, is_page, page_request,
    private_head,
};
pub use policy::{PassReason, server_timing};
