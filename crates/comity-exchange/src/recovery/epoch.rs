//! A new epoch: this party says to a partner where it takes up again (docs/protocol.md section 4.8).

use comity_log::checkpoint::Checkpoint;
use comity_log::cosign;
use comity_log::note::SignedNote;
use comity_model::statement::{Continues, DescriptorBody, Kind};
use comity_model::{ChannelId, Digest, PartyRoot};
use serde::Serialize;
use serde_json::json;

use super::{doubt, doubt_about, doubt_if_behind, first_missing, last_checkpoints, send_again};
use crate::agreement;
use crate::dispatch::{channels_to, remembers};
use crate::error::{ExchangeError, Result};
use crate::journal;
use crate::node::Node;
use crate::partner::{self, Partner};
use crate::ports::{Courier, CourierError, DoubtKind, LastCheckpoint, RemoteHead, SealEffect};
use crate::record;
use crate::seal::{Envelope, seal_in, sign_pending};

/// Epochs that a partner may be ahead: nobody loses a record more often.
const MOST_EPOCHS: u32 = 1_000;

/// What became of one channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Recovered {
    /// The channel as it was.
    pub channel: ChannelId,
    /// The epoch that goes on: that of `channel` where nothing was lost.
    pub epoch: u32,
    /// Statements of it that both parties have and that stand.
    pub stands: u64,
    /// Statements of it that this node remembers.
    pub here: u64,
    /// Statements of it that the partner has.
    pub there: u64,
    /// Whether the partner lost something that stands, and it is sent again.
    pub again: bool,
}

/// Asks a partner what it has of each of this party's channels. Where it has more than this node remembers, or where this
/// node forgot what it signed, a new epoch is opened whose first statement cites what both have; what was said behind that
/// counts as not said. Then things are sealed for the partner again. `by` is who does it, for the journal.
pub async fn recover(
    node: &Node,
    courier: &dyn Courier,
    root: PartyRoot,
    by: &str,
) -> Result<Vec<Recovered>> {
    let (_, partner) = partner::confirmed(node, root).await?;
    let kept = last_checkpoints(node).await?;
    let mut done = Vec::new();
    for channel in channels_to(node, root).await? {
        let own = node.store().outbound_head(channel).await?;
        let remote = match courier.head(root, channel).await {
            Ok(remote) => remote,
            // it does not have the agreement, so it cannot have consumed anything under it
            Err(CourierError::Refused(_)) if own.next == 0 => continue,
            Err(error) => return Err(error.into()),
        };
        if remote.epoch > channel.epoch.saturating_add(MOST_EPOCHS) {
            let what = "an epoch that nobody can have opened";
            return Err(CourierError::Protocol(what.to_owned()).into());
        }
        // what it has not looked into yet may be what this node forgot
        let is_waiting = remote.waiting > 0 && doubt_about(node, root).await?.is_some();
        let mut lost = is_waiting
            || remote.epoch > channel.epoch
            || !remembers(node, channel, own.next, &remote).await?;
        for last in kept.iter().filter(|it| it.channel == channel) {
            lost |= doubt_if_behind(node, last).await?;
        }
        let mut checkpoint = remote.cosigned.clone();
        if lost && remote.epoch > channel.epoch {
            let latest = ChannelId { epoch: remote.epoch, ..channel };
            checkpoint = courier.head(root, latest).await?.cosigned.or(checkpoint);
        }
        let missing = first_missing(node, courier, channel, &remote).await?;
        let heard = Heard { remote, lost, checkpoint };
        let mut it = go_on(node, channel, &partner, heard, &kept, by).await?;
        if let Some((of_epoch, from)) = missing {
            send_again(node, of_epoch, from).await?;
            it.again = true;
        }
        done.push(it);
    }
    trust_again(node, root, by).await?;
    Ok(done)
}

/// What is known of a partner's side of a channel.
pub(super) struct Heard {
    /// Its answer, or what its cosignatures amount to.
    pub(super) remote: RemoteHead,
    /// Whether the epoch cannot go on.
    pub(super) lost: bool,
    /// The largest checkpoint that it is known to have cosigned, of the latest epoch.
    pub(super) checkpoint: Option<String>,
}

