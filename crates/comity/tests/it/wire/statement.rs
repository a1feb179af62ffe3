//! Statements that are addressed, signed or named wrongly.

use comity_model::Digest;
use comity_model::PartyRoot;
use comity_testkit::{Forge, Forged};
use serde_json::{Value, json};

use super::Case;
use crate::support::Rival;

#[tokio::test]
async fn a_kind_outside_the_set_uses_its_place_and_does_nothing() {
    let mut case = Case::new().await;
    for kind in ["run", "query", "match-query", "Release"] {
        let forged = case.us.forge(&case.us.statement(kind, kind));
        case.consumes(&forged, "unknown-kind").await;
    }
    case.goes_on().await;
}

#[tokio::test]
async fn a_pouch_for_somebody_else_is_refused() {
    let mut case = Case::new().await;
    let honest = case.us.proposal("for somebody else");
    let sealed_to_another = honest.forge(&case.us.keys, &case.us.descriptor).unwrap();
    case.refuses(&sealed_to_another.pouch, "cannot-open").await;
    case.refuses(b"not an age file at all", "cannot-open").await;

    let another = PartyRoot::new(Digest::of(b"another party"));
    let sealed_again = case.us.forge(&Forge { to: another, ..honest.clone() });
    case.refuses(&sealed_again.pouch, "not-for-us").await;
    let honest = case.us.forge(&honest);
    case.takes(&honest).await;
}

/// The statement with its envelope changed.
fn changed(us: &Rival, forge: &Forge, change: impl FnOnce(&mut Vec<Value>)) -> Forged {
    let Forged { digest, envelope, proof, .. } = us.forge(forge);
    let mut envelope: Value = serde_json::from_slice(&envelope).unwrap();
    change(envelope["signatures"].as_array_mut().unwrap());
    forge.seal(digest, envelope.to_string().into_bytes(), proof, &us.mx).unwrap()
}

#[tokio::test]
async fn a_statement_needs_both_signatures_of_its_senders_key_and_no_other() {
    let mut case = Case::new().await;
    let forge = case.us.proposal("signed");
    for half in [0, 1] {
        let forged = changed(&case.us, &forge, |signatures| {
            signatures.remove(half);
        });
        case.refuses(&forged.pouch, "signature-missing").await;
        let forged =
            changed(&case.us, &forge, |signatures| signatures.push(signatures[half].clone()));
        case.refuses(&forged.pouch, "signature-bad").await;
        let other = case.us.forge(&case.us.proposal("another"));
        let other: Value = serde_json::from_slice(&other.envelope).unwrap();
        let forged = changed(&case.us, &forge, |signatures| {
            signatures[half] = other["signatures"][half].clone();
        });
        case.refuses(&forged.pouch, "signature-bad").await;
    }
    let forged = changed(&case.us, &forge, Vec::clear);
    case.refuses(&forged.pouch, "signature-missing").await;
    let honest = case.us.forge(&forge);
    case.takes(&honest).await;
}

#[tokio::test]
async fn a_direction_that_is_stuck_is_named_until_something_goes_through() {
    let mut case = Case::new().await;
    let forge = case.us.proposal("signed");
    let refused = async |case: &Case| case.nodes.mx.ok("status").await["refused"].clone();
    assert_eq!(refused(&case).await, serde_json::json!([]));
    for times in 1..=3 {
        let forged = changed(&case.us, &forge, |signatures| signatures.push(signatures[0].clone()));
        case.refuses(&forged.pouch, "signature-bad").await;
        let stuck = refused(&case).await[0].clone();
        assert_eq!((&stuck["code"], &stuck["count"]), (&"signature-bad".into(), &times.into()));
        assert_eq!((&stuck["partner"], &stuck["blocked"]), (&"us".into(), &(times >= 3).into()));
    }
    let (exit, doctor) = case.nodes.mx.json("doctor").await;
    assert_eq!(exit, 1, "{doctor}");
    let checks = doctor["checks"].as_array().unwrap();
    let check = checks.iter().find(|it| it["name"] == "record:us" && it["state"] == "fail");
    let text = check.unwrap_or_else(|| panic!("{doctor}"))["text"].as_str().unwrap();
    assert!(text.starts_with("3 pouches from us were refused since 20"), "{text}");
    assert!(text.contains("(signature-bad)") && text.contains("`comity party import`"), "{text}");
    let honest = case.us.forge(&forge);
    case.takes(&honest).await;
    assert_eq!(refused(&case).await, serde_json::json!([]));
}

#[tokio::test]
async fn a_statement_with_anything_unknown_in_it_is_not_read() {
    let mut case = Case::new().await;
    let mut forge = case.us.proposal("more");
    forge.more.insert("run".to_owned(), json!("this"));
    case.refuses(&case.us.forge(&forge).pouch, "malformed").await;
    forge.more = [("v".to_owned(), json!(2))].into();
    case.refuses(&case.us.forge(&forge).pouch, "malformed").await;
    forge.more = [("epoch".to_owned(), json!(2))].into();
    case.refuses(&case.us.forge(&forge).pouch, "epoch-not-continued").await;
    case.goes_on().await;
}

#[tokio::test]
async fn a_statement_that_the_senders_log_does_not_hold_is_refused() {
    let mut case = Case::new().await;
    let forge = case.us.proposal("logged");
    let other = case.us.forge(&case.us.proposal("another"));
    let Forged { digest, envelope, .. } = case.us.forge(&forge);
    let forged = forge.seal(digest, envelope, other.proof, &case.us.mx).unwrap();
    case.refuses(&forged.pouch, "record-proof").await;
    let honest = case.us.forge(&forge);
    case.takes(&honest).await;
}
