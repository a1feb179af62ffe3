//! See `term` in `targets/model/`.

#![no_main]

#[path = "../targets/model/all.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    targets::target("term").1(data);
});
