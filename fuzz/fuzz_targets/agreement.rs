//! See `agreement` in `targets/policy/`.

#![no_main]

#[path = "../targets/policy/all.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    targets::target("agreement").1(data);
});
