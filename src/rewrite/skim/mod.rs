//! A scanner that stands in front of lol_html.
//!
//! lol_html matches selectors at every start tag and keeps a stack of all elements, which is most of what a page
//! costs, while on most of a page no selector of a site can match: `ul.products li.tile` needs a `<ul`. So this
//! scanner follows the page's tags, and as long as none of them fits the first compound of a selector
//! ([`Root`]), bytes go past lol_html. At one that may fit, lol_html is told which elements are open, and has the
//! say from there to the element's end, or as long as anything waits for an end tag.
//!
//! lol_html is the judge: what the scanner takes for the same as lol_html is what its tests compare, and whatever
//! is rare (MathML, an `<svg>` with HTML in it, `<plaintext>`, a tag of more than [`MAX_TAIL_BYTES`]) is left to
//! lol_html from there to the page's end.

mod kind;
mod tags;

use memchr::memchr;

use kind::{Key, Kind, SHORT};
use tags::{Tag, begins, comment_end, contains, end_at, ends_name, tag_at};

use crate::page::roots::Root;

/// What is held back at most of a tag or comment whose end has not come, in bytes.
const MAX_TAIL_BYTES: usize = 64 << 10;
/// How deep elements lie at most, and the most bytes of their names.
const MAX_OPEN: usize = 512;
const MAX_NAME_BYTES: usize = 16 << 10;
/// Behind an element of more bytes that lol_html had to see, it sees all: to look twice costs a third more.
const MAX_REGION_BYTES: usize = 64 << 10;
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
    /// While it is open, lol_html sees everything.
    is_region: bool,
}

/// Elements that most of a page lies in.
const PAGE: [Key; 2] = [Key::of(b"html"), Key::of(b"body")];

/// Where a scan stops.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// Before a start tag at which a selector may begin to match, and its end. [`Skim::take`] goes on.
    Match { start: usize, end: usize },
    /// Behind the end tag of an element that was taken.
    Left(usize),
    /// Before what is left to lol_html, for good.
    Judge(usize),
    /// Before what has not come to its end.
    More(usize),
}

/// The scanner.
#[derive(Debug)]
pub(super) struct Skim {
    roots: Vec<(Option<Key>, Root)>,
    text: Text,
    open: Vec<Open>,
    /// The long names of open elements.
    names: Vec<u8>,
    /// How many of the open elements lol_html knows.
    known: usize,
    /// End tags that it has to be told of before.
    owed: Vec<u8>,
    /// How many of the open elements are taken.
    regions: usize,
    /// Whether lol_html sees what is scanned.
    pub(super) is_seen: bool,
    /// How many bytes it has seen in a row.
    seen: usize,
    /// What has not come to its end.
    tail: Vec<u8>,
    matched: Tag,
}

