//! The snapshot, opened once per instance from the mounted directory.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::LazyLock;

use tailorbird::Engine;
use tailorbird::keys::KeysError;
use tailorbird::snapshot::{CURRENT_FILE, current_name};

use crate::settings::SETTINGS;

/// Where `spin.toml` mounts the snapshot directory.
const DIRECTORY: &str = "/model-snapshots";

/// The engine of this instance.
pub(crate) static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    open().unwrap_or_else(|error| {
        eprintln!("tailorbird: pages pass through unchanged: {error}");
        Engine::closed(error)
    })
});

#[derive(Debug, thiserror::Error)]
enum SnapshotError {
    #[error(
        "{DIRECTORY}/{CURRENT_FILE} names {0:?}; expected the name of a file in the same directory"
    )]
    Name(String),
    #[error("TAILORBIRD_KEYS: {0}")]
    Keys(#[from] KeysError),
    #[error("cannot read {}: {source}", path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("{name}: {reason}")]
    Open { name: String, reason: String },
}

fn open() -> Result<Engine, SnapshotError> {
    let keys = SETTINGS.keys.clone()?;
    let text = read(CURRENT_FILE)?;
    let text = String::from_utf8_lossy(&text);
    let name = current_name(&text)
        .ok_or_else(|| SnapshotError::Name(text.lines().next().unwrap_or_default().to_owned()))?;
    let engine = Engine::open(read(name)?).map_err(|error| SnapshotError::Open {
        name: name.to_owned(),
        reason: error.to_string(),
    })?;
    Ok(engine.with_keys(keys).with_pages(SETTINGS.pages))
}

fn read(name: &str) -> Result<Vec<u8>, SnapshotError> {
    let path = PathBuf::from(DIRECTORY).join(name);
    fs::read(&path).map_err(|source| SnapshotError::Read { path, source })
}
