//! One request: asked of the engine, sent to the shop, and answered.

use std::time::{Duration, Instant, SystemTime};

use spin_sdk::wasip3::http::types::{ErrorCode, Method, Request, Response, Scheme};
use spin_sdk::wasip3::wit_bindgen::{StreamReader, StreamResult};
use spin_sdk::wasip3::{wit_bindgen, wit_future, wit_stream};
use tailorbird::engine::{MAX_FORM_BYTES, Pending};
use tailorbird::http::RESPONSE_HEADERS;
use tailorbird::{
    Ambient, Decision, Engine, HeadEdits, Known, LocalResponse, Outcome, RequestHead, ResponseHead,
    Rewriter,
};

use crate::body::{End, Origin, Relay, send_pieces, server_timing, tell};
use crate::head::Head;
use crate::known;
use crate::origin;
use crate::settings::SETTINGS;
use crate::snapshot::ENGINE;

/// How much of a form is taken in that is refused, in all and at once, in bytes.
const MAX_DRAINED_BYTES: usize = 2 << 20;
const DRAINED_AT_ONCE: usize = 64 << 10;

/// Answers one request.
///
/// # Errors
///
/// Only when the host refuses a head that we made.
pub(crate) async fn answer(request: Request) -> Result<Response, ErrorCode> {
    if matches!(request.get_method(), Method::Connect) {
        return text(501, "This is a gateway to one shop: CONNECT is not served.");
    }
    let head = Head::of(&request.get_headers());
    let engine = &*ENGINE;
    let request_head = request_head(engine, &request, &head);
    let started = Instant::now();
    let mut visit = match engine.visit(&request_head, &ambient()) {
        Decision::Respond(local) => {
            let (received, receipt) = wit_future::new(|| Ok(()));
            drop(received);
            let (mut stream, _) = Request::consume_body(request, receipt);
            drain(&mut stream).await;
            return local_answer(local);
        }
        Decision::Known(page) => {
            return known_answer(*page, Head::default(), started.elapsed());
        }
        Decision::Read(pending) => return answer_form(&pending, request).await,
        Decision::Forward(visit) => visit,
    };
    let deciding = started.elapsed();
    let takes_trailers = head.has_token("te", "trailers");

    let shop = match &SETTINGS.origin {
        Ok(shop) => shop,
        Err(error) => return unreachable_shop(error),
    };
    let sent = origin::send(shop, request, head, &mut visit).await;
    let (response, meanwhile) = match sent {
        Ok(sent) => sent,
        Err(error) => return unreachable_shop(&error),
    };

    let head = Head::of(&response.get_headers());
    let started = Instant::now();
    let outcome = visit.origin_head(&ResponseHead {
        status: response.get_status_code(),
        headers: head.lines(RESPONSE_HEADERS),
        body_is_decoded: false,
    });
    let decided = deciding + meanwhile + started.elapsed();
    let status = response.get_status_code();
    let way = Way {
        status,
        head,
        decided,
        takes_trailers,
    };
    match outcome {
        Outcome::PassThrough(_) => Ok(response),
        Outcome::Known(page) => known_answer(*page, way.head, decided),
        Outcome::PassBody { edits, .. } => pass_body(response, way.head, &edits),
        Outcome::Hold(held) => {
            let (outcome, origin) = body_of(response).hold(held).await;
            match outcome {
                Outcome::Rewrite { edits, rewriter } => way.rewrite(origin, &edits, rewriter),
                Outcome::PassBody { edits, .. } => way.pass(origin, Some(&edits)),
                _ => way.pass(origin, None),
            }
        }
        Outcome::Rewrite { edits, .. } if request_head.method == "HEAD" => {
            respond(status, way.edited(&edits), Vec::new())
        }
        Outcome::Rewrite { edits, rewriter } => way.rewrite(body_of(response), &edits, rewriter),
    }
}

