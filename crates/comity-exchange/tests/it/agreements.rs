//! Agreements between two nodes, from the first draft to the version that both signed.

use comity_exchange::agreement;
use comity_testkit::{AgreementText, Party, Result, TestClock, pair};

/// Two parties that confirmed each other and agreed nothing yet.
pub(crate) async fn strangers() -> Result<(Party, Party)> {
    let clock = TestClock::at("2026-03-01T12:00:00Z".parse()?);
    let us = Party::new("us", &clock, false).await?;
    let mx = Party::new("mx", &clock, false).await?;
    us.confirm(&mx).await?;
    mx.confirm(&us).await?;
    Ok((us, mx))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_partner_alone_signed_gives_way_to_another_text() -> Result<()> {
    let (us, mx) = strangers().await?;
    let text = AgreementText::default().toml(us.node.root(), mx.node.root());
    let edited = text.replace("retention_days = ", "retention_days = 1");
    assert_ne!(edited, text);
    let theirs = agreement::sign(&mx.node, &text, "theirs", &mx.root_key, "an analyst").await?;
    agreement::import(&us.node, theirs.envelope.as_bytes(), "theirs", "an analyst").await?;

    let signed = agreement::sign(&us.node, &edited, "edited", &us.root_key, "an analyst").await?;
    assert_eq!((signed.ours, signed.complete), (true, false));
    let last = us.node.store().journal_lines(0, 100).await?.pop().ok_or("no line")?.entry;
    assert_eq!(last.event, "agreement-signed");
    assert_eq!(last.details["replaces"], theirs.reference.digest.to_string());
    let kept = us.node.store().agreements().await?;
    assert_eq!((kept.len(), kept[0].text.as_str()), (1, edited.as_str()));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_both_signed_gives_way_to_a_new_version_alone() -> Result<()> {
    let pair = pair().await?;
    let before = pair.us.node.store().agreements().await?;
    let text = &before[0].text;
    let edited = text.replace("retention_days = ", "retention_days = 1");
    let refused =
        agreement::sign(&pair.us.node, &edited, "edited", &pair.us.root_key, "an analyst").await;
    let error = refused.unwrap_err();
    assert_eq!(error.code(), "agreement-complete");
    assert!(error.to_string().contains("higher `version`"), "{error}");
    assert_eq!(pair.us.node.store().agreements().await?, before);

    let next = edited.replace("version = 1", "version = 2");
    agreement::sign(&pair.us.node, &next, "edited", &pair.us.root_key, "an analyst").await?;
    assert_eq!(pair.us.node.store().agreements().await?.len(), 2);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agreement_is_found_by_each_partys_own_folio_and_by_its_id() -> Result<()> {
    let pair = pair().await?;
    let id = pair.us.node.store().agreements().await?[0].reference.id;
    for (party, folio) in [(&pair.us, "US-2026-000001"), (&pair.mx, "MX-2026-000001")] {
        for name in [folio, &id.to_string()] {
            let found = agreement::find(&party.node, name).await?;
            assert!(found.1.is_empty());
            assert_eq!(found.0.reference.id, id);
            assert_eq!(found.0.folio.as_ref().map(ToString::to_string).as_deref(), Some(folio));
        }
    }
    for (name, code) in [("MX-2026-000001", "not-found"), ("us-to-mx", "bad-input")] {
        let refused = agreement::find(&pair.us.node, name).await.unwrap_err();
        assert_eq!(refused.code(), code, "{name}");
    }
    Ok(())
}
