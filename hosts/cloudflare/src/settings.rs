//! What the operator says in `wrangler.toml`.

use std::cell::OnceCell;
use std::rc::Rc;

use worker::Env;

/// The settings of one Worker.
#[derive(Debug, Default)]
pub(crate) struct Settings {
    /// Scheme and authority of the shop; on a route of the shop's own zone there is none.
    pub(crate) origin: Option<String>,
    pub(crate) log_exposures: bool,
}

thread_local! {
    static SETTINGS: OnceCell<Rc<Settings>> = const { OnceCell::new() };
}

impl Settings {
    /// Those of this isolate, which do not change.
    pub(crate) fn of(env: &Env) -> Rc<Self> {
        SETTINGS.with(|known| Rc::clone(known.get_or_init(|| Rc::new(Self::read(env)))))
    }

    fn read(env: &Env) -> Self {
        let var = |name| env.var(name).ok().map(|value| value.to_string());
        Self {
            origin: var("ORIGIN")
                .map(|origin| origin.trim_end_matches('/').to_owned())
                .filter(|origin| !origin.is_empty()),
            log_exposures: var("EXPOSURES").as_deref() == Some("log"),
        }
    }
}
