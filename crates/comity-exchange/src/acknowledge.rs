//! Acknowledge: what was consumed is answered with signed receipts, and the partner's log is cosigned as far as it was
//! consumed.

use std::time::Duration;

use comity_log::checkpoint::Checkpoint;
use comity_log::note::SignedNote;
use comity_model::ChannelId;
use comity_model::statement::{CheckpointBody, Kind, ReceiptBody, ReceiptEntry};
use serde_json::json;

use crate::agreement;
use crate::descriptor::{self, InForce};
use crate::error::{ExchangeError, Result};
use crate::failpoint::fail_point;
use crate::node::Node;
use crate::ports::{InboundHead, SealEffect, StoreError};
use crate::record;
use crate::seal::{Envelope, seal_under, sign_pending};

/// Answers everything that is due, in every channel. Where nothing is due but something stayed uncosigned for longer
/// than `patience`, a checkpoint statement carries the cosignature alone. Gives how many statements were sealed.
pub async fn acknowledge(node: &Node, patience: Duration) -> Result<u64> {
    let mut sealed = 0;
    let doubts = node.store().doubts().await?;
    for channel in node.store().inbound_channels().await? {
        // it stays due: nothing is said to a partner to whom this node may have said more than it knows
        if doubts.iter().any(|it| it.partner == channel.from) {
            continue;
        }
        loop {
            let head = node.store().inbound_head(channel).await?;
            let done = if head.due > 0 {
                receipt(node, channel, &head).await?
            } else if is_overdue(node, &head, patience) {
                checkpoint(node, channel, &head).await?
            } else {
                false
            };
            if !done {
                break;
            }
            sealed += 1;
        }
    }
    // also what a restart left unsigned
    if sign_pending(node).await? > 0 {
        fail_point("acknowledge:signed").await;
        node.wake_outbound();
    }
    Ok(sealed)
}

fn is_overdue(node: &Node, head: &InboundHead, patience: Duration) -> bool {
    let due = head.uncosigned_since.and_then(|since| since.checked_add(patience).ok());
    due.is_some_and(|due| due <= node.now())
}

async fn receipt(node: &Node, channel: ChannelId, head: &InboundHead) -> Result<bool> {
    let limit = u32::try_from(ReceiptBody::MAX_ENTRIES).unwrap_or(u32::MAX);
    let due = node.store().receipts_due(channel, limit).await?;
    let entries = as_many_as_fit(due)?;
    if entries.is_empty() {
        return Ok(false);
    }
    let own = descriptor::own_at_next(node, channel.reverse()).await?;
    let cosigned = cosign(node, channel, head, &own).await?;
    let sequences: Vec<u64> = entries.iter().map(|entry| entry.sequence).collect();
    let details = json!({ "channel": channel.to_string(), "entries": sequences.len(), "cosigned": cosigned.as_ref().map(|it| it.0) });
    let journal = vec![node.journal("receipt-sealed", channel.from, details)];
    let effect =
        SealEffect::Receipt { channel, sequences, cosigned: cosigned.as_ref().map(|it| it.0) };
    let epoch = (channel.epoch > 1).then_some(channel.epoch);
    let body = ReceiptBody { entries, cosigned: cosigned.map(|it| it.1), epoch };
    let envelope = envelope(node, channel, Kind::Receipt).await?;
    let sealed = seal_under(node, envelope, &body, effect, Some(own.serial), journal).await;
    match sealed {
        Ok(_) => {}
        // another process of this node answered first
        Err(ExchangeError::Store(StoreError::Conflict(_))) => return Ok(true),
        Err(error) => return Err(error),
    }
    fail_point("acknowledge:sealed").await;
    Ok(true)
}

/// The first of the entries, as many as one statement holds; the rest goes into the next.
fn as_many_as_fit(due: Vec<ReceiptEntry>) -> Result<Vec<ReceiptEntry>> {
    let (mut entries, mut bytes) = (Vec::with_capacity(due.len()), 0);
    for entry in due {
        bytes += serde_json::to_vec(&entry).map_err(ExchangeError::damaged)?.len();
        if bytes > ReceiptBody::MAX_BYTES && !entries.is_empty() {
            break;
        }
        entries.push(entry);
    }
    Ok(entries)
}

async fn checkpoint(node: &Node, channel: ChannelId, head: &InboundHead) -> Result<bool> {
    let own = descriptor::own_at_next(node, channel.reverse()).await?;
    let Some((size, cosigned)) = cosign(node, channel, head, &own).await? else { return Ok(false) };
    let details = json!({ "channel": channel.to_string(), "cosigned": size });
    let journal = vec![node.journal("checkpoint-sealed", channel.from, details)];
    let effect = SealEffect::Checkpoint { channel, cosigned: size };
    let body = CheckpointBody { cosigned };
    let envelope = envelope(node, channel, Kind::Checkpoint).await?;
    match seal_under(node, envelope, &body, effect, Some(own.serial), journal).await {
        // another process of this node announced a new descriptor meanwhile
        Ok(_) | Err(ExchangeError::Store(StoreError::Conflict(_))) => Ok(true),
        Err(error) => Err(error),
    }
}

/// The envelope of an answer in the other direction. It cites the version that is active: receipts and checkpoints cross
/// also while the agreement rests and after it has ended.
async fn envelope(node: &Node, channel: ChannelId, kind: Kind) -> Result<Envelope> {
    let life = agreement::life(node, channel.agreement, node.now()).await?;
    let agreement = life.active().map(|it| it.reference).ok_or_else(|| {
        ExchangeError::damaged(format!(
            "the agreement {}, under which something came",
            channel.agreement
        ))
    })?;
    Ok(Envelope { kind, partner: channel.from, agreement, entries: Vec::new(), parts: Vec::new() })
}

/// Cosigns the partner's largest checkpoint that was seen, if it is no larger than what was consumed, larger than what
/// was cosigned before, and of the same root as the mirror. A different root is evidence against the partner.
async fn cosign(
    node: &Node,
    channel: ChannelId,
    head: &InboundHead,
    own: &InForce,
) -> Result<Option<(u64, String)>> {
    let Some((size, seen)) = &head.seen else { return Ok(None) };
    let before = head.cosigned.as_ref().map_or(0, |(size, _)| *size);
    if *size > head.next || *size <= before {
        return Ok(None);
    }
    let signed = SignedNote::parse(seen.as_bytes()).map_err(ExchangeError::damaged)?;
    let stated = Checkpoint::parse(signed.text()).map_err(ExchangeError::damaged)?;
    if record::root(node, channel, *size).await? != *stated.root() {
        if node.is_news(seen.as_bytes()) {
            let details = json!({ "channel": channel.to_string(), "size": size, "note": seen });
            let journal = vec![node.journal("record-forked", channel.from, details)];
            node.store().journal(journal).await?;
        }
        return Ok(None);
    }
    Ok(Some((*size, node.keys()?.cosign(seen, &own.partner.descriptor, node.now())?)))
}
