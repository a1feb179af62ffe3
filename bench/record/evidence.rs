//! Whole evidence of a release (docs/protocol.md section 9): its size, and the time that `comity verify` needs for it.
//!
//! Two parties really release, receive and settle. Then their statements are placed in logs of any length, whose other
//! leaves are simulated: both sign and cosign the checkpoints of these logs with their own keys. So a path has as many
//! hashes as it can have, and everything else is as it is in a file that `comity release evidence` writes.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use comity_bench::machine::processor;
use comity_bench::peers;
use comity_exchange::compose::Selection;
use comity_exchange::evidence::gather::{Wanted, evidence};
use comity_exchange::evidence::{Answer, Evidence, Signed, check};
use comity_log::checkpoint::Checkpoint;
use comity_log::note::SignedNote;
use comity_log::proof::TlogProof;
use comity_log::{inclusion_proof, root_at, statement_leaf};
use comity_model::statement::{Payload, ReceiptBody};
use comity_model::{Digest, PartyRoot};
use comity_testkit::{AgreementText, CLAUSE, Pair, Party, Result, indicators, pair_with, pump};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::report::{Report, Row};
use crate::tree::{Grafted, Tree};

/// Rounds of verifying, of which the middle one is taken.
const ROUNDS: u32 = 5;
/// What a round takes at the least.
const ROUND: Duration = Duration::from_millis(300);
/// Milliseconds that verifying is to take.
const GOAL: f64 = 5.0;
/// Bytes without and with the descriptors that evidence is to have, without the agreement.
const SIZES: [f64; 2] = [32_000.0, 96_000.0];

/// A settled release.
pub(crate) struct Settled {
    pair: Pair,
    evidence: Evidence,
    approvals: usize,
}

/// Releases to the partner with so many approvals, and waits until all is settled and cosigned.
pub(crate) async fn settled(approvals: usize) -> Result<Settled> {
    let approval = if approvals == 1 { "one-person" } else { "two-person" };
    let terms = AgreementText { approval: approval.to_owned(), ..AgreementText::default() };
    let pair = pair_with(&terms).await?;
    pair.us.hold(&indicators(0..3)).await?;
    let all = Selection::Type("indicator".to_owned());
    let sealed = pair.us.release(&pair.mx, CLAUSE, all, approvals).await?;
    for _ in 0..2 {
        pump(&pair.us, &pair.mx).await?;
        pair.clock.advance(SignedDuration::from_secs(61));
    }
    pump(&pair.us, &pair.mx).await?;
    let wanted = Wanted { agreement: true, partial: false };
    let name = sealed.digest.to_string();
    let file = evidence(&pair.us.node, &name, wanted, "an analyst").await?.file;
    Ok(Settled { evidence: Evidence::parse(&file)?, pair, approvals })
}

impl Settled {
    fn roots(&self) -> [PartyRoot; 2] {
        [self.pair.us.node.root(), self.pair.mx.node.root()]
    }

    /// The same evidence with both statements in logs as long as the tree.
    fn at(&self, tree: &Tree) -> Result<Evidence> {
        let (us, mx) = (&self.pair.us, &self.pair.mx);
        let mut evidence = self.evidence.clone();
        let (proof, note) = placed(&evidence.statement.payload, (us, mx), tree)?;
        evidence.proof = proof;
        let receipt = evidence.receipt.take().ok_or("there is no receipt")?;
        let statement = cosigning(&receipt.statement.payload, &note, mx)?;
        let (proof, _) = placed(&statement.payload, (mx, us), tree)?;
        evidence.receipt = Some(Answer { statement, proof });
        Ok(evidence)
    }
}

/// The proof that a statement of `owner` stands in a log as long as the tree, and the checkpoint, which `witness` cosigned.
fn placed(
    payload: &str,
    (owner, witness): (&Party, &Party),
    tree: &Tree,
) -> Result<(String, String)> {
    let statement = Payload::parse(payload.as_bytes())?;
    let place = statement.sequence.ok_or("the statement has no place")?;
    let leaf = statement_leaf(Digest::of(payload.as_bytes()).as_bytes());
    let (size, grafted) = (tree.size(), Grafted { tree, place, leaf });
    let head = Checkpoint::new(&statement.channel().origin(), size, root_at(size, &grafted)?)?;
    let (keys, descriptor) = (owner.node.keys()?, owner.descriptor()?);
    let signed = keys.sign_checkpoint(&head, &descriptor, owner.node.now())?;
    let (keys, descriptor) = (witness.node.keys()?, witness.descriptor()?);
    let note = keys.cosign(&signed, &descriptor, witness.node.now())?;
    let path = inclusion_proof(place, size, &grafted)?;
    let proof = TlogProof::new(place, path, SignedNote::parse(note.as_bytes())?)?;
    Ok((proof.to_string(), note))
}

