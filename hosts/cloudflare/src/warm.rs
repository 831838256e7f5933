//! What an isolate does before its first request: V8 compiles a function of WASM when it is first called,
//! so the engine runs once, on a page of nobody's. That is a part of the isolate's start, which the platform
//! does while the first visitor's connection is still being made.

use tailorbird::{Ambient, Decision, Engine, Outcome, RequestHead, ResponseHead};

const PAGE: &[u8] = b"<!doctype html><html><head><meta charset=\"utf-8\"><title>x</title></head><body>\
<section class=\"hero\"><h1>x</h1></section><main><article class=\"x\">x</article><ul class=\"products\">\
<li class=\"tile\"><a href=\"/p/1\"><img src=\"x\">x</a></li><li class=\"tile\"><a href=\"/p/2\">x</a></li>\
<li class=\"tile\"><a href=\"/p/4\">x</a></li></ul><script>x</script><!-- x --></main></body></html>";

/// When it is there; any will do, since nothing of it expires.
const NOW: i64 = 1_790_000_000;

/// As one visitor, two products and then a list.
pub(crate) const TARGETS: [&str; 3] = ["/p/1", "/p/3", "/c/all"];

/// Runs the engine once over each of [`TARGETS`]; gives how many of them it changed, and for how many
/// it set a cookie.
pub(crate) fn up(snapshot: &'static [u8]) -> (usize, usize) {
    let Ok(engine) = Engine::open(snapshot) else {
        return (0, 0);
    };
    let mut cookie = "consent=personalisation".to_owned();
    let (mut changed, mut set) = (0, 0);
    for target in TARGETS {
        let Some((page, ours)) = visit(&engine, target, &cookie) else {
            continue;
        };
        changed += usize::from(page != PAGE);
        if let Some(ours) = ours {
            cookie = format!("consent=personalisation; {ours}");
            set += 1;
        }
    }
    (changed, set)
}

/// Gives the page, and our cookie if it is set then.
fn visit(engine: &Engine, target: &str, cookie: &str) -> Option<(Vec<u8>, Option<String>)> {
    let request = RequestHead {
        method: "GET".to_owned(),
        secure: true,
        target: target.to_owned(),
        headers: vec![("cookie", cookie.to_owned())],
    };
    let ambient = Ambient {
        now: NOW,
        random: 1,
        ..Ambient::default()
    };
    let Decision::Forward(visit) = engine.visit(&request, &ambient) else {
        return None;
    };
    let outcome = visit.origin_head(&ResponseHead {
        status: 200,
        headers: vec![("content-type", "text/html; charset=utf-8".to_owned())],
        body_is_decoded: false,
    });
    let Outcome::Rewrite {
        edits,
        mut rewriter,
    } = outcome
    else {
        return None;
    };
    let mut page = Vec::new();
    rewriter.push(PAGE, &mut page).ok()?;
    rewriter.finish(&mut page).ok()?;
    let mut lines = edits.append.into_iter();
    let line = lines.find(|(name, _)| *name == "set-cookie");
    let pair = line.and_then(|(_, line)| line.split(';').next().map(str::to_owned));
    Some((page, pair))
}
