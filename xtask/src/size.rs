//! How much a build weighs.

use std::path::Path;
use std::process::Stdio;

use crate::process;

/// Sizes of a file in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    pub raw: u64,
    pub gzip: u64,
}

/// Of all `files` together, each compressed by itself.
pub fn of(files: &[impl AsRef<Path>]) -> Result<Size, String> {
    let mut sum = Size { raw: 0, gzip: 0 };
    for file in files {
        let file = file.as_ref();
        let raw = std::fs::metadata(file)
            .map_err(|error| format!("{}: {error}", file.display()))?
            .len();
        let output = process::command("gzip")
            .args(["-9", "-c"])
            .arg(file)
            .stderr(Stdio::inherit())
            .output()
            .map_err(|error| format!("cannot start gzip: {error}"))?;
        if !output.status.success() {
            return Err(format!(
                "gzip {} ended with {}",
                file.display(),
                output.status
            ));
        }
        sum.raw += raw;
        sum.gzip += output.stdout.len() as u64;
    }
    Ok(sum)
}

impl std::fmt::Display for Size {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kib = |bytes: u64| bytes as f64 / 1024.0;
        write!(
            f,
            "{:.0} KiB, {:.0} KiB gzipped",
            kib(self.raw),
            kib(self.gzip)
        )
    }
}
