//! What the first request of a new isolate, instance or process costs, measured over HTTP.

use crate::settings::Host;
use crate::{build, paths, process, setup};

/// Builds what is measured, then lets the client in tests/e2e/bench print the table.
///
/// # Errors
/// Something cannot be built, or answers wrongly.
pub fn run(count: Option<u32>, hosts: Option<String>) -> Result<(), String> {
    setup::run(None)?;
    for host in Host::ALL {
        build::build(host)?;
    }
    let mut client = process::command("node");
    client.current_dir(paths::e2e()).arg("bench/cold.mjs");
    if let Some(count) = count {
        client.args(["--n", &count.to_string()]);
    }
    if let Some(hosts) = hosts {
        client.env("TAILORBIRD_HOSTS", hosts);
    }
    process::run(&mut client)
}
