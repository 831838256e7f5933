//! A visitor's request, and what the engine makes of the response.

use std::time::Instant;

use miette::{IntoDiagnostic, Result, miette};
use tailorbird::engine::Visitor;
use tailorbird::site::Site;
use tailorbird::snapshot::{ItemKey, Snapshot};
use tailorbird::visitor::{self, COOKIE_NAME, Consent, VisitorState, cookie_value};
use tailorbird::{Ambient, Decision, Engine, Outcome, RequestHead, ResponseHead};

use super::Rewritten;

/// In what pieces a page comes, in bytes: what a TCP segment carries over Ethernet.
const CHUNK_BYTES: usize = 1460;

/// What a new visitor is called: the same in each run.
const RANDOM: u64 = 1;

/// A visitor asks for a page.
pub struct Visit {
    /// Path and query.
    pub target: String,
    /// The Cookie header; empty for none.
    pub cookies: String,
    /// The page's.
    pub content_type: String,
    /// Seconds since 1970.
    pub now: i64,
}

impl Visit {
    /// What is known of the visitor; `None` without consent.
    pub fn visitor(&self, site: &Site) -> Option<Visitor> {
        Visitor::read(site, &self.request(), &self.ambient(), None)
    }

    fn request(&self) -> RequestHead {
        RequestHead {
            method: "GET".into(),
            secure: true,
            target: self.target.clone(),
            headers: vec![("cookie", self.cookies.clone())],
        }
    }

    fn ambient(&self) -> Ambient {
        Ambient {
            now: self.now,
            random: RANDOM,
            country: None,
            region: None,
        }
    }
}

/// The cookies of a visitor who looked at `viewed`, oldest first.
pub fn cookies(
    snapshot: &Snapshot,
    site: &Site,
    viewed: &[String],
    given: Option<&str>,
) -> Result<String> {
    let mut cookies: Vec<String> = given.map(str::to_owned).into_iter().collect();
    if viewed.is_empty() {
        return Ok(cookies.concat());
    }
    let mut state = VisitorState::default();
    // Who looked at other things is another visitor, for places that are for some of them.
    let random = viewed.first().map_or(RANDOM, |id| ItemKey::of(id).as_u64());
    state.touch(snapshot.meta().created, random);
    for (at, id) in viewed.iter().enumerate() {
        let key = ItemKey::of(id);
        let item = snapshot.item_by_key(key);
        if item.and_then(|item| snapshot.id(item)) != Some(id) {
            return Err(miette!("there is no item {id:?} in this snapshot"));
        }
        // The same for each run, so that each run decides the same.
        state.record_view(
            key,
            snapshot.meta().created + 60 * i64::try_from(at).unwrap_or(0),
        );
    }
    let rule = &site.consent;
    let consents = |cookies: &[String]| {
        Consent::read(cookies.iter().map(String::as_str), None, rule).is_granted()
    };
    let has_word = !rule.cookie.is_empty() && !rule.grants.is_empty();
    if has_word && cookie_value(cookies.iter().map(String::as_str), &rule.cookie).is_none() {
        cookies.push(format!("{}={}", rule.cookie, rule.grants));
    }
    if !has_word && rule.asks_nothing() {
        return Err(miette!(
            "no views are ever known in this shop: its site.toml has no [consent] that anybody could give"
        ));
    }
    if given.is_none() && !consents(&cookies) {
        return Err(miette!(
            "this shop asks for more than a word: give the consent cookies of a visitor with --cookie"
        ));
    }
    cookies.push(format!("{COOKIE_NAME}={}", visitor::seal(&state, None)));
    Ok(cookies.join("; "))
}

/// The page as the visitor gets it; or why it goes through as it came.
pub fn rewrite(engine: &Engine, visit: &Visit, html: &[u8]) -> Result<Result<Rewritten, String>> {
    let response = ResponseHead {
        status: 200,
        headers: vec![("content-type", visit.content_type.clone())],
        body_is_decoded: true,
    };
    let started = Instant::now();
    let Decision::Forward(forwarded) = engine.visit(&visit.request(), &visit.ambient()) else {
        return Ok(Err("the worker answers this path itself".into()));
    };
    let mut chunks = html.chunks(CHUNK_BYTES);
    let (mut outcome, mut first) = (forwarded.origin_head(&response), Vec::new());
    if let Outcome::Hold(mut beginning) = outcome {
        let _ = chunks.by_ref().any(|chunk| beginning.push(chunk));
        (outcome, first) = beginning.decide();
    }
    let mut rewriter = match outcome {
        Outcome::Rewrite { rewriter, .. } => rewriter,
        Outcome::PassThrough(reason) | Outcome::PassBody { reason, .. } => {
            return Ok(Err(reason.to_string()));
        }
        Outcome::Hold(_) | Outcome::Known(_) => {
            return Err(miette!("the beginning of the page was held back twice"));
        }
    };
    let decided = started.elapsed();
    let started = Instant::now();
    let (mut out, mut silent, mut held) = (Vec::with_capacity(html.len() * 2), 0, first.len());
    for chunk in std::iter::once(first.as_slice()).chain(chunks) {
        let before = out.len();
        rewriter.push(chunk, &mut out).into_diagnostic()?;
        silent = if out.len() == before {
            silent + chunk.len()
        } else {
            0
        };
        held = held.max(silent);
    }
    let exposures = rewriter.finish(&mut out).into_diagnostic()?;
    Ok(Ok(Rewritten {
        html: out,
        exposures,
        decided,
        rewritten: started.elapsed(),
        held,
    }))
}
