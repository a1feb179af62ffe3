//! What crosses the Store port: owned values, in the words of the domain.

use comity_model::statement::{
    AgreementRef, Decided, DecisionBody, Draft, Kind, ProposalBody, ReceiptEntry,
};
use comity_model::{
    AgreementId, ChannelId, Digest, Folio, Handle, Holding, OfficerId, PartyRoot, ProposalId,
    ReleaseId, ReleaseRecord, StatementId, Tlp,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// This node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeRecord {
    /// Its party's nickname.
    pub handle: Handle,
    /// Its party's full name.
    pub name: String,
    /// Its party.
    pub root: PartyRoot,
    /// Whether it is a training node.
    pub exercise: bool,
    /// Its own descriptor: the signed envelope, as text.
    pub descriptor: String,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A partner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartyRecord {
    /// The party.
    pub root: PartyRoot,
    /// Its nickname here; unique.
    pub handle: Handle,
    /// Its latest descriptor: the signed envelope, as text.
    pub descriptor: String,
    /// The descriptor's serial.
    pub serial: u64,
    /// When it was imported.
    pub imported_at: Timestamp,
    /// When somebody confirmed its fingerprint; `None`: nothing is accepted from it.
    pub confirmed_at: Option<Timestamp>,
}

/// A version of an agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreementRecord {
    /// Which.
    pub reference: AgreementRef,
    /// The other party.
    pub partner: PartyRoot,
    /// The exact text.
    pub text: String,
    /// The signatures so far: a DSSE envelope as text, whose payload is the text.
    pub envelope: String,
    /// Whether both parties signed.
    pub complete: bool,
    /// When it was first stored here.
    pub stored_at: Timestamp,
}

/// A local officer. The name stays in this node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficerRecord {
    /// The random id that crosses.
    pub id: OfficerId,
    /// What the officer is called here; unique.
    pub name: String,
    /// The office that crosses.
    pub office: String,
    /// The registrar's certificate: a DSSE envelope as text.
    pub certificate: String,
    /// When the officer was registered.
    pub registered_at: Timestamp,
}

/// One line of the journal. The store salts it, numbers it and keeps its leaf hash
/// (docs/protocol.md section 7).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalEntry {
    /// When.
    pub at: Timestamp,
    /// What happened: a word such as `release-sealed`.
    pub event: String,
    /// What it is about: an id, a folio or a digest.
    pub subject: String,
    /// Who did it here: an officer's name, `node`, or a partner's root.
    pub actor: String,
    /// What else is worth keeping, as JSON.
    pub details: serde_json::Value,
}

/// A journal line as kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalLine {
    /// Counts from 0.
    pub number: u64,
    /// The entry.
    pub entry: JournalEntry,
    /// RFC 6962 leaf hash of SHA-256 over salt and row.
    pub leaf: [u8; 32],
}

/// What became of a batch of holdings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct HoldSummary {
    /// Versions that were not there.
    pub new: u64,
    /// Versions that were there with the same bytes.
    pub unchanged: u64,
    /// Versions that were there with other bytes; the old ones stay.
    pub conflicts: u64,
}

/// Which holdings to list. Every condition must hold; only visible holdings are found, in each the newest version.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HoldingQuery {
    /// Of this STIX type.
    pub stix_type: Option<String>,
    /// Whose text has these words; each word is a prefix.
    pub search: Option<String>,
    /// With one of these ids.
    pub ids: Option<Vec<String>>,
    /// From this partner; `Some(None)`: this party's own.
    pub partner: Option<Option<PartyRoot>>,
    /// After this position, exclusive.
    pub after: Option<u64>,
    /// At most so many.
    pub limit: u32,
}

/// One page of holdings, in the order in which they entered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HoldingPage {
    /// The holdings.
    pub holdings: Vec<Holding>,
    /// The position to go on from, if there are more.
    pub next: Option<u64>,
}

