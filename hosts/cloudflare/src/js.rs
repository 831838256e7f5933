//! What the runtime offers and `web_sys` does not, or only with a copy.
//!
//! A `&[u8]` argument arrives in JavaScript as a view of WASM memory, made right before the call.
//! Each function here that takes one copies it before it returns.

use worker::js_sys::{Error, Promise, Uint8Array};
use worker::wasm_bindgen::{self, JsCast, JsValue, prelude::wasm_bindgen};
use worker::web_sys::{ReadableStream, Request};
use worker::{Env, worker_sys};

#[wasm_bindgen(module = "/src/guard.js")]
extern "C" {
    /// What a request has outside of WASM, for the case that the instance traps.
    #[derive(Clone)]
    pub(crate) type Guard;

    #[wasm_bindgen(constructor)]
    pub(crate) fn new(request: &Request, env: &Env, context: &worker_sys::Context) -> Guard;

    /// Asks the shop, at `url` or where the visitor asks, with edits of the request's head.
    #[wasm_bindgen(method, catch)]
    pub(crate) fn ask(this: &Guard, url: Option<&str>, edits: &str) -> Result<Promise, JsValue>;

    /// Lets the runtime do what it has to do before what we do next.
    #[wasm_bindgen(method)]
    pub(crate) fn breathe(this: &Guard) -> Promise;

    /// The answer that is coming; if the instance traps before, the shop's own.
    #[wasm_bindgen(method)]
    pub(crate) fn answer(this: &Guard, coming: &Promise) -> Promise;

    /// Keeps the request alive until a page has been moved; one that is kept has no reader.
    #[wasm_bindgen(method)]
    pub(crate) fn pump(
        this: &Guard,
        pumping: &Promise,
        reader: Option<&ByteReader>,
        writer: &Writer,
    );

    /// Moves the rest of a body inside the runtime. The promise never fails.
    #[wasm_bindgen(method, catch)]
    pub(crate) fn rest(
        this: &Guard,
        body: &ReadableStream,
        reader: &ByteReader,
        writable: &Writable,
        writer: &Writer,
    ) -> Result<Promise, JsValue>;
}

#[wasm_bindgen(module = "/src/body.js")]
extern "C" {
    #[wasm_bindgen(catch, js_name = readerOf)]
    pub(crate) fn reader_of(body: &ReadableStream) -> Result<ByteReader, JsValue>;

    /// Gives a buffer's memory back.
    pub(crate) fn release(bytes: &Uint8Array);
}

/// A visitor and a shop that are made up.
pub(crate) mod rehearsal {
    use worker::wasm_bindgen::{self, prelude::wasm_bindgen};
    use worker::web_sys::Request;

    use super::{Assets, Guard};

    #[wasm_bindgen(module = "/src/rehearsal.js")]
    extern "C" {
        /// A visitor's request.
        pub(crate) fn request(url: &str, cookies: &str) -> Request;

        /// The part outside of WASM of a request that the shop answers like this; lines as in `heads.js`.
        pub(crate) fn guard(request: &Request, status: u16, head: &str, page: &str) -> Guard;

        /// Assets that are all the same file.
        pub(crate) fn assets(file: &[u8]) -> Assets;
    }
}

/// Heads, and the responses that they are of.
pub(crate) mod heads {
    use worker::js_sys::Array;
    use worker::wasm_bindgen::{self, JsValue, prelude::wasm_bindgen};
    use worker::web_sys::{Headers, ReadableStream, Request, Response};

    #[wasm_bindgen(module = "/src/heads.js")]
    extern "C" {
        #[wasm_bindgen(js_name = requestLine)]
        pub(crate) fn request_line(request: &Request, asks_place: bool) -> String;

        pub(crate) fn values(headers: &Headers, names: &Array) -> String;

        pub(crate) fn all(headers: &Headers) -> String;

        #[wasm_bindgen(catch)]
        pub(crate) fn under(
            response: &Response,
            body: Option<&ReadableStream>,
            edits: &str,
        ) -> Result<Response, JsValue>;

        #[wasm_bindgen(catch, js_name = under)]
        pub(crate) fn bytes_under(
            response: &Response,
            body: &[u8],
            edits: &str,
        ) -> Result<Response, JsValue>;

        #[wasm_bindgen(catch)]
        pub(crate) fn anew(
            status: u16,
            headers: Option<&Headers>,
            body: &ReadableStream,
            edits: &str,
        ) -> Result<Response, JsValue>;

        #[wasm_bindgen(catch, js_name = anew)]
        pub(crate) fn bytes_anew(
            status: u16,
            headers: Option<&Headers>,
            body: &[u8],
            edits: &str,
        ) -> Result<Response, JsValue>;
    }
}

#[wasm_bindgen]
extern "C" {
    /// A pipe that moves bytes inside the runtime: no queue, and no JavaScript for each chunk.
    pub(crate) type IdentityTransformStream;

    #[wasm_bindgen(constructor)]
    pub(crate) fn new() -> IdentityTransformStream;

    #[wasm_bindgen(method, getter)]
    pub(crate) fn readable(this: &IdentityTransformStream) -> ReadableStream;

    #[wasm_bindgen(method, getter)]
    pub(crate) fn writable(this: &IdentityTransformStream) -> Writable;

    /// The same for a body whose length its head tells.
    #[wasm_bindgen(extends = IdentityTransformStream)]
    pub(crate) type FixedLengthStream;

    #[wasm_bindgen(constructor)]
    pub(crate) fn new(length: f64) -> FixedLengthStream;

    /// The writing end of an [`IdentityTransformStream`].
    pub(crate) type Writable;

    #[wasm_bindgen(method, js_name = getWriter)]
    pub(crate) fn get_writer(this: &Writable) -> Writer;

    /// The writer of a [`Writable`].
    #[derive(Clone)]
    pub(crate) type Writer;

    #[wasm_bindgen(method, catch)]
    pub(crate) fn write(this: &Writer, bytes: &[u8]) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch)]
    pub(crate) fn close(this: &Writer) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch)]
    pub(crate) fn abort(this: &Writer, reason: &JsValue) -> Result<Promise, JsValue>;

    /// A body's reader that reads into buffers of its own.
    #[derive(Clone)]
    pub(crate) type ByteReader;

    #[wasm_bindgen(method, catch)]
    pub(crate) fn read(this: &ByteReader, buffer: &Uint8Array) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch)]
    pub(crate) fn cancel(this: &ByteReader, reason: &JsValue) -> Result<Promise, JsValue>;

    /// What a read gives.
    pub(crate) type ReadResult;

    #[wasm_bindgen(method, getter)]
    pub(crate) fn done(this: &ReadResult) -> bool;

    #[wasm_bindgen(method, getter)]
    pub(crate) fn value(this: &ReadResult) -> Option<Uint8Array>;

    /// The binding of static assets.
    pub(crate) type Assets;

    #[wasm_bindgen(method, catch, js_name = fetch)]
    pub(crate) fn get(this: &Assets, url: &str) -> Result<Promise, JsValue>;

    /// Milliseconds since some moment; stands still in production while the Worker computes.
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    pub(crate) fn milliseconds() -> f64;
}

/// What an exception says, without its stack.
pub(crate) fn message(error: &JsValue) -> String {
    match error.dyn_ref::<Error>() {
        Some(error) => error.message().into(),
        // Only the platform throws here: errors, or the texts that we gave it.
        None => error
            .as_string()
            .unwrap_or_else(|| "no error, but a value".to_owned()),
    }
}
