//! A page that the worker has, on its way out.

use http_body_util::{BodyExt, Full};
use hyper::header::HeaderName;
use hyper::{HeaderMap, Response};
use tailorbird::Known;
use tailorbird::engine::NOT_OF_THE_PAGE;

use crate::head;
use crate::proxy::Answer;

/// The visitor's page; `newer` is the head by which the origin said that it is still the page.
pub(crate) fn answer(mut known: Known, newer: HeaderMap) -> Answer {
    let mut headers = newer;
    for name in NOT_OF_THE_PAGE {
        headers.remove(name);
    }
    let lines = known.lines_beside(|name| headers.contains_key(name));
    let lines: HeaderMap = lines
        .filter_map(|(name, value)| Some((name.parse::<HeaderName>().ok()?, head::to_value(value))))
        .fold(HeaderMap::new(), |mut lines, (name, value)| {
            lines.append(name, value);
            lines
        });
    headers.extend(lines);
    head::edit(&mut headers, &known.edits);
    let mut page = Vec::with_capacity(known.body.len());
    known.body.read(&mut page, usize::MAX);
    let mut answer = Response::new(Full::new(page.into()));
    *answer.headers_mut() = headers;
    answer.map(|body| body.map_err(|never| match never {}).boxed_unsync())
}
