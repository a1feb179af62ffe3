//! What each optional term of a clause withholds or changes, and what binds on from a partner's object.

use comity_model::{Handling, Onward, Pap, Tlp, UseCode};
use comity_policy::{
    Change, Decision, Descriptions, Facts, Origin, OriginTerm, Outcome, Persons, Question,
    ReasonCode, RedactionTerm,
};

use crate::support::{FULL, altered, codes, decide, full, mx, plain, root, south};

/// An organization that `actors-south` releases as it is.
fn actor() -> Facts {
    let mut facts = plain();
    "identity".clone_into(&mut facts.stix_type);
    facts.labels.insert("fentanyl".to_owned());
    facts.properties = ["type", "id", "name"].map(str::to_owned).into();
    facts.age_days = Some(30);
    facts
}

fn asked() -> Question<'static> {
    Question { clause: "actors-south", purpose: "trafficking", ..south() }
}

/// The one reason why an object stays under `actors-south`: its code and its property.
#[track_caller]
fn stays(change: impl FnOnce(&mut Facts)) -> (ReasonCode, Option<String>) {
    let mut facts = actor();
    change(&mut facts);
    let decision = decide(FULL, &facts, &asked());
    let [reason] = decision.reasons() else { panic!("{decision:?}") };
    assert_eq!(reason.policy, "clause:actors-south");
    (reason.code, reason.property.clone())
}

