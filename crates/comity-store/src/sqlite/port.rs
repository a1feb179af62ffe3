//! The port, method by method: a name for the metrics and the transaction that does the work.

use async_trait::async_trait;
use comity_exchange::ports::{
    AgreementEvent, AgreementRecord, ApprovalRecord, Arrival, Ceiling, ChannelFigures,
    ComposeInput, Contact, ContactQuery, ContactRow, DerivativeRecord, DescriptorPlace,
    DescriptorRow, FolioSubject, HoldSummary, HoldingPage, HoldingQuery, InboundHead, InboxRow,
    JournalEntry, JournalLine, KeptPouch, LossQuery, Losses, MatterQuery, MatterRow, NodeRecord,
    NotHeld, OfficerRecord, OutboundHead, OutboundRow, OutboxView, OwnDescriptor, PartyRecord,
    PouchRow, PouchState, PreviewLine, PublishInput, ReleaseRow, ReleaseState, ReportRow, Reported,
    SealInput, SealRefusal, SlotView, StandingRecord, Store, StoreError, TypeCount, Unreported,
    UnreportedQuery,
};
use comity_log::Hash;
use comity_model::statement::ReceiptEntry;
use comity_model::{
    AgreementId, ChannelId, ContactId, Digest, Folio, Holding, MatterId, PartyRoot, ReleaseId,
    StandingId, StatementId,
};
use jiff::Timestamp;

use super::fault::{self, corrupt};
use super::holdings::{query, sites};
use super::tx::Read;
use super::{
    SqliteStore, ceilings, channels, conduct, contacts, descriptors, figures, folios, holdings,
    journal, losses, matters, node, outbox, pouches, publish, releases, seal,
};

type Result<T> = std::result::Result<T, StoreError>;

#[async_trait]
impl Store for SqliteStore {
    async fn create_node(&self, node: NodeRecord, journal: Vec<JournalEntry>) -> Result<()> {
        self.write("create-node", move |tx| node::create(tx, &node, &journal)).await
    }

    async fn node(&self) -> Result<Option<NodeRecord>> {
        self.read("node", node::node).await
    }

    async fn put_party(&self, party: PartyRecord, journal: Vec<JournalEntry>) -> Result<()> {
        self.write("put-party", move |tx| node::put_party(tx, &party, &journal)).await
    }

    async fn confirm_party(
        &self,
        root: PartyRoot,
        at: Timestamp,
        journal: Vec<JournalEntry>,
    ) -> Result<()> {
        self.write("confirm-party", move |tx| node::confirm_party(tx, root, at, &journal)).await
    }

    async fn parties(&self) -> Result<Vec<PartyRecord>> {
        self.read("parties", node::parties).await
    }

    async fn descriptors(&self, party: PartyRoot) -> Result<Vec<DescriptorRow>> {
        self.read("descriptors", move |read| descriptors::of_party(read, party)).await
    }

    async fn descriptor_places(&self, channel: ChannelId) -> Result<Vec<DescriptorPlace>> {
        self.read("descriptor-places", move |read| descriptors::places(read, &channel)).await
    }

    async fn renew_descriptor(&self, own: OwnDescriptor, journal: Vec<JournalEntry>) -> Result<()> {
        self.write("renew-descriptor", move |tx| descriptors::renew(tx, &own, &journal)).await
    }

    async fn put_officer(&self, officer: OfficerRecord, journal: Vec<JournalEntry>) -> Result<()> {
        self.write("put-officer", move |tx| node::put_officer(tx, &officer, &journal)).await
    }

    async fn officers(&self) -> Result<Vec<OfficerRecord>> {
        self.read("officers", node::officers).await
    }

    async fn put_agreement(
        &self,
        agreement: AgreementRecord,
        journal: Vec<JournalEntry>,
    ) -> Result<AgreementRecord> {
        self.write("put-agreement", move |tx| node::put_agreement(tx, &agreement, journal)).await
    }

    async fn agreements(&self) -> Result<Vec<AgreementRecord>> {
        self.read("agreements", node::agreements).await
    }

    async fn agreement_events(&self, agreement: AgreementId) -> Result<Vec<AgreementEvent>> {
        self.read("agreement-events", move |read| conduct::events(read, agreement)).await
    }

