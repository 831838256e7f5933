//! Any text as site.toml: an error, never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = tailorbird::site::parse("site.toml", text);
});
