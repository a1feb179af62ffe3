//! Dispatch: what is sealed goes to the partner, in order, one worker for each partner, with a cursor that survives
//! restarts.

use comity_model::told;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use comity_model::{AgreementId, ChannelId, PartyRoot};
use jiff::Timestamp;
use serde_json::json;

use crate::error::{ExchangeError, Result};
use crate::failpoint::fail_point;
use crate::node::Node;
use crate::partner::{self, Partner};
use crate::parts::{self, INLINE};
use crate::ports::{
    BlobError, Courier, CourierError, DoubtKind, KeptPouch, OutboundRow, OutgoingPouch, RemoteHead,
};
use crate::recovery;
use crate::seal::{current_channel, sign_pending};

mod sealing;

pub(crate) use sealing::{Sealing, sealing_key};

/// Statements delivered before the cursor is moved.
const WINDOW: u32 = 64;
/// How long a partner may be silent about something delivered before it is asked what it has.
const PATIENCE: Duration = Duration::from_secs(5);
/// The longest time between two such questions.
const MOST_PATIENCE: Duration = Duration::from_mins(5);

/// How long a partner that has everything is believed to have it: then it is asked as at the first contact.
const BELIEVED: Duration = Duration::from_hours(24);

/// What one partner's worker remembers between rounds. It is lost at a restart, and nothing depends on it.
#[derive(Debug)]
pub struct DispatchState {
    greeted: bool,
    greet_at: Option<Timestamp>,
    ask_at: Option<Timestamp>,
    patience: Duration,
    /// What the partner said when it was asked last.
    heard: BTreeMap<ChannelId, u64>,
}

impl Default for DispatchState {
    fn default() -> Self {
        Self {
            greeted: false,
            greet_at: None,
            ask_at: None,
            patience: PATIENCE,
            heard: BTreeMap::new(),
        }
    }
}

/// What one round did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dispatched {
    /// Statements put on the partner's disk.
    pub sent: u64,
    /// Whether there is more to send at once.
    pub more: bool,
}

/// Delivers the next statements to a partner and moves the cursor. Signs first what a restart left unsigned. At the first
/// contact, once a day, and where the partner stays silent about something that it should have cosigned, it is asked what it
/// consumed, and what it misses is sent again.
pub async fn dispatch(
    node: &Node,
    courier: &dyn Courier,
    root: PartyRoot,
    state: &mut DispatchState,
) -> Result<Dispatched> {
    sign_pending(node).await?;
    let (record, partner) = partner::confirmed(node, root).await?;
    if is_time(node, state.greet_at) {
        state.greeted = false;
    }
    let asks = match recovery::doubt_about(node, root).await? {
        // whatever the partner has: what this node signed and forgot may be on its way
        Some(why @ DoubtKind::RolledBack) => return Err(recovery::refused(why)),
        Some(DoubtKind::Restored | DoubtKind::PartnerAhead) => {
            state.greeted = false;
            true
        }
        None if state.greeted => is_time(node, state.ask_at),
        None => node.store().outbox_view(root).await?.last > 0,
    };
    if asks {
        reconcile(node, courier, root, state).await?;
    }
    let view = node.store().outbox_view(root).await?;
    let rows = node.store().outbox(root, view.cursor, WINDOW).await?;
    let Some(last) = rows.last().map(|row| row.position) else {
        return Ok(Dispatched { sent: 0, more: false });
    };
    let full = u32::try_from(rows.len()).is_ok_and(|rows| rows == WINDOW);
    let sent = rows.len() as u64;
    let mut done = 0;
    let mut failed = None;
    for row in rows {
        let position = row.position;
        fail_point("dispatch:before-delivery").await;
        match deliver(node, courier, &partner, row).await {
            Ok(()) => done = position,
            Err(error) => {
                failed = Some(error);
                break;
            }
        }
        fail_point("dispatch:after-delivery").await;
    }
    if done > 0 {
        let details = json!({ "partner": record.handle, "position": done });
        let journal = vec![node.journal("delivered", root, details)];
        node.store().delivered(root, done, journal).await?;
        fail_point("dispatch:cursor-moved").await;
        // what is sent all the time must not put off the question for what is missing
        if state.ask_at.is_none() {
            let ask_at = later(node.now(), PATIENCE);
            let greet_at = state.greet_at.or_else(|| later(node.now(), BELIEVED));
            *state = DispatchState { greeted: true, greet_at, ask_at, ..DispatchState::default() };
        }
    }
    match failed {
        Some(error) => Err(error),
        None => Ok(Dispatched { sent, more: full || done < last }),
    }
}

