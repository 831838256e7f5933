//! What a query and the opening of a snapshot cost, natively and in wasmtime: the same program, the
//! example `query`, compiled for both.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::settings::{Host, WASMTIME};
use crate::setup::{self, Part};
use crate::{paths, process};

const WASM_TARGET: &str = "wasm32-wasip2";

/// How often each program runs, in turns, so that a slow moment of the machine hits both.
const TURNS: usize = 5;
/// How often a run asks each case.
const ROUNDS: &str = "9";

/// What a query and an opening may cost in wasmtime. Opening checks every byte by its checksum, which
/// is all that an edge does; verifying reads every record, which a CI does before it publishes.
const MEDIAN_US: f64 = 15.0;
const P99_US: f64 = 50.0;
const OPEN_MS: f64 = 5.0;
/// What deciding may cost for a page with four slots, a banner and a list of 48 tiles, request and cookie read.
const PAGE_MEDIAN_US: f64 = 150.0;
const PAGE_P99_US: f64 = 500.0;

/// The columns: the programs' names for them, and ours.
const COLUMNS: [(&str, &str); 7] = [
    ("p50", "query p50 µs"),
    ("p99", "query p99 µs"),
    ("mean", "query mean µs"),
    ("open_ms", "open 4 MiB ms"),
    ("verify_ms", "every record of it ms"),
    ("page_p50", "page p50 µs"),
    ("page_p99", "page p99 µs"),
];

/// Builds, measures, prints the table, and fails when the two programs answer differently.
pub fn run() -> Result<(), String> {
    let programs = Programs::build()?;
    let (folder, from) = cases("query", None)?;
    let mut runs = [Vec::new(), Vec::new()];
    for _ in 0..TURNS {
        for (runs, mut program) in runs.iter_mut().zip(programs.on(&folder)) {
            program.args(["--rounds", ROUNDS]);
            runs.push(process::read(&mut program)?);
        }
    }
    let [native, wasm] = runs;
    same_answers(&native[0], &wasm[0])?;
    let count = |name| number(&native[0], name);
    println!(
        "{from}: {} cases of 10 different views, the best 24 of all {} items, decoding included.\n\
         Medians of {TURNS} runs of {ROUNDS} rounds; each query is timed by itself.\n",
        count("cases")?,
        count("items")?
    );
    let names = COLUMNS.map(|(_, name)| name).join(" | ");
    println!("| | {names} |\n|---|{}", "---:|".repeat(COLUMNS.len()));
    let mut found = Vec::new();
    for (name, runs) in [("native", native), ("wasmtime", wasm)] {
        let medians: Vec<f64> = COLUMNS
            .iter()
            .map(|(column, _)| median(&runs, column))
            .collect::<Result<_, _>>()?;
        let cells: Vec<String> = medians.iter().map(|value| format!("{value:.2}")).collect();
        println!("| {name} | {} |", cells.join(" | "));
        found.push(medians);
    }
    let (native, wasm) = (&found[0], &found[1]);
    println!();
    for (what, value, bar) in [
        ("wasmtime, query p50", wasm[0], MEDIAN_US),
        ("wasmtime, query p99", wasm[1], P99_US),
        ("native, query p50, against wasmtime", native[0], wasm[0]),
        ("wasmtime, open 4 MiB, every byte checked", wasm[3], OPEN_MS),
        ("wasmtime, page p50", wasm[5], PAGE_MEDIAN_US),
        ("wasmtime, page p99", wasm[6], PAGE_P99_US),
    ] {
        let verdict = if value <= bar { "met" } else { "MISSED" };
        println!("{verdict:6} {what}: {value:.2}, at most {bar:.2}");
    }
    println!("native and WASM agree to the bit");
    Ok(())
}

/// Whether both programs answer the same on a small snapshot. Nothing is timed.
pub fn agree() -> Result<(), String> {
    let programs = Programs::build()?;
    let (folder, _) = cases("query-small", Some("small"))?;
    let [mut native, mut wasm] = programs.on(&folder);
    same_answers(&process::read(&mut native)?, &process::read(&mut wasm)?)
}

