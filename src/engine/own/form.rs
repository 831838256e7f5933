//! Parameters: of a query, or of a form's body.

use percent_encoding::percent_decode_str;

/// The longest query of the worker's own endpoints, in bytes.
pub const MAX_QUERY_BYTES: usize = 2 << 10;

/// The longest body of a form, in bytes.
pub const MAX_FORM_BYTES: usize = 4 << 10;

/// The most parameters; what comes behind them is not read.
pub const MAX_PARAMETERS: usize = 128;

/// The most ids, or names of strategies, in one parameter.
pub const MAX_LISTED: usize = 16;

/// Names with their values, as `application/x-www-form-urlencoded` writes them (URL Standard, 5.1).
#[derive(Debug, Default)]
pub(super) struct Params(Vec<(String, String)>);

impl Params {
    pub(super) fn read(text: &str) -> Self {
        let pairs = text.split('&').filter(|pair| !pair.is_empty());
        let read = |pair: &str| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        };
        Self(pairs.take(MAX_PARAMETERS).map(read).collect())
    }

    /// The first value of a name that is not empty.
    pub(super) fn get(&self, name: &'static str) -> Option<&str> {
        self.all(name).find(|value| !value.is_empty())
    }

    pub(super) fn all(&self, name: &'static str) -> impl Iterator<Item = &str> {
        let found = self.0.iter().filter(move |(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The values between commas; `None` when there are more than [`MAX_LISTED`].
    pub(super) fn list(&self, name: &'static str) -> Option<Vec<&str>> {
        let values = self.all(name).flat_map(|value| value.split(','));
        let values = values.map(str::trim).filter(|value| !value.is_empty());
        let values: Vec<&str> = values.take(MAX_LISTED + 1).collect();
        (values.len() <= MAX_LISTED).then_some(values)
    }

    /// All of them, as they came.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        let pairs = self.0.iter();
        pairs.map(|(name, value)| (name.as_str(), value.as_str()))
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }
}

fn decode(text: &str) -> String {
    let text = text.replace('+', " ");
    percent_decode_str(&text).decode_utf8_lossy().into_owned()
}

/// A path of this shop that a redirect may lead to: never another site's.
pub(super) fn is_own_path(path: &str) -> bool {
    let is_plain = path.bytes().all(|b| b.is_ascii_graphic()) && !path.contains('\\');
    is_plain && path.starts_with('/') && !path.starts_with("//")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_as_forms_write_them() {
        let params = Params::read("a=1+2&b=%C3%A4%2B&&c&a=&a=x,%20y,,z&d=%FF");
        assert_eq!(params.get("a"), Some("1 2"));
        assert_eq!(params.get("b"), Some("ä+"));
        assert_eq!(params.get("c"), None);
        assert_eq!(params.get("d"), Some("\u{fffd}"));
        assert_eq!(params.list("a"), Some(vec!["1 2", "x", "y", "z"]));
        let many = |count: usize| format!("a={}", vec!["x"; count].join(","));
        assert!(Params::read(&many(MAX_LISTED)).list("a").is_some());
        assert!(Params::read(&many(MAX_LISTED + 1)).list("a").is_none());
        let many = "a=1&".repeat(MAX_PARAMETERS + 1);
        assert_eq!(Params::read(&many).names().count(), MAX_PARAMETERS);
    }

    proptest::proptest! {
        #[test]
        fn what_is_written_is_read(value: String) {
            let params = Params::read(&format!("a={}", crate::page::links::in_query(&value)));
            proptest::prop_assert_eq!(params.all("a").next(), Some(value.as_str()));
        }
    }
}
