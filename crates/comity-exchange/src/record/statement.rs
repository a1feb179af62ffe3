//! One statement of the record, and the proof of its place.

use comity_log::cosign::Verified;
use comity_log::note::VerifierKey;
use comity_log::proof::{TlogProof, TrustedLog};
use comity_log::statement_leaf;
use comity_model::statement::{Kind, Payload, ReleaseBody};
use comity_model::{ChannelId, Folio, PartyRoot, ReleaseRecord};
use serde::{Deserialize, Serialize};

use super::{LogView, proof, view};
use crate::error::{ExchangeError, Result};
use crate::node::Node;
use crate::partner::Partner;
use crate::ports::RecordLine;

/// Statements that are read at once when one is looked for.
const PAGE: u32 = 500;

/// A statement at its place, and what shows that it stands there.
#[derive(Debug, Clone)]
pub struct StatementView {
    /// As it is kept.
    pub line: RecordLine,
    /// Its payload.
    pub payload: Payload,
    /// The folio by which its sender calls it, where its kind has one.
    pub folio: Option<Folio>,
    /// Whether the receiver cosigned a checkpoint over it and its receipt is here.
    pub settled: bool,
    /// The proof of its place; `None` while no checkpoint covers it.
    pub proven: Option<Proven>,
}

/// A proof that was made from what is kept, and checked.
#[derive(Debug, Clone)]
pub struct Proven {
    /// The size of the checkpoint under which it stands.
    pub size: u64,
    /// The proof, as C2SP tlog-proof.
    pub proof: String,
    /// Why it does not hold, if it does not.
    pub fault: Option<String>,
    /// The receiver's keys that cosigned; empty under a checkpoint that only the log signed.
    pub cosigners: Vec<Verified>,
}

/// The statement at a place of a channel.
///
/// # Errors
/// [`ExchangeError::NotFound`] where nothing stands; [`ExchangeError::Damaged`] where what stands is unreadable.
pub async fn statement(node: &Node, channel: ChannelId, sequence: u64) -> Result<StatementView> {
    let mut lines = node.store().record_lines(channel, sequence, 1).await?;
    let line = lines.pop().filter(|line| line.sequence == sequence);
    let line = line.ok_or_else(|| none(&sequence.to_string()))?;
    show(node, channel, line).await
}

/// The statement that its sender calls by this folio, in this channel. Of several, the first. It reads the channel from
/// the start.
///
/// # Errors
/// As [`statement`].
pub async fn by_folio(node: &Node, channel: ChannelId, folio: &Folio) -> Result<StatementView> {
    let mut from = 0;
    loop {
        let page = node.store().record_lines(channel, from, PAGE).await?;
        let Some(last) = page.last().map(|line| line.sequence) else {
            return Err(none(&folio.to_string()));
        };
        let is_meant = |line: &RecordLine| {
            Payload::parse(&line.payload).ok().and_then(|it| folio_of(&it)).as_ref() == Some(folio)
        };
        if let Some(line) = page.into_iter().find(is_meant) {
            return show(node, channel, line).await;
        }
        from = last.saturating_add(1);
    }
}

async fn show(node: &Node, channel: ChannelId, line: RecordLine) -> Result<StatementView> {
    let payload = Payload::parse(&line.payload).map_err(ExchangeError::damaged)?;
    let log = view(node, channel).await?;
    let cosigned = log.cosigned.as_ref().is_some_and(|it| it.size > line.sequence);
    Ok(StatementView {
        folio: folio_of(&payload),
        settled: if log.own {
            line.settled_at.is_some()
        } else {
            cosigned && line.receipt.is_some()
        },
        proven: prove(node, &log, &line).await?,
        payload,
        line,
    })
}

/// Under the largest cosigned checkpoint if that covers it, else under the largest that is signed and mirrored.
async fn prove(node: &Node, log: &LogView, line: &RecordLine) -> Result<Option<Proven>> {
    let covers = |it: &&super::Signed| it.size > line.sequence && it.size <= log.size;
    let signed = log.cosigned.as_ref().filter(covers);
    let Some(signed) = signed.or_else(|| log.checkpoint.as_ref().filter(covers)) else {
        return Ok(None);
    };
    let made = proof(node, log.channel, line.sequence, signed.size, &signed.note).await?;
    let proof = TlogProof::parse(&made).map_err(ExchangeError::damaged)?;
    let (keys, witnesses) = log_keys(node, log).await?;
    let trusted = TrustedLog { origin: &log.channel.origin(), keys: &keys, witnesses: &witnesses };
    let leaf = statement_leaf(line.digest.as_bytes());
    let (fault, cosigners) = match proof.verify(&leaf, &trusted) {
        Ok(proven) => (None, proven.witnesses),
        Err(error) => (Some(error.to_string()), Vec::new()),
    };
    Ok(Some(Proven { size: signed.size, proof: proof.to_string(), fault, cosigners }))
}

/// The keys that signed a channel's log, and those with which its receiver cosigned it: of every descriptor of theirs that
/// was taken in here. Which of them judges a place is what was looked at when it was taken in (docs/protocol.md
/// section 1.4).
pub async fn log_keys(node: &Node, log: &LogView) -> Result<(Vec<VerifierKey>, Vec<VerifierKey>)> {
    let sent = keys_ever(node, log.channel.from, |it| it.log_keys_ever(&log.channel)).await?;
    let seen = keys_ever(node, log.channel.to, Partner::witness_keys_ever).await?;
    Ok((sent, seen))
}

/// The keys of every descriptor of a party that was taken in here, each once.
pub(crate) async fn keys_ever(
    node: &Node,
    party: PartyRoot,
    keys: impl Fn(&Partner) -> Vec<VerifierKey> + Send,
) -> Result<Vec<VerifierKey>> {
    let mut all: Vec<VerifierKey> = Vec::new();
    for row in node.store().descriptors(party).await? {
        let (partner, _) = Partner::read(row.envelope.as_bytes(), "the descriptor")?;
        for key in keys(&partner) {
            if !all.contains(&key) {
                all.push(key);
            }
        }
    }
    Ok(all)
}

/// The folio that a statement's body states.
fn folio_of(payload: &Payload) -> Option<Folio> {
    #[derive(Serialize, Deserialize)]
    struct Named {
        folio: Folio,
    }
    if payload.known_kind() == Some(Kind::Release) {
        let body: ReleaseBody = payload.body().ok()?;
        let record = ReleaseRecord::parse(&body.release).ok()?;
        return Some(record.folio);
    }
    payload.body::<Named>().ok().map(|body| body.folio)
}

fn none(name: &str) -> ExchangeError {
    ExchangeError::NotFound {
        what: "statement",
        name: name.to_owned(),
        advice: "`comity record show` says how many each channel has",
    }
}
