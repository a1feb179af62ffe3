//! For the inputs that the tests make, beside what `bounded/tokens.rs` has for all.

/// What means something to one of the parsers.
pub(crate) const TOKENS: &[&str] = &[
    "\\n",
    "\\\"",
    "2",
    "comity-proof/1",
    "comity-equivocation/1",
    "comity-audit/1",
    "comity-opening/1",
    "\"descriptors\":[],",
    "\"agreement\":null,",
    "\"receipt\":null",
    "\"statements\":[],",
    "\"checkpoints\":[],",
    "\"signatures\":[],",
    "\"payload\":\"\",",
    "\"outcome\":\"refused\"",
    "\\\"sequence\\\":0",
    "\\\"sequence\\\":1",
    "2026-03-01T10:00:00Z",
    "sha256:",
    "AAAA",
    "==",
];
