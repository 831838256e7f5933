//! `tailorbird serve`: the native host, in front of any origin.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use miette::{IntoDiagnostic, Result, WrapErr, miette};
use tailorbird::Keys;
use tailorbird_native::{Options, Uri};

/// Personalise any shop from this machine: a reverse proxy with the edge's own engine
#[derive(clap::Args)]
#[command(
    after_help = "Example:\n  tailorbird serve --origin http://127.0.0.1:8700 --listen 127.0.0.1:8701"
)]
pub struct Args {
    /// The shop: scheme and host
    #[arg(long, env = "ORIGIN", value_name = "URL", value_parser = origin)]
    origin: Uri,
    /// The directory with the snapshot that `current` names; looked at again every --reload
    #[arg(long, default_value = "model-snapshots", value_name = "DIR")]
    snapshots: PathBuf,
    /// Where to listen
    #[arg(long, default_value = "127.0.0.1:8701", value_name = "ADDR")]
    listen: SocketAddr,
    /// A file with 1 to 4 secrets that sign the visitor's cookie, one a line, the newest first; or the
    /// secrets themselves in TAILORBIRD_KEYS
    #[arg(long, value_name = "FILE")]
    keys_file: Option<PathBuf>,
    /// Keep pages that a shared cache may keep, and fill them without parsing: on or off
    #[arg(long, env = "KEPT_PAGES", default_value = "on", value_parser = ["on", "off"])]
    kept_pages: String,
    /// Append what visitors were shown to this file, a line of JSON for each changed page
    #[arg(long, value_name = "FILE")]
    exposures: Option<PathBuf>,
    /// Seconds between two looks for a new snapshot
    #[arg(long, default_value_t = 2.0, value_name = "SECONDS", value_parser = seconds)]
    reload: f64,
}

fn origin(text: &str) -> Result<Uri, String> {
    let uri: Uri = text.parse().map_err(|error| format!("{error}"))?;
    let sound = matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some();
    sound
        .then_some(uri)
        .ok_or_else(|| "expected scheme and host, like http://127.0.0.1:8700".to_owned())
}

/// The longest time between two looks, in seconds: a day.
const MAX_RELOAD: f64 = 86_400.0;

fn seconds(text: &str) -> Result<f64, String> {
    let seconds: f64 = text
        .parse()
        .map_err(|_| "expected a number of seconds".to_owned())?;
    let sound = seconds > 0.0 && seconds <= MAX_RELOAD;
    sound
        .then_some(seconds)
        .ok_or_else(|| format!("expected more than 0, at most {MAX_RELOAD}"))
}

/// The secrets of a file or of the environment, which is not shown in lists of processes as a flag is.
pub fn keys(file: Option<&Path>) -> Result<Option<Arc<Keys>>> {
    let text = match file {
        Some(file) => fs::read_to_string(file)
            .into_diagnostic()
            .wrap_err_with(|| format!("cannot read {}", file.display()))?,
        None => std::env::var("TAILORBIRD_KEYS").unwrap_or_default(),
    };
    let name = file.map_or("TAILORBIRD_KEYS".to_owned(), |file| {
        file.display().to_string()
    });
    match (Keys::of_setting(&text), file) {
        // A file was named, so keys were meant.
        (Ok(None), Some(_)) => Err(miette!("{name} has no secrets")),
        (keys, _) => keys.into_diagnostic().wrap_err(name),
    }
}

pub fn run(args: Args) -> Result<()> {
    let options = Options {
        listen: args.listen,
        origin: args.origin,
        snapshots: args.snapshots,
        keys: keys(args.keys_file.as_deref())?,
        pages: args.kept_pages == "on",
        exposures: args.exposures,
        reload: Duration::from_secs_f64(args.reload),
    };
    let runtime = tokio::runtime::Runtime::new().into_diagnostic()?;
    runtime.block_on(async {
        let listener = tailorbird_native::bind(options.listen)
            .await
            .into_diagnostic()?;
        let address = listener.local_addr().into_diagnostic()?;
        let shutdown = async {
            // Without a signal handler there is nothing to wait for but the end of the process.
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        println!("http://{address}/ in front of {}", options.origin);
        tailorbird_native::serve(options, listener, shutdown)
            .await
            .into_diagnostic()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keys_file_that_holds_no_keys_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("keys");
        let read = |text: &str| {
            fs::write(&file, text).expect("written");
            keys(Some(&file)).map_err(|error| format!("{error:?}"))
        };
        let sound = read("0123456789abcdef\nfedcba9876543210\n").expect("sound");
        assert_eq!(format!("{sound:?}"), "Some(Keys(2))");
        assert!(read("\n").is_err_and(|error| error.contains("has no secrets")));
        assert!(read("short").is_err_and(|error| error.contains("at least 16")));
        assert!(keys(Some(&folder.path().join("none"))).is_err());
    }
}
