//! `tailorbird debug-token`: lets somebody look into decisions for a while.

use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use miette::{IntoDiagnostic, Result, miette};
use tailorbird::engine::DebugToken;

use crate::serve;

/// Print a token with which pages, and /_tailorbird/explain, show how decisions come about
#[derive(clap::Args)]
#[command(
    after_help = "Example:\n  tailorbird debug-token --keys-file keys --for 1h --viewed TB-10234,TB-10008\n\n\
                  Put it behind a page's address as ?tailorbird_debug=TOKEN"
)]
pub struct Args {
    /// The file with the secrets that the worker has; or the secrets themselves in TAILORBIRD_KEYS
    #[arg(long, value_name = "FILE")]
    keys_file: Option<PathBuf>,
    /// How long it holds: minutes, hours or days, like 30m, 1h or 2d; at most 7d
    #[arg(long = "for", value_name = "TIME", default_value = "1h", value_parser = seconds)]
    seconds: i64,
    /// A segment that the visitor is in
    #[arg(long = "segment", value_name = "NAME")]
    segments: Vec<String>,
    /// A variant that the visitor has
    #[arg(long = "variant", value_name = "EXPERIMENT=NAME", value_parser = variant)]
    variants: Vec<String>,
    /// Ids of items that the visitor looked at, the newest one last
    #[arg(long, value_name = "ID,ID", value_delimiter = ',')]
    viewed: Vec<String>,
}

/// The longest time that a token may hold, in seconds: nobody can take one back but by new keys.
const MAX_SECONDS: i64 = 7 * 86_400;

fn seconds(text: &str) -> Result<i64, String> {
    let units = [('m', 60), ('h', 3_600), ('d', 86_400)];
    let found = units.iter().find_map(|&(unit, seconds)| {
        let number: i64 = text.strip_suffix(unit)?.parse().ok()?;
        number.checked_mul(seconds)
    });
    let sound = found.filter(|seconds| (1..=MAX_SECONDS).contains(seconds));
    sound.ok_or_else(|| "expected a time like 30m, 1h or 2d, at most 7d".to_owned())
}

fn variant(text: &str) -> Result<String, String> {
    let sound = text
        .split_once('=')
        .is_some_and(|(experiment, name)| !experiment.is_empty() && !name.is_empty());
    sound
        .then(|| text.to_owned())
        .ok_or_else(|| "expected EXPERIMENT=NAME".to_owned())
}

pub fn run(args: Args) -> Result<()> {
    let keys = serve::keys(args.keys_file.as_deref())?.ok_or_else(|| {
        miette!("a token is signed: name --keys-file FILE, or set TAILORBIRD_KEYS")
    })?;
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .into_diagnostic()?;
    let now = i64::try_from(now.as_secs()).into_diagnostic()?;
    let token = DebugToken {
        expires: now + args.seconds,
        segments: args.segments,
        variants: args.variants,
        viewed: args.viewed,
    };
    println!("{}", token.sign(&keys).into_diagnostic()?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_units_and_a_limit() {
        assert_eq!(seconds("30m"), Ok(1_800));
        assert_eq!(seconds("1h"), Ok(3_600));
        assert_eq!(seconds("7d"), Ok(MAX_SECONDS));
        for wrong in [
            "",
            "1",
            "h",
            "0m",
            "-1h",
            "8d",
            "9223372036854775807d",
            "1s",
        ] {
            assert!(seconds(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn variants_name_their_experiment() {
        assert!(variant("order=b").is_ok());
        for wrong in ["order", "=b", "order="] {
            assert!(variant(wrong).is_err(), "{wrong}");
        }
    }
}
