//! Snapshot files and directories.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use miette::{IntoDiagnostic, Result, WrapErr, miette};
use sha2::{Digest, Sha256};
use tailorbird::snapshot::{CURRENT_FILE, FILE_ENDING, Snapshot, current_name};

/// How many bytes of the content's SHA-256 are its name.
const NAME_BYTES: usize = 16;

/// Writes a snapshot under its content's name and makes it the current one. Both files appear whole
/// or not at all.
pub fn publish(directory: &Path, bytes: &[u8]) -> Result<PathBuf> {
    fs::create_dir_all(directory)
        .into_diagnostic()
        .wrap_err_with(|| format!("cannot make the directory {}", directory.display()))?;
    let name = format!("{}.{FILE_ENDING}", content_name(bytes));
    write_whole(&directory.join(&name), bytes)?;
    write_whole(
        &directory.join(CURRENT_FILE),
        format!("{name}\n").as_bytes(),
    )?;
    Ok(directory.join(name))
}

/// A file's name by its content.
pub fn content_name(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .take(NAME_BYTES)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Writes a file so that it appears whole or not at all.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let attempt = || {
        let directory = path.parent().unwrap_or(Path::new("."));
        let mut file = tempfile::Builder::new()
            .prefix(".tailorbird-")
            .tempfile_in(directory)?;
        file.write_all(bytes)?;
        let mut permissions = file.as_file().metadata()?.permissions();
        make_readable(&mut permissions);
        file.as_file().set_permissions(permissions)?;
        file.persist(path).map_err(|error| error.error)
    };
    attempt()
        .into_diagnostic()
        .wrap_err_with(|| format!("cannot write {}", path.display()))
        .map(drop)
}

/// Temporary files are private; a snapshot is read by servers that run as somebody else.
fn make_readable(permissions: &mut fs::Permissions) {
    #[cfg(unix)]
    std::os::unix::fs::PermissionsExt::set_mode(permissions, 0o644);
    #[cfg(not(unix))]
    permissions.set_readonly(false);
}

/// Reads a snapshot: a file, or the current one of a directory.
pub fn read(path: &Path) -> Result<(PathBuf, Vec<u8>)> {
    let file = if path.is_dir() {
        current_file(path)?
    } else {
        path.to_owned()
    };
    let bytes = fs::read(&file).into_diagnostic().wrap_err_with(|| {
        format!(
            "cannot read {}; `tailorbird build` writes snapshots",
            file.display()
        )
    })?;
    Ok((file, bytes))
}

/// Opens what [`read`] finds.
pub fn open(path: &Path) -> Result<(PathBuf, Snapshot)> {
    let (file, bytes) = read(path)?;
    let snapshot = Snapshot::open(bytes)
        .into_diagnostic()
        .wrap_err_with(|| format!("{} cannot be used", file.display()))?;
    Ok((file, snapshot))
}

/// Opens a snapshot that is sound to its last record.
pub fn sound(file: &Path, bytes: Vec<u8>) -> Result<Snapshot> {
    let unsound = || format!("{} is not sound", file.display());
    // An engine also compiles the site's selectors.
    tailorbird::Engine::open(bytes.clone())
        .into_diagnostic()
        .wrap_err_with(unsound)?;
    let snapshot = Snapshot::open(bytes)
        .into_diagnostic()
        .wrap_err_with(unsound)?;
    snapshot.verify().into_diagnostic().wrap_err_with(unsound)?;
    Ok(snapshot)
}

fn current_file(directory: &Path) -> Result<PathBuf> {
    let current = directory.join(CURRENT_FILE);
    let content = fs::read_to_string(&current)
        .into_diagnostic()
        .wrap_err_with(|| {
            format!(
                "cannot read {}; `tailorbird build` writes it",
                current.display()
            )
        })?;
    let name = current_name(&content).ok_or_else(|| {
        miette!(
            "{}: expected a file name, found {:?}",
            current.display(),
            content.lines().next()
        )
    })?;
    Ok(directory.join(name))
}
