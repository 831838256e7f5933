//! Where rustup cannot serve a target: Debian ships the compiler's own source (`rust-src`) and the C library for WASI
//! (`wasi-libc`), both for any architecture. With the source in the sysroot, cargo compiles the standard library, and
//! its .rlib files are put where rustup would have put them. After that a plain `cargo build --target` works.

use std::fs;
use std::path::Path;

use super::apt::Apt;
use super::wasm_std::Toolchain;
use super::{make, said, write};
use crate::{paths, process};

/// Linked by hand with a WASI program, found in this folder by rustc.
const WASI_OBJECTS: [&str; 3] = ["crt1-command.o", "crt1-reactor.o", "libc.a"];

/// Builds and installs the standard library of `target` into `toolchain`.
pub fn install(toolchain: &Toolchain, target: &str) -> Result<(), String> {
    for program in ["apt-get", "apt-cache", "dpkg-deb"] {
        paths::on_path(program).ok_or(format!("this machine has no {program}"))?;
    }
    let folder = paths::tools()?.join(format!("rust-std-{}", toolchain.version));
    let packages = folder.join("packages");
    let apt = Apt::new(&folder.join("apt"))?;
    let source = packages.join(format!("usr/src/rustc-{}", toolchain.version));
    if !source.is_dir() {
        let version = apt.version("rust-src", |version| {
            version.starts_with(&format!("{}+", toolchain.version))
        })?;
        apt.unpack("rust-src", &version, &packages)?;
    }
    link_source(toolchain, &source)?;
    let crate_folder = folder.join("empty");
    build(toolchain, target, &crate_folder)?;
    copy_rlibs(
        &crate_folder
            .join("target")
            .join(target)
            .join("release/deps"),
        &toolchain.lib(target),
    )?;
    if target == "wasm32-wasip2" {
        let version = apt.version("wasi-libc", |_| true)?;
        apt.unpack("wasi-libc", &version, &packages)?;
        copy_wasi(
            &packages.join("usr/lib").join(target),
            &toolchain.lib(target).join("self-contained"),
        )?;
    }
    let _ = fs::remove_dir_all(&crate_folder);
    said(target, "built");
    Ok(())
}

fn link_source(toolchain: &Toolchain, source: &Path) -> Result<(), String> {
    let link = toolchain.sysroot.join("lib/rustlib/src/rust");
    if link.join("library/std/Cargo.toml").is_file() {
        return Ok(());
    }
    make(link.parent().unwrap_or(&link))?;
    let _ = fs::remove_file(&link);
    std::os::unix::fs::symlink(source, &link)
        .map_err(|error| format!("{}: {error}", link.display()))
}

fn build(toolchain: &Toolchain, target: &str, folder: &Path) -> Result<(), String> {
    said(
        target,
        "compiling the standard library, about half a minute",
    );
    make(&folder.join("src"))?;
    write(&folder.join("src/lib.rs"), "")?;
    write(
        &folder.join("Cargo.toml"),
        "[package]\nname = \"empty\"\nedition = \"2024\"\n\n[workspace]\n",
    )?;
    process::run(
        process::cargo()
            .current_dir(folder)
            .args([
                "build",
                "--quiet",
                "--release",
                "-Zbuild-std=std,panic_abort",
                "--target",
                target,
            ])
            .env("RUSTC", toolchain.sysroot.join("bin/rustc"))
            .env("RUSTC_BOOTSTRAP", "1")
            // Without the bitcode, `lto = "fat"` fails later.
            .env("RUSTFLAGS", "-Cembed-bitcode=yes")
            .env("CARGO_TARGET_DIR", folder.join("target")),
    )
}

fn copy_rlibs(from: &Path, to: &Path) -> Result<(), String> {
    // Two copies of std in there stop every build.
    let _ = fs::remove_dir_all(to);
    make(to)?;
    for entry in fs::read_dir(from)
        .map_err(|error| format!("{}: {error}", from.display()))?
        .flatten()
    {
        let name = entry.file_name();
        let text = name.to_string_lossy();
        if text.ends_with(".rlib") && !text.starts_with("libempty-") {
            copy(&entry.path(), &to.join(&name))?;
        }
    }
    Ok(())
}

fn copy_wasi(from: &Path, to: &Path) -> Result<(), String> {
    make(to)?;
    WASI_OBJECTS
        .iter()
        .try_for_each(|name| copy(&from.join(name), &to.join(name)))
}

fn copy(from: &Path, to: &Path) -> Result<(), String> {
    fs::copy(from, to)
        .map(|_| ())
        .map_err(|error| format!("{} to {}: {error}", from.display(), to.display()))
}