fn is_time(node: &Node, at: Option<Timestamp>) -> bool {
    at.is_some_and(|at| at <= node.now())
}

fn later(now: Timestamp, by: Duration) -> Option<Timestamp> {
    now.checked_add(by).ok()
}

/// Asks the partner what it consumed of each channel. What it misses and does not seem to work on is sent again. If it
/// consumed what this node does not remember, this node lost its own history, and nothing more is sealed or sent
/// (docs/protocol.md section 4.8).
async fn reconcile(
    node: &Node,
    courier: &dyn Courier,
    root: PartyRoot,
    state: &mut DispatchState,
) -> Result<()> {
    let first = !state.greeted;
    let is_restored = recovery::doubt_about(node, root).await? == Some(DoubtKind::Restored);
    let (mut silent, mut moved) = (false, false);
    for channel in channels_to(node, root).await? {
        let own = node.store().outbound_head(channel).await?;
        let uncosigned = own.cosigned.map_or(0, |(size, _)| size) < own.next;
        silent |= uncosigned;
        if !first && !uncosigned {
            continue;
        }
        let remote = match courier.head(root, channel).await {
            Ok(remote) => remote,
            // it does not have the agreement, so it cannot have consumed anything under it
            Err(CourierError::Refused(_)) if own.next == 0 => continue,
            Err(error) => return Err(error.into()),
        };
        // it did not take up this epoch yet, and may lack some of what stands of those before
        if remote.epoch < channel.epoch
            && let Some((before, there)) =
                recovery::first_missing(node, courier, channel, &remote).await?
        {
            let stuck = state.heard.insert(before, there) == Some(there);
            if first || stuck {
                recovery::send_again(node, before, there).await?;
            }
        }
        if remote.epoch > channel.epoch || !remembers(node, channel, own.next, &remote).await? {
            return Err(partner_ahead(node, channel, own.next, &remote).await?);
        }
        if is_restored && remote.waiting > 0 {
            // what it has not looked into yet may be what this node forgot; it is asked again
            return Err(recovery::refused(DoubtKind::Restored));
        }
        let before = state.heard.insert(channel, remote.next);
        let stuck = before == Some(remote.next);
        moved |= before.is_some_and(|before| before < remote.next);
        if remote.next < own.next && (first || stuck) {
            recovery::send_again(node, channel, remote.next).await?;
        }
    }
    if first {
        // the partner has nothing that this node does not remember
        let journal = vec![node.journal("record-trusted", root, json!({}))];
        node.store().trust(root, journal).await?;
        state.greet_at = later(node.now(), BELIEVED);
    }
    state.greeted = true;
    if moved {
        state.patience = PATIENCE;
    }
    state.ask_at = if silent { later(node.now(), state.patience) } else { None };
    state.patience = (state.patience * 2).min(MOST_PATIENCE);
    Ok(())
}

/// Whether this node made everything that the partner says it consumed: not more of it, and the last of it the same.
pub(crate) async fn remembers(
    node: &Node,
    channel: ChannelId,
    next: u64,
    remote: &RemoteHead,
) -> Result<bool> {
    let Some(digest) = remote.digest else {
        if remote.next == 0 {
            return Ok(true);
        }
        let what = "the head of a channel without the digest of its last statement";
        return Err(CourierError::Protocol(what.to_owned()).into());
    };
    let last = node.store().outbound(digest).await?;
    let place = remote.next.checked_sub(1);
    Ok(remote.next <= next
        && last.is_some_and(|row| row.channel == channel && row.sequence == place))
}

