//! What a statement of a matter must find in this node's record.

use comity_model::matter::MatterBody;
use comity_model::statement::{Kind, Outcome, Payload};
use comity_model::{ChannelId, Digest, Refusal};

use crate::advice;
use crate::agreement::Standing;
use crate::consent;
use crate::error::Result;
use crate::grounds;
use crate::node::Node;
use crate::propose::links::{self, Broken};
use crate::{propose, purge, recall, request};

/// Whether the grounds of a statement are those that the agreement lists, and every release that it speaks of crossed in
/// the direction that it says.
pub(super) async fn against_the_record(
    node: &Node,
    payload: &Payload,
    standing: &Standing,
    body: &MatterBody,
) -> Result<std::result::Result<(), Refusal>> {
    if let Some((act, grounds)) = grounds::act_of(body)
        && let Err(refusal) = grounds::must_be_listed(&standing.agreement, act, grounds)
    {
        return Ok(Err(refusal));
    }
    let (from_them, from_us): (Vec<Digest>, Vec<Digest>) = match body {
        MatterBody::Answer(body) => (body.releases.clone(), Vec::new()),
        MatterBody::Recall(body) => {
            (std::iter::once(body.release).chain(body.replacement).collect(), Vec::new())
        }
        MatterBody::Consent(body) => (Vec::new(), vec![body.release]),
        _ => (Vec::new(), Vec::new()),
    };
    let channel = payload.channel();
    for digest in from_them {
        if !came(node, channel, digest).await? {
            return Ok(Err(Refusal::TargetUnknown));
        }
    }
    for digest in from_us {
        let row = node.store().outbound(digest).await?;
        let went =
            row.is_some_and(|it| it.kind == Kind::Release && it.channel == channel.reverse());
        if !went {
            return Ok(Err(Refusal::TargetUnknown));
        }
    }
    match body {
        MatterBody::Consent(body) => consent::check_request(node, payload.from, body).await,
        MatterBody::Advice(body) => advice::check(node, payload, standing, body).await,
        MatterBody::Purge(body) => purge::check(node, payload, body).await,
        MatterBody::Recall(body) => recall::check(node, standing, body).await,
        MatterBody::RecallAnswer(body) => recall::check_answer(node, body).await,
        MatterBody::Proposal(body) => {
            let parties = (payload.from, payload.to);
            let links = links::check(node, body, payload.agreement.id, parties).await?;
            Ok(links.map_err(|_| Broken::REFUSAL))
        }
        MatterBody::Decision(body) => Ok(propose::must_have_grounds(&standing.agreement, body)),
        _ => request::check(node, standing, payload.from, body).await,
    }
}

/// Whether a release came through a channel and was taken in, whole or in part.
async fn came(node: &Node, channel: ChannelId, release: Digest) -> Result<bool> {
    let row = node.store().inbox_row(release).await?;
    Ok(row.is_some_and(|it| {
        it.release.is_some() && it.channel == channel && it.receipt.outcome != Outcome::Refused
    }))
}
