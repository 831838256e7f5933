//! Heads: lists of lines as WASI gives them on one side, the engine's values on the other.

use spin_sdk::wasip3::http::types::{ErrorCode, Fields};
use tailorbird::HeadEdits;
use tailorbird::http::{isomorphic_decode, isomorphic_encode};

/// Fields that mean one connection only (RFC 9110, section 7.6.1), besides those that
/// `Connection` names. Hosts keep most of them away already.
const HOP_BY_HOP: [&str; 6] = [
    "connection",
    "keep-alive",
    "proxy-connection",
    "te",
    "transfer-encoding",
    "upgrade",
];

/// The lines of a head, in their order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Head(Vec<(String, Vec<u8>)>);

impl Head {
    pub(crate) fn of(fields: &Fields) -> Self {
        Self(fields.copy_all())
    }

    pub(crate) fn into_fields(self) -> Result<Fields, ErrorCode> {
        Fields::from_list(&self.0)
            .map_err(|error| ErrorCode::InternalError(Some(format!("in a head: {error}"))))
    }

    fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        self.0
            .iter()
            .filter(move |(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_slice())
    }

    pub(crate) fn first(&self, name: &str) -> Option<&[u8]> {
        self.0
            .iter()
            .find(|(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_slice())
    }

    /// All lines, names in lower case.
    pub(crate) fn all_lines(&self) -> Vec<(String, String)> {
        let lines = self.0.iter();
        lines
            .map(|(name, value)| (name.to_ascii_lowercase(), isomorphic_decode(value)))
            .collect()
    }

    /// The lines of the headers that the engine reads.
    pub(crate) fn lines(&self, names: &[&'static str]) -> Vec<(&'static str, String)> {
        names
            .iter()
            .flat_map(|&name| {
                self.values(name)
                    .map(move |value| (name, isomorphic_decode(value)))
            })
            .collect()
    }

    /// `true` when one of the header's comma-separated values begins with the token.
    pub(crate) fn has_token(&self, name: &str, token: &str) -> bool {
        self.tokens(name)
            .iter()
            .any(|found| found.eq_ignore_ascii_case(token))
    }

    fn tokens(&self, name: &str) -> Vec<String> {
        self.values(name)
            .flat_map(|value| value.split(|byte| *byte == b','))
            .filter_map(|item| item.split(|byte| *byte == b';').next())
            .map(|token| isomorphic_decode(token.trim_ascii()))
            .filter(|token| !token.is_empty())
            .collect()
    }

    pub(crate) fn remove(&mut self, name: &str) {
        self.0
            .retain(|(found, _)| !found.eq_ignore_ascii_case(name));
    }

    pub(crate) fn remove_prefixed(&mut self, prefix: &str) {
        self.0.retain(|(found, _)| !found.starts_with(prefix));
    }

    pub(crate) fn append(&mut self, name: &str, value: &[u8]) {
        self.0.push((name.to_owned(), value.to_vec()));
    }

    /// Drops what means one connection only, in either direction.
    pub(crate) fn strip_hop_by_hop(&mut self) {
        for name in self.tokens("connection") {
            self.remove(&name);
        }
        for name in HOP_BY_HOP {
            self.remove(name);
        }
    }

    /// Applies the engine's edits in their order: remove, set, append.
    pub(crate) fn edit(&mut self, edits: &HeadEdits) {
        for name in &edits.remove {
            self.remove(name);
        }
        for (name, value) in &edits.set {
            self.remove(name);
            self.append(name, &isomorphic_encode(value));
        }
        for (name, value) in &edits.append {
            self.append(name, &isomorphic_encode(value));
        }
    }
}

impl FromIterator<(&'static str, String)> for Head {
    fn from_iter<I: IntoIterator<Item = (&'static str, String)>>(lines: I) -> Self {
        Self(
            lines
                .into_iter()
                .map(|(name, value)| (name.to_owned(), isomorphic_encode(&value).into_owned()))
                .collect(),
        )
    }
}