async fn partner_ahead(
    node: &Node,
    channel: ChannelId,
    next: u64,
    remote: &RemoteHead,
) -> Result<ExchangeError> {
    let details = json!({
        "channel": channel.to_string(), "here": next, "epoch": remote.epoch, "there": remote.next,
        "digest": remote.digest,
    });
    recovery::doubt(node, channel.to, DoubtKind::PartnerAhead, details).await?;
    let message = told!(
        "the partner consumed {theirs} statements of this channel, the last of which this node does not remember among its \
         own {next}; it was restored from an old backup, and must not go on in the same epoch: open a new one with \
         `comity record recover --to HANDLE`",
        theirs = remote.next,
        next
    );
    Ok(ExchangeError::refused("partner-ahead", message))
}

/// The channels in which this party speaks to a partner, each in the epoch that goes on.
pub(crate) async fn channels_to(node: &Node, root: PartyRoot) -> Result<Vec<ChannelId>> {
    let mut agreements: Vec<AgreementId> = node
        .store()
        .agreements()
        .await?
        .into_iter()
        .filter(|it| it.partner == root && it.complete)
        .map(|it| it.reference.id)
        .collect();
    agreements.dedup();
    let mut channels = Vec::with_capacity(agreements.len());
    for agreement in agreements {
        channels.push(current_channel(node, agreement, root).await?);
    }
    Ok(channels)
}

async fn deliver(
    node: &Node,
    courier: &dyn Courier,
    partner: &Partner,
    row: OutboundRow,
) -> Result<()> {
    let pouch = pouch_of(node, partner, row).await?;
    courier.deliver(partner.root(), &pouch).await?;
    if pouch.bytes.is_none() {
        let (spool, digest) = (Arc::clone(node.spool()), pouch.digest);
        blocking(move || spool.remove(&digest).map_err(ExchangeError::from)).await?;
    }
    Ok(())
}

/// The pouch of a statement. A large one is kept in the spool until it is delivered, so that an interrupted upload can go
/// on; it can always be made again.
pub(crate) async fn pouch_of(
    node: &Node,
    partner: &Partner,
    row: OutboundRow,
) -> Result<OutgoingPouch> {
    let key = sealing_key(node, partner)?;
    if let Some(kept) = row.pouch {
        let KeptPouch { digest, size, .. } = kept;
        let (spool, wanted) = (Arc::clone(node.spool()), kept.key == key);
        let there = blocking(move || {
            if wanted {
                return Ok(spool.open(&digest).is_ok());
            }
            // the partner has another sealing key by now: it is sealed again
            spool.remove(&digest)?;
            Ok(false)
        });
        if there.await? {
            return Ok(OutgoingPouch { digest, size, bytes: None });
        }
    }
    let sealing = Sealing::of(node, partner, &row).await?;
    let (statement, writer) = (row.digest, node.clone());
    let pouch = blocking(move || {
        parts::check_sealed(&row, &**writer.blobs())?;
        let size: u64 = row.parts.iter().map(|part| part.size).sum();
        let large = size > INLINE as u64;
        let mut memory = Vec::new();
        let mut file = if large { Some(writer.spool().create()?) } else { None };
        let out: &mut (dyn std::io::Write + Send) = match &mut file {
            Some(file) => &mut **file,
            None => &mut memory,
        };
        let sealed = sealing.write(&row, writer.blobs(), out)?;
        let bytes = match file {
            Some(file) => {
                let (digest, _) = file.commit()?;
                if digest != sealed.digest {
                    return Err(BlobError::Digest.into());
                }
                None
            }
            None => Some(bytes::Bytes::from(memory)),
        };
        Ok(OutgoingPouch { digest: sealed.digest, size: sealed.bytes, bytes })
    })
    .await?;
    if pouch.bytes.is_none() {
        let kept = KeptPouch { digest: pouch.digest, size: pouch.size, key };
        node.store().pouch_made(statement, kept).await?;
    }
    Ok(pouch)
}

pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(ExchangeError::damaged)?
}
