//! See `pattern` in `targets/`.

#![no_main]

#[path = "../targets/stix/all.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|data: &[u8]| targets::run("pattern", data));
