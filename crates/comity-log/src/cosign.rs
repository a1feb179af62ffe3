//! Signing checkpoints and checking who signed them (C2SP tlog-cosignature, signed-note).
//!
//! A log signs its checkpoint with [`NoteSigner::ed25519`], a witness says "this is the largest
//! tree of this log that I have seen, as of this second" with [`NoteSigner::cosigner_ed25519`], and
//! either may add [`NoteSigner::ml_dsa_44`], which also holds against a quantum computer.
//!
//! **One key pair serves one type of signature and one name.** Types and names are told apart by
//! what is signed, and for Ed25519 the cosigner's name is not part of that.

mod message;
mod sign;
mod verify;

pub use sign::{NoteSigner, SignError};
pub use verify::{Verified, VerifyError, verify};
