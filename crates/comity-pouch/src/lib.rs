//! Keys, signed statements and sealed pouch files (docs/protocol.md sections 1, 3 and 5).
//!
//! What an authority signs with and seals to, and the two things that are made with it:
//!
//! - a **signed statement** is a DSSE v1 envelope ([`dsse`]) that carries two signatures of one
//!   certified key ([`hybrid`]): Ed25519 and ML-DSA-65;
//! - a **pouch** ([`pouch`]) is an age v1 file for one `mlkem768x25519` recipient ([`seal`]) with a
//!   small tar inside: the statement, its log proof, its parts.
//!
//! Around them: the keys of a party ([`keys`]) and how they lie on a disk ([`keyfile`]), the documents
//! that say whose keys they are ([`descriptor`], [`approval`]), and the forms in which two people read
//! a fingerprint to each other ([`words`]).
//!
//! Streams only: no sockets, no database. Time, keys and the randomness of keys are arguments. The one
//! exception is what the age format draws for each file (file key, nonce, encapsulation, scrypt salt):
//! it comes from the operating system, because nothing may ever make it repeat.

pub mod approval;
pub mod descriptor;
pub mod dsse;
pub mod hybrid;
mod json;
pub mod keyfile;
pub mod keys;
pub mod pouch;
pub mod seal;
pub mod words;

pub use dsse::{Envelope, SignatureError};
pub use hybrid::{HybridPublic, HybridSecret, HybridSignature, HybridSigner, KeyError};
pub use pouch::{Limits, Part, PouchError, PouchReader, PouchWriter, Sealed};
pub use seal::{SealIdentity, SealRecipient};
