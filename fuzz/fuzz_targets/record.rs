//! See `record` in `targets/model/`.

#![no_main]

#[path = "../targets/model/all.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    targets::target("record").1(data);
});
