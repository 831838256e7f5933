//! The way of a page's body: read from the origin, through the engine, written to the visitor; one
//! read and one write in flight, so the visitor's pace is the origin's pace.

use std::time::{Duration, Instant};

use spin_sdk::wasip3::clocks::monotonic_clock;
use spin_sdk::wasip3::http::types::{ErrorCode, Fields, Trailers};
use spin_sdk::wasip3::wit_bindgen::{
    FutureReader, FutureWriter, StreamReader, StreamResult, StreamWriter,
};
use tailorbird::rewrite::Assembled;
use tailorbird::{Exposures, Held, Outcome, Rewriter};

use crate::head::Head;

/// The most bytes that one read asks for. Four times as many measured no faster, and take memory for each page on its way.
const READ_BYTES: usize = 64 * 1024;

/// The most bytes that one write of a page takes that the worker has.
const PIECE_BYTES: usize = 128 * 1024;

/// How long the last bytes of a page that breaks off get to leave, in nanoseconds: hosts drop what
/// they have not sent yet when a body fails.
const LAST_BYTES_PAUSE: u64 = 2_000_000;

/// What ends a body: trailers or none, or why it broke off.
pub(crate) type End = Result<Option<Trailers>, ErrorCode>;

/// The origin's body, of which the beginning may have been held back.
pub(crate) struct Origin {
    stream: StreamReader<u8>,
    ending: Ending,
    first: Vec<u8>,
}

/// How a body ends.
enum Ending {
    Coming(FutureReader<End>),
    /// It did while it was held.
    Came(End),
}

impl Origin {
    pub(crate) fn new(stream: StreamReader<u8>, end: FutureReader<End>) -> Self {
        Self {
            stream,
            ending: Ending::Coming(end),
            first: Vec::new(),
        }
    }

    /// Holds the page back until it is known what becomes of it.
    pub(crate) async fn hold(self, mut held: Held) -> (Outcome, Self) {
        let Self {
            mut stream, ending, ..
        } = self;
        let mut chunk = Vec::with_capacity(READ_BYTES);
        let (is_ready, has_ended) = loop {
            chunk.clear();
            let (read, filled) = stream.read(chunk).await;
            chunk = filled;
            let is_ready = held.push(&chunk);
            let has_ended = !matches!(read, StreamResult::Complete(_));
            if is_ready || has_ended {
                break (is_ready, has_ended);
            }
        };
        let ending = match ending {
            Ending::Coming(end) if has_ended => Ending::Came(end.await),
            ending => ending,
        };
        let (outcome, first) = match &ending {
            Ending::Came(Err(_)) if !is_ready => held.abort(),
            _ => held.decide(),
        };
        let origin = Self {
            stream,
            ending,
            first,
        };
        (outcome, origin)
    }
}

/// The two ends of a body.
pub(crate) struct Relay {
    pub(crate) origin: Origin,
    pub(crate) visitor: StreamWriter<u8>,
    pub(crate) visitor_end: FutureWriter<End>,
    /// Time that the decision took, when the visitor takes a `Server-Timing` trailer.
    pub(crate) timing: Option<Duration>,
    /// Whether to log what the visitor was shown.
    pub(crate) log: bool,
}

/// The visitor went away; there is nobody to tell.
struct Gone;

