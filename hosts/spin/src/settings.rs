//! What the operator says through the environment.

use std::env;
use std::sync::{Arc, LazyLock};

use spin_sdk::wasip3::http::types::Scheme;
use tailorbird::Keys;
use tailorbird::keys::KeysError;

/// The settings; read once per instance.
pub(crate) static SETTINGS: LazyLock<Settings> = LazyLock::new(Settings::read);

/// The shop's server.
#[derive(Debug)]
pub(crate) struct Origin {
    pub(crate) scheme: Scheme,
    pub(crate) authority: String,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SettingsError {
    #[error(
        "ORIGIN is not set: expected the shop's scheme and authority, like https://shop.example"
    )]
    NoOrigin,
    #[error("ORIGIN must be a scheme and an authority like https://shop.example, found {0:?}")]
    Origin(String),
}

#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) origin: Result<Origin, SettingsError>,
    pub(crate) log_exposures: bool,
    /// Whether pages of the origin's are kept.
    pub(crate) pages: bool,
    /// What signs cookies.
    pub(crate) keys: Result<Option<Arc<Keys>>, KeysError>,
}

impl Settings {
    fn read() -> Self {
        Self {
            origin: env::var("ORIGIN")
                .map_err(|_| SettingsError::NoOrigin)
                .and_then(|origin| parse_origin(&origin)),
            pages: env::var("KEPT_PAGES").map_or(true, |value| value != "off"),
            log_exposures: env::var("EXPOSURES").is_ok_and(|value| value == "log"),
            keys: env::var("TAILORBIRD_KEYS").map_or(Ok(None), |text| Keys::of_setting(&text)),
        }
    }
}

fn parse_origin(origin: &str) -> Result<Origin, SettingsError> {
    let (scheme, rest) = match origin.split_once("://") {
        Some(("http", rest)) => (Scheme::Http, rest),
        Some(("https", rest)) => (Scheme::Https, rest),
        _ => return Err(SettingsError::Origin(origin.to_owned())),
    };
    let authority = rest.strip_suffix('/').unwrap_or(rest);
    if authority.is_empty() || authority.contains(['/', '?', '#', '@', ' ']) {
        return Err(SettingsError::Origin(origin.to_owned()));
    }
    Ok(Origin {
        scheme,
        authority: authority.to_owned(),
    })
}
