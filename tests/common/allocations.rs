//! An allocator that counts: how often, and how many bytes live at most. Counts are the process's, so
//! a test crate that uses it runs one test at a time.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

pub struct Counting;

static CALLS: AtomicUsize = AtomicUsize::new(0);
static LIVE: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

fn add(bytes: usize) {
    CALLS.fetch_add(1, SeqCst);
    PEAK.fetch_max(LIVE.fetch_add(bytes, SeqCst) + bytes, SeqCst);
}

#[expect(
    unsafe_code,
    reason = "an allocator cannot be counted in any other way"
)]
// SAFETY: passes everything on to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        add(layout.size());
        // SAFETY: the caller's promises are the system allocator's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size(), SeqCst);
        // SAFETY: likewise.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        LIVE.fetch_sub(layout.size(), SeqCst);
        add(size);
        // SAFETY: likewise.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

/// What a piece of work allocated: calls, and the most bytes that lived beside what lived before.
#[derive(Debug, Clone, Copy)]
pub struct Cost {
    pub calls: usize,
    pub peak: usize,
}

pub fn cost<T>(work: impl FnOnce() -> T) -> (T, Cost) {
    let (calls, live) = (CALLS.load(SeqCst), LIVE.load(SeqCst));
    PEAK.store(live, SeqCst);
    let result = work();
    let cost = Cost {
        calls: CALLS.load(SeqCst) - calls,
        peak: PEAK.load(SeqCst).saturating_sub(live),
    };
    (result, cost)
}
