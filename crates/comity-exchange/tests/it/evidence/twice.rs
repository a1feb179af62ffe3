//! Files about two things that a party signed of which only one can be.

use comity_exchange::evidence::equivocation::{Collision, Equivocation, check};
use comity_exchange::evidence::gather::{Seen, collisions, equivocation};
use comity_exchange::evidence::{Field, Signed};
use std::collections::BTreeMap;

use comity_exchange::ports::PouchState;
use comity_log::checkpoint::Checkpoint;
use comity_log::cosign::NoteSigner;
use comity_log::note::SignedNote;
use comity_log::proof::TlogProof;
use comity_log::{Frontier, Hash, inclusion_proof, statement_leaf};
use comity_model::Digest;
use comity_model::descriptor::KeyUse;
use comity_pouch::Envelope;
use comity_testkit::{Forged, OldKeys, Result, indicator};
use jiff::SignedDuration;

use super::own;
use crate::support::Wire;

/// A partner that said two things at one place, both of which came here; the pouch of the second is kept.
pub(crate) async fn twice() -> Result<(Wire, Forged, Forged)> {
    let mut wire = Wire::new().await?;
    let draft = wire.draft(&[indicator(1)])?;
    let one = wire.release(&draft, 1)?;
    let one_forged = wire.seal(&one)?;
    wire.send(&one).await?;
    let mut other = wire.release(&wire.draft(&[indicator(2)])?, 1)?;
    other.sequence = 0;
    other.before.clear();
    let other = wire.seal(&other)?;
    wire.put(&other.pouch).await?;
    Ok((wire, one_forged, other))
}

