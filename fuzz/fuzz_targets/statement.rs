//! See `statement` in `targets/model/`.

#![no_main]

#[path = "../targets/model/all.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    targets::target("statement").1(data);
});