    async fn hold(
        &self,
        batch: Vec<Holding>,
        journal: Vec<JournalEntry>,
    ) -> Result<(HoldSummary, Vec<NotHeld>)> {
        self.write("hold", move |tx| holdings::hold(tx, &batch, &journal)).await
    }

    async fn holding(&self, id: String) -> Result<Option<Holding>> {
        let now = self.now();
        self.read("holding", move |read| query::one(read, &id, now)).await
    }

    async fn holding_versions(&self, id: String) -> Result<Vec<Holding>> {
        let now = self.now();
        self.read("holding-versions", move |read| query::versions(read, &id, now)).await
    }

    async fn holdings(&self, query: HoldingQuery) -> Result<HoldingPage> {
        let now = self.now();
        self.read("holdings", move |read| query::page(read, &query, now)).await
    }

    async fn counts(&self) -> Result<Vec<TypeCount>> {
        let now = self.now();
        self.read("counts", move |read| query::counts(read, now)).await
    }

    async fn compose(&self, input: ComposeInput, journal: Vec<JournalEntry>) -> Result<ReleaseRow> {
        self.write("compose", move |tx| releases::compose(tx, &input, &journal)).await
    }

    async fn release(&self, id: ReleaseId) -> Result<Option<ReleaseRow>> {
        self.read("release", move |read| releases::release(read, id)).await
    }

    async fn by_folio(&self, folio: Folio) -> Result<Option<FolioSubject>> {
        self.read("by-folio", move |read| folios::subject(read, &folio)).await
    }

    async fn releases(&self, limit: u32) -> Result<Vec<ReleaseRow>> {
        self.read("releases", move |read| releases::releases(read, limit)).await
    }

    async fn preview(&self, id: ReleaseId) -> Result<Vec<PreviewLine>> {
        self.read("preview", move |read| releases::preview(read, id)).await
    }

    async fn changed(&self, id: ReleaseId) -> Result<Option<SealRefusal>> {
        self.read("changed", move |read| {
            let release = releases::find(read, id)?.ok_or_else(|| releases::no_release(id))?;
            releases::changed(read, release.number)
        })
        .await
    }

    async fn approve(
        &self,
        id: ReleaseId,
        digest: Digest,
        approval: ApprovalRecord,
        required: u32,
        journal: Vec<JournalEntry>,
    ) -> Result<ReleaseState> {
        self.write("approve", move |tx| {
            releases::approve(tx, id, &digest, &approval, required, &journal)
        })
        .await
    }

    async fn clause_used(&self, agreement: AgreementId, quota: Ceiling) -> Result<u64> {
        self.read("clause-used", move |read| ceilings::used(read, agreement, &quota)).await
    }

    async fn put_standing(
        &self,
        standing: StandingRecord,
        journal: Vec<JournalEntry>,
    ) -> Result<()> {
        self.write("put-standing", move |tx| ceilings::put(tx, &standing, &journal)).await
    }

    async fn standings(&self, at: Timestamp) -> Result<Vec<(StandingRecord, u64)>> {
        self.read("standings", move |read| ceilings::standings(read, at)).await
    }

    async fn revoke_standing(
        &self,
        id: StandingId,
        at: Timestamp,
        journal: Vec<JournalEntry>,
    ) -> Result<()> {
        self.write("revoke-standing", move |tx| ceilings::revoke(tx, id, at, &journal)).await
    }

    async fn named_by_sites(&self, ids: Vec<String>) -> Result<Vec<String>> {
        self.read("named-by-sites", move |read| sites::named_by_sites(read, &ids)).await
    }

    async fn derivatives(
        &self,
        agreement: AgreementId,
        originals: Vec<String>,
    ) -> Result<Vec<DerivativeRecord>> {
        self.read("derivatives", move |read| releases::derivatives(read, agreement, &originals))
            .await
    }

    async fn lasting_losses(&self, agreement: AgreementId, most: u64) -> Result<Option<u64>> {
        self.read("lasting-losses", move |read| losses::lasting(read, agreement, most)).await
    }

    async fn losses(&self, query: LossQuery) -> Result<Losses> {
        self.read("losses", move |read| losses::losses(read, &query)).await
    }

    async fn masked_for(
        &self,
        agreement: AgreementId,
        objects: Vec<String>,
    ) -> Result<Vec<(String, String)>> {
        self.read("masked-for", move |read| losses::masked_for(read, agreement, &objects)).await
    }

