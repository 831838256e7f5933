//! The npm packages of tests/e2e: the Workers runtime and its tools, esbuild, wasm-opt, a driver for the browser.

use std::fs;

use super::said;
use crate::settings::NODE_MAJOR;
use crate::{paths, process};

/// Installs what the lock file says, unless just that is there.
pub fn install() -> Result<(), String> {
    check_node()?;
    let folder = paths::e2e();
    let lock = fs::read(folder.join("package-lock.json"))
        .map_err(|error| format!("tests/e2e/package-lock.json: {error}"))?;
    let stamp = folder.join("node_modules/.tailorbird-lock");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        said("npm packages", "there");
        return Ok(());
    }
    said(
        "npm packages",
        "installing by the lock file, about 15 seconds",
    );
    process::run(
        process::command("npm")
            .args(["ci", "--no-audit", "--no-fund"])
            .current_dir(&folder),
    )
    .map_err(|error| format!("the npm packages of tests/e2e cannot be installed: {error}"))?;
    fs::write(&stamp, lock).map_err(|error| format!("{}: {error}", stamp.display()))
}

fn check_node() -> Result<(), String> {
    let advice = format!("install Node.js {NODE_MAJOR} or newer, with npm");
    let version = process::read(process::command("node").arg("--version"))
        .map_err(|error| format!("{error}; {advice}"))?;
    let major: u32 = version
        .trim()
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|major| major.parse().ok())
        .ok_or_else(|| format!("`node --version` said {version:?}; {advice}"))?;
    if major < NODE_MAJOR {
        return Err(format!("Node.js {} is too old; {advice}", version.trim()));
    }
    Ok(())
}
