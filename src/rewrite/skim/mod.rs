//! A scanner that stands in front of lol_html.
//!
//! lol_html matches selectors at every start tag and keeps a stack of all elements, which is most of what a page
//! costs, while at most tags no selector of a site can match: `ul.products li.tile` needs a `<ul`, and below that one
//! a `<li`. So this scanner follows the page's tags, and where none of them fits a compound of a selector
//! ([`Interests`]), bytes go past lol_html. At a start tag that may fit, and at the end tag of an element whose end is
//! waited for, lol_html is told which elements are open, and sees the tag.
//!
//! lol_html is the judge: what the scanner takes for the same as lol_html is what its tests compare, and whatever
//! is rare (MathML, an `<svg>` with HTML in it, `<plaintext>`, a tag of more than [`MAX_TAIL_BYTES`]) is left to
//! lol_html from there to the page's end, as is a page where too many tags may fit.

mod interests;
mod judge;
mod kind;
mod tags;

use memchr::memchr;

use interests::{Fit, Interests};
pub(super) use judge::{Ends, HandedOver};
use kind::{Key, Kind, SHORT};
use tags::{Tag, begins, comment_end, end_at, ends_name, tag_at};
pub(super) use tags::{name_of, value};

use crate::plan::{Interest, Matters};

/// What is held back at most of a tag or comment whose end has not come, in bytes.
const MAX_TAIL_BYTES: usize = 64 << 10;
/// How deep elements lie at most, and the most bytes of their names.
const MAX_OPEN: usize = 512;
const MAX_NAME_BYTES: usize = 16 << 10;
/// What tells a script's or a style's end, or a comment in a script, is not longer than this.
const MOST_LOOKAHEAD: usize = 12;

/// What a page is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Text {
    Html,
    /// Within an `<svg>`.
    Drawing,
    /// Within a caption of it.
    Caption,
    /// Text up to the end tag of the innermost element.
    Raw,
    /// A script's, which may have a comment in it, and a script in that, whose end tag is not its own.
    Script(Comment),
}

/// In a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comment {
    Outside,
    Inside,
    InsideScript,
}

/// An open element.
#[derive(Debug, Clone, Copy)]
struct Open {
    name: Key,
    /// Where its name begins in [`Skim::names`], if it is a long one.
    start: usize,
    /// A selector that began to match at it goes on below.
    is_root: bool,
    /// lol_html has to see where it ends.
    is_awaited: bool,
    /// What else its end means.
    ends: Option<Ends>,
    /// Its start tag's length in [`Skim::names`], where that is kept: while it ends something.
    tag: usize,
}

const SVG: Key = Key::of(b"svg");

/// Where a scan stops.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// At a start tag that may matter. [`Skim::take`] goes on.
    Start { start: usize, end: usize },
    /// At the end tag of an element whose end is waited for, or of one around it. [`Skim::leave`] goes on.
    End { start: usize, end: usize },
    /// Before what is left to lol_html, for good.
    Judge(usize),
    /// Before what has not come to its end.
    More(usize),
}

impl Stop {
    /// Where the tag begins and ends; nothing where it stops before one.
    pub(super) fn range(&self) -> std::ops::Range<usize> {
        match *self {
            Self::Start { start, end } | Self::End { start, end } => start..end,
            Self::Judge(at) | Self::More(at) => at..at,
        }
    }
}

/// The tag at which a scan stopped.
#[derive(Debug, Clone, Copy, Default)]
struct Stopped {
    tag: Tag,
    /// What a start tag fits.
    fit: Fit,
    /// The element that an end tag ends, of those that are open.
    ended: usize,
}

/// The scanner.
#[derive(Debug)]
pub(super) struct Skim {
    interests: Interests,
    text: Text,
    open: Vec<Open>,
    /// The long names of open elements.
    names: Vec<u8>,
    /// How many of the open elements lol_html knows.
    known: usize,
    /// End tags that it has to be told of before.
    owed: Vec<u8>,
    /// Where in what it is told the tags stand of elements whose ends it takes over.
    told_at: Vec<usize>,
    /// How many of the open elements selectors go on below.
    roots: usize,
    /// How many start tags there were, and how many of them lol_html has been shown.
    tags: usize,
    shown: usize,
    /// What has not come to its end.
    tail: Vec<u8>,
    stopped: Stopped,
}

