//! Two nodes whose agreement stands as a column of the matrix says, what they said to each other before, and those who
//! have nothing to say in it.

use std::collections::BTreeMap;

use comity_exchange::agreement::{self, Halt};
use comity_exchange::compose::Selection;
use comity_exchange::dispatch::{DispatchState, dispatch};
use comity_exchange::matter::{Say, say, unnumbered};
use comity_exchange::ports::OutboundRow;
use comity_model::matter::{
    ConsentBody, MatterBody, ProposalBody, ProposalSubject, RecallAction, RecallBody, RequestBody,
    Sought, Urgency,
};
use comity_model::{AgreementId, Digest, MatterId, MatterKind, PartyRoot};
use comity_testkit::conduct::{Place, Sender, matter};
use comity_testkit::{
    AgreementText, CLAUSE, LoopCourier, OTHER_CLAUSE, Pair, Party, Result, TestClock, agree,
    grounds, indicator, pump, sign,
};
use jiff::SignedDuration;
use serde_json::Value;

use crate::support::Wire;

/// Every table of a node with its rows.
pub(super) type Tables = BTreeMap<String, Vec<String>>;

/// What is on record between the two for statements to speak of.
#[derive(Debug, Clone)]
pub(super) struct Targets {
    /// The release statement with which the partner gave, and the object in it.
    pub(super) theirs: (Digest, String),
    /// The one with which this party gave.
    pub(super) ours: (Digest, String),
    /// What this party put to the partner, and the statement that put it.
    pub(super) asked: [(MatterId, Digest); 4],
    /// What the partner put to this party.
    pub(super) put_to_us: [(MatterId, Digest); 4],
    /// What the partner has not acknowledged.
    pub(super) unanswered: OutboundRow,
}

/// Two nodes, of which the first is hostile from now on, and some others that the second has heard of or not.
pub(super) struct World {
    pub(super) place: Place,
    pub(super) wire: Wire,
    pub(super) targets: Option<Targets>,
    /// What every table of the receiving node held when it was last looked at.
    pub(super) tables: Tables,
    others: Vec<(Sender, Party)>,
}

impl World {
    pub(super) async fn new(place: Place) -> Result<Self> {
        let terms = match place {
            Place::NotBegun => AgreementText { from: "2026-04-01".to_owned(), ..text() },
            Place::EndedByDate => AgreementText { until: "2026-03-10".to_owned(), ..text() },
            _ => text(),
        };
        let clock = TestClock::at("2026-03-01T10:00:00Z".parse()?);
        let us = Party::new("us", &clock, false).await?;
        let mx = Party::new("mx", &clock, false).await?;
        if place == Place::Draft {
            us.confirm(&mx).await?;
            mx.confirm(&us).await?;
            let text = terms.toml(us.node.root(), mx.node.root());
            let half =
                agreement::sign(&us.node, &text, "agreement", &us.root_key, "an analyst").await?;
            let file = half.envelope.as_bytes();
            agreement::import(&mx.node, file, "agreement", "an analyst").await?;
        } else {
            agree(&us, &mx, &terms).await?;
        }
        let begun = !matches!(place, Place::Draft | Place::NotBegun);
        let targets = if begun { Some(speak(&us, &mx).await?) } else { None };
        clock.advance(SignedDuration::from_secs(1));
        let mut wire = Wire::over(Pair { us, mx, clock }).await?;
        move_to(place, &wire).await?;
        let inbox = wire.mx().store().inbox(1_000, true).await?;
        let mut said: Vec<_> = inbox.iter().map(|it| (it.sequence, it.digest)).collect();
        said.sort_unstable();
        wire.before = said.into_iter().map(|(_, digest)| digest).collect();
        let others = others(&wire).await?;
        // what became due meanwhile is said before anything is looked at
        wire.pair.mx.round().await?;
        let tables = wire.pair.mx.tables()?;
        Ok(Self { place, wire, targets, tables, others })
    }

