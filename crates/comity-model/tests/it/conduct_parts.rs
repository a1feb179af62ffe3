//! What the table of conduct says of parts is what the bodies say.

use std::collections::BTreeMap;

use comity_model::conduct::{Parts, Text, row};
use comity_model::matter::{AdviceAct, ClarificationAct, MatterBody, TextRule};
use comity_model::statement::Kind;
use serde_json::value::RawValue;
use serde_json::{Value, json};

const UUID: &str = "5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11";
const DIGEST: &str = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

/// A body of every form that a statement of a matter has.
fn bodies() -> Vec<(Kind, Value)> {
    let grounds = json!({ "legal_basis": ["Article 1"], "reasons": [] });
    let (request, recall) = (format!("request--{UUID}"), format!("recall--{UUID}"));
    let (consent, proposal) = (format!("consent--{UUID}"), format!("proposal--{UUID}"));
    let folio = "US-2026-000001";
    let mut bodies = vec![
        (
            Kind::Request,
            json!({
                "request": request, "folio": folio, "urgency": "urgent", "hours": 8,
                "purpose": "precursor-control", "legal_basis": [],
            }),
        ),
        (
            Kind::Answer,
            json!({ "request": request, "folio": folio, "outcome": "nothing-found", "grounds": grounds }),
        ),
        (
            Kind::Consent,
            json!({
                "consent": consent, "folio": folio, "release": DIGEST,
                "objects": [format!("indicator--{UUID}")], "third_party": DIGEST,
                "third_party_name": "A third authority", "purpose": "precursor-control",
            }),
        ),
        (
            Kind::ConsentAnswer,
            json!({ "consent": consent, "folio": folio, "decision": "denied", "grounds": grounds }),
        ),
        (
            Kind::Proposal,
            json!({ "proposal": proposal, "folio": folio, "subject": "joint-operation" }),
        ),
        (
            Kind::Decision,
            json!({
                "proposal": proposal, "statement": DIGEST, "folio": folio, "decision": "declined",
                "office": "legal", "legal_basis": ["Article 1"],
            }),
        ),
        (
            Kind::Recall,
            json!({
                "recall": recall, "folio": folio, "release": DIGEST, "action": "purge", "hours": 8,
                "grounds": grounds,
            }),
        ),
        (
            Kind::RecallAnswer,
            json!({
                "recall": recall, "folio": folio, "outcome": "refused", "purged": 0, "held": 0,
                "gone": 0, "units": 0, "told": 0,
                "onward": { "parties": 0, "told": 0, "done": 0, "in_part": 0, "refused": 0 },
                "grounds": grounds,
            }),
        ),
        (
            Kind::Purge,
            json!({
                "purge": format!("purge--{UUID}"), "folio": folio, "cause": "retention",
                "releases": [{ "release": DIGEST, "purged": 1, "held": 0, "remaining": 0 }],
                "grounds": grounds,
            }),
        ),
    ];
    for act in ClarificationAct::ALL {
        let body = json!({ "request": request, "folio": folio, "act": act });
        bodies.push((Kind::Clarification, body));
    }
    for act in AdviceAct::ALL {
        let topic = if act == AdviceAct::Dispute { "dispute" } else { "other" };
        let mut body = json!({
            "advice": format!("advice--{UUID}"), "folio": folio, "act": act, "topic": topic,
        });
        if act == AdviceAct::Dispute {
            body["about"] = DIGEST.into();
        }
        bodies.push((Kind::Advice, body));
    }
    bodies
}

#[test]
fn the_parts_in_the_table_are_those_that_the_bodies_ask_for() {
    let mut rules: BTreeMap<Kind, Vec<TextRule>> = BTreeMap::new();
    for (kind, body) in bodies() {
        let raw = RawValue::from_string(body.to_string()).unwrap();
        let body = MatterBody::read(kind, &raw).unwrap().unwrap();
        rules.entry(kind).or_default().push(body.text_rule());
    }
    for kind in Kind::ALL {
        let parts = row(*kind).parts;
        let Some(rules) = rules.get(kind) else {
            assert!(MatterBody::read(*kind, &RawValue::NULL.to_owned()).is_none(), "{kind}");
            continue;
        };
        assert!(rules.iter().all(|it| parts.allow(*it)), "{kind}: {parts:?}, {rules:?}");
        let has = |rule| rules.contains(&rule);
        let (maybe, always) = (has(TextRule::Optional), has(TextRule::Required));
        let said = match parts {
            Parts::Salted { text, files } => {
                assert_eq!(files, has(TextRule::WithAttachments), "{kind}: files");
                text
            }
            _ => continue,
        };
        let found = match (maybe, always) {
            (true, true) => Text::ByAct,
            (true, false) => Text::Optional,
            _ => Text::Always,
        };
        assert_eq!(said, found, "{kind}");
    }
}
