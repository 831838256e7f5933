//! Tags and comments in a page's bytes, as lol_html's states read them.

use std::ops::Range;

use memchr::memchr;

use super::kind::Key;

/// A tag in the bytes that are scanned.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tag {
    pub(super) start: usize,
    pub(super) key: Key,
    pub(super) name: usize,
    pub(super) name_end: usize,
    pub(super) end: usize,
    /// It ends with `/>`.
    pub(super) is_closed: bool,
}

impl Tag {
    pub(super) fn name(self, bytes: &[u8]) -> &[u8] {
        bytes.get(self.name..self.name_end).unwrap_or_default()
    }
}

pub(super) fn begins(text: &[u8], word: &[u8]) -> bool {
    let start = text.get(..word.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(word))
}

#[inline(always)]
pub(super) fn ends_name(byte: u8) -> bool {
    is(byte, SPACE | END)
}

#[inline(always)]
pub(super) fn is_space(byte: u8) -> bool {
    is(byte, SPACE)
}

#[inline(always)]
fn is(byte: u8, classes: u8) -> bool {
    CLASSES[usize::from(byte)] & classes != 0
}

/// What bytes in a tag are.
const SPACE: u8 = 1;
/// `/` and `>`.
const END: u8 = 2;
const EQUALS: u8 = 4;

/// One look at this is faster than seven comparisons, and bytes of tags are what scanning costs.
static CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut spaces: &[u8] = b" \n\r\t\x0C";
    while let [space, rest @ ..] = spaces {
        classes[*space as usize] = SPACE;
        spaces = rest;
    }
    classes[b'/' as usize] = END;
    classes[b'>' as usize] = END;
    classes[b'=' as usize] = EQUALS;
    classes
};

/// Behind the next `>`.
pub(super) fn end_at(bytes: &[u8], at: usize) -> Option<usize> {
    memchr(b'>', bytes.get(at..)?).map(|found| at + found + 1)
}

/// Behind a comment: `-->`, whose dashes may be those of its beginning, or `--!>`, whose may not.
pub(super) fn comment_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 4;
    loop {
        let end = end_at(bytes, at)?;
        let text = bytes.get(start + 2..end - 1).unwrap_or_default();
        let inner = bytes.get(start + 4..end - 1).unwrap_or_default();
        if text.ends_with(b"--") || inner.ends_with(b"--!") {
            return Some(end);
        }
        at = end;
    }
}

/// The tag at `start`, whose name is so many bytes behind; `None` when its end has not come. The flag is `false` for
/// one that ends where an attribute's value should stand, behind which lol_html reads no script.
pub(super) fn tag_at(bytes: &[u8], start: usize, name: usize) -> Option<(Tag, bool)> {
    read(bytes, start, name, |_, _| {})
}

/// The name of a tag.
pub(in crate::rewrite) fn name_of(tag: &str) -> &str {
    let name = tag.trim_start_matches(['<', '/']);
    name.split(|c: char| u8::try_from(c).is_ok_and(ends_name))
        .next()
        .unwrap_or_default()
}

/// The value of a start tag's first attribute of this name, in letters of any case; empty for one without.
pub(in crate::rewrite) fn value<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let mut found = None;
    let text = |range: Range<usize>| tag.get(range).unwrap_or_default();
    read(tag.as_bytes(), 0, 1, |of, value| {
        if found.is_none() && text(of).eq_ignore_ascii_case(name) {
            found = Some(text(value));
        }
    });
    found
}

/// Reads a tag; `attribute` is told where each one's name and value stand.
#[inline(always)]
fn read(
    bytes: &[u8],
    start: usize,
    name: usize,
    mut attribute: impl FnMut(Range<usize>, Range<usize>),
) -> Option<(Tag, bool)> {
    let name = start + name;
    let (mut at, mut key) = (name, Key::default());
    let mut byte = *bytes.get(at)?;
    while !ends_name(byte) {
        key = key.and(byte);
        at += 1;
        byte = *bytes.get(at)?;
    }
    let name_end = at;
    let mut slash = start;
    let is_plain = loop {
        // Between attributes.
        while is_space(byte) || byte == b'/' {
            if byte == b'/' {
                slash = at;
            }
            at += 1;
            byte = *bytes.get(at)?;
        }
        if byte == b'>' {
            break true;
        }
        // A name begins, whatever its first byte is.
        let named = at;
        at += 1;
        byte = *bytes.get(at)?;
        while !is(byte, SPACE | END | EQUALS) {
            at += 1;
            byte = *bytes.get(at)?;
        }
        let named = named..at;
        while is_space(byte) {
            at += 1;
            byte = *bytes.get(at)?;
        }
        if byte != b'=' {
            attribute(named, at..at);
            continue;
        }
        at += 1;
        byte = *bytes.get(at)?;
        while is_space(byte) {
            at += 1;
            byte = *bytes.get(at)?;
        }
        match byte {
            b'>' => {
                attribute(named, at..at);
                break false;
            }
            b'"' | b'\'' => {
                let value = at + 1;
                at = value + memchr(byte, bytes.get(value..)?)?;
                attribute(named, value..at);
                at += 1;
                byte = *bytes.get(at)?;
            }
            _ => {
                let value = at;
                while !is_space(byte) && byte != b'>' {
                    at += 1;
                    byte = *bytes.get(at)?;
                }
                attribute(named, value..at);
            }
        }
    };
    let tag = Tag {
        start,
        key,
        name,
        name_end,
        end: at + 1,
        is_closed: slash + 1 == at,
    };
    Some((tag, is_plain))
}
