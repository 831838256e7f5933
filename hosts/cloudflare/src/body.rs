//! The way of a page's body through the isolate.
//!
//! What costs is each step between JavaScript and WASM, not the bytes: so reads are large, and
//! one write is in flight. A page that is there at once leaves as one buffer, and what follows the
//! last place that changes never enters the isolate.

use tailorbird::rewrite::BrokenBody;
use tailorbird::{Exposures, Held, Rewriter};
use worker::js_sys::futures::{JsFuture, future_to_promise};
use worker::js_sys::{Error, Uint8Array};
use worker::wasm_bindgen::{JsCast, JsValue};
use worker::web_sys::ReadableStream;
use worker::{console_error, console_log};

use crate::js::{
    ByteReader, Guard, ReadResult, Writable, Writer, message, milliseconds, reader_of, release,
};

/// A page of which one knows that it is no longer than this is read into a buffer of its length: when it is there at once, it
/// leaves as one buffer, too.
const WHOLE_BYTES: u32 = 512 * 1024;
/// The most bytes that one read of another page gives. The platform's own default is 4 KiB.
const READ_BYTES: u32 = 128 * 1024;
/// The same of the first read of a page whose length is not known: it comes as it is made, in small pieces.
const FIRST_READ_BYTES: u32 = 32 * 1024;
/// A buffer of a page whose length is known is no smaller than this.
const LEAST_READ_BYTES: u32 = 4 * 1024;
/// Room for what is inserted, so that what leaves need not move for it.
const ROOM_BYTES: usize = 16 * 1024;
/// The most bytes that the engine gets in one call.
const SLICE_BYTES: u32 = 64 * 1024;

/// The origin's body on its way through the engine.
pub(crate) struct Page {
    body: ReadableStream,
    reader: ByteReader,
    rewriter: Rewriter,
    /// The buffer of the next read; the runtime takes it away during a read.
    buffer: Buffer,
    slice: Vec<u8>,
    out: Vec<u8>,
    read: u64,
    log: bool,
    /// Milliseconds spent in the engine.
    pub(crate) spent: f64,
}

/// Memory that is given back with the page, and does not wait for the garbage collector.
struct Buffer(Uint8Array);

impl Drop for Buffer {
    fn drop(&mut self) {
        release(&self.0);
    }
}

/// What moves the rest of a page without us.
struct Rest {
    guard: Guard,
    writable: Writable,
}

/// What came of a step.
#[derive(PartialEq, Eq)]
pub(crate) enum Progress {
    More,
    End,
}

/// Why a page ends before its end.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PageError {
    /// The origin's stream failed, or the visitor's.
    #[error("a stream failed: {}", message(.0))]
    Stream(JsValue),
    #[error(transparent)]
    Broken(#[from] BrokenBody),
}

impl From<JsValue> for PageError {
    fn from(error: JsValue) -> Self {
        Self::Stream(error)
    }
}

impl Page {
    /// A page that passes, until [`Page::change`] says otherwise. `length` is the body's length, if it is known: the
    /// runtime fills a buffer with zeroes, which for a short page takes longer than to read it.
    pub(crate) fn new(body: ReadableStream, length: Option<u64>) -> Result<Self, JsValue> {
        let bytes = match length.map(u32::try_from) {
            Some(Ok(bytes)) if bytes <= WHOLE_BYTES => bytes.max(LEAST_READ_BYTES),
            Some(_) => READ_BYTES,
            None => FIRST_READ_BYTES,
        };
        Self::with_buffer(body, bytes)
    }

    /// The same with reads of up to so many bytes.
    pub(crate) fn with_buffer(body: ReadableStream, bytes: u32) -> Result<Self, JsValue> {
        Ok(Self {
            reader: reader_of(&body)?,
            body,
            rewriter: Rewriter::through(),
            buffer: Buffer(Uint8Array::new_with_length(bytes)),
            slice: Vec::new(),
            out: Vec::new(),
            read: 0,
            log: false,
            spent: 0.0,
        })
    }

