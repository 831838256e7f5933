//! What a page may be made of before it is none of a shop's: tags are what looking at a page costs.
//!
//! What is over a limit goes through from the end of its window on, wherever chunks end: the same page
//! leaves as the same bytes on every host. The figures of real pages are the densest windows of 26 of
//! them, at any offset; `tests/pages.rs` holds them at a third of the limits, and pages' length at half.

/// The bytes of a page that are judged together, from its start.
pub const WINDOW_BYTES: usize = 4 << 10;

/// The most tags in a window: the most `<`. Real pages have up to 265.
pub const MAX_TAGS: usize = 800;

/// The most `=` in a window of fewer than [`FEW_TAGS`] tags, which is all attributes of one. Real pages
/// have up to 108.
pub const MAX_ATTRIBUTES: usize = 330;

/// Windows with fewer tags than this are a tag with many attributes, a script, or text.
pub const FEW_TAGS: usize = 4;

/// The bytes of a page whose tags are judged together a second time, from its start: many windows.
pub const STRETCH_BYTES: usize = 64 * WINDOW_BYTES;

/// The most tags in a stretch. Real pages have up to 7,835.
pub const MAX_STRETCH_TAGS: usize = 24_000;

/// The most bytes of a page that are looked at. The largest real page has 801,193.
pub const MAX_PAGE_BYTES: usize = 2 << 20;

/// What has been spent of the limits.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Budget {
    looked_at: usize,
    tags: usize,
    stretch_tags: usize,
    attributes: usize,
}

/// Where a page is over a limit, and over which.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Over {
    /// How many of the bytes that were asked for may still be looked at.
    pub(super) allowed: usize,
    pub(super) reason: &'static str,
}

impl Budget {
    /// Asks for the next bytes of the page.
    pub(super) fn spend(&mut self, mut bytes: &[u8]) -> Result<(), Over> {
        let mut allowed = 0;
        while !bytes.is_empty() {
            let left = WINDOW_BYTES - self.looked_at % WINDOW_BYTES;
            let (part, rest) = bytes.split_at(bytes.len().min(left));
            self.tags += count(part, b'<');
            // In a window with many tags nobody asks for it.
            if self.tags < FEW_TAGS {
                self.attributes += count(part, b'=');
            }
            self.looked_at += part.len();
            allowed += part.len();
            bytes = rest;
            if part.len() == left
                && let Some(reason) = self.end_window()
            {
                return Err(Over { allowed, reason });
            }
        }
        Ok(())
    }

    fn end_window(&mut self) -> Option<&'static str> {
        let tags = std::mem::take(&mut self.tags);
        let attributes = std::mem::take(&mut self.attributes);
        self.stretch_tags += tags;
        let stretch_tags = match self.looked_at % STRETCH_BYTES {
            0 => std::mem::take(&mut self.stretch_tags),
            _ => 0,
        };
        if tags > MAX_TAGS {
            Some("more tags within 4 KiB than a shop's page has")
        } else if stretch_tags > MAX_STRETCH_TAGS {
            Some("more tags within 256 KiB than a shop's page has")
        } else if tags < FEW_TAGS && attributes > MAX_ATTRIBUTES {
            Some("more attributes within 4 KiB than a shop's page has")
        } else if self.looked_at >= MAX_PAGE_BYTES {
            Some("a page of more than 2 MiB")
        } else {
            None
        }
    }
}

/// How often a byte occurs.
fn count(bytes: &[u8], wanted: u8) -> usize {
    memchr::memchr_iter(wanted, bytes).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spend(page: &[u8], chunk: usize) -> Option<(usize, &'static str)> {
        let mut budget = Budget::default();
        for (at, part) in page.chunks(chunk).enumerate() {
            if let Err(over) = budget.spend(part) {
                return Some((at * chunk + over.allowed, over.reason));
            }
        }
        None
    }

    /// A page that begins with a window of text, followed by one with so many of `byte`.
    fn page(byte: u8, count: usize) -> Vec<u8> {
        let mut page = vec![b'x'; 3 * WINDOW_BYTES];
        page[WINDOW_BYTES..WINDOW_BYTES + count].fill(byte);
        page
    }

    #[test]
    fn the_limits_are_limits_wherever_chunks_end() {
        for chunk in [1, 7, 1000, WINDOW_BYTES, usize::MAX] {
            assert_eq!(spend(&page(b'<', MAX_TAGS), chunk), None);
            assert_eq!(spend(&page(b'=', MAX_ATTRIBUTES), chunk), None);
            for (page, word) in [
                (page(b'<', MAX_TAGS + 1), "tags"),
                (page(b'=', MAX_ATTRIBUTES + 1), "attributes"),
            ] {
                let (at, reason) = spend(&page, chunk).expect("over the limit");
                assert_eq!(at, 2 * WINDOW_BYTES, "chunks of {chunk}");
                assert!(reason.contains(word), "{reason}");
            }
        }
        let mut few = page(b'=', WINDOW_BYTES - FEW_TAGS);
        few[..FEW_TAGS].fill(b'<');
        few[2 * WINDOW_BYTES - FEW_TAGS..2 * WINDOW_BYTES].fill(b'<');
        assert_eq!(spend(&few, 1000), None, "many attributes of several tags");
    }

    #[test]
    fn a_stretch_has_a_limit_of_its_own() {
        let page = |tags: usize| {
            let mut page = vec![b'x'; STRETCH_BYTES];
            page.iter_mut()
                .step_by(10)
                .take(tags)
                .for_each(|byte| *byte = b'<');
            page.repeat(2)
        };
        assert_eq!(spend(&page(MAX_STRETCH_TAGS), 1000), None);
        let (at, reason) = spend(&page(MAX_STRETCH_TAGS + 1), 1000).expect("over the limit");
        assert_eq!(at, STRETCH_BYTES);
        assert!(reason.contains("256 KiB"), "{reason}");
    }

    #[test]
    fn a_page_is_looked_at_up_to_its_limit() {
        assert_eq!(spend(&vec![b'x'; MAX_PAGE_BYTES - 1], 1000), None);
        let long = vec![b'x'; MAX_PAGE_BYTES + 5];
        let (at, reason) = spend(&long, 1000).expect("over the limit");
        assert_eq!((at, reason), (MAX_PAGE_BYTES, "a page of more than 2 MiB"));
    }

    #[test]
    fn bytes_are_counted() {
        for length in [0, 1, 254, 255, 256, 70_000] {
            assert_eq!(count(&vec![b'<'; length], b'<'), length);
            assert_eq!(count(&vec![b'='; length], b'<'), 0);
            let all: Vec<u8> = (0..=255).cycle().take(length).collect();
            for wanted in [0, 1, b'<', 0x7F, 0x80, 0xFF] {
                let expected = all.iter().filter(|byte| **byte == wanted).count();
                assert_eq!(count(&all, wanted), expected);
            }
        }
    }
}
