//! Check: every leaf, node, root and signature of the record, computed anew from what is kept.

use std::collections::BTreeMap;

use comity_log::checkpoint::Checkpoint;
use comity_log::note::{KeyType, SignedNote, VerifierKey};
use comity_log::{Frontier, Hash, cosign, statement_leaf};
use comity_model::statement::Payload;
use comity_model::{ChannelId, Digest, PartyRoot};
use comity_pouch::dsse::Envelope;
use jiff::Timestamp;

use super::signers::Signers;
use super::{LogView, Wrong, log_keys, view};
use crate::error::Result;
use crate::journal;
use crate::node::Node;
use crate::ports::{LastCheckpoint, RecordLine};
use crate::recovery;

/// Statements that are read at once.
const PAGE: u32 = 500;

/// What was checked, up to the first thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The logs that are in order.
    pub logs: Vec<CheckedLog>,
    /// The first thing that is wrong, if anything is; nothing after it was looked at.
    pub fault: Option<Fault>,
}

/// A log in which everything is in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedLog {
    /// Which channel; `None`: the journal.
    pub channel: Option<ChannelId>,
    /// Its leaves, each of them computed anew.
    pub size: u64,
    /// Statements of which both signatures were verified; `None` for the journal, whose rows nobody signs.
    pub signatures: Option<u64>,
    /// Their root.
    pub root: Hash,
    /// The size of the largest signed checkpoint.
    pub checkpoint: Option<u64>,
    /// The size of the largest cosigned one.
    pub cosigned: Option<u64>,
}

/// Something wrong, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// Which channel; `None`: the journal.
    pub channel: Option<ChannelId>,
    /// What.
    pub wrong: Wrong,
}

/// Checks the channels with `only`, or all of them, and the journal after them.
///
/// Of each statement: that its digest is that of its payload, that it says it stands where it stands, follows the one
/// one before, has its own envelope and receipt, and is signed by both halves of a statement key that the descriptor in force
/// at that place has and that was valid when it was issued. Of each log: every node, the roots of the checkpoints, the
/// signatures of the log's keys and the receiver's cosignatures. Of this party's own logs also that they are those which it
/// signed last, by what is kept apart from the database (docs/protocol.md section 4.8).
///
/// # Errors
/// Where the store fails or what is kept is no longer a database row at all. What is wrong in the record itself is in
/// [`Checked::fault`].
pub async fn check(node: &Node, only: Option<PartyRoot>) -> Result<Checked> {
    let is_asked =
        |channel: &ChannelId| only.is_none_or(|root| root == channel.from || root == channel.to);
    let kept = kept_apart(node).await?;
    let mut channels = node.store().channels().await?;
    // of some this database may know nothing at all
    let unknown = kept.iter().map(|it| it.channel).filter(|it| !channels.contains(it));
    let unknown: Vec<_> = unknown.collect();
    channels.extend(unknown);
    let mut logs = Vec::new();
    for channel in channels.into_iter().filter(is_asked) {
        match in_order(node, channel, &kept).await? {
            Ok(log) => logs.push(log),
            Err(wrong) => {
                return Ok(Checked { logs, fault: Some(Fault { channel: Some(channel), wrong }) });
            }
        }
    }
    let fault = match journal::check(node).await? {
        Ok(log) => {
            logs.push(log);
            None
        }
        Err(wrong) => Some(Fault { channel: None, wrong }),
    };
    Ok(Checked { logs, fault })
}

/// Checks one channel as [`check`] does, and nothing else.
///
/// # Errors
/// Those of [`check`].
pub async fn check_channel(node: &Node, channel: ChannelId) -> Result<Checked> {
    let kept = kept_apart(node).await?;
    Ok(match in_order(node, channel, &kept).await? {
        Ok(log) => Checked { logs: vec![log], fault: None },
        Err(wrong) => {
            Checked { logs: Vec::new(), fault: Some(Fault { channel: Some(channel), wrong }) }
        }
    })
}

