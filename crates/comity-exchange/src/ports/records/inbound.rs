//! What partners say: pouches, statements at their place, and what they change.

use comity_model::conduct::ConductBody;
use comity_model::matter::MatterBody;
use comity_model::statement::ReceiptEntry;
use comity_model::{ChannelId, Digest, Folio, Holding, PartyRoot, ReleaseRecord, StatementId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{AgreementRecord, JournalEntry, StoredPart};

/// The head of a partner's channel, as consumed here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboundHead {
    /// The sequence consumed next, and the size of the mirror.
    pub next: u64,
    /// The digest of the last statement consumed.
    pub last: Option<Digest>,
    /// Its `issued_at`.
    pub last_issued: Option<Timestamp>,
    /// The mirror's frontier.
    pub frontier: Vec<u8>,
    /// The largest checkpoint of the partner that was seen and verified, as size and note; it may be ahead of `next`.
    pub seen: Option<(u64, String)>,
    /// The largest checkpoint cosigned here, as size and note.
    pub cosigned: Option<(u64, String)>,
    /// Entries that no receipt answers yet.
    pub due: u64,
    /// When the oldest thing became due that is not cosigned.
    pub uncosigned_since: Option<Timestamp>,
    /// The highest version of the agreement that a statement in it cited; 0: none was consumed.
    pub cited: u32,
}

/// What is known of the place that an arriving statement claims.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlotView {
    /// The head of its channel.
    pub head: InboundHead,
    /// The statement consumed or held at its place.
    pub occupant: Option<Digest>,
    /// Another place at which its id or nonce was consumed.
    pub seen_elsewhere: Option<u64>,
    /// Statements held in the channel.
    pub held: u64,
}

/// A pouch that arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PouchRow {
    /// SHA-256 of its bytes.
    pub digest: Digest,
    /// Its size in bytes.
    pub size: u64,
    /// The party over whose link it came; `None`: a courier.
    pub via: Option<PartyRoot>,
    /// When it was whole on the disk.
    pub received_at: Timestamp,
    /// What became of it.
    pub state: PouchState,
    /// Why.
    pub code: Option<String>,
    /// The statement in it, once known.
    pub statement: Option<Digest>,
}

/// What became of a pouch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PouchState {
    /// Not here, or not whole.
    Unknown,
    /// On the disk, not looked into yet.
    Received,
    /// Its statement waits for earlier ones.
    Held,
    /// Its statement used its place in the channel, whatever the outcome.
    Consumed,
    /// The same statement as one consumed before.
    Repeated,
    /// Not taken; nothing changed.
    Refused,
}

impl PouchState {
    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Received => "received",
            Self::Held => "held",
            Self::Consumed => "consumed",
            Self::Repeated => "repeated",
            Self::Refused => "refused",
        }
    }
}

/// Where in a channel an arriving statement says that it belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// Its channel.
    pub channel: ChannelId,
    /// Its place; `None` for a checkpoint.
    pub sequence: Option<u64>,
    /// Its digest.
    pub digest: Digest,
    /// Its id.
    pub id: StatementId,
    /// Its kind, as the word on the wire.
    pub kind: String,
    /// The version of the agreement that it cites, where that version is active; else 0.
    pub version: u32,
    /// The serial of its sender's descriptor under which its signatures hold; 0: not known.
    pub serial: u64,
    /// Its `issued_at`.
    pub issued_at: Timestamp,
    /// The exact payload.
    pub payload: Vec<u8>,
    /// The signed envelope.
    pub envelope: Vec<u8>,
    /// Its nonce.
    pub nonce: [u8; 32],
    /// The checkpoint that it came with, verified, as size and note.
    pub checkpoint: Option<(u64, String)>,
}

/// The last transaction of a statement's admission: it publishes, mirrors the leaf, moves the head, fixes the
/// receipt, and closes the pouch. Refused with a conflict unless the head is at its sequence.
#[derive(Debug, Clone)]
pub struct PublishInput {
    /// The pouch.
    pub pouch: Digest,
    /// The statement.
    pub arrival: Arrival,
    /// Its leaf in the mirror; `None` for a checkpoint.
    pub leaf: Option<[u8; 32]>,
    /// Objects not staged before; they become visible together with those that were.
    pub holdings: Vec<Holding>,
    /// What it changes beside the record.
    pub effect: PublishEffect,
    /// The receipt entry; `None` for kinds that are not receipted.
    pub receipt: Option<ReceiptEntry>,
    /// Lines for the journal.
    pub journal: Vec<JournalEntry>,
    /// When.
    pub at: Timestamp,
}

/// What consuming a statement of a kind changes beside the record.
#[derive(Debug, Clone)]
pub enum PublishEffect {
    /// Nothing: it was refused. Whatever was staged for it goes.
    Nothing,
    /// A release: staged objects become visible; it is listed in the inbox.
    Release {
        /// Its record.
        record: ReleaseRecord,
    },
    /// A receipt: statements of this party are answered, and settled as far as `cosigned` reaches.
    Settle {
        /// This party's channel.
        channel: ChannelId,
        /// The entries, each for a statement that exists with this digest.
        entries: Vec<ReceiptEntry>,
        /// The partner's cosignature, verified: size and note.
        cosigned: Option<(u64, String)>,
    },
    /// A statement of a matter is filed.
    Matter {
        /// What it says.
        body: MatterBody,
        /// Its text, where it has one.
        text: Option<String>,
        /// The files that came with it.
        attachments: Vec<StoredPart>,
    },
    /// The sender's descriptor: in force from the sequence after it, and the newest of that party if its serial is higher.
    /// A conflict where its serial is known with another text.
    Descriptor {
        /// Its serial.
        serial: u64,
        /// The signed envelope, as text.
        envelope: String,
        /// The accounts that are closed with it, by name.
        closes: Vec<String>,
    },
    /// A statement about the agreement itself is filed, and takes effect. Refused with
    /// [`StoreError::Refused`](crate::ports::StoreError::Refused) where the partner may not say it.
    Conduct {
        /// What it says.
        body: ConductBody,
        /// The text that came with an `agreement`, with the signatures that are known now; kept as
        /// [`put_agreement`](crate::ports::Store::put_agreement) keeps one.
        text_of: Option<AgreementRecord>,
        /// Its text, where it has one.
        text: Option<String>,
    },
}

/// One thing in the inbox: a statement of a partner that was consumed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxRow {
    /// Its digest.
    pub digest: Digest,
    /// Its kind, as the word on the wire.
    pub kind: String,
    /// Its channel.
    pub channel: ChannelId,
    /// Its place.
    pub sequence: u64,
    /// What became of it.
    pub receipt: ReceiptEntry,
    /// The folio by which its sender calls it, where it has one.
    pub folio: Option<Folio>,
    /// For a release, its record.
    pub release: Option<ReleaseRecord>,
    /// The exact payload.
    pub payload: Vec<u8>,
    /// The signed envelope.
    pub envelope: Vec<u8>,
    /// Whether the receipt has been sealed.
    pub receipted: bool,
}