/// How many holdings there are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TypeCount {
    /// STIX type.
    pub stix_type: String,
    /// `None`: this party's own.
    pub partner: Option<PartyRoot>,
    /// Objects, each counted once.
    pub objects: u64,
    /// Versions of them.
    pub versions: u64,
}

/// Where the bytes of a part are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PartContent {
    /// In the row.
    Inline(Vec<u8>),
    /// In the blob with this digest.
    Blob(Digest),
}

/// A part with its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPart {
    /// Its name in the pouch.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// Where its bytes are.
    pub content: PartContent,
}

/// What was decided about one object at compose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewLine {
    /// The object's id here.
    pub id: String,
    /// Its version.
    pub version: String,
    /// Its type.
    pub stix_type: String,
    /// What people recognise it by.
    pub name: Option<String>,
    /// What was decided.
    pub verdict: Verdict,
    /// The properties that were taken out, as JSON pointers in the original.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub redacted: Vec<String>,
    /// Why it was withheld.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<PreviewReason>,
    /// The policies that determined the decision.
    pub policies: Vec<String>,
}

/// What was decided about an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It goes as it is.
    Released,
    /// A derivative goes.
    Redacted,
    /// It stays.
    Withheld,
}

/// Why an object stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewReason {
    /// A stable word, as `red-line`.
    pub code: String,
    /// The policy, as `red-line:1`.
    pub policy: String,
    /// The property that it hangs on, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub property: Option<String>,
    /// A sentence.
    pub text: String,
}

/// A derivative made at compose, so that the same original has the same derivative next time
/// (docs/protocol.md section 6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DerivativeRecord {
    /// Under which agreement.
    pub agreement: AgreementId,
    /// The original's id. It never leaves.
    pub original: String,
    /// The original's version.
    pub original_version: String,
    /// The derivative's id.
    pub derived: String,
    /// Its `created`: when the first derivative of this original was made.
    pub created: Timestamp,
    /// Its `modified`.
    pub modified: Timestamp,
    /// SHA-256 of its bytes without `modified`, by which a change is seen.
    pub content: Digest,
    /// The 32 random bytes that open the commitment.
    pub opening: [u8; 32],
}

/// A release to be numbered and stored by compose.
#[derive(Debug, Clone)]
pub struct ComposeInput {
    /// Everything but the folio.
    pub template: ReleaseTemplate,
    /// The parts.
    pub parts: Vec<StoredPart>,
    /// What was decided about each object.
    pub preview: Vec<PreviewLine>,
    /// Derivatives that are new or changed.
    pub derivatives: Vec<DerivativeRecord>,
    /// Who composed it.
    pub composer: String,
    /// When.
    pub at: Timestamp,
}

/// A release record that still lacks its folio, which the store gives inside the transaction.
#[derive(Debug, Clone)]
pub struct ReleaseTemplate {
    /// The record; its folio is overwritten.
    pub record: ReleaseRecord,
}

impl ReleaseTemplate {
    /// The record under its folio, and its exact bytes.
    pub fn numbered(&self, folio: Folio) -> Result<(ReleaseRecord, Vec<u8>), serde_json::Error> {
        let record = ReleaseRecord { folio, ..self.record.clone() };
        let bytes = serde_json::to_vec(&record)?;
        Ok((record, bytes))
    }
}

/// A release as kept by the party that gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseRow {
    /// The record.
    pub record: ReleaseRecord,
    /// Its exact bytes, as composed.
    pub bytes: Vec<u8>,
    /// SHA-256 of them: what approvals sign.
    pub digest: Digest,
    /// How far it is.
    pub state: ReleaseState,
    /// The parts.
    pub parts: Vec<StoredPart>,
    /// Who composed it.
    pub composer: String,
    /// The approvals so far.
    pub approvals: Vec<ApprovalRecord>,
    /// The statement, once sealed.
    pub statement: Option<Digest>,
    /// The sequence of that statement.
    pub sequence: Option<u64>,
    /// The receipt entry, once there is one.
    pub receipt: Option<ReceiptEntry>,
}

