//! For the inputs that the tests make, beside what `bounded/tokens.rs` has for all.

/// What means something to the parser.
pub(crate) const TOKENS: &[&str] = &[
    "[[",
    "'",
    "\"\"\"",
    "#",
    "_",
    "1e9",
    "0x7fffffffffffffff",
    "nan",
    "2026-03-01",
    "[taxii]\n",
    "[[taxii.collection]]\n",
    "[outbox]\npoll_ms = 0\n",
    "listen = \"[::]:0\"\n",
    "language = \"es\"\n",
];
