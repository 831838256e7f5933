//! Any JSON, or none, in any chunks: as many of each byte come out, and what is not JSON is not touched.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use tailorbird::snapshot::{ItemRecord, SnapshotSource, write};
use tailorbird::{Ambient, Decision, Engine, Outcome, RequestHead, ResponseHead};

const SITE: &str = r#"
[shop]
name = "F"
[[locale]]
lang = "en"
currency = "EUR"
[[page]]
kind = "json"
paths = ["/**"]
[[list]]
name = "whole"
pages = ["json"]
json = ""
item = ""
[[list]]
name = "inner"
pages = ["json"]
json = "/a/0"
item = "/i"
"#;

static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    let item = |n: usize| ItemRecord { id: n.to_string(), texts: vec![Default::default()], ..ItemRecord::default() };
    let source = SnapshotSource {
        items: (0..10).map(item).collect(),
        viewed_together: vec![Vec::new(); 10],
        popularity: (0..10).map(|n| (10 - n) as f32).collect(),
        site: tailorbird::site::parse("site.toml", SITE).expect("a sound site"),
        ..SnapshotSource::default()
    };
    Engine::open(write(&source).expect("a sound source")).expect("opens")
});

fn order(json: &[u8], chunk: usize) -> (Vec<u8>, bool) {
    let request = RequestHead { method: "GET".into(), target: "/x".into(), ..RequestHead::default() };
    let Decision::Forward(visit) = ENGINE.visit(&request, &Ambient::default()) else { unreachable!() };
    let head = ResponseHead { status: 200, headers: vec![("content-type", "application/json".into())], body_is_decoded: false };
    let Outcome::Rewrite { mut rewriter, .. } = visit.origin_head(&head) else { panic!("passes") };
    let mut out = Vec::new();
    for part in json.chunks(chunk) {
        rewriter.push(part, &mut out).expect("not encoded");
    }
    let told = rewriter.finish(&mut out).expect("not encoded");
    (out, told.gave_up.is_none())
}

fuzz_target!(|input: (u8, &[u8])| {
    let (chunk, json) = input;
    let (whole, is_json) = order(json, json.len().max(1));
    assert_eq!(order(json, usize::from(chunk) + 1), (whole.clone(), is_json));
    if !is_json {
        assert_eq!(whole, json);
    }
    let sorted = |bytes: &[u8]| {
        let mut bytes = bytes.to_vec();
        bytes.sort_unstable();
        bytes
    };
    assert_eq!(sorted(&whole), sorted(json));
});
