//! What a query, the opening of a snapshot and deciding for a page cost, and what is answered: one program
//! for the machine itself and for WASM. `cargo xtask bench query` builds and runs both.
//!
//! ```text
//! query SNAPSHOT CASES [LARGE [SHOP]] [--rounds N]
//! ```
//!
//! CASES has a case a line: the items that were viewed, newest first, as indexes into the snapshot.
//! Prints JSON: the digest (xxh3) of all answers, items and scores, and with rounds the times. In each
//! round each case is asked once, in order, and timed by itself, clock included; a percentile is that
//! of the round's cases, and the median of the rounds is printed. LARGE is the snapshot to open; SHOP one
//! with a home page of four slots, a banner and a list, for which is decided with the cases as cookies.

use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tailorbird::plan::Plan;
use tailorbird::recommend::Query;
use tailorbird::snapshot::{ItemKey, Snapshot};
use tailorbird::visitor::{VisitorState, encode};
use tailorbird::{Ambient, Decision, Engine, RequestHead};
use xxhash_rust::xxh3::Xxh3;

/// How many items are asked for, of the whole catalogue.
const SHOWN: usize = 24;
/// How often a snapshot is opened.
const OPENED: usize = 60;

fn main() -> ExitCode {
    match run(std::env::args().skip(1).collect()) {
        Ok(found) => {
            println!("{found}");
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("query: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run(mut arguments: Vec<String>) -> Result<Value, String> {
    let mut rounds = 0;
    if let Some(at) = arguments.iter().position(|word| word == "--rounds") {
        let number = arguments.drain(at..).nth(1);
        rounds = number
            .and_then(|number| number.parse().ok())
            .ok_or("expected a number after --rounds")?;
    }
    let [snapshot, cases, large @ ..] = &arguments[..] else {
        return Err("expected SNAPSHOT CASES [LARGE [SHOP]] [--rounds N]".into());
    };
    let snapshot = open(read(snapshot)?)?;
    let cases = parse(read(cases)?)?;
    let mut query = Query::new();
    let mut found = json!({
        "cases": cases.len(),
        "items": snapshot.len(),
        "bytes": snapshot.file_bytes(),
        "digest": format!("{:016x}", digest(&snapshot, &cases, &mut query)),
    });
    if rounds > 0 {
        found["query_us"] = times(&snapshot, &cases, &mut query, rounds);
    }
    if let Some(large) = large.first() {
        found["large"] = opening(read(large)?, rounds)?;
    }
    if let Some(shop) = large.get(1) {
        found["page"] = pages(read(shop)?, &cases, rounds)?;
    }
    Ok(found)
}

fn read(path: &str) -> Result<&'static [u8], String> {
    let bytes = std::fs::read(path).map_err(|error| format!("{path}: {error}"))?;
    Ok(bytes.leak())
}

fn open(bytes: &'static [u8]) -> Result<Snapshot, String> {
    Snapshot::open(bytes).map_err(|error| error.to_string())
}

fn parse(text: &[u8]) -> Result<Vec<Vec<u32>>, String> {
    let text = str::from_utf8(text).map_err(|error| error.to_string())?;
    let line = |line: &str| line.split(' ').map(str::parse).collect::<Result<_, _>>();
    let cases = text.lines().map(line).collect::<Result<Vec<_>, _>>();
    cases.map_err(|error| format!("expected items and spaces: {error}"))
}

/// Of all answers, items and scores.
fn digest(snapshot: &Snapshot, cases: &[Vec<u32>], query: &mut Query) -> u64 {
    let mut hasher = Xxh3::new();
    for seen in cases {
        query.run(snapshot, seen);
        let top = query.top(SHOWN, |_| true).to_vec();
        for item in top {
            hasher.update(&item.to_le_bytes());
            hasher.update(&query.score(item).to_le_bytes());
        }
    }
    hasher.digest()
}

fn times(snapshot: &Snapshot, cases: &[Vec<u32>], query: &mut Query, rounds: usize) -> Value {
    let mut by_round = [const { Vec::new() }; 3];
    for _ in 0..=rounds {
        let ask = |seen: &Vec<u32>| {
            let began = Instant::now();
            query.run(snapshot, black_box(seen));
            black_box(query.top(SHOWN, |_| true));
            began.elapsed()
        };
        let mut times: Vec<Duration> = cases.iter().map(ask).collect();
        times.sort_unstable();
        let sum: Duration = times.iter().sum();
        let mean = sum / times.len().max(1) as u32;
        for (all, time) in by_round
            .iter_mut()
            .zip([share(&times, 50), share(&times, 99), mean])
        {
            all.push(time);
        }
    }
    // The first round warms up.
    let [p50, p99, mean] = by_round.map(|mut all| median(&mut all[1..]).as_nanos() as f64 / 1e3);
    json!({ "p50": p50, "p99": p99, "mean": mean })
}

/// Opening checks every byte by checksums, which is what an edge does; verifying reads every record.
fn opening(bytes: &'static [u8], rounds: usize) -> Result<Value, String> {
    let (mut opened, mut verified) = (Vec::new(), Vec::new());
    for _ in 0..if rounds > 0 { OPENED } else { 1 } {
        let began = Instant::now();
        let snapshot = open(black_box(bytes))?;
        opened.push(began.elapsed());
        let began = Instant::now();
        snapshot.verify().map_err(|error| error.to_string())?;
        verified.push(began.elapsed());
    }
    let mut found = json!({ "bytes": bytes.len() });
    if rounds > 0 {
        found["open_ms"] = (median(&mut opened).as_secs_f64() * 1e3).into();
        found["verify_ms"] = (median(&mut verified).as_secs_f64() * 1e3).into();
    }
    Ok(found)
}

/// How many tiles the list has.
const TILES: u32 = 48;

/// When the visitors come, in seconds since 1970; when they looked at what they know.
const NOW: i64 = 1_790_000_000;

/// Reading the request and its cookie, deciding for the home page, and ranking the list's tiles.
fn pages(bytes: &'static [u8], cases: &[Vec<u32>], rounds: usize) -> Result<Value, String> {
    let snapshot = open(bytes)?;
    let engine = Engine::open(bytes).map_err(|error| error.to_string())?;
    let requests: Vec<RequestHead> = cases.iter().map(|seen| request(&snapshot, seen)).collect();
    let tiles = (0..TILES).filter_map(|n| snapshot.link(n * 97 % snapshot.len() as u32, 0));
    let tiles: Vec<&str> = tiles.collect();
    let mut hasher = Xxh3::new();
    for request in &requests {
        let (plan, ranks) = decide(&engine, request, &tiles);
        let chosen = plan
            .insertions
            .iter()
            .filter_map(|i| i.filling.recommended());
        chosen.for_each(|(_, items)| items.iter().for_each(|i| hasher.update(&i.to_le_bytes())));
        hasher.update(&ranks.to_le_bytes());
    }
    let mut found = json!({ "page_digest": format!("{:016x}", hasher.digest()) });
    let (mut p50, mut p99) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        let time = |request| {
            let began = Instant::now();
            black_box(decide(&engine, black_box(request), &tiles));
            began.elapsed()
        };
        let mut times: Vec<Duration> = requests.iter().map(time).collect();
        times.sort_unstable();
        p50.push(share(&times, 50));
        p99.push(share(&times, 99));
    }
    if rounds > 0 {
        found["page_p50"] = (median(&mut p50).as_nanos() as f64 / 1e3).into();
        found["page_p99"] = (median(&mut p99).as_nanos() as f64 / 1e3).into();
    }
    Ok(found)
}

/// A visitor who looked at `seen`, newest first, some days ago.
fn request(snapshot: &Snapshot, seen: &[u32]) -> RequestHead {
    let mut state = VisitorState::default();
    state.touch(NOW - 5 * 86_400, 1 + u64::from(seen.iter().sum::<u32>()));
    for id in seen.iter().rev().filter_map(|&item| snapshot.id(item)) {
        state.record_view(ItemKey::of(id), NOW - 5 * 86_400);
    }
    RequestHead {
        method: "GET".into(),
        secure: true,
        target: "/".into(),
        headers: vec![(
            "cookie",
            format!("consent=yes; tailorbird={}", encode(&state)),
        )],
    }
}

/// The plan, and the sum of the tiles' ranks.
fn decide(engine: &Engine, request: &RequestHead, tiles: &[&str]) -> (Plan, i64) {
    let ambient = Ambient {
        now: NOW,
        random: 7,
        ..Ambient::default()
    };
    let Decision::Forward(visit) = engine.visit(request, &ambient) else {
        return Default::default();
    };
    let plan = visit.plan().unwrap_or_default();
    let ranks = plan.lists.iter().flat_map(|list| {
        let tiles = tiles.iter();
        tiles.filter_map(|tile| list.ranker.rank(list.ranker.target_of_attribute(tile)?))
    });
    let sum = ranks.fold(0i64, i64::wrapping_add);
    (plan, sum)
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    share(times, 50)
}

/// A percentile of sorted times.
fn share(times: &[Duration], percent: usize) -> Duration {
    let at = times.len().saturating_sub(1) * percent / 100;
    times.get(at).copied().unwrap_or_default()
}
