//! The cookie's bytes in version 1: views alone. It is read and no longer written.
//!
//! ```text
//! base64url without padding of:
//!
//! offset  bytes  what
//! 0       1      version, 1
//! 1       1      number of views n, at most 40
//! 2       4      minute of the newest view (u32, little-endian), 0 when n = 0
//! 6       ...    n views, newest first:
//!                  6 bytes  item key (48 bits, little-endian)
//!                  1-5      LEB128: minutes between the view before it in this list and this one
//! last 4  4      low half of xxh3-64 over all bytes before it
//! ```

use super::bytes::Reader;
use super::{MAX_VIEWS, View, VisitorState};

/// The state that is in what stands between the version and the checksum.
pub(super) fn decode(body: &[u8]) -> Option<VisitorState> {
    let mut body = Reader(body);
    let count = usize::from(body.byte()?);
    let mut minute = u32::from_le_bytes(body.array()?);
    if count > MAX_VIEWS {
        return None;
    }
    let mut views: Vec<View> = Vec::with_capacity(count);
    for _ in 0..count {
        let item = body.key()?;
        minute = minute.checked_sub(body.leb128()?)?;
        if views.iter().any(|view| view.item == item) {
            return None;
        }
        views.push(View { item, minute });
    }
    body.is_empty().then_some(VisitorState {
        views,
        ..VisitorState::default()
    })
}

#[cfg(test)]
mod tests {
    use super::super::decode;
    use super::*;
    use crate::snapshot::ItemKey;

    #[test]
    fn golden_vectors_of_version_1() {
        let views = [(0x0000_1234_5678_9abc, 29_000_000), (7, 28_999_000)];
        let views = views.map(|(key, minute)| View {
            item: ItemKey::from_u64(key),
            minute,
        });
        let two = VisitorState {
            views: views.to_vec(),
            ..VisitorState::default()
        };
        assert_eq!(decode("AQAAAAAA90Jz_w"), VisitorState::default());
        assert_eq!(decode("AQJAgboBvJp4VjQSAAcAAAAAAOgHuliPJg"), two);
    }
}
