//! A unified diff of two pages.

use std::fmt::Write;
use std::time::{Duration, Instant};

use similar::{Algorithm, ChangeTag, DiffOp, capture_diff_slices_deadline, group_diff_ops};
use tailorbird::site::is_json;

/// How much that stays is shown around a change, in lines.
const CONTEXT: usize = 2;

/// How long the shortest diff is looked for; then a longer one does.
const PATIENCE: Duration = Duration::from_secs(5);

const RED: &str = "\x1b[31m";
const GREEN: &str = "\x1b[32m";
const CYAN: &str = "\x1b[36m";
const RESET: &str = "\x1b[0m";

/// What changed, a line for each; nothing when nothing did.
pub fn render(before: &[u8], after: &[u8], colours: bool) -> String {
    let (before, after) = (
        String::from_utf8_lossy(before),
        String::from_utf8_lossy(after),
    );
    let (before, after) = (lines(&before), lines(&after));
    let deadline = Instant::now().checked_add(PATIENCE);
    let ops = capture_diff_slices_deadline(Algorithm::Myers, &before, &after, deadline);
    let mut out = String::new();
    for group in group_diff_ops(ops, CONTEXT) {
        // Writing to a String cannot fail.
        let _ = hunk(&group, &before, &after, colours, &mut out);
    }
    out
}

/// Where in `after` the tags begin that are new, or stand elsewhere: the bytes behind their names.
pub fn new_tags(before: &str, after: &str) -> Vec<usize> {
    let (old, new) = (lines(before), lines(after));
    let deadline = Instant::now().checked_add(PATIENCE);
    let ops = capture_diff_slices_deadline(Algorithm::Myers, &old, &new, deadline);
    let changes = ops.iter().flat_map(|op| op.iter_changes(&old, &new));
    let inserted = changes.filter(|change| change.tag() == ChangeTag::Insert);
    let starts = inserted.filter_map(|change| {
        let line = change.value();
        let rest = line.strip_prefix('<')?;
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let name = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
        // A line is a part of the page that it was cut from.
        let start = (line.as_ptr() as usize).checked_sub(after.as_ptr() as usize)?;
        (name > 0).then_some(start + 1 + name)
    });
    starts.collect()
}

fn hunk(
    group: &[DiffOp],
    before: &[&str],
    after: &[&str],
    colours: bool,
    out: &mut String,
) -> std::fmt::Result {
    let (Some(first), Some(last)) = (group.first(), group.last()) else {
        return Ok(());
    };
    let paint = |colour: &'static str| if colours { (colour, RESET) } else { ("", "") };
    let (on, off) = paint(CYAN);
    let (old, new) = (first.old_range().start, first.new_range().start);
    writeln!(
        out,
        "{on}@@ -{},{} +{},{} @@{off}",
        old + 1,
        last.old_range().end - old,
        new + 1,
        last.new_range().end - new
    )?;
    for change in group.iter().flat_map(|op| op.iter_changes(before, after)) {
        let (sign, (on, off)) = match change.tag() {
            ChangeTag::Equal => (' ', ("", "")),
            ChangeTag::Delete => ('-', paint(RED)),
            ChangeTag::Insert => ('+', paint(GREEN)),
        };
        writeln!(out, "{on}{sign}{}{off}", change.value())?;
    }
    Ok(())
}

/// The lines of a page, which end before start tags, too, and those of JSON around objects: many a
/// page is one line. White space between them is left out.
fn lines(page: &str) -> Vec<&str> {
    let bytes = page.as_bytes();
    let is_json = is_json(bytes);
    let begins = |at: &usize| {
        let is_tag = bytes[*at] == b'<' && bytes.get(at + 1).is_some_and(u8::is_ascii_alphabetic);
        let is_object = is_json && (bytes[*at] == b'{' || *at > 0 && bytes[at - 1] == b'}');
        is_tag || is_object || *at == 0 || bytes[at - 1] == b'\n'
    };
    let starts: Vec<usize> = (0..bytes.len()).filter(begins).collect();
    let ends = starts.iter().skip(1).copied().chain([bytes.len()]);
    let lines = starts.iter().zip(ends);
    // A tag, a brace and a line's end are characters of one byte: no other is cut.
    lines
        .filter_map(|(&start, end)| page.get(start..end))
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_before_tags() {
        for (page, expected) in [
            (
                "<ul><li>a</li> <li>b</li></ul>\n",
                &["<ul>", "<li>a</li>", "<li>b</li></ul>"][..],
            ),
            (
                "[{\"a\":1}, {\"ü\":[{}]}]",
                &["[", "{\"a\":1}", ",", "{\"ü\":[", "{}", "]}", "]"],
            ),
            ("", &[]),
            ("ä < b\n\n\n  <p>ü", &["ä < b", "<p>ü"]),
            ("\n\n<p>x</p>\ny", &["<p>x</p>", "y"]),
        ] {
            assert_eq!(lines(page), expected, "{page}");
        }
    }

    #[test]
    fn new_tags_are_found_behind_their_names() {
        let before = "<ul><li>a</li></ul>";
        let after = "<ul><li>a</li></ul><p class=x>ä</p> <b>y</b>";
        let found = new_tags(before, after);
        let rests: Vec<&str> = found.iter().map(|&at| &after[at..]).collect();
        assert_eq!(rests, [" class=x>ä</p> <b>y</b>", ">y</b>"]);
        assert!(new_tags(after, after).is_empty());
    }

    #[test]
    fn what_moved_and_what_came() {
        let before = b"<ul><li>a</li><li>b</li></ul><p>x</p><p>y</p><p>z</p>";
        let after = b"<ul><li>b</li></ul><li>a</li><p>x</p><p>y</p><p>z</p><b>new</b>";
        assert_eq!(render(before, before, true), "");
        let plain = render(before, after, false);
        assert!(plain.starts_with("@@ -1,"), "{plain}");
        assert!(plain.contains("\n+<b>new</b>\n"), "{plain}");
        assert!(render(before, after, true).contains("\x1b[32m+<b>new</b>\x1b[0m"));
    }
}
