//! Everything that CI checks. Each part runs even when one before it failed, so that one run says all that is wrong.

mod runner;

use std::process::Command;
use std::time::{Duration, Instant};

use self::runner::{Count, followed};
use crate::settings::{CARGO_DENY, Host};
use crate::{bench, build, paths, process, setup};

/// How one part ended.
struct Part {
    name: String,
    took: Duration,
    count: Count,
    error: Option<String>,
}

/// Runs all parts, prints a summary, and last of all `N passed, N failed`. Whether all is well.
pub fn run(quick: bool) -> Result<bool, String> {
    setup::run(None)?;
    let mut parts = Parts(Vec::new());
    parts.check("format", || {
        process::run(process::cargo().args(["fmt", "--all", "--check"]))
    });
    clippy(&mut parts);
    rust_tests(&mut parts);
    charset_tables(&mut parts);
    if quick {
        println!("\ntest: --quick, so licences and sources of dependencies are not checked");
    } else {
        parts.check("cargo deny", deny);
    }
    let mut built = true;
    for host in Host::ALL {
        built &= parts.check(&format!("build {}", host.name()), || {
            build::build(host).map(|_| ())
        });
    }
    parts.check("native and WASM answer alike", bench::query::agree);
    parts.check("worker size", build::check_worker_size);
    parts.check("wrangler deploy --dry-run", dry_run);
    if built {
        parts.tests("end to end", &mut end_to_end(quick));
    } else {
        parts.check("end to end", || {
            Err("not run, since a host could not be built".into())
        });
    }
    Ok(parts.close())
}

fn clippy(parts: &mut Parts) {
    let warnings = ["--", "-D", "warnings"];
    parts.check("clippy", || {
        process::run(
            process::cargo()
                .args(["clippy", "--all-targets", "--all-features"])
                .args(warnings),
        )
    });
    for (host, target) in Host::ALL
        .iter()
        .filter_map(|host| Some((host, host.target()?)))
    {
        parts.check(&format!("clippy {}", host.name()), || {
            process::run(
                process::cargo()
                    // The profile that the host is built in, so that its macros are compiled once.
                    .args([
                        "clippy",
                        "--profile",
                        "wasm",
                        "-p",
                        host.package(),
                        "--target",
                        target,
                    ])
                    .args(warnings),
            )
        });
    }
}

fn rust_tests(parts: &mut Parts) {
    if paths::on_path("cargo-nextest").is_some() {
        parts.tests(
            "cargo nextest",
            process::cargo().args(["nextest", "run", "--all-features", "--no-fail-fast"]),
        );
        // nextest leaves the examples in documentation out.
        parts.tests(
            "cargo test --doc",
            process::cargo().args(["test", "--doc", "--all-features", "--no-fail-fast"]),
        );
    } else {
        parts.tests(
            "cargo test",
            process::cargo().args(["test", "--all-features", "--no-fail-fast"]),
        );
    }
}

/// Its tables are made anew from the arrays that only other targets have.
fn charset_tables(parts: &mut Parts) {
    let manifest = paths::root().join("vendor/encoding_rs/Cargo.toml");
    parts.tests(
        "charset tables",
        process::cargo()
            .args(["test", "--lib", "--target-dir"])
            .arg(paths::target().join("vendor"))
            .arg("--manifest-path")
            .arg(manifest),
    );
}

fn deny() -> Result<(), String> {
    setup::tool(&CARGO_DENY)?;
    // Crates of targets that nothing was built for here are looked at, too.
    process::run(process::cargo().args(["fetch", "--locked", "--quiet"]))?;
    // Advisories would need the network at every run.
    process::run(process::command(paths::tool_binary(&CARGO_DENY)?).args([
        "--offline",
        "check",
        "licenses",
        "bans",
        "sources",
    ]))
}

fn dry_run() -> Result<(), String> {
    let out = paths::target().join("wrangler-dry-run");
    process::run(
        process::command(paths::npm_binary("wrangler"))
            .args(["deploy", "--dry-run", "--outdir"])
            .arg(out)
            .envs(build::worker_environment()?)
            .env("WRANGLER_SEND_METRICS", "false")
            .env("CI", "true"),
    )
}

fn end_to_end(quick: bool) -> Command {
    let mut node = process::command("node");
    node.current_dir(paths::e2e())
        .args(["--test", "--test-concurrency=1", "--test-reporter=spec"])
        .args([
            "lib/harness.test.mjs",
            "suite.test.mjs",
            "across.test.mjs",
            "browser.test.mjs",
            "hydration.test.mjs",
        ]);
    if quick {
        node.env("TAILORBIRD_QUICK", "1");
    }
    node
}

struct Parts(Vec<Part>);

impl Parts {
    /// A part that either holds or does not.
    fn check(&mut self, name: &str, part: impl FnOnce() -> Result<(), String>) -> bool {
        println!("\n== {name}");
        let began = Instant::now();
        let error = part().err();
        let failed = u64::from(error.is_some());
        self.add(
            name,
            began,
            Count {
                passed: 1 - failed,
                failed,
            },
            error,
        )
    }

    /// A test runner, whose own count is taken over.
    fn tests(&mut self, name: &str, runner: &mut Command) -> bool {
        println!("\n== {name}");
        let began = Instant::now();
        let (mut count, error) = match followed(runner) {
            Ok((count, error)) => (count, error),
            Err(error) => (Count::default(), Some(error)),
        };
        let mut error = error;
        if error.is_none() && count == Count::default() && !name.ends_with("--doc") {
            error = Some("no test ran".into());
        }
        if error.is_some() && count.failed == 0 {
            count.failed = 1;
        }
        self.add(name, began, count, error)
    }

    fn add(&mut self, name: &str, began: Instant, count: Count, error: Option<String>) -> bool {
        let good = error.is_none();
        if let Some(error) = &error {
            println!("test: {name}: {error}");
        }
        self.0.push(Part {
            name: name.to_owned(),
            took: began.elapsed(),
            count,
            error,
        });
        good
    }

    fn close(self) -> bool {
        println!("\n== summary");
        let mut sum = Count::default();
        for Part {
            name,
            took,
            count,
            error,
        } in &self.0
        {
            let verdict = if error.is_some() { "FAILED" } else { "ok" };
            println!(
                "{verdict:6} {name:28} {:5} passed {:3} failed {:6.1} s",
                count.passed,
                count.failed,
                took.as_secs_f64()
            );
            sum.passed += count.passed;
            sum.failed += count.failed;
        }
        println!("\n{} passed, {} failed", sum.passed, sum.failed);
        self.0.iter().all(|part| part.error.is_none())
    }
}
