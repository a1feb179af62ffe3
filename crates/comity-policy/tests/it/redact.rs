//! What is changed before an object leaves.

use comity_model::domain::GRADE;
use comity_policy::{Change, Facts, Outcome, ReasonCode, RedactionTerm};

use crate::support::{FULL, altered, codes, decide, plain, south};

fn place(properties: &[&str]) -> Facts {
    let mut facts = plain();
    "location".clone_into(&mut facts.stix_type);
    facts.properties = properties.iter().map(|it| (*it).to_owned()).collect();
    facts
}

fn changes(text: &str, facts: &Facts) -> Vec<(String, Change, RedactionTerm)> {
    match &decide(text, facts, &south()).outcome {
        Outcome::Redact(changes) => {
            changes.iter().map(|it| (it.property.clone(), it.change, it.term)).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn only_properties_that_are_there_are_redacted_each_with_its_term() {
    let facts =
        place(&["country", "street_address", "latitude", "longitude", "administrative_area"]);
    assert_eq!(
        changes(FULL, &facts),
        [
            ("latitude".to_owned(), Change::Remove, RedactionTerm::PrecisionLocation),
            ("longitude".to_owned(), Change::Remove, RedactionTerm::PrecisionLocation),
            ("street_address".to_owned(), Change::Remove, RedactionTerm::Redact),
        ]
    );
    let country = altered("location = \"admin1\"", "location = \"country\"");
    assert_eq!(changes(&country, &facts).first().unwrap().0, "administrative_area");
    let exact = altered("precision = { location = \"admin1\", time = \"day\" }", "");
    assert_eq!(
        changes(&exact, &facts),
        [("street_address".to_owned(), Change::Remove, RedactionTerm::Redact)]
    );
    let coarse = place(&["country", "administrative_area", "labels"]);
    assert_eq!(decide(FULL, &coarse, &south()).outcome, Outcome::Release);
}

#[test]
fn nothing_that_names_a_place_more_exactly_than_agreed_leaves() {
    let grade = format!("extensions.{GRADE}");
    let map = "extensions.extension-definition--1f0c6e2b-3c0e-4e59-8a52-6d1f0c6e2b11";
    let deep = format!("{map}.x_km");
    let present = [
        "administrative_area",
        "city",
        "country",
        "description",
        "extensions",
        map,
        &deep,
        &grade,
        &format!("{grade}.source_reliability"),
        "external_references",
        "external_references.url",
        "id",
        "name",
        "x_road",
    ];
    let removed = |text: &str, kind: &str, present: &[&str]| -> Vec<String> {
        let facts = Facts { stix_type: kind.to_owned(), ..place(present) };
        changes(text, &facts).into_iter().map(|(path, ..)| path).collect()
    };
    let admin1 = ["city", "description", map, "external_references", "name", "x_road"];
    assert_eq!(removed(FULL, "location", &present), admin1);
    let country = altered("location = \"admin1\"", "location = \"country\"");
    assert_eq!(removed(&country, "location", &present)[0], "administrative_area");
    assert_eq!(removed(&country, "location", &present)[1..], admin1);
    // what is about one place repeats its name
    let sites = altered("\"consignment\",", "\"suspected-laboratory\", \"overdose-alert\",");
    for kind in ["suspected-laboratory", "overdose-alert"] {
        let present = ["name", "description", "location_ref", "status", "external_references.url"];
        let texts = ["description", "external_references", "name"];
        assert_eq!(removed(&sites, kind, &present), texts, "{kind}");
        // what is not known of it is taken for there
        assert_eq!(removed(&sites, kind, &[]), texts, "{kind}");
    }
}

#[test]
fn a_place_that_is_named_by_no_code_goes_where_places_are_coarsened() {
    let mut facts = place(&["administrative_area", "country", "region"]);
    assert_eq!(decide(FULL, &facts, &south()).outcome, Outcome::Release);
    facts.free_places = ["administrative_area".to_owned()].into();
    let gone = |it: &str| (it.to_owned(), Change::Remove, RedactionTerm::PrecisionLocation);
    assert_eq!(changes(FULL, &facts), [gone("administrative_area")]);
    let exact = altered("precision = { location = \"admin1\", time = \"day\" }", "");
    assert_eq!(decide(&exact, &facts, &south()).outcome, Outcome::Release);
    facts.free_places.insert("country".to_owned());
    let country = altered("location = \"admin1\"", "location = \"country\"");
    assert_eq!(changes(&country, &facts), ["administrative_area", "country"].map(gone));
}

#[test]
fn a_translation_stays_where_places_are_coarsened() {
    let text = altered("\"consignment\",", "\"language-content\",");
    let facts = Facts { stix_type: "language-content".to_owned(), ..plain() };
    assert_eq!(codes(&decide(&text, &facts, &south())), [ReasonCode::ClausePrecision]);
}

#[test]
fn a_redaction_is_of_its_own_type_alone() {
    let mut facts = plain();
    facts.properties = ["street_address", "contact_information"].map(str::to_owned).into();
    assert_eq!(decide(FULL, &facts, &south()).outcome, Outcome::Release);
    facts.stix_type = "identity".to_owned();
    assert_eq!(changes(FULL, &facts).len(), 1);
}

#[test]
fn a_path_known_only_from_above_is_redacted_to_be_safe() {
    let mut facts = plain();
    facts.stix_type = "report".to_owned();
    for present in ["external_references", "external_references.url", "external_references.url.x"] {
        facts.properties = [present.to_owned()].into();
        let expected =
            ("external_references.url".to_owned(), Change::Remove, RedactionTerm::Redact);
        assert_eq!(changes(FULL, &facts), [expected], "{present}");
    }
    facts.properties = ["external_references.source_name".to_owned()].into();
    assert_eq!(decide(FULL, &facts, &south()).outcome, Outcome::Release);
}

#[test]
fn exact_times_are_cut_to_the_day() {
    let mut facts = plain();
    facts.fine_times = ["valid_from".to_owned()].into();
    let expected = ("valid_from".to_owned(), Change::ToDay, RedactionTerm::PrecisionTime);
    assert_eq!(changes(FULL, &facts), [expected]);
    let exact = altered(", time = \"day\"", "");
    assert_eq!(decide(&exact, &facts, &south()).outcome, Outcome::Release);
}

#[test]
fn a_place_of_which_nothing_would_be_left_stays() {
    let facts = place(&["latitude", "longitude"]);
    let decision = decide(FULL, &facts, &south());
    assert_eq!(codes(&decision), [ReasonCode::ClausePrecision]);
    assert_eq!(changes(FULL, &place(&["latitude", "longitude", "region"])).len(), 2);
}

#[test]
fn of_an_object_whose_properties_were_not_told_everything_is_redacted() {
    let mut facts = plain();
    "identity".clone_into(&mut facts.stix_type);
    facts.properties.clear();
    let expected = ("contact_information".to_owned(), Change::Remove, RedactionTerm::Redact);
    assert_eq!(changes(FULL, &facts), [expected]);
}