fn changes(decision: &Decision) -> Vec<(&str, Change, RedactionTerm)> {
    match &decision.outcome {
        Outcome::Redact(changes) => {
            changes.iter().map(|it| (it.property.as_str(), it.change, it.term)).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_terms_are_read() {
    let agreement = full();
    let clause = agreement.clause("actors-south").unwrap();
    assert_eq!((clause.max_pap, clause.max_age_days), (Some(Pap::Green), Some(730)));
    assert_eq!(clause.countries, ["GT", "MX"].map(str::to_owned).into());
    assert_eq!(clause.labels.any, ["fentanyl", "precursor"].map(str::to_owned).into());
    assert_eq!(clause.labels.none, ["sealed".to_owned()].into());
    assert_eq!((clause.origin, clause.persons), (OriginTerm::Own, Persons::Pseudonym));
    assert_eq!(clause.descriptions, Descriptions::Withhold);
    let silent = agreement.clause("precursors-south").unwrap();
    assert_eq!((silent.max_pap, silent.max_age_days, silent.countries.len()), (None, None, 0));
    assert_eq!((silent.origin, silent.persons), (OriginTerm::Any, Persons::Allow));
    assert_eq!(silent.descriptions, Descriptions::Allow);
}

#[test]
fn each_term_withholds_with_its_own_reason_and_names_the_property() {
    assert_eq!(decide(FULL, &actor(), &asked()).outcome, Outcome::Release);
    let is = |code, property: &str| (code, Some(property.to_owned()));
    let amber = stays(|it| it.pap = Some(Pap::Amber));
    assert_eq!(amber, is(ReasonCode::ClausePap, "object_marking_refs"));
    let labelled = stays(|it| {
        it.labels.insert("PAP:AMBER".to_owned());
        it.pap = Some(Pap::Amber);
    });
    assert_eq!(labelled, is(ReasonCode::ClausePap, "labels"));
    let old = stays(|it| it.age_days = Some(731));
    assert_eq!(old, is(ReasonCode::ClauseAge, "modified"));
    assert_eq!(stays(|it| it.age_days = None), is(ReasonCode::ClauseAge, "modified"));
    let abroad = stays(|it| it.country = Some("US".to_owned()));
    assert_eq!(abroad, is(ReasonCode::ClauseCountry, "country"));
    let nowhere = stays(|it| it.stix_type = "location".to_owned());
    assert_eq!(nowhere, is(ReasonCode::ClauseCountry, "country"));
    assert_eq!(stays(|it| it.labels.clear()), is(ReasonCode::ClauseLabels, "labels"));
    let sealed = stays(|it| it.labels.extend(["sealed".to_owned()]));
    assert_eq!(sealed, is(ReasonCode::ClauseLabels, "labels"));
    let foreign = stays(|it| {
        it.origin = Origin::Partner(root(9));
        it.consents.insert(mx());
    });
    assert_eq!(foreign, is(ReasonCode::ClauseOrigin, "origin"));
    let note = stays(|it| it.stix_type = "note".to_owned());
    assert_eq!(note, is(ReasonCode::ClauseDescriptions, "content"));
}

#[test]
fn what_is_at_the_limit_of_a_term_goes() {
    let mut facts = actor();
    facts.age_days = Some(730);
    facts.pap = Some(Pap::Green);
    facts.country = Some("GT".to_owned());
    facts.labels.insert("precursor".to_owned());
    assert_eq!(decide(FULL, &facts, &asked()).outcome, Outcome::Release);
}

#[test]
fn a_person_goes_under_a_pseudonym_and_without_what_else_points_to_them() {
    let mut facts = actor();
    facts.natural_person = true;
    facts.properties =
        ["name", "description", "contact_information", "sectors"].map(str::to_owned).into();
    let decision = decide(FULL, &facts, &asked());
    assert_eq!(
        changes(&decision),
        [
            ("contact_information", Change::Remove, RedactionTerm::Persons),
            ("description", Change::Remove, RedactionTerm::Persons),
            ("name", Change::Pseudonym, RedactionTerm::Persons),
        ]
    );
    facts.natural_person = false;
    let organization = decide(FULL, &facts, &asked());
    let description = ("description", Change::Remove, RedactionTerm::Descriptions);
    assert_eq!(changes(&organization), [description], "an organization keeps its name");
}

#[test]
fn every_type_that_names_somebody_has_its_names_replaced() {
    let cases: [(&str, &[&str], &[&str]); 6] = [
        ("threat-actor", &["name", "aliases"], &["external_references"]),
        ("user-account", &["user_id", "account_login", "display_name"], &["credential"]),
        ("email-addr", &["value", "display_name"], &[]),
        ("email-message", &[], &["subject", "body", "received_lines"]),
        ("opinion", &["authors"], &[]),
        ("note", &["authors"], &[]),
    ];
    let kinds = "\"opinion\", \"threat-actor\"";
    let text = altered(kinds, &format!("\"email-message\", {kinds}"))
        .replace("descriptions = \"withhold\"\n", "");
    for (kind, replaced, removed) in cases {
        let mut facts = actor();
        kind.clone_into(&mut facts.stix_type);
        facts.natural_person = !matches!(kind, "email-message" | "opinion" | "note");
        facts.properties = replaced.iter().chain(removed).map(|&it| it.to_owned()).collect();
        let decision = decide(&text, &facts, &asked());
        let with = |change| {
            let all = changes(&decision).into_iter();
            all.filter(|it| it.1 == change).map(|it| it.0.to_owned()).collect::<Vec<_>>()
        };
        let sorted = |words: &[&str]| {
            let mut words: Vec<_> = words.iter().map(|&it| it.to_owned()).collect();
            words.sort();
            words
        };
        assert_eq!(with(Change::Pseudonym), sorted(replaced), "{kind}");
        assert_eq!(with(Change::Remove), sorted(removed), "{kind}");
    }
}

#[test]
fn a_person_stays_where_the_clause_says_so_or_where_nobody_knows_the_place_of_the_name() {
    let withhold = altered("persons = \"pseudonym\"", "persons = \"withhold\"");
    let mut facts = actor();
    facts.natural_person = true;
    assert_eq!(codes(&decide(&withhold, &facts, &asked())), [ReasonCode::ClausePersons]);
    facts.natural_person = false;
    "opinion".clone_into(&mut facts.stix_type);
    facts.properties = ["authors".to_owned()].into();
    let authors = ("authors", Change::Remove, RedactionTerm::Persons);
    assert_eq!(changes(&decide(&withhold, &facts, &asked())), [authors]);

    let other = altered("\"note\", \"opinion\"", "\"x-suspect\", \"language-content\"");
    let mut facts = actor();
    "x-suspect".clone_into(&mut facts.stix_type);
    facts.natural_person = true;
    assert_eq!(codes(&decide(&other, &facts, &asked())), [ReasonCode::ClausePersons]);
    facts.natural_person = false;
    assert!(decide(&other, &facts, &asked()).releases());
    "language-content".clone_into(&mut facts.stix_type);
    let translation = decide(&other, &facts, &asked());
    assert_eq!(codes(&translation), [ReasonCode::ClausePersons, ReasonCode::ClauseDescriptions]);
}

#[test]
fn descriptions_are_removed_wherever_they_stand_and_once() {
    let mut facts = actor();
    facts.properties =
        ["description", "external_references", "external_references.description", "name"]
            .map(str::to_owned)
            .into();
    let removed = |path| (path, Change::Remove, RedactionTerm::Descriptions);
    assert_eq!(
        changes(&decide(FULL, &facts, &asked())),
        [removed("description"), removed("external_references.description")]
    );
    facts.natural_person = true;
    let person = decide(FULL, &facts, &asked());
    let paths: Vec<&str> = changes(&person).iter().map(|it| it.0).collect();
    assert_eq!(paths, ["description", "external_references", "name"], "and not what is in it");
    let mut opinion = actor();
    "opinion".clone_into(&mut opinion.stix_type);
    opinion.properties = ["explanation".to_owned()].into();
    assert_eq!(changes(&decide(FULL, &opinion, &asked())), [removed("explanation")]);
}

/// What a partner's object was received under; the partner consented to its going on.
fn received(change: impl FnOnce(&mut Handling)) -> Facts {
    let mut handling = Handling {
        tlp: Tlp::Green,
        pap: None,
        use_codes: vec![UseCode::IntelligenceOnly, UseCode::Judicial],
        onward: Onward::OriginatorConsent,
        retention_days: 30,
        until: None,
    };
    change(&mut handling);
    let mut facts = plain();
    facts.origin = Origin::Partner(root(9));
    facts.consents.insert(mx());
    facts.handling = Some(handling);
    facts
}

fn given(facts: &Facts) -> Handling {
    let decision = decide(FULL, facts, &south());
    decision.handling.clone().unwrap_or_else(|| panic!("{decision:?}"))
}

#[test]
fn what_goes_on_is_bound_by_the_stricter_of_the_clause_and_what_it_was_received_under() {
    let handling = given(&received(|_| ()));
    assert_eq!(handling.tlp, Tlp::Amber, "the object's own marking");
    assert_eq!(handling.use_codes, [UseCode::IntelligenceOnly]);
    assert_eq!((handling.onward, handling.retention_days), (Onward::OriginatorConsent, 30));
    let stricter = given(&received(|it| {
        it.tlp = Tlp::AmberStrict;
        it.pap = Some(Pap::Red);
        it.retention_days = 1_000;
    }));
    assert_eq!((stricter.tlp, stricter.pap), (Tlp::AmberStrict, Some(Pap::Red)));
    assert_eq!(stricter.retention_days, 180, "the clause's");
    let unmarked = Facts { tlp: None, ..received(|it| it.tlp = Tlp::Clear) };
    assert_eq!(given(&unmarked).tlp, Tlp::Clear, "it carries a label: the one it came with");
}

#[test]
fn a_label_it_was_received_under_withholds_and_is_named() {
    let decision = decide(FULL, &received(|it| it.tlp = Tlp::Red), &south());
    let reason = decision.reasons().first().unwrap();
    assert_eq!((reason.code, reason.property.as_deref()), (ReasonCode::TlpRed, Some("handling")));
}

#[test]
fn what_was_received_for_other_uses_stays() {
    let decision = decide(FULL, &received(|it| it.use_codes = vec![UseCode::Judicial]), &south());
    let reason = decision.reasons().first().unwrap();
    let expected = (ReasonCode::ClauseUse, Some("handling"));
    assert_eq!((reason.code, reason.property.as_deref()), expected);
}

#[test]
fn third_party_no_consent_opens_what_was_given_to_this_party_alone() {
    for onward in [Onward::Units, Onward::Never] {
        let decision = decide(FULL, &received(|it| it.onward = onward), &south());
        assert_eq!(codes(&decision), [ReasonCode::OnwardNever], "{onward}");
        assert_eq!(decision.determining, ["built-in:onward"]);
        assert_eq!(decision.reasons().first().unwrap().property.as_deref(), Some("handling"));
    }
}

#[test]
fn a_red_line_names_what_it_holds_for_where_that_can_be_told() {
    let property = |when: &str, facts: &Facts| {
        let literal = serde_json::to_string(when).unwrap();
        let text = altered("'resource.labels.contains(\"minor\")'", &literal);
        let decision = decide(&text, facts, &south());
        let reason = decision.reasons().first().unwrap_or_else(|| panic!("{when}")).clone();
        assert_eq!(reason.code, ReasonCode::RedLine);
        reason.property
    };
    let mut facts = plain();
    facts.natural_person = true;
    facts.country = Some("XX".to_owned());
    facts.labels.insert("minor".to_owned());
    facts.age_days = Some(10);
    let cases = [
        ("resource.labels.containsAny([\"minor\", \"other\"])", Some("labels")),
        ("resource.properties.contains(\"pattern\")", Some("pattern")),
        ("resource has country && resource.country == \"XX\"", Some("country")),
        ("resource has age_days && resource.age_days < 11", Some("modified")),
        ("resource.tlp.rank >= 2", Some("object_marking_refs")),
        ("resource.kind == \"indicator\"", Some("type")),
        ("!resource.from_partner", Some("origin")),
        ("resource has grade && resource.grade.reliability == \"B\"", Some("grade")),
        ("context.purpose == \"precursor-control\"", None),
        ("resource.kind == \"indicator\" || resource.revoked", None),
        ("resource.kind == \"malware\" || resource.labels.contains(\"minor\")", Some("labels")),
    ];
    for (when, expected) in cases {
        assert_eq!(property(when, &facts).as_deref(), expected, "{when}");
    }
    facts.stix_type = "identity".to_owned();
    assert_eq!(property("resource.natural_person", &facts).as_deref(), Some("identity_class"));
}

#[test]
fn ages_that_no_term_tells_apart_are_one_class() {
    let engine = comity_policy::Engine::compile(&full()).unwrap();
    for age in 0..3_000 {
        let facts = Facts { age_days: Some(age), ..actor() };
        assert_eq!(engine.decide(&facts, &asked()).releases(), age <= 730, "{age}");
    }
    assert_eq!(engine.classes(), 2);
}
