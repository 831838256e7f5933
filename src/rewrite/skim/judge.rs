//! What passes between the scanner and lol_html: which tags it is shown, and what it is told before.

use super::kind::{Key, Kind, SHORT};
use super::{Comment, MAX_NAME_BYTES, MAX_OPEN, Open, Skim, Stopped, Text};

/// Where lol_html has seen more than so many start tags, and more than one of so many that stood there, it sees all:
/// to show it a tag costs as much as three that it comes across.
const FEW_SHOWN: usize = 64;
const MOST_SHOWN: usize = 3;

/// What the end of an element in a list means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::rewrite) struct Ends {
    /// The held list's id.
    pub(in crate::rewrite) list: usize,
    /// The tile's.
    pub(in crate::rewrite) tile: usize,
    /// Not the tile ends, but what no start tag in it ends.
    pub(in crate::rewrite) is_scope: bool,
}

/// What the end of an element means that lol_html is told of.
#[derive(Debug, Clone, Copy)]
pub(in crate::rewrite) struct HandedOver {
    pub(in crate::rewrite) ends: Ends,
    /// How much of what it is told is left from the element's start tag on, in bytes.
    pub(in crate::rewrite) left: usize,
}

impl Skim {
    /// What lol_html has to be told before it sees more, none of which is the page's: the end tags that went past
    /// it, and the start tags of elements that are open. Those need no attributes, since no selector has a compound
    /// that fits them.
    pub(in crate::rewrite) fn tell(&mut self) -> Vec<u8> {
        let mut told = std::mem::take(&mut self.owed);
        self.told_at.clear();
        for open in self.open.get(self.known..).unwrap_or_default() {
            if open.ends.is_some() {
                self.told_at.push(told.len());
                // It takes over to notice the end, so it sees the tag as it was.
                let tag = self.names.get(open.start..open.start + open.tag);
                told.extend_from_slice(tag.unwrap_or_default());
                continue;
            }
            told.push(b'<');
            match open.name {
                Key(bytes, ..=SHORT) => {
                    let bytes = bytes.to_be_bytes();
                    told.extend(bytes.iter().skip_while(|byte| **byte == 0));
                }
                _ => told.extend_from_slice(self.long_name(open)),
            }
            told.push(b'>');
        }
        match self.text {
            Text::Script(Comment::Inside) => told.extend_from_slice(b"<!--"),
            Text::Script(Comment::InsideScript) => told.extend_from_slice(b"<!--<script "),
            _ => {}
        }
        told
    }

    /// What the elements end that lol_html is [told](Skim::tell) of, in so many bytes: from then on it notices their ends.
    pub(in crate::rewrite) fn hand_over(
        &mut self,
        told: usize,
    ) -> impl Iterator<Item = HandedOver> {
        let known = self.known;
        self.known = self.open.len();
        let open = self.open.get_mut(known..).unwrap_or_default().iter_mut();
        let ended = open.filter_map(|open| {
            let ends = open.ends.take()?;
            open.is_awaited = true;
            Some(ends)
        });
        let ended = ended.zip(&self.told_at);
        ended.map(move |(ends, at)| HandedOver {
            ends,
            left: told - at,
        })
    }

    /// Takes back the buffer that [`Skim::tell`] gave.
    pub(in crate::rewrite) fn reuse(&mut self, mut told: Vec<u8>) {
        told.clear();
        self.owed = told;
    }

    /// Whether lol_html need not see the start tag where a list knows what to do with it: it matters to nothing else, and
    /// [`Skim::note`] can go on behind it.
    pub(in crate::rewrite) fn is_of_list(&self) -> bool {
        let Stopped { tag, fit, .. } = self.stopped;
        let usual = [Kind::Void, Kind::Other, Kind::Drawing, Kind::Desc];
        let has_room = self.names.len() + (tag.end - tag.start) <= MAX_NAME_BYTES;
        let is_usual = usual.contains(&Kind::of(tag.key));
        fit.is_of_list() && is_usual && has_room && self.open.len() < MAX_OPEN
    }

    /// Whether the element has no end tag.
    pub(in crate::rewrite) fn is_void(&self) -> bool {
        Kind::of(self.stopped.tag.key) == Kind::Void
    }

    /// Goes on behind the start tag that lol_html has seen; `is_awaited` when it has to see the element's end.
    /// `false` when it is to see the rest.
    pub(in crate::rewrite) fn take(&mut self, bytes: &[u8], is_awaited: bool) -> bool {
        let Stopped { tag, fit, .. } = self.stopped;
        let before = self.open.len();
        let goes_on = self.begin(bytes, tag);
        self.known = self.open.len();
        if let Some(open) = self.open.get_mut(before) {
            *open = Open {
                is_root: fit.goes_on,
                is_awaited,
                ..*open
            };
            self.roots += usize::from(fit.goes_on);
        }
        self.shown += 1;
        goes_on && self.shown <= FEW_SHOWN + self.tags / MOST_SHOWN
    }

    /// Goes on behind a start tag [of a list](Skim::is_of_list).
    pub(in crate::rewrite) fn note(&mut self, bytes: &[u8], ends: Option<Ends>) {
        let tag = self.stopped.tag;
        let before = self.open.len();
        self.begin(bytes, tag);
        if let Some(open) = self.open.get_mut(before)
            && ends.is_some()
        {
            let whole = bytes.get(tag.start..tag.end).unwrap_or_default();
            self.names.truncate(open.start);
            self.names.extend_from_slice(whole);
            *open = Open {
                ends,
                tag: whole.len(),
                ..*open
            };
        }
    }

    /// What ends with the end tag, from the inside out; and whether it is the element's own.
    pub(in crate::rewrite) fn ended(&self) -> impl Iterator<Item = (Ends, bool)> {
        let at = self.stopped.ended;
        let open = self.open.iter().enumerate().skip(at).rev();
        open.filter_map(move |(index, open)| Some((open.ends?, index == at)))
    }

    /// Whether lol_html has to see the end tag.
    pub(in crate::rewrite) fn is_awaited(&self) -> bool {
        let mut ended = self
            .open
            .get(self.stopped.ended..)
            .unwrap_or_default()
            .iter();
        ended.any(|open| open.is_awaited)
    }

    /// Goes on behind the end tag; `is_seen` when lol_html has seen it.
    pub(in crate::rewrite) fn leave(&mut self, bytes: &[u8], is_seen: bool) {
        let Stopped { tag, ended, .. } = self.stopped;
        self.close(bytes, tag, ended, is_seen);
        self.text = Text::Html;
    }
}
