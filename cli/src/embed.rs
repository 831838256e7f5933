//! `tailorbird embed`: a component for Spin with its snapshot inside.

mod component;

use std::fs;
use std::path::{Path, PathBuf};

use miette::{IntoDiagnostic, Result, WrapErr, miette};

use crate::snapshots;

/// Put a snapshot into the component for Spin, so that all of its instances share it
#[derive(clap::Args)]
#[command(
    after_help = "Example:\n  tailorbird embed target/wasm32-wasip2/wasm/tailorbird_spin.wasm --out target/tailorbird.wasm\n\n\
                  A component with a snapshot inside reads no file; name it as `source` in spin.toml. For a new snapshot, \
                  embed it into the component as it was built, and deploy."
)]
pub struct Args {
    /// The component as it was built, without a snapshot
    #[arg(value_name = "COMPONENT")]
    component: PathBuf,
    /// A snapshot file, or a directory with its `current` one
    #[arg(long, value_name = "PATH", default_value = "model-snapshots")]
    snapshots: PathBuf,
    /// Where to write the component with the snapshot
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

pub fn run(args: Args) -> Result<()> {
    if is_same(&args.component, &args.out) {
        return Err(miette!(
            "{} would be replaced, and the next snapshot needs it as it was built; name another file with --out",
            args.component.display()
        ));
    }
    let (file, bytes) = snapshots::read(&args.snapshots)?;
    let snapshot = snapshots::sound(&file, bytes.clone())?;
    let component = fs::read(&args.component)
        .into_diagnostic()
        .wrap_err_with(|| format!("cannot read {}", args.component.display()))?;
    let embedded = component::embed(&component, &bytes)
        .into_diagnostic()
        .wrap_err_with(|| format!("{} takes no snapshot", args.component.display()))?;
    snapshots::write_whole(&args.out, &embedded)?;
    println!(
        "{}: {} bytes, of which {} are {} with {} items",
        args.out.display(),
        embedded.len(),
        bytes.len(),
        file.display(),
        snapshot.len()
    );
    Ok(())
}

/// Whether both name one file that is there.
fn is_same(one: &Path, other: &Path) -> bool {
    let [one, other] = [one, other].map(fs::canonicalize);
    one.is_ok_and(|one| other.is_ok_and(|other| one == other))
}
