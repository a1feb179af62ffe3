//! Proposals and decisions: something is put to the partner, and the answer stays on the record. No accepted proposal makes
//! a node act: the most that follows is a [`draft`] that both parties must still sign.

use comity_model::entropy::fresh_uuid;
use comity_model::matter::{Decided, DecisionBody, MatterBody, ProposalBody, ProposalSubject};
use comity_model::told;
use comity_model::told::Told;
use comity_model::{AgreementId, Digest, Folio, Grounds, MatterId, MatterKind, PartyRoot, Refusal};
use comity_policy::{Act, Agreement};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::agreement::{self, Standing};
use crate::error::{ExchangeError, Result};
use crate::grounds::must_be_listed;
use crate::matter::{self, Attachment, Say, unnumbered};
use crate::node::Node;
use crate::ports::{MatterRow, OutboundRow, StoredPart};

mod draft;
mod history;
pub(crate) mod links;

pub use draft::{Draft, draft};
pub use history::{Event, Happened, What, history};

/// What is put to a partner.
#[derive(Debug, Clone)]
pub struct Put {
    /// To whom.
    pub to: PartyRoot,
    /// What it is about.
    pub subject: ProposalSubject,
    /// Its text.
    pub text: String,
    /// Files that travel with it.
    pub attachments: Vec<Attachment>,
    /// On what it rests: entries of the agreement's list.
    pub legal_basis: Vec<String>,
    /// The partner's proposal that this one counters.
    pub in_reply_to: Option<MatterId>,
    /// The earlier proposal of this party, decided since, that this one puts again.
    pub again: Option<MatterId>,
    /// Who puts it; stays in the journal.
    pub by: String,
}

impl Put {
    /// A proposal that is neither put again nor in reply to anything, with nothing but a text.
    pub fn new(to: PartyRoot, subject: ProposalSubject, text: &str, by: &str) -> Self {
        Self {
            to,
            subject,
            text: text.to_owned(),
            attachments: Vec::new(),
            legal_basis: Vec::new(),
            in_reply_to: None,
            again: None,
            by: by.to_owned(),
        }
    }
}

/// Puts a proposal to a partner. Refused with `matter-unknown` where it refers to a proposal to which it can't
/// (docs/protocol.md section 3.8), and with `legal-basis-unknown` where it rests on what the agreement does not have.
pub async fn propose(node: &Node, put: Put) -> Result<OutboundRow> {
    let id = MatterId::new(MatterKind::Proposal, fresh_uuid(&**node.entropy()));
    let by = put.by.clone();
    let prepared = prepare(node, id, put).await;
    let (standing, say) = matter::or_journal(node, &by, &id.to_string(), prepared).await?;
    matter::say(node, &standing, say).await
}

async fn prepare(node: &Node, id: MatterId, put: Put) -> Result<(Standing, Say)> {
    let standing = agreement::in_force(node, put.to, node.now()).await?;
    let bases = standing.agreement.legal_bases(None);
    if let Some(other) = put.legal_basis.iter().find(|it| !bases.contains(&it.as_str())) {
        let message = told!(
            "the agreement has no legal basis `{other}`; it has `{known}`",
            other,
            known = bases.join("`, `")
        );
        return Err(ExchangeError::refused("legal-basis-unknown", message));
    }
    let body = ProposalBody {
        proposal: id,
        folio: unnumbered(node),
        subject: put.subject,
        in_reply_to: put.in_reply_to,
        again: put.again,
        legal_basis: put.legal_basis,
    };
    let (own, agreement) = (node.root(), standing.reference.id);
    if let Err(broken) = links::check(node, &body, agreement, (own, put.to)).await? {
        return Err(broken.refused());
    }
    let details = json!({
        "subject": put.subject.as_str(), "to": put.to, "again": put.again, "in_reply_to": put.in_reply_to,
        "attachments": put.attachments.len(),
    });
    let say = Say {
        body: body.into(),
        text: Some(put.text),
        attachments: put.attachments,
        event: "proposal-put",
        details,
        by: put.by,
    };
    Ok((standing, say))
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
    /// The ids of reasons that the agreement lists.
    pub reasons: Vec<String>,
    /// Who decides; stays in the journal.
    pub by: String,
}

