//! What this party says: statements to be sealed and sealed, its channels, its outbox.

use comity_model::conduct::ConductBody;
use comity_model::matter::MatterBody;
use comity_model::statement::{Draft, Kind, ReceiptEntry};
use comity_model::{ChannelId, Digest, PartyRoot, ReleaseId, StatementId};
use jiff::Timestamp;
use serde::Serialize;

use super::{JournalEntry, ReleaseTerms, StoredPart};

/// A statement to be given its place (docs/protocol.md section 3, seal).
#[derive(Debug, Clone)]
pub struct SealInput {
    /// Everything but its place.
    pub draft: Draft,
    /// The partner it goes to.
    pub partner: PartyRoot,
    /// The parts that travel with it.
    pub parts: Vec<StoredPart>,
    /// What else the transaction does.
    pub effect: SealEffect,
    /// The serial of this party's descriptor under whose keys the body was made, where that matters: a conflict if another
    /// is in force at the place that the statement gets.
    pub serial: Option<u64>,
    /// Lines for the journal; the store adds sequence and digest to the first one's details.
    pub journal: Vec<JournalEntry>,
}

/// What sealing a statement of a kind changes beside the record.
#[derive(Debug, Clone)]
pub enum SealEffect {
    /// A release goes from approved, or under a standing approval from composed, to sealed, and is counted. Refused with
    /// [`StoreError::Conflict`](crate::ports::StoreError::Conflict) unless its digest is this one, and with
    /// [`StoreError::Refused`](crate::ports::StoreError::Refused) where what was composed changed or a ceiling is passed.
    Release {
        /// Which.
        release: ReleaseId,
        /// The digest of its `release.json`.
        digest: Digest,
        /// What it is judged by and counted against.
        terms: ReleaseTerms,
    },
    /// Receipt entries that were due are now answered. Refused with a conflict unless all of them are still due.
    Receipt {
        /// The partner's channel whose statements are answered.
        channel: ChannelId,
        /// Their sequences.
        sequences: Vec<u64>,
        /// The size of the partner's checkpoint cosigned in it, if one is.
        cosigned: Option<u64>,
    },
    /// A statement of a matter is filed. The body gets its folio inside the transaction. Refused where it does not follow
    /// from what was said: `Missing`, `Exists` or `Conflict`.
    Matter {
        /// What it says; its folio is overwritten.
        body: MatterBody,
        /// Its text, where it has one.
        text: Option<String>,
    },
    /// A statement about the agreement itself is filed, and takes effect. The body gets its folio inside the transaction.
    /// Refused with [`StoreError::Refused`](crate::ports::StoreError::Refused) where it may not be said; `Missing` where
    /// the text of which it speaks is not here.
    Conduct {
        /// What it says; its folio is overwritten.
        body: ConductBody,
        /// Its text, where it has one.
        text: Option<String>,
    },
    /// A descriptor of this party: in force from the sequence after it. A conflict unless its serial is the one in force
    /// or the next.
    Descriptor {
        /// Its serial.
        serial: u64,
    },
    /// Only cosignatures: no sequence, no leaf. They stand in the outbox like everything else.
    Checkpoint {
        /// The partner's channel.
        channel: ChannelId,
        /// The size cosigned.
        cosigned: u64,
    },
}

/// A statement of this party, sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboundRow {
    /// Its digest.
    pub digest: Digest,
    /// Its id.
    pub id: StatementId,
    /// Its kind.
    pub kind: Kind,
    /// Its channel.
    pub channel: ChannelId,
    /// Its place; `None` for a checkpoint.
    pub sequence: Option<u64>,
    /// The exact payload.
    pub payload: Vec<u8>,
    /// The signed envelope, once signed.
    pub envelope: Option<Vec<u8>>,
    /// The parts.
    pub parts: Vec<StoredPart>,
    /// Its place in the partner's outbox, from 1.
    pub position: u64,
    /// The pouch last made of it, if it was large enough to be kept.
    pub pouch: Option<KeptPouch>,
    /// When it was sealed.
    pub sealed_at: Timestamp,
    /// What the partner's receipt says of it.
    pub receipt: Option<ReceiptEntry>,
    /// When it was settled.
    pub settled_at: Option<Timestamp>,
}

/// A pouch that was made of a statement and is in the spool until it is delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeptPouch {
    /// SHA-256 of its bytes.
    pub digest: Digest,
    /// Its bytes, counted.
    pub size: u64,
    /// SHA-256 of the public key that it is sealed to: to another key it is made again.
    pub key: Digest,
}

/// The head of a channel of this party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboundHead {
    /// The sequence of the next statement, and the size of the log.
    pub next: u64,
    /// The digest of the last statement.
    pub last: Option<Digest>,
    /// Its `issued_at`.
    pub last_issued: Option<Timestamp>,
    /// Statements from the start that are signed: no checkpoint covers more.
    pub signed: u64,
    /// The log's frontier at `next`, as `comity_log::Frontier::to_bytes`.
    pub frontier: Vec<u8>,
    /// The last checkpoint that was signed, as a note.
    pub checkpoint: Option<(u64, String)>,
    /// The largest checkpoint that the partner cosigned, as a note.
    pub cosigned: Option<(u64, String)>,
}

/// What a partner's outbox looks like.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct OutboxView {
    /// Everything up to this position is on the partner's disk.
    pub cursor: u64,
    /// The last position.
    pub last: u64,
    /// Statements sealed and not settled.
    pub unsettled: u64,
    /// When the oldest of them was sealed.
    pub unsettled_since: Option<Timestamp>,
}

/// What each side holds and can prove, in figures.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ChannelFigures {
    /// Statements in the log.
    pub statements: u64,
    /// The root of the log, or of its mirror, over all of them.
    pub root: Option<Digest>,
    /// Statements covered by a checkpoint that the receiver cosigned.
    pub cosigned: u64,
    /// By kind and outcome.
    pub kinds: Vec<KindCount>,
}

/// Statements of one kind with one outcome.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct KindCount {
    /// The kind.
    pub kind: String,
    /// The outcome as the receiver stated it; `None`: not yet, or the kind has none.
    pub outcome: Option<String>,
    /// How many.
    pub count: u64,
    /// Objects admitted in them.
    pub admitted: u64,
    /// Objects refused in them.
    pub refused: u64,
}
