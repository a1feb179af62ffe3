//! For the inputs that the tests make, beside what `bounded/tokens.rs` has for all.

/// What means something to one of the parsers.
pub(crate) const TOKENS: &[&str] = &[
    "//",
    "..",
    "%2e",
    "%2F",
    "?",
    "#",
    "*",
    "00",
    "4294967296",
    "18446744073709551615",
    "bytes ",
    "bytes=",
    "/head",
    "/link/v1/",
    "/link/v2/",
    "pouches/",
    "channels/",
    "sha256:",
    "A",
    "\"epoch\":1",
    "\"code\":\"\"",
    "\u{661}",
];
