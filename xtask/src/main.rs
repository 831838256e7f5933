//! `cargo xtask`: what a developer runs, and what CI runs.

mod bench;
mod build;
mod demo;
mod paths;
mod pictures;
mod process;
mod settings;
mod setup;
mod size;
mod test;
mod weigh;

use std::process::ExitCode;

use pico_args::Arguments;

use crate::settings::Host;

const HELP: &str = "\
cargo xtask COMMAND

  setup [--only native|cloudflare|spin|browser]
        installs what demo and test need, each pinned, each skipped when it is there
  demo  [--host native|cloudflare|spin] [--port N] [--once]
        the demo shop and, in front of it, the same shop personalised
  pictures
        takes the pictures of docs/ from the demo shop, in the browser
  build [--host native|cloudflare|spin]
        one host, or all of them, optimised, with their sizes
  size
        the Cloudflare worker: what makes it heavy, by section, crate and function
  test  [--quick]
        everything that CI checks
  bench [--quick] [--n N] [--host NAMES]
        cost against page size, tiles, items and clients on each host, beside pass-through; a page of plots
  bench soak [--minutes N] [--host NAMES]
        full load, every response compared, memory watched
  bench hosts [--n N] [--host NAMES]
        what each host adds to a page, per runtime
  bench cold [--n N] [--host NAMES]
        what the first request of a new isolate, instance or process costs
  bench fuel [--check]
        how many WASM instructions a page takes, by its bytes, its tiles and the shop's items; or whether its limits hold
  bench train [--events N] [--items N]
        how long training takes and how much memory, on a generated log
  bench query
        what a query and opening a snapshot cost, natively and in wasmtime

Tools are kept in $TAILORBIRD_TOOLS, by default ~/.cache/tailorbird/tools.
";

fn main() -> ExitCode {
    let mut arguments = Arguments::from_env();
    if arguments.contains(["-h", "--help"]) {
        print!("{HELP}");
        return ExitCode::SUCCESS;
    }
    match run(&mut arguments) {
        Ok(code) => code,
        Err(message) => {
            eprintln!("xtask: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &mut Arguments) -> Result<ExitCode, String> {
    match word(arguments)?.as_deref() {
        Some("setup") => {
            let only = arguments
                .opt_value_from_str("--only")
                .map_err(|error| error.to_string())?;
            nothing_left(arguments)?;
            setup::run(only).map(|()| ExitCode::SUCCESS)
        }
        Some("demo") => {
            let options = demo::Options {
                host: value(arguments, "--host")?.unwrap_or(Host::Native),
                port: value(arguments, "--port")?,
                once: arguments.contains("--once"),
            };
            nothing_left(arguments)?;
            demo::run(&options).map(|()| ExitCode::SUCCESS)
        }
        Some("pictures") => {
            nothing_left(arguments)?;
            pictures::run().map(|()| ExitCode::SUCCESS)
        }
        Some("build") => {
            let host = value(arguments, "--host")?;
            nothing_left(arguments)?;
            build::run(host).map(|()| ExitCode::SUCCESS)
        }
        Some("size") => {
            nothing_left(arguments)?;
            weigh::run().map(|()| ExitCode::SUCCESS)
        }
        Some("test") => {
            let quick = arguments.contains("--quick");
            nothing_left(arguments)?;
            // It has said what failed; its count of tests stays the last line.
            Ok(if test::run(quick)? {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            })
        }
        Some("bench") => {
            let what = word(arguments)?;
            match what.as_deref() {
                None => {
                    let quick = arguments.contains("--quick");
                    let rounds = value(arguments, "--n")?;
                    let hosts = value(arguments, "--host")?;
                    nothing_left(arguments)?;
                    bench::matrix::run(quick, rounds, hosts)
                }
                Some("soak") => {
                    let minutes = value(arguments, "--minutes")?;
                    let hosts = value(arguments, "--host")?;
                    nothing_left(arguments)?;
                    bench::soak::run(minutes, hosts)
                }
                Some("hosts") => {
                    let count = value(arguments, "--n")?;
                    let hosts: Option<String> = value(arguments, "--host")?;
                    nothing_left(arguments)?;
                    bench::hosts::run(count, hosts)
                }
                Some("cold") => {
                    let count = value(arguments, "--n")?;
                    let hosts: Option<String> = value(arguments, "--host")?;
                    nothing_left(arguments)?;
                    bench::cold::run(count, hosts)
                }
                Some("fuel") => {
                    let check = arguments.contains("--check");
                    nothing_left(arguments)?;
                    if check {
                        bench::fuel::check()
                    } else {
                        bench::fuel::run()
                    }
                }
                Some("query") => {
                    nothing_left(arguments)?;
                    bench::query::run()
                }
                Some("train") => {
                    let events = value(arguments, "--events")?;
                    let items = value(arguments, "--items")?;
                    nothing_left(arguments)?;
                    bench::train::run(events, items)
                }
                _ => Err(
                    "expected `cargo xtask bench`, `bench soak`, `hosts`, `cold`, `fuel`, `query` or `train`"
                        .into(),
                ),
            }
            .map(|()| ExitCode::SUCCESS)
        }
        Some(other) => Err(format!("no command `{other}`\n\n{HELP}")),
        None => {
            print!("{HELP}");
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn word(arguments: &mut Arguments) -> Result<Option<String>, String> {
    arguments.subcommand().map_err(|error| error.to_string())
}

fn value<T>(arguments: &mut Arguments, name: &'static str) -> Result<Option<T>, String>
where
    T: std::str::FromStr,
    T::Err: std::fmt::Display,
{
    arguments
        .opt_value_from_str(name)
        .map_err(|error| error.to_string())
}

fn nothing_left(arguments: &mut Arguments) -> Result<(), String> {
    let left = std::mem::replace(arguments, Arguments::from_vec(Vec::new())).finish();
    match left.first() {
        None => Ok(()),
        Some(first) => Err(format!("unexpected argument {first:?}\n\n{HELP}")),
    }
}
