//! See `evidence` in `targets/exchange/`.

#![no_main]

#[path = "../targets/exchange/all.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    targets::target("evidence").1(data);
});
