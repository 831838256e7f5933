//! Texts put together from columns: `/p/{StockCode}`.

use std::collections::BTreeMap;

use csv::ByteRecord;

use super::ImportError;
use crate::input::text_of;

/// For some columns, what their values mean.
pub(super) type Values = BTreeMap<String, BTreeMap<String, String>>;

/// A text with holes that name columns, as the mapping has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Template {
    key: String,
    pieces: Vec<Piece<String>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece<Column> {
    Text(String),
    Hole(Column),
}

/// A template whose columns are known to exist.
pub(super) struct Bound<'m> {
    pieces: Vec<Piece<Source<'m>>>,
}

enum Source<'m> {
    Item,
    Column {
        at: usize,
        values: Option<&'m BTreeMap<String, String>>,
    },
}

/// How a hole's text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Escape {
    /// As it is.
    Plain,
    /// Percent-encoded, as a segment of a URL's path (RFC 3986, section 2.3).
    Url,
}

/// The log's columns by name.
pub(super) struct Header<'a> {
    pub(super) names: Vec<String>,
    pub(super) mapping_file: &'a str,
}

impl Header<'_> {
    pub(super) fn find(&self, column: &str, key: &str) -> Result<usize, ImportError> {
        self.names
            .iter()
            .position(|name| name == column)
            .ok_or_else(|| ImportError::UnknownColumn {
                file: self.mapping_file.to_owned(),
                key: key.to_owned(),
                found: column.to_owned(),
                columns: self.names.join(", "),
            })
    }
}

impl Template {
    pub(super) fn parse(text: &str, file: &str, key: &str) -> Result<Self, ImportError> {
        let wrong = || ImportError::Value {
            file: file.to_owned(),
            key: key.to_owned(),
            expected: "a text in which each `{` and `}` encloses a column's name",
            found: text.to_owned(),
        };
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let (column, after) = after.split_once('}').ok_or_else(wrong)?;
            if before.contains('}') || column.contains('{') || column.trim().is_empty() {
                return Err(wrong());
            }
            if !before.is_empty() {
                pieces.push(Piece::Text(before.to_owned()));
            }
            pieces.push(Piece::Hole(column.trim().to_owned()));
            rest = after;
        }
        if rest.contains('}') {
            return Err(wrong());
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest.to_owned()));
        }
        Ok(Self {
            key: key.to_owned(),
            pieces,
        })
    }

    /// Looks the columns up. `with_item`: `{item}` stands for the item's id and not for a column.
    pub(super) fn bind<'m>(
        &'m self,
        header: &Header<'_>,
        values: &'m Values,
        with_item: bool,
    ) -> Result<Bound<'m>, ImportError> {
        let bind = |piece: &'m Piece<String>| match piece {
            Piece::Text(text) => Ok(Piece::Text(text.clone())),
            Piece::Hole(column) if with_item && column == "item" => Ok(Piece::Hole(Source::Item)),
            Piece::Hole(column) => {
                let at = header.find(column, &self.key)?;
                Ok(Piece::Hole(Source::Column {
                    at,
                    values: values.get(column),
                }))
            }
        };
        Ok(Bound {
            pieces: self
                .pieces
                .iter()
                .map(bind)
                .collect::<Result<_, ImportError>>()?,
        })
    }
}

impl Bound<'_> {
    /// The text for a line; empty when it has holes and all of them are empty.
    pub(super) fn fill(&self, record: &ByteRecord, item: &str, escape: Escape) -> String {
        let mut text = String::new();
        let mut any = self
            .pieces
            .iter()
            .all(|piece| matches!(piece, Piece::Text(_)));
        for piece in &self.pieces {
            let source = match piece {
                Piece::Text(fixed) => {
                    text.push_str(fixed);
                    continue;
                }
                Piece::Hole(source) => source,
            };
            let value = match source {
                Source::Item => item.to_owned(),
                Source::Column { at, values } => {
                    let field = text_of(record.get(*at).unwrap_or_default());
                    let field = field.trim();
                    values
                        .and_then(|values| values.get(field))
                        .map_or(field, String::as_str)
                        .to_owned()
                }
            };
            any |= !value.is_empty();
            match escape {
                Escape::Plain => text.push_str(&value),
                Escape::Url => percent_encode(&value, &mut text),
            }
        }
        if any {
            text.trim().to_owned()
        } else {
            String::new()
        }
    }
}

fn percent_encode(value: &str, out: &mut String) {
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(template: &str, record: &[&str], escape: Escape) -> Result<String, String> {
        let header = Header {
            names: vec!["a".into(), "b c".into()],
            mapping_file: "m.toml",
        };
        let values = Values::from([("a".into(), BTreeMap::from([("1".into(), "beige".into())]))]);
        let template =
            Template::parse(template, "m.toml", "feed.title").map_err(|error| error.to_string())?;
        let bound = template
            .bind(&header, &values, true)
            .map_err(|error| error.to_string())?;
        Ok(bound.fill(&ByteRecord::from(record), "i/1", escape))
    }

    #[test]
    fn fills_holes() {
        assert_eq!(
            fill("{a} x {b c}", &["1", " B "], Escape::Plain).as_deref(),
            Ok("beige x B")
        );
        assert_eq!(
            fill("/p/{item}-{b c}", &["2", "ü"], Escape::Url).as_deref(),
            Ok("/p/i%2F1-%C3%BC")
        );
        assert_eq!(
            fill("x{a}{b c}", &["", " "], Escape::Plain).as_deref(),
            Ok("")
        );
        assert_eq!(
            fill("constant", &[], Escape::Plain).as_deref(),
            Ok("constant")
        );
    }

    #[test]
    fn says_what_is_wrong() {
        for wrong in ["{a", "a}", "{}", "{a{b}", "x}{a}"] {
            let error = fill(wrong, &[], Escape::Plain).expect_err(wrong);
            assert!(
                error.starts_with("m.toml: feed.title: expected a text in which"),
                "{error}"
            );
        }
        assert_eq!(
            fill("{d}", &[], Escape::Plain).expect_err("no such column"),
            "m.toml: feed.title: expected a column of the log (a, b c), found \"d\""
        );
    }
}
