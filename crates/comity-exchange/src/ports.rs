//! The ports: what the use cases need from the world. Everything else in this crate is arithmetic over them.

use std::fmt;
use std::io::{Read, Write};

use async_trait::async_trait;
use comity_log::checkpoint::Checkpoint;
use comity_model::{AgreementId, ChannelId, Descriptor, Digest, Entropy, PartyRoot};
use jiff::Timestamp;
use zeroize::Zeroizing;

/// The name of the part that holds a text under its salt.
pub const TEXT: &str = "text.salted";

mod access;
mod carriage;
mod collections;
mod custody;
mod feeds;
mod ledger;
mod patterns;
mod records;
mod recovery;
mod store;
mod tombstones;

pub use access::{AccessLine, AccessLog, AccessQuery, AccessRow, GivenTo, TypedText};
pub use carriage::{Carriage, HandFile, Satchel, ToCarry, Waiting};
pub use collections::{
    Account, Advance, Audience, CollectionRecord, Collections, Entry, EntryRow, Grant, Judge, Look,
    ManifestPage, Member, MemberVersion, Membership, ObjectPage, PageKey, Posting, Role, Shown,
    StatusBound, Token, Versions, ViewQuery, ViewRow, ViewState,
};
pub use custody::{
    Custodial, Custody, Doomed, Frozen, Given, LegalHold, NewLegalHold, Notice, PurgeDue,
    SignedGrant, Unit,
};
pub use feeds::{
    ApiRoot, CollectionEnd, Feed, FeedClaim, FeedCode, FeedCollection, FeedFault, FeedOutcome,
    FeedPosition, FeedRejection, FeedServer, FeedSession, FeedSize, FeedSource, FeedStep, Feeds,
    Login, Next, PageAsk, PageEnd, PullEnd, PullOutcome, TaxiiVersion,
};
pub use ledger::{ChannelProgress, JournalHead, JournalRow, Ledger, RecordLine};
pub use patterns::{
    Kept, NewSighting, PatternFigures, PatternPlace, PatternRecord, PatternRow, PatternWork,
    Patterns, Sighted, SightingRow,
};
pub use records::*;
pub use recovery::{
    Doubt, DoubtKind, Gap, LastCheckpoint, LastCheckpoints, LastFolio, Recovery, Refusals, Unsaid,
};
pub use store::{FolioSubject, Store, StoreError};
pub use tombstones::{Received, Tombstone, Tombstones, Why};

/// The time. The binary passes the system's clock; tests pass one that they move.
pub trait Clock: Send + Sync {
    /// Now, in UTC.
    fn now(&self) -> Timestamp;
}

/// The keys that a running node holds. Root and registrar are not among them.
pub trait Keys: Send + Sync + fmt::Debug {
    /// Signs a statement's payload with both halves of a statement key, and gives the DSSE envelope as JSON. The key is the
    /// newest of those that `own`, the descriptor in force at the statement's place, has for the moment `at`, as in the two
    /// methods below.
    fn sign_statement(
        &self,
        payload: &[u8],
        own: &Descriptor,
        at: Timestamp,
    ) -> Result<Vec<u8>, KeyError>;
    /// Signs a report for an inspectorate with the newest statement key that `own` has for the moment `at`.
    fn sign_audit(
        &self,
        report: &[u8],
        own: &Descriptor,
        at: Timestamp,
    ) -> Result<Vec<u8>, KeyError>;
    /// Signs a checkpoint of one of this party's own logs.
    fn sign_checkpoint(
        &self,
        checkpoint: &Checkpoint,
        own: &Descriptor,
        at: Timestamp,
    ) -> Result<String, KeyError>;
    /// Adds this party's cosignatures to a partner's checkpoint, given as a signed note.
    fn cosign(&self, note: &str, own: &Descriptor, at: Timestamp) -> Result<String, KeyError>;
    /// The identities that open pouches: the current one first, then those not yet destroyed.
    fn openers(&self) -> Vec<&comity_pouch::SealIdentity>;
    /// The secret under which derivatives of one agreement get their ids (docs/protocol.md section 6).
    fn derivative_secret(&self, agreement: AgreementId) -> [u8; 32];
    /// Seals a secret that this node keeps for itself, for one use that `context` names.
    fn keep(
        &self,
        entropy: &dyn Entropy,
        context: &[u8],
        secret: &[u8],
    ) -> Result<Vec<u8>, KeyError>;
    /// Opens what [`Keys::keep`] sealed for the same context, however the keys were rotated since.
    fn reveal(&self, context: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyError>;
}

/// A key that did not do its work.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a key of this node failed: {0}; run `comity doctor`")]
pub struct KeyError(pub String);

/// Where parts are kept that are too large for a row: written once, named by their digest, never changed.
pub trait Blobs: Send + Sync {
    /// Begins a blob.
    fn create(&self) -> Result<Box<dyn BlobWriter>, BlobError>;
    /// Opens a blob.
    fn open(&self, id: &Digest) -> Result<Box<dyn Read + Send>, BlobError>;
    /// Deletes a blob; one that is not there is no error.
    fn delete(&self, id: &Digest) -> Result<(), BlobError>;
}

/// A blob being written. Dropped without [`BlobWriter::commit`] it leaves nothing.
pub trait BlobWriter: Write + Send {
    /// Makes it durable and names it by the SHA-256 of its bytes; also gives its size in bytes.
    fn commit(self: Box<Self>) -> Result<(Digest, u64), BlobError>;
}

/// Pouches on their way in or out, by the SHA-256 of their bytes.
pub trait Spool: Send + Sync {
    /// Bytes of the incoming pouch that are on the disk.
    fn offset(&self, pouch: &Digest) -> Result<u64, BlobError>;
    /// Writes a range of an incoming pouch at `offset`, which must be where the last one ended.
    fn append(&self, pouch: &Digest, offset: u64, bytes: &[u8]) -> Result<(), BlobError>;
    /// Checks that the incoming pouch is whole (`size` bytes of this digest) and makes it durable.
    fn finish(&self, pouch: &Digest, size: u64) -> Result<(), BlobError>;
    /// Opens a pouch that is whole.
    fn open(&self, pouch: &Digest) -> Result<Box<dyn Read + Send>, BlobError>;
    /// Deletes a pouch, whole or not; one that is not there is no error.
    fn remove(&self, pouch: &Digest) -> Result<(), BlobError>;
    /// Bytes in the spool for incoming pouches.
    fn used(&self) -> Result<u64, BlobError>;
    /// Begins an outgoing pouch; when committed it can be opened like an incoming one.
    fn create(&self) -> Result<Box<dyn BlobWriter>, BlobError>;
}

/// What can go wrong with files.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// The range does not begin where the last one ended.
    #[error(
        "the range begins at byte {given}, and the pouch is on the disk up to byte {have}; ask for the offset and go on from there"
    )]
    Offset {
        /// Where it begins.
        given: u64,
        /// Where it had to begin.
        have: u64,
    },
    /// The bytes are not those that the digest names.
    #[error("the bytes are not those that the digest names; send the pouch again from the start")]
    Digest,
    /// There is no such file.
    #[error("there is no file `{0}` in this node's data folder; restore it from a backup")]
    Missing(Digest),
    /// The disk failed.
    #[error("the disk failed: {0}")]
    Io(#[from] std::io::Error),
}

