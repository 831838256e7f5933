//! A Chromium for the browser test.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::said;
use crate::{paths, process};

/// The names that a Chromium goes by.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];
const INSTALL: [&str; 5] = [
    "apt-get",
    "install",
    "--yes",
    "--no-install-recommends",
    "chromium",
];

/// Installs Debian's package, unless a browser is there.
pub fn install() -> Result<(), String> {
    if let Some(browser) = found() {
        said("chromium", format_args!("there ({})", browser.display()));
        return Ok(());
    }
    let by_hand = format!(
        "install Chromium by hand (`sudo {}`), or name one in CHROMIUM",
        INSTALL.join(" ")
    );
    if paths::on_path("apt-get").is_none() {
        return Err(format!(
            "no Chromium was found and this machine has no apt-get: {by_hand}"
        ));
    }
    let root = process::read(Command::new("id").arg("-u"))?.trim() == "0";
    if !root && process::read(Command::new("sudo").args(["-n", "true"])).is_err() {
        return Err(format!(
            "no Chromium was found, and installing it needs root: {by_hand}"
        ));
    }
    said("chromium", "installing Debian's package");
    let as_root = |arguments: &[&str]| {
        let mut command = Command::new(if root { "env" } else { "sudo" });
        if !root {
            command.args(["-n", "env"]);
        }
        command
            .arg("DEBIAN_FRONTEND=noninteractive")
            .args(arguments);
        process::run(&mut command)
    };
    as_root(&["apt-get", "update", "--quiet=2"])
        .and_then(|()| as_root(&INSTALL))
        .map_err(|error| format!("{error}; {by_hand}"))?;
    found().map(|_| ()).ok_or_else(|| {
        format!("the package chromium was installed and none of {NAMES:?} is on the PATH")
    })
}

fn found() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("CHROMIUM") {
        return Some(PathBuf::from(named)).filter(|path| Path::is_file(path));
    }
    NAMES.iter().find_map(|name| paths::on_path(name))
}
