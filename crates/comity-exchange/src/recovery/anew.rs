//! One more epoch, where the partner can never take up the last one (docs/protocol.md section 4.8).

use comity_model::{ChannelId, PartyRoot};

use super::epoch::{Recovered, open};
use super::{doubt_about, first_missing, last_checkpoints, not_taken_up, refused, send_again};
use crate::error::{ExchangeError, Result};
use crate::node::Node;
use crate::partner;
use crate::ports::Courier;
use crate::seal::sign_pending;

/// Opens one more epoch in each channel of which the partner did not take up the last one, in the place of that. A partner
/// that lost its mirror, and the keys with which it had cosigned it, cannot know for its own what the last one cites; the new
/// one cites what it says now that it cosigned, if anything. What stands of the epochs before stands still; what was said in
/// the one that was not taken up counts as not said. `by` is who does it, for the journal: somebody has to ask for it, for a
/// node cannot tell such a partner from one that is only slow.
///
/// # Errors
/// [`ExchangeError::Refused`] with `epoch-taken-up` where the partner has no epoch to take up or took it up by now; with the
/// code of the doubt where this node does not know yet what it said itself.
pub async fn recover_anew(
    node: &Node,
    courier: &dyn Courier,
    root: PartyRoot,
    by: &str,
) -> Result<Vec<Recovered>> {
    partner::confirmed(node, root).await?;
    if let Some(why) = doubt_about(node, root).await? {
        return Err(refused(why));
    }
    let kept = last_checkpoints(node).await?;
    let mut done = Vec::new();
    for channel in not_taken_up(node, root).await? {
        let remote = courier.head(root, channel).await?;
        if !(1..channel.epoch).contains(&remote.epoch) {
            continue;
        }
        let before = ChannelId { epoch: remote.epoch, ..channel };
        let stands = node.store().epoch_end(before).await?.unwrap_or(0);
        let head = courier.head(root, before).await?;
        let signed = kept.iter().filter(|it| it.channel.is_way_of(&channel));
        let last = signed.map(|it| it.channel.epoch).max().unwrap_or(0).max(channel.epoch);
        let epoch = last.saturating_add(1);
        open(node, before, epoch, stands, head.cosigned, by).await?;
        let opened = ChannelId { epoch, ..channel };
        let missing = first_missing(node, courier, opened, &remote).await?;
        if let Some((of_epoch, from)) = missing {
            send_again(node, of_epoch, from).await?;
        }
        done.push(Recovered {
            channel,
            epoch,
            stands,
            here: node.store().outbound_head(before).await?.next,
            there: head.next,
            again: missing.is_some(),
        });
    }
    if done.is_empty() {
        let message = "the partner has taken up every epoch that this party opened; `comity record recover --to HANDLE` without `--anew` \
                       asks it what it has";
        return Err(ExchangeError::refused("epoch-taken-up", message));
    }
    sign_pending(node).await?;
    node.wake_outbound();
    Ok(done)
}
