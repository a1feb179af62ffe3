//! The Store port: one method for each named transaction, owned values in and out (docs/protocol.md section 8).

use async_trait::async_trait;
use comity_log::Hash;
use comity_model::{
    AgreementId, ChannelId, ContactId, Digest, Folio, Holding, MatterId, PartyRoot, ReleaseId,
    StandingId,
};
use jiff::Timestamp;

use super::{
    AgreementEvent, AgreementRecord, ApprovalRecord, Ceiling, ChannelFigures, ComposeInput,
    Contact, ContactQuery, ContactRow, DerivativeRecord, DescriptorPlace, DescriptorRow,
    HoldSummary, HoldingPage, HoldingQuery, InboundHead, InboxRow, JournalEntry, JournalLine,
    KeptPouch, LossQuery, Losses, MatterQuery, MatterRow, NodeRecord, NotHeld, OfficerRecord,
    OutboundHead, OutboundRow, OutboxView, OwnDescriptor, PartyRecord, PouchRow, PouchState,
    PreviewLine, PublishInput, ReleaseRow, ReleaseState, ReportRow, Reported, SealInput,
    SealRefusal, SlotView, StandingRecord, TypeCount, Unreported, UnreportedQuery,
};

/// What can go wrong in a transaction. Nothing of it is kept when it does.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Somebody else changed what the transaction builds on. Read again and try again.
    #[error("{0} changed in the meantime; look at it again and repeat the command")]
    Conflict(String),
    /// What it speaks of is not there.
    #[error("there is no {0}")]
    Missing(String),
    /// Something with this name is there already.
    #[error("{0} is there already")]
    Exists(String),
    /// What has to hold in the transaction does not.
    #[error(transparent)]
    Refused(#[from] SealRefusal),
    /// The caller broke the rules of the port; nobody's data is at fault.
    #[error("{0}; report this as a fault of the software")]
    Misuse(String),
    /// The database is from another version of the software.
    #[error("the database has schema {found} and this version reads {expected}; {advice}")]
    Schema {
        /// The schema in the database.
        found: u32,
        /// The schema of this version.
        expected: u32,
        /// What to do.
        advice: &'static str,
    },
    /// What is in the database cannot be read as what it should be.
    #[error(
        "the database holds something unreadable in {0}; run `comity doctor` and restore from a backup"
    )]
    Corrupt(String),
    /// The database or the disk failed.
    #[error("the database failed: {0}")]
    Failed(String),
}

impl StoreError {
    /// A stable word for it.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Conflict(_) => "conflict",
            Self::Missing(_) => "not-found",
            Self::Exists(_) => "exists",
            Self::Refused(refusal) => refusal.code(),
            Self::Misuse(_) => "misuse",
            Self::Schema { .. } => "schema",
            Self::Corrupt(_) => "corrupt",
            Self::Failed(_) => "database",
        }
    }
}

type Result<T> = std::result::Result<T, StoreError>;

