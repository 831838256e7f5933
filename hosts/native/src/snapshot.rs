//! The snapshot directory, and the engine that is open now.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::SystemTime;

use tailorbird::snapshot::{CURRENT_FILE, current_name};
use tailorbird::{Engine, Keys};

/// Which snapshot an engine came from: enough to notice any change without reading it again.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Version {
    name: String,
    bytes: u64,
    modified: Option<SystemTime>,
}

#[derive(Debug, thiserror::Error)]
enum SnapshotError {
    #[error("there is no {CURRENT_FILE} in {}: `tailorbird build` makes a snapshot", .0.display())]
    Missing(PathBuf),
    #[error("{CURRENT_FILE} names {0:?}; expected the name of a file in the same directory")]
    Name(String),
    #[error("cannot read {}: {source}", path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("{name}: {reason}")]
    Open { name: String, reason: String },
}

/// What the last look at the directory found.
#[derive(Debug, Default)]
struct LastLook {
    /// The version that is open.
    open: Option<Version>,
    /// The trouble that was reported, so that it is reported once.
    trouble: Option<String>,
}

/// The directory and the engine. Requests take the engine; the watcher replaces it.
pub(crate) struct Snapshots {
    directory: PathBuf,
    keys: Option<Arc<Keys>>,
    pages: bool,
    engine: RwLock<Arc<Engine>>,
    last: Mutex<LastLook>,
}

impl Snapshots {
    /// Opens whatever `current` names; when that fails, the engine is closed and says why.
    pub(crate) fn open(directory: PathBuf, keys: Option<Arc<Keys>>, pages: bool) -> Self {
        let snapshots = Self {
            directory,
            keys,
            pages,
            engine: RwLock::new(Arc::new(Engine::closed("no snapshot has been read yet"))),
            last: Mutex::default(),
        };
        snapshots.refresh();
        snapshots
    }

    /// The engine to use for one request.
    pub(crate) fn engine(&self) -> Arc<Engine> {
        Arc::clone(&self.engine.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Looks at the directory and opens a new snapshot if there is one. Blocks.
    ///
    /// A snapshot that cannot be opened leaves the engine as it is. When `current` is gone, or the
    /// file that is in use, then the shop withdrew it: the engine is closed.
    pub(crate) fn refresh(&self) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let error = match self.look(&last.open) {
            Ok(None) => {
                last.trouble = None;
                return;
            }
            Ok(Some((version, engine))) => {
                eprintln!("tailorbird: opened snapshot {}", version.name);
                self.replace(engine);
                *last = LastLook {
                    open: Some(version),
                    trouble: None,
                };
                return;
            }
            Err(error) => error,
        };
        let trouble = error.to_string();
        if last.trouble.as_ref() == Some(&trouble) {
            return;
        }
        if last.open.is_none() || self.withdrawn(&error, &last.open) {
            eprintln!("tailorbird: pages pass through unchanged: {trouble}");
            self.replace(Engine::closed(&trouble));
            last.open = None;
        } else {
            eprintln!("tailorbird: keeping the snapshot that is open: {trouble}");
        }
        last.trouble = Some(trouble);
    }

    fn look(&self, open: &Option<Version>) -> Result<Option<(Version, Engine)>, SnapshotError> {
        let name = current(&self.directory)?;
        let path = self.directory.join(&name);
        let read = |source| SnapshotError::Read {
            path: path.clone(),
            source,
        };
        let metadata = fs::metadata(&path).map_err(read)?;
        let version = Version {
            name,
            bytes: metadata.len(),
            modified: metadata.modified().ok(),
        };
        if open.as_ref() == Some(&version) {
            return Ok(None);
        }
        let bytes = fs::read(&path).map_err(read)?;
        match Engine::open(bytes) {
            Ok(engine) => {
                let engine = engine.with_keys(self.keys.clone());
                Ok(Some((version, engine.with_pages(self.pages))))
            }
            Err(error) => Err(SnapshotError::Open {
                name: version.name,
                reason: error.to_string(),
            }),
        }
    }

    fn withdrawn(&self, error: &SnapshotError, open: &Option<Version>) -> bool {
        match error {
            SnapshotError::Missing(_) => true,
            SnapshotError::Read { path, source } => {
                source.kind() == io::ErrorKind::NotFound
                    && open
                        .as_ref()
                        .is_some_and(|open| *path == self.directory.join(&open.name))
            }
            SnapshotError::Name(_) | SnapshotError::Open { .. } => false,
        }
    }

    fn replace(&self, engine: Engine) {
        *self.engine.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(engine);
    }
}

fn current(directory: &Path) -> Result<String, SnapshotError> {
    let path = directory.join(CURRENT_FILE);
    let text = fs::read_to_string(&path).map_err(|source| match source.kind() {
        io::ErrorKind::NotFound => SnapshotError::Missing(directory.to_owned()),
        _ => SnapshotError::Read { path, source },
    })?;
    current_name(&text)
        .map(str::to_owned)
        .ok_or_else(|| SnapshotError::Name(text.lines().next().unwrap_or_default().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name_in(text: &str) -> Result<String, SnapshotError> {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join(CURRENT_FILE), text).unwrap();
        current(directory.path())
    }

    #[test]
    fn the_first_line_names_the_snapshot() {
        assert_eq!(name_in("3f2a.tbs\nrest").unwrap(), "3f2a.tbs");
    }

    #[test]
    fn names_that_leave_the_directory_are_refused() {
        for text in ["", "\n", "../x", "a/b", "a\\b", "..", "/etc/passwd"] {
            assert!(
                matches!(name_in(text), Err(SnapshotError::Name(_))),
                "{text:?}"
            );
        }
    }

    #[test]
    fn trouble_is_noted_once_and_told_apart() {
        let directory = tempfile::tempdir().unwrap();
        let snapshots = Snapshots::open(directory.path().to_owned(), None, false);
        let trouble = || snapshots.last.lock().unwrap().trouble.clone().unwrap();
        assert!(trouble().contains("tailorbird build"));
        fs::write(directory.path().join(CURRENT_FILE), "gone.tbs").unwrap();
        snapshots.refresh();
        assert!(trouble().contains("gone.tbs"));
        fs::write(directory.path().join("gone.tbs"), "no snapshot").unwrap();
        snapshots.refresh();
        assert!(trouble().starts_with("gone.tbs: "));
    }
}
