//! The way of a response's body: pulled from the origin at the visitor's pace, through the engine
//! when the page is to be changed.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use http_body::{Body, Frame, SizeHint};
use hyper::body::{Bytes, Incoming};
use hyper::{HeaderMap, header::HeaderName};
use tailorbird::{Held, Rewriter};

use crate::exposures::ExposureLog;
use crate::head;

/// The error that makes hyper end the visitor's connection as the origin ended ours.
pub(crate) type BodyError = Box<dyn std::error::Error + Send + Sync>;

const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");

/// The origin's body, of which the beginning may have been held back.
pub(crate) struct Origin<B = Incoming> {
    first: Bytes,
    /// What came behind it and is no data: trailers, an abort, or the body's end.
    then: Option<Option<Result<Frame<Bytes>, BodyError>>>,
    rest: B,
}

impl<B> Origin<B>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: Into<BodyError>,
{
    pub(crate) fn new(rest: B) -> Self {
        Self {
            first: Bytes::new(),
            then: None,
            rest,
        }
    }

    /// Takes in the beginning until it is known what to do with the page; `false` when the origin broke off.
    pub(crate) async fn hold(&mut self, held: &mut Held) -> bool {
        loop {
            let frame = poll_fn(|cx| Pin::new(&mut self.rest).poll_frame(cx)).await;
            match frame.map(|frame| frame.map(Frame::into_data)) {
                Some(Ok(Ok(chunk))) if held.push(&chunk) => return true,
                Some(Ok(Ok(_))) => {}
                Some(Ok(Err(trailers))) => {
                    self.then = Some(Some(Ok(trailers)));
                    return true;
                }
                Some(Err(error)) => {
                    self.then = Some(Some(Err(error.into())));
                    return false;
                }
                None => {
                    self.then = Some(None);
                    return true;
                }
            }
        }
    }

    /// Puts back what was held.
    pub(crate) fn put_back(&mut self, first: Vec<u8>) {
        self.first = first.into();
    }
}

impl<B> Body for Origin<B>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: Into<BodyError>,
{
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        if !self.first.is_empty() {
            return Poll::Ready(Some(Ok(Frame::data(std::mem::take(&mut self.first)))));
        }
        if let Some(then) = &mut self.then {
            return Poll::Ready(then.take());
        }
        let frame = ready!(Pin::new(&mut self.rest).poll_frame(cx));
        Poll::Ready(frame.map(|frame| frame.map_err(Into::into)))
    }

    fn is_end_stream(&self) -> bool {
        let is_over = match &self.then {
            Some(then) => then.is_none(),
            None => self.rest.is_end_stream(),
        };
        self.first.is_empty() && is_over
    }

    fn size_hint(&self) -> SizeHint {
        let first = self.first.len() as u64;
        match self.rest.size_hint().exact() {
            Some(rest) => SizeHint::with_exact(first + rest),
            None => SizeHint::default(),
        }
    }
}

/// What changes a page on its way.
pub(crate) struct Rewriting {
    pub(crate) rewriter: Rewriter,
    pub(crate) exposures: ExposureLog,
    /// Time that the decision took; for the trailer.
    pub(crate) decided: Duration,
    /// Whether the visitor takes a `Server-Timing` trailer.
    pub(crate) trailer: bool,
}

/// What the visitor's side gets next.
enum Step {
    Frame(Frame<Bytes>),
    /// Lets hyper flush what it has: it drops its buffer when a body fails.
    Flush,
    Fail(BodyError),
}

/// A body on its way from the origin to the visitor.
pub(crate) struct Relay<B = Incoming> {
    origin: B,
    rewriting: Option<Box<Rewriting>>,
    steps: VecDeque<Step>,
    /// Time spent in the rewriter so far.
    spent: Duration,
    ended: bool,
}

impl<B> Relay<B>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: Into<BodyError>,
{
    /// Passes the body on as it comes.
    pub(crate) fn untouched(origin: B) -> Self {
        Self {
            origin,
            rewriting: None,
            steps: VecDeque::new(),
            spent: Duration::ZERO,
            ended: false,
        }
    }

    /// Passes the body through the engine.
    pub(crate) fn rewritten(origin: B, rewriting: Rewriting) -> Self {
        Self {
            rewriting: Some(Box::new(rewriting)),
            ..Self::untouched(origin)
        }
    }

    /// Tries to take in the whole body at once. If it comes to a clean end in time, and without
    /// trailers, gives its bytes and the time that rewriting took; else the body goes on streaming.
    pub(crate) async fn whole(mut self, within: Duration) -> Result<(Bytes, Duration), Self> {
        let all = async {
            while !self.ended {
                poll_fn(|cx| self.poll_origin(cx)).await;
            }
        };
        let in_time = tokio::time::timeout(within, all).await.is_ok();
        let only_data = |step: &Step| matches!(step, Step::Frame(frame) if frame.is_data());
        if !in_time || !self.steps.iter().all(only_data) {
            return Err(self);
        }
        let mut bytes = Vec::new();
        for step in self.steps {
            if let Step::Frame(frame) = step
                && let Ok(data) = frame.into_data()
            {
                bytes.extend_from_slice(&data);
            }
        }
        Ok((bytes.into(), self.spent))
    }

