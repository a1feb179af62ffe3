//! Gathering evidence out of a node, for what this party said and for what it was told (docs/protocol.md section 9.2).

use comity_log::checkpoint::Checkpoint;
use comity_log::note::SignedNote;
use comity_model::statement::{Kind, Payload, ReceiptBody};
use comity_model::{ChannelId, Digest, Folio, PartyRoot, ReleaseId};
use comity_pouch::Envelope;
use serde_json::json;

use super::check::{Missing, Proof, Revocation, check_document};
use super::file::{Answer, Evidence, Signed};
use super::keys::holders;
use super::keys::lines::proof_of;
use crate::agreement::find_version;
use crate::error::{ExchangeError, Result};
use crate::node::Node;
use crate::ports::FolioSubject;
use crate::record;

mod answers;
mod collision;

pub(crate) use collision::is_forked;
pub use collision::{Seen, SeenTwice, collisions, equivocation, equivocation_into};

/// What goes into a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// Whether the agreement's text goes with it.
    pub agreement: bool,
    /// Whether it is written although something is missing.
    pub partial: bool,
}

/// What was gathered.
#[derive(Debug, Clone)]
pub struct Gathered {
    /// The file.
    pub file: Vec<u8>,
    /// The statement that it is about.
    pub statement: Digest,
    /// Its kind.
    pub kind: Kind,
    /// What is missing but the agreement's text, which is left out on demand; whole evidence lacks nothing that
    /// [is needed](Missing::is_needed).
    pub missing: Vec<Missing>,
    /// Whether keys that it rests on were taken back.
    pub revocation: Revocation,
}

/// Gathers the evidence of a statement of this party or of a partner: `name` is the folio of a release or of a statement
/// of a matter, the id of a release of this party, or a statement's digest. `by` is who asks, for the journal.
///
/// # Errors
/// Refused are a statement without a place (`no-place`), one that is not signed yet (`not-signed`), and, unless `wanted`
/// says otherwise, one that is not settled (`not-settled`), with what is missing. Either way it leaves a journal line and
/// nothing else.
pub async fn evidence(node: &Node, name: &str, wanted: Wanted, by: &str) -> Result<Gathered> {
    let nowhere = |_: &[u8]| Ok::<(), ExchangeError>(());
    Ok(evidence_into(node, name, wanted, by, nowhere).await?.0)
}

/// As [`evidence`], and hands the file to `keep` before the journal says that it is written; gives what that made of it.
///
/// # Errors
/// As [`evidence`], and those of `keep`, which leave a line that the file was not written (`file-not-kept`).
pub async fn evidence_into<K, E: From<ExchangeError>>(
    node: &Node,
    name: &str,
    wanted: Wanted,
    by: &str,
    keep: impl FnOnce(&[u8]) -> Result<K, E>,
) -> Result<(Gathered, K), E> {
    let gathered = gather(node, name, wanted).await;
    let kept = kept(gathered, |it| keep(&it.file));
    let (event, details) = match &kept {
        Ok((it, _)) => {
            let missing: Vec<&str> = it.missing.iter().map(|it| it.as_str()).collect();
            let details = json!({ "statement": it.statement, "kind": it.kind, "agreement": wanted.agreement, "missing": missing, "file": Digest::of(&it.file) });
            ("evidence-written", details)
        }
        Err((code, _)) => ("evidence-refused", json!({ "code": code })),
    };
    let subject: String = name.chars().take(120).collect();
    let journal = vec![node.journal_by(by, event, subject, details)];
    node.store().journal(journal).await.map_err(ExchangeError::from)?;
    kept.map_err(|(_, error)| error)
}

/// What was gathered and what `keep` made of it; else the word for the journal, and why.
fn kept<T, K, E: From<ExchangeError>>(
    gathered: Result<T>,
    keep: impl FnOnce(&T) -> Result<K, E>,
) -> Result<(T, K), (&'static str, E)> {
    let gathered = gathered.map_err(|error| (error.code(), E::from(error)))?;
    let kept = keep(&gathered).map_err(|error| ("file-not-kept", error))?;
    Ok((gathered, kept))
}