/// Lets a channel go on: in a new epoch where it must. An epoch of which this node remembers, apart from the database, that
/// it signed something is not opened a second time.
pub(super) async fn go_on(
    node: &Node,
    channel: ChannelId,
    partner: &Partner,
    heard: Heard,
    kept: &[LastCheckpoint],
    by: &str,
) -> Result<Recovered> {
    let here = node.store().outbound_head(channel).await?.next;
    let Heard { remote, lost, checkpoint } = heard;
    let (mut stands, mut epoch) = (here, channel.epoch);
    if lost {
        // a loss that is found only now is one like any other: what is lost had folios too
        if doubt_about(node, channel.to).await?.is_none() {
            let details = json!({ "channel": channel.to_string(), "here": here, "epoch": remote.epoch, "there": remote.next });
            doubt(node, channel.to, DoubtKind::PartnerAhead, details).await?;
        }
        stands = common(node, channel, partner, &remote).await?;
        let signed = kept.iter().filter(|it| it.channel.is_way_of(&channel));
        let signed = signed.map(|it| it.channel.epoch).max().unwrap_or(0);
        epoch = channel.epoch.max(remote.epoch).max(signed).saturating_add(1);
        open(node, channel, epoch, stands, checkpoint, by).await?;
    }
    Ok(Recovered { channel, epoch, stands, here, there: remote.next, again: false })
}

/// Seals for a partner again, and signs the journal again, from what is there.
pub(super) async fn trust_again(node: &Node, root: PartyRoot, by: &str) -> Result<()> {
    journal::go_on_from_here(node, by).await?;
    let journal = vec![node.journal_by(by, "record-trusted", root, json!({}))];
    node.store().trust(root, journal).await?;
    sign_pending(node).await?;
    node.wake_outbound();
    Ok(())
}

/// How many statements of a channel surely stand on both sides. Where nothing was sealed since the loss, everything that is
/// here was said before it; else only what the partner cosigned is sure. That stands whatever the partner says it has now: its
/// number is nobody's proof, and what it lost it gets again.
async fn common(
    node: &Node,
    channel: ChannelId,
    partner: &Partner,
    remote: &RemoteHead,
) -> Result<u64> {
    let own = node.store().outbound_head(channel).await?;
    let known = own.cosigned.map_or(0, |(size, _)| size);
    let doubts = node.store().doubts().await?;
    if doubts.iter().any(|it| it.partner == channel.to && it.is_clean) {
        return Ok(own.next.min(remote.next).max(known));
    }
    let Some(cosigned) = &remote.cosigned else { return Ok(known) };
    let unreadable = || CourierError::Protocol("a cosigned checkpoint that is none".to_owned());
    let signed = SignedNote::parse(cosigned.as_bytes()).map_err(|_| unreadable())?;
    let stated = Checkpoint::parse(signed.text()).map_err(|_| unreadable())?;
    let keys = record::keys_ever(node, partner.root(), Partner::witness_keys_ever).await?;
    let whole =
        cosign::verify(&signed, &keys).is_ok_and(|found| partner::signed_by_each(&keys, &found));
    if !whole || stated.origin() != channel.origin() {
        return Err(unreadable().into());
    }
    let size = stated.size();
    let is_ours = size <= own.next && record::root(node, channel, size).await? == *stated.root();
    Ok(if is_ours { known.max(size) } else { known })
}

/// Seals the first statement of an epoch.
pub(super) async fn open(
    node: &Node,
    before: ChannelId,
    epoch: u32,
    size: u64,
    checkpoint: Option<String>,
    by: &str,
) -> Result<()> {
    let last = match size.checked_sub(1) {
        Some(last) => node.store().record_statements(before, last, 1).await?,
        None => Vec::new(),
    };
    let digest = last.first().map(|payload| Digest::of(payload));
    let life = agreement::life(node, before.agreement, node.now()).await?;
    let agreement = life.active().map(|it| it.reference).ok_or_else(|| {
        let message = "no version of the agreement binds yet; nothing was said under it";
        ExchangeError::refused("agreement-unknown", message)
    })?;
    let own = partner::own(node)?;
    let body = DescriptorBody {
        descriptor: node.descriptor().to_string(),
        continues: Some(Continues { epoch: before.epoch, size, digest, checkpoint }),
    };
    let details = json!({
        "channel": before.to_string(), "epoch": epoch, "stands": size, "last": digest,
    });
    let journal = vec![node.journal_by(by, "epoch-opened", before.to, details)];
    let envelope = Envelope {
        kind: Kind::Descriptor,
        partner: before.to,
        agreement,
        entries: Vec::new(),
        parts: Vec::new(),
    };
    let channel = ChannelId { epoch, ..before };
    let effect = SealEffect::Descriptor { serial: own.descriptor.serial };
    seal_in(node, channel, envelope, &body, effect, None, journal).await?;
    Ok(())
}
