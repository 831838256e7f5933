//! The three hosts, optimised, and what they weigh.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use crate::settings::{Host, WASM_BINDGEN, WORKER_BUILD, WORKER_GZIP_LIMIT};
use crate::size::{self, Size};
use crate::{paths, process};

const SPIN_TARGET: &str = "wasm32-wasip2";

/// Builds one host, or all, and prints the sizes.
pub fn run(host: Option<Host>) -> Result<(), String> {
    let hosts = host.map_or(Host::ALL.to_vec(), |host| vec![host]);
    for host in hosts {
        let files = build(host)?;
        println!("{}: {}", host.name(), size::of(&files)?);
        for file in files {
            println!(
                "  {}",
                file.strip_prefix(paths::root()).unwrap_or(&file).display()
            );
        }
    }
    Ok(())
}

/// Builds `host` and names the files that are deployed.
pub fn build(host: Host) -> Result<Vec<PathBuf>, String> {
    match host {
        Host::Native => native(),
        Host::Cloudflare => cloudflare(),
        Host::Spin => spin(),
    }
}

/// The CLI, which holds the native host.
pub fn native() -> Result<Vec<PathBuf>, String> {
    process::run(process::cargo().args(["build", "--release", "-p", "tailorbird-cli"]))?;
    Ok(vec![paths::tailorbird()])
}

/// By the very command that `wrangler deploy` runs.
fn cloudflare() -> Result<Vec<PathBuf>, String> {
    let settings = paths::root().join("wrangler.toml");
    let settings =
        fs::read_to_string(settings).map_err(|error| format!("wrangler.toml: {error}"))?;
    let command = settings
        .lines()
        .find_map(|line| line.strip_prefix("command = \"")?.strip_suffix('"'))
        .ok_or("wrangler.toml has no line `command = \"…\"` for the build")?;
    let mut words = command.split_whitespace();
    let program = words
        .next()
        .ok_or("wrangler.toml has an empty build command")?;
    let environment = worker_environment()?;
    process::run(
        process::command(paths::tool_folder(&WORKER_BUILD)?.join("bin").join(program))
            .args(words)
            .envs(environment),
    )?;
    let mut files = Vec::new();
    deployed(&worker_folder(), &mut files)?;
    files.sort();
    Ok(files)
}

/// Where that command puts the worker.
fn worker_folder() -> PathBuf {
    paths::root().join("build")
}

/// Where worker-build finds its tools; it would download those that are not named. The folder of worker-build itself
/// comes first on the PATH, for the build command in wrangler.toml.
pub fn worker_environment() -> Result<Vec<(&'static str, OsString)>, String> {
    let worker_build = paths::tool_binary(&WORKER_BUILD)?;
    let wasm_opt = paths::npm_binary("wasm-opt");
    if !worker_build.is_file() || !wasm_opt.is_file() {
        return Err("the tools are missing: run `cargo xtask setup --only cloudflare`".into());
    }
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = worker_build
        .parent()
        .map(Path::to_owned)
        .into_iter()
        .chain(env::split_paths(&path));
    Ok(vec![
        (
            "PATH",
            env::join_paths(folders).map_err(|error| error.to_string())?,
        ),
        (
            "WASM_BINDGEN_BIN",
            paths::tool_binary(&WASM_BINDGEN)?.into(),
        ),
        ("ESBUILD_BIN", paths::npm_binary("esbuild").into()),
        ("WASM_OPT_BIN", wasm_opt.into()),
    ])
}

/// What of worker-build's output is uploaded: modules, not the types and notes beside them.
fn deployed(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), String> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            deployed(&path, files)?;
        } else if path
            .extension()
            .is_some_and(|kind| kind == "js" || kind == "wasm")
        {
            files.push(path);
        }
    }
    Ok(())
}

fn spin() -> Result<Vec<PathBuf>, String> {
    process::run(process::cargo().args([
        "build",
        "--profile",
        "wasm",
        "--target",
        SPIN_TARGET,
        "-p",
        Host::Spin.package(),
    ]))?;
    Ok(vec![component()])
}

/// The Spin component.
pub fn component() -> PathBuf {
    paths::target()
        .join(SPIN_TARGET)
        .join("wasm/tailorbird_spin.wasm")
}

/// Refuses a worker that is heavier than it may be.
pub fn check_worker_size() -> Result<(), String> {
    let mut files = Vec::new();
    deployed(&worker_folder(), &mut files)?;
    let Size { gzip, .. } = size::of(&files)?;
    if gzip > WORKER_GZIP_LIMIT {
        return Err(format!(
            "the worker is {gzip} bytes gzipped; its limit is {WORKER_GZIP_LIMIT}"
        ));
    }
    println!("worker: {gzip} of {WORKER_GZIP_LIMIT} bytes, gzipped");
    Ok(())
}
