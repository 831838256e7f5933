//! The snapshot, opened once per instance: the one that `tailorbird embed` put into the component, or else that of the
//! mounted directory.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::ptr;
use std::slice;
use std::sync::LazyLock;

use tailorbird::Engine;
use tailorbird::keys::KeysError;
use tailorbird::snapshot::{CURRENT_FILE, OpenError, Place, current_name};

use crate::settings::SETTINGS;

/// The longest page that is kept, in bytes. Each instance has its own, and there are as many as requests come at once; longer
/// pages stream.
const LONGEST_KEPT_PAGE: usize = 512 << 10;
/// Where `spin.toml` mounts the snapshot directory.
const DIRECTORY: &str = "/model-snapshots";

/// What stands for the snapshot in error messages when it is part of the component.
const EMBEDDED: &str = "the embedded snapshot";

/// Filled by `tailorbird embed`.
#[used]
static PLACE: Place = Place::EMPTY;

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
    Open { name: String, reason: OpenError },
}

fn open() -> Result<Engine, SnapshotError> {
    let keys = SETTINGS.keys.clone()?;
    let unusable = |name: &str, reason: OpenError| SnapshotError::Open {
        name: name.to_owned(),
        reason,
    };
    let engine = match embedded() {
        Some(bytes) => Engine::open_verified(bytes).map_err(|error| unusable(EMBEDDED, error))?,
        None => {
            let text = read(CURRENT_FILE)?;
            let text = String::from_utf8_lossy(&text);
            let first = || text.lines().next().unwrap_or_default().to_owned();
            let name = current_name(&text).ok_or_else(|| SnapshotError::Name(first()))?;
            Engine::open(read(name)?).map_err(|error| unusable(name, error))?
        }
    };
    let longest = if SETTINGS.pages { LONGEST_KEPT_PAGE } else { 0 };
    Ok(engine.with_keys(keys).with_pages_up_to(longest))
}

/// The snapshot in the component, which all of its instances share.
#[expect(
    unsafe_code,
    reason = "the snapshot came into memory behind the linker's back"
)]
fn embedded() -> Option<&'static [u8]> {
    // SAFETY: a reference to a static is valid. Volatile, for what the compiler sees there is not what is there.
    let place = unsafe { ptr::read_volatile(&raw const PLACE) };
    let range = place.range()?;
    // SAFETY: `tailorbird embed` made this part of the memory and initialised it; it lies behind what the linker and so the
    // allocator know of, and nothing ever writes there.
    Some(unsafe { slice::from_raw_parts(ptr::with_exposed_provenance(range.start), range.len()) })
}

fn read(name: &str) -> Result<Vec<u8>, SnapshotError> {
    let path = PathBuf::from(DIRECTORY).join(name);
    fs::read(&path).map_err(|source| SnapshotError::Read { path, source })
}
