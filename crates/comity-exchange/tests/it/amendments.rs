//! Amendments: a new version binds from its activation, for both, and the one before until then.

use comity_exchange::agreement::{self, activate, in_force, life, send};
use comity_exchange::compose::Selection;
use comity_model::conduct::{AgreementBody, ConductBody, Phase};
use comity_model::statement::{AgreementRef, Binding, Kind, PartEntry};
use comity_model::{AgreementId, Digest};
use comity_testkit::{
    AgreementText, CLAUSE, Forge, Pair, Party, Result, indicators, pair, pump, sign,
};

use crate::support::{Wire, journal};

fn amended(pair: &Pair, version: u32) -> String {
    let terms = AgreementText { version, ..AgreementText::default() };
    terms.toml(pair.us.node.root(), pair.mx.node.root())
}

async fn id(party: &Party) -> Result<AgreementId> {
    Ok(party.node.store().agreements().await?.first().ok_or("no agreement")?.reference.id)
}

async fn version(party: &Party, partner: &Party) -> Result<u32> {
    Ok(in_force(&party.node, partner.node.root(), party.node.now()).await?.reference.version)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_amendment_that_both_signed_binds_nobody_until_it_is_activated() -> Result<()> {
    let pair = pair().await?;
    let Pair { us, mx, .. } = &pair;
    sign(us, mx, &amended(&pair, 2)).await?;
    assert_eq!((version(us, mx).await?, version(mx, us).await?), (1, 1));
    let id = id(us).await?;

    activate(&us.node, id, 2, "an analyst").await?;
    assert_eq!((version(us, mx).await?, version(mx, us).await?), (2, 1));
    pump(us, mx).await?;
    assert_eq!((version(us, mx).await?, version(mx, us).await?), (2, 2));
    for party in [us, mx] {
        let line = journal(&party.node, "agreement-activated").await?;
        assert_eq!(line.len(), 1);
        assert_eq!(line[0].entry.subject, id.to_string());
    }
    us.hold(&indicators(0..2)).await?;
    let given = us.release(mx, CLAUSE, Selection::Type("indicator".to_owned()), 1).await?;
    pump(us, mx).await?;
    let row = mx.node.store().inbox_row(given.digest).await?.ok_or("not taken in")?;
    assert_eq!((row.receipt.admitted, row.receipt.code), (2, None));

    let again = activate(&mx.node, id, 2, "an analyst").await.unwrap_err();
    assert_eq!(again.code(), "agreement-superseded");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_travels_with_one_signature_comes_back_with_both_and_is_activated_by_either()
-> Result<()> {
    let pair = pair().await?;
    let Pair { us, mx, .. } = &pair;
    let (id, text) = (id(us).await?, amended(&pair, 2));
    agreement::sign(&us.node, &text, "amendment", &us.root_key, "an analyst").await?;
    send(&us.node, id, 2, "an analyst").await?;
    pump(us, mx).await?;
    let brought = mx.node.store().agreements().await?.pop().ok_or("nothing came")?;
    assert_eq!((brought.reference.version, brought.complete), (2, false));
    assert_eq!(brought.text, text);

    agreement::sign(&mx.node, &text, "amendment", &mx.root_key, "an analyst").await?;
    activate(&mx.node, id, 2, "an analyst").await?;
    pump(us, mx).await?;
    assert_eq!((version(us, mx).await?, version(mx, us).await?), (2, 2));
    let both = us.node.store().agreements().await?.pop().ok_or("nothing here")?;
    assert!(both.complete);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_amendment_signed_by_one_side_only_cannot_be_activated() -> Result<()> {
    let pair = pair().await?;
    let Pair { us, mx, .. } = &pair;
    let id = id(us).await?;
    let text = amended(&pair, 2);
    let theirs = agreement::sign(&mx.node, &text, "amendment", &mx.root_key, "an analyst").await?;
    agreement::import(&us.node, theirs.envelope.as_bytes(), "amendment", "an analyst").await?;
    for party in [us, mx] {
        let before = party.node.store().outbox_view(pair.us.node.root()).await?;
        let refused = activate(&party.node, id, 2, "an analyst").await.unwrap_err();
        assert_eq!(refused.code(), "agreement-unsigned", "{refused}");
        let lines = journal(&party.node, "statement-not-made").await?;
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].entry.details["code"], "agreement-unsigned");
        assert_eq!(party.node.store().outbox_view(pair.us.node.root()).await?, before);
    }
    let refused = send(&us.node, id, 2, "an analyst").await.unwrap_err();
    assert_eq!(refused.code(), "agreement-unsigned", "us has not signed it: {refused}");
    assert_eq!(version(us, mx).await?, 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn both_may_activate_at_once_and_the_higher_version_binds_both() -> Result<()> {
    let pair = pair().await?;
    let Pair { us, mx, .. } = &pair;
    let id = id(us).await?;
    sign(us, mx, &amended(&pair, 2)).await?;
    sign(us, mx, &amended(&pair, 3)).await?;
    activate(&us.node, id, 2, "an analyst").await?;
    activate(&mx.node, id, 3, "an analyst").await?;
    pump(us, mx).await?;
    for party in [us, mx] {
        let life = life(&party.node, id, party.node.now()).await?;
        assert_eq!((life.active, life.phase), (3, Phase::InForce));
    }
    us.hold(&indicators(0..1)).await?;
    us.release(mx, CLAUSE, Selection::Type("indicator".to_owned()), 1).await?;
    pump(us, mx).await?;
    let counts = mx.node.store().counts().await?;
    assert_eq!(counts.iter().map(|it| it.objects).sum::<u64>(), 1);
    Ok(())
}

/// A hostile `agreement` statement with a signed file.
fn carrying(
    wire: &mut Wire,
    text: &str,
    signers: &[&Party],
    activate: bool,
) -> Result<(Forge, AgreementRef)> {
    use comity_pouch::dsse::{self, Envelope};
    let parsed = agreement::read(text, "text")?;
    let mut envelope = Envelope::unsigned(dsse::AGREEMENT, text.as_bytes().to_vec())?;
    for signer in signers {
        envelope.add_signatures(signer.root_key.signer())?;
    }
    let bytes = envelope.to_json();
    let body = ConductBody::Agreement(AgreementBody {
        folio: "US-2026-000900".parse()?,
        version: parsed.version,
        digest: parsed.digest,
        activate,
    });
    let mut forge = wire.forge(Kind::Agreement.as_str());
    forge.body = serde_json::from_str(body.to_raw()?.get())?;
    let name = "agreement.dsse.json".to_owned();
    forge.entries = vec![PartEntry {
        name: name.clone(),
        size: bytes.len() as u64,
        bound_by: Binding::Digest(Digest::of(&bytes)),
    }];
    forge.parts = vec![(name, bytes)];
    let reference = AgreementRef { id: parsed.id, version: parsed.version, digest: parsed.digest };
    Ok((forge, reference))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_partner_switches_with_both_signatures_on_a_text_of_this_agreement_or_not_at_all()
-> Result<()> {
    let mut wire = Wire::new().await?;
    let second = amended(&wire.pair, 2);
    let other = second.replace("retention_days = ", "retention_days = 1");
    let elsewhere = second.replace("agreement--5d0b6f1e", "agreement--6d0b6f1e");
    let first = amended(&wire.pair, 1).replace("retention_days = ", "retention_days = 1");
    let look = wire.mx().store().agreements().await?;
    // the hostile party has no key of the other; what it claims is what it can sign
    let stranger = Party::new("xx", &wire.pair.clock, false).await?;
    for (text, signers, activate, code) in [
        (&second, 1, true, "agreement-unsigned"),
        (&second, 0, false, "agreement-unsigned"),
        (&second, 3, true, "signature-bad"),
        (&elsewhere, 1, false, "bad-body"),
        (&first, 1, false, "agreement-complete"),
        (&first, 1, true, "agreement-superseded"),
    ] {
        let us = Party::new("us", &wire.pair.clock, false).await?;
        let signed: Vec<&Party> = match signers {
            0 => vec![],
            1 => vec![&us],
            _ => vec![&us, &stranger],
        };
        let (forge, _) = carrying(&mut wire, text, &signed, activate)?;
        let row = wire.send(&forge).await?;
        wire.consumed(&row, code).await?;
    }
    let (mut forge, _) = carrying(&mut wire, &second, &[&stranger], false)?;
    forge.body["digest"] = serde_json::json!(Digest::of(other.as_bytes()));
    let row = wire.send(&forge).await?;
    wire.consumed(&row, "bad-body").await?;
    assert_eq!(wire.mx().store().agreements().await?, look);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_cites_an_active_version_and_after_the_switch_none_before_it() -> Result<()> {
    let mut wire = Wire::new().await?;
    let text = amended(&wire.pair, 2);
    sign(&wire.pair.us, &wire.pair.mx, &text).await?;
    let first = wire.agreement;
    let parsed = agreement::read(&text, "text")?;
    let second = AgreementRef { id: first.id, version: 2, digest: parsed.digest };

    // before the switch
    let draft = wire.draft(&[comity_testkit::indicator(1)])?;
    let mut early = wire.release(&draft, 1)?;
    early.agreement = second;
    let row = wire.send(&early).await?;
    wire.consumed(&row, "agreement-unknown").await?;

    let signers = [&Party::new("us", &wire.pair.clock, false).await?, &wire_mx(&wire).await?];
    let (switch, _) = carrying(&mut wire, &text, &signers, true)?;
    let row = wire.send(&switch).await?;
    assert_eq!(row.code, None);
    let life = life(wire.mx(), first.id, wire.mx().now()).await?;
    assert_eq!(life.active, 2);

    // after it
    let draft = wire.draft(&[comity_testkit::indicator(2)])?;
    let late = wire.release(&draft, 1)?;
    let row = wire.send(&late).await?;
    wire.agreement = second;
    wire.consumed(&row, "agreement-superseded").await
}

/// The other party's keys, which a test has.
async fn wire_mx(wire: &Wire) -> Result<Party> {
    Party::new("mx", &wire.pair.clock, false).await
}
