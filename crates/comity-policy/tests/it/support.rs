//! The agreement that most tests begin with, and short ways to say things.

use std::sync::Arc;

use comity_model::{Digest, PartyRoot, Tlp};
use comity_policy::{
    Agreement, AgreementError, Decision, Engine, Facts, Origin, Question, ReasonCode,
};

/// A text that uses every field of the language.
pub(crate) const FULL: &str = include_str!("../data/full.toml");

/// A moment when [`FULL`] binds.
pub(crate) const NOW: &str = "2026-03-01T12:00:00Z";

pub(crate) fn root(byte: u8) -> PartyRoot {
    PartyRoot::new(Digest::from_bytes([byte; 32]))
}

pub(crate) fn us() -> PartyRoot {
    root(0x11)
}

pub(crate) fn mx() -> PartyRoot {
    root(0x22)
}

pub(crate) fn full() -> Agreement {
    Agreement::parse(FULL).unwrap()
}

/// [`FULL`] with one passage replaced, which must be there.
pub(crate) fn altered(from: &str, to: &str) -> String {
    assert!(FULL.contains(from), "the sample has no `{from}`");
    FULL.replacen(from, to, 1)
}

pub(crate) fn errors(text: &str) -> Vec<AgreementError> {
    Agreement::parse(text).expect_err("this should be refused")
}

/// An object that `precursors-south` releases as it is.
pub(crate) fn plain() -> Facts {
    let mut facts = Facts::new("indicator", Origin::Own);
    facts.natural_person = false;
    facts.properties = ["type", "id", "pattern"].map(str::to_owned).into();
    facts.tlp = Some(Tlp::Amber);
    facts.grade = Some("B2".parse().unwrap());
    facts
}

pub(crate) fn south() -> Question<'static> {
    Question {
        from: us(),
        clause: "precursors-south",
        purpose: "precursor-control",
        now: NOW.parse().unwrap(),
    }
}

pub(crate) fn decide(text: &str, facts: &Facts, question: &Question<'_>) -> Arc<Decision> {
    Engine::compile(&Agreement::parse(text).unwrap()).unwrap().decide(facts, question)
}

pub(crate) fn codes(decision: &Decision) -> Vec<ReasonCode> {
    decision.reasons().iter().map(|reason| reason.code).collect()
}
