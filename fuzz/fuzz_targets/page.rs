//! Any page in any chunks: the same bytes come out as from lol_html alone, and none is lost.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use tailorbird::{Ambient, Decision, Engine, Outcome, RequestHead, ResponseHead, Rewriter};

static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    Engine::open(&include_bytes!("../../tests/golden/v1.tbs")[..]).expect("the golden file")
});

fn rewriter(target: &str) -> Rewriter {
    let request = RequestHead { method: "GET".into(), target: target.into(), ..RequestHead::default() };
    let Decision::Forward(visit) = ENGINE.visit(&request, &Ambient::default()) else { unreachable!() };
    let head = ResponseHead { status: 200, headers: vec![("content-type", "text/html".into())], body_is_decoded: false };
    match visit.origin_head(&head) {
        Outcome::Rewrite { rewriter, .. } => rewriter,
        Outcome::PassThrough(reason) | Outcome::PassBody { reason, .. } => panic!("{reason}"),
        Outcome::Hold(_) | Outcome::Known(_) => panic!("held, or known"),
    }
}

/// All of the page at once, and all of it through lol_html.
const ALL: usize = usize::MAX;

fn rewrite(target: &str, page: &[u8], chunk: usize) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rewriter = rewriter(target);
    if chunk == ALL {
        rewriter.look_at_all();
    }
    for part in page.chunks(chunk) {
        rewriter.push(part, &mut out).expect("not encoded");
    }
    rewriter.finish(&mut out).expect("not encoded");
    out
}

fuzz_target!(|input: (u8, &[u8])| {
    let (chunk, page) = input;
    let size = usize::from(chunk) + 1;
    // A page with a list: its tiles change places, so no byte is lost and none is new.
    let whole = rewrite("/en/c/x", page, page.len().max(1));
    assert_eq!(whole, rewrite("/en/c/x", page, size));
    assert_eq!(whole, rewrite("/en/c/x", page, ALL));
    let sorted = |bytes: &[u8]| {
        let mut bytes = bytes.to_vec();
        bytes.sort_unstable();
        bytes
    };
    assert_eq!(sorted(&whole), sorted(page));
    // A page with insertions: what stands between them is the page.
    let whole = rewrite("/en/", page, page.len().max(1));
    assert_eq!(whole, rewrite("/en/", page, size));
    assert_eq!(whole, rewrite("/en/", page, ALL));
    let mut rest = page;
    for byte in &whole {
        if rest.first() == Some(byte) {
            rest = &rest[1..];
        }
    }
    assert_eq!(rest, b"");
});
