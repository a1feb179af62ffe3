//! What a witness signs and what it refuses (C2SP tlog-witness).
//!
//! A witness sees only that a log grows: each checkpoint it cosigns continues the one it cosigned before. The rules are
//! a state machine without a network. [`Watched::consider`] judges a request and gives what to store;
//! [`Watched::advance`] takes it over if nothing came between; and only what was taken over can be cosigned, with
//! [`Cosignable::cosign`]. A witness that keeps its state on a disk stores it between the two calls, in one transaction
//! that compares [`Advance::before`].

mod request;

use crate::checkpoint::Checkpoint;
use crate::cosign::{self, NoteSigner, SignError, VerifyError};
use crate::hash::{Hash, empty_root};
use crate::note::{KeyType, SignatureLine, VerifierKey};
use crate::verify::verify_consistency;

pub use request::{AddCheckpoint, RequestError};

/// The head of a log that a witness cosigned last. Before the first one: size 0 and the root of no leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// How many leaves.
    pub size: u64,
    /// Their root.
    pub root: Hash,
}

impl Default for Head {
    fn default() -> Self {
        Self { size: 0, root: empty_root() }
    }
}

/// A log as one witness knows it: its origin, its keys, and the head cosigned last.
#[derive(Debug, Clone)]
pub struct Watched {
    origin: String,
    keys: Vec<VerifierKey>,
    head: Head,
}

/// A step that the rules allow and nobody has taken yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advance {
    before: Head,
    checkpoint: Checkpoint,
}

/// A checkpoint that the witness's state stands at: the only thing that it cosigns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cosignable {
    checkpoint: Checkpoint,
}

/// Why a witness does not cosign.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The log is not one of those that the witness watches, or the request went to the wrong log's state.
    #[error("this witness does not watch the log `{0}`; have its operator add it")]
    UnknownLog(String),
    /// No key of the log signed, or a signature in the name of one does not hold.
    #[error("the checkpoint is not signed by the log: {0}")]
    Unsigned(VerifyError),
    /// The old size is above the checkpoint's.
    #[error("the old size {old} is above the checkpoint's size {size}; a log does not shrink")]
    Shrinks {
        /// The old size in the request.
        old: u64,
        /// The size of its checkpoint.
        size: u64,
    },
    /// The old size is not that of the head cosigned last, which is this one.
    #[error("the last checkpoint cosigned here has size {0}; send a proof from there")]
    Conflict(u64),
    /// The checkpoint does not continue the head cosigned last: another history.
    #[error(
        "the checkpoint does not continue the one cosigned last; keep both, they are evidence against the log"
    )]
    Inconsistent,
}

impl Refusal {
    /// The stable name of this error.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownLog(_) => "witness-unknown-log",
            Self::Unsigned(_) => "witness-unsigned",
            Self::Shrinks { .. } => "witness-shrinks",
            Self::Conflict(_) => "witness-conflict",
            Self::Inconsistent => "witness-inconsistent",
        }
    }

    /// The HTTP status with which a witness says so (C2SP tlog-witness, add-checkpoint).
    pub const fn status(&self) -> u16 {
        match self {
            Self::UnknownLog(_) => 404,
            Self::Unsigned(_) => 403,
            Self::Shrinks { .. } => 400,
            Self::Conflict(_) => 409,
            Self::Inconsistent => 422,
        }
    }
}

impl Watched {
    /// A log with one key at least, and the head that was cosigned last: [`Head::default`] when none was.
    pub fn new(origin: &str, keys: Vec<VerifierKey>, head: Head) -> Self {
        Self { origin: origin.to_owned(), keys, head }
    }

    /// The head cosigned last.
    pub const fn head(&self) -> Head {
        self.head
    }

    /// Judges a request, in the order of the standard. Nothing changes.
    pub fn consider(&self, request: &AddCheckpoint) -> Result<Advance, Refusal> {
        let checkpoint = request.checkpoint();
        if checkpoint.origin() != self.origin {
            return Err(Refusal::UnknownLog(checkpoint.origin().chars().take(255).collect()));
        }
        cosign::verify(request.note(), &self.keys).map_err(Refusal::Unsigned)?;
        let (old, size) = (request.old(), checkpoint.size());
        if old > size {
            return Err(Refusal::Shrinks { old, size });
        }
        if old != self.head.size {
            return Err(Refusal::Conflict(self.head.size));
        }
        verify_consistency(old, size, &self.head.root, checkpoint.root(), request.proof())
            .map_err(|_| Refusal::Inconsistent)?;
        Ok(Advance { before: self.head, checkpoint: checkpoint.clone() })
    }

    /// Takes a step, if the state still is the one that it was judged by: of two steps from one head, one is taken.
    pub fn advance(&mut self, step: Advance) -> Result<Cosignable, Refusal> {
        if step.checkpoint.origin() != self.origin {
            return Err(Refusal::UnknownLog(step.checkpoint.origin().to_owned()));
        }
        if step.before != self.head {
            return Err(Refusal::Conflict(self.head.size));
        }
        self.head = step.after();
        Ok(Cosignable { checkpoint: step.checkpoint })
    }
}

impl Advance {
    /// The head that must still be stored when the step is.
    pub const fn before(&self) -> Head {
        self.before
    }

    /// The head to store.
    pub fn after(&self) -> Head {
        Head { size: self.checkpoint.size(), root: *self.checkpoint.root() }
    }
}

impl Cosignable {
    /// The checkpoint.
    pub const fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// The cosignatures, one of each key, in their order, at `time` in seconds since 1970: what a witness answers, each
    /// line printed with a newline after it. A key of type `0x01` states no time, is no witness's, and signs nothing here.
    ///
    /// # Errors
    /// [`SignError::Timestamp`] for a time of 0, and what else hinders a key.
    pub fn cosign(&self, keys: &[NoteSigner], time: u64) -> Result<Vec<SignatureLine>, SignError> {
        if time == 0 {
            return Err(SignError::Timestamp(time));
        }
        let witnesses = keys.iter().filter(|key| key.verifier().key_type() != KeyType::Ed25519);
        witnesses.map(|key| key.sign(&self.checkpoint, time)).collect()
    }
}
