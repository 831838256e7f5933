//! `GET explain`: how the decisions about a page come about, for whoever holds a debug token.
//!
//! What a page itself tells is not known here, for it is not asked for: parameters say it instead. The overlay knows.

use serde::Serialize;

use super::case::{Case, Hidden, ListFacts, PageFacts, RuleFacts, SlotFacts};
use super::request::Request;
use super::{LocalResponse, json, nothing_here};
use crate::engine::{DEBUG_PARAMETER, DebugToken, moment};
use crate::page::{Facts, Page};
use crate::plan::{Request as Asking, Verdict};
use crate::site::FactName;

/// What the names of parameters begin with that say what the page tells.
const FACT: &str = "fact.";

#[derive(Serialize)]
struct Explained<'a> {
    snapshot: u64,
    page: PageFacts<'a>,
    visitor: VisitorFacts<'a>,
    segments: &'a [String],
    rules: Vec<RuleFacts<'a>>,
    banners: &'a [Verdict],
    slots: Vec<SlotFacts<'a>>,
    lists: Vec<ListFacts<'a>>,
    hidden: Vec<Hidden<'a>>,
}

#[derive(Serialize)]
struct VisitorFacts<'a> {
    expires: i64,
    viewed: Vec<&'a str>,
    /// Ids of the token that the shop does not have.
    unknown: Vec<&'a str>,
    segments: &'a [String],
    variants: &'a [String],
}

pub(super) fn answer(request: &Request<'_>) -> LocalResponse {
    let token = request.params.get(DEBUG_PARAMETER);
    let token = token.zip(request.keys);
    let token = token.and_then(|(token, keys)| DebugToken::read(token, keys, request.ambient.now));
    match token {
        Some(token) => explained(request, &token)
            .unwrap_or_else(|error| json(400, &serde_json::json!({ "error": error }))),
        None => nothing_here(),
    }
}

fn explained(request: &Request<'_>, token: &DebugToken) -> Result<LocalResponse, String> {
    let url = request.params.get("url").filter(|url| url.starts_with('/'));
    let url = url.ok_or("expected url=/path, percent-encoded")?;
    let (site, snapshot) = (request.site(), request.snapshot());
    let mut page = Page::identify(site, snapshot, url);
    let told = told(request, &page)?;
    page.learn(site, told);
    let visitor = token.visitor(request.ambient);
    let items = visitor.items(snapshot);
    let known = visitor.known(&items);
    let moment = moment(request.ambient.now, Some(&visitor));
    let asking = Asking {
        target: url,
        country: request.ambient.country.as_deref(),
        region: request.ambient.region.as_deref(),
        forced: Some(token),
    };
    let case = Case::new(request.model, &page, &known, &moment, &asking);
    let (viewed, unknown) = token
        .viewed
        .iter()
        .map(String::as_str)
        .partition(|id| snapshot.item_of_id(id).is_some());
    Ok(json(
        200,
        &Explained {
            snapshot: snapshot.meta().sequence,
            page: case.page_facts(),
            visitor: VisitorFacts {
                expires: token.expires,
                viewed,
                unknown,
                segments: &token.segments,
                variants: &token.variants,
            },
            segments: &case.explained.segments,
            rules: case.rules(),
            banners: &case.explained.banners,
            slots: case.slots(),
            lists: case.lists(),
            hidden: case.hidden(),
        },
    ))
}

/// What the parameters say that the page tells.
fn told(request: &Request<'_>, page: &Page<'_>) -> Result<Facts, String> {
    let mut facts = Facts::default();
    for (name, text) in request.params.pairs() {
        if matches!(name, "url" | DEBUG_PARAMETER) {
            continue;
        }
        let all = FactName::ALL.iter();
        let mut all = all.filter(|(known, _)| name.strip_prefix(FACT) == Some(*known));
        let Some((_, fact)) = all.next() else {
            let known: Vec<&str> = FactName::ALL.iter().map(|(name, _)| *name).collect();
            let known = known.join(", fact.");
            return Err(format!(
                "unknown parameter {name:?}; known are url, {DEBUG_PARAMETER}, fact.{known}"
            ));
        };
        // All values of a name at once, when the first of them comes.
        let texts = request.params.pairs().filter(|(other, _)| *other == name);
        let texts = texts.map(|(_, text)| text);
        if !facts.tell(*fact) && !facts.take(*fact, texts, request.site(), request.snapshot(), page)
        {
            return Err(format!(
                "expected {name} as a page of this shop tells it, found {text:?}"
            ));
        }
    }
    Ok(facts)
}
