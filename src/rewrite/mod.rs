//! Carries out a [`Plan`] on a page that streams through.
//!
//! lol_html hands its output sink everything before a tag before that tag's handler runs. So a handler
//! knows exactly where in the output its tag begins, and a list can be held back and put in order by
//! byte ranges, without building a tree. No text handlers are registered: lol_html would decode and
//! re-encode text for them, which damages bytes that do not fit the declared charset.

pub mod budget;
pub(crate) mod compiled;
#[cfg(feature = "decode")]
pub(crate) mod decode;
mod ends;
mod front;
mod handlers;
mod json;
mod list;
mod order;
mod output;
mod render;
mod setup;
mod skim;

pub use compiled::Assembled;
pub use json::{JsonSighting, MAX_JSON_DEPTH, look_for_json};
pub use list::{MAX_HELD_BYTES, MAX_NESTED_LISTS, MAX_TILES};
pub use render::render;
pub(crate) use render::{is_safe_url, write_escaped as escape};

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lol_html::send::HtmlRewriter;
use serde::Serialize;
use thiserror::Error;

use crate::http::{BodyForm, BodyKind, Coding};
use crate::plan::Plan;
use budget::{Budget, Over};
use output::{Output, append};
use skim::Skim;

/// The most memory that lol_html may use for one page, in bytes: enough for a tag of that length.
/// A page that needs more goes on as the origin sent it.
pub const MAX_PARSER_BYTES: usize = 512 << 10;

/// Where lol_html's output goes: one type for all passes, since lol_html is compiled once for each.
pub(crate) type Sink = Box<dyn FnMut(&[u8]) + Send>;

/// The origin's body is not what its `Content-Encoding` says.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the origin's {coding} body cannot be decoded: {reason}")]
pub struct BrokenBody {
    /// `gzip` or `br`.
    pub coding: &'static str,
    /// The decoder's words.
    pub reason: String,
}

/// What the visitor was shown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Exposures {
    /// A random number for this page, so that a report can count it once.
    pub id: String,
    /// When, in seconds since 1970.
    pub time: i64,
    /// The snapshot's sequence number.
    pub snapshot: u64,
    /// The page's kind.
    pub page: String,
    /// The experiments that the visitor takes part in, each with the variant.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub variants: BTreeMap<String, String>,
    /// Banners and slots that were inserted.
    pub places: Vec<Exposure>,
    /// Lists that were put in order.
    pub lists: Vec<ListExposure>,
    /// Why the rest of the page went through unchanged, if it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gave_up: Option<String>,
}

/// A banner or slot that was inserted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Exposure {
    /// Its name in site.toml.
    pub place: String,
    /// The strategy that filled the slot; empty for a banner.
    pub strategy: &'static str,
    /// The items' ids.
    pub items: Vec<String>,
}

/// A list that was put in order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ListExposure {
    /// Its name in site.toml.
    pub place: String,
    /// How many tiles it has.
    pub tiles: usize,
    /// How many of them stand elsewhere than the origin put them.
    pub moved: usize,
}

/// What a page cost so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Handlers that look at the page: one or two for each insertion and one for all at an
    /// element's end, three or four for each list.
    pub handlers: usize,
    /// Pieces in which output came.
    pub pieces: usize,
    /// The most bytes that were held back at once: of a list, at most [`MAX_HELD_BYTES`], and as many
    /// of an element whose content is replaced.
    pub held_bytes: usize,
    /// Bytes of the page that were not looked at, because nothing was left to do or a limit was reached.
    pub bypassed_bytes: usize,
}

type Shared = Arc<Mutex<Output>>;

/// A page on its way through.
pub struct Rewriter {
    output: Shared,
    state: State,
    /// `None` when lol_html looks at all of the page.
    skim: Option<Box<Skim>>,
    budget: Budget,
    copy: Option<Copy>,
    #[cfg(feature = "decode")]
    decoder: Option<decode::Decoder>,
    #[cfg(feature = "decode")]
    decoded: Vec<u8>,
}