#[tokio::test(flavor = "multi_thread")]
async fn two_statements_for_one_place_convict_who_signed_them() -> Result<()> {
    let (wire, _, other) = twice().await?;
    let seen = collisions(wire.mx()).await?;
    let names: Vec<_> = seen.iter().map(|it| (it.name.clone(), it.seen)).collect();
    assert_eq!(names, [(other.pouch_digest.to_string(), Seen::Statements)]);
    let file = equivocation(wire.mx(), &names[0].0, "an analyst").await?;
    let us = wire.pair.us.node.root();
    let conviction = check(&file, &[us])?;
    assert!(conviction.party.pinned);
    assert_eq!(conviction.party.root, us);
    assert_eq!(conviction.channel, wire.channel().origin());
    let Collision::Statements { sequence, digests, .. } = conviction.collision else {
        return Err("not about statements".into());
    };
    assert_eq!(sequence, Some(0));
    assert!(digests.contains(&other.digest));
    assert_ne!(digests[0], digests[1]);
    let wrong = check(&file, &[wire.mx().root()]).err().ok_or("another root will do")?;
    assert_eq!(wrong.code, "root-not-pinned");
    for at in 0..file.len() {
        let mut other = file.clone();
        other[at] ^= 1 << (at % 8);
        assert!(check(&other, &[us]).is_err(), "byte {at}");
    }
    let none = equivocation(wire.mx(), "sha256:0", "an analyst").await;
    assert_eq!(none.err().ok_or("it was written")?.code(), "not-found");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_convicted_by_what_he_may_say_or_did_not_sign() -> Result<()> {
    let (mut wire, one, other) = twice().await?;
    let signed = |envelope: &[u8]| -> Result<Signed> {
        Ok(Signed::of(&Envelope::parse(envelope)?).ok_or("no text")?)
    };
    let us = signed(wire.pair.us.node.record().descriptor.as_bytes())?;
    let mx = signed(wire.mx().record().descriptor.as_bytes())?;
    let code = |descriptors: Vec<Signed>, one: &Signed, other: &Signed| -> Result<_> {
        let file = Equivocation::of_statements(descriptors, [one.clone(), other.clone()]);
        let flaw = check(&file.to_bytes(), &[]).err().ok_or("it convicts")?;
        Ok((flaw.field, flaw.code))
    };
    let (one, other) = (signed(&one.envelope)?, signed(&other.envelope)?);
    assert!(
        check(
            &Equivocation::of_statements(vec![us.clone()], [one.clone(), other.clone()]).to_bytes(),
            &[]
        )
        .is_ok()
    );
    assert_eq!(code(vec![us.clone()], &one, &one)?, (Field::Statements, "no-collision"));
    assert_eq!(code(vec![mx.clone()], &one, &other)?, (Field::Statements, "another-party"));
    assert_eq!(
        code(vec![us.clone(), mx], &one, &other)?,
        (Field::Descriptors, "descriptor-strange")
    );
    let mut forged = other;
    forged.payload = forged.payload.replacen("2026-03-01", "2026-03-02", 1);
    assert_eq!(code(vec![us.clone()], &one, &forged)?, (Field::Statements, "signature-bad"));

    let next = wire.release(&wire.draft(&[indicator(3)])?, 1)?;
    let next = signed(&wire.seal(&next)?.envelope)?;
    assert_eq!(code(vec![us], &one, &next)?, (Field::Statements, "no-collision"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn however_often_a_partner_changed_its_keys_what_it_signed_twice_convicts_it() -> Result<()> {
    let (mut wire, _, other) = twice().await?;
    let us = wire.pair.us.node.root();
    for _ in 0..17 {
        wire.pair.us.rotate(&[KeyUse::Link], OldKeys::Lost).await?;
        wire.pair.mx.confirm(&wire.pair.us).await?;
    }
    let file = equivocation(wire.mx(), &other.pouch_digest.to_string(), "an analyst").await?;
    assert_eq!(Equivocation::parse(&file)?.descriptors.len(), 1);
    assert!(!check(&file, &[us])?.is_revoked());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_convicted_by_a_key_that_was_revoked() -> Result<()> {
    let (mut wire, _, other) = twice().await?;
    let us = wire.pair.us.node.root();
    let roots = [note(&wire, 5, b"one")?, note(&wire, 5, b"other")?];
    let before = own(&wire.pair.us)?;
    for purpose in [KeyUse::Statement, KeyUse::Log] {
        wire.pair.us.rotate(&[purpose], OldKeys::Lost).await?;
        wire.pair.mx.confirm(&wire.pair.us).await?;
    }
    // the file has the descriptor that lists the key, and one that does not
    let file = equivocation(wire.mx(), &other.pouch_digest.to_string(), "an analyst").await?;
    let file = Equivocation::parse(&file)?;
    assert_eq!(file.descriptors.len(), 2);
    assert!(check(&file.to_bytes(), &[us])?.is_revoked());

    let with = |descriptors| Equivocation::of_checkpoints(descriptors, roots.clone()).to_bytes();
    assert!(!check(&with(vec![before.clone()]), &[us])?.is_revoked());
    assert!(check(&with(vec![before, own(&wire.pair.us)?]), &[us])?.is_revoked());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_signs_twice_with_a_key_whose_time_is_over_by_now_is_convicted() -> Result<()> {
    let (mut wire, one, other) = twice().await?;
    let us = wire.pair.us.node.root();
    let mut descriptors = vec![own(&wire.pair.us)?];
    // rotated; whatever changes later lists the old key no more, because it expired, though no other key is new
    let steps: [(i64, &[KeyUse]); 3] =
        [(0, &[KeyUse::Statement]), (40, &[]), (1, &[KeyUse::Statement])];
    for (days, uses) in steps {
        wire.pair.clock.advance(SignedDuration::from_hours(24 * days));
        wire.pair.us.rotate(uses, OldKeys::Overlap).await?;
        descriptors.push(own(&wire.pair.us)?);
    }
    let signed = |envelope: &[u8]| -> Result<Signed> {
        Ok(Signed::of(&Envelope::parse(envelope)?).ok_or("no text")?)
    };
    let two = [signed(&one.envelope)?, signed(&other.envelope)?];
    let file = Equivocation::of_statements(descriptors, two).to_bytes();
    assert!(!check(&file, &[us])?.is_revoked());
    Ok(())
}

/// A note of the partner's log with a root of its choice.
pub(crate) fn note(wire: &Wire, size: u64, root: &[u8]) -> Result<String> {
    signed_note(wire, size, *Digest::of(root).as_bytes())
}

fn signed_note(wire: &Wire, size: u64, root: Hash) -> Result<String> {
    let (keys, origin) = (wire.pair.us.serve_keys()?, wire.channel().origin());
    let checkpoint = Checkpoint::new(&origin, size, root)?;
    let lines = vec![
        NoteSigner::ed25519(&origin, keys.log.ed25519_seed())?.sign(&checkpoint, 1_772_366_400)?,
        NoteSigner::ml_dsa_44(&origin, keys.log.ml_dsa_44_seed())?
            .sign(&checkpoint, 1_772_366_400)?,
    ];
    Ok(SignedNote::new(checkpoint.to_string(), lines)?.to_string())
}

#[tokio::test(flavor = "multi_thread")]
async fn two_roots_for_one_size_convict_whose_log_it_is() -> Result<()> {
    let wire = Wire::new().await?;
    let us = Signed::of(&Envelope::parse(wire.pair.us.node.record().descriptor.as_bytes())?);
    let us = us.ok_or("no text")?;
    let file = |one: &str, other: &str| {
        Equivocation::of_checkpoints(vec![us.clone()], [one.to_owned(), other.to_owned()])
            .to_bytes()
    };
    let (one, other) = (note(&wire, 5, b"one")?, note(&wire, 5, b"other")?);
    let conviction = check(&file(&one, &other), &[wire.pair.us.node.root()])?;
    assert!(matches!(conviction.collision, Collision::Checkpoints { size: 5, .. }));
    let code = |one: &str, other: &str| check(&file(one, other), &[]).map_err(|it| it.code);
    assert_eq!(code(&one, &one).err(), Some("no-collision"));
    assert_eq!(code(&one, &note(&wire, 6, b"other")?).err(), Some("no-collision"));
    let half: String = other.lines().take(5).flat_map(|line| [line, "\n"]).collect();
    assert_eq!(code(&one, &half).err(), Some("note-signature-invalid"));
    assert!(code(&one, &other.replacen('5', "4", 1)).is_err());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_denied_another_root_for_a_size_that_was_seen_is_kept_as_evidence() -> Result<()> {
    let mut wire = Wire::new().await?;
    let first = wire.release(&wire.draft(&[indicator(1)])?, 1)?;
    let first_forged = wire.seal(&first)?;
    wire.before.push(first_forged.digest);
    let second = wire.release(&wire.draft(&[indicator(2)])?, 1)?;
    let honest = wire.seal(&second)?;
    // the first comes with a checkpoint over both
    let whole = proof(&wire, 0, &[first_forged.digest, honest.digest])?;
    let to = wire.pair.mx.descriptor()?;
    let pouch = first.seal(first_forged.digest, first_forged.envelope, whole, &to)?.pouch;
    assert_eq!(wire.put(&pouch).await?.state, PouchState::Consumed);
    // the second under another tree of that size, in which the first is not
    let (before, strange) = (wire.look().await?, Digest::of(b"what somebody else was shown"));
    let forked = proof(&wire, 1, &[strange, honest.digest])?;
    let forked = second.seal(honest.digest, honest.envelope.clone(), forked, &to)?;
    let row = wire.put(&forked.pouch).await?;
    wire.refused(&row, "record-proof", &before).await?;

    let seen = collisions(wire.mx()).await?;
    let [one] = seen.as_slice() else { return Err(format!("{seen:?}").into()) };
    assert_eq!((one.name.as_str(), one.seen), (wire.channel().origin().as_str(), Seen::Roots));
    let file = equivocation(wire.mx(), &one.name, "an analyst").await?;
    let conviction = check(&file, &[wire.pair.us.node.root()])?;
    assert!(matches!(conviction.collision, Collision::Checkpoints { size: 2, .. }));
    // what is honest goes on
    assert_eq!(wire.put(&honest.pouch).await?.state, PouchState::Consumed);
    Ok(())
}

/// The proof of a leaf in a log of these statements, which the partner signs.
pub(crate) fn proof(wire: &Wire, index: u64, statements: &[Digest]) -> Result<Vec<u8>> {
    let (mut nodes, mut frontier) = (BTreeMap::new(), Frontier::new());
    for digest in statements {
        frontier.append(statement_leaf(digest.as_bytes()), |level, index, hash| {
            nodes.insert((level, index), hash);
        })?;
    }
    let note = SignedNote::parse(signed_note(wire, frontier.size(), frontier.root())?.as_bytes())?;
    let hashes = inclusion_proof(index, frontier.size(), &nodes)?;
    Ok(TlogProof::new(index, hashes, note)?.to_string().into_bytes())
}