async fn gather(node: &Node, name: &str, wanted: Wanted) -> Result<Gathered> {
    let statement = find(node, name).await?;
    let payload = &statement.payload;
    let kind = payload.known_kind().ok_or_else(|| {
        let message = format!("the kind `{}` is not one of this version", payload.kind);
        ExchangeError::refused("unknown-kind", message)
    })?;
    let receipt = match answers::receipt_of(node, &statement).await? {
        Some(digest) if kind.is_receipted() => by_digest(node, digest).await?,
        _ => None,
    };
    // the note that the receipt carries anyway covers the statement as a rule, and then goes into the file once
    let carried = receipt.as_ref().and_then(|it| cosigned_in(it, payload.channel()));
    let about = placed(node, &statement, carried).await?;
    let receipts: Vec<Option<Answer>> = match receipt {
        Some(receipt) => placed(node, &receipt, None).await?.into_iter().map(Some).collect(),
        None => vec![None],
    };
    let agreement = if wanted.agreement { Some(agreement(node, payload).await?) } else { None };
    let roots = [payload.from, payload.to];
    let mut descriptors = Vec::new();
    for root in roots {
        for envelope in descriptors_of(node, root).await? {
            descriptors.push(signed(envelope.as_bytes())?);
        }
    }
    let mut found: Option<(Evidence, Proof)> = None;
    for (about, receipt) in
        about.iter().flat_map(|it| receipts.iter().map(move |other| (it, other)))
    {
        let evidence =
            Evidence::new(descriptors.clone(), agreement.clone(), about.clone(), receipt.clone());
        let evidence = in_order(evidence, roots)?;
        let proof = check_document(&evidence, &roots, None).map_err(ExchangeError::damaged)?;
        // a later checkpoint may hold it under keys that stand, where those of an earlier one were taken back
        let is_enough =
            !proof.revocation.is_open() && !lacks(&proof).iter().any(|it| it.is_needed());
        if is_enough || found.is_none() {
            found = Some((evidence, proof));
        }
        if is_enough {
            break;
        }
    }
    let (mut evidence, proof) = found.ok_or_else(not_covered)?;
    let missing = lacks(&proof);
    if missing.iter().any(|it| it.is_needed()) && !wanted.partial {
        return Err(not_settled(&missing));
    }
    thin(&mut evidence, &roots, proof.revocation);
    let statement = statement.digest;
    Ok(Gathered {
        file: evidence.to_bytes(),
        statement,
        kind,
        missing,
        revocation: proof.revocation,
    })
}

/// What is missing but the agreement's text, which is left out only where that was asked for.
fn lacks(proof: &Proof) -> Vec<Missing> {
    proof.missing.iter().copied().filter(|it| *it != Missing::Agreement).collect()
}

/// Leaves the lines under both checkpoints that the parties' own keys made, in the order of the format: a partner's node may
/// have written more of them.
fn in_order(mut evidence: Evidence, [from, to]: [PartyRoot; 2]) -> Result<Evidence> {
    let holders = holders(&evidence.descriptors).map_err(ExchangeError::damaged)?;
    let of = |root| holders.iter().find(|it| it.root == root);
    let (Some(from), Some(to)) = (of(from), of(to)) else { return Ok(evidence) };
    evidence.proof = proof_of(&evidence.proof, (from, to)).map_err(ExchangeError::damaged)?;
    if let Some(receipt) = &mut evidence.receipt {
        receipt.proof = proof_of(&receipt.proof, (to, from)).map_err(ExchangeError::damaged)?;
    }
    Ok(evidence)
}

/// Leaves out the descriptors without which the file says as much: what it proves, and whether a key was taken back.
fn thin(evidence: &mut Evidence, roots: &[PartyRoot], revocation: Revocation) {
    let mut at = 0;
    while at < evidence.descriptors.len() {
        let mut less = evidence.clone();
        less.descriptors.remove(at);
        if check_document(&less, roots, None).is_ok_and(|it| it.revocation == revocation) {
            *evidence = less;
        } else {
            at += 1;
        }
    }
}

fn not_settled(missing: &[Missing]) -> ExchangeError {
    let word = |it: &Missing| match it {
        Missing::Cosignature => "the receiver's cosignature over its place",
        Missing::Receipt => "the receipt",
        Missing::ReceiptCosignature => "the cosignature over the place of the receipt",
        Missing::Agreement => "the agreement's text",
    };
    let words: Vec<&str> = missing.iter().map(word).collect();
    let message = format!(
        "the evidence is not whole yet: {} did not arrive; try again later, or write what there is with `--partial`",
        words.join(" and ")
    );
    ExchangeError::refused("not-settled", message)
}

/// A statement that this node has, as it was signed.
pub(crate) struct Stored {
    pub(crate) digest: Digest,
    pub(super) envelope: Vec<u8>,
    pub(crate) payload: Payload,
}

/// The statement with this digest, said here or taken in here.
pub(super) async fn by_digest(node: &Node, digest: Digest) -> Result<Option<Stored>> {
    let (payload, envelope) = if let Some(row) = node.store().outbound(digest).await? {
        let envelope = row.envelope.ok_or_else(|| {
            let message = "the statement is not signed yet; start the node and try again";
            ExchangeError::refused("not-signed", message)
        })?;
        (row.payload, envelope)
    } else if let Some(row) = node.store().inbox_row(digest).await? {
        (row.payload, row.envelope)
    } else {
        return Ok(None);
    };
    let payload = Payload::parse(&payload).map_err(ExchangeError::damaged)?;
    Ok(Some(Stored { digest, envelope, payload }))
}

