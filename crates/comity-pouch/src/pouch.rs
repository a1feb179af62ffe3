//! The sealed file in which anything crosses (docs/protocol.md section 5).
//!
//! A pouch is an age v1 file for exactly one `mlkem768x25519` recipient. Inside is a ustar archive
//! (POSIX.1-1988) of regular files in a fixed order: `statement.dsse.json`, `record.tlog-proof`, then
//! the parts. Every header field but name, size and checksum is fixed (mode 0600, owner, group and time
//! zero), so one list of entries has one archive; after it come two blocks of zeros and nothing else.
//!
//! Both directions stream: a pouch of 10 GB needs no more memory than a small one. The statement can be
//! read and refused before anything behind it is decrypted, and nothing that was read may be believed
//! before [`PouchReader::finish`] returned.

mod error;
mod outside;
mod reader;
mod ustar;
mod writer;

use comity_model::descriptor::PartyLimits;
use comity_model::matter::MAX_ATTACHMENTS;

pub use error::PouchError;
pub use outside::{Outside, outside};
pub use reader::{Part, PouchReader};
pub use writer::{PouchWriter, Sealed};

/// Name of the first entry: the signed statement.
pub const STATEMENT_NAME: &str = "statement.dsse.json";
/// Name of the second entry: the proof that the statement is in the record. It may be empty, for
/// statements that have no leaf.
pub const PROOF_NAME: &str = "record.tlog-proof";

/// What a pouch may hold. The same limits bind who writes and who reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the statement's envelope.
    pub statement: u64,
    /// Bytes of the log proof.
    pub proof: u64,
    /// Bytes of one part.
    pub part: u64,
    /// How many parts.
    pub parts: usize,
    /// Bytes of the whole sealed file.
    pub pouch: u64,
}

impl Default for Limits {
    /// Statement 1 MiB, proof 64 KiB, 17 parts of 4 GiB, which is a text and as many files as may travel with one, and in all
    /// what a descriptor says by default.
    fn default() -> Self {
        let pouch = PartyLimits::default().pouch;
        Self {
            statement: 1 << 20,
            proof: 1 << 16,
            part: 4 << 30,
            parts: 1 + MAX_ATTACHMENTS,
            pouch,
        }
    }
}

/// Whether `name` may name a part: 1 to 99 characters, the first a lower-case letter or a digit, the
/// others these or `.`, `_`, `-`; and not one of the two names that are taken.
pub fn is_part_name(name: &str) -> bool {
    ustar::is_name(name.as_bytes()) && name != STATEMENT_NAME && name != PROOF_NAME
}
