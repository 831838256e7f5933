//! A page that the worker has, on its way out.

use tailorbird::Known;
use tailorbird::engine::NOT_OF_THE_PAGE;
use tailorbird::rewrite::Assembled;
use worker::js_sys::futures::future_to_promise;
use worker::wasm_bindgen::JsValue;
use worker::web_sys::{Headers, Response};

use crate::body::{send, settle};
use crate::head::Edits;
use crate::js::{FixedLengthStream, Guard, IdentityTransformStream, Writer, heads};

/// A page up to this length leaves in one piece; a longer one in pieces of it, one at a time, so that slow
/// visitors do not fill the isolate with pages.
const PIECE_BYTES: usize = 1024 * 1024;

/// The visitor's page; `newer` is the head by which the origin said that it is still the page.
pub(crate) fn answer(
    mut known: Known,
    newer: Option<&Headers>,
    timing: Option<&str>,
    guard: &Guard,
) -> Result<Response, JsValue> {
    let mut edits = Edits::default();
    for name in NOT_OF_THE_PAGE {
        edits.remove(name);
    }
    // What the newer head names is the page's now.
    for (name, value) in known.lines_beside(|_| false) {
        edits.append_missing(name, value);
    }
    edits.engines(&known.edits);
    if let Some(timing) = timing {
        edits.append("server-timing", timing);
    }
    let length = known.body.len();
    if length <= PIECE_BYTES {
        let mut page = Vec::with_capacity(length);
        known.body.read(&mut page, length);
        return heads::bytes_anew(200, newer, &page, edits.as_str());
    }
    let pipe: IdentityTransformStream = FixedLengthStream::new(length as f64).into();
    let writer = pipe.writable().get_writer();
    let pumping = {
        let writer = writer.clone();
        future_to_promise(async move {
            pump(known.body, writer).await;
            Ok(JsValue::UNDEFINED)
        })
    };
    guard.pump(&pumping, None, &writer);
    heads::anew(200, newer, &pipe.readable(), edits.as_str())
}

async fn pump(mut body: Assembled, writer: Writer) {
    let mut piece = Vec::with_capacity(PIECE_BYTES);
    loop {
        piece.clear();
        body.read(&mut piece, PIECE_BYTES);
        if piece.is_empty() {
            return settle(writer.close()).await;
        }
        // A visitor who is gone needs no more of it.
        if send(&writer, &piece).await.is_err() {
            return;
        }
    }
}
