//! See `link` in `targets/link/`.

#![no_main]

#[path = "../targets/link/all.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    targets::target("link").1(data);
});
