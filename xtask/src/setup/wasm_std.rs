//! The standard library for the two WASM targets.

use std::fs;
use std::path::{Path, PathBuf};

use super::{debian_std, said};
use crate::settings::Host;
use crate::{paths, process};

/// The toolchain that compiles the workspace.
pub struct Toolchain {
    /// `rustc --print sysroot`.
    pub sysroot: PathBuf,
    /// For instance `1.95.0`.
    pub version: String,
}

impl Toolchain {
    fn of_this_workspace() -> Result<Toolchain, String> {
        let sysroot = process::read(process::rustc().args(["--print", "sysroot"]))?;
        let version = process::read(process::rustc().arg("-vV"))?
            .lines()
            .find_map(|line| line.strip_prefix("release: ").map(str::to_owned))
            .ok_or("`rustc -vV` says no release")?;
        Ok(Toolchain {
            sysroot: PathBuf::from(sysroot.trim()),
            version,
        })
    }

    /// Where the compiled standard library of `target` belongs.
    pub fn lib(&self, target: &str) -> PathBuf {
        self.sysroot.join("lib/rustlib").join(target).join("lib")
    }
}

/// Installs the target that `host` is compiled for, unless it is there.
pub fn install(host: Host) -> Result<(), String> {
    let Some(target) = host.target() else {
        return Ok(());
    };
    let toolchain = Toolchain::of_this_workspace()?;
    if has_std(&toolchain.lib(target)) {
        said(target, "there");
        return Ok(());
    }
    let rustup = if paths::on_path("rustup").is_some() {
        said(target, "rustup target add");
        process::run(process::command("rustup").args(["target", "add", target]))
    } else {
        Err("there is no rustup".to_owned())
    };
    if let Err(error) = rustup {
        said(
            target,
            format_args!("{error}; building it from Debian's source instead"),
        );
        debian_std::install(&toolchain, target).map_err(|fallback| {
            format!("{target} cannot be installed: {error}; nor from Debian's source: {fallback}")
        })?;
    }
    if !has_std(&toolchain.lib(target)) {
        return Err(format!(
            "{target} was installed, and there is no std in {}",
            toolchain.lib(target).display()
        ));
    }
    Ok(())
}

fn has_std(lib: &Path) -> bool {
    fs::read_dir(lib).is_ok_and(|entries| {
        entries.flatten().any(|entry| {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            name.starts_with("libstd-") && name.ends_with(".rlib")
        })
    })
}