/// A copy of what the origin sent, and who gets it when it is whole, with the lines of its head.
struct Copy {
    bytes: Vec<u8>,
    /// The most bytes that are copied.
    most: usize,
    head: Option<Lines>,
    then: TakeCopy,
}

/// Lines of a head, names in lower case.
type Lines = Vec<(String, String)>;

/// Takes a page and its head.
pub(crate) type TakeCopy = Box<dyn FnOnce(Vec<u8>, Lines) + Send>;

enum State {
    /// Not enough has come to tell whether this is UTF-16: at most one byte.
    Starting(Box<HtmlRewriter<'static, Sink>>, Option<u8>),
    Rewriting(Box<HtmlRewriter<'static, Sink>>),
    /// A JSON document: held until its end.
    Holding(json::Document),
    /// Nothing (more) to do: bytes go through.
    Through,
}

impl Rewriter {
    /// Sets up a rewriter. With an empty plan, bytes go through as they are.
    pub(crate) fn new(plan: Plan, form: BodyForm, exposures: Exposures) -> Self {
        let output = Arc::new(Mutex::new(Output::new(exposures)));
        let mut skim = None;
        let state = if plan.is_empty() {
            State::Through
        } else if !plan.json.is_empty() {
            State::Holding(json::Document::new(plan.json))
        } else {
            let interests = setup::interests(&plan, form.charset);
            skim = interests.map(|interests| Box::new(Skim::new(&interests)));
            let rewriter = setup::html_rewriter(plan, form.charset, &output);
            State::Starting(Box::new(rewriter), None)
        };
        #[cfg(not(feature = "decode"))]
        let Coding::Identity = form.coding;
        Self {
            output,
            state,
            skim,
            budget: Budget::default(),
            copy: None,
            #[cfg(feature = "decode")]
            decoder: decode::Decoder::new(form.coding),
            #[cfg(feature = "decode")]
            decoded: Vec::new(),
        }
    }

    /// Hands everything on as it is, coded or not: for a host that has to pump the body of a page itself that
    /// it held back and that then passes.
    pub fn through() -> Self {
        let form = BodyForm {
            kind: BodyKind::Html,
            charset: None,
            coding: Coding::Identity,
        };
        Self::new(Plan::default(), form, Exposures::default())
    }

    /// Has lol_html look at all of the page. It gives the same bytes in more time, so this is to compare them.
    pub fn look_at_all(&mut self) {
        self.skim = None;
    }

    /// Has what is pushed copied, and handed over with its head when the page is whole, unless it is longer than `most` bytes.
    pub(crate) fn copy(&mut self, most: usize, then: TakeCopy) {
        self.copy = Some(Copy {
            bytes: Vec::new(),
            most,
            head: None,
            then,
        });
    }

    /// Whether the page may be kept, and so [`Rewriter::keep_head`] is to be called.
    pub fn wants_head(&self) -> bool {
        self.copy.as_ref().is_some_and(|copy| copy.head.is_none())
    }

    /// All lines of the head with which the page came, names in lower case, values isomorphic.
    pub fn keep_head(&mut self, lines: Vec<(String, String)>) {
        if let Some(copy) = &mut self.copy {
            // Its length, if it is told: a buffer that grows is there twice now and then.
            let mut lengths = lines.iter().filter(|(name, _)| name == "content-length");
            let length = lengths
                .next()
                .and_then(|(_, length)| length.parse::<usize>().ok());
            let length = length.unwrap_or_default();
            if length > copy.most {
                return self.copy = None;
            }
            copy.bytes.reserve_exact(length);
            copy.head = Some(lines);
        }
    }

    /// Feeds a chunk of the origin's body; appends to `out` all that may leave now, maybe nothing.
    ///
    /// # Errors
    /// The body cannot be decoded. Send `out`, then end the visitor's response the way an origin's
    /// abort would end it.
    pub fn push(&mut self, chunk: &[u8], out: &mut Vec<u8>) -> Result<(), BrokenBody> {
        if let Some(mut copy) = self.copy.take()
            && copy.bytes.len() + chunk.len() <= copy.most
        {
            copy.bytes.extend_from_slice(chunk);
            self.copy = Some(copy);
        }
        #[cfg(feature = "decode")]
        if let Some(mut decoder) = self.decoder.take() {
            let mut decoded = std::mem::take(&mut self.decoded);
            let result = decoder.push(chunk, &mut decoded, |part| self.push_decoded(part, out));
            self.decoded = decoded;
            self.decoder = Some(decoder);
            return result;
        }
        self.push_decoded(chunk, out);
        Ok(())
    }

    /// The origin's body has ended: appends the rest.
    ///
    /// # Errors
    /// As [`Rewriter::push`].
    pub fn finish(mut self, out: &mut Vec<u8>) -> Result<Exposures, BrokenBody> {
        #[cfg(feature = "decode")]
        if let Some(mut decoder) = self.decoder.take() {
            let mut decoded = std::mem::take(&mut self.decoded);
            decoder.finish(&mut decoded, |part| self.push_decoded(part, out))?;
        }
        self.order_document(out);
        self.end_skimming(out);
        self.close_elements(out);
        self.end(out);
        if let Some(Copy {
            bytes, head, then, ..
        }) = self.copy.take()
            && let Some(head) = head
        {
            then(bytes, head);
        }
        Ok(std::mem::take(&mut lock(&self.output).exposures))
    }

    /// The origin broke off: appends what was held back, as it was.
    pub fn abort(mut self, out: &mut Vec<u8>) {
        // Dropping lol_html would lose the start of a tag that it waits to see the end of; the
        // visitor's copy ends there as the origin's did.
        self.end(out);
    }

    /// What the page cost so far.
    pub fn counts(&self) -> Counts {
        lock(&self.output).counts
    }

    /// Whether nothing more of the page will change: what has not been pushed yet may be handed to the
    /// visitor as it is, without [`Rewriter::push`]. [`Rewriter::finish`] and [`Rewriter::abort`] stay
    /// what they are, and give no bytes. It says so after the push that made it so; never of a body that
    /// this rewriter decodes, nor of one that it copies.
    pub fn is_through(&self) -> bool {
        #[cfg(feature = "decode")]
        if self.decoder.is_some() {
            return false;
        }
        self.copy.is_none() && matches!(self.state, State::Through)
    }

    fn push_decoded(&mut self, mut chunk: &[u8], out: &mut Vec<u8>) {
        if let State::Holding(document) = &mut self.state {
            if document.write(chunk) {
                lock(&self.output).counts.held_bytes = document.len();
                return;
            }
            lock(&self.output).give_up("JSON that is longer than what may be held back");
            self.end(out);
        }
        if matches!(self.state, State::Starting(..)) {
            self.start(&mut chunk, out);
        }
        out.reserve(chunk.len());
        // A page is looked at in slices, to stop soon after the last place is filled.
        while !chunk.is_empty() && matches!(self.state, State::Rewriting(_)) {
            let (slice, _) = chunk.split_at(chunk.len().min(self.slice_bytes()));
            // What is not looked at now is asked for again.
            let mut budget = self.budget;
            let over = budget.spend(slice).err();
            let allowed = over.as_ref().map_or(slice.len(), |over| over.allowed);
            let looked_at = self.look(slice.get(..allowed).unwrap_or(slice), out);
            if looked_at < allowed {
                // Within every limit, as more is.
                let _ = self.budget.spend(slice.get(..looked_at).unwrap_or(slice));
            } else {
                self.budget = budget;
            }
            chunk = chunk.get(looked_at..).unwrap_or_default();
            if let Some(Over { reason, .. }) = over.filter(|_| looked_at == allowed) {
                self.end(out);
                lock(&self.output).give_up(reason);
            } else if lock(&self.output).is_done() {
                self.end(out);
            }
        }
        if !chunk.is_empty() && matches!(self.state, State::Through) {
            lock(&self.output).counts.bypassed_bytes += chunk.len();
            append(out, chunk);
        }
    }

    /// A JSON document has ended, and may be one: appends it with its lists in order.
    fn order_document(&mut self, out: &mut Vec<u8>) {
        if matches!(self.state, State::Holding(_))
            && let State::Holding(document) = std::mem::replace(&mut self.state, State::Through)
        {
            let mut output = lock(&self.output);
            match document.into_ordered(out) {
                Ok(lists) => output.exposures.lists = lists,
                Err(reason) => output.give_up(reason),
            }
        }
    }

    /// Waits for two bytes, which are a byte order mark or not.
    fn start(&mut self, chunk: &mut &[u8], out: &mut Vec<u8>) {
        let State::Starting(rewriter, first) = std::mem::replace(&mut self.state, State::Through)
        else {
            return;
        };
        let mark = match (first, *chunk) {
            (None, []) => return self.state = State::Starting(rewriter, None),
            (None, &[first @ (0xFE | 0xFF)]) => {
                *chunk = &[];
                return self.state = State::Starting(rewriter, Some(first));
            }
            (Some(first), []) => return self.state = State::Starting(rewriter, Some(first)),
            (None, &[first, second, ..]) | (Some(first), &[second, ..]) => [first, second],
            (None, &[first]) => [first, 0],
        };
        if mark == [0xFE, 0xFF] || mark == [0xFF, 0xFE] {
            out.extend(first);
            return lock(&self.output).give_up("a UTF-16 byte order mark");
        }
        self.state = State::Rewriting(rewriter);
        if let Some(first) = first {
            // One byte is within every limit.
            let _ = self.budget.spend(&[first]);
            self.write(&[first], out);
        }
    }

    fn write(&mut self, chunk: &[u8], out: &mut Vec<u8>) {
        if chunk.is_empty() {
            return;
        }
        let State::Rewriting(rewriter) = &mut self.state else {
            return out.extend_from_slice(chunk);
        };
        // The output writes to the caller's buffer, which saves copying all of it once more.
        std::mem::swap(&mut lock(&self.output).ready, out);
        let result = rewriter.write(chunk);
        let mut output = lock(&self.output);
        if let Err(error) = result {
            // lol_html has flushed the rest of its input as it was (graceful bail-out).
            output.give_up(&error.to_string());
            self.state = State::Through;
        }
        std::mem::swap(&mut output.ready, out);
    }

    /// What belongs at the end of elements that are open when the page ends is written there.
    fn close_elements(&mut self, out: &mut Vec<u8>) {
        if !matches!(self.state, State::Rewriting(_)) {
            return;
        }
        let mut output = lock(&self.output);
        std::mem::swap(&mut output.ready, out);
        let is_awaited = output.start_closing();
        std::mem::swap(&mut output.ready, out);
        drop(output);
        if !is_awaited {
            return;
        }
        self.write(ends::PROBE, out);
        self.end(out);
        // Where a script, a comment or a tag is open, what was asked with is a part of it.
        if lock(&self.output).has_open_places() && out.ends_with(ends::PROBE) {
            out.truncate(out.len() - ends::PROBE.len());
        }
    }

    /// Ends lol_html's work: it hands over the tag that it waits to see the end of, as it is.
    fn end(&mut self, out: &mut Vec<u8>) {
        self.end_skimming(out);
        std::mem::swap(&mut lock(&self.output).ready, out);
        let result = match std::mem::replace(&mut self.state, State::Through) {
            State::Through => Ok(()),
            State::Holding(document) => {
                append(&mut lock(&self.output).ready, &document.release());
                Ok(())
            }
            State::Rewriting(rewriter) => rewriter.end(),
            State::Starting(mut rewriter, first) => rewriter
                .write(first.as_slice())
                .and_then(|()| rewriter.end()),
        };
        let mut output = lock(&self.output);
        if let Err(error) = result {
            output.give_up(&error.to_string());
        }
        output.release_held();
        std::mem::swap(&mut output.ready, out);
    }
}

impl std::fmt::Debug for Rewriter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rewriter").finish_non_exhaustive()
    }
}

fn lock(output: &Shared) -> MutexGuard<'_, Output> {
    // A panic elsewhere must not take the page with it.
    output.lock().unwrap_or_else(PoisonError::into_inner)
}
