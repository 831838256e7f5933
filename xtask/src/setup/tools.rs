//! Programs from the package registry, each version in a folder of its own.

use std::fs;
use std::path::Path;

use super::said;
use crate::settings::{CargoTool, WASM_BINDGEN};
use crate::{paths, process};

/// Installs `tool` unless that version is there.
pub fn install(tool: &CargoTool) -> Result<(), String> {
    let what = format!("{} {}", tool.package, tool.version);
    let binary = paths::tool_binary(tool)?;
    if is_there(&binary, tool.version) {
        said(&what, "there");
        return Ok(());
    }
    said(
        &what,
        format!("installing, about {} minutes on two cores", tool.minutes),
    );
    let folder = paths::tool_folder(tool)?;
    // Not our own target folder: `cargo clean` there must not cost the next installation, nor this one fill it.
    let target = paths::tools()?.join(format!("{}-{}.build", tool.folder, tool.version));
    let installed = process::run(
        process::cargo()
            .args(["install", "--quiet", "--force", "--root"])
            .arg(&folder)
            .arg(format!("{}@{}", tool.package, tool.version))
            .args(tool.arguments)
            // A tool is compiled for this machine whatever the caller compiles for.
            .env_remove("CARGO_BUILD_TARGET")
            .env_remove("RUSTFLAGS")
            .env("CARGO_TARGET_DIR", &target),
    );
    let _ = fs::remove_dir_all(&target);
    installed.map_err(|error| {
        format!(
            "{what} cannot be installed ({error}); it needs the package registry and a C linker"
        )
    })?;
    if !is_there(&binary, tool.version) {
        return Err(format!(
            "{} was installed and is not version {}",
            binary.display(),
            tool.version
        ));
    }
    Ok(())
}

fn is_there(binary: &Path, version: &str) -> bool {
    binary.is_file()
        && process::read(process::command(binary).arg("--version"))
            .is_ok_and(|said| said.split_whitespace().any(|word| word == version))
}

/// wasm-bindgen's program and its crate speak a format that only the same version reads.
pub fn same_wasm_bindgen_as_lock() -> Result<(), String> {
    let path = paths::root().join("Cargo.lock");
    let Ok(lock) = fs::read_to_string(&path) else {
        said(
            "Cargo.lock",
            "not there yet, so wasm-bindgen's version is not compared",
        );
        return Ok(());
    };
    match locked(&lock, "wasm-bindgen") {
        Some(version) if version == WASM_BINDGEN.version => Ok(()),
        Some(version) => Err(format!(
            "Cargo.lock has wasm-bindgen {version}, setup installs wasm-bindgen-cli {}: they must be equal. \
             Run `cargo update -p wasm-bindgen --precise {0}`, or change the version in xtask/src/settings.rs",
            WASM_BINDGEN.version
        )),
        None => Err("Cargo.lock has no wasm-bindgen, which the Cloudflare host needs".into()),
    }
}

fn locked<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines();
    lines.find(|line| *line == name)?;
    lines
        .next()?
        .strip_prefix("version = \"")?
        .strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::locked;

    #[test]
    fn the_version_is_the_one_below_the_whole_name() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"9.9.9\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(locked(lock, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked(lock, "wasm"), None);
    }
}