/// The receipt of `by` that cosigns this checkpoint, and is otherwise the one that it was.
fn cosigning(payload: &str, note: &str, by: &Party) -> Result<Signed> {
    let receipt = Payload::parse(payload.as_bytes())?;
    let carried = receipt.body::<ReceiptBody>()?.cosigned.ok_or("the receipt cosigns nothing")?;
    let text = |note: &str| json!(note).to_string();
    let payload = payload.replace(&text(&carried), &text(note));
    let envelope =
        by.node.keys()?.sign_statement(payload.as_bytes(), &by.descriptor()?, receipt.issued_at)?;
    let envelope: Value = serde_json::from_slice(&envelope)?;
    let signature = |it: &Value| {
        let text = |name: &str| Some(it.get(name)?.as_str()?.to_owned());
        text("keyid").zip(text("sig"))
    };
    let signatures = envelope.get("signatures").and_then(Value::as_array);
    let signatures = signatures.and_then(|all| all.iter().map(signature).collect());
    Ok(Signed { payload, signatures: signatures.ok_or("the receipt was not signed")? })
}

/// Size and time of the evidence of a release in logs as long as the tree. Where the checker of `examples/verify` is to be
/// asked too, it is about the same file.
pub(crate) fn run(
    report: &mut Report,
    settled: &Settled,
    tree: &Tree,
    with_peer: bool,
) -> Result<()> {
    let mut evidence = settled.at(tree)?;
    let file = evidence.to_bytes();
    let roots = settled.roots();
    let proof = check(&file, &roots, None)?;
    let found = proof.release.as_ref().map(|it| it.approvals.len());
    if !proof.missing.is_empty() || proof.agreed.is_none() || found != Some(settled.approvals) {
        return Err("the evidence is not whole".into());
    }
    let time = verifying(|| check(&file, &roots, None).map(drop))?;
    let beside = if with_peer { Some(peer(report, &file, &roots)?) } else { None };
    let about = match settled.approvals {
        1 => format!("evidence, one approval, {} leaves", tree.size()),
        more => format!("evidence, {more} approvals, {} leaves", tree.size()),
    };
    let mut row = |what: &str, value, unit, goal, beside| {
        let name = format!("{about}: {what}");
        report.row(Row { name, value, unit, goal, lower_is_better: true, beside })
    };
    let beside = beside.map(|time| ("examples/verify in Python, over `cryptography`", time));
    row("reading and verifying it whole", time, "ms", Some(GOAL), beside)?;
    let [bare, described] = SIZES.map(Some);
    row("the whole file", bytes(&evidence), "bytes", None, None)?;
    evidence.agreement = None;
    row("without the agreement", bytes(&evidence), "bytes", described, None)?;
    evidence.descriptors.clear();
    row("without it and the descriptors", bytes(&evidence), "bytes", bare, None)
}

#[expect(clippy::cast_precision_loss, reason = "a figure for people")]
fn bytes(evidence: &Evidence) -> f64 {
    evidence.to_bytes().len() as f64
}

/// Milliseconds of the processor for one check.
fn verifying<E>(mut one: impl FnMut() -> Result<(), E>) -> Result<f64, E> {
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        let (begun, mut times) = (processor(), 0_u32);
        while times == 0 || processor().saturating_sub(begun) < ROUND {
            one()?;
            times += 1;
        }
        let took = processor().saturating_sub(begun).as_secs_f64();
        rounds.push(took * 1_000.0 / f64::from(times));
    }
    rounds.sort_by(f64::total_cmp);
    Ok(rounds.get(rounds.len() / 2).copied().unwrap_or_default())
}

/// What the independent checker takes for the same file, in milliseconds of the processor.
fn peer(report: &mut Report, file: &[u8], roots: &[PartyRoot]) -> Result<f64> {
    let mut hex = String::with_capacity(file.len() * 2);
    for byte in file {
        write!(hex, "{byte:02x}")?;
    }
    let roots: Vec<String> = roots.iter().map(ToString::to_string).collect();
    let cases = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("record-evidence.jsonl");
    let line = json!({ "file": hex, "roots": roots }).to_string();
    // The same file over and over, so that a round lasts.
    std::fs::write(&cases, format!("{line}\n").repeat(100))?;
    let pace = peers::measure("evidence", ROUND.as_secs_f64(), ROUNDS, &cases, None)?;
    std::fs::remove_file(&cases)?;
    report.peer("cryptography", &pace.version);
    report.peer("python", &pace.python);
    Ok(pace.seconds * 1_000.0 / pace.items)
}
