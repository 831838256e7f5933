//! What makes a session: flags of all that learn from events.

use clap::ValueEnum;
use tailorbird_trainer::sessions::{Reloads, Rules};

/// The longest pause in minutes that can be asked for: a week.
const MAX_INACTIVITY_MINUTES: i64 = 7 * 24 * 60;

#[derive(clap::Args)]
#[command(next_help_heading = "Sessions")]
pub struct SessionFlags {
    /// After so many minutes without an event a new session begins
    #[arg(long, value_name = "MINUTES", default_value_t = 30,
          value_parser = clap::value_parser!(i64).range(1..=MAX_INACTIVITY_MINUTES))]
    inactivity: i64,
    /// Views that repeat the one before
    #[arg(long, value_enum, default_value_t = Repeats::Fold)]
    repeats: Repeats,
    /// Learn also from sessions that look like a machine's: 50 or more steps in less than a second each,
    /// more than 500 steps, or a visitor with more than 20,000 events
    #[arg(long)]
    keep_bots: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Repeats {
    /// Count once: a reload says nothing
    Fold,
    /// Count each time
    Keep,
}

impl SessionFlags {
    pub fn rules(&self) -> Rules {
        Rules {
            inactivity_seconds: self.inactivity * 60,
            reloads: match self.repeats {
                Repeats::Fold => Reloads::Folded,
                Repeats::Keep => Reloads::Kept,
            },
            keep_machines: self.keep_bots,
        }
    }
}