impl Relay {
    /// Moves the page. When the visitor leaves, both ends are dropped, and the host tells the origin.
    pub(crate) async fn run(self, mut rewriter: Rewriter) {
        let Self {
            origin,
            mut visitor,
            visitor_end,
            timing,
            log,
        } = self;
        let Origin {
            stream: mut origin,
            ending,
            first,
        } = origin;
        let mut spent = Duration::ZERO;
        let mut chunk = first;
        let came = matches!(ending, Ending::Came(_));
        let mut is_held = came || !chunk.is_empty();
        let mut broken = None;
        loop {
            let mut has_ended = came;
            if !std::mem::take(&mut is_held) {
                chunk.clear();
                chunk.reserve(READ_BYTES);
                let (read, filled) = origin.read(chunk).await;
                chunk = filled;
                has_ended = !matches!(read, StreamResult::Complete(_));
            }
            let mut pushed = Ok(());
            // Where nothing changes any more, what was read is what is written.
            let out = if rewriter.is_through() {
                std::mem::take(&mut chunk)
            } else {
                let mut out = Vec::with_capacity(chunk.len());
                let started = Instant::now();
                pushed = rewriter.push(&chunk, &mut out);
                spent += started.elapsed();
                out
            };
            if write(&mut visitor, out).await.is_err() {
                return;
            }
            if let Err(error) = pushed {
                broken = Some(internal(&error));
                break;
            }
            if has_ended {
                break;
            }
        }
        let end = match broken {
            Some(error) => Err(error),
            None => {
                let origin_end = match ending {
                    Ending::Came(end) => end,
                    Ending::Coming(end) => end.await,
                };
                let (out, end) = last(rewriter, origin_end, timing, spent, log);
                // A visitor who leaves now has missed the rest by choice.
                let _ = write(&mut visitor, out).await;
                end
            }
        };
        if end.is_err() {
            monotonic_clock::wait_for(LAST_BYTES_PAUSE).await;
        }
        drop(visitor);
        // Fails when the visitor is gone already.
        let _ = visitor_end.write(end).await;
    }
}

/// What is left of the page, and how it ends, given how the origin's body ended.
fn last(
    rewriter: Rewriter,
    origin_end: End,
    timing: Option<Duration>,
    mut spent: Duration,
    log: bool,
) -> (Vec<u8>, End) {
    let mut out = Vec::new();
    let trailers = match origin_end {
        Ok(trailers) => trailers,
        Err(aborted) => {
            rewriter.abort(&mut out);
            return (out, Err(aborted));
        }
    };
    let started = Instant::now();
    let finished = rewriter.finish(&mut out);
    spent += started.elapsed();
    match finished {
        Ok(shown) if log => tell(&shown),
        Ok(_) => {}
        Err(broken) => return (out, Err(internal(&broken))),
    }
    let Some(decided) = timing else {
        return (out, Ok(trailers));
    };
    let mut head = Head::of(&trailers.unwrap_or_else(Fields::new));
    let timing = server_timing(decided, Some(spent));
    head.append("server-timing", timing.as_bytes());
    (out, head.into_fields().map(Some))
}

pub(crate) fn tell(shown: &Exposures) {
    if let Ok(line) = serde_json::to_string(shown) {
        println!("{line}");
    }
}

async fn write(visitor: &mut StreamWriter<u8>, out: Vec<u8>) -> Result<(), Gone> {
    if out.is_empty() || visitor.write_all(out).await.is_empty() {
        return Ok(());
    }
    Err(Gone)
}

/// Sends a page that the worker has in pieces, so that slow visitors do not fill the instance with pages.
pub(crate) async fn send_pieces(visitor: &mut StreamWriter<u8>, mut page: Assembled) {
    loop {
        let mut piece = Vec::with_capacity(PIECE_BYTES.min(page.len()));
        page.read(&mut piece, PIECE_BYTES);
        // A visitor who is gone needs no more of it.
        if piece.is_empty() || write(visitor, piece).await.is_err() {
            return;
        }
    }
}

fn internal(error: &dyn std::error::Error) -> ErrorCode {
    ErrorCode::InternalError(Some(error.to_string()))
}

/// The value of `Server-Timing` for these times.
pub(crate) fn server_timing(decided: Duration, rewritten: Option<Duration>) -> String {
    let milliseconds = |time: Duration| time.as_secs_f64() * 1000.0;
    tailorbird::http::server_timing(milliseconds(decided), rewritten.map(milliseconds))
}
