//! Figures of reciprocity, computed from the record as far as both parties cosigned it, so that both compute the same
//! (docs/protocol.md section 4.10).

use comity_model::matter::reciprocity::{
    Channel, Direction, Period, Recorded, as_of, figures as figures_of,
};
use comity_model::{AgreementId, ChannelId, Digest, Handle, PartyRoot};
use jiff::Timestamp;
use serde::Serialize;

use crate::agreement;
use crate::error::{ExchangeError, Result};
use crate::node::Node;
use crate::record;
use crate::seal::current_channel;

/// Statements read at a time.
const PAGE: u32 = 1_000;

/// The figures of an agreement, and the part of the record that they were computed from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reciprocity {
    /// The agreement.
    pub agreement: AgreementId,
    /// What they were computed from: both channels, as far as the receiver cosigned each.
    pub cut: [Cut; 2],
    /// The latest `issued_at` in the cut. Clocks are read at this time.
    pub as_of: Option<Timestamp>,
    /// What is counted.
    pub period: Period,
    /// The figures of both directions, in the order of the cut.
    pub directions: [Direction; 2],
}

/// The part of a channel that was counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cut {
    /// Who speaks in it.
    pub from: PartyRoot,
    /// What the agreement calls that party.
    pub handle: Option<Handle>,
    /// To whom.
    pub to: PartyRoot,
    /// Statements from the start of the epoch that goes on.
    pub size: u64,
    /// The root of the log over them.
    pub root: Digest,
    /// Epochs that ended before it, in order: what of each stands.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub before: Vec<Ended>,
}

/// What stands of an epoch that ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ended {
    /// The epoch.
    pub epoch: u32,
    /// Statements from the start.
    pub size: u64,
    /// The root of the log over them.
    pub root: Digest,
}

/// Computes the figures of the agreement with an id or a folio. Both parties get the same bytes of JSON as soon as both have
/// the same cosignatures; until then the cut says how they differ.
pub async fn figures(node: &Node, agreement: &str, period: Period) -> Result<Reciprocity> {
    let (stored, _) = agreement::find(node, agreement).await?;
    let (id, partner) = (stored.reference.id, stored.partner);
    let text =
        agreement::read(&stored.text, "the stored agreement").map_err(ExchangeError::damaged)?;
    let out = current_channel(node, id, partner).await?;
    let back = out.reverse();
    let back = ChannelId { epoch: node.store().epoch(back).await?, ..back };
    let ours = node.store().outbound_head(out).await?.cosigned;
    let theirs = node.store().inbound_head(back).await?.cosigned;
    let mut sides = [(out, ours), (back, theirs)];
    // one order for both parties
    sides.sort_by_key(|(channel, _)| channel.from);
    let mut read = Vec::with_capacity(sides.len());
    for (channel, cosigned) in sides {
        let size = cosigned.map_or(0, |(size, _)| size);
        let root = Digest::from_bytes(record::root(node, channel, size).await?);
        let handle = text.handle_of(&channel.from).cloned();
        let (before, mut said) = ended(node, channel).await?;
        said.extend(recorded(node, channel, size).await?);
        let cut = Cut { from: channel.from, handle, to: channel.to, size, root, before };
        read.push((cut, said));
    }
    let damaged = || ExchangeError::damaged("the record");
    let [(first, first_said), (second, second_said)] =
        <[_; 2]>::try_from(read).map_err(|_| damaged())?;
    let channels = [(&first, &first_said), (&second, &second_said)].map(|(cut, said)| Channel {
        from: cut.from,
        to: cut.to,
        said,
    });
    let [one, other] = channels;
    Ok(Reciprocity {
        agreement: id,
        as_of: as_of(channels),
        period,
        directions: figures_of(one, other, &period),
        cut: [first, second],
    })
}

/// The epochs before that of a channel, and what was said in them that stands.
async fn ended(node: &Node, channel: ChannelId) -> Result<(Vec<Ended>, Vec<Recorded>)> {
    let (mut before, mut said) = (Vec::new(), Vec::new());
    for epoch in 1..channel.epoch {
        let channel = ChannelId { epoch, ..channel };
        let size = node.store().epoch_end(channel).await?.unwrap_or_default();
        let root = Digest::from_bytes(record::root(node, channel, size).await?);
        said.extend(recorded(node, channel, size).await?);
        before.push(Ended { epoch, size, root });
    }
    Ok((before, said))
}

/// The first `size` statements of a channel.
async fn recorded(node: &Node, channel: ChannelId, size: u64) -> Result<Vec<Recorded>> {
    let mut all = Vec::new();
    while (all.len() as u64) < size {
        let from = all.len() as u64;
        let limit = u32::try_from(size - from).unwrap_or(u32::MAX).min(PAGE);
        let page = node.store().record_statements(channel, from, limit).await?;
        if page.is_empty() {
            return Err(ExchangeError::damaged("the record"));
        }
        for payload in page {
            all.push(Recorded::of(&payload).ok_or_else(|| ExchangeError::damaged("the record"))?);
        }
    }
    Ok(all)
}
