//! How many WASM instructions a page takes, by wasmtime's fuel: one for most instructions, the same on every machine.
//! wasmtime says only that fuel ran out, so limits are checked with one run each, and figures found by halving.

use std::fs;
use std::path::{Path, PathBuf};

use super::shops::{self, SHOPS};
use crate::settings::{Host, WASMTIME};
use crate::setup::{self, Part};
use crate::{paths, process};

const WASM_TARGET: &str = "wasm32-wasip2";

/// The law that pages are held to, in units of fuel: starting up and deciding; for each byte of the snapshot, which is
/// checked by checksums; for each byte of the page; for each tile. The number of items alone costs nothing.
const START: u64 = 1_500_000;
const SNAPSHOT_BYTE: u64 = 3;
const PAGE_BYTE: u64 = 30;
const TILE: u64 = 45_000;

/// Figures are found to one part in so many.
const PRECISION: u64 = 32;
/// More than any page takes.
const MOST: u64 = 1 << 36;

/// What the visitor looked at: things of the kind of some tiles.
const VIEWED: &str = "SKU-000230,SKU-000231,SKU-000232,SKU-000233,SKU-000234";

/// A page in a shop.
#[derive(Clone, Copy)]
struct Case {
    items: u32,
    kilobytes: u64,
    tiles: u64,
}

/// One axis at a time: bytes, tiles, items.
const CASES: [Case; 6] = [
    case(SHOPS[0].items, 73, 60),
    case(SHOPS[0].items, 266, 0),
    case(SHOPS[0].items, 266, 60),
    case(SHOPS[0].items, 266, 120),
    case(SHOPS[0].items, 887, 60),
    case(SHOPS[1].items, 73, 60),
];

const fn case(items: u32, kilobytes: u64, tiles: u64) -> Case {
    Case {
        items,
        kilobytes,
        tiles,
    }
}

/// Whether each case stays below its limit; and whether the first one's is no limit that anything keeps.
pub fn check() -> Result<(), String> {
    let bench = Bench::prepare()?;
    for case in CASES {
        let limit = bench.limit(case)?;
        if !bench.suffices(case, limit, false)? {
            return Err(format!("{} took more than {limit} of fuel", case.name()));
        }
    }
    let [first, ..] = CASES;
    if bench.suffices(first, bench.limit(first)? / 2, false)? {
        return Err("half of the limit is enough: lower the limits".into());
    }
    println!("{} pages within their fuel", CASES.len());
    Ok(())
}

/// Prints what each case takes.
pub fn run() -> Result<(), String> {
    let bench = Bench::prepare()?;
    println!(
        "| items | KB | tiles | opening | the page | in all | limit |\n|---:|---:|---:|---:|---:|---:|---:|"
    );
    for case in CASES {
        let (open, all) = (bench.burnt(case, true)?, bench.burnt(case, false)?);
        let limit = bench.limit(case)?;
        let Case {
            items,
            kilobytes,
            tiles,
        } = case;
        let page = all.saturating_sub(open);
        println!("| {items} | {kilobytes} | {tiles} | {open} | {page} | {all} | {limit} |");
    }
    Ok(())
}

impl Case {
    fn name(self) -> String {
        format!(
            "{} KB with {} tiles in a shop of {} items",
            self.kilobytes, self.tiles, self.items
        )
    }
}

/// The program, and where its files are.
struct Bench {
    wasmtime: PathBuf,
    program: PathBuf,
    folder: PathBuf,
}

impl Bench {
    fn prepare() -> Result<Self, String> {
        setup::run(Some(Part::Host(Host::Spin)))?;
        crate::build::native()?;
        let example = ["build", "-p", "tailorbird", "--example", "fuel"];
        let wasm = ["--profile", "wasm", "--target", WASM_TARGET];
        process::run(process::cargo().args(example).args(wasm))?;
        let folder = paths::target().join("bench/fuel");
        let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
        fs::create_dir_all(&folder).map_err(failed)?;
        let shops = shops::prepare(&SHOPS[..2])?;
        for Case {
            items,
            kilobytes,
            tiles,
        } in CASES
        {
            let own = shops.join(items.to_string()).join("snapshots");
            let current = fs::read_to_string(own.join("current")).map_err(failed)?;
            let snapshot = own.join(current.lines().next().unwrap_or_default());
            fs::copy(snapshot, folder.join(snapshot_name(items))).map_err(failed)?;
            let mut writer = process::command("node");
            writer.current_dir(paths::e2e()).arg("bench/write.mjs");
            writer.args([(kilobytes * 1024).to_string(), tiles.to_string()]);
            let page = process::read(&mut writer)?;
            fs::write(folder.join(page_name(kilobytes, tiles)), page).map_err(failed)?;
        }
        let program = paths::target().join(WASM_TARGET);
        Ok(Self {
            wasmtime: paths::tool_binary(&WASMTIME)?,
            program: program.join("wasm/examples/fuel.wasm"),
            folder,
        })
    }

    /// What a case may take.
    fn limit(&self, case: Case) -> Result<u64, String> {
        let size = |name: String| {
            let file = self.folder.join(name);
            let found = fs::metadata(&file).map(|file| file.len());
            found.map_err(|error| format!("{}: {error}", file.display()))
        };
        let page = size(page_name(case.kilobytes, case.tiles))?;
        let snapshot = size(snapshot_name(case.items))?;
        Ok(START + SNAPSHOT_BYTE * snapshot + PAGE_BYTE * page + TILE * case.tiles)
    }

    /// Whether so much fuel is enough. An error when the program fails for another reason.
    fn suffices(&self, case: Case, fuel: u64, open: bool) -> Result<bool, String> {
        let mut program = process::command(&self.wasmtime);
        program.args(["run", "-W", &format!("fuel={fuel}"), "--dir"]);
        program.arg(mapped(&self.folder)).arg(&self.program);
        program.arg(format!("/{}", snapshot_name(case.items)));
        program.arg(format!("/{}", page_name(case.kilobytes, case.tiles)));
        program.args(["/s/x", VIEWED]);
        program.args(open.then_some("open"));
        match process::read(&mut program) {
            Ok(_) => Ok(true),
            Err(said) if said.contains("all fuel consumed") => Ok(false),
            Err(said) => Err(said),
        }
    }

    fn burnt(&self, case: Case, open: bool) -> Result<u64, String> {
        let (mut little, mut enough) = (0, self.limit(case)?);
        while !self.suffices(case, enough, open)? {
            (little, enough) = (enough, enough * 2);
            if enough > MOST {
                return Err(format!("{} takes more than {MOST}", case.name()));
            }
        }
        while enough - little > enough / PRECISION {
            let middle = little.midpoint(enough);
            if self.suffices(case, middle, open)? {
                enough = middle;
            } else {
                little = middle;
            }
        }
        Ok(enough)
    }
}

fn mapped(folder: &Path) -> String {
    format!("{}::/", folder.display())
}

fn snapshot_name(items: u32) -> String {
    format!("{items}.tbs")
}

fn page_name(kilobytes: u64, tiles: u64) -> String {
    format!("{kilobytes}-{tiles}.html")
}
