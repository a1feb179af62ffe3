//! See `note` in `targets/log/`.

#![no_main]

#[path = "../targets/log/all.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    targets::target("note").1(data);
});
