//! What the operator says in `wrangler.toml`.

use worker::Env;

/// The settings of one Worker.
#[derive(Debug)]
pub(crate) struct Settings {
    /// Scheme and authority of the shop; on a route of the shop's own zone there is none.
    pub(crate) origin: Option<String>,
    pub(crate) log_exposures: bool,
}

impl Settings {
    pub(crate) fn of(env: &Env) -> Self {
        let var = |name| env.var(name).ok().map(|value| value.to_string());
        Self {
            origin: var("ORIGIN")
                .map(|origin| origin.trim_end_matches('/').to_owned())
                .filter(|origin| !origin.is_empty()),
            log_exposures: var("EXPOSURES").as_deref() == Some("log"),
        }
    }
}
