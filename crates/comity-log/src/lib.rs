//! RFC 6962 trees, checkpoints, cosignatures and proofs in the published C2SP formats.
