//! Any text as a cookie: a state whose encoding means the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tailorbird::visitor::{MAX_COOKIE_BYTES, decode, encode};

fuzz_target!(|value: &str| {
    let state = decode(value);
    let again = encode(&state);
    assert!(again.len() <= MAX_COOKIE_BYTES);
    assert_eq!(decode(&again), state);
});
