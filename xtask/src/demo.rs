//! The demo shop, and the same shop with Tailorbird in front of it.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::process::{self, Running};
use crate::settings::{DEMO_PORT, Host, WASMTIME};
use crate::{build, paths, setup};

/// What was asked for on the command line.
pub struct Options {
    pub host: Host,
    /// The shop's own port; the personalised one is the next.
    pub port: Option<u16>,
    /// Start, look whether both answer, stop.
    pub once: bool,
}

/// How long a server may take until it answers; wrangler is the slow one.
const START_WITHIN: Duration = Duration::from_secs(90);

/// The component's `source` in spin.toml.
const EMBEDDED: &str = "target/tailorbird_spin.wasm";

/// Builds, starts, waits for Ctrl-C, and stops what it started.
pub fn run(options: &Options) -> Result<(), String> {
    if options.host != Host::Native {
        setup::run(Some(setup::Part::Host(options.host)))?;
    }
    build::native()?;
    if options.host != Host::Native {
        build::build(options.host)?;
    }
    data()?;
    if options.host == Host::Spin {
        embed()?;
    }

    let stop = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        signal_hook::flag::register(signal, Arc::clone(&stop))
            .map_err(|error| error.to_string())?;
    }
    let shop_port = free_port(options.port.unwrap_or(DEMO_PORT), None)?;
    let host_port = free_port(shop_port.saturating_add(1), Some(shop_port))?;
    let mut shop = Running::start(
        "the demo shop",
        tailorbird().args(["demo-shop", "--serve", &address(shop_port)]),
    )?;
    wait(&mut shop, shop_port, &stop)?;
    let mut host = Running::start(
        options.host.name(),
        &mut front(options.host, shop_port, host_port)?,
    )?;
    wait(&mut host, host_port, &stop)?;

    println!(
        "\n  the shop alone        http://{}/en/",
        address(shop_port)
    );
    println!(
        "  with Tailorbird       http://{}/en/    ({})\n",
        address(host_port),
        options.host.name()
    );
    if options.once {
        println!("Both answer.");
        return Ok(());
    }
    println!(
        "Open them side by side. In the second, accept the cookies, look at four or five products of one"
    );
    println!(
        "category, then go back to the start page and to that category: the slots and the order of the"
    );
    println!("products follow. The button below what you looked at undoes it. Ctrl-C stops both.");
    while !stop.load(Ordering::Relaxed) {
        shop.check()?;
        host.check()?;
        std::thread::sleep(Duration::from_millis(100));
    }
    Ok(())
}

/// The moment at which the demo's shoppers stop: what was trending then is trending in the demo, and the snapshot has
/// the same bytes at every run.
const CREATED: &str = "1790000000";

/// The shop's feeds and shoppers, and a snapshot trained on them.
fn data() -> Result<(), String> {
    process::run(tailorbird().args(["demo-shop", "--out", "demo"]))?;
    process::run(tailorbird().args([
        "build",
        "--site",
        "demo/site.toml",
        "--feed",
        "en=demo/feed.en.tsv",
        "--feed",
        "de=demo/feed.de.tsv",
        "--content",
        "en=demo/articles.en.tsv",
        "--content",
        "de=demo/articles.de.tsv",
        "--events",
        "demo/events.jsonl",
        "--out",
        "model-snapshots",
        "--created",
        CREATED,
    ]))
}

/// The component with the snapshot inside, where spin.toml looks for it.
fn embed() -> Result<(), String> {
    process::run(
        tailorbird()
            .arg("embed")
            .arg(build::component())
            .arg("--out")
            .arg(paths::root().join(EMBEDDED)),
    )
}

fn front(host: Host, shop: u16, port: u16) -> Result<Command, String> {
    let origin = format!("http://{}", address(shop));
    let listen = address(port);
    match host {
        Host::Native => {
            let mut native = tailorbird();
            native.args([
                "serve",
                "--origin",
                &origin,
                "--snapshots",
                "model-snapshots",
                "--listen",
                &listen,
            ]);
            Ok(native)
        }
        Host::Cloudflare => {
            let mut wrangler = process::command(paths::npm_binary("wrangler"));
            wrangler
                .args([
                    "dev",
                    "--ip",
                    "127.0.0.1",
                    "--port",
                    &port.to_string(),
                    "--var",
                    &format!("ORIGIN:{origin}"),
                ])
                .args([
                    "--show-interactive-dev-session=false",
                    "--log-level",
                    "warn",
                ])
                .envs(build::worker_environment()?)
                // It would ask the platform where in the world this machine is.
                .env("CLOUDFLARE_CF_FETCH_ENABLED", "false")
                .env("WRANGLER_SEND_METRICS", "false");
            Ok(wrangler)
        }
        Host::Spin => Ok(match paths::on_path("spin") {
            Some(spin) => {
                let mut spin = process::command(spin);
                spin.args([
                    "up",
                    "--listen",
                    &listen,
                    "--env",
                    &format!("ORIGIN={origin}"),
                ]);
                spin
            }
            None => {
                println!("demo: no `spin` on the PATH, so wasmtime runs the component");
                wasmtime(&origin, &listen)?
            }
        }),
    }
}

fn wasmtime(origin: &str, listen: &str) -> Result<Command, String> {
    let mut wasmtime = process::command(paths::tool_binary(&WASMTIME)?);
    wasmtime
        .args(["serve", "-Scli,http,p3", "--addr", listen])
        .args(["--env", &format!("ORIGIN={origin}")])
        .arg(EMBEDDED);
    Ok(wasmtime)
}

fn tailorbird() -> Command {
    process::command(Path::new(&paths::tailorbird()))
}

fn address(port: u16) -> String {
    format!("127.0.0.1:{port}")
}

/// `wanted`, or the next port that nobody listens on.
fn free_port(wanted: u16, taken: Option<u16>) -> Result<u16, String> {
    let port = (wanted..=u16::MAX)
        .filter(|port| Some(*port) != taken)
        .find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .ok_or(format!("no free port from {wanted} on"))?;
    if port != wanted {
        println!("demo: port {wanted} is taken, {port} is used instead");
    }
    Ok(port)
}

/// Until the start page comes with status 200.
fn wait(server: &mut Running, port: u16, stop: &AtomicBool) -> Result<(), String> {
    let until = Instant::now() + START_WITHIN;
    loop {
        server.check()?;
        let said = match get(port) {
            Ok(status) if status == "200" => return Ok(()),
            Ok(status) => format!("status {status}"),
            Err(error) => error.to_string(),
        };
        if stop.load(Ordering::Relaxed) {
            return Err("stopped".into());
        }
        if Instant::now() > until {
            return Err(format!(
                "http://{}/en/ does not answer: {said}",
                address(port)
            ));
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

fn get(port: u16) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    write!(
        stream,
        "GET /en/ HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
        address(port)
    )?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let line = String::from_utf8_lossy(&answer);
    Ok(line
        .split(' ')
        .nth(1)
        .unwrap_or("no status line")
        .to_owned())
}
