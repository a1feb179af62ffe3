//! What an agreement can see of an object and a question: its class.
//!
//! Decisions are made from the class alone, never from the facts behind it, so remembering them by class is
//! sound by construction. Only the day is not in it: policies compare it with the agreement's first and last
//! day and nothing else, and the outcome of that is `state`.

use std::collections::BTreeSet;

use comity_model::{Grade, Pap, PartyRoot, Tlp};

use super::{Engine, Question, redaction};
use crate::agreement::State;
use crate::decision::Redaction;
use crate::facts::{Facts, Origin};

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
    pub(super) grade: Option<GradeKey>,
    pub(super) origin: Origin,
    pub(super) consents: BTreeSet<PartyRoot>,
    pub(super) natural_person: bool,
    pub(super) revoked: bool,
    pub(super) labels: BTreeSet<String>,
    pub(super) properties: BTreeSet<String>,
    pub(super) age_days: Option<u32>,
    pub(super) country: Option<String>,
    pub(super) redactions: Vec<Redaction>,
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
        let reads = &engine.reads;
        let agreement = &engine.agreement;
        let read = |attribute| reads.reads(attribute);
        let recipient = agreement.partner_of(&question.from).map(|(_, root)| *root);
        let consents = if read("consents") {
            facts.consents.clone()
        } else {
            recipient.filter(|recipient| facts.consents.contains(recipient)).into_iter().collect()
        };
        let clause = agreement.clause(question.clause);
        let redactions = clause.map(|clause| redaction::of(clause, facts)).unwrap_or_default();
        let (tlp, tlp_on) = label(facts, agreement.default_tlp, &redactions);
        Self {
            from: question.from,
            state: agreement.state_at(question.now),
            clause: question.clause.to_owned(),
            purpose: question.purpose.to_owned(),
            kind: facts.stix_type.clone(),
            tlp,
            tlp_on,
            pap: facts.pap,
            grade: facts.grade.map(GradeKey),
            origin: facts.origin,
            consents,
            natural_person: facts.natural_person && read("natural_person"),
            revoked: facts.revoked && read("revoked"),
            labels: reads.visible("labels", &facts.labels),
            properties: reads.visible("properties", &facts.properties),
            age_days: facts.age_days.filter(|_| read("age_days")),
            country: facts.country.clone().filter(|_| read("country")),
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

/// The strictest label of what leaves: that of the whole object, and those of properties that are not taken
/// out, with the first property that is stricter than the whole.
fn label(facts: &Facts, default: Tlp, redactions: &[Redaction]) -> (Tlp, Option<String>) {
    let floor = if facts.unknown_markings { default } else { Tlp::Clear };
    let whole = facts.tlp.unwrap_or(default).max(floor);
    let left =
        facts.granular_tlp.iter().filter(|(path, _)| !redaction::takes_out(redactions, path));
    let strictest = left.clone().map(|(_, tlp)| *tlp).max().filter(|tlp| *tlp > whole);
    strictest.map_or((whole, None), |strictest| {
        let on = left.clone().find(|(_, tlp)| **tlp == strictest).map(|(path, _)| path.clone());
        (strictest, on)
    })
}
