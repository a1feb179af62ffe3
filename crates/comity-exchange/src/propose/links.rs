//! To which proposals a proposal may refer (docs/protocol.md section 3.8).

use comity_model::matter::ProposalBody;
use comity_model::told;
use comity_model::{AgreementId, MatterId, MatterKind, PartyRoot, Refusal};

use super::ProposalRow;
use crate::error::{ExchangeError, Result};
use crate::node::Node;

/// Why a proposal may not refer to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Broken {
    /// `in_reply_to` names no proposal of the other party under the agreement.
    Reply(MatterId),
    /// `again` names no decided proposal of the same party, on the same subject, under the agreement.
    Again(MatterId),
}

impl Broken {
    /// The code with which a receiver refuses it.
    pub(crate) const REFUSAL: Refusal = Refusal::MatterUnknown;

    /// The refusal of the command that would say it.
    pub(crate) fn refused(self) -> ExchangeError {
        let message = match self {
            Self::Reply(id) => told!("`{id}` is no proposal that the partner put under this agreement; `comity proposal list` shows its \
                 proposals", id)
            .named("reply-to-no-proposal"),
            Self::Again(id) => told!("`{id}` is no proposal that this party put under this agreement, on the same subject, and that was \
                 decided; `comity proposal list` shows its proposals", id)
            .named("again-of-no-proposal"),
        };
        ExchangeError::refused(Self::REFUSAL.code(), message)
    }
}

/// Whether what `from` puts to `to` refers to proposals as it may. Sender and receiver ask the same.
pub(crate) async fn check(
    node: &Node,
    body: &ProposalBody,
    agreement: AgreementId,
    (from, to): (PartyRoot, PartyRoot),
) -> Result<std::result::Result<(), Broken>> {
    if let Some(id) = body.in_reply_to {
        let earlier = proposal(node, id, agreement).await?;
        if !earlier.is_some_and(|it| it.from == to && it.to == from) {
            return Ok(Err(Broken::Reply(id)));
        }
    }
    if let Some(id) = body.again {
        let earlier = proposal(node, id, agreement).await?;
        let repeats = |it: ProposalRow| {
            it.from == from && it.body.subject == body.subject && it.decision.is_some()
        };
        if !earlier.is_some_and(repeats) {
            return Ok(Err(Broken::Again(id)));
        }
    }
    Ok(Ok(()))
}

async fn proposal(
    node: &Node,
    id: MatterId,
    agreement: AgreementId,
) -> Result<Option<ProposalRow>> {
    if id.kind() != MatterKind::Proposal {
        return Ok(None);
    }
    let found = node.store().matter(id).await?.filter(|it| it.agreement == agreement);
    Ok(found.as_ref().and_then(ProposalRow::of))
}
