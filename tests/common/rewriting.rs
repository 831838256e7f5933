//! A page through a rewriter, in chunks.

use std::hash::{DefaultHasher, Hash, Hasher};

use tailorbird::engine::MAX_KEPT_PAGE_BYTES;
use tailorbird::{Decision, Engine, Exposures, Outcome, Rewriter};

use super::{SITE, ambient, engine_with, get, html};

pub fn rewriter(engine: &Engine, target: &str) -> Rewriter {
    rewriter_of(engine, target, false)
}

/// The rewriter, and whether it was decided on before the origin answered.
fn rewriter_of(engine: &Engine, target: &str, ahead: bool) -> Rewriter {
    let Decision::Forward(mut visit) = engine.visit(&get(target, &[]), &ambient()) else {
        panic!("the worker answered itself");
    };
    if ahead {
        visit.decide_ahead();
    }
    match visit.origin_head(&html()) {
        Outcome::Rewrite { rewriter, .. } => rewriter,
        Outcome::PassThrough(reason) | Outcome::PassBody { reason, .. } => {
            panic!("passed: {reason}")
        }
        Outcome::Hold(_) | Outcome::Known(_) => panic!("held, or known"),
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
    let mut rewriter = rewriter_of(engine, target, true);
    let mut out = Vec::new();
    for part in page.chunks(chunk.max(1)) {
        rewriter.push(part, &mut out).expect("not encoded");
    }
    let exposures = rewriter.finish(&mut out).expect("not encoded");
    let all = looked_at_all(self::rewriter(engine, target), page);
    assert_eq!(
        (all.0.escape_ascii().to_string(), &all.1),
        (out.escape_ascii().to_string(), &exposures),
        "what goes past lol_html is what it would have let through"
    );
    if page.len() > MAX_KEPT_PAGE_BYTES {
        return (out, exposures);
    }
    let kept = kept(engine, target, page);
    assert_eq!(
        (kept.0.escape_ascii().to_string(), &kept.1),
        (out.escape_ascii().to_string(), &exposures),
        "a kept page is what the page is that streams"
    );
    (out, exposures)
}

/// The page when lol_html sees all of it.
pub fn looked_at_all(mut rewriter: Rewriter, page: &[u8]) -> (Vec<u8>, Exposures) {
    rewriter.look_at_all();
    let mut out = Vec::new();
    rewriter.push(page, &mut out).expect("not encoded");
    let exposures = rewriter.finish(&mut out).expect("not encoded");
    (out, exposures)
}

/// The page when it is kept and the origin says that it is still the page.
fn kept(engine: &Engine, target: &str, page: &[u8]) -> (Vec<u8>, Exposures) {
    let mut hasher = DefaultHasher::new();
    page.hash(&mut hasher);
    let etag = format!("\"{:x}\"", hasher.finish());
    for ahead in [false, true, true] {
        let Decision::Forward(mut visit) = engine.visit(&get(target, &[]), &ambient()) else {
            panic!("the worker answered itself");
        };
        let edits = visit.request_edits().set.iter();
        let mut condition = edits
            .filter(|(name, _)| *name == "if-none-match")
            .map(|(_, value)| value.clone());
        let mut head = html();
        head.headers.push(("etag", etag.clone()));
        if condition.next_back().as_ref() == Some(&etag) {
            head.status = 304;
        }
        if ahead {
            visit.decide_ahead();
        }
        match visit.origin_head(&head) {
            Outcome::Rewrite { mut rewriter, .. } => {
                if rewriter.wants_head() {
                    rewriter.keep_head(Vec::new());
                }
                let mut out = Vec::new();
                rewriter.push(page, &mut out).expect("not encoded");
                rewriter.finish(&mut out).expect("not encoded");
            }
            Outcome::Known(mut known) => {
                let mut out = Vec::new();
                known.body.read(&mut out, usize::MAX);
                return (out, known.exposures.expect("changed"));
            }
            outcome => panic!("neither rewritten nor known: {outcome:?}"),
        }
    }
    panic!("the page is not kept");
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