impl Skim {
    pub(super) fn new(interests: &[Interest]) -> Self {
        Self {
            interests: Interests::new(interests),
            text: Text::Html,
            open: Vec::new(),
            names: Vec::new(),
            known: 0,
            owed: Vec::new(),
            told_at: Vec::new(),
            roots: 0,
            tags: 0,
            shown: 0,
            tail: Vec::new(),
            stopped: Stopped::default(),
        }
    }

    /// What was held back, with what came behind it; `None` while it has no end.
    pub(super) fn join(&mut self, chunk: &[u8]) -> Option<Vec<u8>> {
        self.tail.extend_from_slice(chunk);
        let is_tag = !matches!(self.text, Text::Raw | Text::Script(_));
        let is_short = self.tail.len() <= MAX_TAIL_BYTES;
        // Tags and comments end with this.
        if is_tag && is_short && memchr(b'>', chunk).is_none() {
            return None;
        }
        Some(std::mem::take(&mut self.tail))
    }

    /// Whether nothing is held back.
    pub(super) fn is_even(&self) -> bool {
        self.tail.is_empty()
    }

    /// Holds back what has no end yet; `false` when it is too long.
    pub(super) fn hold(&mut self, rest: &[u8]) -> bool {
        let is_short = rest.len() <= MAX_TAIL_BYTES;
        if is_short {
            self.tail.clear();
            self.tail.extend_from_slice(rest);
        }
        is_short
    }

