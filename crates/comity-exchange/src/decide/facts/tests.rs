use comity_model::{Handling, Holding, Onward, Origin, Pap, Tlp, UseCode};
use comity_policy::Facts;
use comity_stix::Limits;
use comity_stix::json::Document;

use super::{Definitions, facts};
use crate::hold::{Gist, Provenance, hold};

const GREEN: &str = "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb";
const RED: &str = "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed";
const PAP_AMBER: &str = "marking-definition--60f8932b-e51e-4458-b265-a2e8be9a80ab";
const HOUSE: &str = "marking-definition--79e2fa14-02c6-40d7-aa4b-ebf281dd78ef";

fn held(json: &str) -> Holding {
    let head = comity_stix::head(json.as_bytes(), &Limits::default()).unwrap().into_owned();
    let provenance = Provenance {
        origin: Origin::Own { source: "test".to_owned() },
        chain: Vec::new(),
        handling: None,
        grade: None,
        received_at: "2026-03-01T10:00:00Z".parse().unwrap(),
    };
    let document = Document::parse(json.as_bytes(), &Limits::default()).unwrap();
    let gist = Gist::of(&document, &head);
    hold(json.as_bytes().to_vec(), head, gist, provenance)
}

fn definition(content: &str) -> Holding {
    held(&format!(
        r#"{{"type":"marking-definition","id":"{HOUSE}","created":"2026-01-10T08:00:00.000Z",{content}}}"#
    ))
}

/// What the policy is told of a report with these markings.
fn told(markings: &str, definitions: &[Holding]) -> Facts {
    let holding = held(&format!(
        r#"{{"type":"report","id":"report--5d0b6f1e-3c0e-4e59-8a52-000000000004","name":"n","labels":["PAP:GREEN"],"external_references":[{{"source_name":"s","url":"u"}},{{"source_name":"t","url":"v"}}]{markings}}}"#
    ));
    facts(&holding, &Definitions::among(definitions), "2026-03-01T10:00:00Z".parse().unwrap())
}

fn labels(facts: &Facts) -> Vec<(&str, Tlp)> {
    facts.granular_tlp.iter().map(|(path, tlp)| (path.as_str(), *tlp)).collect()
}

#[test]
fn a_label_on_a_property_is_told_of_that_property() {
    let facts = told(
        &format!(
            r#","object_marking_refs":["{GREEN}"],"granular_markings":[{{"marking_ref":"{RED}","selectors":["external_references.[1].url"]}},{{"marking_ref":"{GREEN}","selectors":["external_references.[0].url","name"]}}]"#
        ),
        &[],
    );
    assert_eq!(facts.tlp, Some(Tlp::Green));
    // Of the elements of a list the strictest.
    assert_eq!(labels(&facts), [("external_references.url", Tlp::Red), ("name", Tlp::Green)]);
    assert!(facts.granular_tlp.keys().all(|path| facts.properties.contains(path)));
    assert!(!facts.unknown_markings);
}

