//! How fast objects go in: `cargo run --profile demo -p comity-store --example admission [OBJECTS]`.
//!
//! Two ways, each with every index and the text index, durable: a partner's release (staged in batches of 1,000, then
//! published), and this party's own objects (held in batches of 1,000).

use std::error::Error;
use std::io::Write as _;
use std::sync::Arc;
use std::time::Instant;

use comity_exchange::ports::{Arrival, PouchRow, PouchState, PublishEffect, PublishInput, Store};
use comity_model::statement::{AgreementRef, Outcome, ReceiptEntry};
use comity_model::{
    AgreementId, ChannelId, Digest, Entropy, Grounds, Holding, Origin, PartyRoot, ReleaseId,
    ReleaseRecord, StatementId, Tlp,
};
use comity_store::{Options, SqliteStore};
use jiff::Timestamp;
use uuid::Uuid;

const BATCH: u64 = 1_000;
const WORDS: [&str; 12] = [
    "drum",
    "tank",
    "broker",
    "consignment",
    "declared",
    "solvent",
    "methylamine",
    "port",
    "seal",
    "weight",
    "invoice",
    "carrier",
];

/// Salts of a measurement need not be secret.
struct Counting;

impl Entropy for Counting {
    fn fill(&self, out: &mut [u8]) {
        out.fill(7);
    }
}

fn holding(number: u64, origin: &Origin) -> Holding {
    let digest = Digest::of(&number.to_be_bytes());
    let (half, _) = digest.as_bytes().split_first_chunk::<16>().unwrap_or((&[0; 16], &[]));
    let id = format!("indicator--{}", uuid::Builder::from_random_bytes(*half).into_uuid());
    let mut text = format!("consignment {number} of");
    for byte in digest.as_bytes().iter().take(22) {
        text.push(' ');
        text.push_str(WORDS.get(usize::from(*byte) % WORDS.len()).copied().unwrap_or("x"));
    }
    let bytes = format!(
        r#"{{"type":"indicator","id":"{id}","description":"{text}","pattern":"[file:name = 'x']"}}"#
    );
    Holding {
        id,
        stix_type: "indicator".to_owned(),
        version: "2026-02-01T00:00:00.000Z".to_owned(),
        modified: Some(Timestamp::UNIX_EPOCH),
        digest: Digest::of(bytes.as_bytes()),
        bytes: bytes.into_bytes(),
        name: Some(format!("consignment {number}")),
        text,
        labels: Vec::new(),
        tlp: Some(Tlp::Amber),
        refs: Vec::new(),
        revoked: false,
        grade: "B2".parse().ok(),
        chain: origin.partner().into_iter().collect(),
        origin: origin.clone(),
        handling: None,
        received_at: Timestamp::UNIX_EPOCH,
    }
}

fn publication(
    statement: Digest,
    pouch: Digest,
    channel: ChannelId,
    objects: u64,
) -> Result<PublishInput, Box<dyn Error>> {
    let at = Timestamp::UNIX_EPOCH;
    let agreement =
        AgreementRef { id: channel.agreement, version: 1, digest: Digest::of(b"agreement") };
    let record = ReleaseRecord {
        v: 1,
        release: ReleaseId::new(Uuid::from_u128(1)),
        folio: "US-2026-000001".parse()?,
        agreement,
        clause: "precursors-south".to_owned(),
        purpose: "precursor-control".to_owned(),
        grounds: Grounds::default(),
        from: channel.from,
        to: channel.to,
        root: Digest::of(b"root"),
        objects,
        redacted: 0,
        parts: Vec::new(),
        composed_at: at,
    };
    Ok(PublishInput {
        pouch,
        arrival: Arrival {
            channel,
            sequence: Some(0),
            digest: statement,
            id: StatementId::new(Uuid::from_u128(2)),
            kind: "release".to_owned(),
            version: 1,
            serial: 0,
            issued_at: at,
            payload: b"payload".to_vec(),
            envelope: b"envelope".to_vec(),
            nonce: [1; 32],
            checkpoint: None,
        },
        leaf: Some([3; 32]),
        holdings: Vec::new(),
        effect: PublishEffect::Release { record },
        receipt: Some(ReceiptEntry {
            sequence: 0,
            digest: statement,
            received_at: at,
            outcome: Outcome::Admitted,
            code: None,
            admitted: objects,
            refused: 0,
            objects: Vec::new(),
        }),
        journal: Vec::new(),
        at,
    })
}

/// A clock that does not move: nothing expires here.
struct Still;

impl comity_exchange::ports::Clock for Still {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let objects: u64 = std::env::args().nth(1).map_or(Ok(100_000), |it| it.parse())?;
    let folder = tempfile::tempdir()?;
    let options = Options::new(Arc::new(Counting), Arc::new(Still));
    let store = SqliteStore::create(&folder.path().join("node.db"), options)?;
    let mut out = std::io::stdout();

    let (us, mx) = (PartyRoot::new(Digest::of(b"us")), PartyRoot::new(Digest::of(b"mx")));
    let agreement = AgreementId::new(Uuid::from_u128(3));
    let channel = ChannelId { agreement, epoch: 1, from: us, to: mx };
    let (statement, pouch) = (Digest::of(b"statement"), Digest::of(b"pouch"));
    let origin = Origin::Partner { party: us, originator: us, agreement, statement };
    let batches = |first: u64, origin: &Origin| -> Vec<Vec<Holding>> {
        let starts = (first..first + objects).step_by(usize::try_from(BATCH).unwrap_or(usize::MAX));
        starts.map(|start| (start..start + BATCH).map(|n| holding(n, origin)).collect()).collect()
    };

    store
        .receive(
            PouchRow {
                digest: pouch,
                size: 1,
                via: Some(us),
                received_at: Timestamp::UNIX_EPOCH,
                state: PouchState::Received,
                code: None,
                statement: None,
            },
            Vec::new(),
        )
        .await?;
    let released = batches(0, &origin);
    let begun = Instant::now();
    for batch in released {
        store.stage(statement, batch).await?;
    }
    let staged = begun.elapsed();
    store.publish(publication(statement, pouch, channel, objects)?).await?;
    let whole = begun.elapsed();
    writeln!(out, "staged     {:>9.0} objects/s", rate(objects, staged))?;
    writeln!(out, "published  {:>9.0} objects/s", rate(objects, whole.saturating_sub(staged)))?;
    writeln!(out, "both       {:>9.0} objects/s", rate(objects, whole))?;

    let own = batches(objects, &Origin::Own { source: "a file".to_owned() });
    let begun = Instant::now();
    for batch in own {
        store.hold(batch, Vec::new()).await?;
    }
    writeln!(out, "held       {:>9.0} objects/s", rate(objects, begun.elapsed()))?;
    let size = std::fs::metadata(store.path())?.len();
    writeln!(out, "{} bytes for an object", size / (2 * objects.max(1)))?;
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "a rate for people")]
fn rate(objects: u64, time: std::time::Duration) -> f64 {
    objects as f64 / time.as_secs_f64()
}
