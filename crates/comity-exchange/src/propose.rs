//! Proposals and decisions: something is put to the partner, and the answer stays on the record. No accepted
//! proposal makes a node act.

use comity_model::entropy::{fresh, fresh_uuid};
use comity_model::statement::{Decided, DecisionBody, Kind, ProposalBody, ProposalSubject};
use comity_model::{Folio, PartyRoot, ProposalId};
use serde_json::json;

use crate::agreement;
use crate::error::{ExchangeError, Result};
use crate::node::Node;
use crate::parts::{TEXT_LIMIT, salted_text};
use crate::ports::{FolioSubject, OutboundRow, ProposalRow, SealEffect};
use crate::seal::{Envelope, seal_statement, sign_pending};

/// Puts a proposal to a partner.
pub async fn propose(
    node: &Node,
    to: PartyRoot,
    subject: ProposalSubject,
    text: &str,
    in_reply_to: Option<ProposalId>,
    by: &str,
) -> Result<OutboundRow> {
    check_text(text)?;
    let standing = agreement::in_force(node, to, node.now()).await?;
    standing.partner.must_understand(Kind::Proposal)?;
    let body = ProposalBody {
        proposal: ProposalId::new(fresh_uuid(&**node.entropy())),
        folio: Folio::new(node.record().handle.clone(), 0, 0),
        subject,
        in_reply_to,
    };
    let (part, entry) = salted_text(text, fresh(&**node.entropy()));
    let details = json!({ "subject": subject.as_str(), "to": to });
    let journal = vec![node.journal_by(by, "proposal-put", body.proposal, details)];
    let effect = SealEffect::Proposal { body: body.clone(), text: text.to_owned() };
    let envelope = Envelope {
        kind: Kind::Proposal,
        partner: to,
        agreement: standing.reference,
        entries: vec![entry],
        parts: vec![part],
    };
    let sealed = seal_statement(node, envelope, &body, effect, journal).await?;
    sign_pending(node).await?;
    node.wake_outbound();
    Ok(sealed)
}

/// What is decided about a proposal, and on what grounds.
#[derive(Debug, Clone)]
pub struct Answer {
    /// What.
    pub decided: Decided,
    /// The grounds, for the partner to read.
    pub text: String,
    /// The office that decides. It crosses; the person does not.
    pub office: String,
    /// The legal basis: entries of the agreement's list.
    pub legal_basis: Vec<String>,
    /// Who decides; stays in the journal.
    pub by: String,
}

/// Decides a proposal that the partner put. It stays decided.
pub async fn answer(node: &Node, proposal: &ProposalRow, answer: Answer) -> Result<OutboundRow> {
    check_text(&answer.text)?;
    if proposal.to != node.root() {
        let message = "this party put the proposal itself; its partner decides it".to_owned();
        return Err(ExchangeError::refused("own-proposal", message));
    }
    if proposal.decision.is_some() {
        let message = format!("the proposal {} is decided already; it stays so", proposal.folio);
        return Err(ExchangeError::refused("proposal-closed", message));
    }
    let office = answer.office.trim();
    if office.is_empty() || office.chars().count() > 80 || office.chars().any(char::is_control) {
        let message = "name the office that decides, in 1 to 80 characters";
        return Err(ExchangeError::input("--office", message));
    }
    let standing = agreement::in_force(node, proposal.from, node.now()).await?;
    standing.partner.must_understand(Kind::Decision)?;
    let bases = &standing.agreement.legal_basis;
    if let Some(other) = answer.legal_basis.iter().find(|basis| !bases.contains(basis)) {
        let message =
            format!("the agreement has no legal basis `{other}`; it has `{}`", bases.join("`, `"));
        return Err(ExchangeError::refused("legal-basis", message));
    }
    let body = DecisionBody {
        proposal: proposal.id,
        statement: proposal.statement,
        folio: Folio::new(node.record().handle.clone(), 0, 0),
        decision: answer.decided,
        office: office.to_owned(),
        legal_basis: answer.legal_basis,
    };
    let (part, entry) = salted_text(&answer.text, fresh(&**node.entropy()));
    let details = json!({ "decision": body.decision.as_str(), "office": body.office, "proposal": proposal.folio });
    let journal = vec![node.journal_by(&answer.by, "proposal-decided", proposal.id, details)];
    let effect = SealEffect::Decision { body: body.clone(), text: answer.text };
    let envelope = Envelope {
        kind: Kind::Decision,
        partner: proposal.from,
        agreement: standing.reference,
        entries: vec![entry],
        parts: vec![part],
    };
    let sealed = seal_statement(node, envelope, &body, effect, journal).await?;
    sign_pending(node).await?;
    node.wake_outbound();
    Ok(sealed)
}

/// The proposal with an id or a folio, of either side.
pub async fn find_proposal(node: &Node, name: &str) -> Result<ProposalRow> {
    let id: ProposalId = if let Ok(id) = name.parse() {
        id
    } else {
        let folio: Folio = name.parse().map_err(|_| {
            let message = "not a proposal; write its folio, as `MX-2026-000123`, or its id";
            ExchangeError::input(name, message)
        })?;
        match node.store().by_folio(folio.clone()).await? {
            Some(FolioSubject::Proposal(id)) => id,
            _ => return Err(ExchangeError::no_folio(&folio)),
        }
    };
    node.store().proposal(id).await?.ok_or_else(|| ExchangeError::NotFound {
        what: "proposal",
        name: name.to_owned(),
        advice: "`comity proposal list` shows those of both sides",
    })
}

fn check_text(text: &str) -> Result<()> {
    if text.trim().is_empty() || text.len() > TEXT_LIMIT {
        let message = format!("write a text of 1 to {TEXT_LIMIT} bytes");
        return Err(ExchangeError::input("the text", message));
    }
    Ok(())
}