    /// The party that signs for a sender, and the one over whose link it comes.
    pub(super) fn hands(&self, sender: Sender) -> Result<(&Party, PartyRoot)> {
        let find = |wanted| {
            let found = self.others.iter().find(|(it, _)| *it == wanted);
            found.map(|(_, party)| party).ok_or("no such sender")
        };
        let us = &self.wire.pair.us;
        Ok(match sender {
            Sender::Partner => (us, us.node.root()),
            Sender::PartnerOverAnothersLink => (us, find(Sender::Third)?.node.root()),
            other => (find(other)?, find(other)?.node.root()),
        })
    }

    /// The party that receives.
    pub(super) fn mx(&self) -> &Party {
        &self.wire.pair.mx
    }
}

fn text() -> AgreementText {
    AgreementText::default()
}

/// Why something is halted: the one legal basis that there is, and no reason.
pub(super) fn halt() -> Halt {
    Halt { legal_basis: Vec::new(), reasons: Vec::new(), text: None, by: "an analyst".to_owned() }
}

async fn move_to(place: Place, wire: &Wire) -> Result<()> {
    let Pair { us, mx, clock } = &wire.pair;
    let id = wire.agreement.id;
    match place {
        Place::Draft | Place::NotBegun | Place::InForce => {}
        Place::EndedByDate => clock.advance(SignedDuration::from_hours(24 * 14)),
        Place::SuspendedByReceiver => drop(agreement::suspend(&mx.node, id, halt()).await?),
        Place::TerminatedByReceiver => drop(agreement::terminate(&mx.node, id, halt()).await?),
        Place::SuspendedBySender => {
            agreement::suspend(&us.node, id, halt()).await?;
            deliver(us, mx).await?;
        }
        Place::TerminatedBySender => {
            agreement::terminate(&us.node, id, halt()).await?;
            deliver(us, mx).await?;
        }
    }
    Ok(())
}

/// Carries one way only: what this party said since stays unanswered.
async fn deliver(from: &Party, to: &Party) -> Result<()> {
    let courier = LoopCourier::new(from, to);
    dispatch(&from.node, &courier, to.node.root(), &mut DispatchState::default()).await?;
    to.round().await?;
    Ok(())
}

/// Lets each of the two give something to the other and put one of everything to it.
async fn speak(us: &Party, mx: &Party) -> Result<Targets> {
    us.hold(&format!("{}\n{}", indicator(1), indicator(3))).await?;
    mx.hold(&indicator(2)).await?;
    let one = |number| Ok::<_, comity_testkit::Error>(Selection::Ids(vec![id_of(number)?]));
    let given = us.release(mx, CLAUSE, one(1)?, 1).await?;
    let recalled = us.release(mx, CLAUSE, one(3)?, 1).await?;
    let ours = mx.release(us, OTHER_CLAUSE, one(2)?, 1).await?;
    pump(us, mx).await?;
    let (theirs, ours) = ((given.digest, id_of(1)?), (ours.digest, id_of(2)?));
    let asked = put(mx, us, &theirs, (ours.0, vec![ours.1.clone()])).await?;
    // what is recalled is frozen, so that it is another release
    let put_to_us = put(us, mx, &ours, (recalled.digest, Vec::new())).await?;
    pump(us, mx).await?;
    let unanswered = speak_of(mx, us, proposal(mx, 99)).await?;
    Ok(Targets { theirs, ours, asked, put_to_us, unanswered })
}

