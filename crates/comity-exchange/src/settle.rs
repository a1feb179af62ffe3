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
use crate::record;

/// What a receipt or a checkpoint changes, or why it is refused. Every entry must speak of a statement that this party
/// made and that is receipted; the cosigned tree must be this party's own.
pub(crate) async fn settle(
    node: &Node,
    payload: &Payload,
    standing: &Standing,
) -> Result<std::result::Result<PublishEffect, Refusal>> {
    let channel = payload.channel().reverse();
    if !payload.parts.is_empty() {
        return Ok(Err(Refusal::BadBody));
    }
    let (entries, over) = if payload.known_kind() == Some(Kind::Receipt) {
        match payload.body::<ReceiptBody>() {
            Ok(body) if body.entries.len() <= ReceiptBody::MAX_ENTRIES => {
                (body.entries, body.cosigned)
            }
            _ => return Ok(Err(Refusal::BadBody)),
        }
    } else {
        match payload.body::<CheckpointBody>() {
            Ok(body) => (Vec::new(), Some(body.cosigned)),
            Err(_) => return Ok(Err(Refusal::BadBody)),
        }
    };
    let next = node.store().outbound_head(channel).await?.next;
    if entries.iter().any(|entry| entry.sequence >= next) {
        return Ok(Err(Refusal::BadBody));
    }
    for entry in &entries {
        let own = node.store().outbound(entry.digest).await?;
        let answers = |row: &OutboundRow| {
            row.channel == channel
                && row.sequence == Some(entry.sequence)
                && row.kind.is_receipted()
        };
        if !own.as_ref().is_some_and(answers) {
            return Ok(Err(Refusal::BadBody));
        }
    }
    let cosigned = match over {
        None => None,
        Some(over) => {
            match cosigned(node, channel, next, (standing, payload.issued_at), over).await? {
                Ok(cosigned) => Some(cosigned),
                Err(refusal) => return Ok(Err(refusal)),
            }
        }
    };
    fail_point("settle:before-commit").await;
    Ok(Ok(PublishEffect::Settle { channel, entries, cosigned }))
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
