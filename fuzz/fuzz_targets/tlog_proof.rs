//! See `tlog_proof` in `targets/log/`.

#![no_main]

#[path = "../targets/log/all.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    targets::target("tlog_proof").1(data);
});
