//! Full load for minutes, every response compared, memory watched.

use super::hosts::{self, client};
use super::shops::{self, SHOPS};
use crate::paths;
use crate::settings::Host;

/// How long each host is under load, unless said otherwise.
const MINUTES: f64 = 10.0;

/// Builds the hosts and puts each under load, one after the other. An error when anything is wrong.
pub fn run(minutes: Option<f64>, names: Option<String>) -> Result<(), String> {
    let minutes = minutes.unwrap_or(MINUTES);
    if !(minutes.is_finite() && minutes > 0.0) {
        return Err(format!("expected more than no minutes, found {minutes}"));
    }
    hosts::build()?;
    let folder = shops::prepare(&SHOPS[..1])?;
    let hosts = names.unwrap_or_else(|| Host::ALL.map(Host::name).join(","));
    let mut failed = Vec::new();
    // A process for each host, so that nothing of one is left when the next begins.
    for host in hosts.split(',') {
        let mut command = client("bench/soak.mjs", Some(host.to_owned()));
        command.arg("--shops").arg(&folder);
        command.args(["--items", &SHOPS[0].items.to_string()]);
        command.args(["--minutes", &minutes.to_string()]);
        command.arg("--out").arg(paths::target().join("bench"));
        if crate::process::run(&mut command).is_err() {
            failed.push(host.to_owned());
        }
    }
    if failed.is_empty() {
        Ok(())
    } else {
        Err(format!(
            "something was wrong under load: {}",
            failed.join(", ")
        ))
    }
}
