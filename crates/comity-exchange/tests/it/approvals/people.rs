//! Two people are two people, whatever they are called and whenever they sign.

use comity_exchange::approve::{approve, find_release, register_officer};
use comity_exchange::compose::{ComposeRequest, Selection, compose};
use comity_exchange::ports::{ReleaseRow, ReleaseState};
use comity_exchange::seal::seal;
use comity_model::{Digest, Grounds};
use comity_pouch::hybrid::HybridSecret;
use comity_pouch::keys::OfficerKey;
use comity_testkit::{
    AgreementText, CLAUSE, Pair, Party, Result, SeededEntropy, indicators, pair_with,
};

use crate::support::Wire;
use crate::support::draft::approval;

async fn two_people() -> Result<Pair> {
    let terms = AgreementText { approval: "two-person".to_owned(), ..AgreementText::default() };
    let pair = pair_with(&terms).await?;
    pair.us.hold(&indicators(0..1)).await?;
    Ok(pair)
}

async fn composed_by(pair: &Pair, by: &str) -> Result<ReleaseRow> {
    let request = ComposeRequest {
        to: pair.mx.node.root(),
        clause: CLAUSE.to_owned(),
        purpose: None,
        selection: Selection::Type("indicator".to_owned()),
        grounds: Grounds::default(),
        by: by.to_owned(),
    };
    Ok(compose(&pair.us.node, request).await?.release)
}

async fn again(pair: &Pair, release: &ReleaseRow) -> Result<ReleaseRow> {
    Ok(find_release(&pair.us.node, &release.record.folio.to_string()).await?)
}

/// A further officer with a key of its own.
async fn officer(party: &Party, name: &str) -> Result<OfficerKey> {
    let key = OfficerKey::generate(&SeededEntropy::new(name))?;
    let until = party.node.now().checked_add(jiff::SignedDuration::from_hours(24))?;
    register_officer(
        &party.node,
        &party.registrar,
        &key,
        name,
        "release desk",
        until,
        "an analyst",
    )
    .await?;
    Ok(key)
}

#[tokio::test(flavor = "multi_thread")]
async fn owner_decides_one_person_under_two_ids_is_one_person() -> Result<()> {
    let pair = two_people().await?;
    let release = composed_by(&pair, "an analyst").await?;
    let node = &pair.us.node;
    approve(node, &release, &pair.us.officers[0]).await?;
    let twin = officer(&pair.us, " Officer-1").await?;
    let half = again(&pair, &release).await?;
    assert_eq!(approve(node, &half, &twin).await.unwrap_err().code(), "approved-before");
    // also where the row was read before the first approval: it is not sealed
    assert_eq!(approve(node, &release, &twin).await?, ReleaseState::Approved);
    let refused = seal(node, &again(&pair, &release).await?).await.unwrap_err();
    assert_eq!(refused.code(), "approval-missing");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn owner_decides_a_composer_in_capitals_is_the_composer() -> Result<()> {
    let pair = two_people().await?;
    for by in ["officer-1", "OFFICER-1", "  officer-1 "] {
        let release = composed_by(&pair, by).await?;
        let own = approve(&pair.us.node, &release, &pair.us.officers[0]).await;
        assert_eq!(own.unwrap_err().code(), "composer-may-not-approve", "{by}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn two_officers_who_approve_at_the_same_time_are_enough() -> Result<()> {
    let pair = two_people().await?;
    let release = composed_by(&pair, "an analyst").await?;
    let node = &pair.us.node;
    // both read the release before the other's approval
    let (one, other) = tokio::join!(
        approve(node, &release, &pair.us.officers[0]),
        approve(node, &release, &pair.us.officers[1])
    );
    let mut states = [one?, other?];
    states.sort();
    assert_eq!(states, [ReleaseState::Composed, ReleaseState::Approved]);
    seal(node, &again(&pair, &release).await?).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_partner_that_certifies_one_key_twice_has_one_officer() -> Result<()> {
    let terms = AgreementText { approval: "two-person".to_owned(), ..AgreementText::default() };
    let mut wire = Wire::with(&terms).await?;
    let draft = wire.draft(&[comity_testkit::indicator(1)])?;
    let digest = Digest::of(draft.text()?.as_bytes());
    let (us, at) = (&wire.pair.us, wire.mx().now());
    let first = OfficerKey::generate(&SeededEntropy::new("one key"))?;
    let twin =
        OfficerKey::new(us.officers[1].officer(), HybridSecret::from_seed(first.secret().seed())?);
    let approvals = vec![
        approval(&us.registrar, &first, digest, at)?,
        approval(&us.registrar, &twin, digest, at)?,
    ];
    let forge = wire.release_with(&draft, approvals)?;
    assert_eq!(wire.send(&forge).await?.code.as_deref(), Some("approval-missing"));
    Ok(())
}
