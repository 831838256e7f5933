//! Cost against page size, tiles, items and clients, on each host in its real runtime, beside what passes through.

use super::hosts::{self, client};
use super::shops::{self, SHOPS};
use crate::paths;

/// Which shops a quick run uses: those whose snapshots are trained in seconds.
const QUICK_SHOPS: usize = 2;

/// Builds what is measured, trains the shops, and lets the client in tests/e2e/bench measure, print and draw.
pub fn run(quick: bool, rounds: Option<u32>, names: Option<String>) -> Result<(), String> {
    hosts::build()?;
    let used = if quick { &SHOPS[..QUICK_SHOPS] } else { &SHOPS };
    let folder = shops::prepare(used)?;
    let items: Vec<String> = used.iter().map(|shop| shop.items.to_string()).collect();
    let mut command = client("bench/matrix.mjs", names);
    command.arg("--shops").arg(folder);
    command.args(["--items", &items.join(",")]);
    command.arg("--out").arg(paths::target().join("bench"));
    if quick {
        command.arg("--quick");
    }
    if let Some(rounds) = rounds {
        command.args(["--n", &rounds.to_string()]);
    }
    crate::process::run(&mut command)
}
