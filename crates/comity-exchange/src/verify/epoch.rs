//! In which epoch a statement may stand (docs/protocol.md sections 2.3, 4.8).

use comity_log::checkpoint::Checkpoint;
use comity_log::cosign;
use comity_log::note::SignedNote;
use comity_model::statement::{Continues, DescriptorBody, Kind, Payload};
use comity_model::{ChannelId, Digest, Refusal};
use serde_json::json;

use crate::error::Result;
use crate::node::Node;
use crate::partner::{self, Partner};
use crate::record;

/// Epochs by which one may follow another: nobody loses a record more often without anything arriving meanwhile.
const MOST_AHEAD: u32 = 16;

/// Whether a statement may stand in its epoch, where `current` is the one that goes on. A later one is opened by its first
/// statement alone; of the next one, what comes before that statement waits for it. Epochs are passed over where their sender
/// lost them too before anything of them arrived.
pub(super) async fn may_stand(
    node: &Node,
    payload: &Payload,
    current: u32,
) -> Result<std::result::Result<(), Refusal>> {
    if payload.epoch == current {
        return Ok(Ok(()));
    }
    if payload.epoch < current {
        return Ok(Err(Refusal::EpochClosed));
    }
    match payload.sequence {
        Some(0) if payload.epoch <= current.saturating_add(MOST_AHEAD) => {}
        Some(_) if payload.epoch == current.saturating_add(1) => return Ok(Ok(())),
        Some(_) | None => return Ok(Err(Refusal::EpochNotContinued)),
    }
    let continues = match payload.known_kind() {
        Some(Kind::Descriptor) => payload.body::<DescriptorBody>().ok().and_then(|it| it.continues),
        _ => None,
    };
    let goes_on = match continues {
        Some(it) => goes_on(node, payload.channel(), current, &it).await?,
        None => false,
    };
    Ok(if goes_on { Ok(()) } else { Err(Refusal::EpochNotContinued) })
}

/// Whether what a new epoch goes on from is what this node has: the statements that both have are a beginning of the mirror,
/// and the checkpoint is one that this party cosigned, of a tree that the mirror has. Where this party cosigned more than the
/// mirror has, it lost the rest itself: the journal says how much, and the epoch is taken up, for nothing else could follow.
async fn goes_on(node: &Node, channel: ChannelId, current: u32, it: &Continues) -> Result<bool> {
    if !(1..=current).contains(&it.epoch) {
        return Ok(false);
    }
    let before = ChannelId { epoch: it.epoch, ..channel };
    if it.size > node.store().inbound_head(before).await?.next {
        return Ok(false);
    }
    let last = match it.size.checked_sub(1) {
        Some(last) => node.store().record_statements(before, last, 1).await?,
        None => Vec::new(),
    };
    if last.first().map(|payload| Digest::of(payload)) != it.digest {
        return Ok(false);
    }
    // what was cosigned after the sender asked, it cannot cite
    let Some(cited) = &it.checkpoint else { return Ok(true) };
    for epoch in it.epoch..channel.epoch {
        let before = ChannelId { epoch, ..channel };
        let head = node.store().inbound_head(before).await?;
        // the one kept here, or one that this node forgot that it cosigned
        if head.cosigned.as_ref().is_some_and(|(_, kept)| kept == cited)
            || is_cosigned(node, before, head.next, cited).await?
        {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn is_cosigned(node: &Node, channel: ChannelId, next: u64, cited: &str) -> Result<bool> {
    let Ok(signed) = SignedNote::parse(cited.as_bytes()) else { return Ok(false) };
    let Ok(stated) = Checkpoint::parse(signed.text()) else { return Ok(false) };
    if stated.origin() != channel.origin() {
        return Ok(false);
    }
    // whichever keys this party had when it cosigned
    let keys = record::keys_ever(node, node.root(), Partner::witness_keys_ever).await?;
    let whole =
        cosign::verify(&signed, &keys).is_ok_and(|found| partner::signed_by_each(&keys, &found));
    if !whole {
        return Ok(false);
    }
    if stated.size() > next {
        note_lost(node, channel, next, &stated, cited).await?;
        return Ok(true);
    }
    Ok(record::root(node, channel, stated.size()).await? == *stated.root())
}

/// Notes, once, that this party cosigned more of a partner's log than its mirror has.
async fn note_lost(
    node: &Node,
    channel: ChannelId,
    here: u64,
    stated: &Checkpoint,
    cited: &str,
) -> Result<()> {
    if !node.is_news(cited.as_bytes()) {
        return Ok(());
    }
    let root = Digest::from_bytes(*stated.root());
    let details = json!({
        "channel": channel.to_string(), "here": here, "cosigned": stated.size(), "root": root,
    });
    let journal = vec![node.journal("mirror-lost", channel.from, details)];
    Ok(node.store().journal(journal).await?)
}
