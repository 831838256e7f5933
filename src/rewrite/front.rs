//! What of a page lol_html sees, and what goes past it.

use super::handlers::MAX_LINK_TAG_BYTES;
use super::skim::{Ends, Skim, Stop, name_of, value};
use super::{Rewriter, State, lock};

/// How much of a page is looked at before asking again whether anything is left to do, in bytes.
const SLICE_BYTES: usize = 4 << 10;

/// The same where most of it goes past lol_html.
const SKIMMED_BYTES: usize = 64 << 10;

impl Rewriter {
    /// How much to look at before asking again whether anything is left to do.
    pub(super) fn slice_bytes(&self) -> usize {
        match &self.skim {
            Some(skim) if skim.is_even() => SKIMMED_BYTES,
            _ => SLICE_BYTES,
        }
    }

    /// Shows lol_html what it has to see, and lets the rest pass; how much of the chunk that was.
    pub(super) fn look(&mut self, chunk: &[u8], out: &mut Vec<u8>) -> usize {
        let Some(mut skim) = self.skim.take() else {
            self.write(chunk, out);
            return chunk.len();
        };
        let joined;
        let bytes = match skim.is_even() {
            true => chunk,
            false => match skim.join(chunk) {
                Some(whole) => {
                    joined = whole;
                    &joined
                }
                None => {
                    self.skim = Some(skim);
                    return chunk.len();
                }
            },
        };
        let held = bytes.len() - chunk.len();
        let range = |from: usize, to: usize| bytes.get(from..to).unwrap_or_default();
        let mut done = 0;
        loop {
            let stop = {
                let output = lock(&self.output);
                skim.scan(bytes, done, |matters| output.wants(matters))
            };
            let tag = stop.range();
            self.pass(range(done, tag.start), out);
            done = tag.end;
            let tag = range(tag.start, tag.end);
            let is_skimmed = match stop {
                Stop::Start { .. } => match self.list_tag(&skim, tag) {
                    Some(ends) => {
                        self.pass(tag, out);
                        skim.note(bytes, ends);
                        true
                    }
                    None => {
                        let before = lock(&self.output).awaited_ends;
                        self.show(&mut skim, tag, out);
                        let is_awaited = lock(&self.output).awaited_ends > before;
                        skim.take(bytes, is_awaited)
                    }
                },
                Stop::End { .. } => {
                    self.end_elements(&mut skim, bytes, tag, out);
                    true
                }
                Stop::Judge(_) => false,
                Stop::More(_) => skim.hold(range(done, bytes.len())),
            };
            if !is_skimmed {
                let seen = done.max(held);
                self.show(&mut skim, range(done, seen), out);
                return seen - held;
            }
            if matches!(stop, Stop::More(_)) {
                self.skim = Some(skim);
                return chunk.len();
            }
            if lock(&self.output).is_done() {
                // Of what was held back there may be more.
                let _ = skim.hold(range(done, held));
                self.skim = Some(skim);
                return done.saturating_sub(held);
            }
        }
    }

    /// What the end of an element means at whose start tag the scanner stopped, where that is known without lol_html: in
    /// a list with plain selectors, at a tag that matters to nothing else.
    fn list_tag(&self, skim: &Skim, tag: &[u8]) -> Option<Option<Ends>> {
        // Other letters are read by the page's charset.
        if !skim.is_of_list() || tag.len() > MAX_LINK_TAG_BYTES || !tag.is_ascii() {
            return None;
        }
        let tag = str::from_utf8(tag).ok()?;
        let name = name_of(tag).to_ascii_lowercase();
        let mut output = lock(&self.output);
        let list = output.plain_list()?;
        Some(list.tag(&name, skim.is_void(), |name| value(tag, name)))
    }

    /// An end tag that ends something.
    fn end_elements(&mut self, skim: &mut Skim, bytes: &[u8], tag: &[u8], out: &mut Vec<u8>) {
        if skim.is_awaited() {
            // With it lol_html is told of all that is open, and takes over what ends here.
            self.show(skim, tag, out);
            return skim.leave(bytes, true);
        }
        let name = String::from_utf8_lossy(tag).to_ascii_lowercase();
        let name = name_of(&name);
        let mut behind = None;
        for (ends, is_own) in skim.ended() {
            if let Some(held) = lock(&self.output).list(ends.list) {
                match ends.is_scope {
                    true => held.end_scope(ends.tile),
                    false if held.end_tile(ends.tile, name, is_own) => behind = Some(ends),
                    false => {}
                }
            }
        }
        self.pass(tag, out);
        if let Some(ends) = behind
            && let Some(held) = lock(&self.output).list(ends.list)
        {
            held.mark_end(ends.tile);
        }
        skim.leave(bytes, false);
    }

    /// Shows lol_html some bytes, and tells it before which elements are open.
    fn show(&mut self, skim: &mut Skim, bytes: &[u8], out: &mut Vec<u8>) {
        if !matches!(self.state, State::Rewriting(_)) {
            return out.extend_from_slice(bytes);
        }
        let mut told = skim.tell();
        let mut output = lock(&self.output);
        output.unheard = told.len();
        output.handed_over.extend(skim.hand_over(told.len()));
        drop(output);
        told.extend_from_slice(bytes);
        self.write(&told, out);
        let mut output = lock(&self.output);
        output.unheard = 0;
        output.handed_over.clear();
        drop(output);
        skim.reuse(told);
    }

    /// Lets bytes go past lol_html.
    fn pass(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        if !bytes.is_empty() {
            let mut output = lock(&self.output);
            std::mem::swap(&mut output.ready, out);
            output.write(bytes);
            std::mem::swap(&mut output.ready, out);
        }
    }

    /// Hands on what the scanner holds back, and leaves the rest to lol_html.
    pub(super) fn end_skimming(&mut self, out: &mut Vec<u8>) {
        let Some(mut skim) = self.skim.take() else {
            return;
        };
        let tail = skim.release();
        // Places at the ends of elements ask lol_html where the page ends.
        let is_asked = lock(&self.output).has_open_places();
        match is_asked {
            true => self.show(&mut skim, &tail, out),
            false => self.pass(&tail, out),
        }
    }
}
