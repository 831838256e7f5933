//! `cargo xtask size`: what makes the Cloudflare worker's module heavy.
//!
//! The deployed module has no names, so it is built once more with them, by the same optimisations.

mod module;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::settings::{Host, WASM_BINDGEN, WORKER_GZIP_LIMIT};
use crate::{build, paths, process, size};
use module::Module;

/// How many crates and functions are listed.
const CRATES: usize = 30;
const FUNCTIONS: usize = 50;

/// What worker-build lets wasm-opt take for granted.
const FEATURES: [&str; 7] = [
    "mutable-globals",
    "sign-ext",
    "nontrapping-float-to-int",
    "bulk-memory",
    "multivalue",
    "reference-types",
    "exception-handling",
];

/// Builds the worker and prints its weight by file, section, crate and function.
pub fn run() -> Result<(), String> {
    let files = build::build(Host::Cloudflare)?;
    println!("\n{:>10} {:>10} {:>10}  file", "raw", "gzip", "brotli");
    for file in &files {
        row(
            file.file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .as_ref(),
            &[file],
        )?;
    }
    let files: Vec<&PathBuf> = files.iter().collect();
    row(&format!("all; at most {WORKER_GZIP_LIMIT} gzipped"), &files)?;
    let path = named()?;
    let bytes = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let module = Module::read(&bytes)?;
    let is_deployed = |name: &str| !matches!(name, "name" | "producers" | "target_features");
    let sections = module.sections.into_iter();
    let sections: Vec<_> = sections.filter(|(name, _)| is_deployed(name)).collect();
    let whole = sections.iter().map(|(_, size)| size).sum();
    list("section", sections, usize::MAX, whole);
    list("crate", crates(&module.functions), CRATES, whole);
    list("function", module.functions, FUNCTIONS, whole);
    println!(
        "\nShares are of the module's raw bytes. A generic function counts for the crate that it is written in;"
    );
    println!(
        "one that is called once stands within its caller. With names: {}",
        path.display()
    );
    Ok(())
}

fn row(what: &str, files: &[&PathBuf]) -> Result<(), String> {
    let size = size::of(files)?;
    let brotli = files
        .iter()
        .map(|file| brotli(file))
        .sum::<Result<u64, _>>()?;
    println!("{:>10} {:>10} {brotli:>10}  {what}", size.raw, size.gzip);
    Ok(())
}

/// By Node.js, which is here for the tests.
fn brotli(file: &Path) -> Result<u64, String> {
    let script = "const bytes = fs.readFileSync(process.argv[1]); console.log(zlib.brotliCompressSync(bytes).length)";
    let length = process::read(process::command("node").args(["-e", script]).arg(file))?;
    let length = length.trim();
    length
        .parse()
        .map_err(|_| format!("expected a length of node, found {length:?}"))
}

fn list(what: &str, mut sizes: Vec<(String, usize)>, most: usize, whole: usize) {
    sizes.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    println!("\n{:>10} {:>7}  {what}", "raw", "share");
    let rest: usize = sizes.iter().skip(most).map(|(_, size)| size).sum();
    let left = sizes.len().saturating_sub(most);
    sizes.truncate(most);
    if left > 0 {
        sizes.push((format!("… {left} more"), rest));
    }
    for (name, size) in sizes {
        println!(
            "{size:>10} {:>6.1}%  {name}",
            size as f64 * 100.0 / whole.max(1) as f64
        );
    }
}

fn crates(functions: &[(String, usize)]) -> Vec<(String, usize)> {
    let mut crates: BTreeMap<String, usize> = BTreeMap::new();
    for (name, size) in functions {
        *crates.entry(crate_of(name)).or_default() += size;
    }
    crates.into_iter().collect()
}

/// The crate of a demangled name: `<&mut a::B as c::D>::e` is `a`'s. Of the standard library its module is told,
/// too, since that is what can be avoided.
fn crate_of(name: &str) -> String {
    let mut name = name.trim_start_matches(['<', '&', '*', '(']);
    for word in ["mut ", "dyn ", "impl "] {
        name = name.strip_prefix(word).unwrap_or(name);
    }
    let parts = name.split("::").map(|part| {
        let end = part.find(|c: char| !c.is_alphanumeric() && c != '_');
        part.split_at(end.unwrap_or(part.len())).0
    });
    let parts: Vec<&str> = parts.take(2).collect();
    match parts.as_slice() {
        [first @ ("core" | "alloc" | "std"), second, ..] => format!("{first}::{second}"),
        [first, ..] => (*first).to_owned(),
        [] => String::new(),
    }
}

/// The module with names.
fn named() -> Result<PathBuf, String> {
    let target = Host::Cloudflare.target().unwrap_or_default();
    let package = Host::Cloudflare.package();
    let options = [
        "build",
        "--lib",
        "--profile",
        "wasm",
        "--target",
        target,
        "-p",
        package,
    ];
    process::run(
        process::cargo()
            .args(options)
            .env("CARGO_PROFILE_WASM_STRIP", "none"),
    )?;
    let folder = paths::target().join("size");
    let linked = format!("{target}/wasm/{}.wasm", package.replace('-', "_"));
    process::run(
        process::command(paths::tool_binary(&WASM_BINDGEN)?)
            .arg(paths::target().join(linked))
            .args([
                "--no-typescript",
                "--target",
                "module",
                "--out-name",
                "index",
                "--out-dir",
            ])
            .arg(&folder),
    )?;
    let out = folder.join("named.wasm");
    process::run(
        process::command(paths::npm_binary("wasm-opt"))
            .arg(folder.join("index_bg.wasm"))
            .arg("-o")
            .arg(&out)
            .args(optimisations()?)
            .args(FEATURES.map(|feature| format!("--enable-{feature}")))
            .arg("--debuginfo"),
    )?;
    Ok(out)
}

/// What worker-build gives wasm-opt, but for what takes names away.
fn optimisations() -> Result<Vec<String>, String> {
    let path = paths::root().join("hosts/cloudflare/Cargo.toml");
    let manifest =
        fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let words = manifest
        .lines()
        .find_map(|line| line.strip_prefix("wasm-opt = [")?.strip_suffix(']'))
        .ok_or("hosts/cloudflare/Cargo.toml has no line `wasm-opt = [\"…\"]`")?;
    let words = words.split(',').map(|word| word.trim().trim_matches('"'));
    let words = words.filter(|word| !word.starts_with("--strip"));
    Ok(words.map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_their_crate() {
        for (name, expected) in [
            ("tailorbird::engine::Engine::open::h0123", "tailorbird"),
            (
                "<&mut serde_json::de::Deserializer<R> as serde_core::de::Deserializer>::x",
                "serde_json",
            ),
            ("core[e24a27700634d609]::num::flt2dec::x", "core::num"),
            (
                "core::ptr::drop_in_place<tailorbird::site::Site>",
                "core::ptr",
            ),
            ("<str>::to_lowercase", "str"),
            ("function 7", "function"),
        ] {
            assert_eq!(crate_of(name), expected, "{name}");
        }
    }
}
