//! Throwaway stores and small domain values.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use comity_exchange::ports::{
    ApprovalRecord, Arrival, ComposeInput, JournalEntry, NodeRecord, OutboundRow, PartContent,
    PouchRow, PouchState, PublishEffect, PublishInput, ReleaseRow, ReleaseTemplate, ReleaseTerms,
    SealEffect, SealInput, Store, StoredPart,
};
use comity_log::{Hash, statement_leaf};
use comity_model::statement::{
    AgreementRef, CheckpointBody, Draft, Kind, Nonce, Outcome, Payload, ReceiptBody, ReceiptEntry,
    ReleaseBody,
};
use comity_model::{
    AgreementId, ChannelId, Digest, Entropy, Grounds, Holding, OfficerId, Origin, PartyRoot,
    ReleaseId, ReleaseRecord, StatementId,
};
use comity_store::{Options, SqliteStore};
use jiff::Timestamp;
use serde_json::json;
use serde_json::value::RawValue;
use tempfile::TempDir;
use uuid::Uuid;

/// A store in a folder that goes with it.
pub(crate) struct Fresh {
    pub(crate) store: SqliteStore,
    pub(crate) folder: TempDir,
}

/// A new, empty store.
pub(crate) fn fresh() -> Fresh {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::create(&folder.path().join("node.db"), options()).unwrap();
    Fresh { store, folder }
}

pub(crate) fn options() -> Options {
    options_at(0)
}

/// With a clock that stands so many seconds after the start of 2026-03-01.
pub(crate) fn options_at(seconds: i64) -> Options {
    Options::new(Arc::new(Counter(AtomicU64::new(0))), Arc::new(Still(at(seconds))))
}

struct Still(Timestamp);

impl comity_exchange::ports::Clock for Still {
    fn now(&self) -> Timestamp {
        self.0
    }
}

/// Bytes that never repeat, and nothing more.
struct Counter(AtomicU64);

impl Entropy for Counter {
    fn fill(&self, out: &mut [u8]) {
        for chunk in out.chunks_mut(8) {
            let next = self.0.fetch_add(1, Ordering::Relaxed).to_be_bytes();
            chunk.copy_from_slice(&next[..chunk.len()]);
        }
    }
}

pub(crate) fn root(name: &str) -> PartyRoot {
    PartyRoot::new(Digest::of(name.as_bytes()))
}

pub(crate) fn us() -> PartyRoot {
    root("us")
}

pub(crate) fn mx() -> PartyRoot {
    root("mx")
}

/// The agreement of all the tests.
pub(crate) fn agreement() -> AgreementRef {
    let id = AgreementId::new(Uuid::from_u128(7));
    AgreementRef { id, version: 1, digest: Digest::of(b"agreement") }
}

/// What `us` says to `mx`.
pub(crate) fn outward() -> ChannelId {
    ChannelId { agreement: agreement().id, epoch: 1, from: us(), to: mx() }
}

/// What `mx` says to `us`.
pub(crate) fn inward() -> ChannelId {
    outward().reverse()
}

/// Seconds after the start of 2026-03-01.
pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_772_323_200 + seconds).unwrap()
}

pub(crate) fn line(event: &str) -> JournalEntry {
    JournalEntry {
        at: at(0),
        event: event.to_owned(),
        subject: "a subject".to_owned(),
        actor: "officer-1".to_owned(),
        details: json!({}),
    }
}

/// The events in the journal.
pub(crate) async fn events(store: &dyn Store) -> Vec<String> {
    let lines = store.journal_lines(0, 10_000).await.unwrap();
    lines.into_iter().map(|line| line.entry.event).collect()
}

pub(crate) fn node() -> NodeRecord {
    NodeRecord {
        handle: "us".parse().unwrap(),
        name: "An authority".to_owned(),
        root: us(),
        exercise: false,
        descriptor: "descriptor".to_owned(),
        serial: 1,
        created_at: at(0),
    }
}

/// Makes the node `us`.
pub(crate) async fn make_node(store: &dyn Store) {
    store.create_node(node(), vec![]).await.unwrap();
}

