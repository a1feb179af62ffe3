//! Descriptors over time: which one of a party is in force at a place of a channel, how a new one is taken in, and how this
//! party's own is announced (docs/protocol.md section 1.4).
//!
//! What was signed is judged by its place in the record. A `descriptor` statement at sequence `n` puts a descriptor in force
//! from `n + 1` of that channel on, never backwards: a signature that was good at its place stays good for ever, and a key
//! that a descriptor leaves out is worth nothing from there on.

use std::sync::Arc;

use comity_model::{ChannelId, Digest};

use crate::error::{ExchangeError, Result};
use crate::node::Node;
use crate::partner::Partner;
use crate::ports::{DescriptorPlace, DescriptorRow};

mod arrival;
mod renewal;

pub(crate) use arrival::take;
pub use renewal::{Next, Renewal, announce, renew};

/// The descriptor of a channel's sender that judges a place of the channel.
#[derive(Debug, Clone)]
pub struct InForce {
    /// What it says, and its keys.
    pub partner: Arc<Partner>,
    /// Its serial.
    pub serial: u64,
    /// The signed envelope, as text.
    pub envelope: String,
    /// The first sequence that it judges.
    pub since: u64,
    /// The `descriptor` statement before `since` that brought it; `None` where the channel began with it or a file brought
    /// it.
    pub statement: Option<Digest>,
    /// The first sequence that another judges, as far as is known here, and the statement that brought that one.
    pub until: Option<(u64, Option<Digest>)>,
}

/// The descriptor of `channel.from` that is in force at `sequence` of the channel, in the record of this node: by it, and by
/// no other, the signatures of the statement at that place are judged. For a channel that has not begun it is the newest.
/// `NotFound` for a party that is not known here.
pub async fn in_force(node: &Node, channel: ChannelId, sequence: u64) -> Result<InForce> {
    let known = node.store().descriptors(channel.from).await?;
    let places = node.store().descriptor_places(channel).await?;
    in_force_among(node, channel, &known, &places, sequence)
}

/// The place that judges `sequence`, and the next one after it.
fn at(
    places: &[DescriptorPlace],
    sequence: u64,
) -> Option<(&DescriptorPlace, Option<&DescriptorPlace>)> {
    let index = places.iter().rposition(|it| it.sequence <= sequence)?;
    Some((places.get(index)?, places.get(index + 1)))
}

fn in_force_among(
    node: &Node,
    channel: ChannelId,
    known: &[DescriptorRow],
    places: &[DescriptorPlace],
    sequence: u64,
) -> Result<InForce> {
    let unknown = || ExchangeError::no_root(channel.from);
    let (since, statement, until, row) = match at(places, sequence) {
        Some((place, next)) => {
            let row = known.iter().find(|it| it.serial == place.serial);
            let row =
                row.ok_or_else(|| ExchangeError::damaged("a descriptor that was in force"))?;
            (place.sequence, place.statement, next.map(|it| (it.sequence, it.statement)), row)
        }
        None => (0, None, None, known.last().ok_or_else(unknown)?),
    };
    let partner = read(node, row)?;
    let (serial, envelope) = (row.serial, row.envelope.clone());
    Ok(InForce { partner, serial, envelope, since, statement, until })
}

/// The descriptors by which the statement at `sequence` of a partner's channel may be judged, each with its serial. It is the
/// one in force; only the first statement of a channel settles with which of those that the sender made since the
/// agreement was signed here it begins, the newest first.
pub(crate) async fn judges(
    node: &Node,
    channel: ChannelId,
    sequence: u64,
) -> Result<Vec<(u64, Arc<Partner>)>> {
    let known = node.store().descriptors(channel.from).await?;
    let places = node.store().descriptor_places(channel).await?;
    let first = in_force_among(node, channel, &known, &places, sequence)?;
    let begins = sequence == 0 && node.store().inbound_head(channel).await?.next == 0;
    if !begins {
        return Ok(vec![(first.serial, first.partner)]);
    }
    let later = known.iter().rev().filter(|it| it.serial > first.serial);
    let mut all = Vec::new();
    for row in later {
        all.push((row.serial, read(node, row)?));
    }
    all.push((first.serial, first.partner));
    Ok(all)
}

/// This party's own descriptor at the next place of one of its channels.
pub(crate) async fn own_at_next(node: &Node, channel: ChannelId) -> Result<InForce> {
    let next = node.store().outbound_head(channel).await?.next;
    in_force(node, channel, next).await
}

fn read(node: &Node, row: &DescriptorRow) -> Result<Arc<Partner>> {
    let descriptor = row.envelope.as_str();
    node.partner_of(descriptor, || {
        Partner::read(descriptor.as_bytes(), "the stored descriptor")
            .map(|(partner, _)| partner)
            .map_err(ExchangeError::damaged)
    })
}
