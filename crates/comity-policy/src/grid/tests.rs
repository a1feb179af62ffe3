use comity_model::{Digest, PartyRoot};

use super::*;
use crate::{Agreement, Engine, Question, ReasonCode, template};

const US: PartyRoot = PartyRoot::new(Digest::from_bytes([1; 32]));
const MX: PartyRoot = PartyRoot::new(Digest::from_bytes([2; 32]));
const THIRD: PartyRoot = PartyRoot::new(Digest::from_bytes([3; 32]));

/// Conditions with every operator of the language, and with everything that one can read.
const CONDITIONS: [&str; 22] = [
    "resource has confidence && resource.confidence < 50",
    "(if resource has confidence then resource.confidence != 70 else true) && resource has grade && resource.grade.credibility == 2",
    "resource.labels.contains(\"minor\") || resource.labels.isEmpty()",
    "resource.labels.containsAll([\"a\", \"b\"]) && !resource.labels.containsAny([\"c\", \"d\"])",
    "resource.labels == [\"a\"] || [\"a\", \"b\"].containsAll(resource.labels)",
    "resource.tlp.rank >= 2 && resource.tlp.label != \"red\"",
    "if resource has pap then resource.pap.rank < 2 else resource.natural_person",
    "resource has pap && resource.pap.label == \"red\" && resource.revoked",
    "resource has grade && resource.grade.reliability == \"B\" && resource.grade.credibility <= 3",
    "if resource has grade then resource.grade.reliability_rank > 4 else true",
    "resource has age_days && (resource.age_days == 7 || 100 < resource.age_days)",
    "resource has country && resource.country like \"M*\" && resource.country != \"MX\"",
    "resource.kind like \"*ind*o*r\" || resource.kind like \"re\\*port\"",
    "(resource.kind == \"report\") == resource.from_partner",
    "resource.from_partner && resource.consents.contains(context.recipient)",
    "resource.consents.isEmpty() && context.scope == \"intelligence\"",
    "resource has onward && [\"units\", \"never\"].contains(resource.onward)",
    "resource has uses && resource.uses.containsAny([\"judicial\"]) && !resource.uses.isEmpty()",
    "context.clause == \"us-to-mx\" && context.purpose == \"public-health\"",
    "resource.properties.contains(\"name\") && !resource.properties.contains(\"a.b\")",
    "resource.properties.containsAny([\"x\", \"y\"]) && resource has labels",
    "(if resource.revoked then resource.kind else \"report\") == \"report\"",
];

fn with(when: &str) -> Agreement {
    let text = template(
        (&"us".parse().unwrap(), US),
        (&"mx".parse().unwrap(), MX),
        "agreement--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11".parse().unwrap(),
        "2026-02-01".parse().unwrap(),
        "2027-01-31".parse().unwrap(),
    );
    let line = format!("[[red_line]]\ntext = \"tried\"\nwhen = {}\n", serde_json::json!(when));
    Agreement::parse(&(text + &line)).unwrap_or_else(|errors| panic!("{when}: {errors:?}"))
}

fn place() -> Place {
    Place { clause: "us-to-mx".to_owned(), purposes: ["public-health".to_owned()].into() }
}

#[test]
fn a_condition_is_of_each_object_what_cedar_says() {
    for when in CONDITIONS {
        let agreement = with(when);
        let number = agreement.red_lines.len();
        let engine = Engine::compile(&agreement).unwrap();
        let condition = Condition::of(when).unwrap();
        let (mut held, mut tried) = (0, 0);
        let found = Grid::new().any(&[&condition], &place(), |object| {
            // a partner's object has both or neither
            if object.onward.is_some() != object.uses.is_some() {
                let reads = |name| condition.reads.reads(name);
                if reads("onward") == reads("uses") {
                    return Some(false);
                }
            }
            let question = Question {
                from: US,
                clause: &object.clause,
                purpose: &object.purpose,
                now: "2026-03-01T12:00:00Z".parse().unwrap(),
            };
            let decision = engine.decide(&object.facts(THIRD, MX), &question);
            let policy = format!("red-line:{number}");
            let crossed = decision
                .reasons()
                .iter()
                .any(|it| it.code == ReasonCode::RedLine && it.policy == policy);
            assert_eq!(condition.holds(object), Some(crossed), "{when}: {object:?}");
            held += usize::from(crossed);
            tried += 1;
            Some(false)
        });
        assert!(!matches!(found, Found::One(_)));
        assert!(held > 0 && held < tried, "{when}: {held} of {tried}");
    }
}

#[test]
fn what_no_object_can_meet_is_found_out() {
    let never = [
        "resource.kind == \"report\" && resource.kind == \"note\"",
        "resource.tlp.rank > 4",
        "resource has age_days && resource.age_days < 0",
        "resource has grade && resource.grade.reliability == \"G\"",
        "resource.labels.contains(\"a\") && resource.labels.isEmpty()",
        "context.clause == \"renamed\"",
    ];
    for when in never {
        let condition = Condition::of(when).unwrap();
        let found = Grid::new().any(&[&condition], &place(), |it| condition.holds(it));
        assert!(matches!(found, Found::None), "{when}");
    }
    // two patterns may be met by a text that neither shows
    let condition = "resource.kind like \"a*\" && resource.kind like \"*b\"";
    let condition = Condition::of(condition).unwrap();
    let found = Grid::new().any(&[&condition], &place(), |it| condition.holds(it));
    assert!(matches!(found, Found::Unknown));
}

#[test]
fn the_names_beside_that_of_the_clause_are_found_wherever_they_stand() {
    let condition = Condition::of(
        "context.clause != \"a\" && ([\"b\", \"c\"].contains(context.clause) || \"d\" == context.clause) && resource.kind != \"e\"",
    );
    let names: Vec<String> = condition.unwrap().compared("context", "clause").into_iter().collect();
    assert_eq!(names, ["a", "b", "c", "d"]);
}

#[test]
fn a_search_without_end_ends_and_claims_nothing() {
    let labels: Vec<String> = (0..40).map(|it| format!("\"l{it}\"")).collect();
    let listed = labels.join(", ");
    let when = format!(
        "resource.labels.containsAll([{listed}]) && resource has grade && resource has pap && resource.revoked && resource.kind == \"a\" && resource.kind == \"b\""
    );
    let condition = Condition::of(&when).unwrap();
    let mut tried = 0;
    let found = Grid::new().any(&[&condition], &place(), |it| {
        tried += 1;
        condition.holds(it)
    });
    assert!(matches!(found, Found::Unknown));
    assert!(tried <= MOST);
}
