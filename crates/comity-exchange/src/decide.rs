//! Decide: the policy is asked about every object, and says which are released, redacted or withheld, and why.
//!
//! Beyond what the agreement says of each object alone, references are followed: nothing that is released may name an
//! object that is withheld, and an object that names a redacted one is rewritten to name the derivative
//! (docs/protocol.md section 6).

use std::collections::{BTreeMap, BTreeSet};

use comity_model::derivative::{Change, How, derived_id, requires};
use comity_model::{Handling, Holding, PartyRoot, Tlp};
use comity_policy::{
    Clause, Engine, Outcome, Question, Reason, ReasonCode, Redaction, RedactionTerm,
};
use jiff::{SignedDuration, Timestamp};

use crate::consent::Consents;
use crate::ports::{PreviewReason, Verdict};

mod facts;

use facts::{Definitions, facts};

/// What was decided about one object.
#[derive(Debug, Clone)]
pub struct Considered {
    /// The object.
    pub holding: Holding,
    /// What becomes of it.
    pub verdict: Verdict,
    /// What is taken out of it or coarsened.
    pub changes: Vec<Change>,
    /// Why it is withheld.
    pub reasons: Vec<PreviewReason>,
    /// The policies that determined it.
    pub policies: Vec<String>,
    /// What will bind the receiver; `None` for what is withheld.
    pub handling: Option<Handling>,
}

/// What is being decided.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// The compiled agreement.
    pub engine: &'a Engine,
    /// This party.
    pub from: PartyRoot,
    /// The clause.
    pub clause: &'a str,
    /// The purpose.
    pub purpose: &'a str,
    /// When.
    pub now: Timestamp,
    /// The secret of the agreement, under which derivatives get their ids.
    pub secret: &'a [u8; 32],
    /// What partners consented to, for the partner and the purpose of this case.
    pub consents: &'a Consents,
}

/// What was decided about all of them, and the ids that derivatives get.
#[derive(Debug, Clone, Default)]
pub struct Deliberation {
    /// Every object, in the order in which it was given.
    pub considered: Vec<Considered>,
    /// Originals that are withheld.
    pub withheld: BTreeSet<String>,
    /// Originals that go as a derivative, and its id.
    pub derived: BTreeMap<String, String>,
}

/// Decides about every object. The marking definitions among them say what the markings of the others mean. `earlier` are derivatives that this agreement made before, by their originals: a reference
/// to those is rewritten too.
pub fn decide(
    case: &Case<'_>,
    holdings: Vec<Holding>,
    earlier: &BTreeMap<String, String>,
) -> Deliberation {
    let definitions = Definitions::among(&holdings);
    let considered: Vec<Considered> =
        holdings.into_iter().map(|holding| consider(case, &definitions, holding)).collect();
    let withheld = considered
        .iter()
        .filter(|it| it.verdict == Verdict::Withheld)
        .map(|it| it.holding.id.clone())
        .collect();
    let mut deliberation = Deliberation { considered, withheld, derived: earlier.clone() };
    follow(case.secret, &mut deliberation);
    deliberation
}

/// Follows the references after what is withheld was decided. What is withheld now has no derivative here, though it may
/// have had one in an earlier release.
pub(crate) fn follow(secret: &[u8; 32], deliberation: &mut Deliberation) {
    withhold_what_dangles(deliberation);
    let Deliberation { derived, withheld, .. } = &mut *deliberation;
    derived.retain(|id, _| !withheld.contains(id));
    rewrite_what_names_derivatives(secret, deliberation);
}

fn consider(case: &Case<'_>, definitions: &Definitions, holding: Holding) -> Considered {
    let question =
        Question { from: case.from, clause: case.clause, purpose: case.purpose, now: case.now };
    let mut facts = facts(&holding, definitions, case.now);
    facts.consents.extend(case.consents.covers(&holding));
    let decision = case.engine.decide(&facts, &question);
    let mut considered = Considered {
        holding,
        verdict: Verdict::Released,
        changes: Vec::new(),
        reasons: Vec::new(),
        policies: decision.determining.clone(),
        handling: decision.handling.clone(),
    };
    match &decision.outcome {
        Outcome::Release => {}
        Outcome::Redact(redactions) => {
            // of a place that is given as finely as the property says, only that it is no code takes the property out
            let clause = case.engine.agreement().clause(case.clause);
            let precision = clause.and_then(|it| it.precision.location);
            let stix_type = &considered.holding.stix_type;
            let is_kept = |it: &Redaction| {
                it.term == RedactionTerm::PrecisionLocation
                    && precision.is_some_and(|most| !most.takes_out(stix_type, &it.property))
            };
            considered.verdict = Verdict::Redacted;
            considered.changes = redactions
                .iter()
                .map(|it| Change {
                    property: it.property.clone(),
                    how: match it.change {
                        comity_policy::Change::Remove if is_kept(it) => How::Coarsen,
                        comity_policy::Change::Remove => How::Remove,
                        comity_policy::Change::ToDay => How::ToDay,
                        comity_policy::Change::Pseudonym => How::Pseudonym,
                    },
                })
                .collect();
        }
        Outcome::Withhold(reasons) if travels_along(&considered.holding, reasons) => {
            considered.policies = vec!["built-in:marking".to_owned()];
            considered.handling = case.engine.agreement().clause(case.clause).map(marking_handling);
        }
        Outcome::Withhold(reasons) => {
            considered.verdict = Verdict::Withheld;
            considered.reasons = reasons
                .iter()
                .map(|reason| PreviewReason {
                    code: reason.code.as_str().to_owned(),
                    policy: reason.policy.clone(),
                    property: reason.property.clone(),
                    text: reason.text.clone(),
                })
                .collect();
        }
    }
    end_with_its_term(&mut considered, case.now);
    considered
}

