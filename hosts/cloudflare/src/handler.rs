//! One request: asked of the engine, sent to the shop, and answered.

use tailorbird::engine::{MAX_FORM_BYTES, Pending};
use tailorbird::http::{RESPONSE_HEADERS, server_timing};
use tailorbird::{
    Ambient, Decision, Engine, HeadEdits, Held, Known, LocalResponse, Outcome, RequestHead,
    ResponseHead, Rewriter,
};
use worker::js_sys::{Date, Error, Reflect};
use worker::wasm_bindgen::{JsCast, JsValue};
use worker::web_sys::{Headers, ReadableStream, Request, Response, ResponseInit};
use worker::{Env, console_error};

use crate::body::{Page, PageError, Progress, log};
use crate::js::{Answer, FixedLengthStream, Guard, IdentityTransformStream, milliseconds};
use crate::settings::Settings;
use crate::{head, known, origin, snapshot};

/// Answers one request.
///
/// # Errors
///
/// Only when the runtime refuses a response that we made.
pub(crate) async fn answer(
    request: Request,
    env: &Env,
    guard: &Guard,
) -> Result<Response, JsValue> {
    let engine = snapshot::engine(env).await;
    let settings = Settings::of(env);
    let request_head = request_head(&engine, &request);
    let started = milliseconds();
    let visit = match engine.visit(&request_head, &ambient(&request)) {
        Decision::Respond(local) => return local_answer(local),
        Decision::Known(page) => {
            let way = Way {
                decided: milliseconds() - started,
                log: settings.log_exposures,
            };
            return way.known(*page, None, guard);
        }
        Decision::Read(pending) => return answer_form(&pending, &request).await,
        Decision::Forward(visit) => visit,
    };
    let deciding = milliseconds() - started;

    let sent = origin::send(&request, &request_head.target, &settings, &visit, guard);
    let response = match sent.await {
        Ok(response) => response,
        Err(error) => {
            console_error!("tailorbird: the origin gave no answer: {}", message(&error));
            return text(502, "The shop could not be reached.");
        }
    };

    let started = milliseconds();
    let outcome = visit.origin_head(&response_head(&response));
    let decided = deciding + milliseconds() - started;
    let way = Way {
        decided,
        log: settings.log_exposures,
    };
    match outcome {
        Outcome::PassThrough(_) => Ok(response),
        Outcome::Known(page) => way.known(*page, Some(&response), guard),
        Outcome::PassBody { edits, .. } => {
            // The runtime hands the stream on by itself; no byte of it enters the isolate.
            let answer: Response = Answer::of_stream(response.body().as_ref(), &response)?.into();
            head::edit(&answer.headers(), &edits);
            Ok(answer)
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
}

impl Way {
    /// Answers with a page that the worker has.
    fn known(
        self,
        page: Known,
        newer: Option<&Response>,
        guard: &Guard,
    ) -> Result<Response, JsValue> {
        if self.log {
            log(&page.exposures);
        }
        let newer = newer.map(Response::headers);
        let timing = server_timing(self.decided, None);
        known::answer(page, newer.as_ref(), &timing, guard)
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
            let answer = Answer::of_stream(None, response)?;
            return self.head(answer, Some(&edits), None);
        };
        let length = length(&response.headers());
        let mut page = Page::new(body, length)?;
        keep_head(&mut rewriter, response);
        page.change(rewriter, self.log);
        let first = page.step(length).await;
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
            return match held.decide() {
                (Outcome::Rewrite { edits, .. } | Outcome::PassBody { edits, .. }, _) => {
                    self.head(Answer::of_stream(None, response)?, Some(&edits), None)
                }
                _ => Ok(Answer::of_stream(None, response)?.into()),
            };
        };
        let told = length(&response.headers());
        let mut page = Page::new(body, told)?;
        let came = page.hold(&mut held, told).await;
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
            Outcome::PassBody { edits, .. } => (Some(edits), length(&response.headers())),
            _ => (None, length(&response.headers())),
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
            return self.head(Answer::of_bytes(&bytes, response)?, edits, Some(spent));
        }
        let pipe = match length {
            Some(length) => FixedLengthStream::new(length as f64).into(),
            None => IdentityTransformStream::new(),
        };
        page.pump(pipe.writable(), first, guard);
        self.head(
            Answer::of_stream(Some(&pipe.readable()), response)?,
            edits,
            None,
        )
    }

    /// Edits the head of a page that is changed.
    fn head(
        &self,
        answer: Answer,
        edits: Option<&HeadEdits>,
        rewritten: Option<f64>,
    ) -> Result<Response, JsValue> {
        let answer: Response = answer.into();
        if let Some(edits) = edits {
            head::edit(&answer.headers(), edits);
            let timing = server_timing(self.decided, rewritten);
            answer.headers().append("server-timing", &timing)?;
        }
        Ok(answer)
    }
}