/// How far a release is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReleaseState {
    /// Composed; approvals are missing.
    Composed,
    /// Approved by as many as the clause demands.
    Approved,
    /// In the record and in the outbox.
    Sealed,
    /// On the partner's disk.
    Delivered,
    /// The receipt is here; the partner's cosignature is not.
    Receipted,
    /// Admitted whole, and cosigned.
    Settled,
    /// Admitted in part, and cosigned.
    SettledPartial,
    /// Refused by the partner, and cosigned.
    Refused,
}

impl ReleaseState {
    /// The word people see.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Composed => "composed",
            Self::Approved => "approved",
            Self::Sealed => "sealed",
            Self::Delivered => "delivered",
            Self::Receipted => "receipted",
            Self::Settled => "settled",
            Self::SettledPartial => "settled-partial",
            Self::Refused => "refused",
        }
    }
}

/// One approval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApprovalRecord {
    /// The officer.
    pub officer: OfficerId,
    /// What the officer is called here.
    pub name: String,
    /// The certificate: a DSSE envelope as text.
    pub certificate: String,
    /// The approval: a DSSE envelope as text.
    pub approval: String,
    /// When.
    pub at: Timestamp,
}

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
    /// Lines for the journal; the store adds sequence and digest to the first one's details.
    pub journal: Vec<JournalEntry>,
}

/// What sealing a statement of a kind changes beside the record.
#[derive(Debug, Clone)]
pub enum SealEffect {
    /// A release goes from approved to sealed. Refused with [`super::StoreError::Conflict`] unless its digest is this one.
    Release {
        /// Which.
        release: ReleaseId,
        /// The digest of its `release.json`.
        digest: Digest,
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
    /// A proposal is put. The body gets its folio inside the transaction.
    Proposal {
        /// The proposal; its folio is overwritten.
        body: ProposalBody,
        /// Its text.
        text: String,
    },
    /// A proposal that the partner put is decided. The body gets its folio inside the transaction. Refused with a
    /// conflict if it is not open.
    Decision {
        /// The decision; its folio is overwritten.
        body: DecisionBody,
        /// Its grounds.
        text: String,
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
    pub pouch: Option<(Digest, u64)>,
    /// When it was sealed.
    pub sealed_at: Timestamp,
    /// What the partner's receipt says of it.
    pub receipt: Option<ReceiptEntry>,
    /// When it was settled.
    pub settled_at: Option<Timestamp>,
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
    /// A proposal was put to this party.
    Proposal {
        /// What was put.
        body: ProposalBody,
        /// Its text.
        text: String,
    },
    /// A proposal of this party was decided.
    Decision {
        /// What was decided.
        body: DecisionBody,
        /// Its grounds.
        text: String,
    },
}

/// A proposal, of this party or of a partner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposalRow {
    /// Which.
    pub id: ProposalId,
    /// The folio of the party that put it.
    pub folio: Folio,
    /// Under which agreement.
    pub agreement: AgreementId,
    /// The party that put it.
    pub from: PartyRoot,
    /// The party to which it was put.
    pub to: PartyRoot,
    /// What was put.
    pub body: ProposalBody,
    /// Its text.
    pub text: String,
    /// The statement that put it.
    pub statement: Digest,
    /// When it was put.
    pub put_at: Timestamp,
    /// What was decided, with its grounds, its folio and its statement.
    pub decision: Option<ProposalDecision>,
}

/// The decision on a proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposalDecision {
    /// What.
    pub decided: Decided,
    /// The whole of it.
    pub body: DecisionBody,
    /// The grounds.
    pub text: String,
    /// The statement that carries it.
    pub statement: Digest,
    /// When.
    pub at: Timestamp,
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

/// What a partner's outbox looks like.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct OutboxView {
    /// Everything up to this position is on the partner's disk.
    pub cursor: u64,
    /// The last position.
    pub last: u64,
    /// Statements sealed and not settled.
    pub unsettled: u64,
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

/// The TLP label of an object with no marking, where neither the agreement nor the file says otherwise.
pub const DEFAULT_TLP: Tlp = Tlp::Amber;
