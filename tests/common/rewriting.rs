//! A page through a rewriter, in chunks.

use tailorbird::{Decision, Engine, Exposures, Outcome, Rewriter};

use super::{ambient, get, html};

pub fn rewriter(engine: &Engine, target: &str) -> Rewriter {
    let Decision::Forward(visit) = engine.visit(&get(target, &[]), &ambient()) else {
        panic!("the worker answered itself");
    };
    match visit.origin_head(&html()) {
        Outcome::Rewrite { rewriter, .. } => rewriter,
        Outcome::PassThrough(reason) | Outcome::PassBody { reason, .. } => {
            panic!("passed: {reason}")
        }
        Outcome::Hold(_) => panic!("held"),
    }
}

pub fn rewrite(engine: &Engine, target: &str, page: &[u8], chunk: usize) -> Vec<u8> {
    rewrite_and_tell(engine, target, page, chunk).0
}

pub fn rewrite_and_tell(
    engine: &Engine,
    target: &str,
    page: &[u8],
    chunk: usize,
) -> (Vec<u8>, Exposures) {
    let mut rewriter = rewriter(engine, target);
    let mut out = Vec::new();
    for part in page.chunks(chunk.max(1)) {
        rewriter.push(part, &mut out).expect("not encoded");
    }
    let exposures = rewriter.finish(&mut out).expect("not encoded");
    (out, exposures)
}
