//! The history of a subject: a proposal with everything that it puts again or answers, and everything that puts it again
//! or answers it, of both parties, and the contacts outside the system about them, in the order in which it happened.

use std::collections::{BTreeMap, BTreeSet};

use comity_model::matter::Decided;
use comity_model::{MatterId, MatterKind};
use jiff::Timestamp;

use super::ProposalRow;
use crate::error::Result;
use crate::node::Node;
use crate::ports::{ContactQuery, ContactRow, MatterQuery};

/// Proposals between two parties that are looked at.
const MOST: u32 = 10_000;

/// Something that happened to a subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at: Timestamp,
    /// What.
    pub what: What,
}

/// What an event is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// Something that was said in a proposal, which stands here as it is now.
    Proposal(Happened, Box<ProposalRow>),
    /// A contact outside the system that is linked to one of the proposals. The other party's are not known here.
    Contact(Box<ContactRow>),
}

impl What {
    /// The word for it.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Proposal(happened, _) => happened.as_str(),
            Self::Contact(_) => "contact",
        }
    }

    /// By what events of the same instant are ordered, the same on both sides.
    fn key(&self) -> (Option<Happened>, String) {
        match self {
            Self::Proposal(happened, row) => (Some(*happened), row.id.to_string()),
            Self::Contact(row) => (None, row.contact.id.to_string()),
        }
    }
}

/// What happened to a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Happened {
    /// Put for the first time.
    Put,
    /// Put again by the same party.
    PutAgain,
    /// Countered: the other party put something in reply.
    Countered,
    /// Accepted.
    Accepted,
    /// Declined for the first time.
    Declined,
    /// Declined after it was declined before and put again.
    DeclinedAgain,
}

impl Happened {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Put => "put",
            Self::PutAgain => "put-again",
            Self::Countered => "countered",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::DeclinedAgain => "declined-again",
        }
    }
}

/// The history of the subject to which a proposal belongs, oldest first.
pub async fn history(node: &Node, proposal: &ProposalRow) -> Result<Vec<Event>> {
    let partner = if proposal.from == node.root() { proposal.to } else { proposal.from };
    let query = MatterQuery {
        kind: Some(MatterKind::Proposal),
        partner: Some(partner),
        agreement: Some(proposal.agreement),
        open: None,
        limit: MOST,
    };
    let rows = node.store().matters(query).await?;
    let all: BTreeMap<MatterId, ProposalRow> =
        rows.iter().filter_map(ProposalRow::of).map(|it| (it.id, it)).collect();
    let (mut events, mut contacts) = (Vec::new(), BTreeMap::new());
    for id in linked(&all, proposal.id) {
        events.extend(all.get(&id).into_iter().flat_map(|row| told(&all, row)));
        let query = ContactQuery { partner: Some(partner), matter: Some(id), limit: MOST };
        let linked = node.store().contacts(query).await?;
        contacts.extend(linked.into_iter().map(|row| (row.contact.id, row)));
    }
    events.extend(
        contacts
            .into_values()
            .map(|row| Event { at: row.contact.at, what: What::Contact(Box::new(row)) }),
    );
    events.sort_by_key(|it| (it.at, it.what.key()));
    Ok(events)
}

/// Every proposal that hangs together with one, followed both ways.
fn linked(all: &BTreeMap<MatterId, ProposalRow>, from: MatterId) -> BTreeSet<MatterId> {
    let mut beside: BTreeMap<MatterId, Vec<MatterId>> = BTreeMap::new();
    for row in all.values() {
        for other in [row.body.again, row.body.in_reply_to].into_iter().flatten() {
            beside.entry(row.id).or_default().push(other);
            beside.entry(other).or_default().push(row.id);
        }
    }
    let (mut found, mut ahead) = (BTreeSet::new(), vec![from]);
    while let Some(id) = ahead.pop() {
        if found.insert(id) {
            ahead.extend(beside.get(&id).into_iter().flatten());
        }
    }
    found
}

/// What happened to one proposal.
fn told(all: &BTreeMap<MatterId, ProposalRow>, row: &ProposalRow) -> Vec<Event> {
    let event = |at, happened| Event { at, what: What::Proposal(happened, Box::new(row.clone())) };
    let put = match (row.body.again, row.body.in_reply_to) {
        (Some(_), _) => Happened::PutAgain,
        (None, Some(_)) => Happened::Countered,
        (None, None) => Happened::Put,
    };
    let mut events = vec![event(row.put_at, put)];
    if let Some(decision) = &row.decision {
        let decided = match decision.body.decision {
            Decided::Accepted => Happened::Accepted,
            Decided::Declined if was_declined(all, row) => Happened::DeclinedAgain,
            Decided::Declined => Happened::Declined,
        };
        events.push(event(decision.at, decided));
    }
    events
}

/// Whether something that a proposal puts again was declined. A proposal names an earlier one, so the walk ends; that it
/// does is not left to those who wrote the proposals.
fn was_declined(all: &BTreeMap<MatterId, ProposalRow>, row: &ProposalRow) -> bool {
    let earlier = |row: &ProposalRow| row.body.again.and_then(|id| all.get(&id));
    std::iter::successors(earlier(row), |row| earlier(row))
        .take(all.len())
        .any(|row| row.decision.as_ref().is_some_and(|it| it.body.decision == Decided::Declined))
}
