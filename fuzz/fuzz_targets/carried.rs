//! See `carried` in `targets/store/`.

#![no_main]

#[path = "../targets/store/all.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    targets::target("carried").1(data);
});
