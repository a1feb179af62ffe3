//! This party's own next descriptor: kept, and announced in every channel.

use comity_model::conduct;
use comity_model::statement::{DescriptorBody, Kind};
use comity_model::{AgreementId, ChannelId, PartyRoot};
use serde_json::json;

use super::own_at_next;
use crate::agreement;
use crate::error::{ExchangeError, Result, journalled};
use crate::node::Node;
use crate::partner::{self, Partner};
use crate::ports::{OutboundRow, OwnDescriptor, SealEffect, StoreError};
use crate::seal::{Envelope, current_channel, seal_statement, sign_pending};

/// Descriptors announced in one channel at once, at the most, with those that another process was quicker with.
const MOST_STEPS: usize = 64;

/// How a new descriptor went out.
#[derive(Debug, Clone)]
pub struct Renewal {
    /// Its serial.
    pub serial: u64,
    /// The statements that announce it, one for each channel.
    pub announced: Vec<OutboundRow>,
    /// Confirmed partners to whom nothing announces it, because there is no agreement that both signed, or because their
    /// node does not take the kind: they get it as a file.
    pub by_file: Vec<PartyRoot>,
}

/// A descriptor that takes the place of this party's own.
#[derive(Debug, Clone, Copy)]
pub struct Next<'a> {
    /// The envelope, signed by the root, as text.
    pub envelope: &'a str,
    /// Whether nothing announces it, because the keys that would have to are lost: it is in force from the first statement of
    /// each channel that is not signed yet, and every partner imports the file.
    pub by_file: bool,
    /// What changed, for the journal: names of uses and keys.
    pub changed: &'a [String],
}

/// Makes `next` this party's descriptor and announces it in every channel: there it is in force from the sequence after
/// the announcement on. Refused with `descriptor-other`, `descriptor-serial` or `exercise-mismatch` where it is not this
/// party's next one. `by` is who does it, for the journal.
pub async fn renew(node: &Node, next: Next<'_>, by: &str) -> Result<Renewal> {
    let by_file = next.by_file;
    let done = keep(node, next, by).await;
    let serial =
        journalled(node, done, by, "descriptor-not-renewed", node.root(), json!({})).await?;
    let announced = if by_file { Vec::new() } else { announce(node, by).await? };
    let told = |root: PartyRoot| announced.iter().any(|row| row.channel.to == root);
    let parties = node.store().parties().await?;
    let by_file = parties
        .iter()
        .filter(|it| it.confirmed_at.is_some() && !told(it.root))
        .map(|it| it.root)
        .collect();
    Ok(Renewal { serial, announced, by_file })
}

async fn keep(node: &Node, next: Next<'_>, by: &str) -> Result<u64> {
    let Next { envelope, by_file, changed } = next;
    let (next, _) = Partner::read(envelope.as_bytes(), "the new descriptor")?;
    let own = partner::own(node)?;
    if next.root() != node.root() {
        let message = "the descriptor is another party's; sign one with this party's root";
        return Err(ExchangeError::refused("descriptor-other", message));
    }
    if next.descriptor.test != own.descriptor.test {
        let message = "a node that exchanges stays what it is, live or training; make another node";
        return Err(ExchangeError::refused("exercise-mismatch", message));
    }
    let serial = next.descriptor.serial;
    let following = own.descriptor.serial.saturating_add(1);
    // a file may pass over serials that this party lost and a partner has
    if serial != following && !(by_file && serial > following) {
        let message = format!(
            "the descriptor has the serial {serial} and this party's next one is {following}; make it again",
        );
        return Err(ExchangeError::refused("descriptor-serial", message));
    }
    if !next.is_after(&own) {
        let message = "the descriptor was not made after the one before; make it again";
        return Err(ExchangeError::refused("descriptor-time", message));
    }
    let details = json!({ "serial": serial, "by_file": by_file, "changed": changed });
    let journal = vec![node.journal_by(by, "descriptor-renewed", node.root(), details)];
    let row = OwnDescriptor { serial, envelope: envelope.to_owned(), at: node.now(), by_file };
    node.store().renew_descriptor(row, journal).await?;
    node.refresh().await?;
    Ok(serial)
}

/// Announces this party's descriptors in every channel in which the newest is not in force yet, one serial after the other.
/// It goes on where an earlier call ended, so that a crash between the channels leaves none behind. Gives the statements.
pub async fn announce(node: &Node, by: &str) -> Result<Vec<OutboundRow>> {
    node.refresh().await?;
    let known = node.store().descriptors(node.root()).await?;
    let mut announced = Vec::new();
    for (id, partner) in channels(node).await? {
        let channel = current_channel(node, id, partner).await?;
        for _ in 0..MOST_STEPS {
            let before = own_at_next(node, channel).await?.serial;
            let Some(next) = known.iter().find(|it| it.serial > before) else { break };
            let body = DescriptorBody { descriptor: next.envelope.clone(), continues: None };
            match say(node, channel, next.serial, body, by).await {
                Ok(Some(row)) => announced.push(row),
                // nobody there reads the kind, or the agreement has no version that binds
                Ok(None) => break,
                // another process of this node announced it first
                Err(ExchangeError::Store(StoreError::Conflict(_))) => {}
                Err(error) => return Err(error),
            }
        }
    }
    if !announced.is_empty() {
        sign_pending(node).await?;
        node.wake_outbound();
    }
    Ok(announced)
}

async fn say(
    node: &Node,
    channel: ChannelId,
    serial: u64,
    body: DescriptorBody,
    by: &str,
) -> Result<Option<OutboundRow>> {
    let (_, partner) = match partner::confirmed(node, channel.to).await {
        Ok(found) => found,
        Err(ExchangeError::Refused { .. }) => return Ok(None),
        Err(error) => return Err(error),
    };
    let life = agreement::life(node, channel.agreement, node.now()).await?;
    let may = conduct::may(Kind::Descriptor, life.phase).is_ok();
    let active = life.active().map(|it| it.reference);
    let Some(agreement) =
        active.filter(|_| may && partner.descriptor.understands(Kind::Descriptor))
    else {
        return Ok(None);
    };
    let details = json!({ "channel": channel.to_string(), "serial": serial });
    let journal = vec![node.journal_by(by, "descriptor-announced", channel.to, details)];
    let envelope = Envelope {
        kind: Kind::Descriptor,
        partner: channel.to,
        agreement,
        entries: Vec::new(),
        parts: Vec::new(),
    };
    let effect = SealEffect::Descriptor { serial };
    seal_statement(node, envelope, &body, effect, journal).await.map(Some)
}

/// The agreements that both parties signed, each with its partner.
async fn channels(node: &Node) -> Result<Vec<(AgreementId, PartyRoot)>> {
    let mut all: Vec<(AgreementId, PartyRoot)> = node
        .store()
        .agreements()
        .await?
        .into_iter()
        .filter(|it| it.complete)
        .map(|it| (it.reference.id, it.partner))
        .collect();
    all.dedup();
    Ok(all)
}
