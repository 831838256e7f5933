//! One request: asked of the engine, sent to the shop, and answered.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Empty, Full};
use hyper::body::{Body, Bytes, Incoming};
use hyper::header::{self, HeaderName, HeaderValue};
use hyper::{HeaderMap, Method, Request, Response, StatusCode, Version};
use tailorbird::engine::{MAX_FORM_BYTES, Pending};
use tailorbird::http::RESPONSE_HEADERS;
use tailorbird::{
    Ambient, Decision, Engine, HeadEdits, Held, Known, LocalResponse, Outcome, RequestHead,
    ResponseHead, Rewriter,
};

use crate::body::{self, BodyError, Relay, Rewriting, server_timing};
use crate::exposures::ExposureLog;
use crate::head;
use crate::known;
use crate::origin::Origin;
use crate::snapshot::Snapshots;
use crate::upgrade;

/// A page whose length is known and no greater than this may leave in one piece.
const WHOLE_BODY_MAX: u64 = 256 * 1024;
/// How long such a page may take to be there. Longer, and it streams: this is all that a first
/// byte can lose.
const WHOLE_BODY_WAIT: Duration = Duration::from_millis(1);

/// How much of a form is taken in that is longer than a form may be, in bytes.
const MAX_DRAINED_BYTES: usize = 2 << 20;
/// How long that may take.
const MAX_DRAINING: Duration = Duration::from_secs(2);

const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");

/// What a visitor gets.
pub(crate) type Answer = Response<UnsyncBoxBody<Bytes, BodyError>>;

/// Everything that a request needs.
pub(crate) struct Proxy {
    pub(crate) origin: Origin,
    pub(crate) snapshots: Arc<Snapshots>,
    pub(crate) exposures: ExposureLog,
}

impl Proxy {
    /// Answers one request. Whatever goes wrong becomes an answer, too.
    pub(crate) async fn answer(&self, request: Request<Incoming>) -> Answer {
        if request.method() == Method::CONNECT {
            return text(
                StatusCode::NOT_IMPLEMENTED,
                "This is a gateway to one shop: CONNECT is not served.",
            );
        }
        let engine = self.snapshots.engine();
        let started = Instant::now();
        let mut visit = match engine.visit(&request_head(&engine, &request), &ambient()) {
            Decision::Respond(local) => return local_answer(local),
            Decision::Known(page) => return self.known(*page, HeaderMap::new(), started.elapsed()),
            Decision::Read(pending) => return answer_form(&pending, request.into_body()).await,
            Decision::Forward(visit) => visit,
        };
        let deciding = started.elapsed();

        let mut request = request;
        let wants_upgrade = request.headers().contains_key(header::UPGRADE)
            && head::has_token(request.headers(), &header::CONNECTION, "upgrade");
        let visitor = wants_upgrade.then(|| hyper::upgrade::on(&mut request));
        let takes_trailers = request.version() >= Version::HTTP_11
            && head::has_token(request.headers(), &header::TE, "trailers");
        let (mut parts, body) = request.into_parts();
        if let Some(target) = visit.target().and_then(|target| target.parse().ok()) {
            parts.uri = target;
        }
        let head_only = parts.method == Method::HEAD;

        let coming = self
            .origin
            .send(parts, body, visit.request_edits(), wants_upgrade);
        let meanwhile = async {
            if !visit.may_decide_ahead() {
                return Duration::ZERO;
            }
            // First, the connection's own task sends the request.
            tokio::task::yield_now().await;
            let started = Instant::now();
            visit.decide_ahead();
            started.elapsed()
        };
        let (sent, meanwhile) = tokio::join!(coming, meanwhile);
        let mut response = match sent {
            Ok(response) => response,
            Err(error) => {
                eprintln!("tailorbird: the origin gave no answer: {}", chain(&error));
                return text(StatusCode::BAD_GATEWAY, "The shop could not be reached.");
            }
        };
        if response.status() == StatusCode::SWITCHING_PROTOCOLS {
            if let Some(visitor) = visitor {
                upgrade::tunnel(visitor, hyper::upgrade::on(&mut response));
                return response.map(|_| Empty::new().map_err(Into::into).boxed_unsync());
            }
            eprintln!("tailorbird: the origin switched protocols without being asked");
            return text(StatusCode::BAD_GATEWAY, "The shop could not be reached.");
        }

        head::strip_hop_by_hop(response.headers_mut());
        let started = Instant::now();
        let outcome = visit.origin_head(&response_head(&response));
        let decided = deciding + meanwhile + started.elapsed();
        let mut response = response.map(body::Origin::new);
        let outcome = match outcome {
            Outcome::Hold(held) => held_back(held, response.body_mut()).await,
            decided => decided,
        };
        match outcome {
            Outcome::Known(page) => {
                let headers = std::mem::take(response.headers_mut());
                self.known(*page, headers, decided)
            }
            Outcome::PassThrough(_) | Outcome::Hold(_) => {
                response.map(|body| Relay::untouched(body).boxed_unsync())
            }
            Outcome::PassBody { edits, .. } => {
                head::edit(response.headers_mut(), &edits);
                response.map(|body| Relay::untouched(body).boxed_unsync())
            }
            Outcome::Rewrite { edits, rewriter } => {
                let changed = Changed {
                    edits,
                    rewriter,
                    decided,
                    takes_trailers,
                };
                self.rewrite(response, changed, head_only).await
            }
        }
    }