    /// What comes from now on is rewritten; `log` says whether what the visitor was shown is.
    pub(crate) fn change(&mut self, rewriter: Rewriter, log: bool) {
        self.rewriter = rewriter;
        self.log = log;
    }

    /// Reads until it is known what becomes of the page. `length` is the body's length, if it is known.
    ///
    /// # Errors
    ///
    /// The origin broke off.
    pub(crate) async fn hold(
        &mut self,
        held: &mut Held,
        length: Option<u64>,
    ) -> Result<Progress, PageError> {
        loop {
            let Some(chunk) = self.read().await? else {
                return Ok(Progress::End);
            };
            let is_ready = held.push(&chunk.to_vec());
            match self.progress(&chunk, length) {
                Progress::More if !is_ready => {}
                progress => return Ok(progress),
            }
        }
    }

    /// Takes in what was held.
    ///
    /// # Errors
    ///
    /// As [`Page::step`].
    pub(crate) fn put_back(&mut self, first: &[u8]) -> Result<(), PageError> {
        Ok(self.rewriter.push(first, &mut self.out)?)
    }

    /// Reads once and rewrites what came. `length` is the body's length, if it is known.
    ///
    /// # Errors
    ///
    /// After an error, [`Page::ready`] holds what may still leave.
    pub(crate) async fn step(&mut self, length: Option<u64>) -> Result<Progress, PageError> {
        let Some(chunk) = self.read().await? else {
            return Ok(Progress::End);
        };
        self.rewrite(&chunk)?;
        Ok(self.progress(&chunk, length))
    }

    /// Collects a body that is no page, until it has more than `most` bytes.
    ///
    /// # Errors
    ///
    /// It broke off.
    pub(crate) async fn collect(
        &mut self,
        out: &mut Vec<u8>,
        most: usize,
    ) -> Result<(), PageError> {
        while out.len() <= most {
            let Some(chunk) = self.read().await? else {
                break;
            };
            let start = out.len();
            out.resize(start + chunk.length() as usize, 0);
            if let Some(space) = out.get_mut(start..) {
                chunk.copy_to(space);
            }
            self.progress(&chunk, None);
        }
        Ok(())
    }

    /// Takes in what follows of a body that is refused, up to `most` bytes: while its client still writes, the runtime would close
    /// the connection, and the client never read why.
    pub(crate) async fn drain(&mut self, most: u64) {
        let end = self.read + most;
        while self.read < end
            && let Ok(Some(chunk)) = self.read().await
        {
            self.progress(&chunk, None);
        }
    }

    async fn read(&mut self) -> Result<Option<Uint8Array>, PageError> {
        let result = JsFuture::from(self.reader.read(&self.buffer.0)?).await?;
        let result: ReadResult = result.unchecked_into();
        Ok(result.value().filter(|_| !result.done()))
    }

    /// Takes the chunk's buffer back for the next read.
    fn progress(&mut self, chunk: &Uint8Array, length: Option<u64>) -> Progress {
        self.read += u64::from(chunk.length());
        self.buffer = Buffer(Uint8Array::new(&chunk.buffer()));
        if length.is_some_and(|length| self.read >= length) {
            return Progress::End;
        }
        let bytes = self.buffer.0.length();
        if bytes < READ_BYTES && chunk.length() == bytes {
            // It comes faster than it would fit.
            self.buffer = Buffer(Uint8Array::new_with_length(READ_BYTES));
        }
        Progress::More
    }

    fn rewrite(&mut self, chunk: &Uint8Array) -> Result<(), BrokenBody> {
        let started = milliseconds();
        let length = chunk.length();
        self.out.reserve(length as usize + ROOM_BYTES);
        let mut start = 0;
        let mut result = Ok(());
        while start < length && result.is_ok() {
            let end = length.min(start.saturating_add(SLICE_BYTES));
            self.slice.resize((end - start) as usize, 0);
            chunk.subarray(start, end).copy_to(&mut self.slice);
            result = self.rewriter.push(&self.slice, &mut self.out);
            start = end;
        }
        self.spent += milliseconds() - started;
        result
    }

