//! A page that the worker has, on its way out.

use tailorbird::Known;
use tailorbird::engine::NOT_OF_THE_PAGE;
use tailorbird::http::isomorphic_encode;

use crate::head::Head;

/// The head and the body of the visitor's page; `newer` is the head by which the origin said that it is still
/// the page.
pub(crate) fn parts(mut known: Known, newer: Head) -> (Head, Vec<u8>) {
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
    let mut page = Vec::with_capacity(known.body.len());
    known.body.read(&mut page, usize::MAX);
    head.append("content-length", page.len().to_string().as_bytes());
    (head, page)
}
