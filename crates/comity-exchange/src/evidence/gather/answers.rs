//! Which receipt answers a statement.

use comity_model::statement::{Kind, Payload, ReceiptBody};
use comity_model::{ChannelId, Digest};

use super::Stored;
use crate::error::{ExchangeError, Result};
use crate::node::Node;

/// Statements of a channel that are read at once.
const PAGE: u32 = 64;

/// The digest of the receipt statement that has an entry for this statement: in the channel the other way, in whichever
/// epoch of it.
pub(super) async fn receipt_of(node: &Node, statement: &Stored) -> Result<Option<Digest>> {
    let Some(sequence) = statement.payload.sequence else { return Ok(None) };
    let back = statement.payload.channel().reverse();
    // an epoch may be empty here, and a later one not: what it had was lost
    for epoch in 1..=node.store().epoch(back).await? {
        let channel = ChannelId { epoch, ..back };
        let size = size(node, channel).await?;
        let wanted = Entry { sequence, digest: statement.digest };
        if let Some(found) = search(node, channel, size, &wanted).await? {
            return Ok(Some(found));
        }
        // receipts need not stand in the order of what they answer
        if let Some(found) = walk(node, channel, 0, size, &wanted).await? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// What a receipt must have an entry for.
struct Entry {
    sequence: u64,
    digest: Digest,
}

/// A receipt on the way.
struct Receipt {
    at: u64,
    digest: Digest,
    body: ReceiptBody,
}

impl Receipt {
    fn answers(&self, wanted: &Entry) -> bool {
        let entries = &self.body.entries;
        entries.iter().any(|it| it.sequence == wanted.sequence && it.digest == wanted.digest)
    }
}

/// Statements that are in a channel, said or taken in.
async fn size(node: &Node, channel: ChannelId) -> Result<u64> {
    Ok(if channel.from == node.root() {
        node.store().outbound_head(channel).await?.next
    } else {
        node.store().inbound_head(channel).await?.next
    })
}

/// Halves the channel: where receipts answer in order, as they do here, the right one is met in few steps.
async fn search(
    node: &Node,
    channel: ChannelId,
    size: u64,
    wanted: &Entry,
) -> Result<Option<Digest>> {
    let (mut from, mut to) = (0, size);
    while from < to {
        let middle = from + (to - from) / 2;
        let Some(receipt) = next(node, channel, middle, to).await? else {
            to = middle;
            continue;
        };
        if receipt.answers(wanted) {
            return Ok(Some(receipt.digest));
        }
        let first = receipt.body.entries.first().map_or(0, |it| it.sequence);
        if first > wanted.sequence {
            to = middle;
        } else {
            from = receipt.at + 1;
        }
    }
    Ok(None)
}

async fn walk(
    node: &Node,
    channel: ChannelId,
    from: u64,
    size: u64,
    wanted: &Entry,
) -> Result<Option<Digest>> {
    let mut from = from;
    while let Some(receipt) = next(node, channel, from, size).await? {
        if receipt.answers(wanted) {
            return Ok(Some(receipt.digest));
        }
        from = receipt.at + 1;
    }
    Ok(None)
}

/// The first receipt with entries from `from` on and before `to`.
async fn next(node: &Node, channel: ChannelId, from: u64, to: u64) -> Result<Option<Receipt>> {
    let mut at = from;
    while at < to {
        let page = node.store().record_statements(channel, at, PAGE).await?;
        if page.is_empty() {
            return Ok(None);
        }
        for bytes in page {
            if at >= to {
                return Ok(None);
            }
            let payload = Payload::parse(&bytes).map_err(ExchangeError::damaged)?;
            if payload.known_kind() == Some(Kind::Receipt)
                && let Ok(body) = payload.body::<ReceiptBody>()
                && !body.entries.is_empty()
            {
                return Ok(Some(Receipt { at, digest: Digest::of(&bytes), body }));
            }
            at += 1;
        }
    }
    Ok(None)
}
