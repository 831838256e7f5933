//! Where things are.

use std::env;
use std::path::{Path, PathBuf};

use crate::settings::CargoTool;

/// The repository.
pub fn root() -> PathBuf {
    // Cargo sets the variable for `cargo xtask`; the constant serves a binary that is started by hand.
    let manifest =
        env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let manifest = PathBuf::from(manifest);
    manifest.parent().map_or(manifest.clone(), Path::to_owned)
}

/// Cargo's target folder.
pub fn target() -> PathBuf {
    match env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => root().join("target"),
    }
}

/// The `tailorbird` binary that `cargo build --release` makes.
pub fn tailorbird() -> PathBuf {
    target().join("release").join(exe("tailorbird"))
}

pub fn e2e() -> PathBuf {
    root().join("tests/e2e")
}

/// A program of an npm package.
pub fn npm_binary(name: &str) -> PathBuf {
    e2e().join("node_modules/.bin").join(name)
}

/// Where tools are kept, so that clones of the repository share them.
pub fn tools() -> Result<PathBuf, String> {
    if let Some(folder) = set("TAILORBIRD_TOOLS") {
        return Ok(folder);
    }
    let cache = match set("XDG_CACHE_HOME") {
        Some(cache) => cache,
        None => set("HOME")
            .ok_or("neither TAILORBIRD_TOOLS nor XDG_CACHE_HOME nor HOME is set")?
            .join(".cache"),
    };
    Ok(cache.join("tailorbird/tools"))
}

fn set(variable: &str) -> Option<PathBuf> {
    env::var_os(variable)
        .filter(|value| !value.is_empty())
        .map(PathBuf::from)
}

/// The folder of one version of a tool.
pub fn tool_folder(tool: &CargoTool) -> Result<PathBuf, String> {
    Ok(tools()?.join(format!("{}-{}", tool.folder, tool.version)))
}

pub fn tool_binary(tool: &CargoTool) -> Result<PathBuf, String> {
    Ok(tool_folder(tool)?.join("bin").join(exe(tool.binary)))
}

/// A program on the PATH.
pub fn on_path(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|folder| folder.join(exe(name)))
        .find(|file| file.is_file())
}

/// A program's file name.
pub fn exe(name: &str) -> String {
    format!("{name}{}", env::consts::EXE_SUFFIX)
}