async fn put(
    from: &Party,
    to: &Party,
    received: &(Digest, String),
    gave: (Digest, Vec<String>),
) -> Result<[(MatterId, Digest); 4]> {
    let node = &from.node;
    let request = RequestBody {
        request: matter(MatterKind::Request, node.record().handle.as_str(), 1),
        folio: unnumbered(node),
        urgency: Urgency::Urgent,
        hours: 8,
        purpose: "precursor-control".to_owned(),
        kinds: Vec::new(),
        legal_basis: grounds().legal_basis,
    };
    let consent = ConsentBody {
        consent: matter(MatterKind::Consent, node.record().handle.as_str(), 1),
        folio: unnumbered(node),
        release: received.0,
        objects: vec![received.1.clone()],
        sought: Sought::Onward {
            third_party: PartyRoot::new(Digest::of(b"a third authority")),
            name: "A third authority".to_owned(),
            purpose: "precursor-control".to_owned(),
        },
    };
    let recall = RecallBody {
        recall: matter(MatterKind::Recall, node.record().handle.as_str(), 1),
        folio: unnumbered(node),
        release: gave.0,
        objects: gave.1,
        action: RecallAction::Purge,
        replacement: None,
        hours: 8,
        grounds: grounds(),
    };
    let bodies = [request.into(), consent.into(), recall.into(), proposal(from, 1)];
    let mut put = Vec::new();
    for body in bodies {
        let matter = MatterBody::matter(&body);
        put.push((matter, speak_of(from, to, body).await?.digest));
    }
    put.try_into().map_err(|_| "four things are put".into())
}

fn proposal(from: &Party, number: u64) -> MatterBody {
    let body = ProposalBody {
        proposal: matter(MatterKind::Proposal, from.node.record().handle.as_str(), number),
        folio: unnumbered(&from.node),
        subject: ProposalSubject::JointOperation,
        in_reply_to: None,
        again: None,
        legal_basis: Vec::new(),
    };
    body.into()
}

/// Says something in a matter, as the use cases do.
pub(super) async fn speak_of(from: &Party, to: &Party, body: MatterBody) -> Result<OutboundRow> {
    let now = from.node.now();
    let standing = agreement::for_kind(&from.node, to.node.root(), body.kind(), now).await?;
    let text = match body {
        MatterBody::Recall(_) | MatterBody::Purge(_) => None,
        _ => Some("What it is about".to_owned()),
    };
    let say_it = Say {
        body,
        text,
        attachments: Vec::new(),
        event: "said",
        details: Value::Null,
        by: "an analyst".to_owned(),
    };
    Ok(say(&from.node, &standing, say_it).await?)
}

fn id_of(number: u64) -> Result<String> {
    let object: Value = serde_json::from_str(&indicator(number))?;
    Ok(object["id"].as_str().ok_or("no id")?.to_owned())
}

/// Those of whom the receiving node knows something else than an agreement over what is said, or nothing.
async fn others(wire: &Wire) -> Result<Vec<(Sender, Party)>> {
    let (mx, clock) = (&wire.pair.mx, &wire.pair.clock);
    let mut others = Vec::new();
    for (sender, handle, number) in [
        (Sender::Unconfirmed, "aa", 1),
        (Sender::Unknown, "bb", 2),
        (Sender::Third, "cc", 3),
        (Sender::ThirdSuspended, "dd", 4),
        (Sender::ThirdTerminated, "ee", 5),
    ] {
        let party = Party::new(handle, clock, false).await?;
        if sender == Sender::Unconfirmed {
            let file = party.node.record().descriptor.as_bytes();
            comity_exchange::partner::import_party(
                &mx.node,
                file,
                "descriptor",
                None,
                "an analyst",
            )
            .await?;
        } else if sender != Sender::Unknown {
            party.confirm(mx).await?;
            mx.confirm(&party).await?;
            let id = format!("5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b{number}0");
            let parties = [handle.to_owned(), "mx".to_owned()];
            let terms = AgreementText { id: id.clone(), parties, ..text() };
            sign(&party, mx, &terms.toml(party.node.root(), mx.node.root())).await?;
            let id: AgreementId = format!("agreement--{id}").parse()?;
            match sender {
                Sender::ThirdSuspended => drop(agreement::suspend(&mx.node, id, halt()).await?),
                Sender::ThirdTerminated => drop(agreement::terminate(&mx.node, id, halt()).await?),
                _ => {}
            }
        }
        others.push((sender, party));
    }
    Ok(others)
}