    async fn derivatives_known_as(&self, ids: Vec<String>) -> Result<Vec<DerivativeRecord>> {
        self.read("derivatives-known-as", move |read| releases::known_as(read, &ids)).await
    }

    async fn seal(&self, input: SealInput) -> Result<OutboundRow> {
        self.write("seal", move |tx| seal::seal(tx, input)).await
    }

    async fn attach(
        &self,
        channel: ChannelId,
        envelopes: Vec<(Digest, Vec<u8>)>,
        checkpoint: Option<(u64, String)>,
    ) -> Result<u64> {
        self.write("attach", move |tx| outbox::attach(tx, &channel, &envelopes, checkpoint)).await
    }

    async fn unsigned(&self, limit: u32) -> Result<Vec<OutboundRow>> {
        self.read("unsigned", move |read| outbox::unsigned(read, limit)).await
    }

    async fn outbound(&self, digest: Digest) -> Result<Option<OutboundRow>> {
        self.read("outbound", move |read| outbox::outbound(read, &digest)).await
    }

    async fn outbound_head(&self, channel: ChannelId) -> Result<OutboundHead> {
        self.read("outbound-head", move |read| {
            channels::outbound(read, channels::find(read, &channel)?)
        })
        .await
    }

    async fn tree_nodes(
        &self,
        channel: ChannelId,
        nodes: Vec<(u8, u64)>,
    ) -> Result<Vec<((u8, u64), Hash)>> {
        self.read("tree-nodes", move |read| channels::nodes(read, &channel, &nodes)).await
    }

    async fn outbox(&self, partner: PartyRoot, after: u64, limit: u32) -> Result<Vec<OutboundRow>> {
        self.read("outbox", move |read| outbox::outbox(read, partner, after, limit)).await
    }

    async fn outbox_view(&self, partner: PartyRoot) -> Result<OutboxView> {
        self.read("outbox-view", move |read| outbox::view(read, partner)).await
    }

    async fn pouch_made(&self, statement: Digest, pouch: KeptPouch) -> Result<()> {
        self.write("pouch-made", move |tx| outbox::pouch_made(tx, &statement, &pouch)).await
    }

    async fn delivered(
        &self,
        partner: PartyRoot,
        position: u64,
        journal: Vec<JournalEntry>,
    ) -> Result<()> {
        self.write("delivered", move |tx| outbox::delivered(tx, partner, position, &journal)).await
    }

    async fn rewind(
        &self,
        partner: PartyRoot,
        channel: ChannelId,
        sequence: u64,
        journal: Vec<JournalEntry>,
    ) -> Result<()> {
        self.write("rewind", move |tx| outbox::rewind(tx, partner, &channel, sequence, &journal))
            .await
    }

    async fn receive(&self, pouch: PouchRow, journal: Vec<JournalEntry>) -> Result<()> {
        self.write("receive", move |tx| pouches::receive(tx, &pouch, &journal)).await
    }

    async fn pouch(&self, digest: Digest) -> Result<Option<PouchRow>> {
        self.read("pouch", move |read| pouches::pouch(read, &digest)).await
    }

    async fn received(&self, limit: u32) -> Result<Vec<PouchRow>> {
        self.read("received", move |read| pouches::received(read, limit)).await
    }

    async fn close_pouch(
        &self,
        digest: Digest,
        state: PouchState,
        code: Option<String>,
        statement: Option<Digest>,
        journal: Vec<JournalEntry>,
    ) -> Result<()> {
        self.write("close-pouch", move |tx| {
            pouches::close(tx, &digest, state, code.as_deref(), statement, &journal)
        })
        .await
    }

    async fn slot(
        &self,
        channel: ChannelId,
        sequence: Option<u64>,
        id: StatementId,
        nonce: [u8; 32],
    ) -> Result<SlotView> {
        self.read("slot", move |read| pouches::slot(read, &channel, sequence, id, &nonce)).await
    }

    async fn hold_early(
        &self,
        pouch: Digest,
        arrival: Arrival,
        journal: Vec<JournalEntry>,
    ) -> Result<()> {
        self.write("hold-early", move |tx| pouches::hold_early(tx, &pouch, &arrival, &journal))
            .await
    }

    async fn next_held(&self, channel: ChannelId) -> Result<Option<PouchRow>> {
        self.read("next-held", move |read| pouches::next_held(read, &channel)).await
    }

