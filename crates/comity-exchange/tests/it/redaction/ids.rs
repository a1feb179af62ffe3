//! Ids of derivatives: the same under one agreement, strange to every other.

use comity_testkit::{AgreementText, Result, amend, pair, pair_with};
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{PERSON, compose, lines, objects, person};

async fn derived(pair: &comity_testkit::Pair) -> Result<Value> {
    Ok(objects(&compose(pair, &[PERSON]).await?)?["identity"].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_amendment_keeps_the_ids_and_pseudonyms_of_derivatives_and_another_agreement_does_not()
-> Result<()> {
    let clause = "persons = \"pseudonym\"".to_owned();
    let first = AgreementText { clause, ..AgreementText::default() };
    let mut natural = person(PERSON, "call 555-0100");
    natural["identity_class"] = json!("individual");

    let pair = pair_with(&first).await?;
    pair.us.hold(&lines(std::slice::from_ref(&natural))).await?;
    let before = derived(&pair).await?;
    pair.clock.advance(SignedDuration::from_hours(1));
    let second = AgreementText { version: 2, ..first.clone() };
    let text = second.toml(pair.us.node.root(), pair.mx.node.root());
    amend(&pair.us, &pair.mx, &text).await?;
    assert_eq!(derived(&pair).await?, before);

    let id = "6d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b12".to_owned();
    let other = pair_with(&AgreementText { id, ..first }).await?;
    other.us.hold(&lines(&[natural])).await?;
    let elsewhere = derived(&other).await?;
    assert_ne!(elsewhere["id"], before["id"]);
    assert_ne!(elsewhere["name"], before["name"]);
    for it in [&before, &elsewhere] {
        assert!(it["name"].as_str().is_some_and(|name| name.starts_with("person-")), "{it}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_original_gives_a_revoked_derivative_of_the_same_id() -> Result<()> {
    let pair = pair().await?;
    pair.us.hold(&lines(&[person(PERSON, "first")])).await?;
    let first = derived(&pair).await?;
    pair.clock.advance(SignedDuration::from_hours(1));
    let mut revoked = person(PERSON, "first");
    revoked["modified"] = json!("2026-01-11T08:00:00.000Z");
    revoked["revoked"] = json!(true);
    pair.us.hold(&lines(&[revoked])).await?;
    let second = derived(&pair).await?;
    assert_eq!((&second["id"], &second["created"]), (&first["id"], &first["created"]));
    assert_eq!(second["revoked"], json!(true));
    assert!(second["modified"].as_str() > first["modified"].as_str());
    Ok(())
}