    /// Takes one frame of the origin's and queues what follows from it.
    fn poll_origin(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        match ready!(Pin::new(&mut self.origin).poll_frame(cx)) {
            Some(Ok(frame)) => match frame.into_data() {
                Ok(chunk) => self.take_chunk(chunk),
                Err(frame) => self.take_end(frame.into_trailers().ok()),
            },
            Some(Err(error)) => self.take_abort(error.into()),
            None => self.take_end(None),
        }
        Poll::Ready(())
    }

    fn take_chunk(&mut self, chunk: Bytes) {
        let Some(rewriting) = &mut self.rewriting else {
            self.queue(chunk);
            return;
        };
        if rewriting.rewriter.is_through() {
            return self.queue(chunk);
        }
        let mut out = Vec::with_capacity(chunk.len());
        let started = Instant::now();
        let pushed = rewriting.rewriter.push(&chunk, &mut out);
        self.spent += started.elapsed();
        self.queue(out.into());
        if let Err(broken) = pushed {
            self.fail(broken.into());
        }
    }

    fn take_end(&mut self, trailers: Option<HeaderMap>) {
        if self.ended {
            return;
        }
        self.ended = true;
        let mut trailers = trailers.unwrap_or_default();
        if let Some(rewriting) = self.rewriting.take() {
            let Rewriting {
                rewriter,
                exposures,
                decided,
                trailer,
            } = *rewriting;
            let mut out = Vec::new();
            let started = Instant::now();
            let finished = rewriter.finish(&mut out);
            self.spent += started.elapsed();
            self.queue(out.into());
            match finished {
                Ok(shown) => exposures.append(&shown),
                Err(broken) => return self.fail(broken.into()),
            }
            if trailer {
                let timing = server_timing(decided, Some(self.spent));
                trailers.append(SERVER_TIMING, head::to_value(&timing));
            }
        }
        if !trailers.is_empty() {
            self.steps.push_back(Step::Frame(Frame::trailers(trailers)));
        }
    }

    fn take_abort(&mut self, error: BodyError) {
        if let Some(rewriting) = self.rewriting.take() {
            let mut out = Vec::new();
            rewriting.rewriter.abort(&mut out);
            self.queue(out.into());
        }
        self.fail(error);
    }

    fn queue(&mut self, data: Bytes) {
        if !data.is_empty() {
            self.steps.push_back(Step::Frame(Frame::data(data)));
        }
    }

    fn fail(&mut self, error: BodyError) {
        self.ended = true;
        self.rewriting = None;
        self.steps.push_back(Step::Flush);
        self.steps.push_back(Step::Fail(error));
    }
}

/// The value of `Server-Timing` for these times.
pub(crate) fn server_timing(decided: Duration, rewritten: Option<Duration>) -> String {
    let milliseconds = |time: Duration| time.as_secs_f64() * 1000.0;
    tailorbird::http::server_timing(milliseconds(decided), rewritten.map(milliseconds))
}

impl<B> Body for Relay<B>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: Into<BodyError>,
{
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        loop {
            match self.steps.pop_front() {
                Some(Step::Frame(frame)) => return Poll::Ready(Some(Ok(frame))),
                Some(Step::Fail(error)) => return Poll::Ready(Some(Err(error))),
                Some(Step::Flush) => {
                    cx.waker().wake_by_ref();
                    return Poll::Pending;
                }
                None if self.ended => return Poll::Ready(None),
                None => ready!(self.poll_origin(cx)),
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        let nothing_more = self.ended || (self.rewriting.is_none() && self.origin.is_end_stream());
        nothing_more && self.steps.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        if self.rewriting.is_none() && self.steps.is_empty() && !self.ended {
            return self.origin.size_hint();
        }
        SizeHint::default()
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::{BodyExt, Full};

    use super::*;

    #[tokio::test]
    async fn where_nothing_changes_any_more_the_very_frames_pass() {
        let page = Bytes::from(vec![b'x'; 70_000]);
        let rewriting = Rewriting {
            rewriter: Rewriter::through(),
            exposures: ExposureLog::open(None).unwrap(),
            decided: Duration::ZERO,
            trailer: false,
        };
        let mut relay = Relay::rewritten(Full::new(page.clone()), rewriting);
        let frame = relay.frame().await.unwrap().unwrap();
        let passed = frame.into_data().unwrap();
        assert_eq!((passed.as_ptr(), passed.len()), (page.as_ptr(), page.len()));
        assert!(relay.frame().await.is_none());
    }
}