fn same_answers(native: &str, wasm: &str) -> Result<(), String> {
    for (what, name) in [("queries", "digest"), ("pages", "page_digest")] {
        let (native, wasm) = (field(native, name)?, field(wasm, name)?);
        if native != wasm {
            return Err(format!(
                "the same {what} are answered differently: native {native}, WASM {wasm}"
            ));
        }
    }
    Ok(())
}

/// The example `query`, compiled for both.
struct Programs {
    native: PathBuf,
    wasm: PathBuf,
    wasmtime: PathBuf,
}

impl Programs {
    fn build() -> Result<Self, String> {
        setup::run(Some(Part::Host(Host::Spin)))?;
        let example = ["build", "-p", "tailorbird", "--example", "query"];
        process::run(process::cargo().args(example).arg("--release"))?;
        let wasm = ["--profile", "wasm", "--target", WASM_TARGET];
        process::run(process::cargo().args(example).args(wasm))?;
        Ok(Self {
            native: paths::target()
                .join("release/examples")
                .join(paths::exe("query")),
            wasm: paths::target()
                .join(WASM_TARGET)
                .join("wasm/examples/query.wasm"),
            wasmtime: paths::tool_binary(&WASMTIME)?,
        })
    }

    /// Both, native first, on the files in a folder.
    fn on(&self, folder: &Path) -> [Command; 2] {
        let mut native = process::command(&self.native);
        let mut wasm = process::command(&self.wasmtime);
        let mapped = format!("{}::/", folder.display());
        wasm.args(["run", "--dir", &mapped]).arg(&self.wasm);
        for file in ["snapshot.tbs", "cases.txt", "large.tbs", "shop.tbs"] {
            native.arg(folder.join(file));
            wasm.arg(format!("/{file}"));
        }
        [native, wasm]
    }
}

/// Has the trainer write snapshots and cases, and says what it learned from.
fn cases(name: &str, size: Option<&str>) -> Result<(PathBuf, String), String> {
    let folder = paths::target().join(name);
    let mut trainer = process::cargo();
    trainer
        .args(["run", "--quiet", "--release", "-p", "tailorbird-trainer"])
        .args(["--example", "query_cases", "--"])
        .arg(&folder)
        .args(size);
    let from = process::read(&mut trainer)?;
    Ok((folder, from.trim().to_owned()))
}

fn median(runs: &[String], name: &str) -> Result<f64, String> {
    let numbers = runs.iter().map(|run| number(run, name));
    let mut numbers = numbers.collect::<Result<Vec<f64>, _>>()?;
    numbers.sort_unstable_by(f64::total_cmp);
    numbers
        .get(numbers.len() / 2)
        .copied()
        .ok_or_else(|| "no run".into())
}

fn number(json: &str, name: &str) -> Result<f64, String> {
    let found = field(json, name)?;
    found
        .parse()
        .map_err(|_| format!("expected a number as {name}, found `{found}`"))
}

/// The first value of a name in the example's JSON, whose strings are all plain.
fn field<'a>(json: &'a str, name: &str) -> Result<&'a str, String> {
    let key = format!("\"{name}\":");
    let (_, rest) = json
        .split_once(&key)
        .ok_or_else(|| format!("no {name} in {json}"))?;
    let value = rest.split([',', '}', '\n']).next().unwrap_or(rest);
    Ok(value.trim().trim_matches('"'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = r#"{"cases":3,"digest":"00ff","page_digest":"1","large":{"open_ms":0.5},"query_us":{"p50":9.25}}"#;

    #[test]
    fn fields_are_found_in_objects_and_below() {
        assert_eq!(field(ONE, "digest"), Ok("00ff"));
        assert_eq!(number(ONE, "p50"), Ok(9.25));
        assert_eq!(number(ONE, "open_ms"), Ok(0.5));
        assert!(field(ONE, "verify_ms").is_err());
    }

    #[test]
    fn different_answers_are_an_error() {
        assert!(same_answers(ONE, ONE).is_ok());
        let error =
            same_answers(ONE, r#"{"digest":"ff00","page_digest":"1"}"#).expect_err("they differ");
        assert!(error.contains("00ff") && error.contains("ff00"), "{error}");
    }
}
