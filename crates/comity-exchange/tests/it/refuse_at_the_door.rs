//! Pouches and statements that are refused before their place in the channel counts: nothing is consumed.

use comity_exchange::partner;
use comity_exchange::ports::{PartyRecord, PouchState};
use comity_model::Digest;
use comity_pouch::keys::RootKey;
use comity_testkit::{AgreementText, Party, Result, SeededEntropy, agree, indicator};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::support::{Wire, raw};

/// A release that would be admitted, as a pouch.
fn good(wire: &mut Wire) -> Result<comity_testkit::Forge> {
    let draft = wire.draft(&[indicator(1)])?;
    wire.release(&draft, 1)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_others_vary_is_admitted_as_it_is() -> Result<()> {
    let mut wire = Wire::new().await?;
    let forge = good(&mut wire)?;
    let row = wire.send(&forge).await?;
    assert_eq!((row.state, row.code), (PouchState::Consumed, None));
    assert_eq!(wire.objects().await?, 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_for_somebody_else_is_refused() -> Result<()> {
    let mut wire = Wire::new().await?;
    let before = wire.look().await?;
    let mut forge = good(&mut wire)?;
    forge.to = RootKey::generate(&SeededEntropy::new("another"))?.party();
    let row = wire.send(&forge).await?;
    wire.refused(&row, "not-for-us", &before).await
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_taken_from_a_party_that_nobody_confirmed() -> Result<()> {
    let mut wire = Wire::new().await?;
    let stranger = Party::new("xx", &wire.pair.clock, false).await?;
    let before = wire.look().await?;
    let mut forge = good(&mut wire)?;
    forge.from = stranger.node.root();
    for seed in ["unknown", "imported"] {
        seed.clone_into(&mut forge.seed);
        let forged = forge.forge(&stranger.serve_keys()?, &wire.pair.mx.descriptor()?)?;
        let digest = wire.pair.mx.put(&forged.pouch, None).await?;
        wire.pair.mx.round().await?;
        let row = wire.row(digest).await?;
        wire.refused(&row, "unconfirmed-party", &before).await?;
        let descriptor = stranger.node.record().descriptor.as_bytes();
        partner::import_party(wire.mx(), descriptor, "descriptor", None, "an analyst").await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn no_party_delivers_what_another_wrote() -> Result<()> {
    let mut wire = Wire::new().await?;
    let other = Party::new("xx", &wire.pair.clock, false).await?;
    wire.pair.mx.confirm(&other).await?;
    let before = wire.look().await?;
    let forge = good(&mut wire)?;
    let forged = wire.seal(&forge)?;
    let digest = wire.pair.mx.put(&forged.pouch, Some(other.node.root())).await?;
    wire.pair.mx.round().await?;
    let row = wire.row(digest).await?;
    wire.refused(&row, "not-from-this-link", &before).await
}

#[tokio::test(flavor = "multi_thread")]
async fn live_and_training_nodes_do_not_exchange() -> Result<()> {
    let mut wire = Wire::new().await?;
    let training = Party::new("xx", &wire.pair.clock, true).await?;
    // importing its descriptor is refused; here it got into the database all the same
    let record = training.node.record();
    let party = PartyRecord {
        root: record.root,
        handle: record.handle.clone(),
        descriptor: record.descriptor.clone(),
        serial: 1,
        imported_at: record.created_at,
        confirmed_at: None,
    };
    wire.mx().store().put_party(party, Vec::new()).await?;
    wire.mx().store().confirm_party(record.root, record.created_at, Vec::new()).await?;
    let before = wire.look().await?;
    let mut forge = good(&mut wire)?;
    forge.from = record.root;
    let forged = forge.forge(&training.serve_keys()?, &wire.pair.mx.descriptor()?)?;
    let digest = wire.pair.mx.put(&forged.pouch, Some(record.root)).await?;
    wire.pair.mx.round().await?;
    let row = wire.row(digest).await?;
    wire.refused(&row, "exercise-mismatch", &before).await
}

#[tokio::test(flavor = "multi_thread")]
async fn one_signature_of_the_two_is_not_enough() -> Result<()> {
    let mut wire = Wire::new().await?;
    let before = wire.look().await?;
    let forge = good(&mut wire)?;
    let forged = wire.seal(&forge)?;
    for at in [0, 1] {
        let mut envelope: Value = serde_json::from_slice(&forged.envelope)?;
        envelope["signatures"].as_array_mut().ok_or("no signatures")?.remove(at);
        let half = forge.seal(
            forged.digest,
            serde_json::to_vec(&envelope)?,
            forged.proof.clone(),
            &wire.pair.mx.descriptor()?,
        )?;
        let row = wire.put(&half.pouch).await?;
        wire.refused(&row, "signature-missing", &before).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signature_over_other_bytes_or_by_another_key_is_refused() -> Result<()> {
    let mut wire = Wire::new().await?;
    let before = wire.look().await?;
    let forge = good(&mut wire)?;
    let forged = wire.seal(&forge)?;
    let mut other = forge.clone();
    "other".clone_into(&mut other.seed);
    let other_envelope: Value = serde_json::from_slice(&wire.seal(&other)?.envelope)?;
    for at in [0, 1] {
        // one half from another statement of the same sender
        let mut envelope: Value = serde_json::from_slice(&forged.envelope)?;
        envelope["signatures"][at] = other_envelope["signatures"][at].clone();
        let mixed = serde_json::to_vec(&envelope)?;
        let to = wire.pair.mx.descriptor()?;
        let mixed = forge.seal(forged.digest, mixed, forged.proof.clone(), &to)?;
        let row = wire.put(&mixed.pouch).await?;
        wire.refused(&row, "signature-bad", &before).await?;
    }
    let foreign = forge.forge(&Party::serve_keys_of("xx")?, &wire.pair.mx.descriptor()?)?;
    let row = wire.put(&foreign.pouch).await?;
    wire.refused(&row, "signature-bad", &before).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_envelope_or_no_payload_is_refused_unread() -> Result<()> {
    let mut wire = Wire::new().await?;
    let before = wire.look().await?;
    let forge = good(&mut wire)?;
    let forged = wire.seal(&forge)?;
    let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    let to = wire.pair.mx.descriptor()?;
    for envelope in ["{}", "", "\u{0}", "null", deep.as_str()] {
        let bytes = envelope.as_bytes().to_vec();
        let bad = forge.seal(forged.digest, bytes, forged.proof.clone(), &to)?;
        let row = wire.put(&bad.pouch).await?;
        wire.refused(&row, "malformed", &before).await?;
    }
    for (member, value) in
        [("surprise", json!(1)), ("v", json!(2)), ("sequence", json!(null)), ("nonce", json!(""))]
    {
        let mut bad = good(&mut wire)?;
        bad.more.insert(member.to_owned(), value);
        let row = wire.send(&bad).await?;
        wire.refused(&row, "malformed", &before).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agreement_that_is_not_between_the_two_is_refused() -> Result<()> {
    let mut wire = Wire::new().await?;
    let before = wire.look().await?;
    let mut version = good(&mut wire)?;
    version.agreement.version = 9;
    let row = wire.send(&version).await?;
    wire.refused(&row, "agreement-unknown", &before).await?;
    let mut text = good(&mut wire)?;
    text.agreement.digest = Digest::of(b"another text");
    let row = wire.send(&text).await?;
    wire.refused(&row, "agreement-digest", &before).await
}

#[tokio::test(flavor = "multi_thread")]
async fn third_party_an_agreement_with_somebody_else_opens_nothing() -> Result<()> {
    let mut wire = Wire::new().await?;
    let other = Party::new("xx", &wire.pair.clock, false).await?;
    wire.pair.mx.confirm(&other).await?;
    let before = wire.look().await?;
    // `xx` cites the agreement between the two, in a channel of its own
    let mut forge = good(&mut wire)?;
    forge.from = other.node.root();
    let forged = forge.forge(&other.serve_keys()?, &wire.pair.mx.descriptor()?)?;
    let digest = wire.pair.mx.put(&forged.pouch, Some(other.node.root())).await?;
    wire.pair.mx.round().await?;
    let row = wire.row(digest).await?;
    wire.refused(&row, "agreement-unknown", &before).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_issued_in_the_future_waits_for_its_time() -> Result<()> {
    let mut wire = Wire::new().await?;
    let before = wire.look().await?;
    let mut forge = good(&mut wire)?;
    forge.issued_at = forge.issued_at.checked_add(SignedDuration::from_secs(301))?;
    let forged = wire.seal(&forge)?;
    let row = wire.put(&forged.pouch).await?;
    wire.refused(&row, "issued-in-future", &before).await?;
    wire.pair.clock.advance(SignedDuration::from_secs(1));
    let row = wire.put(&forged.pouch).await?;
    assert_eq!((row.state, row.code), (PouchState::Consumed, None));
    assert_eq!(wire.objects().await?, 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proof_of_something_else_is_no_proof() -> Result<()> {
    let mut wire = Wire::new().await?;
    let before = wire.look().await?;
    let forge = good(&mut wire)?;
    let forged = wire.seal(&forge)?;
    let keys = wire.pair.us.serve_keys()?;
    let mut later = forge.clone();
    later.sequence = 1;
    let other_keys = Party::serve_keys_of("xx")?;
    let text = String::from_utf8(forged.proof.clone())?;
    let signatures: Vec<&str> = text.lines().filter(|line| line.starts_with('\u{2014}')).collect();
    assert_eq!(signatures.len(), 2);
    let without = |line: &str| text.replace(&format!("{line}\n"), "").into_bytes();
    let proofs = [
        Vec::new(),
        b"c2sp.org/tlog-proof@v1\n".to_vec(),
        forge.proof(&keys, Digest::of(b"another statement"))?,
        later.proof(&keys, forged.digest)?,
        forge.proof(&other_keys, forged.digest)?,
        // one key of the log's two
        without(signatures[0]),
        without(signatures[1]),
    ];
    for proof in proofs {
        let to = wire.pair.mx.descriptor()?;
        let bad = forge.seal(forged.digest, forged.envelope.clone(), proof, &to)?;
        let row = wire.put(&bad.pouch).await?;
        wire.refused(&row, "record-proof", &before).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_pouch_and_one_for_another_key_are_refused() -> Result<()> {
    let mut wire = Wire::new().await?;
    let before = wire.look().await?;
    let forge = good(&mut wire)?;
    let pouch = wire.seal(&forge)?.pouch;
    for (bytes, code) in [
        (&pouch[..100], "truncated"),
        (&pouch[..pouch.len() / 2], "truncated"),
        (&pouch[..pouch.len() - 1], "truncated"),
        (b"age-encryption.org/v0\n".as_slice(), "cannot-open"),
        (b"".as_slice(), "truncated"),
    ] {
        let row = wire.put(bytes).await?;
        wire.refused(&row, code, &before).await?;
    }
    let elsewhere = forge.forge(&wire.pair.us.serve_keys()?, &wire.pair.us.descriptor()?)?;
    let row = wire.put(&elsewhere.pouch).await?;
    wire.refused(&row, "cannot-open", &before).await?;
    let row = wire.put(&pouch).await?;
    assert_eq!(row.state, PouchState::Consumed, "the whole pouch is taken");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pouch_whose_file_is_lost_is_refused_and_may_be_sent_again() -> Result<()> {
    let mut wire = Wire::new().await?;
    let before = wire.look().await?;
    let forge = good(&mut wire)?;
    let pouch = wire.seal(&forge)?.pouch;
    let digest = wire.pair.mx.put(&pouch, Some(wire.pair.us.node.root())).await?;
    wire.mx().spool().remove(&digest)?;
    wire.pair.mx.round().await?;
    let row = wire.row(digest).await?;
    wire.refused(&row, "cannot-open", &before).await?;
    assert_eq!(wire.put(&pouch).await?.state, PouchState::Consumed);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_that_breaks_the_rules_is_refused() -> Result<()> {
    let mut wire = Wire::new().await?;
    let before = wire.look().await?;
    let forge = good(&mut wire)?;
    let forged = wire.seal(&forge)?;
    let (statement, proof) = (forged.envelope.as_slice(), forged.proof.as_slice());
    for archive in [
        raw::archive(&[("../statement.dsse.json", statement, None)]),
        raw::archive(&[("/etc/passwd", statement, None)]),
        raw::archive(&[("record.tlog-proof", proof, None)]),
        raw::archive(&[("statement.dsse.json", statement, None), ("x", proof, None)]),
        raw::archive(&[("statement.dsse.json", statement, Some(1 << 19))]),
        Vec::new(),
    ] {
        let row = wire.put(&raw::seal(&archive, &wire.pair.mx.descriptor()?)?).await?;
        wire.refused(&row, "bad-archive", &before).await?;
    }
    let vast = raw::archive(&[("statement.dsse.json", statement, Some(8 << 30))]);
    let vast = vast.get(..1024).ok_or("short")?;
    let row = wire.put(&raw::seal(vast, &wire.pair.mx.descriptor()?)?).await?;
    wire.refused(&row, "too-large", &before).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pouch_over_the_limit_of_the_descriptor_is_refused() -> Result<()> {
    let clock = comity_testkit::TestClock::at("2026-03-01T10:00:00Z".parse()?);
    let us = Party::new("us", &clock, false).await?;
    let mx = Party::with("mx", &clock, |descriptor| descriptor.limits.pouch = 64 * 1024).await?;
    agree(&us, &mx, &AgreementText::default()).await?;
    let mut wire = Wire::over(comity_testkit::Pair { us, mx, clock }).await?;
    let before = wire.look().await?;
    let mut forge = wire.forge("release");
    forge.body = json!({ "filling": "a".repeat(100_000) });
    let row = wire.send(&forge).await?;
    wire.refused(&row, "too-large", &before).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_party_that_speaks_no_common_version_of_the_protocol_is_not_taken_in() -> Result<()> {
    let clock = comity_testkit::TestClock::at("2026-03-01T10:00:00Z".parse()?);
    let us = Party::new("us", &clock, false).await?;
    let mx = Party::new("mx", &clock, false).await?;
    let envelope = mx.node.record().descriptor.as_bytes();
    let (partner, _) = partner::Partner::read(envelope, "descriptor")?;
    let mut later = partner.descriptor;
    later.protocol = comity_model::descriptor::ProtocolRange { min: 2, max: 3 };
    let signed = comity_pouch::descriptor::sign(&later, &mx.root_key)?.to_json();
    let refused = partner::import_party(&us.node, &signed, "descriptor", None, "an analyst").await;
    assert_eq!(refused.err().map(|error| error.code()), Some("protocol-version"));
    assert!(us.node.store().parties().await?.is_empty());
    Ok(())
}