    /// What was held back, for who does not scan on.
    pub(super) fn release(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.tail)
    }

    /// Reads on from `at`; `wants` tells what matters now.
    pub(super) fn scan(
        &mut self,
        bytes: &[u8],
        mut at: usize,
        wants: impl Fn(Matters) -> bool + Copy,
    ) -> Stop {
        loop {
            let stopped = match self.text {
                Text::Raw | Text::Script(_) => self.raw(bytes, at),
                _ => self.markup(bytes, at, wants),
            };
            match stopped {
                Ok(next) => at = next,
                Err(stop) => return stop,
            }
        }
    }

    /// Reads the next tag or comment; gives where it ends.
    fn markup(
        &mut self,
        bytes: &[u8],
        at: usize,
        wants: impl Fn(Matters) -> bool,
    ) -> Result<usize, Stop> {
        let rest = bytes.get(at..).unwrap_or_default();
        // Often the next tag follows at once, or on the next line.
        let found = match rest {
            [b'<', ..] => Some(0),
            [_, b'<', ..] => Some(1),
            _ => memchr(b'<', rest),
        };
        let Some(start) = found.map(|found| at + found) else {
            return Err(Stop::More(bytes.len()));
        };
        let byte = |n: usize| bytes.get(start + n).copied().ok_or(Stop::More(start));
        // A comment of the kind that no `--` begins.
        let bogus = || end_at(bytes, start + 2).ok_or(Stop::More(start));
        match byte(1)? {
            b'/' if byte(2)?.is_ascii_alphabetic() => {
                if let Some(end) = self.plain_end(bytes, start) {
                    return Ok(end);
                }
                let (tag, _) = tag_at(bytes, start, 2).ok_or(Stop::More(start))?;
                self.end_tag(bytes, tag)
            }
            b'/' | b'?' => bogus(),
            b'!' if byte(2)? == b'-' && byte(3)? == b'-' => {
                comment_end(bytes, start).ok_or(Stop::More(start))
            }
            // `<![CDATA[`
            b'!' if self.text != Text::Html => Err(Stop::Judge(start)),
            b'!' => bogus(),
            first if first.is_ascii_alphabetic() => {
                let (tag, is_plain) = tag_at(bytes, start, 1).ok_or(Stop::More(start))?;
                match is_plain {
                    true => self.start_tag(bytes, tag, wants),
                    false => Err(Stop::Judge(start)),
                }
            }
            _ => Ok(start + 1),
        }
    }

    fn start_tag(
        &mut self,
        bytes: &[u8],
        tag: Tag,
        wants: impl Fn(Matters) -> bool,
    ) -> Result<usize, Stop> {
        let fit = self.interests.fit(bytes, tag, self.roots > 0);
        if fit.is_any() {
            if self.text != Text::Html {
                return Err(Stop::Judge(tag.start));
            }
            if fit.is_wanted(wants) {
                let Tag { start, end, .. } = tag;
                self.stopped = Stopped { tag, fit, ended: 0 };
                return Err(Stop::Start { start, end });
            }
        }
        match self.begin(bytes, tag) {
            true => Ok(tag.end),
            false => Err(Stop::Judge(tag.start)),
        }
    }

    /// An element begins; `false` when it is one that lol_html has to judge.
    fn begin(&mut self, bytes: &[u8], tag: Tag) -> bool {
        self.tags += 1;
        let text = match (self.text, Kind::of(tag.key)) {
            (Text::Html, Kind::Void) => return true,
            (Text::Html, Kind::Other | Kind::Drawing | Kind::Desc) => Text::Html,
            (Text::Html, Kind::Raw | Kind::Style | Kind::Title) => Text::Raw,
            (Text::Html, Kind::Script) => Text::Script(Comment::Outside),
            (Text::Html, Kind::Svg) if !tag.is_closed => Text::Drawing,
            (Text::Drawing, Kind::Drawing | Kind::Style) if tag.is_closed => return true,
            (Text::Drawing, Kind::Drawing | Kind::Style) => Text::Drawing,
            (Text::Drawing, Kind::Title | Kind::Desc) if !tag.is_closed => Text::Caption,
            _ => return false,
        };
        let start = self.names.len();
        if tag.key.1 > SHORT {
            self.names.extend_from_slice(tag.name(bytes));
        }
        if self.open.len() >= MAX_OPEN || self.names.len() > MAX_NAME_BYTES {
            return false;
        }
        self.open.push(Open {
            name: tag.key,
            start,
            is_root: false,
            is_awaited: false,
            ends: None,
            tag: 0,
        });
        self.text = text;
        true
    }

    /// Ends the innermost element where its end tag is nothing but its name in lower case and means nothing more, as
    /// nearly half of all tags do; gives where it ends.
    #[inline(always)]
    fn plain_end(&mut self, bytes: &[u8], start: usize) -> Option<usize> {
        let open = self.open.last()?;
        let Key(name, length @ 1..=SHORT) = open.name else {
            return None;
        };
        let rest = bytes.get(start + 2..)?;
        let word = u64::from_be_bytes(*rest.first_chunk()?);
        let is_plain = word >> (u64::BITS as usize - 8 * length) == name
            && rest.get(length) == Some(&b'>')
            && self.text == Text::Html
            && !open.is_root
            && !open.is_awaited
            && open.ends.is_none()
            && self.open.len() > self.known;
        if !is_plain {
            return None;
        }
        self.open.pop();
        Some(start + 2 + length + 1)
    }

    fn end_tag(&mut self, bytes: &[u8], tag: Tag) -> Result<usize, Stop> {
        let innermost = || self.open.last().map(|open| open.name);
        let found = self.find(bytes, tag);
        let text = match self.text {
            Text::Html | Text::Raw | Text::Script(_) => Text::Html,
            Text::Caption if innermost() == Some(tag.key) => Text::Drawing,
            Text::Caption => return Err(Stop::Judge(tag.start)),
            Text::Drawing => match Kind::of(tag.key) {
                Kind::Svg => Text::Html,
                Kind::Drawing | Kind::Style if found.is_none_or(|at| self.is_drawn(at)) => {
                    Text::Drawing
                }
                _ => return Err(Stop::Judge(tag.start)),
            },
        };
        let Some(at) = found else {
            self.text = text;
            return Ok(tag.end);
        };
        let mut ended = self.open.get(at..).unwrap_or_default().iter();
        if ended.any(|open| open.is_awaited || open.ends.is_some()) {
            let Tag { start, end, .. } = tag;
            self.stopped = Stopped {
                tag,
                fit: Fit::default(),
                ended: at,
            };
            return Err(Stop::End { start, end });
        }
        self.text = text;
        self.close(bytes, tag, at, false);
        Ok(tag.end)
    }

    /// Whether an open element lies in the `<svg>`, and not around it.
    fn is_drawn(&self, at: usize) -> bool {
        let mut within = self.open.get(at..).unwrap_or_default().iter();
        within.all(|open| open.name != SVG)
    }

    /// The innermost open element of this name.
    fn find(&self, bytes: &[u8], tag: Tag) -> Option<usize> {
        let is_it = |open: &Open| {
            let is_same = || self.long_name(open).eq_ignore_ascii_case(tag.name(bytes));
            open.name == tag.key && (tag.key.1 <= SHORT || is_same())
        };
        self.open.iter().rposition(is_it)
    }

    fn long_name(&self, open: &Open) -> &[u8] {
        // Where the tag is kept, the name stands behind its `<`.
        let start = open.start + usize::from(open.tag > 0);
        let name = self.names.get(start..start + open.name.1);
        name.unwrap_or_default()
    }

    /// Ends an element, and those in it; lol_html has to be told where it has not seen that.
    fn close(&mut self, bytes: &[u8], tag: Tag, at: usize, is_seen: bool) {
        if at < self.known {
            self.known = at;
            if !is_seen {
                self.owed.extend_from_slice(b"</");
                self.owed.extend_from_slice(tag.name(bytes));
                self.owed.push(b'>');
            }
        }
        while self.open.len() > at
            && let Some(open) = self.open.pop()
        {
            self.roots -= usize::from(open.is_root);
            self.names.truncate(open.start);
        }
    }

    /// Reads text up to the end tag of the innermost element; gives where it ends.
    fn raw(&mut self, bytes: &[u8], mut at: usize) -> Result<usize, Stop> {
        loop {
            let rest = bytes.get(at..).unwrap_or_default();
            let inside = matches!(
                self.text,
                Text::Script(Comment::Inside | Comment::InsideScript)
            );
            let found = match inside {
                true => memchr::memchr2(b'<', b'-', rest),
                false => memchr(b'<', rest),
            };
            let Some(start) = found.map(|found| at + found) else {
                return Err(Stop::More(bytes.len()));
            };
            let rest = bytes.get(start..).unwrap_or_default();
            // Too little to tell: a longer run of `-` is one of them.
            if rest.len() < MOST_LOOKAHEAD {
                return Err(Stop::More(start));
            }
            if let Text::Script(comment) = &mut self.text {
                let behind = |word: &[u8]| {
                    let named = rest.get(1..).is_some_and(|rest| begins(rest, word));
                    named && rest.get(1 + word.len()).copied().is_some_and(ends_name)
                };
                let next = match *comment {
                    // The two dashes may also be the first of those that end it.
                    Comment::Outside if rest.starts_with(b"<!--") => Some((Comment::Inside, 2)),
                    Comment::Inside | Comment::InsideScript if rest.starts_with(b"-->") => {
                        Some((Comment::Outside, 3))
                    }
                    Comment::Inside if behind(b"script") => Some((Comment::InsideScript, 8)),
                    Comment::InsideScript if behind(b"/script") => Some((Comment::Inside, 9)),
                    Comment::InsideScript => Some((Comment::InsideScript, 1)),
                    _ => None,
                };
                if let Some((next, length)) = next {
                    *comment = next;
                    at = start + length;
                    continue;
                }
            }
            if rest.starts_with(b"</") && self.is_end(rest) {
                let (tag, _) = tag_at(bytes, start, 2).ok_or(Stop::More(start))?;
                return self.end_tag(bytes, tag);
            }
            at = start + 1;
        }
    }

    /// Whether an end tag is that of the innermost element, whose name is a short one.
    fn is_end(&self, rest: &[u8]) -> bool {
        let mut key = Key::default();
        for byte in rest.iter().skip(2).take(SHORT + 1) {
            if ends_name(*byte) {
                break;
            }
            key = key.and(*byte);
        }
        self.open.last().is_some_and(|open| open.name == key)
    }
}
