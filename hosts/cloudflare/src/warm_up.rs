//! A rehearsal before the first visitor comes.
//!
//! V8 compiles a function of WASM or JavaScript when it is called for the first time, and of what the first page of an isolate
//! took that was the most: some 700 functions. So while the Worker's global scope is evaluated, which Cloudflare does during
//! the visitor's TLS handshake where it can, a made-up visitor looks at pages of a made-up shop. There is no I/O, clock
//! or randomness in it, so it does the same in every isolate, and the tests see what. After a
//! trap the next instance rehearses, too; by then all of it is compiled.

use tailorbird::{Ambient, Decision, Engine, Keys, Outcome, RequestHead, ResponseHead};
use worker::js_sys::futures::future_to_promise;
use worker::wasm_bindgen::{self, JsValue, prelude::wasm_bindgen};

use crate::head::Edits;
use crate::js::rehearsal;
use crate::settings::Settings;
use crate::{handler, snapshot};

/// What `build.rs` made of the folder `warm-up`.
static SNAPSHOT: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/warm-up.snapshot"));
static LISTING: &str = include_str!("../warm-up/listing.html");
/// Signs cookies that nobody gets.
const KEY: &str = "rehearsal-rehearsal";
/// Any time after the year 2020, where visitors' cookies begin.
const NOW: i64 = 1_800_000_000;
/// What the engine is asked for, and the status of the shop's answer. Products come first, so that there is something to go by;
/// then a listing that is read and kept, and then known.
const PAGES: [(&str, u16); 4] = [("/p/1", 200), ("/p/4", 200), ("/c/", 200), ("/c/", 304)];
/// What is asked for through the runtime.
const REQUESTS: [(&str, u16); 2] = [
    ("https://rehearsal.example/c/", 200),
    ("https://rehearsal.example/c/", 304),
];

/// Answers some requests, for nobody.
#[wasm_bindgen(start)]
pub fn warm_up() {
    let (Ok(engine), Ok(keys)) = (Engine::open(SNAPSHOT), Keys::of_setting(KEY)) else {
        return;
    };
    let engine = engine.with_keys(keys).with_pages(true);
    let mut cookies = "consent=yes".to_owned();
    for (target, status) in PAGES {
        if let Some(cookie) = look(&engine, target, status, &cookies) {
            cookies = format!("consent=yes; {cookie}");
        }
    }
    // Goes on when the global scope has been evaluated; nobody waits for it.
    let _ = future_to_promise(async move {
        rehearse(&engine, &cookies).await;
        Ok(JsValue::UNDEFINED)
    });
}

/// Answers requests of the runtime's kind. It makes no response of bytes before there is a request, so each ends there.
async fn rehearse(engine: &Engine, cookies: &str) {
    snapshot::rehearse(&rehearsal::assets(SNAPSHOT)).await;
    let mut head = Edits::default();
    for (name, value) in page_head() {
        head.append(name, &value);
    }
    head.append("content-length", &LISTING.len().to_string());
    for (url, status) in REQUESTS {
        let request = rehearsal::request(url, cookies);
        let guard = rehearsal::guard(&request, status, head.as_str(), LISTING);
        let _ = handler::answer(engine, &Settings::default(), request, &guard).await;
    }
}

/// The head of each page of the shop's.
fn page_head() -> Vec<(&'static str, String)> {
    vec![
        ("cache-control", "public, max-age=0".into()),
        ("content-type", "text/html; charset=utf-8".into()),
        ("etag", "\"1\"".into()),
    ]
}

/// Looks at one page; gives the cookie that came with it.
fn look(engine: &Engine, target: &str, status: u16, cookies: &str) -> Option<String> {
    let head = RequestHead {
        method: "GET".into(),
        secure: true,
        target: target.into(),
        headers: vec![("cookie", cookies.into())],
    };
    let ambient = Ambient {
        now: NOW,
        ..Ambient::default()
    };
    let Decision::Forward(mut visit) = engine.visit(&head, &ambient) else {
        return None;
    };
    visit.decide_ahead();
    let answer = ResponseHead {
        status,
        headers: page_head(),
        body_is_decoded: false,
    };
    let mut page = Vec::new();
    let edits = match visit.origin_head(&answer) {
        Outcome::Rewrite {
            edits,
            mut rewriter,
        } => {
            rewriter.keep_head(Vec::new());
            rewriter.push(LISTING.as_bytes(), &mut page).ok()?;
            rewriter.finish(&mut page).ok()?;
            edits
        }
        Outcome::Known(mut known) => {
            known.body.read(&mut page, LISTING.len());
            known.edits
        }
        _ => return None,
    };
    let mut lines = edits.append.iter();
    let (_, cookie) = lines.find(|(name, _)| *name == "set-cookie")?;
    Some(cookie.split(';').next()?.to_owned())
}
