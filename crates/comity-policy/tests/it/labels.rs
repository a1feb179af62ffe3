//! Which TLP label counts where an object has several, or none that can be read.

use comity_model::Tlp;
use comity_policy::{Facts, Outcome, ReasonCode};

use crate::support::{FULL, codes, decide, plain, south};

/// A location of which the clause takes out the street, with labels on properties.
fn place(granular: &[(&str, Tlp)]) -> Facts {
    let mut facts = plain();
    facts.stix_type = "location".to_owned();
    facts.properties = ["country", "street_address", "region"].map(str::to_owned).into();
    facts.tlp = Some(Tlp::Green);
    facts.granular_tlp = granular.iter().map(|(path, tlp)| ((*path).to_owned(), *tlp)).collect();
    facts
}

fn given(facts: &Facts) -> Option<Tlp> {
    decide(FULL, facts, &south()).handling.clone().map(|handling| handling.tlp)
}

#[test]
fn what_the_clause_takes_out_takes_its_label_along() {
    let facts = place(&[("street_address", Tlp::Red)]);
    let decision = decide(FULL, &facts, &south());
    assert!(matches!(decision.outcome, Outcome::Redact(_)), "{decision:?}");
    assert_eq!(given(&facts), Some(Tlp::Green));
    assert_eq!(given(&place(&[("street_address.x", Tlp::Red)])), Some(Tlp::Green));
}

#[test]
fn the_strictest_label_of_what_leaves_counts_and_is_named() {
    let cases = [
        (place(&[("region", Tlp::Red)]), "region"),
        (place(&[("region", Tlp::Red), ("street_address", Tlp::Red)]), "region"),
        (place(&[("street", Tlp::Red)]), "street"),
    ];
    for (facts, property) in cases {
        let decision = decide(FULL, &facts, &south());
        assert_eq!(codes(&decision), [ReasonCode::TlpRed], "{facts:?}");
        assert_eq!(decision.reasons().first().unwrap().property.as_deref(), Some(property));
    }
    let marked = Facts { tlp: Some(Tlp::Red), ..place(&[("region", Tlp::Red)]) };
    let decision = decide(FULL, &marked, &south());
    let property = decision.reasons().first().unwrap().property.clone();
    assert_eq!(property.as_deref(), Some("object_marking_refs"));
    assert_eq!(given(&place(&[("region", Tlp::AmberStrict)])), Some(Tlp::AmberStrict));
    assert_eq!(given(&place(&[("region", Tlp::Clear)])), Some(Tlp::Green));
}

#[test]
fn a_label_on_more_than_is_taken_out_still_counts() {
    let mut facts = place(&[("external_references", Tlp::Red)]);
    facts.stix_type = "report".to_owned();
    facts.properties = ["external_references.url", "valid_from"].map(str::to_owned).into();
    assert_eq!(codes(&decide(FULL, &facts, &south())), [ReasonCode::TlpRed]);
    facts.granular_tlp = [("external_references.url".to_owned(), Tlp::Red)].into();
    assert_eq!(given(&facts), Some(Tlp::Green));
    // A time that is only made coarser is not taken out.
    facts.fine_times = ["valid_from".to_owned()].into();
    facts.granular_tlp = [("valid_from".to_owned(), Tlp::Red)].into();
    assert_eq!(codes(&decide(FULL, &facts, &south())), [ReasonCode::TlpRed]);
}

#[test]
fn labels_on_properties_do_not_speak_for_the_rest() {
    let facts = Facts { tlp: None, ..place(&[("region", Tlp::Clear)]) };
    assert_eq!(given(&facts), Some(Tlp::Green), "the default of this agreement");
}

#[test]
fn a_marking_that_nobody_knows_never_loosens_and_never_counts_as_clear() {
    let unknown = |tlp| Facts { tlp, unknown_markings: true, ..place(&[]) };
    assert_eq!(given(&unknown(Some(Tlp::Clear))), Some(Tlp::Green), "the default");
    assert_eq!(given(&unknown(Some(Tlp::Amber))), Some(Tlp::Amber));
    assert_eq!(given(&unknown(None)), Some(Tlp::Green));
}
