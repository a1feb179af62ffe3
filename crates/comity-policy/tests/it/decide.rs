//! Each reason why an object stays, and what binds the one that goes.

use comity_model::{Handling, Onward, Pap, Tlp, UseCode};
use comity_policy::{Engine, Facts, Origin, Outcome, Question, ReasonCode};

use crate::support::{FULL, altered, codes, decide, full, mx, plain, root, south, us};

#[test]
fn an_object_within_every_term_goes_with_the_handling_of_its_clause() {
    let mut facts = plain();
    facts.pap = Some(Pap::Green);
    let decision = decide(FULL, &facts, &south());
    assert_eq!(decision.outcome, Outcome::Release);
    assert_eq!(decision.determining, ["clause:precursors-south"]);
    assert_eq!(
        decision.handling,
        Some(Handling {
            tlp: Tlp::Amber,
            pap: Some(Pap::Green),
            use_codes: vec![UseCode::IntelligenceOnly],
            onward: Onward::OriginatorConsent,
            retention_days: 180,
            until: None,
        })
    );
}

/// The facts stay for exactly these reasons, each by its policy.
#[track_caller]
fn stays(facts: &Facts, question: &Question<'_>, expected: &[(ReasonCode, &str)]) {
    let decision = decide(FULL, facts, question);
    let seen: Vec<_> = decision.reasons().iter().map(|it| (it.code, it.policy.as_str())).collect();
    assert_eq!(seen, expected);
    assert_eq!(decision.handling, None);
    assert!(!decision.releases());
}

const CLAUSE: &str = "clause:precursors-south";

#[test]
fn each_term_of_a_clause_withholds_with_its_own_reason() {
    let with = |change: fn(&mut Facts)| {
        let mut facts = plain();
        change(&mut facts);
        facts
    };
    let kind = with(|it| it.stix_type = "malware".to_owned());
    stays(&kind, &south(), &[(ReasonCode::ClauseKind, CLAUSE)]);
    let ungraded = with(|it| it.grade = None);
    stays(&ungraded, &south(), &[(ReasonCode::ClauseGrade, CLAUSE)]);
    let unreliable = with(|it| it.grade = "D1".parse().ok());
    stays(&unreliable, &south(), &[(ReasonCode::ClauseGrade, CLAUSE)]);
    let incredible = with(|it| it.grade = "A6".parse().ok());
    stays(&incredible, &south(), &[(ReasonCode::ClauseGrade, CLAUSE)]);
    let purpose = Question { purpose: "trade", ..south() };
    stays(&plain(), &purpose, &[(ReasonCode::ClausePurpose, CLAUSE)]);
    let direction = Question { from: mx(), ..south() };
    stays(&plain(), &direction, &[(ReasonCode::ClauseDirection, CLAUSE)]);
    let stranger = Question { from: root(9), ..south() };
    stays(&plain(), &stranger, &[(ReasonCode::ClauseDirection, CLAUSE)]);
    let unknown = Question { clause: "none", ..south() };
    stays(&plain(), &unknown, &[(ReasonCode::ClauseUnknown, "clause:none")]);

    let north =
        Question { from: mx(), clause: "overdoses-north", purpose: "public-health", ..south() };
    let mut report = plain();
    report.stix_type = "report".to_owned();
    stays(&report, &north, &[(ReasonCode::ClauseTlp, "clause:overdoses-north")]);
}

#[test]
fn every_reason_is_given_not_only_the_first() {
    let mut facts = plain();
    facts.stix_type = "malware".to_owned();
    facts.grade = None;
    facts.labels.insert("minor".to_owned());
    facts.origin = Origin::Partner(root(9));
    stays(
        &facts,
        &Question { purpose: "trade", ..south() },
        &[
            (ReasonCode::ThirdParty, "built-in:third-party"),
            (ReasonCode::RedLine, "red-line:1"),
            (ReasonCode::ClausePurpose, CLAUSE),
            (ReasonCode::ClauseKind, CLAUSE),
            (ReasonCode::ClauseGrade, CLAUSE),
        ],
    );
}