impl BlobError {
    /// A stable word for it.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Offset { .. } => "wrong-offset",
            Self::Digest => "wrong-digest",
            Self::Missing(_) => "file-missing",
            Self::Io(_) => "disk",
        }
    }
}

/// Carries pouches to a partner. The link is one; a disk carried by hand is another.
#[async_trait]
pub trait Courier: Send + Sync {
    /// What the partner has consumed of this party's channel.
    async fn head(
        &self,
        partner: PartyRoot,
        channel: ChannelId,
    ) -> Result<RemoteHead, CourierError>;
    /// Delivers a pouch. When this returns, the partner has it on its disk.
    async fn deliver(&self, partner: PartyRoot, pouch: &OutgoingPouch) -> Result<(), CourierError>;
    /// What became of a pouch that was delivered.
    async fn status(&self, partner: PartyRoot, pouch: Digest) -> Result<RemotePouch, CourierError>;
}

/// What a partner says of this party's channel (docs/protocol.md section 4).
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemoteHead {
    /// The epoch in which it takes this party's statements now; a channel of an earlier one takes nothing more.
    pub epoch: u32,
    /// The sequence that it takes next.
    pub next: u64,
    /// The digest of the last statement that it consumed.
    pub digest: Option<Digest>,
    /// The last checkpoint of this party's log that it cosigned, as a signed note.
    pub cosigned: Option<String>,
    /// Pouches that this party delivered and that it has not consumed yet: not looked into, or waiting for earlier ones.
    pub waiting: u64,
}

/// What a partner says of one pouch.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemotePouch {
    /// What became of it.
    pub state: PouchState,
    /// Why, where it was refused or is held: a code of docs/protocol.md section 4.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// A pouch ready to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutgoingPouch {
    /// SHA-256 of its bytes.
    pub digest: Digest,
    /// Its bytes, counted.
    pub size: u64,
    /// The bytes of a small one; a large one is in the spool.
    pub bytes: Option<bytes::Bytes>,
}

/// Why a pouch could not be delivered. Every one of them is tried again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CourierError {
    /// The partner's node does not answer.
    #[error("the partner's node does not answer: {0}")]
    Unreachable(String),
    /// It answered with a key that its descriptor does not have.
    #[error(
        "the node at the partner's address does not hold the partner's link key; confirm the partner's descriptor with it"
    )]
    WrongKey,
    /// It answered and would not take the pouch.
    #[error("the partner's node did not take the pouch: `{0}`")]
    Refused(String),
    /// It answered with something that is not of the protocol.
    #[error("the partner's node answered outside the protocol: {0}")]
    Protocol(String),
    /// This node could not read what it has to send.
    #[error("this node could not read the pouch: {0}")]
    Local(String),
}

impl CourierError {
    /// A stable word for it.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unreachable(_) => "unreachable",
            Self::WrongKey => "wrong-link-key",
            Self::Refused(_) => "partner-refused",
            Self::Protocol(_) => "partner-protocol",
            Self::Local(_) => "local",
        }
    }
}
