//! The pass that reads a page for its facts. Its output is dropped, so that text handlers, which lol_html
//! decodes and encodes text for, harm nothing.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lol_html::send::{ElementContentHandlers, HtmlRewriter, Settings};
use lol_html::{AsciiCompatibleEncoding, MemorySettings, Selector};

use super::{MAX_FACT_TEXT_BYTES, MAX_HELD_HEAD_BYTES, MAX_OPEN_ELEMENTS};
use super::{json_ld, microdata, select};
use crate::rewrite::{MAX_PARSER_BYTES, Sink};
use crate::site::{Fact, Source};

/// How much of a page is read before asking whether all is known, in bytes.
const SLICE_BYTES: usize = 4 << 10;

/// Takes the texts of facts as they are found.
pub(crate) trait Taker: Send {
    /// A text of the fact with this index, not trimmed; at most [`MAX_FACT_TEXT_BYTES`].
    fn take(&mut self, fact: usize, text: &str);
    /// A block that holds all that there is of a fact has ended.
    fn end_block(&mut self, fact: usize);
    /// Whether nothing that follows in the page can change what is known.
    fn is_satisfied(&self) -> bool;
}

pub(super) type Shared<T> = Arc<Mutex<T>>;
pub(super) type Handler = (Cow<'static, Selector>, ElementContentHandlers<'static>);

/// A pass whose output goes nowhere.
type Pass = HtmlRewriter<'static, Sink>;

/// Reads the beginning of a page.
pub(crate) struct Reader<T> {
    taker: Shared<T>,
    html: Option<Box<Pass>>,
    /// How many bytes may still be read.
    left: usize,
}

impl<T: Taker + 'static> Reader<T> {
    /// For these facts, by index.
    pub(crate) fn new(
        facts: &[(usize, &Fact)],
        charset: Option<AsciiCompatibleEncoding>,
        taker: T,
    ) -> Self {
        Self::with_limit(facts, charset, taker, MAX_HELD_HEAD_BYTES)
    }

    pub(super) fn with_limit(
        facts: &[(usize, &Fact)],
        charset: Option<AsciiCompatibleEncoding>,
        taker: T,
        left: usize,
    ) -> Self {
        let taker = Arc::new(Mutex::new(taker));
        let memory = MemorySettings::new().with_max_allowed_memory_usage(MAX_PARSER_BYTES);
        let mut settings = Settings::new_send()
            .with_memory_settings(memory)
            .with_strict(false)
            .with_encoding(charset.unwrap_or_else(AsciiCompatibleEncoding::utf_8))
            .with_adjust_charset_on_meta_tag(charset.is_none());
        for handler in handlers(facts, &taker) {
            settings = settings.append_element_content_handler(handler);
        }
        let nowhere: Sink = Box::new(|_| {});
        Self {
            taker,
            html: Some(Box::new(HtmlRewriter::new(settings, nowhere))),
            left,
        }
    }

    /// Reads on; gives whether enough is read.
    pub(crate) fn push(&mut self, decoded: &[u8]) -> bool {
        for slice in decoded.chunks(SLICE_BYTES) {
            let Some(html) = &mut self.html else {
                break;
            };
            let (slice, _) = slice.split_at(slice.len().min(self.left));
            // A page that cannot be read tells nothing more.
            let is_read = html.write(slice).is_ok();
            self.left -= slice.len();
            if !is_read || self.left == 0 || lock(&self.taker).is_satisfied() {
                self.html = None;
            }
        }
        self.html.is_none()
    }

    /// Ends reading; gives what took the texts to a function.
    pub(crate) fn end<R>(self, of: impl FnOnce(&mut T) -> R) -> R {
        // Ending the pass would hand over what is not complete, so it is just dropped.
        drop(self.html);
        of(&mut lock(&self.taker))
    }
}

pub(super) fn lock<T>(shared: &Shared<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

fn handlers<T: Taker + 'static>(facts: &[(usize, &Fact)], taker: &Shared<T>) -> Vec<Handler> {
    let mut handlers = Vec::new();
    let mut ld = Vec::new();
    let mut micro = Vec::new();
    for &(at, fact) in facts {
        match &fact.source {
            Source::Element {
                selector,
                attribute,
            } => handlers.extend(select::handler(at, selector, attribute, taker)),
            Source::JsonLd(path) => ld.push((at, path.clone())),
            Source::Microdata(path) => micro.push((at, path.clone())),
            Source::Mark { selector, value } => {
                handlers.extend(select::mark(at, selector, value, taker));
            }
            Source::Path(_) | Source::Query(_) | Source::Cookie(_) => {}
        }
    }
    if !ld.is_empty() {
        handlers.extend(json_ld::handler(ld, taker));
    }
    if !micro.is_empty() {
        handlers.extend(microdata::handler(micro, taker));
    }
    handlers
}

/// The texts of elements that are open, one within the other.
#[derive(Debug)]
pub(super) struct OpenTexts<K> {
    open: Vec<(usize, K, String)>,
    next: usize,
    /// The longest text that is taken, in bytes.
    most: usize,
}

impl<K> OpenTexts<K> {
    pub(super) fn new(most: usize) -> Self {
        Self {
            open: Vec::new(),
            next: 0,
            most,
        }
    }

    /// An element begins. Gives its number, unless too many are open.
    pub(super) fn begin(&mut self, key: K) -> Option<usize> {
        if self.open.len() >= MAX_OPEN_ELEMENTS {
            return None;
        }
        self.next += 1;
        self.open.push((self.next, key, String::new()));
        Some(self.next)
    }

    /// Text within all that is open.
    pub(super) fn text(&mut self, text: &str) {
        for (_, _, taken) in &mut self.open {
            if taken.len() <= self.most {
                let room = self.most + 1 - taken.len();
                let end = text.floor_char_boundary(room.min(text.len()));
                // One byte too many tells that it is too long, also where a character does not fit.
                let is_cut = end < text.len();
                taken.push_str(text.get(..end).unwrap_or_default());
                while is_cut && taken.len() <= self.most {
                    taken.push(' ');
                }
            }
        }
    }

    /// An element ends: its text, unless that is too long.
    pub(super) fn end(&mut self, number: usize) -> Option<(K, String)> {
        let at = self.open.iter().position(|(open, ..)| *open == number)?;
        let (_, key, text) = self.open.remove(at);
        (text.len() <= self.most).then_some((key, text))
    }
}

/// A text as it is written in HTML, with its character references resolved.
pub(super) fn plain(html: &str) -> Option<String> {
    let text = super::select::unescape(html);
    (text.len() <= MAX_FACT_TEXT_BYTES).then_some(text)
}
