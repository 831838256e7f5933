//! The engine of this isolate, opened from the static assets that are deployed with the Worker.

use std::cell::RefCell;
use std::rc::Rc;

use tailorbird::keys::KeysError;
use tailorbird::snapshot::{CURRENT_FILE, MAX_FILE_BYTES, current_name};
use tailorbird::{Engine, Keys};
use worker::js_sys::futures::JsFuture;
use worker::js_sys::{Date, Reflect};
use worker::wasm_bindgen::{JsCast, JsValue};
use worker::web_sys::Response;
use worker::{Env, console_error};

use crate::body::Page;
use crate::head;
use crate::js::{Assets, message};

/// The binding of the static assets in `wrangler.toml`.
const BINDING: &str = "SNAPSHOTS";
/// The secret that signs cookies (`npx wrangler secret put TAILORBIRD_KEYS`).
const KEYS: &str = "TAILORBIRD_KEYS";
/// `off` keeps no pages.
const PAGES: &str = "KEPT_PAGES";
/// Assets are asked by URL; the host's name means nothing.
const ASSETS: &str = "https://assets.local/";
/// How long a failure lasts before the assets are asked again, in milliseconds.
const RETRY_AFTER: f64 = 5_000.0;

/// The fewest and the most bytes of a file that one read gives.
const LEAST_READ_BYTES: usize = 4 << 10;
const READ_BYTES: usize = 1 << 20;

thread_local! {
    static STATE: RefCell<State> = const { RefCell::new(State::New) };
}

enum State {
    New,
    Open(Rc<Engine>),
    Closed { engine: Rc<Engine>, retry_at: f64 },
}

#[derive(Debug, thiserror::Error)]
enum SnapshotError {
    #[error("the binding {BINDING} is missing: {0}")]
    Binding(String),
    #[error("the secret {KEYS}: {0}")]
    Keys(#[from] KeysError),
    #[error("{CURRENT_FILE} names {0:?}; expected the name of a file in the same directory")]
    Name(String),
    #[error("cannot read {name} from the assets: {reason}")]
    Read { name: String, reason: String },
    #[error("{name}: {reason}")]
    Open { name: String, reason: String },
}

/// The engine to use for one request.
///
/// Requests that come while another opens the engine open it, too: a request must not wait for the
/// I/O of another.
pub(crate) async fn engine(env: &Env) -> Rc<Engine> {
    let now = Date::now();
    let ready = STATE.with_borrow_mut(|state| match state {
        State::Open(engine) => Some(Rc::clone(engine)),
        State::Closed { engine, retry_at } if now < *retry_at => Some(Rc::clone(engine)),
        // This request asks again; those that come meanwhile do not.
        State::Closed { retry_at, .. } => {
            *retry_at = now + RETRY_AFTER;
            None
        }
        State::New => None,
    });
    if let Some(engine) = ready {
        return engine;
    }
    let (engine, state) = match open(env).await {
        Ok(engine) => {
            let engine = Rc::new(engine);
            (Rc::clone(&engine), State::Open(engine))
        }
        Err(error) => {
            console_error!("tailorbird: pages pass through unchanged: {error}");
            let engine = Rc::new(Engine::closed(&error));
            let retry_at = Date::now() + RETRY_AFTER;
            (Rc::clone(&engine), State::Closed { engine, retry_at })
        }
    };
    STATE.set(state);
    engine
}

async fn open(env: &Env) -> Result<Engine, SnapshotError> {
    let keys = env.secret(KEYS).map(|secret| secret.to_string());
    let keys = keys.map_or(Ok(None), |text| Keys::of_setting(&text))?;
    let assets = Reflect::get(env, &BINDING.into()).map_err(|error| message(&error));
    let assets = assets.map_err(SnapshotError::Binding)?;
    if !assets.is_object() {
        return Err(SnapshotError::Binding("wrangler.toml names none".into()));
    }
    let assets: Assets = assets.unchecked_into();
    let text = read(&assets, CURRENT_FILE).await?;
    let text = String::from_utf8_lossy(&text);
    let name = current_name(&text)
        .ok_or_else(|| SnapshotError::Name(text.lines().next().unwrap_or_default().to_owned()))?;
    let bytes = read(&assets, name).await?;
    let engine = Engine::open(bytes).map_err(|error| SnapshotError::Open {
        name: name.to_owned(),
        reason: error.to_string(),
    })?;
    let keeps = env
        .var(PAGES)
        .map_or(true, |value| value.to_string() != "off");
    Ok(engine.with_keys(keys).with_pages(keeps))
}

/// Reads a file for nobody.
pub(crate) async fn rehearse(assets: &Assets) {
    let _ = read(assets, CURRENT_FILE).await;
}

/// Reads a file piece by piece into its place: as one `ArrayBuffer` it would be in the isolate twice.
async fn read(assets: &Assets, name: &str) -> Result<Vec<u8>, SnapshotError> {
    let read = async {
        let url = format!("{ASSETS}{name}");
        let file: Response = JsFuture::from(assets.get(&url)?).await?.dyn_into()?;
        if file.status() != 200 {
            return Err(JsValue::from(format!("status {}", file.status())));
        }
        let length = head::body_length(&file.headers());
        let expected = length.map_or(0, |length| length.min(MAX_FILE_BYTES as u64) as usize);
        let mut bytes = Vec::with_capacity(expected);
        if let Some(body) = file.body() {
            let piece = expected.clamp(LEAST_READ_BYTES, READ_BYTES);
            let mut file = Page::with_buffer(body, piece as u32)?;
            let read = file.collect(&mut bytes, MAX_FILE_BYTES).await;
            read.map_err(|error| error.to_string())?;
        }
        Ok(bytes)
    };
    read.await.map_err(|error| SnapshotError::Read {
        name: name.to_owned(),
        reason: message(&error),
    })
}
