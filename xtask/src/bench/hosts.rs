//! What each host adds to a page, measured over HTTP in its real runtime.

use std::process::Command;

use crate::settings::Host;
use crate::{build, paths, process, setup};

/// Builds what is measured, then lets the client in tests/e2e/bench print the table.
pub fn run(count: Option<u32>, hosts: Option<String>) -> Result<(), String> {
    build()?;
    let mut client = client("bench/hosts.mjs", hosts);
    if let Some(count) = count {
        client.args(["--n", &count.to_string()]);
    }
    process::run(&mut client)
}

/// Builds all hosts.
pub fn build() -> Result<(), String> {
    setup::run(None)?;
    for host in Host::ALL {
        build::build(host)?;
    }
    Ok(())
}

/// A program of tests/e2e, for some of the hosts or all.
pub fn client(program: &str, hosts: Option<String>) -> Command {
    let mut client = process::command("node");
    client.current_dir(paths::e2e()).arg(program);
    if let Some(hosts) = hosts {
        client.env("TAILORBIRD_HOSTS", hosts);
    }
    client
}