/// Where a node keeps everything. Every method that changes something is one transaction and returns after its
/// commit is durable; what it speaks of and its journal lines are kept together or not at all.
#[async_trait]
pub trait Store:
    super::Custody
    + super::Ledger
    + super::Recovery
    + super::Carriage
    + super::Collections
    + super::AccessLog
    + super::Feeds
    + super::Patterns
{
    // This node, its partners, its officers and its agreements.

    /// Makes the node. [`StoreError::Exists`] if there is one.
    async fn create_node(&self, node: NodeRecord, journal: Vec<JournalEntry>) -> Result<()>;
    /// This node, once made.
    async fn node(&self) -> Result<Option<NodeRecord>>;
    /// Stores a partner's descriptor, unconfirmed, or replaces an older one (lower serial) of a known partner; it is then
    /// in force from the next statement that is taken in from each of the partner's channels.
    /// `Exists` if the handle is another party's, `Conflict` if the serial is not higher than a different stored one.
    async fn put_party(&self, party: PartyRecord, journal: Vec<JournalEntry>) -> Result<()>;
    /// Confirms a partner.
    async fn confirm_party(
        &self,
        root: PartyRoot,
        at: Timestamp,
        journal: Vec<JournalEntry>,
    ) -> Result<()>;
    /// All partners, by handle.
    async fn parties(&self) -> Result<Vec<PartyRecord>>;
    /// Every descriptor of a party, this node's own among them, that was taken in here, by serial.
    async fn descriptors(&self, party: PartyRoot) -> Result<Vec<DescriptorRow>>;
    /// From where on which descriptor of its sender is in force in a channel, by sequence. A channel begins, with what its
    /// sender said of itself by then, when both parties have signed its agreement here.
    async fn descriptor_places(&self, channel: ChannelId) -> Result<Vec<DescriptorPlace>>;
    /// Keeps this party's next descriptor, which is announced in every channel by a statement each. `Conflict` unless its
    /// serial is the next one.
    async fn renew_descriptor(&self, own: OwnDescriptor, journal: Vec<JournalEntry>) -> Result<()>;
    /// Registers an officer. `Exists` if the name is taken.
    async fn put_officer(&self, officer: OfficerRecord, journal: Vec<JournalEntry>) -> Result<()>;
    /// All officers, by name.
    async fn officers(&self) -> Result<Vec<OfficerRecord>>;
    /// Stores a version of an agreement, or more signatures on the same text. Another text for a version that this party
    /// signed is a `Conflict`; one for a version that only the partner signed takes its place, and the first journal line's
    /// details then get the digest of the text that gave way, as `replaces`. The agreement gets a folio when the first of its
    /// versions is stored. Gives the version as it is kept. `Missing` if there is no node yet.
    async fn put_agreement(
        &self,
        agreement: AgreementRecord,
        journal: Vec<JournalEntry>,
    ) -> Result<AgreementRecord>;
    /// All versions of all agreements, by id and version.
    async fn agreements(&self) -> Result<Vec<AgreementRecord>>;
    /// Everything that both parties said about an agreement itself, in the order in which it was filed here.
    async fn agreement_events(&self, agreement: AgreementId) -> Result<Vec<AgreementEvent>>;

    // Holdings.

    /// Keeps a batch of this party's own objects in one transaction, and gives those of which a version was not kept: it was
    /// there with other bytes, or the object is another's to bring ([`Bringer::owner`](comity_model::Bringer::owner)).
    async fn hold(
        &self,
        batch: Vec<Holding>,
        journal: Vec<JournalEntry>,
    ) -> Result<(HoldSummary, Vec<NotHeld>)>;
    /// The newest visible version of an object.
    async fn holding(&self, id: String) -> Result<Option<Holding>>;
    /// Every visible version of an object, oldest first.
    async fn holding_versions(&self, id: String) -> Result<Vec<Holding>>;
    /// A page of holdings.
    async fn holdings(&self, query: HoldingQuery) -> Result<HoldingPage>;
    /// How many of each type, by origin.
    async fn counts(&self) -> Result<Vec<TypeCount>>;

    // Releases.

    /// Numbers and keeps a composed release. Gives the row.
    async fn compose(&self, input: ComposeInput, journal: Vec<JournalEntry>) -> Result<ReleaseRow>;
    /// A release.
    async fn release(&self, id: ReleaseId) -> Result<Option<ReleaseRow>>;
    /// The id of the release, agreement, contact, matter or inbox statement with this folio.
    async fn by_folio(&self, folio: Folio) -> Result<Option<FolioSubject>>;
    /// Releases of this party, newest first, at most `limit`.
    async fn releases(&self, limit: u32) -> Result<Vec<ReleaseRow>>;
    /// What was decided about each object of a release, in the order of its selection.
    async fn preview(&self, id: ReleaseId) -> Result<Vec<PreviewLine>>;
    /// Why a release is not to go any more as composed, with 20 objects at the most: what readers see of them is another version
    /// now, or nothing; or another release that was composed since took something out of them or of what they name. `None` if it
    /// may go, `Missing` if there is no such release.
    async fn changed(&self, id: ReleaseId) -> Result<Option<SealRefusal>>;
    /// Adds an approval to a release that is composed or approved and has this digest: with `required` of them it is
    /// approved. Gives what it then is. `Conflict` otherwise, `Exists` if the officer approved it before, `Refused` if an
    /// object of it is not here any more as composed.
    async fn approve(
        &self,
        id: ReleaseId,
        digest: Digest,
        approval: ApprovalRecord,
        required: u32,
        journal: Vec<JournalEntry>,
    ) -> Result<ReleaseState>;
    /// Objects sealed in the days in UTC from that of `quota.since` on that count against a quota of an agreement: under its
    /// clause in whichever version, and under each of `quota.former` in its version.
    async fn clause_used(&self, agreement: AgreementId, quota: Ceiling) -> Result<u64>;
    /// Keeps a standing approval. `Exists` if one of the same clause and text that is not revoked is good at some moment of
    /// its window.
    async fn put_standing(
        &self,
        standing: StandingRecord,
        journal: Vec<JournalEntry>,
    ) -> Result<()>;
    /// All standing approvals, newest first, each with the objects sealed under it on the day in UTC of `at`.
    async fn standings(&self, at: Timestamp) -> Result<Vec<(StandingRecord, u64)>>;
    /// Revokes a standing approval, at once. `Missing` if there is none, `Conflict` if it was revoked before.
    async fn revoke_standing(
        &self,
        id: StandingId,
        at: Timestamp,
        journal: Vec<JournalEntry>,
    ) -> Result<()>;
    /// Those of these objects that a suspected laboratory here names, by itself or through a relationship or a sighting.
    async fn named_by_sites(&self, ids: Vec<String>) -> Result<Vec<String>>;
    /// The derivatives already made of these originals under an agreement.
    async fn derivatives(
        &self,
        agreement: AgreementId,
        originals: Vec<String>,
    ) -> Result<Vec<DerivativeRecord>>;
    /// How many losses of names and identifiers are known under an agreement, `most` at the most; `None` where nothing was
    /// lost or masked under it.
    async fn lasting_losses(&self, agreement: AgreementId, most: u64) -> Result<Option<u64>>;
    /// What was lost before under an agreement and has to be looked for in objects that are being composed.
    async fn losses(&self, query: LossQuery) -> Result<Losses>;
    /// Which of these objects had something masked in them under an agreement, each with every object that lost it.
    async fn masked_for(
        &self,
        agreement: AgreementId,
        objects: Vec<String>,
    ) -> Result<Vec<(String, String)>>;

    /// Every derivative, under whichever agreement, whose original or whose own id is one of these, oldest first.
    async fn derivatives_known_as(&self, ids: Vec<String>) -> Result<Vec<DerivativeRecord>>;

    // The record, outbound.

    /// Gives a statement its place: payload, sequence, previous, leaf, outbox and journal in one transaction
    /// (docs/protocol.md section 3). `Refused` where the agreement's phase does not let its kind be said, `Conflict` where
    /// another version than the one that it cites is active; it is never issued before anything that was said about the
    /// agreement.
    async fn seal(&self, input: SealInput) -> Result<OutboundRow>;
    /// Attaches the signed envelopes of consecutive statements of one channel, from the first unsigned one on, and the
    /// checkpoint that covers them; gives the new count of signed ones. What another process signed meanwhile stays as
    /// that one signed it.
    async fn attach(
        &self,
        channel: ChannelId,
        envelopes: Vec<(Digest, Vec<u8>)>,
        checkpoint: Option<(u64, String)>,
    ) -> Result<u64>;
    /// Statements that are sealed and not signed, in order; at most `limit`. Checkpoints among them.
    async fn unsigned(&self, limit: u32) -> Result<Vec<OutboundRow>>;
    /// A statement of this party.
    async fn outbound(&self, digest: Digest) -> Result<Option<OutboundRow>>;
    /// The head of a channel of this party; one that never spoke has an empty one.
    async fn outbound_head(&self, channel: ChannelId) -> Result<OutboundHead>;
    /// The hashes of the named nodes of a channel's tree, or of its mirror: those that exist.
    async fn tree_nodes(
        &self,
        channel: ChannelId,
        nodes: Vec<(u8, u64)>,
    ) -> Result<Vec<((u8, u64), Hash)>>;
    /// Signed statements for a partner after the cursor, in order, at most `limit`.
    async fn outbox(&self, partner: PartyRoot, after: u64, limit: u32) -> Result<Vec<OutboundRow>>;
    /// How the partner's outbox stands.
    async fn outbox_view(&self, partner: PartyRoot) -> Result<OutboxView>;
    /// Remembers the pouch that was made of a statement and kept in the spool.
    async fn pouch_made(&self, statement: Digest, pouch: KeptPouch) -> Result<()>;
    /// Moves the cursor forward: everything up to `position` is on the partner's disk. Releases go to delivered.
    async fn delivered(
        &self,
        partner: PartyRoot,
        position: u64,
        journal: Vec<JournalEntry>,
    ) -> Result<()>;
    /// Moves the cursor back, so that the statements of a channel from `sequence` on are sent again.
    async fn rewind(
        &self,
        partner: PartyRoot,
        channel: ChannelId,
        sequence: u64,
        journal: Vec<JournalEntry>,
    ) -> Result<()>;

    // Arrivals.

    /// Takes note of a pouch that is whole on the disk. One that is there already in any state but refused stays as it is.
    async fn receive(&self, pouch: PouchRow, journal: Vec<JournalEntry>) -> Result<()>;
    /// A pouch that arrived.
    async fn pouch(&self, digest: Digest) -> Result<Option<PouchRow>>;
    /// Pouches received and not looked into, oldest first.
    async fn received(&self, limit: u32) -> Result<Vec<PouchRow>>;
    /// Closes a pouch without consuming anything: refused, repeated or held. `Conflict` if that or more was done with it
    /// before, by another process of the same node.
    async fn close_pouch(
        &self,
        digest: Digest,
        state: PouchState,
        code: Option<String>,
        statement: Option<Digest>,
        journal: Vec<JournalEntry>,
    ) -> Result<()>;
    /// What is known of the place that a statement claims.
    async fn slot(
        &self,
        channel: ChannelId,
        sequence: Option<u64>,
        id: comity_model::StatementId,
        nonce: [u8; 32],
    ) -> Result<SlotView>;
    /// Holds a statement that is early, and its pouch with it.
    async fn hold_early(
        &self,
        pouch: Digest,
        arrival: super::Arrival,
        journal: Vec<JournalEntry>,
    ) -> Result<()>;
    /// The pouch of the statement held at the next place of a channel, if there is one.
    async fn next_held(&self, channel: ChannelId) -> Result<Option<PouchRow>>;
    /// Stages a batch of objects of a statement: kept, not visible.
    async fn stage(&self, statement: Digest, batch: Vec<Holding>) -> Result<()>;
    /// The end of a statement's admission. See [`PublishInput`].
    async fn publish(&self, input: PublishInput) -> Result<()>;
    /// The head of a partner's channel; one that was never heard has an empty one.
    async fn inbound_head(&self, channel: ChannelId) -> Result<InboundHead>;
    /// Every channel of a partner from which something was consumed.
    async fn inbound_channels(&self) -> Result<Vec<ChannelId>>;
    /// Receipt entries that are due, in order, at most `limit`.
    async fn receipts_due(
        &self,
        channel: ChannelId,
        limit: u32,
    ) -> Result<Vec<comity_model::statement::ReceiptEntry>>;
    /// Consumed statements, newest first, at most `limit`; receipts and checkpoints are left out unless `all`.
    async fn inbox(&self, limit: u32, all: bool) -> Result<Vec<InboxRow>>;
    /// One consumed statement.
    async fn inbox_row(&self, digest: Digest) -> Result<Option<InboxRow>>;

    // Matters.

    /// Matters of both sides, newest first.
    async fn matters(&self, query: MatterQuery) -> Result<Vec<MatterRow>>;
    /// One matter.
    async fn matter(&self, id: MatterId) -> Result<Option<MatterRow>>;
    /// The matter to which a statement belongs.
    async fn matter_of(&self, statement: Digest) -> Result<Option<MatterRow>>;
    /// The exact payloads of a channel of this party, or of the mirror of a partner's, in the order of the record from
    /// sequence `from` on; at most `limit`. What has no sequence is not among them.
    async fn record_statements(
        &self,
        channel: ChannelId,
        from: u64,
        limit: u32,
    ) -> Result<Vec<Vec<u8>>>;

    // Contacts outside the system. None of it crosses.

    /// Numbers and keeps a contact, linked to these matters. `Exists` if its id does, `Missing` for a matter that does not.
    async fn add_contact(
        &self,
        contact: Contact,
        links: Vec<MatterId>,
        journal: Vec<JournalEntry>,
    ) -> Result<ContactRow>;
    /// Links a contact to one more matter. `Exists` if it is, `Missing` if one of the two is not there.
    async fn link_contact(
        &self,
        id: ContactId,
        matter: MatterId,
        journal: Vec<JournalEntry>,
    ) -> Result<()>;
    /// One contact.
    async fn contact(&self, id: ContactId) -> Result<Option<ContactRow>>;
    /// Contacts, newest first.
    async fn contacts(&self, query: ContactQuery) -> Result<Vec<ContactRow>>;
    /// Keeps that a report was written. `Exists` if there is one on the same by the same template.
    async fn report(&self, report: ReportRow, journal: Vec<JournalEntry>) -> Result<()>;
    /// The reports on something, oldest first.
    async fn reports(&self, on: Reported) -> Result<Vec<ReportRow>>;
    /// Contacts and statements on which there is no report by a template, oldest first. Statements that were refused were
    /// not exchanged.
    async fn unreported(&self, query: UnreportedQuery) -> Result<Vec<Unreported>>;

    // The journal, figures.

    /// Adds lines to the journal that belong to no other transaction.
    async fn journal(&self, entries: Vec<JournalEntry>) -> Result<()>;
    /// Journal lines from `number` on, at most `limit`.
    async fn journal_lines(&self, number: u64, limit: u32) -> Result<Vec<JournalLine>>;
    /// The newest journal lines, newest first, at most `limit`.
    async fn journal_newest(&self, limit: u32) -> Result<Vec<JournalLine>>;
    /// What a channel, of this party or mirrored, holds.
    async fn figures(&self, channel: ChannelId) -> Result<ChannelFigures>;
    /// A number that changes whenever any process has written to the store.
    async fn generation(&self) -> Result<u64>;
}

/// What a folio names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FolioSubject {
    /// A release of this party.
    Release(ReleaseId),
    /// An agreement, all versions of it, as this party numbers it.
    Agreement(AgreementId),
    /// A matter, by any of its statements.
    Matter(MatterId),
    /// A release of a partner: the digest of its statement.
    Inbox(Digest),
    /// A contact outside the system.
    Contact(ContactId),
}