#[test]
fn a_red_line_withholds_what_a_clause_would_release_and_says_its_text() {
    let mut facts = plain();
    facts.labels.insert("minor".to_owned());
    let decision = decide(FULL, &facts, &south());
    assert_eq!(codes(&decision), [ReasonCode::RedLine]);
    let reason = decision.reasons().first().unwrap();
    assert_eq!(reason.text, "Nothing about a natural person under 18");
    assert_eq!(decision.determining, ["red-line:1"]);

    let mut old = plain();
    (old.natural_person, old.age_days) = (true, Some(3651));
    stays(&old, &south(), &[(ReasonCode::RedLine, "red-line:2")]);
    old.age_days = Some(3650);
    assert_eq!(decide(FULL, &old, &south()).outcome, Outcome::Release);
    old.age_days = None;
    assert_eq!(decide(FULL, &old, &south()).outcome, Outcome::Release);
}

#[test]
fn third_party_what_came_from_a_partner_goes_to_nobody_without_its_consent() {
    let mut facts = plain();
    facts.origin = Origin::Partner(root(9));
    stays(&facts, &south(), &[(ReasonCode::ThirdParty, "built-in:third-party")]);
    facts.consents.insert(root(8));
    stays(&facts, &south(), &[(ReasonCode::ThirdParty, "built-in:third-party")]);
    facts.consents.insert(mx());
    assert_eq!(decide(FULL, &facts, &south()).outcome, Outcome::Release);

    facts = plain();
    facts.origin = Origin::Partner(mx());
    let back = decide(FULL, &facts, &south());
    assert_eq!(codes(&back), [ReasonCode::ThirdParty]);
    assert!(back.reasons().first().unwrap().text.contains("`mx`"));
}

#[test]
fn tlp_red_never_leaves() {
    let mut facts = plain();
    facts.tlp = Some(Tlp::Red);
    stays(&facts, &south(), &[(ReasonCode::TlpRed, "built-in:tlp-red")]);
    facts.tlp = None;
    let red = altered("default_tlp = \"green\"", "default_tlp = \"red\"");
    assert_eq!(codes(&decide(&red, &facts, &south())), [ReasonCode::TlpRed]);
}

#[test]
fn an_unmarked_object_goes_under_the_default_label() {
    let mut facts = plain();
    facts.tlp = None;
    let tlp = |text: &str| decide(text, &facts, &south()).handling.clone().map(|it| it.tlp);
    assert_eq!(tlp(FULL), Some(Tlp::Green));
    assert_eq!(tlp(&altered("default_tlp = \"green\"\n", "")), Some(Tlp::Amber));
}

#[test]
fn a_revocation_goes_where_the_object_went() {
    let mut facts = plain();
    facts.revoked = true;
    assert_eq!(decide(FULL, &facts, &south()).outcome, Outcome::Release);
}

#[test]
fn outside_its_days_an_agreement_refuses_everything() {
    let engine = Engine::compile(&full()).unwrap();
    for (now, code, policy) in [
        ("2026-01-31T23:59:59Z", ReasonCode::AgreementNotBegun, "built-in:not-begun"),
        ("2027-02-01T00:00:00Z", ReasonCode::AgreementEnded, "built-in:ended"),
        ("1970-01-01T00:00:00Z", ReasonCode::AgreementNotBegun, "built-in:not-begun"),
        ("9999-12-30T00:00:00Z", ReasonCode::AgreementEnded, "built-in:ended"),
        ("-000099-01-01T00:00:00Z", ReasonCode::AgreementNotBegun, ""),
    ] {
        let question = Question { now: now.parse().unwrap(), ..south() };
        for origin in [Origin::Own, Origin::Partner(root(9))] {
            let decision = engine.decide(&Facts { origin, ..plain() }, &question);
            assert!(!decision.releases(), "{now}");
            if !policy.is_empty() {
                let reason = decision.reasons().first().unwrap();
                assert_eq!((reason.code, reason.policy.as_str()), (code, policy));
            }
        }
    }
}

#[test]
fn without_intelligence_in_its_scope_an_agreement_releases_nothing() {
    let advice = altered("[\"intelligence\", \"technical-support\"]", "[\"technical-support\"]");
    assert_eq!(codes(&decide(&advice, &plain(), &south())), [ReasonCode::AgreementScope]);
    let intelligence = altered("[\"intelligence\", \"technical-support\"]", "[\"intelligence\"]");
    assert_eq!(decide(&intelligence, &plain(), &south()).outcome, Outcome::Release);
}

