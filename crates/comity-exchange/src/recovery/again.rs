//! What a partner lost that stands: it is sent again (docs/protocol.md section 4.8).

use comity_model::{ChannelId, PartyRoot};
use serde_json::json;

use crate::dispatch::channels_to;
use crate::error::Result;
use crate::node::Node;
use crate::ports::{Courier, RemoteHead};

/// The first statement that stands in a channel of this party, or in an epoch before it, and that the partner does not have:
/// `remote` is what it answered about the channel. Of an epoch that ended stands what its end says, of the one that goes on
/// what the partner cosigned once.
pub(crate) async fn first_missing(
    node: &Node,
    courier: &dyn Courier,
    channel: ChannelId,
    remote: &RemoteHead,
) -> Result<Option<(ChannelId, u64)>> {
    for epoch in remote.epoch.max(1)..=channel.epoch {
        let of_epoch = ChannelId { epoch, ..channel };
        let ended = node.store().epoch_end(of_epoch).await?;
        let cosigned = node.store().outbound_head(of_epoch).await?.cosigned;
        let stands = ended.unwrap_or_else(|| cosigned.map_or(0, |(size, _)| size));
        let there = if epoch == channel.epoch {
            remote.next
        } else if epoch == remote.epoch {
            courier.head(channel.to, of_epoch).await?.next
        } else {
            0
        };
        if there < stands {
            return Ok(Some((of_epoch, there)));
        }
    }
    Ok(None)
}

/// Sends everything from a place on again.
pub(crate) async fn send_again(node: &Node, channel: ChannelId, from: u64) -> Result<()> {
    let details = json!({ "channel": channel.to_string(), "from": from });
    let journal = vec![node.journal("sent-again", channel.to, details)];
    Ok(node.store().rewind(channel.to, channel, from, journal).await?)
}

/// The channels to a partner whose epoch, a later one than the first, the partner is not known to have taken up: it cosigned
/// nothing of it.
pub async fn not_taken_up(node: &Node, partner: PartyRoot) -> Result<Vec<ChannelId>> {
    let mut waiting = Vec::new();
    for channel in channels_to(node, partner).await? {
        if channel.epoch > 1 && node.store().outbound_head(channel).await?.cosigned.is_none() {
            waiting.push(channel);
        }
    }
    Ok(waiting)
}