/// Tells the head of a page that may be kept.
fn keep_head(rewriter: &mut Rewriter, response: &Response) {
    if rewriter.wants_head()
        && let Some(lines) = head::all_lines(&response.headers())
    {
        rewriter.keep_head(lines);
    }
}

/// The length of the body that the Worker reads, if the head tells it: an encoded one's tells the
/// length before decoding.
fn length(headers: &Headers) -> Option<u64> {
    if headers.has("content-encoding").unwrap_or(true) {
        return None;
    }
    headers.get("content-length").ok().flatten()?.parse().ok()
}

/// Reads a form and has the engine answer it.
async fn answer_form(pending: &Pending, request: &Request) -> Result<Response, JsValue> {
    let mut form = Vec::new();
    if let Some(body) = request.body() {
        let mut page = Page::new(body, length(&request.headers()))?;
        if page.collect(&mut form, MAX_FORM_BYTES).await.is_err() {
            return text(400, "The form broke off.");
        }
    }
    local_answer(pending.respond(&form))
}

fn request_head(engine: &Engine, request: &Request) -> RequestHead {
    let url = request.url();
    let target = target(&url);
    RequestHead {
        method: request.method(),
        secure: is_secure(request),
        target: target.to_owned(),
        headers: head::lines(&request.headers(), engine.request_headers(target)),
    }
}

/// Whether the visitor came by HTTPS.
pub(crate) fn is_secure(request: &Request) -> bool {
    request.url().starts_with("https:")
}

/// Path and query of an absolute URL.
fn target(url: &str) -> &str {
    let after_scheme = url.find("://").map_or(0, |at| at + 3);
    let rest = url.get(after_scheme..).unwrap_or_default();
    let path = rest.find('/').and_then(|at| rest.get(at..));
    path.unwrap_or("/")
}

fn response_head(response: &Response) -> ResponseHead {
    let headers = response.headers();
    let encoding = headers.get("content-encoding").ok().flatten();
    ResponseHead {
        status: response.status(),
        headers: head::lines(&headers, RESPONSE_HEADERS),
        body_is_decoded: encoding.is_some_and(|encoding| {
            ["gzip", "br"]
                .iter()
                .any(|known| encoding.trim().eq_ignore_ascii_case(known))
        }),
    }
}

fn ambient(request: &Request) -> Ambient {
    let cf = Reflect::get(request, &"cf".into());
    let told = |name: &str| {
        let value = Reflect::get(cf.as_ref().ok()?, &name.into());
        value.ok()?.as_string()
    };
    let (country, region) = (told("country"), told("regionCode"));
    Ambient {
        // Whole seconds of a date are far below 2^53, where f64 is exact.
        now: (Date::now() / 1000.0) as i64,
        // Without a source of randomness visitors share an id, which is still better than no page.
        random: getrandom::u64().unwrap_or_default(),
        country,
        region,
    }
}

fn local_answer(local: LocalResponse) -> Result<Response, JsValue> {
    let headers = Headers::new()?;
    for (name, value) in &local.headers {
        headers.append(name, &head::to_value(value))?;
    }
    let init = ResponseInit::new();
    init.set_status(local.status);
    init.set_headers(&headers);
    // The runtime reads the same properties from a ResponseInit as from a Response.
    Ok(Answer::of_bytes(&local.body, init.unchecked_ref())?.into())
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

/// What an exception says, without its stack.
pub(crate) fn message(error: &JsValue) -> String {
    match error.dyn_ref::<Error>() {
        Some(error) => error.message().into(),
        None => error.as_string().unwrap_or_else(|| format!("{error:?}")),
    }
}
