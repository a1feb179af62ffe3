//! Proposals and decisions: something is put to the partner, and the answer stays on the record. No accepted
//! proposal makes a node act.

use comity_model::entropy::fresh_uuid;
use comity_model::matter::{Decided, DecisionBody, MatterBody, ProposalBody, ProposalSubject};
use comity_model::{AgreementId, Digest, Folio, MatterId, MatterKind, PartyRoot};
use jiff::Timestamp;
use serde_json::json;

use crate::agreement;
use crate::error::{ExchangeError, Result};
use crate::matter::{self, Say, unnumbered};
use crate::node::Node;
use crate::ports::{MatterRow, OutboundRow};

/// Puts a proposal to a partner.
pub async fn propose(
    node: &Node,
    to: PartyRoot,
    subject: ProposalSubject,
    text: &str,
    in_reply_to: Option<MatterId>,
    by: &str,
) -> Result<OutboundRow> {
    let standing = agreement::in_force(node, to, node.now()).await?;
    let body = ProposalBody {
        proposal: MatterId::new(MatterKind::Proposal, fresh_uuid(&**node.entropy())),
        folio: unnumbered(node),
        subject,
        in_reply_to,
        again: None,
        legal_basis: Vec::new(),
    };
    let say = Say {
        body: body.into(),
        text: Some(text.to_owned()),
        attachments: Vec::new(),
        event: "proposal-put",
        details: json!({ "subject": subject.as_str(), "to": to }),
        by: by.to_owned(),
    };
    matter::say(node, &standing, say).await
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
    let bases = &standing.agreement.legal_basis;
    if let Some(other) = answer.legal_basis.iter().find(|basis| !bases.contains(basis)) {
        let message =
            format!("the agreement has no legal basis `{other}`; it has `{}`", bases.join("`, `"));
        return Err(ExchangeError::refused("legal-basis", message));
    }
    let body = DecisionBody {
        proposal: proposal.id,
        statement: proposal.statement,
        folio: unnumbered(node),
        decision: answer.decided,
        office: office.to_owned(),
        legal_basis: answer.legal_basis,
        reasons: Vec::new(),
    };
    let details = json!({ "decision": body.decision.as_str(), "office": body.office, "proposal": proposal.folio });
    let say = Say {
        body: body.into(),
        text: Some(answer.text),
        attachments: Vec::new(),
        event: "proposal-decided",
        details,
        by: answer.by,
    };
    matter::say(node, &standing, say).await
}

/// The proposal with an id or a folio, of either side.
pub async fn find_proposal(node: &Node, name: &str) -> Result<ProposalRow> {
    let found = matter::find(node, name, &[MatterKind::Proposal]).await?;
    ProposalRow::of(&found).ok_or_else(|| ExchangeError::damaged("a proposal"))
}

/// A proposal, of this party or of a partner, and the decision on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposalRow {
    /// Which.
    pub id: MatterId,
    /// The folio of the party that put it.
    pub folio: Folio,
    /// Under which agreement.
    pub agreement: AgreementId,
    /// The party that put it.
    pub from: PartyRoot,
    /// The party to which it was put.
    pub to: PartyRoot,
    /// What was put.
    pub body: ProposalBody,
    /// Its text.
    pub text: String,
    /// The statement that put it.
    pub statement: Digest,
    /// When it was put.
    pub put_at: Timestamp,
    /// What was decided, with its grounds, its folio and its statement.
    pub decision: Option<ProposalDecision>,
}

/// The decision on a proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposalDecision {
    /// What.
    pub decided: Decided,
    /// The whole of it.
    pub body: DecisionBody,
    /// The grounds.
    pub text: String,
    /// The statement that carries it.
    pub statement: Digest,
    /// When.
    pub at: Timestamp,
}

impl ProposalRow {
    /// The proposal that a matter is; `None` for matters of other kinds.
    pub fn of(matter: &MatterRow) -> Option<Self> {
        let put = matter.opening()?;
        let MatterBody::Proposal(body) = put.body() else { return None };
        let decision = matter.entries.iter().find_map(|it| match it.body() {
            MatterBody::Decision(body) => Some(ProposalDecision {
                decided: body.decision,
                body: body.clone(),
                text: it.text.clone().unwrap_or_default(),
                statement: it.statement(),
                at: it.said.at,
            }),
            _ => None,
        });
        Some(Self {
            id: matter.id,
            folio: put.folio.clone(),
            agreement: matter.agreement,
            from: put.said.from,
            to: put.said.to,
            body: body.clone(),
            text: put.text.clone().unwrap_or_default(),
            statement: put.statement(),
            put_at: put.said.at,
            decision,
        })
    }
}
