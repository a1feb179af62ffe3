//! Every release says on what it rests and why it is given, from the lists that both parties signed.

use comity_exchange::compose::{ComposeRequest, Selection, compose};
use comity_model::{Grounds, ReleaseRecord};
use comity_testkit::{
    AgreementText, CLAUSE, LEGAL_BASIS, Pair, Result, indicators, pair_with, pump,
};

use crate::support::Wire;

/// Two reasons for a release, one for a purge, and a second legal basis in each clause.
fn terms() -> AgreementText {
    let reason = |id: &str, act: &str| {
        format!("[[reason]]\nid = \"{id}\"\nfor = [\"{act}\"]\nen = \"{id}\"\nes = \"{id}\"\n")
    };
    AgreementText {
        clause: "legal_basis = [\"Health code, article 3\"]".to_owned(),
        more: [
            reason("tracing", "release"),
            reason("training", "release"),
            reason("expired", "purge"),
        ]
        .concat(),
        ..AgreementText::default()
    }
}

fn named(legal_basis: &[&str], reasons: &[&str]) -> Grounds {
    let owned = |texts: &[&str]| texts.iter().map(|&it| it.to_owned()).collect();
    Grounds { legal_basis: owned(legal_basis), reasons: owned(reasons) }
}

async fn compose_with(pair: &Pair, grounds: Grounds) -> Result<ReleaseRecord, &'static str> {
    let request = ComposeRequest {
        to: pair.mx.node.root(),
        clause: CLAUSE.to_owned(),
        purpose: None,
        selection: Selection::Type("indicator".to_owned()),
        grounds,
        by: "an analyst".to_owned(),
    };
    let composed = compose(&pair.us.node, request).await;
    composed.map(|it| it.release.record).map_err(|error| error.code())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_without_grounds_is_not_composed_where_there_is_a_choice() -> Result<()> {
    let pair = pair_with(&terms()).await?;
    pair.us.hold(&indicators(0..1)).await?;
    for (legal_basis, reasons, code) in [
        (&[][..], &["tracing"][..], "legal-basis-missing"),
        (&["Good will"], &["tracing"], "legal-basis-unknown"),
        (&[LEGAL_BASIS], &[], "reason-missing"),
        (&[LEGAL_BASIS], &["expired"], "reason-unknown"),
        (&[LEGAL_BASIS, LEGAL_BASIS], &["tracing"], "grounds-duplicate"),
    ] {
        let refused = compose_with(&pair, named(legal_basis, reasons)).await;
        assert_eq!(refused.unwrap_err(), code);
    }
    let chosen = named(&["Health code, article 3"], &["training", "tracing"]);
    assert_eq!(compose_with(&pair, chosen.clone()).await?.grounds, chosen);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_only_legal_basis_is_named_on_the_release_though_nobody_wrote_it() -> Result<()> {
    let pair = pair_with(&AgreementText::default()).await?;
    pair.us.hold(&indicators(0..1)).await?;
    let selection = Selection::Type("indicator".to_owned());
    let sealed = pair.us.release(&pair.mx, CLAUSE, selection, 1).await?;
    pump(&pair.us, &pair.mx).await?;
    let row = pair.mx.node.store().inbox_row(sealed.digest).await?.ok_or("not taken in")?;
    let record = row.release.ok_or("refused")?;
    assert_eq!(record.grounds, comity_testkit::grounds());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_partners_release_whose_grounds_are_not_the_agreements_is_refused() -> Result<()> {
    for grounds in [
        Grounds::default(),
        named(&[LEGAL_BASIS], &[]),
        named(&[], &["tracing"]),
        named(&["Good will"], &["tracing"]),
        named(&[LEGAL_BASIS], &["expired"]),
        named(&[LEGAL_BASIS], &["tracing", "tracing"]),
    ] {
        let mut wire = Wire::with(&terms()).await?;
        let mut draft = wire.draft(&[comity_testkit::indicator(1)])?;
        draft.record.grounds = grounds;
        let forge = wire.release(&draft, 1)?;
        let row = wire.send(&forge).await?;
        assert_eq!(row.code.as_deref(), Some("grounds-not-given"));
        assert_eq!(wire.objects().await?, 0);
    }
    let mut wire = Wire::with(&terms()).await?;
    let mut draft = wire.draft(&[comity_testkit::indicator(1)])?;
    draft.record.grounds = named(&["Health code, article 3"], &["tracing"]);
    let forge = wire.release(&draft, 1)?;
    assert_eq!(wire.send(&forge).await?.code, None);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_without_the_member_has_no_grounds() -> Result<()> {
    let mut wire = Wire::new().await?;
    let draft = wire.draft(&[comity_testkit::indicator(1)])?;
    let mut forge = wire.release(&draft, 0)?;
    let mut record: serde_json::Value = serde_json::from_str(&draft.text()?)?;
    record.as_object_mut().ok_or("no object")?.remove("grounds");
    let text = record.to_string();
    let us = &wire.pair.us;
    let (digest, at) = (comity_model::Digest::of(text.as_bytes()), us.node.now());
    let approval = crate::support::draft::approval(&us.registrar, &us.officers[0], digest, at)?;
    forge.body = serde_json::json!({ "release": text, "approvals": [approval] });
    assert_eq!(wire.send(&forge).await?.code.as_deref(), Some("grounds-not-given"));
    Ok(())
}