/// Decides a proposal that the partner put. It stays decided. Refused with `matter-not-yours` for a proposal of this party,
/// with `matter-closed` for one that is decided, and with the codes of [`comity_policy::GroundsError`].
pub async fn answer(node: &Node, proposal: &ProposalRow, answer: Answer) -> Result<OutboundRow> {
    let by = answer.by.clone();
    let prepared = prepare_answer(node, proposal, answer).await;
    let subject = proposal.id.to_string();
    let (standing, say) = matter::or_journal(node, &by, &subject, prepared).await?;
    matter::say(node, &standing, say).await
}

async fn prepare_answer(
    node: &Node,
    proposal: &ProposalRow,
    answer: Answer,
) -> Result<(Standing, Say)> {
    let folio = &proposal.folio;
    if proposal.to != node.root() {
        let message =
            told!("this party put the proposal {folio} itself; its partner decides it", folio);
        return Err(ExchangeError::refused("matter-not-yours", message));
    }
    if proposal.decision.is_some() {
        let message = told!("the proposal {folio} is decided already; it stays so", folio);
        return Err(ExchangeError::refused("matter-closed", message));
    }
    let office = answer.office.trim();
    if office.is_empty() || office.chars().count() > 80 || office.chars().any(char::is_control) {
        let message = "name the office that decides, in 1 to 80 characters";
        return Err(ExchangeError::input(
            "--office",
            Told::from(message).with("most", 80).named("line-length"),
        ));
    }
    let standing = agreement::in_force(node, proposal.from, node.now()).await?;
    let grounds = standing
        .agreement
        .choose_grounds(act(answer.decided), None, &answer.legal_basis, &answer.reasons)
        .map_err(|error| ExchangeError::refused(error.code(), error.told()))?;
    let details =
        json!({ "decision": answer.decided.as_str(), "office": office, "proposal": folio });
    let body = DecisionBody {
        proposal: proposal.id,
        statement: proposal.statement,
        folio: unnumbered(node),
        decision: answer.decided,
        office: office.to_owned(),
        legal_basis: grounds.legal_basis,
        reasons: grounds.reasons,
    };
    let say = Say {
        body: body.into(),
        text: Some(answer.text),
        attachments: Vec::new(),
        event: "proposal-decided",
        details,
        by: answer.by,
    };
    Ok((standing, say))
}

/// Whether a decision rests on what the agreement lists for it, as its sender had to see to.
pub(crate) fn must_have_grounds(
    agreement: &Agreement,
    body: &DecisionBody,
) -> std::result::Result<(), Refusal> {
    let DecisionBody { legal_basis, reasons, .. } = body.clone();
    must_be_listed(agreement, act(body.decision), &Grounds { legal_basis, reasons })
}

/// For which act the reasons of a decision are listed.
const fn act(decided: Decided) -> Act {
    match decided {
        Decided::Accepted => Act::Answer,
        Decided::Declined => Act::Refusal,
    }
}

/// The proposal with an id or a folio, of either side.
pub async fn find_proposal(node: &Node, name: &str) -> Result<ProposalRow> {
    let found = matter::find(node, name, &[MatterKind::Proposal]).await?;
    ProposalRow::of(&found).ok_or_else(|| ExchangeError::damaged("a proposal"))
}

/// A proposal, of this party or of a partner, and the decision on it: a matter of that kind, read once.
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
    /// The files that travelled with it.
    pub attachments: Vec<StoredPart>,
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
            attachments: put.attachments.clone(),
            statement: put.statement(),
            put_at: put.said.at,
            decision,
        })
    }

    /// For how long it has been open at `now`; `None` once it is decided. Both sides count from the statement that put it.
    pub fn open_for(&self, now: Timestamp) -> Option<SignedDuration> {
        let open = now.duration_since(self.put_at).max(SignedDuration::ZERO);
        self.decision.is_none().then_some(open)
    }
}
