//! For the inputs that the tests make, beside what `bounded/tokens.rs` has for all.

/// What means something to one of the parsers.
pub(crate) const TOKENS: &[&str] = &[
    "&",
    "%",
    "%00",
    "%2C",
    "%ff",
    "limit=",
    "limit=0",
    "limit=18446744073709551616",
    "next=",
    "added_after=2026-03-01T10:00:00Z",
    "match[type]=",
    "match[id]=indicator--",
    "match[version]=all",
    "match[version]=first,last",
    "match[spec_version]=2.0,2.1",
    "match[unknown]=1",
    "\"objects\":[",
    "\"more\":true",
    "\"id\":\"indicator--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11\"",
    "\u{feff}",
];