    /// Answers with a page that the worker has.
    fn known(&self, page: Known, newer: HeaderMap, decided: Duration) -> Answer {
        let timing = page.exposures.as_ref().map(|shown| {
            self.exposures.append(shown);
            head::to_value(&server_timing(decided, None))
        });
        let mut answer = known::answer(page, newer);
        let headers = answer.headers_mut();
        headers.extend(timing.map(|timing| (SERVER_TIMING, timing)));
        answer
    }

    async fn rewrite(
        &self,
        response: Response<body::Origin>,
        mut changed: Changed,
        head_only: bool,
    ) -> Answer {
        let (mut parts, body) = response.into_parts();
        if changed.rewriter.wants_head() {
            changed.rewriter.keep_head(head::all_lines(&parts.headers));
        }
        head::edit(&mut parts.headers, &changed.edits);
        let timing = |rewritten| head::to_value(&server_timing(changed.decided, rewritten));
        if head_only || body.is_end_stream() {
            parts.headers.append(SERVER_TIMING, timing(None));
            return Response::from_parts(parts, Relay::untouched(body).boxed_unsync());
        }
        let small = body
            .size_hint()
            .exact()
            .is_some_and(|n| n <= WHOLE_BODY_MAX);
        let relay = Relay::rewritten(
            body,
            Rewriting {
                rewriter: changed.rewriter,
                exposures: self.exposures.clone(),
                decided: changed.decided,
                trailer: changed.takes_trailers,
            },
        );
        let relay = if small {
            match relay.whole(WHOLE_BODY_WAIT).await {
                Ok((page, spent)) => {
                    parts.headers.append(SERVER_TIMING, timing(Some(spent)));
                    let page = Full::new(page).map_err(|never| match never {});
                    return Response::from_parts(parts, page.boxed_unsync());
                }
                Err(relay) => relay,
            }
        } else {
            relay
        };
        parts.headers.append(SERVER_TIMING, timing(None));
        if changed.takes_trailers {
            // hyper sends only those trailers that the head announces.
            parts
                .headers
                .append(header::TRAILER, HeaderValue::from_static("Server-Timing"));
        }
        Response::from_parts(parts, relay.boxed_unsync())
    }
}

/// Decides what becomes of a page when enough of it has come to know; puts that back. Where the origin
/// broke off before, the page passes.
async fn held_back(mut held: Held, body: &mut body::Origin) -> Outcome {
    let (outcome, first) = match body.hold(&mut held).await {
        true => held.decide(),
        false => held.abort(),
    };
    body.put_back(first);
    outcome
}

/// What the engine said of a page that it changes.
struct Changed {
    edits: HeadEdits,
    rewriter: Rewriter,
    decided: Duration,
    takes_trailers: bool,
}

/// Reads a form and has the engine answer it.
async fn answer_form(pending: &Pending, mut body: Incoming) -> Answer {
    let mut form = Vec::new();
    while form.len() <= MAX_FORM_BYTES {
        match body.frame().await {
            Some(Ok(frame)) => form.extend(frame.into_data().iter().flatten()),
            Some(Err(_)) => return text(StatusCode::BAD_REQUEST, "The form broke off."),
            None => break,
        }
    }
    if form.len() > MAX_FORM_BYTES {
        drain(&mut body).await;
    }
    local_answer(pending.respond(&form))
}

/// Takes in the rest of a form that is refused. A connection that closes while its client still writes
/// is reset, and the client never reads why.
async fn drain(body: &mut Incoming) {
    let taken = async {
        let mut left = MAX_DRAINED_BYTES;
        while let Some(Ok(frame)) = body.frame().await {
            let bytes = frame.data_ref().map_or(0, Bytes::len);
            left = match left.checked_sub(bytes) {
                Some(left) => left,
                None => break,
            };
        }
    };
    // Who is slower than that has been told enough.
    let _ = tokio::time::timeout(MAX_DRAINING, taken).await;
}

fn request_head(engine: &Engine, request: &Request<Incoming>) -> RequestHead {
    let forwarded = request.headers().get("x-forwarded-proto");
    let target = request.uri().path_and_query();
    let target = target.map_or("/", |target| target.as_str());
    RequestHead {
        method: request.method().as_str().to_owned(),
        secure: forwarded.is_some_and(|proto| proto.as_bytes() == b"https"),
        target: target.to_owned(),
        headers: head::lines(request.headers(), engine.request_headers(target)),
    }
}

fn response_head(response: &Response<Incoming>) -> ResponseHead {
    ResponseHead {
        status: response.status().as_u16(),
        headers: head::lines(response.headers(), RESPONSE_HEADERS),
        body_is_decoded: false,
    }
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

fn local_answer(local: LocalResponse) -> Answer {
    let mut answer = Response::new(Full::new(local.body.into()));
    *answer.status_mut() = StatusCode::from_u16(local.status).unwrap_or(StatusCode::OK);
    for (name, value) in &local.headers {
        let name = HeaderName::from_static(name);
        answer.headers_mut().append(name, head::to_value(value));
    }
    answer.map(|body| body.map_err(|never| match never {}).boxed_unsync())
}

fn text(status: StatusCode, text: &'static str) -> Answer {
    let headers = vec![
        ("content-type", "text/plain; charset=utf-8".to_owned()),
        ("cache-control", "no-store".to_owned()),
    ];
    local_answer(LocalResponse {
        status: status.as_u16(),
        headers,
        body: text.as_bytes().to_vec(),
    })
}

/// An error with its causes: hyper's own message says no more than "client error".
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text = format!("{text}: {cause}");
        next = cause.source();
    }
    text
}
