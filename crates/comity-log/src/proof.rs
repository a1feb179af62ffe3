//! One file that proves offline that a leaf stands in a log (C2SP tlog-proof).

use std::fmt;

use crate::MAX_PROOF_HASHES;
use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::cosign::{self, Verified, VerifyError};
use crate::hash::Hash;
use crate::note::{MAX_KEY_NAME, MAX_NOTE_BYTES, NoteError, SignedNote, VerifierKey};
use crate::text::{decimal, from_base64, hash_from_base64, to_base64};
use crate::verify::{BadProof, verify_inclusion};

/// The first line of every proof.
const HEADER: &str = "c2sp.org/tlog-proof@v1";

/// The most extra data that a proof may carry, in bytes before base64.
pub const MAX_EXTRA_BYTES: usize = 32 * 1024;

/// The largest proof that is read, in bytes: the extra data in base64, the hashes and the note.
pub const MAX_PROOF_BYTES: usize = MAX_EXTRA_BYTES.div_ceil(3) * 4 + MAX_NOTE_BYTES + 4 * 1024;

/// A well-formed proof that the leaf at an index stands under a checkpoint. That it is well formed
/// says nothing: see [`TlogProof::verify`].
///
/// What was parsed prints as the same bytes again (C2SP tlog-proof, Format).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlogProof {
    extra: Option<Vec<u8>>,
    index: u64,
    hashes: Vec<Hash>,
    note: SignedNote,
    checkpoint: Checkpoint,
}

/// Which log a proof must be of, and who must and who may have signed its checkpoint.
#[derive(Debug, Clone, Copy)]
pub struct TrustedLog<'a> {
    /// The log's origin.
    pub origin: &'a str,
    /// The log's keys, one of which must have signed.
    pub keys: &'a [VerifierKey],
    /// The known witnesses, any of which may have cosigned.
    pub witnesses: &'a [VerifierKey],
}

/// What a proof proves: the leaf it was asked about is the leaf at this index of this tree, and
/// these keys signed its head. How many witnesses are enough is for the caller to judge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvenLeaf {
    /// The index of the leaf.
    pub index: u64,
    /// The head of the tree.
    pub checkpoint: Checkpoint,
    /// The log's keys that signed, at least one.
    pub log: Vec<Verified>,
    /// The known witnesses that cosigned, perhaps none.
    pub witnesses: Vec<Verified>,
}

/// Why a proof proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TlogProofError {
    /// Larger than [`MAX_PROOF_BYTES`], or extra data over [`MAX_EXTRA_BYTES`].
    #[error("the proof is too large; leave out extra data or signatures")]
    TooLarge,
    /// Not UTF-8, another first line, or no empty line before the checkpoint.
    #[error("not a transparency log proof; give a file that begins with `{HEADER}`")]
    Shape,
    /// An extra line that is not canonical base64.
    #[error("the proof's extra data is not canonical base64; ask its maker for another")]
    Extra,
    /// An index that is missing, no plain decimal or not below the checkpoint's size.
    #[error("the proof has no index of a leaf under its checkpoint; ask its maker for another")]
    Index,
    /// A hash that is not 32 bytes in canonical base64, or more than [`MAX_PROOF_HASHES`] of them.
    #[error(
        "the proof's hashes are not up to {MAX_PROOF_HASHES} lines of 32 bytes; ask for another"
    )]
    Hashes,
    /// The part after the empty line is no signed note.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The signed text is no checkpoint.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The checkpoint is of another log, named by the start of its origin.
    #[error("the proof is of the log `{0}`; give the proof of the log you ask about")]
    Origin(String),
    /// Our caller gave one key both as the log's and as a witness's.
    #[error("`{0}` is both a key of the log and a witness; give the log another witness")]
    SelfWitness(String),
    /// A known key's signature does not hold, or no known key signed.
    #[error(transparent)]
    Signature(#[from] VerifyError),
    /// Witnesses signed but none of the log's own keys.
    #[error("no key of the log signed its checkpoint; refuse the proof")]
    LogUnsigned,
    /// The hashes do not lead from the leaf to the checkpoint's root.
    #[error(transparent)]
    Inclusion(#[from] BadProof),
}

impl TlogProofError {
    /// The stable name of this error.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLarge => "tlog-proof-too-large",
            Self::Shape => "tlog-proof-shape",
            Self::Extra => "tlog-proof-extra",
            Self::Index => "tlog-proof-index",
            Self::Hashes => "tlog-proof-hashes",
            Self::Note(error) => error.code(),
            Self::Checkpoint(error) => error.code(),
            Self::Origin(_) => "tlog-proof-origin",
            Self::SelfWitness(_) => "log-witnesses-itself",
            Self::Signature(error) => error.code(),
            Self::LogUnsigned => "tlog-proof-log-unsigned",
            Self::Inclusion(error) => error.code(),
        }
    }
}

