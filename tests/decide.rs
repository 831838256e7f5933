//! What deciding costs: counted, for seconds depend on the machine. `cargo xtask bench query` times it.
#![cfg(feature = "authoring")]

#[path = "common/allocations.rs"]
mod allocations;
mod common;

use allocations::{Counting, cost};
use common::*;
use tailorbird::snapshot::{ItemKey, write};
use tailorbird::visitor::{VisitorState, encode};
use tailorbird::{Decision, Engine};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// For a page with four slots, a banner and a list, a known visitor's cookie read and written.
const MAX_CALLS: usize = 20;

/// And so much memory at once, a query's table included.
const MAX_BYTES: usize = 96 << 10;

#[test]
fn deciding_allocates_little() {
    let more = "[[slot]]\nname = \"a\"\npages = [\"home\"]\nselector = \"p\"\nstrategies = [\"top_sellers\"]\ntemplate = \"shelf\"\n\
        [[slot]]\nname = \"b\"\npages = [\"home\"]\nselector = \"p\"\nstrategies = [\"top_sellers\"]\ntemplate = \"shelf\"\n\
        [[list]]\nname = \"more\"\npages = [\"home\"]\nselector = \"ul.products\"\ntile = \"li\"\n";
    let source = source_with(&format!("{SITE}{more}"));
    let engine = Engine::open(write(&source).expect("writes")).expect("opens");
    let mut state = VisitorState::default();
    state.touch(NOW - 60, 7);
    for item in 0..20 {
        state.record_view(ItemKey::of(&format!("F-{item}")), NOW - 60);
    }
    let cookie = format!("consent=personalisation; tailorbird={}", encode(&state));
    let request = get("/en/", &[("cookie", &cookie)]);
    let Decision::Forward(visit) = engine.visit(&request, &ambient()) else {
        panic!("the worker answered itself");
    };
    let _ = visit.plan();
    let (plan, cost) = cost(|| visit.plan());
    let plan = plan.expect("a page of the shop");
    assert_eq!((plan.insertions.len(), plan.lists.len()), (5, 1));
    assert!(
        cost.calls <= MAX_CALLS && cost.peak <= MAX_BYTES,
        "{cost:?}"
    );
}
