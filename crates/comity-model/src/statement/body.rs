//! What the statements of each kind say.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Digest;

/// A `release` (docs/protocol.md section 3). Everything that evidence needs is in it, so that the signed
/// payload can be judged without the objects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReleaseBody {
    /// The exact text of `release.json`, whose SHA-256 the approvals sign.
    pub release: String,
    /// The approvals, each with the certificate of the officer's key.
    pub approvals: Vec<SignedApproval>,
}

/// An approval and what shows that its key is an officer's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedApproval {
    /// The officer's certificate, signed by the party's registrar: a DSSE envelope as text.
    pub certificate: String,
    /// The approval, signed by the officer: a DSSE envelope as text.
    pub approval: String,
}

/// A `receipt` (docs/protocol.md section 4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiptBody {
    /// Up to [`ReceiptBody::MAX_ENTRIES`] statements consumed, in the order of their sequence.
    pub entries: Vec<ReceiptEntry>,
    /// The sender's checkpoint with the receiver's cosignatures, as a signed note.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cosigned: Option<String>,
    /// The epoch of the channel that is answered; left out where it is 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<u32>,
}

impl ReceiptBody {
    /// The most statements that one receipt answers.
    pub const MAX_ENTRIES: usize = 1_000;
    /// The most bytes of entries that one receipt has, as JSON; a single entry always fits.
    pub const MAX_BYTES: usize = 512 * 1024;
    /// The most refused objects that an entry lists, the first ones. All of them are counted.
    pub const MAX_REFUSED: usize = 1_000;
    /// The most bytes of refused objects that an entry lists, as JSON.
    pub const MAX_REFUSED_BYTES: usize = 128 * 1024;
}

/// How one statement was taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiptEntry {
    /// Its place in its channel.
    pub sequence: u64,
    /// Its digest.
    pub digest: Digest,
    /// When it was received, by the receiver's clock. Request clocks run from here.
    pub received_at: Timestamp,
    /// What became of it.
    pub outcome: Outcome,
    /// Why it was refused as a whole: a code of docs/protocol.md section 4.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Objects admitted.
    pub admitted: u64,
    /// Objects refused, all of them counted.
    pub refused: u64,
    /// The first of the refused objects: up to [`ReceiptBody::MAX_REFUSED`], and up to
    /// [`ReceiptBody::MAX_REFUSED_BYTES`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub objects: Vec<RefusedObject>,
}

/// What became of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// All of it took effect.
    Admitted,
    /// Some objects were refused.
    Partial,
    /// None of it took effect; its place in the channel is used all the same.
    Refused,
}

impl Outcome {
    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Admitted => "admitted",
            Self::Partial => "partial",
            Self::Refused => "refused",
        }
    }
}

/// One object that was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefusedObject {
    /// Its index in the release.
    pub index: u64,
    /// Why.
    pub code: String,
    /// Where in the object, as a JSON pointer.
    pub pointer: String,
}

/// A `checkpoint`: cosignatures and nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckpointBody {
    /// The partner's checkpoint with this party's cosignatures, as a signed note.
    pub cosigned: String,
}
