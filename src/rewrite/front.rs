//! What of a page lol_html sees, and what goes past it.

use super::skim::{Skim, Stop};
use super::{Rewriter, State, lock};

/// How much of a page is looked at before asking again whether anything is left to do, in bytes.
const SLICE_BYTES: usize = 4 << 10;

/// The same where most of it goes past lol_html.
const SKIMMED_BYTES: usize = 64 << 10;

impl Rewriter {
    /// How much to look at before asking again whether anything is left to do.
    pub(super) fn slice_bytes(&self) -> usize {
        match &self.skim {
            Some(skim) if !skim.is_seen && skim.is_even() => SKIMMED_BYTES,
            _ => SLICE_BYTES,
        }
    }

    /// Gives lol_html what it has to see, and lets the rest pass; how much of the chunk that was.
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
            let stop = skim.scan(bytes, done);
            let (start, end) = match stop {
                Stop::Match { start, end } => (start, end),
                Stop::Left(end) => (end, end),
                Stop::Judge(start) | Stop::More(start) => (start, start),
            };
            match skim.is_seen {
                true => self.write(range(done, start), out),
                false => self.pass(range(done, start), out),
            }
            // Behind a `<` that begins nothing lol_html waits for more.
            let is_even = match stop {
                Stop::More(_) => range(done, start).last().is_some_and(|byte| *byte != b'<'),
                _ => true,
            };
            let is_judged = match stop {
                Stop::Match { .. } => {
                    self.tell(&mut skim, out);
                    self.write(range(start, end), out);
                    let stays = skim.goes_on(bytes) || !lock(&self.output).is_idle();
                    !skim.take(bytes, stays)
                }
                Stop::Left(_) => false,
                Stop::Judge(_) => true,
                Stop::More(_) => {
                    let goes_on = !skim.is_seen || skim.sees(start - done);
                    !goes_on || !skim.hold(range(start, bytes.len()))
                }
            };
            done = end;
            if is_judged {
                self.tell(&mut skim, out);
                self.write(range(done, bytes.len()), out);
                return chunk.len();
            }
            if is_even && skim.may_leave() && lock(&self.output).is_idle() {
                skim.leave();
            }
            if matches!(stop, Stop::More(_)) {
                self.skim = Some(skim);
                return chunk.len();
            }
            if skim.is_seen || lock(&self.output).is_done() {
                // Of what was held back there may be more.
                let _ = skim.hold(range(done, held));
                self.skim = Some(skim);
                return done.saturating_sub(held);
            }
        }
    }

    /// Tells lol_html which elements are open.
    fn tell(&mut self, skim: &mut Skim, out: &mut Vec<u8>) {
        let told = skim.tell();
        if !told.is_empty() && matches!(self.state, State::Rewriting(_)) {
            lock(&self.output).is_deaf = true;
            self.write(&told, out);
            lock(&self.output).is_deaf = false;
        }
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
        match skim.is_seen {
            true => self.write(&tail, out),
            false => self.pass(&tail, out),
        }
    }
}
