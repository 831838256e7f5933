//! One request: asked of the engine, sent to the shop, and answered.

use tailorbird::engine::{MAX_FORM_BYTES, Pending};
use tailorbird::http::{RESPONSE_HEADERS, server_timing};
use tailorbird::{
    Ambient, Decision, Engine, HeadEdits, Held, Known, LocalResponse, Outcome, RequestHead,
    ResponseHead, Rewriter,
};
use worker::console_error;
use worker::js_sys::Date;
use worker::wasm_bindgen::JsValue;
use worker::web_sys::{ReadableStream, Request, Response};

use crate::body::{Page, PageError, Progress, log};
use crate::head::Edits;
use crate::js::{FixedLengthStream, Guard, IdentityTransformStream, heads, message, milliseconds};
use crate::settings::Settings;
use crate::{head, known, origin};

/// How much of a form is taken in that is refused, in bytes.
const MAX_DRAINED_BYTES: u64 = 2 << 20;

/// The headers of a response that are read here or by the engine.
static ANSWER_HEADERS: [&str; RESPONSE_HEADERS.len() + 1] = {
    let mut all = ["content-length"; RESPONSE_HEADERS.len() + 1];
    let mut at = 0;
    while at < RESPONSE_HEADERS.len() {
        all[at] = RESPONSE_HEADERS[at];
        at += 1;
    }
    all
};

/// Answers one request.
///
/// # Errors
///
/// Only when the runtime refuses a response that we made.
pub(crate) async fn answer(
    engine: &Engine,
    settings: &Settings,
    request: Request,
    guard: &Guard,
) -> Result<Response, JsValue> {
    let (url, request_head, ambient) = told(engine, &request);
    let started = milliseconds();
    let mut visit = match engine.visit(&request_head, &ambient) {
        Decision::Respond(local) => {
            if let Some(Ok(mut form)) = request.body().map(|body| Page::new(body, None)) {
                form.drain(MAX_DRAINED_BYTES).await;
            }
            return local_answer(local);
        }
        Decision::Known(page) => {
            let way = Way {
                decided: milliseconds() - started,
                log: settings.log_exposures,
                length: None,
            };
            return way.known(*page, None, guard);
        }
        Decision::Read(pending) => return answer_form(&pending, &request).await,
        Decision::Forward(visit) => visit,
    };
    let deciding = milliseconds() - started;

    let asked = (url.as_str(), request_head.target.as_str());
    let sent = origin::send(asked, settings, &mut visit, guard).await;
    let (response, meanwhile) = match sent {
        Ok(sent) => sent,
        Err(error) => {
            console_error!("tailorbird: the origin gave no answer: {}", message(&error));
            return text(502, "The shop could not be reached.");
        }
    };

    let started = milliseconds();
    let (response_head, length) = response_head(&response);
    let outcome = visit.origin_head(&response_head);
    let decided = deciding + meanwhile + milliseconds() - started;
    let way = Way {
        decided,
        log: settings.log_exposures,
        length,
    };
    match outcome {
        Outcome::PassThrough(_) => Ok(response),
        Outcome::Known(page) => way.known(*page, Some(&response), guard),
        Outcome::PassBody { edits, .. } => {
            // The runtime hands the stream on by itself; no byte of it enters the isolate.
            let mut all = Edits::default();
            all.engines(&edits);
            heads::under(&response, response.body().as_ref(), all.as_str())
        }
        Outcome::Hold(held) => way.hold(held, &response, guard).await,
        Outcome::Rewrite { edits, rewriter } => {
            let body = response.body().filter(|_| request_head.method != "HEAD");
            way.rewrite(edits, rewriter, body, &response, guard).await
        }
    }
}

/// The way of a page that does not pass by itself.
struct Way {
    /// Milliseconds that the decision took.
    decided: f64,
    log: bool,
    /// How long the origin's body is as the Worker reads it, if its head tells.
    length: Option<u64>,
}

impl Way {
    /// Answers with a page that the worker has.
    fn known(
        self,
        page: Known,
        newer: Option<&Response>,
        guard: &Guard,
    ) -> Result<Response, JsValue> {
        let timing = page.exposures.as_ref().map(|shown| {
            if self.log {
                log(shown);
            }
            server_timing(self.decided, None)
        });
        let newer = newer.map(Response::headers);
        known::answer(page, newer.as_ref(), timing.as_deref(), guard)
    }

    async fn rewrite(
        self,
        edits: HeadEdits,
        mut rewriter: Rewriter,
        body: Option<ReadableStream>,
        response: &Response,
        guard: &Guard,
    ) -> Result<Response, JsValue> {
        let Some(body) = body else {
            return heads::under(response, None, self.edits(Some(&edits), None).as_str());
        };
        let mut page = Page::new(body, self.length)?;
        keep_head(&mut rewriter, response);
        page.change(rewriter, self.log);
        let first = page.step(self.length).await;
        self.send(Some(edits), None, page, first, response, guard)
    }