/// What is kept apart of this party's own logs. It is read before them: they grow meanwhile, and never shrink.
async fn kept_apart(node: &Node) -> Result<Vec<LastCheckpoint>> {
    let mut kept = recovery::last_checkpoints(node).await?;
    kept.retain(|it| it.channel.from == node.root());
    Ok(kept)
}

/// A log in which everything is in order, and which is the one that was signed last.
async fn in_order(
    node: &Node,
    channel: ChannelId,
    kept: &[LastCheckpoint],
) -> Result<Result<CheckedLog, Wrong>> {
    let found = log(node, channel).await?;
    match (found, kept.iter().find(|it| it.channel == channel)) {
        (Ok(log), Some(last)) => Ok(recovery::behind(node, last).await?.map_or(Ok(log), Err)),
        (found, _) => Ok(found),
    }
}

async fn log(node: &Node, channel: ChannelId) -> Result<Result<CheckedLog, Wrong>> {
    let Ok(log) = view(node, channel).await else { return Ok(Err(Wrong::Edge)) };
    let (next, stored) = if log.own {
        let head = node.store().outbound_head(channel).await?;
        (head.next, head.frontier)
    } else {
        let head = node.store().inbound_head(channel).await?;
        (head.next, head.frontier)
    };
    if log.size != next {
        return Ok(Err(Wrong::Edge));
    }
    let (keys, witnesses) = log_keys(node, &log).await?;
    let roots = match heads(&log, &keys, &witnesses) {
        Ok(roots) => roots,
        Err(wrong) => return Ok(Err(wrong)),
    };
    match walk(node, &log, &roots).await? {
        Err(wrong) => Ok(Err(wrong)),
        Ok((edge, _)) if edge.to_bytes() != stored => Ok(Err(Wrong::Edge)),
        Ok((_, signatures)) => Ok(Ok(CheckedLog {
            channel: Some(channel),
            size: log.size,
            signatures: Some(signatures),
            root: log.root,
            checkpoint: log.checkpoint.map(|it| it.size),
            cosigned: log.cosigned.map(|it| it.size),
        })),
    }
}

/// The roots that signed checkpoints give to sizes, their signatures verified.
fn heads(
    log: &LogView,
    keys: &[VerifierKey],
    witnesses: &[VerifierKey],
) -> Result<BTreeMap<u64, Hash>, Wrong> {
    let origin = log.channel.origin();
    let mut roots = BTreeMap::new();
    for (signed, cosigned) in [(&log.checkpoint, false), (&log.cosigned, true)] {
        let Some(signed) = signed else { continue };
        if !is_signed(&signed.note, &origin, keys) {
            return Err(Wrong::Signature(signed.size));
        }
        if cosigned && !is_signed(&signed.note, &origin, witnesses) {
            return Err(Wrong::Cosignature(signed.size));
        }
        // A partner's checkpoint may be ahead of what was consumed; nothing else may.
        if signed.size > log.size {
            if log.own || cosigned {
                return Err(Wrong::Shorter(signed.size));
            }
            continue;
        }
        if roots.insert(signed.size, signed.root).is_some_and(|other| other != signed.root) {
            return Err(Wrong::Root(signed.size));
        }
    }
    Ok(roots)
}

/// Whether a checkpoint of this origin is signed with both kinds of key: the one that is common and the one that will
/// hold.
pub(crate) fn is_signed(note: &str, origin: &str, keys: &[VerifierKey]) -> bool {
    let Ok(note) = SignedNote::parse(note.as_bytes()) else { return false };
    let of_log = Checkpoint::parse(note.text()).is_ok_and(|it| it.origin() == origin);
    let found = cosign::verify(&note, keys).unwrap_or_default();
    let lasting = |it: &cosign::Verified| it.key_type == KeyType::CosignatureMlDsa44;
    of_log && found.iter().any(lasting) && !found.iter().all(lasting)
}