#[test]
fn a_label_whose_place_is_lost_is_told_of_the_whole_object() {
    let facts = told(
        &format!(r#","granular_markings":[{{"marking_ref":"{RED}","selectors":["descriptino"]}}]"#),
        &[],
    );
    assert_eq!((facts.tlp, labels(&facts)), (Some(Tlp::Red), vec![]));
}

#[test]
fn a_definition_that_the_node_holds_counts_by_what_it_says() {
    let marked = format!(r#","object_marking_refs":["{HOUSE}","{GREEN}"]"#);
    let red = definition(r#""definition_type":"tlp","definition":{"tlp":"red"}"#);
    assert_eq!(told(&marked, &[red]).tlp, Some(Tlp::Red));
    let statement = definition(r#""definition_type":"statement","definition":{"statement":"x"}"#);
    let facts = told(&marked, &[statement]);
    assert_eq!((facts.tlp, facts.unknown_markings), (Some(Tlp::Green), false));
}

#[test]
fn a_definition_that_cannot_be_read_is_told_to_be_unknown() {
    for definitions in
        [vec![], vec![definition(r#""definition_type":"tlp","definition":{"tlp":"purple"}"#)]]
    {
        let facts = told(&format!(r#","object_marking_refs":["{HOUSE}","{GREEN}"]"#), &definitions);
        assert_eq!((facts.tlp, facts.unknown_markings), (Some(Tlp::Green), true));
    }
    let granular =
        format!(r#","granular_markings":[{{"marking_ref":"{HOUSE}","selectors":["name"]}}]"#);
    assert!(told(&granular, &[]).unknown_markings);
}

#[test]
fn the_confidence_of_an_object_is_told_where_it_has_one() {
    let told = |confidence: &str| {
        let json = format!(
            r#"{{"type":"url","id":"url--5d0b6f1e-3c0e-4e59-8a52-000000000004"{confidence}}}"#
        );
        let now = "2026-03-01T10:00:00Z".parse().unwrap();
        facts(&held(&json), &Definitions::among(&[]), now).confidence
    };
    for value in [0u8, 65, 100] {
        assert_eq!(told(&format!(",\"confidence\":{value}")), Some(value));
    }
    assert_eq!(told(""), None);
}

#[test]
fn the_age_of_what_has_no_time_counts_from_when_it_was_taken_in() {
    let now = "2026-03-31T09:00:00Z".parse().unwrap();
    let age = |json: &str| facts(&held(json), &Definitions::among(&[]), now).age_days;
    assert_eq!(age(r#"{"type":"url","id":"url--5d0b6f1e-3c0e-4e59-8a52-000000000004"}"#), Some(29));
    let old = r#"{"type":"report","id":"report--5d0b6f1e-3c0e-4e59-8a52-000000000004","modified":"2025-03-31T09:00:00.000Z"}"#;
    assert_eq!(age(old), Some(365));
}

#[test]
fn what_binds_this_party_is_told() {
    let mut holding = held(r#"{"type":"url","id":"url--5d0b6f1e-3c0e-4e59-8a52-000000000004"}"#);
    let handling = Handling {
        tlp: Tlp::Green,
        pap: None,
        use_codes: vec![UseCode::Judicial],
        onward: Onward::Units,
        retention_days: 3,
        until: None,
    };
    holding.handling = Some(handling.clone());
    let told = facts(&holding, &Definitions::among(&[]), holding.received_at);
    assert_eq!(told.handling, Some(handling));
}

#[test]
fn pap_is_read_from_labels_and_from_markings() {
    assert_eq!(told("", &[]).pap, Some(Pap::Green));
    let granular =
        format!(r#","granular_markings":[{{"marking_ref":"{PAP_AMBER}","selectors":["name"]}}]"#);
    assert_eq!(told(&granular, &[]).pap, Some(Pap::Amber));
    assert_eq!(told(&granular, &[]).tlp, None);
}

#[test]
fn a_place_is_told_by_codes_or_in_words_that_may_be_a_street() {
    let free = |properties: &str| {
        let json = format!(
            r#"{{"type":"location","id":"location--5d0b6f1e-3c0e-4e59-8a52-000000000004"{properties}}}"#
        );
        let now = "2026-03-01T10:00:00Z".parse().unwrap();
        facts(&held(&json), &Definitions::among(&[]), now)
            .free_places
            .into_iter()
            .collect::<Vec<_>>()
    };
    for coded in [
        r#","country":"MX","administrative_area":"MX-COL","region":"central-america""#,
        r#","country":"mx","administrative_area":"MX-COL""#,
        r#","administrative_area":"US-TX""#,
        r#","city":"Manzanillo""#,
    ] {
        assert!(free(coded).is_empty(), "{coded}");
    }
    let area = |country: &str, area: &str| {
        free(&format!(r#","country":"{country}","administrative_area":"{area}""#))
    };
    for (country, said) in
        [("MX", "Calle 5 # 10"), ("MX", "Colima"), ("MX", "US-TX"), ("MX", "MX-TX"), ("MX", "COL")]
    {
        assert_eq!(area(country, said), ["administrative_area"], "{said}");
    }
    assert_eq!(area("Calle 5, Colima", "MX-COL"), ["administrative_area", "country"]);
    assert_eq!(free(r#","region":"km 12 of road 57""#), ["region"]);
    assert_eq!(free(r#","administrative_area":["MX-COL"]"#), ["administrative_area"]);
    let report = held(
        r#"{"type":"report","id":"report--5d0b6f1e-3c0e-4e59-8a52-000000000004","country":"x"}"#,
    );
    let now = "2026-03-01T10:00:00Z".parse().unwrap();
    assert!(facts(&report, &Definitions::among(&[]), now).free_places.is_empty());
}