    /// Holds the page back until it is known what becomes of it.
    async fn hold(
        self,
        mut held: Held,
        response: &Response,
        guard: &Guard,
    ) -> Result<Response, JsValue> {
        let Some(body) = response.body() else {
            let edits = match held.decide() {
                (Outcome::Rewrite { edits, .. } | Outcome::PassBody { edits, .. }, _) => {
                    Some(edits)
                }
                _ => None,
            };
            return heads::under(response, None, self.edits(edits.as_ref(), None).as_str());
        };
        let mut page = Page::new(body, self.length)?;
        let came = page.hold(&mut held, self.length).await;
        let (outcome, first) = match came {
            Ok(_) => held.decide(),
            Err(_) => held.abort(),
        };
        let (edits, length) = match outcome {
            Outcome::Rewrite {
                edits,
                mut rewriter,
            } => {
                keep_head(&mut rewriter, response);
                page.change(rewriter, self.log);
                (Some(edits), None)
            }
            Outcome::PassBody { edits, .. } => (Some(edits), self.length),
            _ => (None, self.length),
        };
        let first = page.put_back(&first).and(came);
        self.send(edits, length, page, first, response, guard)
    }

    /// Sends a page whose first bytes have come; of one that passes, the length is known.
    fn send(
        self,
        edits: Option<HeadEdits>,
        length: Option<u64>,
        page: Page,
        first: Result<Progress, PageError>,
        response: &Response,
        guard: &Guard,
    ) -> Result<Response, JsValue> {
        let edits = edits.as_ref();
        if let Ok(Progress::End) = first {
            let (bytes, spent) = page.finish();
            let edits = self.edits(edits, Some(spent));
            return heads::bytes_under(response, &bytes, edits.as_str());
        }
        let pipe = match length {
            Some(length) => FixedLengthStream::new(length as f64).into(),
            None => IdentityTransformStream::new(),
        };
        page.pump(pipe.writable(), first, guard);
        let edits = self.edits(edits, None);
        heads::under(response, Some(&pipe.readable()), edits.as_str())
    }

    /// The edits of the head of a page that is changed.
    fn edits(&self, edits: Option<&HeadEdits>, rewritten: Option<f64>) -> Edits {
        let mut all = Edits::default();
        if let Some(edits) = edits {
            all.engines(edits);
            all.append("server-timing", &server_timing(self.decided, rewritten));
        }
        all
    }
}

/// Tells the head of a page that may be kept.
fn keep_head(rewriter: &mut Rewriter, response: &Response) {
    if rewriter.wants_head() {
        rewriter.keep_head(head::all_lines(&response.headers()));
    }
}

/// Reads a form and has the engine answer it.
async fn answer_form(pending: &Pending, request: &Request) -> Result<Response, JsValue> {
    let mut form = Vec::new();
    if let Some(body) = request.body() {
        let mut page = Page::new(body, head::body_length(&request.headers()))?;
        if page.collect(&mut form, MAX_FORM_BYTES).await.is_err() {
            return text(400, "The form broke off.");
        }
        if form.len() > MAX_FORM_BYTES {
            page.drain(MAX_DRAINED_BYTES).await;
        }
    }
    local_answer(pending.respond(&form))
}

/// What the request says: its URL, its head as far as the engine reads it, and what the engine takes for given.
fn told(engine: &Engine, request: &Request) -> (String, RequestHead, Ambient) {
    let line = heads::request_line(request, engine.asks_place());
    let mut told = line.split('\n');
    let mut next = || told.next().unwrap_or_default();
    let (method, url) = (next(), next());
    let place = |name: &str| (!name.is_empty()).then(|| name.to_owned());
    let ambient = Ambient {
        // Whole seconds of a date are far below 2^53, where f64 is exact.
        now: (Date::now() / 1000.0) as i64,
        // Without a source of randomness visitors share an id, which is still better than no page.
        random: getrandom::u64().unwrap_or_default(),
        country: place(next()),
        region: place(next()),
    };
    let target = target(url);
    let head = RequestHead {
        method: method.to_owned(),
        // The visitor came by HTTPS.
        secure: url.starts_with("https:"),
        target: target.to_owned(),
        headers: head::lines(&request.headers(), engine.request_headers(target)),
    };
    (url.to_owned(), head, ambient)
}

/// Path and query of an absolute URL.
fn target(url: &str) -> &str {
    let after_scheme = url.find("://").map_or(0, |at| at + 3);
    let rest = url.get(after_scheme..).unwrap_or_default();
    let path = rest.find('/').and_then(|at| rest.get(at..));
    path.unwrap_or("/")
}

/// What the engine reads of a response's head, and how long the body is.
fn response_head(response: &Response) -> (ResponseHead, Option<u64>) {
    let headers = head::lines(&response.headers(), &ANSWER_HEADERS);
    let length = head::length(&headers);
    let coding = head::value(&headers, "content-encoding").map(str::trim);
    let is_decoded = |known: &str| coding.is_some_and(|coding| coding.eq_ignore_ascii_case(known));
    let head = ResponseHead {
        status: response.status(),
        body_is_decoded: is_decoded("gzip") || is_decoded("br"),
        headers,
    };
    (head, length)
}

fn local_answer(local: LocalResponse) -> Result<Response, JsValue> {
    let mut edits = Edits::default();
    for (name, value) in &local.headers {
        edits.append(name, value);
    }
    heads::bytes_anew(local.status, None, &local.body, edits.as_str())
}

fn text(status: u16, text: &str) -> Result<Response, JsValue> {
    local_answer(LocalResponse {
        status,
        headers: vec![
            ("content-type", "text/plain; charset=utf-8".to_owned()),
            ("cache-control", "no-store".to_owned()),
        ],
        body: text.as_bytes().to_vec(),
    })
}
