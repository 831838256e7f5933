//! A page whose beginning is held back, because what to do with it depends on what it tells.

use lol_html::AsciiCompatibleEncoding;

use super::{Intent, Model, Outcome};
use crate::http::{BodyForm, BodyKind, PassReason};
use crate::page::Page;
use crate::page::facts::{Found, MAX_HELD_HEAD_BYTES, Reader};
#[cfg(feature = "decode")]
use crate::rewrite::decode::Decoder;

/// How much of a coded body is decoded before asking whether all is known, in bytes.
#[cfg(feature = "decode")]
const CODED_SLICE_BYTES: usize = 4 << 10;

/// A page whose beginning is held back until it is known what it tells, or until
/// [`MAX_HELD_HEAD_BYTES`] of it have come.
///
/// ```text
/// held.push(chunk)    for each chunk of the origin's body, until it gives true or the body ends
/// held.decide()       -> the outcome, and all bytes that were pushed: the first ones of the body
/// held.abort()        -> the same, when the origin broke off: the page passes, and breaks off, too
/// ```
pub struct Held {
    intent: Box<Intent>,
    form: BodyForm,
    reader: Reader<Found>,
    /// What came, as it came.
    bytes: Vec<u8>,
    is_ready: bool,
    /// Our cookie is to be deleted.
    deletes: bool,
    #[cfg(feature = "decode")]
    decoder: Option<Decoder>,
}

impl Held {
    /// Gives the intent back when nothing has to be read for it.
    pub(super) fn new(
        intent: Box<Intent>,
        form: BodyForm,
        deletes: bool,
    ) -> Result<Self, Box<Intent>> {
        if intent.is_head || form.kind != BodyKind::Html {
            return Err(intent);
        }
        let reader = reader(&intent.model, &intent.target, form.charset);
        let Some(reader) = reader else {
            return Err(intent);
        };
        Ok(Self {
            intent,
            form,
            reader,
            bytes: Vec::new(),
            is_ready: false,
            deletes,
            #[cfg(feature = "decode")]
            decoder: Decoder::new(form.coding),
        })
    }

    /// Takes a chunk of the origin's body; gives whether to go on with [`Held::decide`]. Of a chunk that
    /// reaches over [`MAX_HELD_HEAD_BYTES`] all is kept, for it can leave at once.
    pub fn push(&mut self, chunk: &[u8]) -> bool {
        // Of a coded body, no more coded bytes are looked at, either.
        let room = MAX_HELD_HEAD_BYTES.saturating_sub(self.bytes.len());
        self.bytes.extend_from_slice(chunk);
        if !self.is_ready {
            let (looked_at, _) = chunk.split_at(chunk.len().min(room));
            self.is_ready = self.read(looked_at) || self.bytes.len() >= MAX_HELD_HEAD_BYTES;
        }
        self.is_ready
    }

    /// Decides, with what was read so far. Gives the outcome, which is no [`Outcome::Hold`], and the bytes
    /// that were pushed: they are the first ones of the body that the outcome speaks of.
    pub fn decide(self) -> (Outcome, Vec<u8>) {
        let told = self.reader.end(|found| found.facts());
        (
            self.intent.outcome(self.form, told, self.deletes),
            self.bytes,
        )
    }

    /// The origin broke off: the page passes, with these bytes; end the visitor's response the way the
    /// origin's was ended.
    pub fn abort(self) -> (Outcome, Vec<u8>) {
        (Outcome::PassThrough(PassReason::BrokeOff), self.bytes)
    }

    #[cfg(not(feature = "decode"))]
    fn read(&mut self, bytes: &[u8]) -> bool {
        self.reader.push(bytes)
    }

    #[cfg(feature = "decode")]
    fn read(&mut self, bytes: &[u8]) -> bool {
        let Some(decoder) = &mut self.decoder else {
            return self.reader.push(bytes);
        };
        let (mut buffer, mut is_ready) = (Vec::new(), false);
        for slice in bytes.chunks(CODED_SLICE_BYTES) {
            let reader = &mut self.reader;
            let decoded = decoder.push(slice, &mut buffer, |part| is_ready |= reader.push(part));
            // What cannot be decoded is told by the rewriter.
            if is_ready || decoded.is_err() {
                return true;
            }
        }
        false
    }
}

impl std::fmt::Debug for Held {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut out = f.debug_struct("Held");
        out.field("bytes", &self.bytes.len());
        out.field("is_ready", &self.is_ready)
            .finish_non_exhaustive()
    }
}

/// Whether a page has to tell something that its URL does not.
pub(super) fn is_told_by_page(model: &Model, target: &str) -> bool {
    let Model {
        snapshot, index, ..
    } = model;
    index.reads_pages && {
        let page = Page::identify(&index.site, snapshot, target);
        !page.wanted(&index.site).is_empty()
    }
}

/// Reads what the page has to tell; `None` when its URL tells all that is wanted.
fn reader(
    model: &Model,
    target: &str,
    charset: Option<AsciiCompatibleEncoding>,
) -> Option<Reader<Found>> {
    let Model {
        snapshot, index, ..
    } = model;
    if !index.reads_pages {
        return None;
    }
    let page = Page::identify(&index.site, snapshot, target);
    let wanted = page.wanted(&index.site);
    if wanted.is_empty() {
        return None;
    }
    let found = Found::new(&index.site, snapshot, page.locale, page.path, &wanted);
    Some(Reader::new(&wanted, charset, found))
}
