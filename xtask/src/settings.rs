//! The pins: every tool that is installed, and the limits that a build is held to.

use std::str::FromStr;

/// Where the worker runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Host {
    Native,
    Cloudflare,
    Spin,
}

impl Host {
    pub const ALL: [Host; 3] = [Host::Native, Host::Cloudflare, Host::Spin];

    pub fn name(self) -> &'static str {
        match self {
            Host::Native => "native",
            Host::Cloudflare => "cloudflare",
            Host::Spin => "spin",
        }
    }

    /// The package in the workspace.
    pub fn package(self) -> &'static str {
        match self {
            Host::Native => "tailorbird-native",
            Host::Cloudflare => "tailorbird-cloudflare",
            Host::Spin => "tailorbird-spin",
        }
    }

    /// The target that it must be compiled for; the native host takes the machine's own.
    pub fn target(self) -> Option<&'static str> {
        match self {
            Host::Native => None,
            Host::Cloudflare => Some("wasm32-unknown-unknown"),
            Host::Spin => Some("wasm32-wasip2"),
        }
    }
}

impl FromStr for Host {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Host::ALL
            .into_iter()
            .find(|host| host.name() == name)
            .ok_or_else(|| {
                format!("expected native, cloudflare or spin as the host, found `{name}`")
            })
    }
}

/// A program that `cargo install` puts into a folder of its own.
pub struct CargoTool {
    /// Folder name before the version.
    pub folder: &'static str,
    /// Package on the registry.
    pub package: &'static str,
    pub version: &'static str,
    pub binary: &'static str,
    /// Further arguments of `cargo install`.
    pub arguments: &'static [&'static str],
    /// How long it takes on two cores, for the message.
    pub minutes: u32,
}

/// Stands in for Spin, which is no registry package: the component uses WASI alone, so both run it unchanged.
/// The newest that Rust 1.95 compiles is 48. Its default features take twice the time and add nothing to `serve`.
pub const WASMTIME: CargoTool = CargoTool {
    folder: "wasmtime",
    package: "wasmtime-cli",
    version: "48.0.8",
    binary: "wasmtime",
    arguments: &[
        "--locked",
        "--no-default-features",
        "--features",
        "run,serve,cranelift,component-model-async,parallel-compilation,pooling-allocator,logging,backtrace",
    ],
    minutes: 7,
};

pub const WORKER_BUILD: CargoTool = CargoTool {
    folder: "worker-build",
    package: "worker-build",
    version: "0.8.7",
    binary: "worker-build",
    arguments: &["--locked", "--debug"],
    minutes: 5,
};

/// Must equal `wasm-bindgen` in Cargo.lock. Without `--locked`: the lock file it ships does not resolve.
pub const WASM_BINDGEN: CargoTool = CargoTool {
    folder: "wasm-bindgen",
    package: "wasm-bindgen-cli",
    version: "0.2.130",
    binary: "wasm-bindgen",
    arguments: &["--debug"],
    minutes: 4,
};

/// Checks licences, sources and banned crates.
pub const CARGO_DENY: CargoTool = CargoTool {
    folder: "cargo-deny",
    package: "cargo-deny",
    version: "0.20.2",
    binary: "cargo-deny",
    arguments: &["--locked", "--debug"],
    minutes: 1,
};

/// What the worker may weigh, compressed: it is fetched and compiled in every new isolate.
pub const WORKER_GZIP_LIMIT: u64 = 533 * 1024;

/// What the pictures of docs/ may weigh together, in bytes: every clone has them, in each of their versions.
pub const PICTURES_LIMIT: u64 = 1_200_000;

/// The oldest Node.js that the tests and wrangler run on.
pub const NODE_MAJOR: u32 = 20;

/// Where the demo listens: the shop alone, and the shop with Tailorbird in front.
pub const DEMO_PORT: u16 = 8700;