impl Skim {
    pub(super) fn new(roots: Vec<Root>) -> Self {
        let key = |root: &Root| root.tag.as_ref().map(|tag| Key::of(tag.as_bytes()));
        Self {
            roots: roots.into_iter().map(|root| (key(&root), root)).collect(),
            text: Text::Html,
            open: Vec::new(),
            names: Vec::new(),
            known: 0,
            owed: Vec::new(),
            regions: 0,
            is_seen: false,
            seen: 0,
            tail: Vec::new(),
            matched: Tag::default(),
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

    /// Notes that lol_html sees so much more; `false` when it is to see all.
    pub(super) fn sees(&mut self, bytes: usize) -> bool {
        self.seen += bytes;
        self.seen <= MAX_REGION_BYTES
    }

    /// Lets what comes go past lol_html.
    pub(super) fn leave(&mut self) {
        self.is_seen = false;
        self.seen = 0;
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

    /// Whether lol_html need not see what comes, unless something waits for an end tag.
    pub(super) fn may_leave(&self) -> bool {
        self.regions == 0 && self.text == Text::Html
    }

    /// What lol_html has to be told before it sees more, none of which is the page's: the end tags that went past
    /// it, and the start tags of elements that are open. Those need no attributes, since no selector begins to match
    /// at them.
    pub(super) fn tell(&mut self) -> Vec<u8> {
        let mut told = std::mem::take(&mut self.owed);
        for open in self.open.get(self.known..).unwrap_or_default() {
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
        self.known = self.open.len();
        self.is_seen = true;
        told
    }

    /// Goes on behind the start tag at which a selector may match; `stays` when lol_html has to see what is in the
    /// element. `false` when that is most of the page, or when elements lie too deep.
    pub(super) fn take(&mut self, bytes: &[u8], stays: bool) -> bool {
        let tag = std::mem::take(&mut self.matched);
        let before = self.open.len();
        let fits = self.begin(bytes, tag);
        if stays && let Some(open) = self.open.get_mut(before) {
            open.is_region = true;
            self.regions += 1;
            return fits && !PAGE.contains(&open.name);
        }
        fits
    }

    /// Whether the root that matched goes on below its element.
    pub(super) fn goes_on(&self, bytes: &[u8]) -> bool {
        let mut roots = self.matching(bytes, self.matched);
        roots.any(|root| root.goes_on)
    }

    fn matching<'a>(&'a self, bytes: &'a [u8], tag: Tag) -> impl Iterator<Item = &'a Root> {
        let whole = bytes.get(tag.name_end..tag.end).unwrap_or_default();
        let fits = move |(name, root): &&(Option<Key>, Root)| {
            let has = |word: &String| contains(whole, word.as_bytes());
            name.is_none_or(|name| name == tag.key) && root.words.iter().all(has)
        };
        self.roots.iter().filter(fits).map(|(_, root)| root)
    }

    /// Reads on from `at`.
    pub(super) fn scan(&mut self, bytes: &[u8], mut at: usize) -> Stop {
        loop {
            let stopped = match self.text {
                Text::Raw | Text::Script(_) => self.raw(bytes, at),
                _ => self.markup(bytes, at),
            };
            match stopped {
                Ok(next) => at = next,
                Err(stop) => return stop,
            }
        }
    }

    /// Reads the next tag or comment; gives where it ends.
    fn markup(&mut self, bytes: &[u8], at: usize) -> Result<usize, Stop> {
        let rest = bytes.get(at..).unwrap_or_default();
        let Some(start) = memchr(b'<', rest).map(|found| at + found) else {
            return Err(Stop::More(bytes.len()));
        };
        let byte = |n: usize| bytes.get(start + n).copied().ok_or(Stop::More(start));
        // A comment of the kind that no `--` begins.
        let bogus = || end_at(bytes, start + 2).ok_or(Stop::More(start));
        match byte(1)? {
            b'/' if byte(2)?.is_ascii_alphabetic() => {
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
                    true => self.start_tag(bytes, tag),
                    false => Err(Stop::Judge(start)),
                }
            }
            _ => Ok(start + 1),
        }
    }

    fn start_tag(&mut self, bytes: &[u8], tag: Tag) -> Result<usize, Stop> {
        if self.regions == 0 && self.matching(bytes, tag).next().is_some() {
            if self.text != Text::Html {
                return Err(Stop::Judge(tag.start));
            }
            self.matched = tag;
            let Tag { start, end, .. } = tag;
            return Err(Stop::Match { start, end });
        }
        match self.begin(bytes, tag) {
            true => Ok(tag.end),
            false => Err(Stop::Judge(tag.start)),
        }
    }

    /// An element begins; `false` when it is one that lol_html has to judge.
    fn begin(&mut self, bytes: &[u8], tag: Tag) -> bool {
        let is_closed = || bytes.get(tag.end.saturating_sub(2)) == Some(&b'/');
        let text = match (self.text, Kind::of(tag.key)) {
            (Text::Html, Kind::Void) => return true,
            (Text::Html, Kind::Other | Kind::Drawing | Kind::Desc) => Text::Html,
            (Text::Html, Kind::Raw | Kind::Style | Kind::Title) => Text::Raw,
            (Text::Html, Kind::Script) => Text::Script(Comment::Outside),
            (Text::Html, Kind::Svg) if !is_closed() => Text::Drawing,
            (Text::Drawing, Kind::Drawing | Kind::Style) => return true,
            (Text::Drawing, Kind::Title | Kind::Desc) if !is_closed() => Text::Caption,
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
            is_region: false,
        });
        if self.is_seen {
            self.known = self.open.len();
        }
        self.text = text;
        true
    }

    fn end_tag(&mut self, bytes: &[u8], tag: Tag) -> Result<usize, Stop> {
        let innermost = || self.open.last().map(|open| open.name);
        match self.text {
            Text::Html => {}
            Text::Raw | Text::Script(_) => self.text = Text::Html,
            Text::Caption if innermost() == Some(tag.key) => self.text = Text::Drawing,
            Text::Caption => return Err(Stop::Judge(tag.start)),
            Text::Drawing => match Kind::of(tag.key) {
                Kind::Svg => self.text = Text::Html,
                // The end of what is in the drawing, unless the page has such an element around it.
                Kind::Drawing | Kind::Style if self.find(bytes, tag).is_none() => {
                    return Ok(tag.end);
                }
                _ => return Err(Stop::Judge(tag.start)),
            },
        }
        self.close(bytes, tag)
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
        let name = self.names.get(open.start..open.start + open.name.1);
        name.unwrap_or_default()
    }

    /// Ends the innermost element of this name, and those in it.
    fn close(&mut self, bytes: &[u8], tag: Tag) -> Result<usize, Stop> {
        let Some(at) = self.find(bytes, tag) else {
            return Ok(tag.end);
        };
        if at < self.known {
            self.known = at;
            if !self.is_seen {
                self.owed.extend_from_slice(b"</");
                self.owed.extend_from_slice(tag.name(bytes));
                self.owed.push(b'>');
            }
        }
        let mut left = 0;
        while self.open.len() > at
            && let Some(open) = self.open.pop()
        {
            left += usize::from(open.is_region);
            self.names.truncate(open.start);
        }
        self.regions -= left;
        match left > 0 && self.regions == 0 {
            true => Err(Stop::Left(tag.end)),
            false => Ok(tag.end),
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
