//! One page through the engine, for counting the instructions that it takes: `cargo xtask bench fuel` runs this in
//! wasmtime with less and less fuel.
//!
//! ```text
//! fuel SNAPSHOT PAGE TARGET VIEWED [open]
//! ```
//!
//! VIEWED has the ids of what the visitor looked at, comma between them. With `open` all is done but the page itself.
//! Prints how many bytes left.

use std::process::ExitCode;

use tailorbird::snapshot::ItemKey;
use tailorbird::visitor::{VisitorState, encode};
use tailorbird::{Ambient, Decision, Engine, Outcome, RequestHead, ResponseHead};

/// What a host hands over in one call.
const SLICE: usize = 64 << 10;
/// When the visitor comes, in seconds since 1970.
const NOW: i64 = 1_796_000_000;

fn main() -> ExitCode {
    match run(&std::env::args().skip(1).collect::<Vec<_>>()) {
        Ok(bytes) => {
            println!("{bytes}");
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("fuel: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<usize, String> {
    let [snapshot, page, target, viewed, open @ ..] = arguments else {
        return Err("expected SNAPSHOT PAGE TARGET VIEWED [open]".into());
    };
    let read = |path: &String| std::fs::read(path).map_err(|error| format!("{path}: {error}"));
    let (snapshot, page) = (read(snapshot)?, read(page)?);
    let engine = Engine::open(snapshot).map_err(|error| error.to_string())?;
    let mut out = Vec::with_capacity(page.len() * 2);
    if !open.is_empty() {
        return Ok(0);
    }
    let mut state = VisitorState::default();
    state.touch(NOW - 60, 7);
    for id in viewed.split(',') {
        state.record_view(ItemKey::of(id), NOW - 60);
    }
    let cookie = format!("consent=personalisation; tailorbird={}", encode(&state));
    let request = RequestHead {
        method: "GET".into(),
        secure: true,
        target: target.clone(),
        headers: vec![("cookie", cookie)],
    };
    let ambient = Ambient {
        now: NOW,
        random: 7,
        ..Ambient::default()
    };
    let Decision::Forward(visit) = engine.visit(&request, &ambient) else {
        return Err("the engine answered itself".into());
    };
    let head = ResponseHead {
        status: 200,
        headers: vec![("content-type", "text/html; charset=utf-8".into())],
        body_is_decoded: false,
    };
    let Outcome::Rewrite { mut rewriter, .. } = visit.origin_head(&head) else {
        return Err("the page passed".into());
    };
    let broken = |error: tailorbird::rewrite::BrokenBody| error.to_string();
    for slice in page.chunks(SLICE) {
        rewriter.push(slice, &mut out).map_err(broken)?;
    }
    rewriter.finish(&mut out).map_err(broken)?;
    if out.len() <= page.len() {
        return Err("nothing was inserted".into());
    }
    Ok(out.len())
}
