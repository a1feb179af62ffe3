//! How a channel's log stands.

use comity_log::checkpoint::Checkpoint;
use comity_log::note::SignedNote;
use comity_log::{Frontier, Hash};
use comity_model::ChannelId;
use jiff::Timestamp;

use crate::error::{ExchangeError, Result};
use crate::node::Node;
use crate::ports::ChannelProgress;

/// A checkpoint as this node keeps it, not verified again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// Its size in leaves.
    pub size: u64,
    /// Its root.
    pub root: Hash,
    /// The signed note, with the cosignatures that are known.
    pub note: String,
}

/// The log of a channel, or its mirror.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogView {
    /// Which channel.
    pub channel: ChannelId,
    /// Whether this party speaks in it.
    pub own: bool,
    /// Statements in the log; of a partner's channel, those consumed.
    pub size: u64,
    /// The root over all of them.
    pub root: Hash,
    /// The roots of the largest complete subtrees with their levels, the largest first.
    pub peaks: Vec<(u8, Hash)>,
    /// When the last one was issued, by its sender's word.
    pub last_issued: Option<Timestamp>,
    /// Of this party's own: statements from the start that are signed.
    pub signed: Option<u64>,
    /// The largest checkpoint that the log's keys signed; of a partner's log the largest that was seen, which may be ahead
    /// of what was consumed.
    pub checkpoint: Option<Signed>,
    /// The largest checkpoint that the receiver cosigned.
    pub cosigned: Option<Signed>,
    /// Of a partner's channel: statements that no receipt of this party answers yet.
    pub due: u64,
    /// How far it is answered, and what waits.
    pub progress: ChannelProgress,
}

impl LogView {
    /// Everything before this sequence has its receipt and the receiver's cosignature (docs/protocol.md section 4.7).
    pub fn settled_to(&self) -> u64 {
        let cosigned = self.cosigned.as_ref().map_or(0, |it| it.size);
        self.progress.unsettled.unwrap_or(self.size).min(cosigned)
    }

    /// The places that are missing before what arrived early, if anything did: from the first to below the second.
    pub fn gap(&self) -> Option<(u64, u64)> {
        self.progress.first_held.filter(|first| *first > self.size).map(|first| (self.size, first))
    }

    /// The party that does not speak in this node's name: whom this is a channel to or from.
    pub const fn partner(&self) -> comity_model::PartyRoot {
        if self.own { self.channel.to } else { self.channel.from }
    }
}

/// How the log of a channel stands.
///
/// # Errors
/// [`ExchangeError::Damaged`] where what is kept about it cannot be read; [`check`](super::check) says more.
pub async fn view(node: &Node, channel: ChannelId) -> Result<LogView> {
    let progress = node.store().channel_progress(channel).await?;
    if channel.from == node.root() {
        let head = node.store().outbound_head(channel).await?;
        let view = LogView {
            signed: Some(head.signed),
            checkpoint: signed(head.checkpoint)?,
            cosigned: signed(head.cosigned)?,
            last_issued: head.last_issued,
            progress,
            ..bare(channel, true, &head.frontier)?
        };
        return Ok(view);
    }
    let head = node.store().inbound_head(channel).await?;
    Ok(LogView {
        checkpoint: signed(head.seen)?,
        cosigned: signed(head.cosigned)?,
        last_issued: head.last_issued,
        due: head.due,
        progress,
        ..bare(channel, false, &head.frontier)?
    })
}

fn bare(channel: ChannelId, own: bool, frontier: &[u8]) -> Result<LogView> {
    let frontier = Frontier::from_bytes(frontier).map_err(ExchangeError::damaged)?;
    Ok(LogView {
        channel,
        own,
        size: frontier.size(),
        root: frontier.root(),
        peaks: frontier.peaks().map(|(level, hash)| (level, *hash)).collect(),
        last_issued: None,
        signed: None,
        checkpoint: None,
        cosigned: None,
        due: 0,
        progress: ChannelProgress::default(),
    })
}

fn signed(kept: Option<(u64, String)>) -> Result<Option<Signed>> {
    let Some((_, note)) = kept else { return Ok(None) };
    let parsed = SignedNote::parse(note.as_bytes()).map_err(ExchangeError::damaged)?;
    let checkpoint = Checkpoint::parse(parsed.text()).map_err(ExchangeError::damaged)?;
    Ok(Some(Signed { size: checkpoint.size(), root: *checkpoint.root(), note }))
}