    /// Ends a page that came to its end; gives the bytes that have not left yet and the milliseconds
    /// spent in the engine.
    pub(crate) fn finish(self) -> (Vec<u8>, f64) {
        let mut out = self.out;
        let started = milliseconds();
        match self.rewriter.finish(&mut out) {
            Ok(shown) if self.log => log(&shown),
            Ok(_) => {}
            // The runtime has decoded the body, so there is nothing left that could be broken.
            Err(broken) => console_error!("tailorbird: at a page's end: {broken}"),
        }
        (out, self.spent + milliseconds() - started)
    }

    /// Moves the page to the visitor; `first` is what came of the step that was taken already. When
    /// the visitor leaves, the origin is told.
    pub(crate) fn pump(
        self,
        writable: Writable,
        first: Result<Progress, PageError>,
        guard: &Guard,
    ) {
        let (reader, writer) = (self.reader.clone(), writable.get_writer());
        let rest = Rest {
            guard: guard.clone(),
            writable,
        };
        let pumping = {
            let writer = writer.clone();
            // A promise of the rest's is what this one then waits for, without us.
            future_to_promise(async move { Ok(self.run(writer, first, rest).await) })
        };
        guard.pump(&pumping, Some(&reader), &writer);
    }

    async fn run(
        mut self,
        writer: Writer,
        first: Result<Progress, PageError>,
        rest: Rest,
    ) -> JsValue {
        let mut progress = first;
        loop {
            match progress {
                Ok(Progress::More) => {}
                Ok(Progress::End) => break,
                Err(error) => {
                    self.break_off(&writer, error).await;
                    return JsValue::UNDEFINED;
                }
            }
            if self.write(&writer).await.is_err() {
                self.leave();
                return JsValue::UNDEFINED;
            }
            if self.rewriter.is_through() {
                return self.hand_over(&writer, &rest);
            }
            progress = self.step(None).await;
        }
        let (out, _) = self.finish();
        if send(&writer, &out).await.is_ok() {
            settle(writer.close()).await;
        }
        JsValue::UNDEFINED
    }

    /// Gives the promise of a rest in which nothing changes, and which the runtime moves by itself.
    fn hand_over(self, writer: &Writer, rest: &Rest) -> JsValue {
        let Rest { guard, writable } = rest;
        let moving = guard.rest(&self.body, &self.reader, writable, writer);
        self.finish();
        moving.map_or_else(|error| error, Into::into)
    }

    async fn write(&mut self, writer: &Writer) -> Result<(), JsValue> {
        send(writer, &self.out).await?;
        self.out.clear();
        Ok(())
    }

    /// The visitor's connection ends as the origin's did, after what has come so far.
    async fn break_off(self, writer: &Writer, error: PageError) {
        let mut out = self.out;
        match error {
            PageError::Stream(_) => self.rewriter.abort(&mut out),
            PageError::Broken(_) => settle(self.reader.cancel(&JsValue::UNDEFINED)).await,
        }
        if send(writer, &out).await.is_ok() {
            settle(writer.abort(&reason(error))).await;
        }
    }

    fn leave(self) {
        // The promise is of no interest: nobody waits for this page any more.
        let _ = self.reader.cancel(&JsValue::UNDEFINED);
    }
}

pub(crate) async fn send(writer: &Writer, bytes: &[u8]) -> Result<(), JsValue> {
    if !bytes.is_empty() {
        JsFuture::from(writer.write(bytes)?).await?;
    }
    Ok(())
}

/// Waits for a promise whose failure means that the other side is gone.
pub(crate) async fn settle(promise: Result<worker::js_sys::Promise, JsValue>) {
    if let Ok(promise) = promise {
        let _ = JsFuture::from(promise).await;
    }
}

fn reason(error: PageError) -> JsValue {
    match error {
        PageError::Stream(exception) => exception,
        PageError::Broken(broken) => Error::new(&broken.to_string()).into(),
    }
}

pub(crate) fn log(shown: &Exposures) {
    if let Ok(line) = serde_json::to_string(shown) {
        console_log!("{line}");
    }
}
