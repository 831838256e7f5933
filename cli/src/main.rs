//! `tailorbird`: builds, checks and serves the snapshots that personalise a shop.

mod audience;
mod build;
mod check;
mod data;
mod debug_token;
mod demo_shop;
mod embed;
mod evaluate;
mod idle_rules;
mod import;
mod init;
mod inputs;
mod inspect;
mod inspect_facts;
mod pages;
mod progress;
mod serve;
mod session_flags;
mod size;
mod snapshots;
mod trial;
mod verify;

use std::panic;
use std::process::{self, ExitCode};

use clap::{Parser, Subcommand};

/// What the system calls it when the other end of a pipe is closed.
const PIPE: &str = "Broken pipe";

/// Builds, checks and serves the snapshots that personalise a shop.
#[derive(Parser)]
#[command(
    name = "tailorbird",
    version,
    after_help = "Exit codes: 0 done, 1 failed, 2 wrong flags.\n\n\
                  Start with:\n  tailorbird demo-shop --out demo\n  \
                  tailorbird build --site demo/site.toml --feed en=demo/feed.en.tsv \
                  --feed de=demo/feed.de.tsv --content en=demo/articles.en.tsv \
                  --content de=demo/articles.de.tsv --events demo/events.jsonl\n  \
                  tailorbird serve --origin http://127.0.0.1:8700\n\n\
                  For a shop of your own:\n  tailorbird init --feed feed.tsv --page https://www.shop.example/ --out site.toml\n  \
                  tailorbird check --site site.toml"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Init(init::Args),
    Check(check::Args),
    Data(data::Args),
    Import(import::Args),
    Build(build::Args),
    Evaluate(evaluate::Args),
    Verify(verify::Args),
    Embed(embed::Args),
    Inspect(inspect::Args),
    Audience(audience::Args),
    Try(trial::Args),
    Serve(serve::Args),
    DebugToken(debug_token::Args),
    DemoShop(demo_shop::Args),
}

fn main() -> ExitCode {
    end_when_nobody_reads();
    let result = match Cli::parse().command {
        Command::Audience(args) => audience::run(args),
        Command::Build(args) => build::run(args),
        Command::Check(args) => return check::run(&args),
        Command::Data(args) => data::run(args),
        Command::Embed(args) => embed::run(args),
        Command::Evaluate(args) => evaluate::run(args),
        Command::Inspect(args) => inspect::run(args),
        Command::Try(args) => return trial::run(args),
        Command::Verify(args) => verify::run(args),
        Command::Serve(args) => serve::run(args),
        Command::DebugToken(args) => debug_token::run(args),
        Command::Import(args) => import::run(args),
        Command::Init(args) => init::run(args),
        Command::DemoShop(args) => demo_shop::run(args),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(report) => {
            eprintln!("{report:?}");
            ExitCode::FAILURE
        }
    }
}

/// Ends quietly when what we write to ends first, as `head` does: `println!` panics then.
fn end_when_nobody_reads() {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        let is_pipe = |text: &str| text.starts_with("failed printing to") && text.contains(PIPE);
        if info.payload_as_str().is_some_and(is_pipe) {
            process::exit(0);
        }
        usual(info);
    }));
}
