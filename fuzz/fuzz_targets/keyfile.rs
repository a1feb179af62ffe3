//! See `keyfile` in `targets/pouch/`.

#![no_main]

#[path = "../targets/pouch/all.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    targets::target("keyfile").1(data);
});