    async fn stage(&self, statement: Digest, batch: Vec<Holding>) -> Result<()> {
        self.write("stage", move |tx| holdings::stage(tx, &statement, &batch)).await
    }

    async fn publish(&self, input: PublishInput) -> Result<()> {
        self.write("publish", move |tx| publish::publish(tx, input)).await
    }

    async fn inbound_head(&self, channel: ChannelId) -> Result<InboundHead> {
        self.read("inbound-head", move |read| {
            channels::inbound(read, channels::find(read, &channel)?)
        })
        .await
    }

    async fn inbound_channels(&self) -> Result<Vec<ChannelId>> {
        self.read("inbound-channels", channels::heard).await
    }

    async fn receipts_due(&self, channel: ChannelId, limit: u32) -> Result<Vec<ReceiptEntry>> {
        self.read("receipts-due", move |read| publish::receipts_due(read, &channel, limit)).await
    }

    async fn inbox(&self, limit: u32, all: bool) -> Result<Vec<InboxRow>> {
        self.read("inbox", move |read| publish::inbox(read, limit, all)).await
    }

    async fn inbox_row(&self, digest: Digest) -> Result<Option<InboxRow>> {
        self.read("inbox-row", move |read| publish::inbox_row(read, &digest)).await
    }

    async fn matters(&self, query: MatterQuery) -> Result<Vec<MatterRow>> {
        self.read("matters", move |read| matters::matters(read, &query)).await
    }

    async fn matter(&self, id: MatterId) -> Result<Option<MatterRow>> {
        self.read("matter", move |read| matters::matter(read, id)).await
    }

    async fn matter_of(&self, statement: Digest) -> Result<Option<MatterRow>> {
        self.read("matter-of", move |read| matters::of_statement(read, statement)).await
    }

    async fn record_statements(
        &self,
        channel: ChannelId,
        from: u64,
        limit: u32,
    ) -> Result<Vec<Vec<u8>>> {
        self.read("record-statements", move |read| {
            channels::statements(read, &channel, from, limit)
        })
        .await
    }

    async fn add_contact(
        &self,
        contact: Contact,
        links: Vec<MatterId>,
        journal: Vec<JournalEntry>,
    ) -> Result<ContactRow> {
        self.write("add-contact", move |tx| contacts::add(tx, &contact, &links, &journal)).await
    }

    async fn link_contact(
        &self,
        id: ContactId,
        matter: MatterId,
        journal: Vec<JournalEntry>,
    ) -> Result<()> {
        self.write("link-contact", move |tx| contacts::link(tx, id, matter, &journal)).await
    }

    async fn contact(&self, id: ContactId) -> Result<Option<ContactRow>> {
        self.read("contact", move |read| contacts::contact_row(read, id)).await
    }

    async fn contacts(&self, query: ContactQuery) -> Result<Vec<ContactRow>> {
        self.read("contacts", move |read| contacts::contacts(read, &query)).await
    }

    async fn report(&self, report: ReportRow, journal: Vec<JournalEntry>) -> Result<()> {
        self.write("report", move |tx| contacts::report(tx, &report, &journal)).await
    }

    async fn reports(&self, on: Reported) -> Result<Vec<ReportRow>> {
        self.read("reports", move |read| contacts::reports(read, on)).await
    }

    async fn unreported(&self, query: UnreportedQuery) -> Result<Vec<Unreported>> {
        self.read("unreported", move |read| contacts::unreported(read, &query)).await
    }

    async fn journal(&self, entries: Vec<JournalEntry>) -> Result<()> {
        self.write("journal", move |tx| journal::write(tx, &entries)).await
    }

    async fn journal_lines(&self, number: u64, limit: u32) -> Result<Vec<JournalLine>> {
        self.read("journal-lines", move |read| journal::lines(read, number, limit)).await
    }

    async fn journal_newest(&self, limit: u32) -> Result<Vec<JournalLine>> {
        self.read("journal-newest", move |read| journal::newest(read, limit)).await
    }

    async fn figures(&self, channel: ChannelId) -> Result<ChannelFigures> {
        self.read("figures", move |read| figures::figures(read, &channel)).await
    }

    async fn generation(&self) -> Result<u64> {
        self.read("generation", generation).await
    }
}

fn generation(read: &Read<'_>) -> fault::Result<u64> {
    read.value("SELECT value FROM counter WHERE name = 'generation'", [])?
        .ok_or_else(|| corrupt("its counters"))
}
