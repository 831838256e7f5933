//! The snapshot, opened once per instance from the mounted directory.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::LazyLock;

use tailorbird::Engine;

/// Where `spin.toml` mounts the snapshot directory.
const DIRECTORY: &str = "/model-snapshots";
/// The file that names the snapshot to use in its first line.
const CURRENT: &str = "current";

/// The engine of this instance.
pub(crate) static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    open().unwrap_or_else(|error| {
        eprintln!("tailorbird: pages pass through unchanged: {error}");
        Engine::closed(error)
    })
});

#[derive(Debug, thiserror::Error)]
enum SnapshotError {
    #[error("{DIRECTORY}/{CURRENT} names {0:?}; expected the name of a file in the same directory")]
    Name(String),
    #[error("cannot read {}: {source}", path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("{name}: {reason}")]
    Open { name: String, reason: String },
}

fn open() -> Result<Engine, SnapshotError> {
    let text = read(CURRENT)?;
    let text = String::from_utf8_lossy(&text);
    let name = text.lines().next().unwrap_or_default().trim();
    if name.is_empty() || name.contains("..") || name.contains(['/', '\\']) {
        return Err(SnapshotError::Name(name.to_owned()));
    }
    Engine::open(read(name)?).map_err(|error| SnapshotError::Open {
        name: name.to_owned(),
        reason: error.to_string(),
    })
}

fn read(name: &str) -> Result<Vec<u8>, SnapshotError> {
    let path = PathBuf::from(DIRECTORY).join(name);
    fs::read(&path).map_err(|source| SnapshotError::Read { path, source })
}
