//! A page that the worker has, on its way out.

use tailorbird::Known;
use tailorbird::engine::NOT_OF_THE_PAGE;
use tailorbird::rewrite::Assembled;
use worker::js_sys::futures::future_to_promise;
use worker::wasm_bindgen::{JsCast, JsValue};
use worker::web_sys::{Headers, Response, ResponseInit};

use crate::body::{send, settle};
use crate::head;
use crate::js::{Answer, FixedLengthStream, Guard, IdentityTransformStream, Writer};

/// A page up to this length leaves in one piece; a longer one in pieces of it, one at a time, so that slow
/// visitors do not fill the isolate with pages.
const PIECE_BYTES: usize = 256 * 1024;

/// The visitor's page; `newer` is the head by which the origin said that it is still the page.
pub(crate) fn answer(
    mut known: Known,
    newer: Option<&Headers>,
    timing: &str,
    guard: &Guard,
) -> Result<Response, JsValue> {
    let headers = match newer {
        Some(newer) => Headers::new_with_headers(newer)?,
        None => Headers::new()?,
    };
    for name in NOT_OF_THE_PAGE {
        headers.delete(name)?;
    }
    let is_newer = |name: &str| newer.is_some() && headers.has(name).unwrap_or(false);
    let lines: Vec<_> = known.lines_beside(is_newer).collect();
    for (name, value) in lines {
        headers.append(name, &head::to_value(value))?;
    }
    head::edit(&headers, &known.edits);
    headers.append("server-timing", timing)?;
    let init = ResponseInit::new();
    init.set_status(200);
    init.set_headers(&headers);
    // The runtime reads the same properties from a ResponseInit as from a Response.
    let init = init.unchecked_ref();
    let length = known.body.len();
    if length <= PIECE_BYTES {
        let mut page = Vec::with_capacity(length);
        known.body.read(&mut page, length);
        return Ok(Answer::of_bytes(&page, init)?.into());
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
    Ok(Answer::of_stream(Some(&pipe.readable()), init)?.into())
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