/// The origin's response with another head. The body and its trailers go from the host to the host.
fn pass_body(response: Response, mut head: Head, edits: &HeadEdits) -> Result<Response, ErrorCode> {
    let status = response.get_status_code();
    head.strip_hop_by_hop();
    head.edit(edits);
    let (received, receipt) = wit_future::new(|| Ok(()));
    drop(received);
    let (body, end) = Response::consume_body(response, receipt);
    let (answer, sent) = Response::new(head.into_fields()?, Some(body), end);
    drop(sent);
    set_status(&answer, status)?;
    Ok(answer)
}

fn body_of(response: Response) -> Origin {
    let (received, receipt) = wit_future::new(|| Ok(()));
    drop(received);
    let (stream, end) = Response::consume_body(response, receipt);
    Origin::new(stream, end)
}

/// The way of a page that does not pass by itself.
struct Way {
    status: u16,
    head: Head,
    decided: Duration,
    takes_trailers: bool,
}

impl Way {
    fn edited(mut self, edits: &HeadEdits) -> Head {
        self.head.strip_hop_by_hop();
        self.head.edit(edits);
        let timing = server_timing(self.decided, None);
        self.head.append("server-timing", timing.as_bytes());
        self.head
    }

    fn rewrite(
        self,
        origin: Origin,
        edits: &HeadEdits,
        mut rewriter: Rewriter,
    ) -> Result<Response, ErrorCode> {
        if rewriter.wants_head() {
            rewriter.keep_head(self.head.all_lines());
        }
        let timing = self.takes_trailers.then_some(self.decided);
        let status = self.status;
        let mut head = self.edited(edits);
        if timing.is_some() {
            // HTTP/1.1 sends only those trailers that the head announces.
            head.append("trailer", b"Server-Timing");
        }
        relay(
            status,
            head,
            origin,
            rewriter,
            timing,
            SETTINGS.log_exposures,
        )
    }

    /// The origin's response, of which the beginning was held back for nothing.
    fn pass(mut self, origin: Origin, edits: Option<&HeadEdits>) -> Result<Response, ErrorCode> {
        self.head.strip_hop_by_hop();
        if let Some(edits) = edits {
            self.head.edit(edits);
        }
        relay(
            self.status,
            self.head,
            origin,
            Rewriter::through(),
            None,
            false,
        )
    }
}

fn relay(
    status: u16,
    head: Head,
    origin: Origin,
    rewriter: Rewriter,
    timing: Option<Duration>,
    log: bool,
) -> Result<Response, ErrorCode> {
    let (visitor, body) = wit_stream::new();
    let (visitor_end, end) = wit_future::new(dropped);
    let relay = Relay {
        origin,
        visitor,
        visitor_end,
        timing,
        log,
    };
    let (answer, sent) = Response::new(head.into_fields()?, Some(body), end);
    drop(sent);
    set_status(&answer, status)?;
    wit_bindgen::spawn(relay.run(rewriter));
    Ok(answer)
}

/// How a body ends whose writer vanished: not cleanly.
fn dropped() -> End {
    Err(ErrorCode::InternalError(Some(
        "the page's writer was dropped".to_owned(),
    )))
}

/// Reads a form and has the engine answer it.
async fn answer_form(pending: &Pending, request: Request) -> Result<Response, ErrorCode> {
    let (received, receipt) = wit_future::new(|| Ok(()));
    drop(received);
    let (mut stream, end) = Request::consume_body(request, receipt);
    let mut form = Vec::with_capacity(MAX_FORM_BYTES);
    while form.len() <= MAX_FORM_BYTES {
        form.reserve(MAX_FORM_BYTES);
        let (read, filled) = stream.read(form).await;
        form = filled;
        if !matches!(read, StreamResult::Complete(_)) {
            if end.await.is_err() {
                return text(400, "The form broke off.");
            }
            return local_answer(pending.respond(&form));
        }
    }
    drain(&mut stream).await;
    local_answer(pending.respond(&form))
}

/// Takes in what follows of a body that is refused: while its client still writes, an answer might not be read.
async fn drain(stream: &mut StreamReader<u8>) {
    let (mut left, mut piece) = (MAX_DRAINED_BYTES, Vec::with_capacity(DRAINED_AT_ONCE));
    while left > 0 {
        piece.clear();
        let (read, filled) = stream.read(piece).await;
        piece = filled;
        left = left.saturating_sub(piece.len());
        if !matches!(read, StreamResult::Complete(_)) {
            return;
        }
    }
}