#[test]
fn alike_objects_are_one_class_and_a_new_day_does_not_reuse_an_old_answer() {
    let engine = Engine::compile(&full()).unwrap();
    for number in 0..100_000u32 {
        let mut facts = plain();
        // no red line asks for these, so they do not tell objects apart
        facts.labels.insert(format!("case-{number}"));
        facts.country = Some("MX".to_owned());
        facts.properties.insert(format!("custom_{number}"));
        assert_eq!(engine.decide(&facts, &south()).outcome, Outcome::Release);
    }
    assert_eq!(engine.classes(), 1);
    let mut minor = plain();
    minor.labels.insert("minor".to_owned());
    assert!(!engine.decide(&minor, &south()).releases());
    let ended = Question { now: "2027-02-01T00:00:00Z".parse().unwrap(), ..south() };
    assert!(!engine.decide(&plain(), &ended).releases());
    assert!(engine.decide(&plain(), &south()).releases());
    assert_eq!(engine.classes(), 3);
}

#[test]
fn what_is_remembered_is_bounded() {
    let engine = Engine::compile(&full()).unwrap();
    for number in 0..4_200u32 {
        let kind = format!("kind-{number}");
        assert_eq!(
            codes(&engine.decide(
                &Facts { grade: "A1".parse().ok(), ..Facts::new(kind, Origin::Own) },
                &south()
            )),
            [ReasonCode::ClauseKind]
        );
    }
    assert!(engine.classes() <= 4_096);
    let before = engine.classes();
    let large = Facts::new("k".repeat(100_000), Origin::Own);
    assert!(!engine.decide(&large, &south()).releases());
    assert_eq!(engine.classes(), before);
}

#[test]
fn a_party_decides_only_as_itself() {
    let engine = Engine::compile(&full()).unwrap();
    let mut facts = plain();
    facts.stix_type = "report".to_owned();
    facts.tlp = Some(Tlp::Green);
    let north =
        Question { from: mx(), clause: "overdoses-north", purpose: "public-health", ..south() };
    assert_eq!(engine.decide(&facts, &north).outcome, Outcome::Release);
    let forged = Question { from: us(), ..north };
    assert_eq!(codes(&engine.decide(&facts, &forged)), [ReasonCode::ClauseDirection]);
}

#[test]
fn a_decision_is_written_down_with_stable_words() {
    let mut facts = plain();
    facts.labels.insert("minor".to_owned());
    let json = serde_json::to_value(&decide(FULL, &facts, &south()).outcome).unwrap();
    let expected = serde_json::json!({"withhold": [{
        "code": "red-line",
        "policy": "red-line:1",
        "property": "labels",
        "text": "Nothing about a natural person under 18",
    }]});
    assert_eq!(json, expected);
    facts = plain();
    facts.fine_times.insert("valid_from".to_owned());
    let json = serde_json::to_value(&decide(FULL, &facts, &south()).outcome).unwrap();
    let change =
        serde_json::json!({"property": "valid_from", "change": "to-day", "term": "precision.time"});
    assert_eq!(json, serde_json::json!({ "redact": [change] }));
}

#[test]
fn what_is_not_known_of_an_object_counts_against_its_release() {
    let persons = altered(
        "resource.natural_person && resource has age_days && resource.age_days > 3650",
        "resource.natural_person",
    );
    let unknown = Facts { grade: "A1".parse().ok(), ..Facts::new("indicator", Origin::Own) };
    assert_eq!(codes(&decide(&persons, &unknown, &south())), [ReasonCode::RedLine]);
    assert!(decide(&persons, &plain(), &south()).releases());
}

#[test]
fn a_holding_s_origin_is_the_partner_that_released_it() {
    let partner = comity_model::Origin::Partner {
        party: mx(),
        originator: root(9),
        agreement: full().id,
        statement: full().digest,
    };
    assert_eq!(Origin::from(&partner), Origin::Partner(mx()));
    let own = comity_model::Origin::Own { source: "a file".to_owned() };
    assert_eq!(Origin::from(&own), Origin::Own);
}
