//! Record-shaped sections in bincode's wire format (little-endian, fixed-width integers, u64
//! lengths, u32 variants), written and read by `wincode`.

use wincode::{SchemaRead, SchemaWrite};

use super::Meta;

/// The part of [`Meta`] that is not in the header.
#[derive(Debug, Clone, Default, PartialEq, Eq, SchemaWrite, SchemaRead)]
#[cfg_attr(test, derive(bincode::Encode, bincode::Decode))]
pub(super) struct MetaRecord {
    pub(super) events: u64,
    pub(super) sessions: u64,
}

impl From<&Meta> for MetaRecord {
    fn from(meta: &Meta) -> Self {
        Self {
            events: meta.events,
            sessions: meta.sessions,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::site::template::{Escape, Field, Op};
    use crate::site::{Banner, Locale, Place, Position, Site, Slot, Strategy, Template};

    fn site() -> Site {
        let text = || vec!["Grüße".to_owned(), String::new()];
        Site {
            shop: "Shop".into(),
            locales: vec![Locale {
                lang: "de".into(),
                prefix: "/de/".into(),
                currency: "EUR".into(),
                free_shipping: Some(4900),
            }],
            banners: vec![Banner {
                name: "b".into(),
                title: text(),
                ..Banner::default()
            }],
            slots: vec![Slot {
                name: "s".into(),
                place: Place {
                    position: Position::Replace,
                    ..Place::default()
                },
                strategies: vec![Strategy::SimilarItems, Strategy::TopSellers],
                min: 1,
                max: 24,
                text: text(),
                titles: vec![text()],
                ..Slot::default()
            }],
            templates: vec![Template {
                name: "t".into(),
                ops: vec![
                    Op::When {
                        field: Field::Title,
                        inverted: true,
                        end: 2,
                    },
                    Op::Hole(Field::ItemLink, Escape::Url),
                ],
            }],
            ..Site::default()
        }
    }

    /// The bytes are bincode's: its own decoder reads them, and its encoder writes the same.
    #[test]
    fn the_wire_format_is_bincodes() {
        let config = bincode::config::legacy();
        let ours = wincode::serialize(&site()).expect("encodes");
        assert_eq!(
            bincode::encode_to_vec(site(), config).expect("encodes"),
            ours
        );
        let (theirs, read): (Site, usize) =
            bincode::decode_from_slice(&ours, config).expect("decodes");
        assert_eq!((theirs, read), (site(), ours.len()));
        assert_eq!(
            wincode::deserialize::<Site>(&ours).expect("decodes"),
            site()
        );
    }

    #[test]
    fn a_length_that_cannot_be_is_refused_before_anything_is_allocated() {
        let mut bytes = wincode::serialize(&site()).expect("encodes");
        bytes[..8].copy_from_slice(&u64::MAX.to_le_bytes());
        assert!(wincode::deserialize::<Site>(&bytes).is_err());
    }
}