impl TlogProof {
    /// A proof from its parts: the leaf's index, its inclusion proof from the leaf's sibling up, and
    /// a note whose text is a checkpoint.
    pub fn new(index: u64, hashes: Vec<Hash>, note: SignedNote) -> Result<Self, TlogProofError> {
        let checkpoint = Checkpoint::parse(note.text())?;
        if index >= checkpoint.size() {
            return Err(TlogProofError::Index);
        }
        if hashes.len() > MAX_PROOF_HASHES {
            return Err(TlogProofError::Hashes);
        }
        Ok(Self { extra: None, index, hashes, note, checkpoint })
    }

    /// The proof with extra data, which nothing signs.
    pub fn with_extra(self, extra: Vec<u8>) -> Result<Self, TlogProofError> {
        if extra.len() > MAX_EXTRA_BYTES {
            return Err(TlogProofError::TooLarge);
        }
        Ok(Self { extra: Some(extra), ..self })
    }

    /// Reads a proof. Base64 and decimals must be canonical, every line must end in a newline.
    pub fn parse(bytes: &[u8]) -> Result<Self, TlogProofError> {
        if bytes.len() > MAX_PROOF_BYTES {
            return Err(TlogProofError::TooLarge);
        }
        let text = std::str::from_utf8(bytes).map_err(|_| TlogProofError::Shape)?;
        let rest = text.strip_prefix(HEADER).and_then(|rest| rest.strip_prefix('\n'));
        let (head, note) =
            rest.and_then(|rest| rest.split_once("\n\n")).ok_or(TlogProofError::Shape)?;
        let mut lines = head.split('\n').peekable();
        let extra = match lines.peek().and_then(|line| line.strip_prefix("extra ")) {
            None => None,
            Some(extra) => {
                lines.next();
                Some(from_base64(extra).ok_or(TlogProofError::Extra)?)
            }
        };
        let index = lines.next().and_then(|line| line.strip_prefix("index "));
        let index = index.and_then(decimal).ok_or(TlogProofError::Index)?;
        let mut hashes = Vec::new();
        for line in lines {
            hashes.push(hash_from_base64(line).ok_or(TlogProofError::Hashes)?);
        }
        let proof = Self::new(index, hashes, SignedNote::parse(note.as_bytes())?)?;
        match extra {
            None => Ok(proof),
            Some(extra) => proof.with_extra(extra),
        }
    }

    /// The extra data. Nothing signs it: never trust it.
    pub fn extra(&self) -> Option<&[u8]> {
        self.extra.as_deref()
    }

    /// The index of the leaf, below the checkpoint's size.
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// The inclusion proof, from the leaf's sibling up to the root's child.
    pub fn hashes(&self) -> &[Hash] {
        &self.hashes
    }

    /// The checkpoint with its signatures, unverified.
    pub const fn note(&self) -> &SignedNote {
        &self.note
    }

    /// The checkpoint, unverified.
    pub const fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// Checks that `leaf` stands in the trusted log (C2SP tlog-proof, Verifying a tlog proof): the
    /// origin is the log's, one of its keys signed, every signature in a known name holds, and the
    /// hashes lead from the leaf to the root.
    ///
    /// # Errors
    /// [`TlogProofError::SelfWitness`] for a misuse of this function, else what is wrong with the proof.
    pub fn verify(
        &self,
        leaf: &Hash,
        trusted: &TrustedLog<'_>,
    ) -> Result<ProvenLeaf, TlogProofError> {
        if self.checkpoint.origin() != trusted.origin {
            let origin = self.checkpoint.origin().chars().take(MAX_KEY_NAME).collect();
            return Err(TlogProofError::Origin(origin));
        }
        if let Some(key) = trusted.witnesses.iter().find(|key| is_among(key, trusted.keys)) {
            return Err(TlogProofError::SelfWitness(key.name().to_owned()));
        }
        let known: Vec<_> = trusted.keys.iter().chain(trusted.witnesses).cloned().collect();
        let (log, witnesses): (Vec<_>, Vec<_>) =
            cosign::verify(&self.note, &known)?.into_iter().partition(|verified| {
                trusted
                    .keys
                    .iter()
                    .any(|key| key.name() == verified.name && key.id() == verified.id)
            });
        if log.is_empty() {
            return Err(TlogProofError::LogUnsigned);
        }
        let (size, root) = (self.checkpoint.size(), self.checkpoint.root());
        verify_inclusion(leaf, self.index, size, &self.hashes, root)?;
        Ok(ProvenLeaf { index: self.index, checkpoint: self.checkpoint.clone(), log, witnesses })
    }
}

/// Whether a key stands among others, under whatever name and type.
fn is_among(key: &VerifierKey, others: &[VerifierKey]) -> bool {
    others.iter().any(|other| other.public() == key.public())
}

impl fmt::Display for TlogProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}")?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", to_base64(extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        self.hashes.iter().try_for_each(|hash| writeln!(f, "{}", to_base64(hash)))?;
        write!(f, "\n{}", self.note)
    }
}
