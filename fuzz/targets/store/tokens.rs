//! For the inputs that the tests make, beside what `bounded/tokens.rs` has for all.

/// What means something to one of the parsers.
pub(crate) const TOKENS: &[&str] = &[
    "18446744073709551615",
    "../",
    "./",
    "//",
    ".pouch",
    "000001-",
    "\"files\": []",
    "\"path\": \"\"",
    "\"channels\":[]",
    "\"size\":0",
    "\"journal\":null",
    "\"cosigned\":null",
    "2026-03-01T10:00:00Z",
    "sha256:",
];
