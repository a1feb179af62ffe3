//! The body of a request to cosign (C2SP tlog-witness, add-checkpoint).

use std::fmt;

use crate::MAX_PROOF_HASHES;
use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::hash::Hash;
use crate::note::{MAX_NOTE_BYTES, NoteError, SignedNote};
use crate::text::{decimal, hash_from_base64, to_base64};

/// The largest request that is read, in bytes: the size, 63 hashes and the note.
const MAX_REQUEST_BYTES: usize = MAX_NOTE_BYTES + 4 * 1024;

/// Asks a witness to cosign a checkpoint that continues the one of `old` leaves. Well formed, and nothing more.
///
/// What was parsed prints as the same bytes again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddCheckpoint {
    old: u64,
    proof: Vec<Hash>,
    note: SignedNote,
    checkpoint: Checkpoint,
}

/// Why bytes are not such a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// Too large, not UTF-8, or without the empty line before the checkpoint.
    #[error(
        "not a request to cosign; write the old size, the proof, an empty line and the checkpoint"
    )]
    Shape,
    /// A first line other than `old` and a plain decimal.
    #[error("the request does not begin with the old size; write `old` and a number")]
    Old,
    /// A hash that is not 32 bytes in canonical base64, or more than [`MAX_PROOF_HASHES`] of them.
    #[error("the request's proof is not up to {MAX_PROOF_HASHES} lines of 32 bytes; make it again")]
    Proof,
    /// The part after the empty line is no signed note.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The signed text is no checkpoint.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
}

impl RequestError {
    /// The stable name of this error.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Shape => "witness-request-shape",
            Self::Old => "witness-request-old",
            Self::Proof => "witness-request-proof",
            Self::Note(error) => error.code(),
            Self::Checkpoint(error) => error.code(),
        }
    }

    /// The HTTP status with which a witness says so: a tree of no leaves with a root of its own is a well-formed lie,
    /// everything else is no request.
    pub const fn status(self) -> u16 {
        match self {
            Self::Checkpoint(CheckpointError::EmptyTreeRoot) => 422,
            _ => 400,
        }
    }
}

impl AddCheckpoint {
    /// A request from its parts; `proof` is the consistency proof from `old` leaves to the checkpoint's.
    pub fn new(old: u64, proof: Vec<Hash>, note: SignedNote) -> Result<Self, RequestError> {
        if proof.len() > MAX_PROOF_HASHES {
            return Err(RequestError::Proof);
        }
        let checkpoint = Checkpoint::parse(note.text())?;
        Ok(Self { old, proof, note, checkpoint })
    }

    /// Reads a request. Base64 and decimals must be canonical, every line must end in a newline.
    pub fn parse(bytes: &[u8]) -> Result<Self, RequestError> {
        if bytes.len() > MAX_REQUEST_BYTES {
            return Err(RequestError::Shape);
        }
        let text = std::str::from_utf8(bytes).map_err(|_| RequestError::Shape)?;
        let (head, note) = text.split_once("\n\n").ok_or(RequestError::Shape)?;
        let mut lines = head.split('\n');
        let old = lines.next().and_then(|line| line.strip_prefix("old ")).and_then(decimal);
        let old = old.ok_or(RequestError::Old)?;
        let mut proof = Vec::new();
        for line in lines {
            if proof.len() >= MAX_PROOF_HASHES {
                return Err(RequestError::Proof);
            }
            proof.push(hash_from_base64(line).ok_or(RequestError::Proof)?);
        }
        Self::new(old, proof, SignedNote::parse(note.as_bytes())?)
    }

    /// The size of the checkpoint that the witness is said to have cosigned last.
    pub const fn old(&self) -> u64 {
        self.old
    }

    /// The consistency proof, unverified.
    pub fn proof(&self) -> &[Hash] {
        &self.proof
    }

    /// The checkpoint with its signatures, unverified.
    pub const fn note(&self) -> &SignedNote {
        &self.note
    }

    /// The checkpoint, unverified.
    pub const fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }
}

impl fmt::Display for AddCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "old {}", self.old)?;
        self.proof.iter().try_for_each(|hash| writeln!(f, "{}", to_base64(hash)))?;
        write!(f, "\n{}", self.note)
    }
}
