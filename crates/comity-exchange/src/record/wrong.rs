//! What can be wrong with a log that this node keeps.

/// The first thing in a log that is not as it must be (docs/protocol.md sections 3.1, 3.4, 4.6, 4.7 and 7). Places are
/// sequences of the channel, or numbers of journal rows; sizes are in leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// The stored right edge is unreadable or of another size than the head.
    #[error("the right edge of the tree is damaged")]
    Edge,
    /// Nothing stands at a place below the size.
    #[error("number {0} is missing")]
    Missing(u64),
    /// What stands there is not what its digest or leaf was made of.
    #[error("number {0} is not what was written: its bytes have another digest")]
    Digest(u64),
    /// What stands there says that it belongs elsewhere, or is no statement.
    #[error("number {0} is not a statement of this place")]
    Place(u64),
    /// It does not name the statement before it.
    #[error("number {0} does not follow the statement before it")]
    Chain(u64),
    /// Its signed envelope is of another payload.
    #[error("number {0} has the envelope of another statement")]
    Envelope(u64),
    /// No statement key signed it that its sender's descriptor has at that place and that was valid when it was issued.
    #[error("number {0} is not signed by a key of its sender that was valid at that place")]
    Signer(u64),
    /// Its receipt speaks of another statement.
    #[error("number {0} has the receipt of another statement")]
    Receipt(u64),
    /// It is said to be settled, and nothing shows it.
    #[error("number {0} is said to be settled, without receipt or cosignature")]
    Settled(u64),
    /// A stored node of the tree is missing or another.
    #[error("node {index} of level {level} of the tree is missing or another")]
    Node {
        /// The level; leaves are level 0.
        level: u8,
        /// The position in the level.
        index: u64,
    },
    /// A checkpoint is unreadable, of another log, or its signatures do not hold.
    #[error("the checkpoint of size {0} is unreadable or not signed by who must sign it")]
    Signature(u64),
    /// The receiver's cosignatures do not hold.
    #[error("the cosignatures on the checkpoint of size {0} do not hold")]
    Cosignature(u64),
    /// The tree has another root than a signed checkpoint of that size says.
    #[error("the tree has another root at size {0} than the checkpoint that was signed; keep both")]
    Root(u64),
    /// A checkpoint was signed over more than is here.
    #[error(
        "a checkpoint of size {0} was signed, and less is here: something was lost or put back from a backup"
    )]
    Shorter(u64),
}

impl Wrong {
    /// The stable name of this fault.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Edge => "record-edge",
            Self::Missing(_) => "record-missing",
            Self::Digest(_) => "record-digest",
            Self::Place(_) => "record-place",
            Self::Chain(_) => "record-chain",
            Self::Envelope(_) => "record-envelope",
            Self::Signer(_) => "record-signer",
            Self::Receipt(_) => "record-receipt",
            Self::Settled(_) => "record-settled",
            Self::Node { .. } => "record-node",
            Self::Signature(_) => "record-signature",
            Self::Cosignature(_) => "record-cosignature",
            Self::Root(_) => "record-root",
            Self::Shorter(_) => "record-shorter",
        }
    }
}