fn request_head(engine: &Engine, request: &Request, head: &Head) -> RequestHead {
    let forwarded = head.first("x-forwarded-proto");
    let target = request.get_path_with_query();
    let target = target.unwrap_or_else(|| "/".to_owned());
    let mut headers = head.lines(engine.request_headers(&target));
    // The host that was asked comes as the authority, not as a header.
    headers.extend(request.get_authority().map(|host| ("host", host)));
    RequestHead {
        method: method_name(request.get_method()),
        secure: matches!(request.get_scheme(), Some(Scheme::Https))
            || forwarded.is_some_and(|proto| proto == b"https"),
        target,
        headers,
    }
}

fn method_name(method: Method) -> String {
    let name = match method {
        Method::Get => "GET",
        Method::Head => "HEAD",
        Method::Post => "POST",
        Method::Put => "PUT",
        Method::Delete => "DELETE",
        Method::Connect => "CONNECT",
        Method::Options => "OPTIONS",
        Method::Trace => "TRACE",
        Method::Patch => "PATCH",
        Method::Other(name) => return name,
    };
    name.to_owned()
}

fn ambient() -> Ambient {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    Ambient {
        now: now.map_or(0, |now| i64::try_from(now.as_secs()).unwrap_or(i64::MAX)),
        // Without a source of randomness visitors share an id, which is still better than no page.
        random: getrandom::u64().unwrap_or_default(),
        country: None,
        region: None,
    }
}

/// Answers with a page that the worker has.
fn known_answer(page: Known, newer: Head, decided: Duration) -> Result<Response, ErrorCode> {
    let is_changed = page.exposures.is_some();
    if let Some(shown) = page.exposures.as_ref().filter(|_| SETTINGS.log_exposures) {
        tell(shown);
    }
    let (mut head, page) = known::parts(page, newer);
    if is_changed {
        head.append("server-timing", server_timing(decided, None).as_bytes());
    }
    let (mut visitor, body) = wit_stream::new();
    let answer = response(200, head, Some(body))?;
    wit_bindgen::spawn(async move { send_pieces(&mut visitor, page).await });
    Ok(answer)
}

fn local_answer(local: LocalResponse) -> Result<Response, ErrorCode> {
    let head = local.headers.into_iter().collect();
    respond(local.status, head, local.body)
}

fn unreachable_shop(error: &dyn std::fmt::Display) -> Result<Response, ErrorCode> {
    eprintln!("tailorbird: the origin gave no answer: {error}");
    text(502, "The shop could not be reached.")
}

fn text(status: u16, text: &str) -> Result<Response, ErrorCode> {
    local_answer(LocalResponse {
        status,
        headers: vec![
            ("content-type", "text/plain; charset=utf-8".to_owned()),
            ("cache-control", "no-store".to_owned()),
        ],
        body: text.as_bytes().to_vec(),
    })
}

/// A response whose body, if any, is all there.
fn respond(status: u16, head: Head, body: Vec<u8>) -> Result<Response, ErrorCode> {
    if body.is_empty() {
        return response(status, head, None);
    }
    let (mut visitor, reader) = wit_stream::new();
    let answer = response(status, head, Some(reader))?;
    wit_bindgen::spawn(async move {
        // What is left over belongs to a visitor who is gone.
        let _ = visitor.write_all(body).await;
    });
    Ok(answer)
}

/// A response without trailers.
fn response(
    status: u16,
    head: Head,
    body: Option<StreamReader<u8>>,
) -> Result<Response, ErrorCode> {
    let (ended, end) = wit_future::new(|| Ok(None));
    drop(ended);
    let (answer, sent) = Response::new(head.into_fields()?, body, end);
    drop(sent);
    set_status(&answer, status)?;
    Ok(answer)
}

fn set_status(answer: &Response, status: u16) -> Result<(), ErrorCode> {
    answer
        .set_status_code(status)
        .map_err(|()| ErrorCode::InternalError(Some(format!("status {status} refused"))))
}
