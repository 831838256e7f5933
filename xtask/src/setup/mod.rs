//! Installs what demo and test need. Every step looks first and does nothing when the thing is there.

mod apt;
mod browser;
mod debian_std;
mod node;
mod tools;
mod wasm_std;

pub use tools::install as tool;

use std::fs;
use std::path::Path;
use std::str::FromStr;

use crate::settings::{self, Host};

/// A part of the setup that can be asked for alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Host(Host),
    Browser,
}

impl FromStr for Part {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        if name == "browser" {
            return Ok(Part::Browser);
        }
        name.parse().map(Part::Host).map_err(|_| {
            format!("expected native, cloudflare, spin or browser after --only, found `{name}`")
        })
    }
}

/// Sets up one part, or everything.
pub fn run(only: Option<Part>) -> Result<(), String> {
    let wanted = |part| only.is_none_or(|only| only == part);
    if wanted(Part::Host(Host::Native)) {
        said("native", "Rust is all that it needs");
    }
    if wanted(Part::Host(Host::Cloudflare)) {
        wasm_std::install(Host::Cloudflare)?;
        tools::install(&settings::WORKER_BUILD)?;
        tools::install(&settings::WASM_BINDGEN)?;
        tools::same_wasm_bindgen_as_lock()?;
    }
    if wanted(Part::Host(Host::Cloudflare)) || wanted(Part::Browser) {
        node::install()?;
    }
    if wanted(Part::Host(Host::Spin)) {
        wasm_std::install(Host::Spin)?;
        tools::install(&settings::WASMTIME)?;
    }
    if wanted(Part::Browser) {
        browser::install()?;
    }
    Ok(())
}

/// One line of the report.
fn said(what: &str, how: impl std::fmt::Display) {
    println!("setup: {what}: {how}");
}

fn make(folder: &Path) -> Result<(), String> {
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))
}

fn write(file: &Path, text: &str) -> Result<(), String> {
    fs::write(file, text).map_err(|error| format!("{}: {error}", file.display()))
}
