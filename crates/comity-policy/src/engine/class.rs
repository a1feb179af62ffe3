//! What an agreement can see of an object and a question: its class.
//!
//! Decisions are made from the class alone, never from the facts behind it, so remembering them by class is
//! sound by construction. Only the day is not in it: policies compare it with the agreement's first and last
//! day and nothing else, and the outcome of that is `state`.

use std::collections::BTreeSet;

use comity_model::{Grade, Handling, Onward, Pap, PartyRoot, Tlp, UseCode};

use super::{Engine, Question, redaction};
use crate::agreement::State;
use crate::clause::Clause;
use crate::decision::Redaction;
use crate::facts::{Facts, Origin};

/// How reasons name what the node keeps of the terms under which it received an object.
const HANDLING: &str = "handling";

/// The most bytes of text in a class that is remembered.
const MAX_TEXT: usize = 4 * 1024;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Class {
    pub(super) from: PartyRoot,
    pub(super) state: State,
    pub(super) clause: String,
    pub(super) purpose: String,
    pub(super) kind: String,
    /// The strictest label of what leaves, and the property that has it where the object as a whole has a
    /// lesser one.
    pub(super) tlp: Tlp,
    pub(super) tlp_on: Option<String>,
    pub(super) pap: Option<Pap>,
    /// What has the PAP label.
    pub(super) pap_on: &'static str,
    pub(super) grade: Option<GradeKey>,
    pub(super) confidence: Option<u8>,
    pub(super) origin: Origin,
    pub(super) consents: BTreeSet<PartyRoot>,
    pub(super) natural_person: bool,
    pub(super) revoked: bool,
    pub(super) labels: BTreeSet<String>,
    pub(super) properties: BTreeSet<String>,
    pub(super) age_days: Option<u32>,
    pub(super) country: Option<String>,
    pub(super) bound: Option<Bound>,
    pub(super) redactions: Vec<Redaction>,
}

/// What a partner's object was received under, labels apart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Bound {
    pub(super) uses: BTreeSet<UseCode>,
    pub(super) onward: Onward,
    /// Not more than the clause's.
    pub(super) retention_days: u32,
}

/// A grade with an order to sort classes by; the order means nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct GradeKey(pub(super) Grade);

impl Ord for GradeKey {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let key = |grade: Grade| (grade.reliability, grade.credibility);
        key(self.0).cmp(&key(other.0))
    }
}

impl PartialOrd for GradeKey {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Class {
    pub(super) fn of(engine: &Engine, facts: &Facts, question: &Question<'_>) -> Self {
        let agreement = &engine.agreement;
        let known = agreement.clauses.iter().zip(&engine.reads);
        let asked = known.into_iter().find(|(clause, _)| clause.id == question.clause);
        let clause = asked.map(|(clause, _)| clause);
        let reads = asked.map_or(&engine.reads_of_none, |(_, reads)| reads);
        let read = |attribute| reads.reads(attribute);
        let recipient = agreement.partner_of(&question.from).map(|(_, root)| *root);
        let consents = if read("consents") {
            facts.consents.clone()
        } else {
            recipient.filter(|recipient| facts.consents.contains(recipient)).into_iter().collect()
        };
        let redactions = clause.map(|clause| redaction::of(clause, facts)).unwrap_or_default();
        let (tlp, tlp_on) = label(facts, agreement.default_tlp, &redactions);
        let (pap, pap_on) = pap(facts);
        let oldest = clause.and_then(|clause| clause.max_age_days);
        Self {
            from: question.from,
            state: agreement.state_at(question.now),
            clause: question.clause.to_owned(),
            purpose: question.purpose.to_owned(),
            kind: facts.stix_type.clone(),
            tlp,
            tlp_on,
            pap,
            pap_on,
            grade: facts.grade.map(GradeKey),
            confidence: facts.confidence().filter(|_| read("confidence")),
            origin: facts.origin,
            consents,
            natural_person: facts.natural_person && read("natural_person"),
            revoked: facts.revoked && read("revoked"),
            labels: reads.visible("labels", &facts.labels),
            properties: reads.visible("properties", &facts.properties),
            age_days: reads.visible_age(facts.age_days, oldest.map(|days| days + 1)),
            country: facts.country.clone().filter(|_| read("country")),
            bound: facts.handling.as_ref().map(|received| bound(received, clause)),
            redactions,
        }
    }

    /// Whether remembering it costs little.
    pub(super) fn is_small(&self) -> bool {
        let texts = [&self.clause, &self.purpose, &self.kind].into_iter();
        let sets =
            self.labels.iter().chain(&self.properties).chain(&self.country).chain(&self.tlp_on);
        let redacted = self.redactions.iter().map(|redaction| &redaction.property);
        let text: usize = texts.chain(sets).chain(redacted).map(|text| text.len() + 24).sum();
        text + self.consents.len() * 32 <= MAX_TEXT
    }
}

fn bound(received: &Handling, clause: Option<&Clause>) -> Bound {
    let kept = clause.map_or(u32::MAX, |clause| clause.retention_days);
    Bound {
        uses: received.use_codes.iter().copied().collect(),
        onward: received.onward,
        retention_days: received.retention_days.min(kept),
    }
}

/// The stricter of the object's own PAP label and of that under which it was received, and what has it.
fn pap(facts: &Facts) -> (Option<Pap>, &'static str) {
    let received = facts.handling.as_ref().and_then(|handling| handling.pap);
    let on = if received > facts.pap {
        HANDLING
    } else if facts.pap.is_some()
        && Pap::of_labels(facts.labels.iter().map(String::as_str)) == facts.pap
    {
        "labels"
    } else {
        "object_marking_refs"
    };
    (facts.pap.max(received), on)
}

/// The strictest label of what leaves: that of the whole object, the one under which it was received, and those of
/// properties that are not taken out; with what has it where that is not the object's own marking.
fn label(facts: &Facts, default: Tlp, redactions: &[Redaction]) -> (Tlp, Option<String>) {
    let received = facts.handling.as_ref().map(|handling| handling.tlp);
    let floor = if facts.unknown_markings { default } else { Tlp::Clear };
    let own = facts.tlp.or(received).unwrap_or(default).max(floor);
    let whole = own.max(received.unwrap_or(own));
    let left =
        facts.granular_tlp.iter().filter(|(path, _)| !redaction::takes_out(redactions, path));
    let strictest = left.clone().map(|(_, tlp)| *tlp).max().filter(|tlp| *tlp > whole);
    if let Some(strictest) = strictest {
        let on = left.clone().find(|(_, tlp)| **tlp == strictest).map(|(path, _)| path.clone());
        return (strictest, on);
    }
    (whole, (facts.tlp < received && received == Some(whole)).then(|| HANDLING.to_owned()))
}