/// What a partner released is kept by nobody for longer than by this party: the end of its term goes on with it. With less
/// than a day left it does not go on at all.
fn end_with_its_term(considered: &mut Considered, now: Timestamp) {
    let Some(received) = &considered.holding.handling else { return };
    let end = received.keep_until(considered.holding.received_at);
    if let Some(handling) = &mut considered.handling {
        handling.until = Some(end);
    }
    let left = end.duration_since(now);
    if considered.verdict != Verdict::Withheld && left < SignedDuration::from_hours(24) {
        let text = "less than a day is left of the time for which it was given to this party";
        withhold(considered, "retention-over", "handling", text);
    }
}

/// What a clause asks of what it is for, and of no marking: type, grade, age, and the labels that it selects by.
const DOES_NOT_CONCERN_MARKINGS: [ReasonCode; 4] = [
    ReasonCode::ClauseKind,
    ReasonCode::ClauseGrade,
    ReasonCode::ClauseAge,
    ReasonCode::ClauseLabels,
];

/// Whether a marking definition travels with the objects that it marks (docs/protocol.md section 6) though no clause
/// lists its type: it says how they are handled. Anything else that speaks against it, a red line first, withholds it.
fn travels_along(holding: &Holding, reasons: &[Reason]) -> bool {
    holding.stix_type == "marking-definition"
        && reasons.iter().all(|it| DOES_NOT_CONCERN_MARKINGS.contains(&it.code))
}

fn marking_handling(clause: &Clause) -> Handling {
    Handling {
        tlp: Tlp::Clear,
        pap: None,
        use_codes: clause.use_codes.iter().copied().collect(),
        onward: clause.onward,
        retention_days: clause.retention_days,
        until: None,
    }
}

/// An object that cannot be without a reference to something withheld is withheld too, and so on until nothing
/// changes.
fn withhold_what_dangles(deliberation: &mut Deliberation) {
    loop {
        let withheld = &deliberation.withheld;
        let mut found = Vec::new();
        for (index, it) in deliberation.considered.iter().enumerate() {
            if it.verdict == Verdict::Withheld
                || !it.holding.refs.iter().any(|reference| withheld.contains(reference))
            {
                continue;
            }
            if let Some(property) = requires(&it.holding.bytes, |id| withheld.contains(id)) {
                found.push((index, property));
            }
        }
        if found.is_empty() {
            return;
        }
        for (index, property) in found {
            let Some(it) = deliberation.considered.get_mut(index) else { continue };
            deliberation.withheld.insert(it.holding.id.clone());
            withhold(
                it,
                "dangling-reference",
                &property,
                "it needs a reference to an object that is withheld",
            );
        }
    }
}

/// Turns a decision into withheld for a reason that is not the agreement's.
pub(crate) fn withhold(it: &mut Considered, code: &str, property: &str, text: &str) {
    it.verdict = Verdict::Withheld;
    it.handling = None;
    it.changes.clear();
    it.reasons = vec![PreviewReason {
        code: code.to_owned(),
        policy: format!("built-in:{code}"),
        property: Some(property.to_owned()),
        text: text.to_owned(),
    }];
    it.policies = vec![format!("built-in:{code}")];
}

/// An object that names a derived or a withheld one becomes a derivative itself, since its bytes change; so does one that
/// went as a derivative before, though this clause takes nothing out of it: its id never left and does not leave now. And
/// so on until nothing changes.
fn rewrite_what_names_derivatives(secret: &[u8; 32], deliberation: &mut Deliberation) {
    for it in &deliberation.considered {
        if it.verdict == Verdict::Redacted {
            let id = &it.holding.id;
            deliberation.derived.insert(id.clone(), derived_id(secret, id));
        }
    }
    loop {
        let mut found = Vec::new();
        for (index, it) in deliberation.considered.iter().enumerate() {
            let hidden = |id: &String| {
                deliberation.derived.contains_key(id) || deliberation.withheld.contains(id)
            };
            let names = hidden(&it.holding.id) || it.holding.refs.iter().any(hidden);
            if it.verdict == Verdict::Released && names {
                found.push(index);
            }
        }
        if found.is_empty() {
            return;
        }
        for index in found {
            let Some(it) = deliberation.considered.get_mut(index) else { continue };
            it.verdict = Verdict::Redacted;
            it.policies.push("built-in:reference".to_owned());
            let id = &it.holding.id;
            deliberation.derived.insert(id.clone(), derived_id(secret, id));
        }
    }
}