/// An object of this party, of version `minute`.
pub(crate) fn own(name: &str, minute: i64, text: &str) -> Holding {
    let stix_type = "indicator";
    let modified = at(60 * minute);
    let bytes =
        format!(r#"{{"type": "{stix_type}", "name":"{name}", "x":  "{text}"}}"#).into_bytes();
    Holding {
        id: id(name),
        stix_type: stix_type.to_owned(),
        version: modified.to_string(),
        modified: Some(modified),
        digest: Digest::of(&bytes),
        bytes,
        name: Some(name.to_owned()),
        text: text.to_owned(),
        labels: vec!["precursor".to_owned()],
        tlp: "amber".parse().ok(),
        refs: vec![id("someone")],
        revoked: false,
        grade: "B2".parse().ok(),
        origin: Origin::Own { source: "a file".to_owned() },
        chain: vec![],
        handling: None,
        received_at: at(0),
    }
}

/// The id of the object that tests call `name`.
pub(crate) fn id(name: &str) -> String {
    let digest = Digest::of(name.as_bytes());
    let half: [u8; 16] = digest.as_bytes()[..16].try_into().unwrap();
    format!("indicator--{}", uuid::Builder::from_random_bytes(half).into_uuid())
}

/// The same object as it comes from `mx` in a statement.
pub(crate) fn theirs(statement: Digest, name: &str, minute: i64, text: &str) -> Holding {
    let origin =
        Origin::Partner { party: mx(), originator: mx(), agreement: agreement().id, statement };
    Holding { origin, chain: vec![mx()], ..own(name, minute, text) }
}

/// Something to compose.
pub(crate) fn composition(number: u128) -> ComposeInput {
    let record = ReleaseRecord {
        v: 1,
        release: ReleaseId::new(Uuid::from_u128(number)),
        folio: "US-1999-000999".parse().unwrap(),
        agreement: agreement(),
        clause: "precursors-south".to_owned(),
        purpose: "precursor-control".to_owned(),
        grounds: Grounds::default(),
        from: us(),
        to: mx(),
        root: Digest::of(b"root"),
        objects: 2,
        redacted: 1,
        parts: vec![],
        composed_at: at(0),
    };
    let inline = PartContent::Inline(b"lines".to_vec());
    let blob = PartContent::Blob(Digest::of(b"objects"));
    ComposeInput {
        template: ReleaseTemplate { record },
        parts: vec![
            StoredPart { name: "manifest.jsonl".to_owned(), size: 5, content: inline },
            StoredPart { name: "objects.jsonl".to_owned(), size: 7, content: blob },
        ],
        preview: vec![],
        derivatives: vec![],
        losses: vec![],
        masks: vec![],
        composer: "officer-1".to_owned(),
        at: at(0),
    }
}

pub(crate) fn approval(officer: u128) -> ApprovalRecord {
    ApprovalRecord {
        officer: OfficerId::new(Uuid::from_u128(officer)),
        name: format!("officer-{officer}"),
        certificate: "certificate".to_owned(),
        approval: "approval".to_owned(),
        at: at(1),
    }
}

/// A release that is composed and approved.
pub(crate) async fn approved(store: &dyn Store, number: u128) -> ReleaseRow {
    let row = store.compose(composition(number), vec![]).await.unwrap();
    let id = row.record.release;
    store.approve(id, row.digest, approval(1), 1, vec![]).await.unwrap();
    store.release(id).await.unwrap().unwrap()
}

/// Everything of a statement but its place. `number` makes its id and nonce.
pub(crate) fn draft(kind: Kind, number: u128, body: &impl serde::Serialize) -> Draft {
    Draft {
        kind,
        id: StatementId::new(Uuid::from_u128(number)),
        nonce: nonce(number),
        channel: outward(),
        agreement: agreement(),
        issued_at: at(10),
        parts: vec![],
        body: RawValue::from_string(serde_json::to_string(body).unwrap()).unwrap(),
    }
}

pub(crate) fn nonce(number: u128) -> Nonce {
    Nonce(*Digest::of(&number.to_be_bytes()).as_bytes())
}

pub(crate) fn sealing(draft: Draft, effect: SealEffect) -> SealInput {
    SealInput {
        partner: draft.channel.to,
        draft,
        parts: vec![],
        effect,
        serial: None,
        journal: vec![line("sealed")],
    }
}

/// What seals an approved release.
pub(crate) fn seal_of(release: &ReleaseRow, number: u128) -> SealInput {
    let body = ReleaseBody {
        release: String::from_utf8(release.bytes.clone()).unwrap(),
        approvals: vec![],
    };
    let terms = ReleaseTerms {
        version: release.record.agreement.version,
        clause: release.record.clause.clone(),
        objects: release.record.objects,
        quotas: Vec::new(),
        standing: None,
    };
    let (id, digest) = (release.record.release, release.digest);
    let effect = SealEffect::Release { release: id, digest, terms };
    sealing(draft(Kind::Release, number, &body), effect)
}

/// A release from compose to seal.
pub(crate) async fn sealed(store: &dyn Store, number: u128) -> OutboundRow {
    let release = approved(store, number).await;
    store.seal(seal_of(&release, number)).await.unwrap()
}

/// What seals a receipt for these places of the partner's channel, cosigning up to `cosigned`.
pub(crate) fn receipt_of(number: u128, sequences: &[u64], cosigned: Option<u64>) -> SealInput {
    let note = cosigned.map(|size| format!("note {size}"));
    let body = ReceiptBody { entries: vec![], cosigned: note, epoch: None };
    let effect = SealEffect::Receipt { channel: inward(), sequences: sequences.to_vec(), cosigned };
    sealing(draft(Kind::Receipt, number, &body), effect)
}

pub(crate) fn checkpoint_of(number: u128, cosigned: u64) -> SealInput {
    let body = CheckpointBody { cosigned: format!("note {cosigned}") };
    let effect = SealEffect::Checkpoint { channel: inward(), cosigned };
    sealing(draft(Kind::Checkpoint, number, &body), effect)
}

/// Signs the first `count` of what is unsigned in the channel outward.
pub(crate) async fn sign(store: &dyn Store, count: usize) -> Vec<Digest> {
    let unsigned = store.unsigned(1_000).await.unwrap();
    let digests: Vec<Digest> = unsigned.iter().take(count).map(|row| row.digest).collect();
    let envelopes = digests.iter().map(|it| (*it, it.hex().into_bytes())).collect();
    store.attach(outward(), envelopes, None).await.unwrap();
    digests
}

/// A pouch that is whole on the disk.
pub(crate) fn pouch(name: &str) -> PouchRow {
    PouchRow {
        digest: Digest::of(name.as_bytes()),
        size: 100,
        via: Some(mx()),
        received_at: at(20),
        state: PouchState::Received,
        code: None,
        statement: None,
    }
}

pub(crate) async fn arrived(store: &dyn Store, name: &str) -> Digest {
    let row = pouch(name);
    let digest = row.digest;
    store.receive(row, vec![]).await.unwrap();
    digest
}

/// Statement `sequence` of `mx`.
pub(crate) fn arrival(sequence: u64, kind: Kind) -> Arrival {
    let payload = format!("payload {sequence}").into_bytes();
    let number = 1_000 + u128::from(sequence);
    Arrival {
        channel: inward(),
        sequence: kind.is_sequenced().then_some(sequence),
        digest: Digest::of(&payload),
        id: StatementId::new(Uuid::from_u128(number)),
        kind: kind.as_str().to_owned(),
        version: 1,
        serial: 0,
        issued_at: at(5),
        payload,
        envelope: b"envelope".to_vec(),
        nonce: nonce(number).0,
        checkpoint: None,
    }
}

/// A statement as its receiver meets it.
pub(crate) fn arrival_of(row: &OutboundRow) -> Arrival {
    let payload = Payload::parse(&row.payload).unwrap();
    Arrival {
        channel: row.channel,
        sequence: row.sequence,
        digest: row.digest,
        id: row.id,
        kind: payload.kind,
        version: payload.agreement.version,
        serial: 0,
        issued_at: payload.issued_at,
        payload: row.payload.clone(),
        envelope: row.envelope.clone().unwrap_or_default(),
        nonce: payload.nonce.0,
        checkpoint: None,
    }
}

pub(crate) fn entry(sequence: u64, digest: Digest, outcome: Outcome) -> ReceiptEntry {
    let (admitted, refused) = match outcome {
        Outcome::Admitted => (2, 0),
        Outcome::Partial => (1, 1),
        Outcome::Refused => (0, 2),
    };
    let code = (outcome == Outcome::Refused).then(|| "bad-body".to_owned());
    ReceiptEntry {
        sequence,
        digest,
        received_at: at(20),
        outcome,
        code,
        admitted,
        refused,
        objects: vec![],
    }
}

/// The leaf of a statement in its channel's log.
pub(crate) fn leaf(digest: &Digest) -> Hash {
    statement_leaf(digest.as_bytes())
}

/// The end of a statement's admission, with a receipt if its kind has one.
pub(crate) fn publication(pouch: Digest, arrival: Arrival, effect: PublishEffect) -> PublishInput {
    let outcome = match effect {
        PublishEffect::Nothing => Outcome::Refused,
        _ => Outcome::Admitted,
    };
    let receipted = Kind::from_word(&arrival.kind).is_none_or(Kind::is_receipted);
    let receipt = arrival
        .sequence
        .filter(|_| receipted)
        .map(|sequence| entry(sequence, arrival.digest, outcome));
    PublishInput {
        pouch,
        leaf: arrival.sequence.map(|_| leaf(&arrival.digest)),
        holdings: vec![],
        effect,
        receipt,
        journal: vec![line("consumed")],
        at: at(30),
        arrival,
    }
}

/// The record of a partner's release.
pub(crate) fn their_release(number: u32) -> PublishEffect {
    let record = ReleaseRecord {
        folio: format!("MX-2026-{number:06}").parse().unwrap(),
        from: mx(),
        to: us(),
        ..composition(u128::from(number)).template.record
    };
    PublishEffect::Release { record }
}

/// Consumes release `sequence` of `mx` with these objects.
pub(crate) async fn consumed(store: &dyn Store, sequence: u64, holdings: Vec<Holding>) -> Digest {
    let pouch = arrived(store, &format!("pouch {sequence}")).await;
    let arrival = arrival(sequence, Kind::Release);
    let digest = arrival.digest;
    let effect = their_release(u32::try_from(sequence).unwrap() + 1);
    let input = PublishInput { holdings, ..publication(pouch, arrival, effect) };
    store.publish(input).await.unwrap();
    digest
}

/// The digest that statement `sequence` of `mx` has in these tests.
pub(crate) fn their_digest(sequence: u64) -> Digest {
    arrival(sequence, Kind::Release).digest
}
