//! A partner's new descriptor, taken in.

use comity_model::descriptor::KeyUse;
use comity_model::statement::{DescriptorBody, Payload};
use comity_model::{Digest, Refusal};
use comity_pouch::dsse::Envelope;
use jiff::Timestamp;

use super::in_force;
use crate::account;
use crate::admit::finish;
use crate::error::Result;
use crate::node::Node;
use crate::partner::{self, Partner};
use crate::ports::PublishEffect;
use crate::verify::OpenPouch;

/// The epoch in which a channel begins.
const FIRST_EPOCH: u32 = 1;

/// What a `descriptor` changes here, or why it is refused (docs/protocol.md section 4.5).
pub(crate) async fn take(
    node: &Node,
    payload: &Payload,
    pouch: OpenPouch,
) -> Result<std::result::Result<PublishEffect, Refusal>> {
    let (Ok(body), Some(sequence)) = (payload.body::<DescriptorBody>(), payload.sequence) else {
        return Ok(Err(Refusal::BadBody));
    };
    let opens_epoch = payload.epoch > FIRST_EPOCH && sequence == 0;
    if !payload.parts.is_empty() || body.continues.is_some() != opens_epoch {
        return Ok(Err(Refusal::BadBody));
    }
    if let Err(refusal) = finish(pouch).await? {
        return Ok(Err(refusal));
    }
    let envelope = body.descriptor;
    let Ok((said, digest)) = Partner::read(envelope.as_bytes(), "the descriptor") else {
        return Ok(Err(Refusal::DescriptorBad));
    };
    if said.root() != payload.from || !can_go_on(&said, payload.issued_at) {
        return Ok(Err(Refusal::DescriptorBad));
    }
    if said.descriptor.test != node.record().exercise {
        return Ok(Err(Refusal::ExerciseMismatch));
    }
    if partner::own(node)?.descriptor.protocol.common(said.descriptor.protocol).is_none() {
        return Ok(Err(Refusal::ProtocolVersion));
    }
    let serial = said.descriptor.serial;
    let before = in_force(node, payload.channel(), sequence).await?;
    let known = node.store().descriptors(payload.from).await?;
    if partner::listed_again(&said.descriptor, &partner::kept(&known)?).is_some() {
        return Ok(Err(Refusal::DescriptorBad));
    }
    // a file, or another channel, may have brought it before
    let known = known.into_iter().find(|it| it.serial == serial).map(|it| it.envelope);
    let same = |known: &String| digest_of(known) == Some(digest);
    match known {
        Some(known) if !same(&known) => Ok(Err(Refusal::DescriptorOld)),
        _ if serial < before.serial => Ok(Err(Refusal::DescriptorOld)),
        Some(envelope) if serial == before.serial => {
            Ok(Ok(PublishEffect::Descriptor { serial, envelope, closes: Vec::new() }))
        }
        _ if serial == before.serial => Ok(Err(Refusal::DescriptorOld)),
        _ if serial > before.serial + 1 => Ok(Err(Refusal::DescriptorGap)),
        _ if !said.is_after(&before.partner) => Ok(Err(Refusal::DescriptorOld)),
        known => {
            let envelope = known.unwrap_or(envelope);
            let closes = opened_by(node, &said).await?;
            Ok(Ok(PublishEffect::Descriptor { serial, envelope, closes }))
        }
    }
}

/// The open accounts whose certificate has the key by which the sender now delivers: no account belongs to another party
/// (invariant no-foothold), and a statement cannot be sent back for one.
async fn opened_by(node: &Node, said: &Partner) -> Result<Vec<String>> {
    let mut accounts = node.store().accounts().await?;
    let is_theirs = |key: Digest| account::link_keys(said).any(|it| it == key);
    accounts.retain(|it| it.disabled_at.is_none() && it.certificate.is_some_and(is_theirs));
    Ok(accounts.into_iter().map(|it| it.name).collect())
}

/// Whether the channel can go on under a descriptor: without these keys nothing that its party says could ever be taken in
/// again, nor anything be said to it.
fn can_go_on(said: &Partner, at: Timestamp) -> bool {
    let has = |purpose| said.descriptor.keys_for(purpose, at).next().is_some();
    !said.statement_keys(at).is_empty()
        && [KeyUse::Log, KeyUse::Witness].into_iter().all(has)
        && said.recipient(at).is_ok()
}

/// The digest of what is signed in a stored envelope: the same descriptor may be signed twice.
fn digest_of(envelope: &str) -> Option<Digest> {
    Envelope::parse(envelope.as_bytes()).ok().map(|it| Digest::of(it.unverified_payload()))
}
