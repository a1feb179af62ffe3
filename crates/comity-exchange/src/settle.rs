//! Settle: the partner's receipts and cosignatures are checked and kept with what they answer. A release is settled when
//! its receipt is here and the partner cosigned a checkpoint over it.

use comity_log::checkpoint::Checkpoint;
use comity_log::cosign;
use comity_log::note::SignedNote;
use comity_model::statement::{CheckpointBody, Kind, Payload, ReceiptBody};
use comity_model::{ChannelId, Refusal};
use jiff::Timestamp;

use crate::agreement::Standing;
use crate::error::Result;
use crate::failpoint::fail_point;
use crate::node::Node;
use crate::partner;
use crate::ports::{OutboundRow, PublishEffect};
use crate::{record, recovery};

/// What a receipt or a checkpoint changes, or why it is refused. Every entry must speak of a statement that this party
/// made and that is receipted; the cosigned tree must be this party's own.
pub(crate) async fn settle(
    node: &Node,
    payload: &Payload,
    standing: &Standing,
) -> Result<std::result::Result<PublishEffect, Refusal>> {
    if !payload.parts.is_empty() {
        return Ok(Err(Refusal::BadBody));
    }
    let (entries, over, epoch) = if payload.known_kind() == Some(Kind::Receipt) {
        match payload.body::<ReceiptBody>() {
            Ok(body) if body.entries.len() <= ReceiptBody::MAX_ENTRIES => {
                (body.entries, body.cosigned, body.epoch.unwrap_or(1))
            }
            _ => return Ok(Err(Refusal::BadBody)),
        }
    } else {
        match payload.body::<CheckpointBody>() {
            Ok(body) => {
                let epoch = epoch_of(&body.cosigned, payload.channel().reverse());
                (Vec::new(), Some(body.cosigned), epoch)
            }
            Err(_) => return Ok(Err(Refusal::BadBody)),
        }
    };
    let channel = ChannelId { epoch, ..payload.channel().reverse() };
    let current = node.store().epoch(channel).await?;
    if !(1..=current).contains(&epoch) {
        return Ok(Err(Refusal::BadBody));
    }
    // after a loss the partner answers what this node does not remember
    let forgot = epoch < current || recovery::doubt_about(node, channel.to).await?.is_some();
    let next = node.store().outbound_head(channel).await?.next;
    let mut known = Vec::with_capacity(entries.len());
    for entry in entries {
        let own = node.store().outbound(entry.digest).await?;
        let answers = |row: &OutboundRow| {
            row.channel == channel
                && row.sequence == Some(entry.sequence)
                && row.kind.is_receipted()
        };
        if entry.sequence < next && own.as_ref().is_some_and(answers) {
            known.push(entry);
        } else if forgot {
            recovery::note_forgotten(node, channel, &entry).await?;
        } else {
            return Ok(Err(Refusal::BadBody));
        }
    }
    let entries = known;
    let cosigned = match over {
        None => None,
        Some(over) => {
            match cosigned(node, channel, next, (standing, payload.issued_at), over).await? {
                Ok(cosigned) => Some(cosigned),
                Err(_) if forgot => None,
                Err(refusal) => return Ok(Err(refusal)),
            }
        }
    };
    fail_point("settle:before-commit").await;
    Ok(Ok(PublishEffect::Settle { channel, entries, cosigned }))
}

/// The epoch of the log that a cosigned note is of; the first for a note that cannot be read, which is found later.
fn epoch_of(note: &str, channel: ChannelId) -> u32 {
    let origin = note.lines().next().unwrap_or_default();
    let epoch = origin.split('/').nth(2).and_then(|it| it.parse().ok()).unwrap_or(1);
    if origin == (ChannelId { epoch, ..channel }).origin() { epoch } else { 1 }
}

/// Checks the partner's cosignatures, both of them, over a checkpoint of this party's log.
async fn cosigned(
    node: &Node,
    channel: ChannelId,
    next: u64,
    (standing, at): (&Standing, Timestamp),
    over: String,
) -> Result<std::result::Result<(u64, String), Refusal>> {
    let Ok(signed) = SignedNote::parse(over.as_bytes()) else { return Ok(Err(Refusal::BadBody)) };
    let Ok(checkpoint) = Checkpoint::parse(signed.text()) else { return Ok(Err(Refusal::BadBody)) };
    let keys = standing.partner.witness_keys(at);
    let whole =
        cosign::verify(&signed, &keys).is_ok_and(|found| partner::signed_by_each(&keys, &found));
    if !whole || checkpoint.origin() != channel.origin() || checkpoint.size() > next {
        return Ok(Err(Refusal::BadBody));
    }
    let root = record::root(node, channel, checkpoint.size()).await?;
    if root != *checkpoint.root() {
        return Ok(Err(Refusal::RecordProof));
    }
    Ok(Ok((checkpoint.size(), over)))
}