pub(crate) async fn find(node: &Node, name: &str) -> Result<Stored> {
    let name = name.trim();
    let missing = || ExchangeError::NotFound {
        what: "kept statement",
        name: name.chars().take(120).collect(),
        advice: "give the folio or the digest of one that was sealed or taken in here",
    };
    let digest = if let Ok(digest) = name.parse::<Digest>() {
        digest
    } else if let Ok(id) = name.parse::<ReleaseId>() {
        released(node, id).await?
    } else {
        let folio: Folio = name.parse().map_err(|_| missing())?;
        match node.store().by_folio(folio.clone()).await? {
            Some(FolioSubject::Release(id)) => released(node, id).await?,
            Some(FolioSubject::Inbox(digest)) => digest,
            Some(FolioSubject::Matter(id)) => {
                let matter = node.store().matter(id).await?.ok_or_else(missing)?;
                let said = matter.entries.iter().find(|it| it.folio == folio);
                said.map(crate::ports::MatterEntry::statement).ok_or_else(missing)?
            }
            Some(FolioSubject::Agreement(_) | FolioSubject::Contact(_)) | None => {
                return Err(missing());
            }
        }
    };
    by_digest(node, digest).await?.ok_or_else(missing)
}

async fn released(node: &Node, id: ReleaseId) -> Result<Digest> {
    let row = node.store().release(id).await?;
    let row = row.ok_or_else(|| ExchangeError::NotFound {
        what: "release",
        name: id.to_string(),
        advice: "`comity release list` shows those of this party",
    })?;
    row.statement.ok_or_else(|| {
        let message =
            format!("the release {} was not sent; there is nothing to prove yet", row.record.folio);
        ExchangeError::refused("release-not-sent", message)
    })
}

/// The checkpoint of a channel that a receipt cosigns, as size and note.
fn cosigned_in(receipt: &Stored, channel: ChannelId) -> Note {
    let note = receipt.payload.body::<ReceiptBody>().ok()?.cosigned?;
    let parsed = SignedNote::parse(note.as_bytes()).ok()?;
    let checkpoint = Checkpoint::parse(parsed.text()).ok()?;
    (checkpoint.origin() == channel.origin()).then(|| (checkpoint.size(), note))
}

/// A statement with the proof of its place, under each checkpoint that covers it: the one that is `carried` along, the largest
/// that the other party cosigned, and the last that its sender signed. There is at least one.
async fn placed(node: &Node, statement: &Stored, carried: Note) -> Result<Vec<Answer>> {
    let channel = statement.payload.channel();
    let sequence = statement.payload.sequence.ok_or_else(|| {
        let message = "a checkpoint has no place in the record; ask for what it cosigned";
        ExchangeError::refused("no-place", message)
    })?;
    let (cosigned, signed_only) = notes(node, channel).await?;
    let mut answers = Vec::new();
    let covering = [carried, cosigned, signed_only].into_iter().flatten();
    for (size, note) in covering.filter(|it| it.0 > sequence) {
        let proof = record::proof(node, channel, sequence, size, &note).await?;
        let proof = String::from_utf8(proof).map_err(ExchangeError::damaged)?;
        answers.push(Answer { statement: signed(&statement.envelope)?, proof });
    }
    if answers.is_empty() { Err(not_covered()) } else { Ok(answers) }
}

fn not_covered() -> ExchangeError {
    let message = "no checkpoint covers the statement yet; start the node and try again";
    ExchangeError::refused("not-signed", message)
}

type Note = Option<(u64, String)>;

/// The largest cosigned checkpoint of a channel, and the last that its owner signed and of which this node has the tree.
async fn notes(node: &Node, channel: ChannelId) -> Result<(Note, Note)> {
    if channel.from == node.root() {
        let head = node.store().outbound_head(channel).await?;
        return Ok((head.cosigned, head.checkpoint));
    }
    let head = node.store().inbound_head(channel).await?;
    let mut seen = None;
    if let Some((size, note)) = head.seen.filter(|(size, _)| *size <= head.next) {
        let parsed = SignedNote::parse(note.as_bytes()).map_err(ExchangeError::damaged)?;
        let stated = Checkpoint::parse(parsed.text()).map_err(ExchangeError::damaged)?;
        if record::root(node, channel, size).await? == *stated.root() {
            seen = Some((size, note));
        }
    }
    Ok((head.cosigned, seen))
}

async fn agreement(node: &Node, payload: &Payload) -> Result<Signed> {
    let cited = payload.agreement;
    let stored = find_version(node, cited.id, cited.version).await?;
    let stored = stored.filter(|it| it.complete && it.reference.digest == cited.digest);
    let stored = stored.ok_or_else(|| {
        let message = format!(
            "the agreement {} as the statement cites it is not here; write the evidence with `--without-agreement`",
            cited.id
        );
        ExchangeError::refused("agreement-unknown", message)
    })?;
    signed(stored.envelope.as_bytes())
}

/// The descriptors of a party that this node ever took in, by serial.
pub(super) async fn descriptors_of(node: &Node, root: PartyRoot) -> Result<Vec<String>> {
    let known = node.store().descriptors(root).await?;
    if known.is_empty() {
        return Err(ExchangeError::no_root(root));
    }
    Ok(known.into_iter().map(|it| it.envelope).collect())
}

pub(super) fn signed(envelope: &[u8]) -> Result<Signed> {
    let envelope = Envelope::parse(envelope).map_err(ExchangeError::damaged)?;
    Signed::of(&envelope).ok_or_else(|| ExchangeError::damaged("a signed document"))
}
