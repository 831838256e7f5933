//! `tailorbird verify`: is a snapshot sound to the last record?

use std::path::PathBuf;

use miette::Result;

use crate::snapshots;

/// Check a snapshot to the last record, as CI should before it publishes one
#[derive(clap::Args)]
#[command(after_help = "Example:\n  tailorbird verify model-snapshots && wrangler deploy")]
pub struct Args {
    /// A snapshot file, or a directory with its `current` one
    #[arg(default_value = "model-snapshots")]
    snapshot: PathBuf,
}

pub fn run(args: Args) -> Result<()> {
    let (file, bytes) = snapshots::read(&args.snapshot)?;
    let named = file
        .file_stem()
        .and_then(|stem| stem.to_str())
        .unwrap_or_default();
    let content = snapshots::content_name(&bytes);
    let snapshot = snapshots::sound(&file, bytes)?;
    println!(
        "{} is sound: {} items, {} bytes",
        file.display(),
        snapshot.len(),
        snapshot.file_bytes()
    );
    if named != content {
        println!("note: its content's name would be {content}");
    }
    Ok(())
}
