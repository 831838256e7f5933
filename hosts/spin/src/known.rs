//! A page that the worker has, on its way out.

use tailorbird::Known;
use tailorbird::engine::NOT_OF_THE_PAGE;
use tailorbird::http::isomorphic_encode;
use tailorbird::rewrite::Assembled;

use crate::head::Head;

/// The head of the visitor's page, and its body; `newer` is the head by which the origin said that it is still the page.
pub(crate) fn parts(known: Known, newer: Head) -> (Head, Assembled) {
    let mut head = newer;
    head.strip_hop_by_hop();
    for name in NOT_OF_THE_PAGE {
        head.remove(name);
    }
    let lines = known.lines_beside(|name| head.first(name).is_some());
    let lines: Vec<_> = lines.collect();
    for (name, value) in lines {
        head.append(name, &isomorphic_encode(value));
    }
    head.edit(&known.edits);
    head.append("content-length", known.body.len().to_string().as_bytes());
    (head, known.body)
}
