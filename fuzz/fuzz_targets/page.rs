//! Any page in any chunks: the same bytes come out, and none is lost.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use tailorbird::{Ambient, Decision, Engine, Outcome, RequestHead, ResponseHead, Rewriter};

static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    Engine::open(&include_bytes!("../../tests/golden/v1.tbs")[..]).expect("the golden file")
});

fn rewriter() -> Rewriter {
    let request = RequestHead { method: "GET".into(), target: "/en/c/x".into(), ..RequestHead::default() };
    let Decision::Forward(visit) = ENGINE.visit(&request, &Ambient::default()) else { unreachable!() };
    let head = ResponseHead { status: 200, headers: vec![("content-type", "text/html".into())], body_is_decoded: false };
    match visit.origin_head(&head) {
        Outcome::Rewrite { rewriter, .. } => rewriter,
        Outcome::PassThrough(reason) => panic!("{reason}"),
    }
}

fn rewrite(page: &[u8], chunk: usize) -> Vec<u8> {
    let (mut rewriter, mut out) = (rewriter(), Vec::new());
    for part in page.chunks(chunk) {
        rewriter.push(part, &mut out).expect("not encoded");
    }
    rewriter.finish(&mut out).expect("not encoded");
    out
}

fuzz_target!(|input: (u8, &[u8])| {
    let (chunk, page) = input;
    let whole = rewrite(page, page.len().max(1));
    assert_eq!(whole, rewrite(page, usize::from(chunk) + 1));
    let sorted = |bytes: &[u8]| {
        let mut bytes = bytes.to_vec();
        bytes.sort_unstable();
        bytes
    };
    assert_eq!(sorted(&whole), sorted(page));
});
