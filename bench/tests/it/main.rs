//! Whether Comity judges STIX as its peers do: every difference is known, and the standard decides it.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests may fail as tests do"
)]
#![expect(clippy::print_stderr, reason = "a test that leaves something out says so")]

mod cases;
mod differences;
mod objects;
mod patterns;
