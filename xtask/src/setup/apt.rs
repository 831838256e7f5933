//! Packages of a Debian suite that the machine itself does not follow, unpacked into a folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::said;
use crate::process;

/// The suite that follows Rust's releases.
const SUITE: &str = "trixie-backports";
const KEYRING: &str = "/usr/share/keyrings/debian-archive-keyring.gpg";

/// apt with one suite and lists of its own: the machine's package state is neither read nor changed. What its
/// configuration says of proxies stays in force.
pub struct Apt {
    folder: PathBuf,
    options: Vec<String>,
}

impl Apt {
    /// Fetches the suite's lists from the first of the machine's mirrors that has it.
    pub fn new(folder: &Path) -> Result<Apt, String> {
        let mirrors = debian_mirrors(Path::new("/etc/apt"));
        if mirrors.is_empty() {
            return Err("this machine's apt sources name no Debian mirror".into());
        }
        for part in ["lists/partial", "cache/archives/partial"] {
            super::make(&folder.join(part))?;
        }
        let mut last = String::new();
        for mirror in mirrors {
            let sources = format!("deb [signed-by={KEYRING}] {mirror} {SUITE} main\n");
            super::write(&folder.join("sources.list"), &sources)?;
            super::write(&folder.join("status"), "")?;
            let at = |name: &str| folder.join(name).display().to_string();
            let apt = Apt {
                folder: folder.to_owned(),
                options: vec![
                    format!("Dir::Etc::sourcelist={}", at("sources.list")),
                    "Dir::Etc::sourceparts=/dev/null".into(),
                    format!("Dir::State::lists={}", at("lists")),
                    format!("Dir::State::status={}", at("status")),
                    format!("Dir::Cache={}", at("cache")),
                    "APT::Sandbox::User=".into(),
                    "APT::Get::List-Cleanup=true".into(),
                ],
            };
            // Without the option, a mirror that lacks the suite would be a warning.
            match process::run(apt.command("apt-get").args([
                "--quiet=2",
                "-o",
                "APT::Update::Error-Mode=any",
                "update",
            ])) {
                Ok(()) => return Ok(apt),
                Err(error) => last = error,
            }
        }
        Err(format!(
            "no mirror of this machine serves the suite {SUITE}: {last}"
        ))
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.folder);
        for option in &self.options {
            command.args(["-o", option]);
        }
        command
    }

    /// The first version that `fits`.
    pub fn version(&self, package: &str, fits: impl Fn(&str) -> bool) -> Result<String, String> {
        let table = process::read(self.command("apt-cache").args(["madison", package]))?;
        let versions: Vec<&str> = table
            .lines()
            .filter_map(|line| line.split('|').nth(1))
            .map(str::trim)
            .collect();
        versions
            .iter()
            .find(|version| fits(version))
            .map(|version| (*version).to_owned())
            .ok_or(format!(
                "{SUITE} has {package} {versions:?} and none that fits the compiler"
            ))
    }

    /// Downloads one version and unpacks its files below `to`.
    pub fn unpack(&self, package: &str, version: &str, to: &Path) -> Result<(), String> {
        said(package, version);
        super::make(to)?;
        process::run(self.command("apt-get").args([
            "--quiet=2",
            "download",
            &format!("{package}={version}"),
        ]))?;
        let archive = fs::read_dir(&self.folder)
            .map_err(|error| error.to_string())?
            .flatten()
            .map(|entry| entry.path())
            .find(|path| {
                path.extension().is_some_and(|extension| extension == "deb")
                    && path.file_name().is_some_and(|name| {
                        name.to_string_lossy().starts_with(&format!("{package}_"))
                    })
            })
            .ok_or(format!("apt-get downloaded {package} and left no archive"))?;
        process::run(Command::new("dpkg-deb").arg("-x").arg(&archive).arg(to))?;
        fs::remove_file(&archive).map_err(|error| error.to_string())
    }
}

/// The archives of Debian itself that apt is set up with, both styles of file.
fn debian_mirrors(etc: &Path) -> Vec<String> {
    let mut files = vec![etc.join("sources.list")];
    files.extend(
        fs::read_dir(etc.join("sources.list.d"))
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path()),
    );
    files.sort();
    let mut mirrors = Vec::new();
    for text in files
        .iter()
        .filter_map(|file| fs::read_to_string(file).ok())
    {
        for line in text
            .lines()
            .filter(|line| line.starts_with("deb ") || line.starts_with("URIs:"))
        {
            for word in line
                .split_whitespace()
                .filter(|word| word.contains("://") || word.starts_with("mirror+"))
            {
                let mirror = word.trim_end_matches('/');
                // Debian's main archive ends so on every mirror; its security archive and others do not.
                if mirror.ends_with("/debian") && !mirrors.iter().any(|known| known == mirror) {
                    mirrors.push(mirror.to_owned());
                }
            }
        }
    }
    mirrors
}

#[cfg(test)]
mod tests {
    use std::fs;

    #[test]
    fn both_styles_of_sources_are_read_and_other_archives_left_out() {
        let etc = std::env::temp_dir().join(format!("xtask-apt-{}", std::process::id()));
        fs::create_dir_all(etc.join("sources.list.d")).expect("a folder");
        fs::write(
            etc.join("sources.list"),
            "# deb http://a.test/debian x main\ndeb [arch=amd64] http://b.test/debian/ x main\n",
        )
        .expect("a file");
        fs::write(
            etc.join("sources.list.d/one.sources"),
            "Types: deb\n# http://old.test/debian\nURIs: http://c.test/debian http://c.test/debian-security\n",
        )
        .expect("a file");
        let mirrors = super::debian_mirrors(&etc);
        fs::remove_dir_all(&etc).expect("the folder");
        assert_eq!(mirrors, ["http://b.test/debian", "http://c.test/debian"]);
    }
}
