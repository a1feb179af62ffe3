//! See `head` in `targets/link/`.

#![no_main]

#[path = "../targets/link/all.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    targets::target("head").1(data);
});
