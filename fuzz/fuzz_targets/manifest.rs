//! See `manifest` in `targets/model/`.

#![no_main]

#[path = "../targets/model/all.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    targets::target("manifest").1(data);
});