/// Every statement with its signatures, and every node, in order. Gives the right edge, and how many statements are signed.
async fn walk(
    node: &Node,
    log: &LogView,
    roots: &BTreeMap<u64, Hash>,
) -> Result<Result<(Frontier, u64), Wrong>> {
    let mut edge = Frontier::new();
    let mut signers = Signers::new(node, log.channel);
    let mut previous = None;
    let mut wrong = disagrees(&edge, roots);
    while edge.size() < log.size && wrong.is_none() {
        let from = edge.size();
        let page = node.store().record_lines(log.channel, from, PAGE).await?;
        let mut made = BTreeMap::new();
        for line in page.iter().take_while(|line| line.sequence < log.size) {
            let expected = edge.size();
            let read = if line.sequence == expected {
                statement(log, line, previous)
            } else {
                Err(Wrong::Missing(expected))
            };
            match read {
                Ok(Some((issued_at, envelope))) => {
                    signers.add(expected, issued_at, envelope).await?;
                }
                Ok(None) => {}
                Err(found) => {
                    wrong = Some(found);
                    break;
                }
            }
            let emit = |level, index, hash| {
                made.insert((level, index), hash);
            };
            let leaf = statement_leaf(line.digest.as_bytes());
            if edge.append(leaf, emit).is_err() {
                return Ok(Err(Wrong::Edge));
            }
            previous = Some(line.digest);
            wrong = disagrees(&edge, roots);
            if wrong.is_some() {
                break;
            }
        }
        // what was read before the first fault stands before it
        wrong = signers.verify().await?.or(wrong);
        if wrong.is_none() && edge.size() == from {
            wrong = Some(Wrong::Missing(from));
        }
        let wanted = made.keys().copied().collect();
        let kept: BTreeMap<_, _> =
            node.store().tree_nodes(log.channel, wanted).await?.into_iter().collect();
        let other = made.iter().find(|(place, hash)| kept.get(place) != Some(hash));
        wrong = wrong.or_else(|| {
            other.map(|((level, index), _)| Wrong::Node { level: *level, index: *index })
        });
    }
    Ok(match wrong {
        Some(wrong) => Err(wrong),
        None => Ok((edge, signers.verified())),
    })
}

/// Whether a checkpoint gives the tree another root than it has at this size.
fn disagrees(edge: &Frontier, roots: &BTreeMap<u64, Hash>) -> Option<Wrong> {
    let stated = roots.get(&edge.size())?;
    (*stated != edge.root()).then_some(Wrong::Root(edge.size()))
}

/// What a statement says about itself and its place. Gives its signed envelope and when it was issued; `None` where this
/// party has not signed it yet.
fn statement(
    log: &LogView,
    line: &RecordLine,
    previous: Option<Digest>,
) -> Result<Option<(Timestamp, Envelope)>, Wrong> {
    let at = line.sequence;
    if Digest::of(&line.payload) != line.digest {
        return Err(Wrong::Digest(at));
    }
    let payload = Payload::parse(&line.payload).map_err(|_| Wrong::Place(at))?;
    if payload.sequence != Some(at) || payload.channel() != log.channel {
        return Err(Wrong::Place(at));
    }
    if payload.previous != previous {
        return Err(Wrong::Chain(at));
    }
    let signed = match &line.envelope {
        Some(envelope) => {
            let envelope = Envelope::parse(envelope).map_err(|_| Wrong::Envelope(at))?;
            if envelope.unverified_payload() != line.payload {
                return Err(Wrong::Envelope(at));
            }
            Some((payload.issued_at, envelope))
        }
        None if log.signed.is_some_and(|signed| at >= signed) => None,
        None => return Err(Wrong::Envelope(at)),
    };
    if line.receipt.as_ref().is_some_and(|it| it.digest != line.digest || it.sequence != at) {
        return Err(Wrong::Receipt(at));
    }
    let cosigned = log.cosigned.as_ref().is_some_and(|it| it.size > at);
    if line.settled_at.is_some() && (line.receipt.is_none() || !cosigned) {
        return Err(Wrong::Settled(at));
    }
    Ok(signed)
}
