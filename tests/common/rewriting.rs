//! A page through a rewriter, in chunks.

use tailorbird::{Decision, Engine, Exposures, Outcome, Rewriter};

use super::{SITE, ambient, engine_with, get, html};

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

/// What becomes of a page with one banner.
pub fn with_banner(selector: &str, position: &str, page: &str, chunk: usize) -> String {
    with_banners(&[(selector, position, "B")], page, chunk)
}

pub fn with_banners(banners: &[(&str, &str, &str)], page: &str, chunk: usize) -> String {
    let mut site =
        SITE.to_owned() + "[[template]]\nname = \"x\"\nsource = \"<x-b>{{title}}</x-b>\"\n";
    for (index, (selector, position, title)) in banners.iter().enumerate() {
        site.push_str(&format!(
            "[[banner]]\nname = \"b{index}\"\npages = [\"listing\"]\nselector = \"{selector}\"\n\
             position = \"{position}\"\ntemplate = \"x\"\ntitle = \"{title}\"\n"
        ));
    }
    let out = rewrite(&engine_with(&site), "/en/c/x", page.as_bytes(), chunk);
    String::from_utf8(out).expect("UTF-8")
}
