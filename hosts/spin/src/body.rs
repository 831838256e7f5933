//! The way of a page's body: read from the origin, through the engine, written to the visitor; one
//! read and one write in flight, so the visitor's pace is the origin's pace.

use std::time::{Duration, Instant};

use spin_sdk::wasip3::clocks::monotonic_clock;
use spin_sdk::wasip3::http::types::{ErrorCode, Fields, Trailers};
use spin_sdk::wasip3::wit_bindgen::{
    FutureReader, FutureWriter, StreamReader, StreamResult, StreamWriter,
};
use tailorbird::{Exposures, Rewriter};

use crate::head::Head;
use crate::settings::SETTINGS;

/// The most bytes that one read asks for.
const READ_BYTES: usize = 64 * 1024;

/// How long the last bytes of a page that breaks off get to leave, in nanoseconds: hosts drop what
/// they have not sent yet when a body fails.
const LAST_BYTES_PAUSE: u64 = 2_000_000;

/// What ends a body: trailers or none, or why it broke off.
pub(crate) type End = Result<Option<Trailers>, ErrorCode>;

/// The two ends of a body.
pub(crate) struct Relay {
    pub(crate) origin: StreamReader<u8>,
    pub(crate) origin_end: FutureReader<End>,
    pub(crate) visitor: StreamWriter<u8>,
    pub(crate) visitor_end: FutureWriter<End>,
    /// Time that the decision took, when the visitor takes a `Server-Timing` trailer.
    pub(crate) timing: Option<Duration>,
}

/// The visitor went away; there is nobody to tell.
struct Gone;

impl Relay {
    /// Moves the page. When the visitor leaves, both ends are dropped, and the host tells the origin.
    pub(crate) async fn run(self, mut rewriter: Rewriter) {
        let Self {
            mut origin,
            origin_end,
            mut visitor,
            visitor_end,
            timing,
        } = self;
        let mut spent = Duration::ZERO;
        let mut chunk = Vec::with_capacity(READ_BYTES);
        let mut broken = None;
        loop {
            chunk.clear();
            let (read, filled) = origin.read(chunk).await;
            chunk = filled;
            let mut out = Vec::with_capacity(chunk.len());
            let started = Instant::now();
            let pushed = rewriter.push(&chunk, &mut out);
            spent += started.elapsed();
            if write(&mut visitor, out).await.is_err() {
                return;
            }
            if let Err(error) = pushed {
                broken = Some(internal(&error));
                break;
            }
            if !matches!(read, StreamResult::Complete(_)) {
                break;
            }
        }
        let end = match broken {
            Some(error) => Err(error),
            None => {
                let (out, end) = last(rewriter, origin_end.await, timing, spent);
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
        Ok(shown) => log(&shown),
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

fn log(shown: &Exposures) {
    if SETTINGS.log_exposures
        && let Ok(line) = serde_json::to_string(shown)
    {
        println!("{line}");
    }
}

async fn write(visitor: &mut StreamWriter<u8>, out: Vec<u8>) -> Result<(), Gone> {
    if out.is_empty() || visitor.write_all(out).await.is_empty() {
        return Ok(());
    }
    Err(Gone)
}

fn internal(error: &dyn std::error::Error) -> ErrorCode {
    ErrorCode::InternalError(Some(error.to_string()))
}

/// The value of `Server-Timing` for these times.
pub(crate) fn server_timing(decided: Duration, rewritten: Option<Duration>) -> String {
    let milliseconds = |time: Duration| time.as_secs_f64() * 1000.0;
    tailorbird::http::server_timing(milliseconds(decided), rewritten.map(milliseconds))
}
