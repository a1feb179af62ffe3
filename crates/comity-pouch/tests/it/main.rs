//! What users of the crate are promised, one module for each promise's subject.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stderr,
    reason = "a test that cannot go on fails, and says what it leaves out"
)]

mod approval;
mod archive;
mod descriptor;
mod dsse;
mod fuzz;
mod hybrid;
mod keyfile;
mod outside;
mod pouch;
mod properties;
mod root;
mod seal;
mod stock;
mod support;
mod vectors;
mod words;
